//! Affine maps, as layers.

use super::{Creation, forward, uniform_parameter};
use crate::Module;
use tensor::Tensor;

tensor::settings! {
    /// What a linear layer takes beside its sizes.
    pub struct LinearOptions {
        /// Whether there is a bias.
        bias: bool = true,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

/// y = x·Wᵀ + b over the last dimension: `torch.nn.Linear`.
///
/// Weight (out, in) and bias (out) are drawn evenly from ±1/√in.
///
/// ```
/// use nn::{Forward, Linear};
/// use tensor::ones;
/// let layer = Linear::with(20, 30, |linear| linear.bias(false));
/// assert_eq!(layer.forward(&ones([128, 20])).shape(), &[128, 30]);
/// assert_eq!(layer.to_string(), "Linear(in_features=20, out_features=30, bias=False)");
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct Linear {
    /// (out_features, in_features)
    pub weight: Tensor,
    /// (out_features)
    pub bias: Option<Tensor>,
}

impl Linear {
    /// With a bias.
    #[track_caller]
    pub fn new(in_features: usize, out_features: usize) -> Linear {
        Linear::with(in_features, out_features, |linear| linear)
    }

    /// With other settings than the default ones.
    #[track_caller]
    pub fn with(
        in_features: usize,
        out_features: usize,
        settings: impl FnOnce(LinearOptions) -> LinearOptions,
    ) -> Linear {
        let LinearOptions { bias, creation } = settings(LinearOptions::default());
        let weight = super::kaiming_parameter(&[out_features, in_features], creation);
        let bias = bias.then(|| super::bias_parameter(&weight, out_features, creation));
        Linear { weight, bias }
    }

    fn extra_repr(&self) -> String {
        let (inputs, outputs) = (self.weight.size(1), self.weight.size(0));
        format!("in_features={inputs}, out_features={outputs}, bias={}", super::python(self.bias.is_some()))
    }
}

forward!(Linear, |self, x| x.linear(&self.weight, self.bias.as_ref()));

/// y = x₁ᵀ·A·x₂ + b: `torch.nn.Bilinear`.
///
/// Weight (out, in1, in2) and bias (out) are drawn evenly from ±1/√in1.
///
/// ```
/// use nn::Bilinear;
/// use tensor::ones;
/// let layer = Bilinear::new(20, 30, 40);
/// assert_eq!(layer.forward(&ones([128, 20]), &ones([128, 30])).shape(), &[128, 40]);
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct Bilinear {
    /// (out_features, in1_features, in2_features)
    pub weight: Tensor,
    /// (out_features)
    pub bias: Option<Tensor>,
}

impl Bilinear {
    /// With a bias.
    #[track_caller]
    pub fn new(in1_features: usize, in2_features: usize, out_features: usize) -> Bilinear {
        Bilinear::with(in1_features, in2_features, out_features, |bilinear| bilinear)
    }

    /// With other settings than the default ones.
    #[track_caller]
    pub fn with(
        in1_features: usize,
        in2_features: usize,
        out_features: usize,
        settings: impl FnOnce(LinearOptions) -> LinearOptions,
    ) -> Bilinear {
        assert!(in1_features > 0, "in1_features must be > 0, but got {in1_features}");
        let LinearOptions { bias, creation } = settings(LinearOptions::default());
        let bound = 1.0 / (in1_features as f64).sqrt();
        let weight = uniform_parameter(&[out_features, in1_features, in2_features], bound, creation);
        let bias = bias.then(|| uniform_parameter(&[out_features], bound, creation));
        Bilinear { weight, bias }
    }

    /// The output for two inputs of the same leading sizes.
    #[track_caller]
    pub fn forward(&self, input1: &Tensor, input2: &Tensor) -> Tensor {
        let output = input1.bilinear(input2, &self.weight, self.bias.as_ref());
        crate::observe(self, input1, output)
    }

    fn extra_repr(&self) -> String {
        let [outputs, in1, in2] = [0, 1, 2].map(|dim| self.weight.size(dim));
        let bias = super::python(self.bias.is_some());
        format!("in1_features={in1}, in2_features={in2}, out_features={outputs}, bias={bias}")
    }
}

/// Its input, whatever it was made with: `torch.nn.Identity`.
#[derive(Module, Default)]
pub struct Identity {}

impl Identity {
    /// The layer.
    pub fn new() -> Identity {
        Identity {}
    }
}

forward!(Identity, |self, x| x.clone());
