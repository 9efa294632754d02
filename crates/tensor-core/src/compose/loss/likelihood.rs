//! Losses that are negative logarithms of probabilities: of truth values, counts, normal variables, and of one distribution
//! under another.

use super::{Reduction, binary};
use crate::op::loss::Answer;
use crate::twins::twins;
use crate::{Tensor, bail};

/// The arguments of `binary_cross_entropy_with_logits` that have defaults.
#[derive(Clone, Copy, Debug, Default)]
pub struct BceWithLogits<'a> {
    /// A factor for each element's loss.
    pub weight: Option<&'a Tensor>,
    /// What becomes of the losses.
    pub reduction: Reduction,
    /// A factor for positive targets.
    pub pos_weight: Option<&'a Tensor>,
}

twins! {
    /// −(t ln x + (1 − t) ln(1 − x)) for probabilities x and targets t from 0 to 1; the logarithms are at least −100.
    ///
    /// # Errors
    /// If the shapes or dtypes differ, a probability is outside of 0 … 1, or the weight requires a gradient.
    pub fn binary_cross_entropy | try_binary_cross_entropy(self, target: &Tensor, weight: Option<&Tensor>, reduction: Reduction) -> Tensor {
        if self.shape() != target.shape() {
            bail!(
                Shape,
                "Using a target size (torch.Size({:?})) that is different to the input size (torch.Size({:?})) is deprecated. Please \
                 ensure they have the same size.",
                target.shape(),
                self.shape()
            );
        }
        if self.dtype() != target.dtype() {
            bail!(DType, "Found dtype {} but expected {}", target.dtype().type_name(), self.dtype().type_name());
        }
        let x = self.detach();
        if !x.try_ge(0.0)?.try_bitwise_and(&x.try_le(1.0)?)?.try_all()?.try_item::<bool>()? {
            bail!(Value, "all elements of input should be between 0 and 1");
        }
        binary::loss(self, target, Answer::Probability, weight, None, reduction)
    }

    /// [`binary_cross_entropy`](Tensor::binary_cross_entropy) of the logistic function of each element, without loss of digits.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::BceWithLogits};
    /// let x = Tensor::from_vec(vec![0.0f64], [1], ops_cpu::cpu());
    /// let loss = x.binary_cross_entropy_with_logits(&x, BceWithLogits::default());
    /// assert!((loss.item::<f64>() - 2f64.ln()).abs() < 1e-12);
    /// ```
    ///
    /// # Errors
    /// If the shapes differ or a weight requires a gradient.
    pub fn binary_cross_entropy_with_logits | try_binary_cross_entropy_with_logits(self, target: &Tensor, options: BceWithLogits<'_>) -> Tensor {
        if self.shape() != target.shape() {
            let (target, own) = (target.shape(), self.shape());
            bail!(Shape, "Target size (torch.Size({target:?})) must be the same as input size (torch.Size({own:?}))");
        }
        let BceWithLogits { weight, reduction, pos_weight } = options;
        binary::loss(self, target, Answer::Logit, weight, pos_weight, reduction)
    }

    /// t (ln t − x): what it costs to take the distribution with logarithms x (this tensor) for the target's (Kullback and
    /// Leibler 1951). With `log_target` the target holds logarithms, too. [`Reduction::BatchMean`] is the divergence as defined.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn kl_div | try_kl_div(self, target: &Tensor, reduction: Reduction, log_target: bool) -> Tensor {
        let losses = match log_target {
            true => target.try_exp()?.try_mul(&target.try_sub(self)?)?,
            false => target.try_xlogy(target)?.try_sub(&target.try_mul(self)?)?,
        };
        match reduction {
            Reduction::BatchMean if self.ndim() != 0 => losses.try_sum()?.try_div(self.shape()[0]),
            Reduction::BatchMean => losses.try_sum(),
            Reduction::None | Reduction::Mean | Reduction::Sum => reduction.of(losses),
        }
    }

    /// eˣ − t x for counts t with the logarithms x of their means; with `log_input` false x are the means, and the loss is
    /// x − t ln(x + eps). `full` adds Stirling's approximation of ln t! where t > 1. PyTorch's defaults are true, false, 1e-8.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn poisson_nll_loss | try_poisson_nll_loss(self, target: &Tensor, log_input: bool, full: bool, eps: f64, reduction: Reduction) -> Tensor {
        let mut losses = match log_input {
            true => self.try_exp()?.try_sub(&target.try_mul(self)?)?,
            false => self.try_sub(&target.try_mul(&self.try_add(eps)?.try_log()?)?)?,
        };
        if full {
            let log = target.try_log()?;
            let root = log.try_add(std::f64::consts::TAU.ln())?.try_mul(0.5)?;
            let stirling = target.try_mul(&log)?.try_sub(target)?.try_add(&root)?;
            losses = losses.try_add(&stirling.try_masked_fill(&target.try_le(1.0)?, 0.0)?)?;
        }
        reduction.of(losses)
    }

    /// (ln v + (x − t)² / v) / 2 for normal variables of mean x and variance v, which counts as at least `eps` (without that
    /// its gradient knew). `full` adds ln(2π) / 2. PyTorch's defaults are false and 1e-6.
    ///
    /// # Errors
    /// If the variance is negative somewhere, or neither of the input's shape nor of one without its last dimension.
    pub fn gaussian_nll_loss | try_gaussian_nll_loss(self, target: &Tensor, var: &Tensor, full: bool, eps: f64, reduction: Reduction) -> Tensor {
        let mut var = var.clone();
        if var.shape() != self.shape() {
            let (own, lead) = (self.shape(), self.ndim().saturating_sub(1));
            if own[..lead] == var.shape()[..] {
                var = var.try_unsqueeze(-1)?;
            } else if var.ndim() != self.ndim() || own[..lead] != var.shape()[..lead] || var.shape()[lead] != 1 {
                bail!(Shape, "var is of incorrect size");
            }
        }
        let plain = var.detach();
        if plain.try_lt(0.0)?.try_any()?.try_item::<bool>()? {
            bail!(Value, "var has negative entry/entries");
        }
        if plain.try_lt(eps)?.try_any()?.try_item::<bool>()? {
            var = var.try_add(&plain.try_clamp_min(eps)?.try_sub(&plain)?)?;
        }
        let square = self.try_sub(target)?.try_square()?;
        let losses = var.try_log()?.try_add(&square.try_div(&var)?)?.try_mul(0.5)?;
        let constant = if full { 0.5 * std::f64::consts::TAU.ln() } else { 0.0 };
        reduction.of(if full { losses.try_add(constant)? } else { losses })
    }
}
