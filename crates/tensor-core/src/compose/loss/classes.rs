//! Losses of predicted classes: the negative log-likelihood and the cross entropy, of class numbers and of probabilities.

use super::Reduction;
use crate::op::Loss;
use crate::op::loss::Classes;
use crate::twins::twins;
use crate::{DType, Op, Result, Tensor, bail};

/// The arguments of `nll_loss` that have defaults.
#[derive(Clone, Copy, Debug)]
pub struct NllLoss<'a> {
    /// A factor for each class.
    pub weight: Option<&'a Tensor>,
    /// The class number whose elements do not count.
    pub ignore_index: i64,
    /// What becomes of the losses.
    pub reduction: Reduction,
}

impl Default for NllLoss<'_> {
    fn default() -> Self {
        NllLoss { weight: None, ignore_index: -100, reduction: Reduction::Mean }
    }
}

/// The arguments of `cross_entropy` that have defaults.
#[derive(Clone, Copy, Debug)]
pub struct CrossEntropy<'a> {
    /// A factor for each class.
    pub weight: Option<&'a Tensor>,
    /// The class number whose elements do not count.
    pub ignore_index: i64,
    /// What becomes of the losses.
    pub reduction: Reduction,
    /// The part of each target that is spread over all classes.
    pub label_smoothing: f64,
}

impl Default for CrossEntropy<'_> {
    fn default() -> Self {
        let NllLoss { weight, ignore_index, reduction } = NllLoss::default();
        CrossEntropy { weight, ignore_index, reduction, label_smoothing: 0.0 }
    }
}

impl Tensor {
    /// The dimension of classes: the first of one sample, the second of several.
    fn class_dim(&self) -> Result<i64> {
        match self.ndim() {
            0 => bail!(Shape, "input tensor should be 1D or 2D"),
            1 => Ok(0),
            _ => Ok(1),
        }
    }

    /// The target as class numbers, one for each place, and the arguments checked.
    fn class_numbers(&self, target: &Tensor, weight: Option<&Tensor>) -> Result<Tensor> {
        let dim = self.class_dim()?;
        if self.ndim() > 1 && (target.ndim() == 0 || self.shape()[0] != target.shape()[0]) {
            bail!(
                Shape,
                "Expected input batch_size ({}) to match target batch_size ({}).",
                self.shape()[0],
                target.shape().first().unwrap_or(&0)
            );
        }
        // One sample may have its class with or without a dimension.
        let target = if self.ndim() > 1 { target.clone() } else { single(target)? };
        let expected: Vec<usize> = (0..self.ndim()).filter(|d| *d as i64 != dim).map(|d| self.shape()[d]).collect();
        if target.shape()[..] != expected[..] {
            bail!(Shape, "Expected target size {expected:?}, got {:?}", target.shape());
        }
        if !matches!(target.dtype(), DType::I64 | DType::U8) {
            bail!(DType, "expected target dtype to be Long or Byte, but got {}", target.dtype().type_name());
        }
        let count = self.shape()[dim as usize];
        if let Some(weight) = weight
            && (weight.ndim() != 1 || weight.numel() != count)
        {
            bail!(
                Shape,
                "weight tensor should be defined either for all {count} classes or no classes but got weight tensor of shape: {:?}",
                weight.shape()
            );
        }
        target.try_to_dtype(DType::I64)
    }

    /// The losses of class numbers, in one operation.
    fn loss_of_classes(&self, logits: bool, target: &Tensor, options: NllLoss<'_>) -> Result<Tensor> {
        let NllLoss { weight, ignore_index, reduction } = options;
        let numbers = self.class_numbers(target, weight)?;
        if reduction == Reduction::BatchMean {
            return reduction.of(self.clone());
        }
        let op = Op::Loss(Loss::Classes(Classes { logits, reduction, ignore_index }));
        match weight {
            Some(weight) => Tensor::apply(op, &[self, &numbers, &weight.detach()]),
            None => Tensor::apply(op, &[self, &numbers]),
        }
    }
}

/// The class of one sample, without dimensions.
fn single(target: &Tensor) -> Result<Tensor> {
    match target.ndim() {
        0 => Ok(target.clone()),
        1 if target.numel() == 1 => target.try_reshape(()),
        1 => bail!(Shape, "For 1D input, 1D target must have size 1, but got target size: {}", target.numel()),
        _ => bail!(Shape, "0D or 1D target tensor expected, multi-target not supported"),
    }
}

twins! {
    /// The negative of the log-probability (this tensor, with classes in dimension 1, or 0 of one sample) of the target's class.
    /// The mean is weighted by the classes' weights.
    ///
    /// # Errors
    /// If the shapes do not fit or a class does not exist.
    pub fn nll_loss | try_nll_loss(self, target: &Tensor, options: NllLoss<'_>) -> Tensor {
        self.loss_of_classes(false, target, options)
    }

    /// The cross entropy between the softmax of this tensor over the classes (dimension 1, or 0 of one sample) and the target:
    /// class numbers, or probabilities in this tensor's shape.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::CrossEntropy};
    /// let logits = Tensor::from_vec(vec![0.0f64, 0.0, 0.0, 0.0], [2, 2], ops_cpu::cpu());
    /// let target = Tensor::from_vec(vec![0i64, 1], [2], ops_cpu::cpu());
    /// let loss = logits.cross_entropy(&target, CrossEntropy::default());
    /// assert!((loss.item::<f64>() - 2f64.ln()).abs() < 1e-12);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not fit or a class does not exist.
    pub fn cross_entropy | try_cross_entropy(self, target: &Tensor, options: CrossEntropy<'_>) -> Tensor {
        let CrossEntropy { weight, ignore_index, reduction, label_smoothing } = options;
        if !(0.0..=1.0).contains(&label_smoothing) {
            bail!(Value, "label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}");
        }
        let dim = self.class_dim()?;
        let count = self.shape()[dim as usize];
        let per_class = |weight: &Tensor| {
            let mut sizes = vec![1; self.ndim()];
            sizes[dim as usize] = count;
            weight.try_reshape(sizes)
        };
        if target.dtype().is_floating_point() && target.shape() == self.shape() {
            let target = match label_smoothing {
                0.0 => target.clone(),
                part => target.try_mul(1.0 - part)?.try_add(part / count as f64)?,
            };
            let mut terms = self.try_log_softmax(dim)?.try_mul(&target)?;
            if let Some(weight) = weight {
                terms = terms.try_mul(&per_class(weight)?)?;
            }
            let losses = terms.try_sum_dim(dim, false)?.try_neg()?;
            return match reduction {
                Reduction::Mean => losses.try_sum()?.try_div(self.numel() as f64 / count as f64),
                Reduction::None | Reduction::Sum | Reduction::BatchMean => reduction.of(losses),
            };
        }
        let options = NllLoss { weight, ignore_index, reduction };
        if label_smoothing == 0.0 {
            return self.loss_of_classes(true, target, options);
        }
        let log = self.try_log_softmax(dim)?;
        let losses = log.loss_of_classes(false, target, options)?;
        let all = match weight {
            Some(weight) => log.try_mul(&per_class(weight)?)?,
            None => log,
        };
        let numbers = self.class_numbers(target, weight)?;
        let ignored = numbers.try_eq(ignore_index)?;
        let smooth = all.try_sum_dim(dim, false)?.try_neg()?.try_masked_fill(&ignored, 0.0)?;
        let smooth = match reduction {
            Reduction::Mean => {
                let weights = match weight {
                    Some(weight) => {
                        let numbers = numbers.try_masked_fill(&ignored, 0)?;
                        weight.try_index_select(0, &numbers.try_reshape([-1])?)?.try_reshape(numbers.shape())?
                    }
                    None => Tensor::try_full_on(numbers.shape(), 1, self.dtype(), self.device())?,
                };
                smooth.try_sum()?.try_div(&weights.try_masked_fill(&ignored, 0.0)?.try_sum()?)?
            }
            Reduction::None | Reduction::Sum | Reduction::BatchMean => reduction.of(smooth)?,
        };
        losses.try_mul(1.0 - label_smoothing)?.try_add(&smooth.try_mul(label_smoothing / count as f64)?)
    }
}
