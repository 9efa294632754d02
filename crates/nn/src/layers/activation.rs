//! Activation functions, as layers.

use super::{Creation, forward};
use crate::{Mode, Module, parameter};
use tensor::{Noise, Tensor, full_with, python_float};
use tensor_core::op::activation::Approximate;

/// Layers without settings.
macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident |$x:ident| $output:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Module, Default)]
        pub struct $name {}

        impl $name {
            /// The layer.
            pub fn new() -> $name {
                $name {}
            }
        }

        forward!($name, |self, $x| $output);
    )* };
}

plain! {
    /// 1 / (1 + exp(−x)): `torch.nn.Sigmoid`.
    ///
    /// ```
    /// use nn::{Forward, Sigmoid};
    /// assert_eq!(Sigmoid::new().forward(&tensor::tensor![0.0]).item::<f32>(), 0.5);
    /// ```
    Sigmoid |x| x.sigmoid();
    /// The hyperbolic tangent: `torch.nn.Tanh`.
    Tanh |x| x.tanh();
    /// ln(1 / (1 + exp(−x))): `torch.nn.LogSigmoid`.
    LogSigmoid |x| x.logsigmoid();
    /// x / (1 + |x|): `torch.nn.Softsign`.
    Softsign |x| x.softsign();
    /// x − tanh(x): `torch.nn.Tanhshrink`.
    Tanhshrink |x| x.tanhshrink();
    /// Softmax over the channels of images (n, c, h, w) or (c, h, w): `torch.nn.Softmax2d`.
    Softmax2d |x| {
        assert!(matches!(x.ndim(), 3 | 4), "Softmax2d: expected input to be 3D or 4D (got {}D)", x.ndim());
        x.softmax(-3)
    };
}

/// Layers that can write over their input. `shown` says whether the printed form tells so, which PyTorch leaves out for some.
macro_rules! inplace {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $default:expr),* }
       shown: $shown:literal, |$self:ident, $x:ident| $output:expr, $written:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Module, Clone)]
        #[module(extra_repr)]
        pub struct $name {
            $($field: f64,)*
            inplace: bool,
        }

        impl $name {
            inplace!(@new $name [$($(#[$field_doc])* $field $default)*]);

            /// Whether the result is written over the input.
            #[must_use]
            pub fn inplace(mut self, inplace: bool) -> $name {
                self.inplace = inplace;
                self
            }

            fn extra_repr(&self) -> String {
                let mut parts: Vec<String> = vec![$(format!("{}={}", stringify!($field), python_float(self.$field))),*];
                if $shown && self.inplace {
                    parts.push("inplace=True".into());
                }
                parts.join(", ")
            }
        }

        impl Default for $name {
            fn default() -> $name {
                $name { $($field: $default,)* inplace: false }
            }
        }

        forward!($name, |$self, $x| if $self.inplace { $written } else { $output });
    )* };
    (@new $name:ident []) => {
        /// The layer.
        pub fn new() -> $name {
            $name::default()
        }
    };
    (@new $name:ident [$($(#[$field_doc:meta])* $field:ident $default:expr)+]) => {
        /// The layer with these parameters; `default()` has PyTorch's defaults.
        pub fn new($($field: f64),+) -> $name {
            $name { $($field,)+ inplace: false }
        }
    };
}

inplace! {
    /// x above zero: `torch.nn.ReLU`.
    ///
    /// ```
    /// use nn::{Forward, ReLU};
    /// assert_eq!(ReLU::new().forward(&tensor::tensor![-1.0, 2.0]).to_vec::<f32>(), [0.0, 2.0]);
    /// ```
    ReLU {} shown: true, |self, x| x.relu(), x.relu_();
    /// x between zero and 6: `torch.nn.ReLU6`.
    ReLU6 {} shown: true, |self, x| x.relu6(), x.relu6_();
    /// The self-normalizing function: `torch.nn.SELU`. Klambauer et al. (2017), "Self-normalizing neural networks".
    SELU {} shown: true, |self, x| x.selu(), x.selu_();
    /// x / (1 + exp(−x)), also called swish: `torch.nn.SiLU`.
    SiLU {} shown: true, |self, x| x.silu(), x.silu_();
    /// x · tanh(ln(1 + exp(x))): `torch.nn.Mish`. Misra (2019), "Mish".
    Mish {} shown: true, |self, x| x.mish(), x.mish_();
    /// (x + 3) / 6 between zero and 1: `torch.nn.Hardsigmoid`.
    Hardsigmoid {} shown: false, |self, x| x.hardsigmoid(), x.hardsigmoid_();
    /// x · hardsigmoid(x): `torch.nn.Hardswish`. Howard et al. (2019), "Searching for MobileNetV3".
    Hardswish {} shown: false, |self, x| x.hardswish(), x.hardswish_();
    /// x above zero, else α · (exp(x) − 1): `torch.nn.ELU`; α is 1 by default. Clevert et al. (2015).
    ELU { alpha: 1.0 } shown: true, |self, x| x.elu(self.alpha), x.elu_(self.alpha);
    /// x above zero, else α · (exp(x / α) − 1): `torch.nn.CELU`; α is 1 by default. Barron (2017).
    CELU { alpha: 1.0 } shown: true, |self, x| x.celu(self.alpha), x.celu_(self.alpha);
    /// x above zero, else a small multiple of x: `torch.nn.LeakyReLU`; the slope is 0.01 by default.
    ///
    /// ```
    /// use nn::{Forward, LeakyReLU};
    /// assert_eq!(LeakyReLU::new(0.2).forward(&tensor::tensor![-1.0]).item::<f32>(), -0.2);
    /// ```
    LeakyReLU { negative_slope: 0.01 } shown: true,
        |self, x| x.leaky_relu(self.negative_slope), x.leaky_relu_(self.negative_slope);
    /// x between two limits, −1 and 1 by default: `torch.nn.Hardtanh`.
    Hardtanh { min_val: -1.0, max_val: 1.0 } shown: true,
        |self, x| x.hardtanh(self.min_val, self.max_val), x.hardtanh_(self.min_val, self.max_val);
    /// x above a threshold, else a value: `torch.nn.Threshold`. (The default, both zero, is [`ReLU`].)
    Threshold { threshold: 0.0, value: 0.0 } shown: true,
        |self, x| x.threshold(self.threshold, self.value), x.threshold_(self.threshold, self.value);
}

/// Layers with parameters that are always printed.
macro_rules! curves {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $ty:ty = $default:expr),* }
       |$self:ident| $text:expr, |$x:ident| $output:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Module, Clone)]
        #[module(extra_repr)]
        pub struct $name {
            $(#[skip] $field: $ty),*
        }

        impl $name {
            /// The layer with these parameters; `default()` has PyTorch's, where there are defaults.
            pub fn new($($field: $ty),*) -> $name {
                $name { $($field),* }
            }

            fn extra_repr(&$self) -> String {
                $text
            }
        }

        impl Default for $name {
            fn default() -> $name {
                $name { $($field: $default),* }
            }
        }

        forward!($name, |$self, $x| $output);
    )* };
}

curves! {
    /// x · Φ(x) with the normal distribution's Φ, exactly or by the hyperbolic tangent: `torch.nn.GELU`. Hendrycks and Gimpel
    /// (2016), "Gaussian error linear units".
    ///
    /// ```
    /// use nn::{Forward, GELU};
    /// assert!((GELU::default().forward(&tensor::tensor![1.0]).item::<f32>() - 0.8413447).abs() < 1e-6);
    /// ```
    GELU { approximate: Approximate = Approximate::None }
        |self| format!("approximate='{}'", if self.approximate == Approximate::Tanh { "tanh" } else { "none" }),
        |x| x.gelu(self.approximate);
    /// Zero from −λ to λ, x elsewhere: `torch.nn.Hardshrink`; λ is 0.5 by default.
    Hardshrink { lambd: f64 = 0.5 } |self| python_float(self.lambd), |x| x.hardshrink(self.lambd);
    /// x moved by λ towards zero: `torch.nn.Softshrink`; λ is 0.5 by default.
    Softshrink { lambd: f64 = 0.5 } |self| python_float(self.lambd), |x| x.softshrink(self.lambd);
    /// ln(1 + exp(βx)) / β, and x where βx is above the threshold: `torch.nn.Softplus`; 1 and 20 by default.
    Softplus { beta: f64 = 1.0, threshold: f64 = 20.0 }
        |self| format!("beta={}, threshold={}", python_float(self.beta), python_float(self.threshold)),
        |x| x.softplus(self.beta, self.threshold);
    /// The first half along a dimension times the sigmoid of the second: `torch.nn.GLU`; the last dimension by default. Dauphin
    /// et al. (2016), "Language modeling with gated convolutional networks".
    GLU { dim: i64 = -1 } |self| format!("dim={}", self.dim), |x| x.glu(self.dim);
    /// exp(x) over its sum along a dimension: `torch.nn.Softmax`; the last dimension by default.
    ///
    /// ```
    /// use nn::{Forward, Softmax};
    /// assert_eq!(Softmax::new(1).forward(&tensor::zeros([1, 4])).to_vec::<f32>(), [0.25; 4]);
    /// ```
    Softmax { dim: i64 = -1 } |self| format!("dim={}", self.dim), |x| x.softmax(self.dim);
    /// The logarithm of [`Softmax`]: `torch.nn.LogSoftmax`; the last dimension by default.
    LogSoftmax { dim: i64 = -1 } |self| format!("dim={}", self.dim), |x| x.log_softmax(self.dim);
    /// [`Softmax`] of −x: `torch.nn.Softmin`; the last dimension by default.
    Softmin { dim: i64 = -1 } |self| format!("dim={}", self.dim), |x| x.softmin(self.dim);
}

tensor::settings! {
    /// What the parametric leaky relu takes.
    pub struct ParametricReLU {
        /// One slope for all channels, or one for each.
        num_parameters: usize = 1,
        /// The slope of a new layer.
        init: f64 = 0.25,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

/// x above zero, else x times a slope that is learned: `torch.nn.PReLU`. He et al. (2015), "Delving deep into rectifiers".
///
/// ```
/// use nn::{Forward, PReLU};
/// assert_eq!(PReLU::new().forward(&tensor::tensor![-1.0]).item::<f32>(), -0.25);
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct PReLU {
    /// The slopes below zero.
    pub weight: Tensor,
}

impl PReLU {
    /// One slope, 0.25 when new.
    pub fn new() -> PReLU {
        PReLU::with(|prelu| prelu)
    }

    /// With other settings than the default ones.
    pub fn with(settings: impl FnOnce(ParametricReLU) -> ParametricReLU) -> PReLU {
        let ParametricReLU { num_parameters, init, creation } = settings(ParametricReLU::default());
        PReLU { weight: parameter(full_with([num_parameters], init, creation)) }
    }

    fn extra_repr(&self) -> String {
        format!("num_parameters={}", self.weight.numel())
    }
}

impl Default for PReLU {
    fn default() -> PReLU {
        PReLU::new()
    }
}

forward!(PReLU, |self, x| x.prelu(&self.weight));

/// x above zero, else x times a slope that is drawn anew for each element in training, and is the mean of the limits in
/// evaluation: `torch.nn.RReLU`. Xu et al. (2015), "Empirical evaluation of rectified activations".
#[derive(Module)]
#[module(extra_repr)]
pub struct RReLU {
    lower: f64,
    upper: f64,
    inplace: bool,
    /// Whether slopes are drawn.
    pub training: Mode,
}

impl RReLU {
    /// With slopes between these limits.
    pub fn new(lower: f64, upper: f64) -> RReLU {
        RReLU { lower, upper, inplace: false, training: Mode::default() }
    }

    /// Whether the result is written over the input.
    #[must_use]
    pub fn inplace(self, inplace: bool) -> RReLU {
        RReLU { inplace, ..self }
    }

    fn extra_repr(&self) -> String {
        let inplace = if self.inplace { ", inplace=True" } else { "" };
        format!("lower={}, upper={}{inplace}", python_float(self.lower), python_float(self.upper))
    }
}

impl Default for RReLU {
    /// Slopes between 1/8 and 1/3.
    fn default() -> RReLU {
        RReLU::new(1.0 / 8.0, 1.0 / 3.0)
    }
}

forward!(RReLU, |self, x| {
    let y = x.rrelu(self.lower, self.upper, self.training.get());
    if self.inplace { x.copy_(&y) } else { y }
});
