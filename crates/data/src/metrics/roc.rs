//! The area under the curve of true over false positives (AUROC): the chance that a positive scores above a negative.

use super::{check_counts, numbers};
use tensor::{DType, Place, Tensor};

/// The area for two classes: scores `[N]` of belonging to class 1, and classes 0 or 1.
///
/// ```
/// use data::metrics::roc_auc;
/// use tensor::tensor;
/// assert_eq!(roc_auc(&tensor![0.1, 0.4, 0.35, 0.8], &tensor![0, 0, 1, 1]), 0.75);
/// ```
///
/// # Panics
/// If only one class occurs, for which there is no such area, or scores and classes do not fit.
#[track_caller]
pub fn roc_auc(scores: &Tensor, targets: &Tensor) -> f64 {
    let scores = scores.to(DType::F64).to_vec::<f64>();
    let positive: Vec<bool> = numbers(targets).iter().map(|&class| class == 1).collect();
    area(&scores, &positive)
}

/// The mean area of each class against the rest: scores [N, C] and classes below C.
///
/// ```
/// use data::metrics::roc_auc_ovr;
/// use tensor::tensor;
/// let scores = tensor![[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7], [0.4, 0.3, 0.3]];
/// assert_eq!(roc_auc_ovr(&scores, &tensor![0, 1, 2, 1]), 1.0);
/// ```
///
/// # Panics
/// As [`roc_auc`], for any class.
#[track_caller]
pub fn roc_auc_ovr(scores: &Tensor, targets: &Tensor) -> f64 {
    assert!(scores.ndim() == 2, "scores should have shape [N, C], but have {:?}", &scores.shape()[..]);
    let (count, targets) = (scores.size(1), numbers(targets));
    let mut sum = 0.0;
    for class in 0..count {
        let positive: Vec<bool> = targets.iter().map(|&target| target == class as i64).collect();
        sum += area(&scores.select(1, class as i64).to(DType::F64).to_vec::<f64>(), &positive);
    }
    sum / count as f64
}

/// From the ranks of the positives, equal scores sharing theirs (Mann and Whitney, 1947).
#[track_caller]
fn area(scores: &[f64], positive: &[bool]) -> f64 {
    check_counts(scores.len(), positive.len());
    let positives = positive.iter().filter(|&&positive| positive).count();
    let negatives = positive.len() - positives;
    assert!(positives > 0 && negatives > 0, "Only one class is present. ROC AUC score is not defined in that case.");
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let (mut ranks, mut before) = (0.0, 0);
    for equal in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let rank = before as f64 + (equal.len() + 1) as f64 / 2.0;
        ranks += rank * equal.iter().filter(|&&at| positive[at]).count() as f64;
        before += equal.len();
    }
    let (p, n) = (positives as f64, negatives as f64);
    (ranks - p * (p + 1.0) / 2.0) / (p * n)
}
