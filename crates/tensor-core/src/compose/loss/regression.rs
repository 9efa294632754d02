//! Losses of predicted numbers: squares and absolute values of differences, and what lies between.

use super::Reduction;
use crate::twins::twins;
use crate::{Tensor, bail};

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
        reduction.of(self.try_sub(target)?.try_square()?)
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
        let d = self.try_sub(target)?.try_abs()?;
        let square = d.try_square()?.try_mul(0.5 / beta)?;
        reduction.of(d.try_lt(beta)?.try_where(&square, &d.try_sub(0.5 * beta)?)?)
    }

    /// Half the squared difference, and a line where the difference is above δ (Huber 1964). PyTorch's default of δ is 1.
    ///
    /// # Errors
    /// If the shapes do not broadcast or δ is not positive.
    pub fn huber_loss | try_huber_loss(self, target: &Tensor, reduction: Reduction, delta: f64) -> Tensor {
        if delta <= 0.0 {
            bail!(Value, "huber_loss does not support non-positive values for delta.");
        }
        let d = self.try_sub(target)?.try_abs()?;
        let square = d.try_square()?.try_mul(0.5)?;
        let line = d.try_sub(0.5 * delta)?.try_mul(delta)?;
        reduction.of(d.try_le(delta)?.try_where(&square, &line)?)
    }
}
