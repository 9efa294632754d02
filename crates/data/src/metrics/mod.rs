//! Measures of how good predictions are. Predictions and targets are tensors; nothing here knows what made them.
//!
//! Predictions are classes `int64` `[N]`, or scores [N, C], of which the largest counts. Definitions and names are scikit-learn's.

mod accuracy;
mod confusion;
mod mean;
mod roc;

pub use accuracy::{accuracy, top_k_accuracy};
pub use confusion::{Average, ConfusionMatrix};
pub use mean::{Mean, RunningMean};
pub use roc::{roc_auc, roc_auc_ovr};

use tensor::{DType, Place, Tensor};

/// The predicted class of each row.
#[track_caller]
fn classes(predictions: &Tensor) -> Vec<i64> {
    let predictions = if predictions.ndim() == 2 { predictions.argmax_dim(1, false) } else { predictions.clone() };
    numbers(&predictions)
}

/// The classes in a vector of whole numbers.
#[track_caller]
fn numbers(classes: &Tensor) -> Vec<i64> {
    assert!(!classes.dtype().is_floating_point(), "classes should be whole numbers, but are {}", classes.dtype());
    assert!(classes.ndim() == 1, "classes should be a vector, but have shape {:?}", &classes.shape()[..]);
    classes.to(DType::I64).to_vec()
}

/// That there is a prediction for each target.
#[track_caller]
fn check_counts(predictions: usize, targets: usize) {
    assert!(predictions == targets, "there are {predictions} predictions, but {targets} targets");
}

/// `part` of `whole`, or 0 of nothing, as scikit-learn has it.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}
