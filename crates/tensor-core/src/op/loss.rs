//! Losses as one operation: of predicted classes, of logits without their log-softmax ever being written, and of differences. Their
//! derivatives are operations here, too.

use super::Plan;
use crate::compose::loss::Reduction;
use crate::{DType, Dims, Result, Tensor};

/// A loss, or its derivative. Classes stand in dimension 1 of x, or in dimension 0 of one sample; the target has one `int64` number
/// for each of the others' places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    /// Inputs (x, target[, weight of each class]): the negative of the target's log-probability.
    Classes(Classes),
    /// Inputs (g, x, target[, weight]), g the gradient of the result of `Classes`: the gradient of x.
    ClassesGradient(Classes),
    /// Inputs (x, target) of one shape: a function of their difference.
    Difference(Difference),
    /// Inputs (g, x, target), g the gradient of the result of `Difference`: the gradient of x, and the negative of the target's.
    DifferenceGradient(Difference),
}

/// Which loss of differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// What becomes of each difference.
    pub penalty: Penalty,
    /// What becomes of the losses.
    pub reduction: Reduction,
}

/// A function of a difference d, even and smooth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Penalty {
    /// d².
    Square,
    /// d² / 2β where |d| < β, else |d| − β / 2.
    SmoothL1(f64),
    /// d² / 2 where |d| ≤ δ, else δ (|d| − δ / 2) (Huber 1964).
    Huber(f64),
}

/// Which loss of classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classes {
    /// Whether x are logits, of which the log-softmax is taken; else it is log-probabilities.
    pub logits: bool,
    /// What becomes of the losses. Their mean is weighted.
    pub reduction: Reduction,
    /// The number in the target whose elements do not count.
    pub ignore_index: i64,
}

impl Loss {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let x = match self {
            Loss::Classes(_) | Loss::Difference(_) => inputs[0],
            Loss::ClassesGradient(_) | Loss::DifferenceGradient(_) => inputs[1],
        };
        let shape = match self {
            Loss::Classes(Classes { reduction: Reduction::None, .. }) => inputs[1].shape().clone(),
            Loss::Difference(Difference { reduction: Reduction::None, .. }) => x.shape().clone(),
            Loss::Classes(_) | Loss::Difference(_) => Dims::scalar(),
            Loss::ClassesGradient(_) | Loss::DifferenceGradient(_) => x.shape().clone(),
        };
        debug_assert!(x.dtype().is_floating_point() && x.dtype() != DType::Bool);
        Ok(Plan::new(shape, x.dtype()))
    }
}
