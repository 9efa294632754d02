//! Layers that make images larger, and layers that compare two tensors.

use super::{forward, spatial};
use crate::{Module, python_tuple};
use tensor::{Tensor, python_float};
use tensor_core::Spatial;
use tensor_core::op::{Interpolate, InterpolateMode};

/// Lines, images or volumes in another size: `torch.nn.Upsample`, by a factor or to a size.
///
/// ```
/// use nn::{Forward, InterpolateMode, Upsample};
/// let up = Upsample::by(2.0).mode(InterpolateMode::Bilinear).align_corners(true);
/// assert_eq!(up.forward(&tensor::ones([1, 1, 3, 4])).shape(), &[1, 1, 6, 8]);
/// assert_eq!(up.to_string(), "Upsample(scale_factor=2.0, mode='bilinear')");
/// ```
#[derive(Module, Clone)]
#[module(extra_repr)]
pub struct Upsample {
    #[skip]
    options: Interpolate,
    /// The factors as given, for the printed form.
    factors: Vec<f64>,
}

/// One factor for all spatial dimensions, or one for each.
pub trait IntoFactors {
    /// The factors as given.
    fn factors(self) -> Vec<f64>;
}

impl IntoFactors for f64 {
    fn factors(self) -> Vec<f64> {
        vec![self]
    }
}

impl IntoFactors for (f64, f64) {
    fn factors(self) -> Vec<f64> {
        vec![self.0, self.1]
    }
}

impl IntoFactors for (f64, f64, f64) {
    fn factors(self) -> Vec<f64> {
        vec![self.0, self.1, self.2]
    }
}

impl Upsample {
    /// By a factor, or one for each spatial dimension; each element is repeated.
    pub fn by(scale_factor: impl IntoFactors) -> Upsample {
        let factors = scale_factor.factors();
        let scale_factor = Some(match factors[..] {
            [one] => one.into(),
            [one, two] => [one, two].into(),
            _ => [factors[0], factors[1], factors[2]].into(),
        });
        Upsample { options: Interpolate { scale_factor, ..Interpolate::default() }, factors }
    }

    /// To a size; each element is repeated.
    pub fn to_size(size: impl Into<Spatial>) -> Upsample {
        let size = Some(size.into());
        Upsample { options: Interpolate { size, ..Interpolate::default() }, factors: Vec::new() }
    }

    /// What new elements are made of.
    #[must_use]
    pub fn mode(mut self, mode: InterpolateMode) -> Upsample {
        self.options.mode = mode;
        self
    }

    /// Whether the outer elements of input and output lie on each other; only for the linear and cubic modes.
    #[must_use]
    pub fn align_corners(mut self, align: bool) -> Upsample {
        self.options.align_corners = Some(align);
        self
    }

    fn extra_repr(&self) -> String {
        let factors: Vec<String> = self.factors.iter().map(|factor| python_float(*factor)).collect();
        let what = match (self.options.size, &factors[..]) {
            (Some(size), _) => format!("size={}", spatial(size)),
            (None, [one]) => format!("scale_factor={one}"),
            (None, many) => format!("scale_factor={}", python_tuple(many)),
        };
        format!("{what}, mode='{}'", self.options.mode.name())
    }
}

forward!(Upsample, |self, x| x.interpolate(self.options));

/// The cosine of the angle between two tensors along a dimension: `torch.nn.CosineSimilarity`.
///
/// ```
/// use nn::CosineSimilarity;
/// let x = tensor::tensor![[1.0, 0.0], [1.0, 1.0]];
/// let y = tensor::tensor![[0.0, 2.0], [3.0, 3.0]];
/// let cosines = CosineSimilarity::default().forward(&x, &y).to_vec::<f32>();
/// assert_eq!(cosines[0], 0.0);
/// assert!((cosines[1] - 1.0).abs() < 1e-6);
/// ```
#[derive(Module)]
pub struct CosineSimilarity {
    dim: i64,
    eps: f64,
}

impl CosineSimilarity {
    /// Along `dim`, with norms of at least `eps`.
    pub fn new(dim: i64, eps: f64) -> CosineSimilarity {
        CosineSimilarity { dim, eps }
    }

    /// The cosines.
    #[track_caller]
    pub fn forward(&self, x1: &Tensor, x2: &Tensor) -> Tensor {
        crate::observe(self, x1, x1.cosine_similarity(x2, self.dim, self.eps))
    }
}

impl Default for CosineSimilarity {
    /// Along dimension 1, with norms of at least 10⁻⁸.
    fn default() -> CosineSimilarity {
        CosineSimilarity::new(1, 1e-8)
    }
}

/// The p-norm of the difference of two tensors over the last dimension: `torch.nn.PairwiseDistance`.
#[derive(Module)]
pub struct PairwiseDistance {
    p: f64,
    eps: f64,
    keepdim: bool,
}

impl PairwiseDistance {
    /// The `p`-norm after `eps` is added to the difference; the last dimension stays as 1 if `keepdim`.
    pub fn new(p: f64, eps: f64, keepdim: bool) -> PairwiseDistance {
        PairwiseDistance { p, eps, keepdim }
    }

    /// The distances.
    #[track_caller]
    pub fn forward(&self, x1: &Tensor, x2: &Tensor) -> Tensor {
        crate::observe(self, x1, x1.pairwise_distance(x2, self.p, self.eps, self.keepdim))
    }
}

impl Default for PairwiseDistance {
    /// The Euclidean distance, with 10⁻⁶ added to the difference.
    fn default() -> PairwiseDistance {
        PairwiseDistance::new(2.0, 1e-6, false)
    }
}
