//! Losses of predicted classes as one operation: of logits without their log-softmax ever being written. Their derivatives are
//! operations here, too.

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
            Loss::Classes(_) => inputs[0],
            Loss::ClassesGradient(_) => inputs[1],
        };
        let shape = match self {
            Loss::Classes(Classes { reduction: Reduction::None, .. }) => inputs[1].shape().clone(),
            Loss::Classes(_) => Dims::scalar(),
            Loss::ClassesGradient(_) => x.shape().clone(),
        };
        debug_assert!(x.dtype().is_floating_point() && x.dtype() != DType::Bool);
        Ok(Plan::new(shape, x.dtype()))
    }
}
