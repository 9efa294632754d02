//! How often a prediction is right.

use super::{check_counts, classes, numbers, ratio};
use tensor::Tensor;

/// The share of predictions, classes `[N]` or scores [N, C], that are the target.
///
/// ```
/// use data::metrics::accuracy;
/// use tensor::tensor;
/// let scores = tensor![[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]];
/// assert_eq!(accuracy(&scores, &tensor![1, 0, 0]), 2.0 / 3.0);
/// ```
///
/// # Panics
/// If there are not as many predictions as targets, or targets are no whole numbers.
#[track_caller]
pub fn accuracy(predictions: &Tensor, targets: &Tensor) -> f64 {
    let (predictions, targets) = (classes(predictions), numbers(targets));
    check_counts(predictions.len(), targets.len());
    let right = predictions.iter().zip(&targets).filter(|(prediction, target)| prediction == target).count();
    ratio(right as f64, targets.len() as f64)
}

/// The share of targets among the `k` classes with the largest scores [N, C].
///
/// ```
/// use data::metrics::top_k_accuracy;
/// use tensor::tensor;
/// let scores = tensor![[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]];
/// assert_eq!(top_k_accuracy(&scores, &tensor![1, 0], 2), 0.5);
/// ```
///
/// # Panics
/// As [`accuracy`], or if there are fewer than `k` classes.
#[track_caller]
pub fn top_k_accuracy(scores: &Tensor, targets: &Tensor, k: usize) -> f64 {
    let (best, targets) = (scores.topk(k, 1, true).indices.to_vec::<i64>(), numbers(targets));
    check_counts(scores.size(0), targets.len());
    let right = best.chunks_exact(k.max(1)).zip(&targets).filter(|(best, target)| best.contains(target)).count();
    ratio(right as f64, targets.len() as f64)
}
