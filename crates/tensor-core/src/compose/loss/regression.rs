//! Losses of predicted numbers: squares and absolute values of differences, and what lies between.

use super::Reduction;
use crate::op::Loss;
use crate::op::loss::{Difference, Penalty};
use crate::twins::twins;
use crate::{Op, Result, Tensor, bail, shape};

/// The losses in one operation, or step by step where that has nothing to offer: whole numbers, no elements.
fn of_difference(x: &Tensor, target: &Tensor, penalty: Penalty, reduction: Reduction) -> Result<Tensor> {
    let sizes = shape::broadcast(x.shape(), target.shape())?;
    let dtype = x.dtype().promote_ranked(x.ndim(), target.dtype(), target.ndim());
    if !dtype.is_floating_point() || sizes.iter().product::<usize>() == 0 || reduction == Reduction::BatchMean {
        return composed(x, target, penalty, reduction);
    }
    let fitting = |x: &Tensor| {
        let x = x.try_to_dtype(dtype)?;
        if x.shape()[..] == sizes[..] { Ok(x) } else { x.try_expand(sizes.clone()) }
    };
    Tensor::apply(Op::Loss(Loss::Difference(Difference { penalty, reduction })), &[&fitting(x)?, &fitting(target)?])
}

/// What the operation computes, in operations that have all derivatives.
pub fn composed(x: &Tensor, target: &Tensor, penalty: Penalty, reduction: Reduction) -> Result<Tensor> {
    let d = x.try_sub(target)?;
    let losses = match penalty {
        Penalty::Square => d.try_square()?,
        Penalty::SmoothL1(beta) => {
            let d = d.try_abs()?;
            let square = d.try_square()?.try_mul(0.5 / beta)?;
            d.try_lt(beta)?.try_where(&square, &d.try_sub(0.5 * beta)?)?
        }
        Penalty::Huber(delta) => {
            let d = d.try_abs()?;
            let line = d.try_sub(0.5 * delta)?.try_mul(delta)?;
            d.try_le(delta)?.try_where(&d.try_square()?.try_mul(0.5)?, &line)?
        }
    };
    reduction.of(losses)
}

twins! {
    /// The squared difference from the target.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::Reduction};
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0], [2], ops_cpu::cpu());
    /// let target = Tensor::from_vec(vec![0.0f32, 4.0], [2], ops_cpu::cpu());
    /// assert_eq!(x.mse_loss(&target, Reduction::Mean).item::<f32>(), 2.5);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn mse_loss | try_mse_loss(self, target: &Tensor, reduction: Reduction) -> Tensor {
        of_difference(self, target, Penalty::Square, reduction)
    }

    /// The absolute difference from the target.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn l1_loss | try_l1_loss(self, target: &Tensor, reduction: Reduction) -> Tensor {
        reduction.of(self.try_sub(target)?.try_abs()?)
    }

    /// The absolute difference less β / 2, and its square over 2β where it is below β. PyTorch's default of β is 1.
    ///
    /// # Errors
    /// If the shapes do not broadcast or β is negative.
    pub fn smooth_l1_loss | try_smooth_l1_loss(self, target: &Tensor, reduction: Reduction, beta: f64) -> Tensor {
        if beta < 0.0 {
            bail!(Value, "smooth_l1_loss does not support negative values for beta.");
        }
        if beta == 0.0 {
            return self.try_l1_loss(target, reduction);
        }
        of_difference(self, target, Penalty::SmoothL1(beta), reduction)
    }

    /// Half the squared difference, and a line where the difference is above δ (Huber 1964). PyTorch's default of δ is 1.
    ///
    /// # Errors
    /// If the shapes do not broadcast or δ is not positive.
    pub fn huber_loss | try_huber_loss(self, target: &Tensor, reduction: Reduction, delta: f64) -> Tensor {
        if delta <= 0.0 {
            bail!(Value, "huber_loss does not support non-positive values for delta.");
        }
        of_difference(self, target, Penalty::Huber(delta), reduction)
    }
}
