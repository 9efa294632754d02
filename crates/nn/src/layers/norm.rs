//! Normalizations of whole samples or their last dimensions, as layers.

use super::{Creation, forward, python};
use crate::{Module, parameter, python_tuple};
use tensor::{IntoShape, Tensor, ones_with, python_float, zeros_with};

tensor::settings! {
    /// What layer normalization takes beside its shape.
    pub struct LayerNormalization {
        /// What is added to variances.
        eps: f64 = 1e-5,
        /// Whether each element has a factor and, with `bias`, a number to add.
        elementwise_affine: bool = true,
        /// Whether there is a number to add.
        bias: bool = true,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

/// The last dimensions, which have `normalized_shape`, brought to mean 0 and variance 1, then scaled: `torch.nn.LayerNorm`.
/// Ba et al. (2016), "Layer normalization".
///
/// ```
/// use nn::{Forward, LayerNorm};
/// let norm = LayerNorm::new(10);
/// assert_eq!(norm.forward(&tensor::rand([20, 5, 10])).shape(), &[20, 5, 10]);
/// assert_eq!(norm.to_string(), "LayerNorm((10,), eps=1e-05, elementwise_affine=True, bias=True)");
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct LayerNorm {
    /// A factor for each element; ones when new.
    pub weight: Option<Tensor>,
    /// A number to add to each element; zeros when new.
    pub bias: Option<Tensor>,
    normalized_shape: Vec<usize>,
    #[skip]
    settings: LayerNormalization,
}

impl LayerNorm {
    /// Over the last dimensions, of these sizes.
    #[track_caller]
    pub fn new(normalized_shape: impl IntoShape) -> LayerNorm {
        LayerNorm::with(normalized_shape, |norm| norm)
    }

    /// With other settings than the default ones.
    #[track_caller]
    pub fn with(
        normalized_shape: impl IntoShape,
        settings: impl FnOnce(LayerNormalization) -> LayerNormalization,
    ) -> LayerNorm {
        let settings = settings(LayerNormalization::default());
        let shape = sizes(&normalized_shape);
        let weight = settings.elementwise_affine.then(|| parameter(ones_with(&shape[..], settings.creation)));
        let bias = settings.elementwise_affine && settings.bias;
        let bias = bias.then(|| parameter(zeros_with(&shape[..], settings.creation)));
        LayerNorm { weight, bias, normalized_shape: shape, settings }
    }

    fn extra_repr(&self) -> String {
        format!(
            "{}, eps={}, elementwise_affine={}, bias={}",
            python_tuple(&self.normalized_shape),
            python_float(self.settings.eps),
            python(self.settings.elementwise_affine),
            python(self.settings.elementwise_affine && self.settings.bias)
        )
    }
}

forward!(LayerNorm, |self, x| {
    x.layer_norm(&self.normalized_shape[..], self.weight.as_ref(), self.bias.as_ref(), self.settings.eps)
});

tensor::settings! {
    /// What root-mean-square normalization takes beside its shape.
    pub struct RmsNormalization {
        /// What is added to the mean of squares; `None` for the smallest step of the dtype at 1.
        eps: into Option<f64> = None,
        /// Whether each element has a factor.
        elementwise_affine: bool = true,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

/// The last dimensions, which have `normalized_shape`, divided by the root of the mean of their squares, then scaled:
/// `torch.nn.RMSNorm`. Zhang and Sennrich (2019), "Root mean square layer normalization".
///
/// ```
/// use nn::{Forward, RMSNorm};
/// let y = RMSNorm::new(2).forward(&tensor::tensor![[3.0, 4.0]]);
/// assert!((y.square().mean().item::<f64>() - 1.0).abs() < 1e-5);
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct RMSNorm {
    /// A factor for each element; ones when new.
    pub weight: Option<Tensor>,
    normalized_shape: Vec<usize>,
    #[skip]
    settings: RmsNormalization,
}

impl RMSNorm {
    /// Over the last dimensions, of these sizes.
    #[track_caller]
    pub fn new(normalized_shape: impl IntoShape) -> RMSNorm {
        RMSNorm::with(normalized_shape, |norm| norm)
    }

    /// With other settings than the default ones.
    #[track_caller]
    pub fn with(
        normalized_shape: impl IntoShape,
        settings: impl FnOnce(RmsNormalization) -> RmsNormalization,
    ) -> RMSNorm {
        let settings = settings(RmsNormalization::default());
        let shape = sizes(&normalized_shape);
        let weight = settings.elementwise_affine.then(|| parameter(ones_with(&shape[..], settings.creation)));
        RMSNorm { weight, normalized_shape: shape, settings }
    }

    fn extra_repr(&self) -> String {
        let eps = self.settings.eps.map_or("None".into(), python_float);
        let affine = python(self.settings.elementwise_affine);
        format!("{}, eps={eps}, elementwise_affine={affine}", python_tuple(&self.normalized_shape))
    }
}

forward!(RMSNorm, |self, x| x.rms_norm(&self.normalized_shape[..], self.weight.as_ref(), self.settings.eps));

tensor::settings! {
    /// What group normalization takes beside its groups and channels.
    pub struct GroupNormalization {
        /// What is added to variances.
        eps: f64 = 1e-5,
        /// Whether each channel has a factor and, with `bias`, a number to add.
        affine: bool = true,
        /// Whether there is a number to add.
        bias: bool = true,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

/// Groups of channels of each sample (n, c, …) brought to mean 0 and variance 1, then each channel scaled:
/// `torch.nn.GroupNorm`. Wu and He (2018), "Group normalization".
///
/// ```
/// use nn::{Forward, GroupNorm};
/// let norm = GroupNorm::new(3, 6);
/// assert_eq!(norm.forward(&tensor::rand([20, 6, 10, 10])).shape(), &[20, 6, 10, 10]);
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct GroupNorm {
    /// A factor for each channel; ones when new.
    pub weight: Option<Tensor>,
    /// A number to add for each channel; zeros when new.
    pub bias: Option<Tensor>,
    num_groups: usize,
    num_channels: usize,
    #[skip]
    settings: GroupNormalization,
}

impl GroupNorm {
    /// With the default settings.
    #[track_caller]
    pub fn new(num_groups: usize, num_channels: usize) -> GroupNorm {
        GroupNorm::with(num_groups, num_channels, |norm| norm)
    }

    /// With other settings than the default ones.
    ///
    /// # Panics
    /// If the channels do not divide by the groups.
    #[track_caller]
    pub fn with(
        num_groups: usize,
        num_channels: usize,
        settings: impl FnOnce(GroupNormalization) -> GroupNormalization,
    ) -> GroupNorm {
        let settings = settings(GroupNormalization::default());
        assert!(
            num_groups > 0 && num_channels.is_multiple_of(num_groups),
            "num_channels ({num_channels}) must be divisible by num_groups ({num_groups})"
        );
        let weight = settings.affine.then(|| parameter(ones_with([num_channels], settings.creation)));
        let bias = (settings.affine && settings.bias).then(|| parameter(zeros_with([num_channels], settings.creation)));
        GroupNorm { weight, bias, num_groups, num_channels, settings }
    }

    fn extra_repr(&self) -> String {
        format!(
            "{}, {}, eps={}, affine={}, bias={}",
            self.num_groups,
            self.num_channels,
            python_float(self.settings.eps),
            python(self.settings.affine),
            python(self.settings.affine && self.settings.bias)
        )
    }
}

forward!(GroupNorm, |self, x| {
    x.group_norm(self.num_groups, self.weight.as_ref(), self.bias.as_ref(), self.settings.eps)
});

tensor::settings! {
    /// What local response normalization takes beside its size.
    pub struct LocalResponse {
        /// The factor of the sum of squares.
        alpha: f64 = 1e-4,
        /// The exponent.
        beta: f64 = 0.75,
        /// What is added.
        k: f64 = 1.0,
    }
}

/// Each channel divided by (k + α·mean of the squares of `size` channels around it)^β: `torch.nn.LocalResponseNorm`.
/// Krizhevsky et al. (2012), "ImageNet classification with deep convolutional neural networks".
///
/// ```
/// use nn::{Forward, LocalResponseNorm};
/// let norm = LocalResponseNorm::new(2);
/// assert_eq!(norm.forward(&tensor::ones([32, 5, 24, 24])).shape(), &[32, 5, 24, 24]);
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct LocalResponseNorm {
    size: usize,
    #[skip]
    settings: LocalResponse,
}

impl LocalResponseNorm {
    /// With the default settings.
    pub fn new(size: usize) -> LocalResponseNorm {
        LocalResponseNorm::with(size, |norm| norm)
    }

    /// With other settings than the default ones.
    pub fn with(size: usize, settings: impl FnOnce(LocalResponse) -> LocalResponse) -> LocalResponseNorm {
        LocalResponseNorm { size, settings: settings(LocalResponse::default()) }
    }

    fn extra_repr(&self) -> String {
        let LocalResponse { alpha, beta, k } = &self.settings;
        let [alpha, beta, k] = [*alpha, *beta, *k].map(python_float);
        format!("{}, alpha={alpha}, beta={beta}, k={k}", self.size)
    }
}

forward!(LocalResponseNorm, |self, x| {
    x.local_response_norm(self.size, self.settings.alpha, self.settings.beta, self.settings.k)
});

#[track_caller]
fn sizes(shape: &impl IntoShape) -> Vec<usize> {
    shape.sizes().iter().map(|size| usize::try_from(*size).expect("sizes are not negative")).collect()
}
