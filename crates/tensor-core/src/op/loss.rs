//! Losses as one operation: of predicted classes, of logits without their log-softmax ever being written, of differences, and of
//! answers to questions of yes or no. Their derivatives are operations here, too.

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
    /// Inputs (x, target[, weight][, weight of yes]) of one shape: what an answer costs.
    Binary(Binary),
    /// Inputs (g, x, target[, weight][, weight of yes]), g the gradient of the result of `Binary`: the gradient of x.
    BinaryGradient(Binary),
}

/// Which loss of answers to questions of yes or no.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binary {
    /// What x is.
    pub answer: Answer,
    /// Whether each element has a weight.
    pub weight: bool,
    /// Whether targets of yes have a weight; only logits have it.
    pub pos_weight: bool,
    /// What becomes of the losses.
    pub reduction: Reduction,
}

/// What an answer to a question of yes or no is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The probability of yes; the target's is t. The loss is −(t ln x + (1 − t) ln(1 − x)), its logarithms are at least −100.
    Probability,
    /// That probability's logit, with the same loss.
    Logit,
    /// A number above 0 for yes and below 0 for no, for targets of 1 and −1. The loss is ln(1 + exp(−t x)).
    Score,
}

impl Binary {
    /// The weights among the inputs that follow x and the target: of elements, and of targets of yes.
    pub fn weights<'a, T>(&self, others: &'a [T]) -> (Option<&'a T>, Option<&'a T>) {
        let (weight, rest) = if self.weight { (others.first(), &others[1..]) } else { (None, others) };
        (weight, rest.first().filter(|_| self.pos_weight))
    }
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
        let (x, reduction) = match self {
            Loss::Classes(Classes { reduction, .. })
            | Loss::Difference(Difference { reduction, .. })
            | Loss::Binary(Binary { reduction, .. }) => (inputs[0], Some(reduction)),
            Loss::ClassesGradient(_) | Loss::DifferenceGradient(_) | Loss::BinaryGradient(_) => (inputs[1], None),
        };
        let shape = match reduction {
            None => x.shape().clone(),
            // Each sample has one loss, and as many targets.
            Some(Reduction::None) => inputs[1].shape().clone(),
            Some(_) => Dims::scalar(),
        };
        debug_assert!(x.dtype().is_floating_point() && x.dtype() != DType::Bool);
        Ok(Plan::new(shape, x.dtype()))
    }
}
