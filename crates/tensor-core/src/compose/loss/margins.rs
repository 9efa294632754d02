//! Losses that ask for a margin: between classes, between distances, and on the right side of zero.

use super::{Reduction, binary};
use crate::op::loss::Answer;
use crate::twins::twins;
use crate::{DType, Result, Tensor, bail};

/// The arguments of `multi_margin_loss` that have defaults.
#[derive(Clone, Copy, Debug)]
pub struct MultiMargin<'a> {
    /// The power of each violation, 1 or 2.
    pub p: i64,
    /// The margin.
    pub margin: f64,
    /// A factor for each class.
    pub weight: Option<&'a Tensor>,
    /// What becomes of the losses.
    pub reduction: Reduction,
}

impl Default for MultiMargin<'_> {
    fn default() -> Self {
        MultiMargin { p: 1, margin: 1.0, weight: None, reduction: Reduction::Mean }
    }
}

/// The arguments of `triplet_margin_loss` that have defaults.
#[derive(Clone, Copy, Debug)]
pub struct TripletMargin {
    /// The margin.
    pub margin: f64,
    /// The power of the distance.
    pub p: f64,
    /// Added to each difference.
    pub eps: f64,
    /// Whether the negative may also be compared with the positive.
    pub swap: bool,
    /// What becomes of the losses.
    pub reduction: Reduction,
}

impl Default for TripletMargin {
    fn default() -> Self {
        TripletMargin { margin: 1.0, p: 2.0, eps: 1e-6, swap: false, reduction: Reduction::Mean }
    }
}

/// The arguments of `triplet_margin_with_distance_loss` that have defaults.
#[derive(Clone, Copy, Debug)]
pub struct TripletMarginWithDistance {
    /// The margin.
    pub margin: f64,
    /// Whether the negative may also be compared with the positive.
    pub swap: bool,
    /// What becomes of the losses.
    pub reduction: Reduction,
}

impl Default for TripletMarginWithDistance {
    fn default() -> Self {
        TripletMarginWithDistance { margin: 1.0, swap: false, reduction: Reduction::Mean }
    }
}

/// One sample as a batch of one.
fn batched(x: &Tensor) -> Result<Tensor> {
    match x.ndim() {
        0 => x.try_reshape([1, 1]),
        1 => x.try_unsqueeze(0),
        _ => Ok(x.clone()),
    }
}

/// The losses of a batch, or of the one sample that it was made of.
fn unbatched(losses: Tensor, single: bool, reduction: Reduction) -> Result<Tensor> {
    reduction.of(if single { losses.try_squeeze_dim(0)? } else { losses })
}

twins! {
    /// x where the target is 1, and what it lacks to the margin where the target is −1. PyTorch's default margin is 1.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn hinge_embedding_loss | try_hinge_embedding_loss(self, target: &Tensor, margin: f64, reduction: Reduction) -> Tensor {
        let lacking = self.try_rsub(margin, 1)?.try_clamp_min(0)?;
        let below = target.try_ne(1)?.try_where(&lacking, 0.0)?;
        let above = target.try_ne(-1)?.try_where(self, 0.0)?;
        reduction.of(below.try_add(&above)?)
    }

    /// What this tensor lacks to be above `other` by the margin where the target is 1, below where it is −1. PyTorch's default
    /// margin is 0.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn margin_ranking_loss | try_margin_ranking_loss(self, other: &Tensor, target: &Tensor, margin: f64, reduction: Reduction) -> Tensor {
        reduction.of(target.try_neg()?.try_mul(&self.try_sub(other)?)?.try_add(margin)?.try_clamp_min(0)?)
    }

    /// What the distance to the negative lacks to be above that to the positive by the margin, for this tensor as the anchor.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn triplet_margin_loss | try_triplet_margin_loss(self, positive: &Tensor, negative: &Tensor, options: TripletMargin) -> Tensor {
        let TripletMargin { margin, p, eps, swap, reduction } = options;
        if margin <= 0.0 {
            bail!(Value, "margin must be greater than 0, got {margin}");
        }
        let near = self.try_pairwise_distance(positive, p, eps, false)?;
        let mut far = self.try_pairwise_distance(negative, p, eps, false)?;
        if swap {
            far = far.try_minimum(&positive.try_pairwise_distance(negative, p, eps, false)?)?;
        }
        reduction.of(near.try_sub(&far)?.try_add(margin)?.try_clamp_min(0)?)
    }

    /// One minus the cosine of two vectors where the target is 1; what the cosine is above the margin where it is −1. PyTorch's
    /// default margin is 0.
    ///
    /// # Errors
    /// If the shapes do not fit.
    pub fn cosine_embedding_loss | try_cosine_embedding_loss(self, other: &Tensor, target: &Tensor, margin: f64, reduction: Reduction) -> Tensor {
        if target.ndim() + 1 != self.ndim() || target.ndim() + 1 != other.ndim() {
            bail!(
                Shape,
                "{}D target tensor expects {}D input tensors, but found inputs with sizes {:?} and {:?}.",
                target.ndim(),
                target.ndim() + 1,
                self.shape(),
                other.shape()
            );
        }
        let last = |x: Tensor| x.try_sum_dim(-1, false);
        let product = last(self.try_mul(other)?)?;
        let sizes = last(self.try_square()?)?.try_add(1e-12)?.try_mul(&last(other.try_square()?)?.try_add(1e-12)?)?;
        let cosine = product.try_div(&sizes.try_sqrt()?)?;
        let alike = target.try_eq(1)?.try_where(&cosine.try_rsub(1.0, 1)?, 0.0)?;
        let apart = target.try_eq(-1)?.try_where(&cosine.try_sub(margin)?.try_clamp_min(0)?, 0.0)?;
        reduction.of(alike.try_add(&apart)?)
    }

    /// max(0, margin + d(x, positive) − d(x, negative)), with any distance d between tensors.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::TripletMarginWithDistance};
    /// let x = |value: f32| Tensor::from_vec(vec![value], [1], ops_cpu::cpu());
    /// let distance = |a: &Tensor, b: &Tensor| (a - b).abs();
    /// let options = TripletMarginWithDistance::default();
    /// assert_eq!(x(0.0).triplet_margin_with_distance_loss(&x(1.0), &x(1.5), distance, options).item::<f32>(), 0.5);
    /// ```
    ///
    /// # Errors
    /// For a margin that is not positive, and tensors of different numbers of dimensions.
    pub fn triplet_margin_with_distance_loss | try_triplet_margin_with_distance_loss [D: Fn(&Tensor, &Tensor) -> Tensor] (
        self, positive: &Tensor, negative: &Tensor, distance: D, options: TripletMarginWithDistance
    ) -> Tensor {
        let TripletMarginWithDistance { margin, swap, reduction } = options;
        if margin <= 0.0 {
            bail!(Value, "margin must be greater than 0, got {margin}");
        }
        let (a, p, n) = (self.ndim(), positive.ndim(), negative.ndim());
        if a != p || p != n {
            bail!(
                Shape,
                "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: anchor {a}D, \
                 positive {p}D, and negative {n}D inputs"
            );
        }
        let near = distance(self, positive);
        let far = distance(self, negative);
        let far = if swap { far.try_minimum(&distance(positive, negative))? } else { far };
        reduction.of(near.try_sub(&far)?.try_add(margin)?.try_clamp_min(0)?)
    }

    /// ln(1 + exp(−t x)), for targets t of 1 and −1.
    ///
    /// # Errors
    /// If the shapes do not broadcast or the target requires a gradient.
    pub fn soft_margin_loss | try_soft_margin_loss(self, target: &Tensor, reduction: Reduction) -> Tensor {
        binary::loss(self, target, Answer::Score, None, None, reduction)
    }

    /// Of each sample the mean over classes of [`binary_cross_entropy_with_logits`](Tensor::binary_cross_entropy_with_logits).
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn multilabel_soft_margin_loss | try_multilabel_soft_margin_loss(self, target: &Tensor, weight: Option<&Tensor>, reduction: Reduction) -> Tensor {
        let yes = target.try_mul(&self.try_logsigmoid()?)?;
        let no = target.try_rsub(1.0, 1)?.try_mul(&self.try_neg()?.try_logsigmoid()?)?;
        let mut losses = yes.try_add(&no)?.try_neg()?;
        if let Some(weight) = weight {
            losses = losses.try_mul(weight)?;
        }
        reduction.of(losses.try_mean_dim(-1, false)?)
    }

    /// Of each sample, what its class lacks to be above each other class by the margin, to a power, averaged over classes.
    ///
    /// # Errors
    /// If the shapes do not fit, a class does not exist, or the power is neither 1 nor 2.
    pub fn multi_margin_loss | try_multi_margin_loss(self, target: &Tensor, options: MultiMargin<'_>) -> Tensor {
        let MultiMargin { p, margin, weight, reduction } = options;
        if p != 1 && p != 2 {
            bail!(Value, "only p == 1 and p == 2 supported");
        }
        let x = batched(self)?;
        let (samples, count) = (x.shape()[0], x.shape()[1]);
        if x.ndim() != 2 || count == 0 {
            bail!(Shape, "Expected non-empty vector or matrix with optional 0-dim batch size, but got: {:?}", self.shape());
        }
        if target.numel() != samples || target.ndim() > 1 {
            bail!(Shape, "inconsistent target size, expected {samples} but got {:?}", target.shape());
        }
        let target = target.try_reshape([samples, 1])?;
        if target.try_lt(0)?.try_bitwise_or(&target.try_ge(count)?)?.try_any()?.try_item::<bool>()? {
            bail!(Index, "target out of range");
        }
        let lacking = x.try_sub(&x.try_gather(1, &target)?)?.try_add(margin)?.try_clamp_min(0)?;
        let mut losses = if p == 2 { lacking.try_square()? } else { lacking };
        if let Some(weight) = weight {
            losses = losses.try_mul(&weight.try_index_select(0, &target.try_reshape([-1])?)?.try_unsqueeze(1)?)?;
        }
        let losses = losses.try_masked_fill(&numbers(count, self)?.try_eq(&target)?, 0.0)?;
        unbatched(losses.try_sum_dim(1, false)?.try_div(count)?, self.ndim() < 2, reduction)
    }

    /// Of each sample, what each of its classes (the target's numbers before the first −1) lacks to be above each class that is
    /// not its own by one, summed and divided by the number of classes.
    ///
    /// # Errors
    /// If the shapes differ or a class does not exist.
    pub fn multilabel_margin_loss | try_multilabel_margin_loss(self, target: &Tensor, reduction: Reduction) -> Tensor {
        if self.shape() != target.shape() || self.ndim() > 2 {
            bail!(Shape, "inconsistent target size: {:?} for input of size: {:?}", target.shape(), self.shape());
        }
        let (x, target) = (batched(self)?, batched(target)?);
        let count = x.shape()[1];
        if target.try_lt(-1)?.try_bitwise_or(&target.try_ge(count)?)?.try_any()?.try_item::<bool>()? {
            bail!(Index, "argument #2 'target' is out of range");
        }
        // A number counts if no −1 stands at its place or before: a product with a triangle of ones counts those.
        let places = numbers(count, self)?;
        let triangle = places.try_unsqueeze(1)?.try_le(&places)?.try_to_dtype(DType::F32)?;
        let ends = target.try_lt(0)?.try_to_dtype(DType::F32)?.try_matmul(&triangle)?;
        let counts = ends.try_eq(0)?;
        let own = target.try_masked_fill(&counts.try_logical_not()?, 0)?;
        let zeros = Tensor::try_full_on(x.shape(), 0, DType::I64, x.device())?;
        let foreign = zeros.try_scatter_add(1, &own, &counts.try_to_dtype(DType::I64)?)?.try_eq(0)?;
        let picked = x.try_gather(1, &own)?.try_unsqueeze(2)?;
        let lacking = x.try_unsqueeze(1)?.try_sub(&picked)?.try_add(1.0)?.try_clamp_min(0)?;
        let pairs = counts.try_unsqueeze(2)?.try_bitwise_and(&foreign.try_unsqueeze(1)?)?;
        let losses = pairs.try_where(&lacking, 0.0)?.try_sum_dim([1, 2], false)?.try_div(count)?;
        unbatched(losses, self.ndim() < 2, reduction)
    }
}

/// 0, 1, … `count` − 1.
fn numbers(count: usize, like: &Tensor) -> Result<Tensor> {
    let numbers: Vec<i64> = (0..count as i64).collect();
    Tensor::try_from_slice(&numbers, [count], like.device())
}
