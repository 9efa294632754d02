//! Activations of neural networks and other curves with parameters: a function of each element, and its gradient as an
//! operation of its own, so that each direction is one pass over memory.

use super::{Op, Plan};
use crate::{DType, Layout, Result, Tensor, bail, or_panic, shape};
use storage::Scalar;

/// A curve, and the direction in which it is taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Activation {
    /// The function.
    pub curve: Curve,
    /// False: the function of one input x. True: of inputs (g, x), g times the function's slope at x.
    pub backward: bool,
}

/// How `gelu` is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Approximate {
    /// By the error function, exactly.
    #[default]
    None,
    /// By the hyperbolic tangent (Hendrycks and Gimpel 2016, "Gaussian Error Linear Units").
    Tanh,
}

/// Defines the family: the enum, its metadata, and for each function the method, its fallible twin, and both in place.
macro_rules! curves {
    ($($(#[$doc:meta])* $variant:ident { $($(#[$pdoc:meta])* $param:ident: $ty:ty),* }
       $name:ident $try_name:ident $inplace:ident $try_inplace:ident, $x:literal ($($value:expr),*) => $y:literal;)*) => {
        /// A function of each element with up to two parameters.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum Curve { $($(#[$doc])* $variant { $($(#[$pdoc])* $param: $ty),* }),* }

        impl Curve {
            /// One of each kind, for tables of tests.
            pub const SAMPLES: &'static [Curve] = &[$({
                let ($($param,)*): ($($ty,)*) = ($($value,)*);
                Curve::$variant { $($param),* }
            }),*];

            /// PyTorch's name.
            pub const fn name(self) -> &'static str {
                match self { $(Curve::$variant { .. } => stringify!($name)),* }
            }
        }

        impl Tensor { $(
            $(#[$doc])*
            ///
            /// ```
            /// # use tensor_core::{Tensor, op::activation::Approximate};
            #[doc = concat!("let x = Tensor::from_vec(vec![", stringify!($x), "], [1], ops_cpu::cpu());")]
            #[doc = concat!("let y = x.", stringify!($name), "(", stringify!($($value),*), ").item::<f64>();")]
            #[doc = concat!("assert!((y - ", stringify!($y), ").abs() < 1e-6, \"{y}\");")]
            /// ```
            ///
            /// # Panics
            /// If the function is not defined for the tensor's dtype or these parameters.
            #[inline]
            #[track_caller]
            pub fn $name(&self $(, $param: $ty)*) -> Tensor {
                or_panic(self.$try_name($($param),*))
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), but returns misuse as an error.")]
            #[inline]
            pub fn $try_name(&self $(, $param: $ty)*) -> Result<Tensor> {
                let curve = Curve::$variant { $($param),* };
                Tensor::apply(Op::Activation(Activation { curve, backward: false }), &[self])
            }

            #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") in place; returns the tensor itself.")]
            ///
            /// # Panics
            /// If the result does not fit the tensor's dtype, or the tensor may not be written in place.
            #[track_caller]
            pub fn $inplace(&self $(, $param: $ty)*) -> Tensor {
                or_panic(self.$try_inplace($($param),*))
            }

            #[doc = concat!("As [`", stringify!($inplace), "`](Self::", stringify!($inplace), "), but returns misuse as an error.")]
            pub fn $try_inplace(&self $(, $param: $ty)*) -> Result<Tensor> {
                let curve = Curve::$variant { $($param),* };
                self.write(Op::Activation(Activation { curve, backward: false }), &[self])?;
                Ok(self.clone())
            }
        )* }
    };
}

curves! {
    /// x above zero, else α · (exp(x / α) − 1) (Barron 2017).
    Celu {
        /// The negative of the limit at −∞; PyTorch's default is 1.
        alpha: f64
    } celu try_celu celu_ try_celu_, -1.0 (2.0) => -0.786938680574733;
    /// x above zero, else α · (exp(x) − 1) (Clevert et al. 2015).
    Elu {
        /// The negative of the limit at −∞; PyTorch's default is 1.
        alpha: f64
    } elu try_elu elu_ try_elu_, -1.0 (1.5) => -0.948180838242836;
    /// x · Φ(x), with the distribution function Φ of the normal distribution.
    Gelu {
        /// How it is computed; PyTorch's default is exactly.
        approximate: Approximate
    } gelu try_gelu gelu_ try_gelu_, 1.0 (Approximate::None) => 0.8413447460685429;
    /// Zero from −λ to λ, x elsewhere.
    Hardshrink {
        /// The edge; PyTorch's default is 0.5.
        lambda: f64
    } hardshrink try_hardshrink hardshrink_ try_hardshrink_, 0.7 (0.5) => 0.7;
    /// (x + 3) / 6, but at least 0 and at most 1.
    Hardsigmoid {} hardsigmoid try_hardsigmoid hardsigmoid_ try_hardsigmoid_, 1.5 () => 0.75;
    /// x · [`hardsigmoid`](Tensor::hardsigmoid)(x) (Howard et al. 2019).
    Hardswish {} hardswish try_hardswish hardswish_ try_hardswish_, 1.5 () => 1.125;
    /// x, but at least `min_val` and at most `max_val`.
    Hardtanh {
        /// PyTorch's default is −1.
        min_val: f64,
        /// PyTorch's default is 1.
        max_val: f64
    } hardtanh try_hardtanh hardtanh_ try_hardtanh_, 1.5 (-1.0, 1.0) => 1.0;
    /// x above zero, else a small multiple of x.
    LeakyRelu {
        /// The slope below zero; PyTorch's default is 0.01.
        negative_slope: f64
    } leaky_relu try_leaky_relu leaky_relu_ try_leaky_relu_, -3.0 (0.01) => -0.03;
    /// The logarithm of the logistic function, −ln(1 + exp(−x)). PyTorch's `functional.logsigmoid`.
    LogSigmoid {} logsigmoid try_logsigmoid logsigmoid_ try_logsigmoid_, 0.0 () => -0.6931471805599453;
    /// The inverse of the logistic function, ln(x / (1 − x)).
    Logit {
        /// x is first brought to the range from `eps` to 1 − `eps`. `None`, PyTorch's default, leaves it, and gives NaN
        /// outside of 0 … 1.
        eps: Option<f64>
    } logit try_logit logit_ try_logit_, 0.75 (None) => 1.0986122886681098;
    /// x · tanh(ln(1 + exp(x))) (Misra 2019).
    Mish {} mish try_mish mish_ try_mish_, 1.0 () => 0.8650983882673103;
    /// x, but at least 0 and at most 6.
    Relu6 {} relu6 try_relu6 relu6_ try_relu6_, 7.0 () => 6.0;
    /// The self-normalizing `elu`: scaled and with an α that keep mean and variance (Klambauer et al. 2017).
    Selu {} selu try_selu selu_ try_selu_, 1.0 () => 1.0507009873554805;
    /// ln(1 + exp(βx)) / β, and x itself where βx is above the threshold.
    Softplus {
        /// PyTorch's default is 1.
        beta: f64,
        /// Above it the function is a line to all digits; PyTorch's default is 20.
        threshold: f64
    } softplus try_softplus softplus_ try_softplus_, 0.0 (1.0, 20.0) => 0.6931471805599453;
    /// x moved by λ towards zero, zero from −λ to λ.
    Softshrink {
        /// The edge; PyTorch's default is 0.5.
        lambda: f64
    } softshrink try_softshrink softshrink_ try_softshrink_, 0.75 (0.5) => 0.25;
    /// x / (1 + |x|).
    Softsign {} softsign try_softsign softsign_ try_softsign_, -3.0 () => -0.75;
    /// x − tanh(x).
    Tanhshrink {} tanhshrink try_tanhshrink tanhshrink_ try_tanhshrink_, 0.5 () => 0.03788284273999027;
    /// x above the threshold, else `value`.
    Threshold {
        /// The last x that is replaced.
        threshold: f64,
        /// What replaces it.
        value: f64
    } threshold try_threshold threshold_ try_threshold_, 0.1 (0.5, -2.0) => -2.0;
}

impl Activation {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let (dtype, compute) = self.dtypes(inputs[inputs.len() - 1].dtype())?;
        let layout = match inputs {
            [x] => super::unary::elementwise_layout(x),
            [g, x] => {
                let shape = shape::broadcast(g.shape(), x.shape())?;
                Layout::following(shape, &[g.layout(), x.layout()])
            }
            _ => unreachable!("{self:?} with {} inputs", inputs.len()),
        };
        Ok(Plan { layout, dtype, compute })
    }

    /// The dtypes of the result and of the computation.
    pub(super) fn dtypes(self, own: DType) -> Result<(DType, DType)> {
        self.curve.check_parameters(own)?;
        let whole = own != DType::Bool && !own.is_floating_point();
        let kernel = match self.curve {
            _ if own.is_floating_point() => return Ok((own, own)),
            Curve::Logit { .. } => return Ok((DType::F32, DType::F32)),
            Curve::Softsign {} | Curve::Tanhshrink {} if whole => return Ok((DType::F32, DType::F32)),
            Curve::Hardtanh { .. } | Curve::Relu6 {} | Curve::Threshold { .. } if whole => return Ok((own, own)),
            Curve::Hardtanh { .. } | Curve::Relu6 {} => bail!(DType, "Bool inputs not supported for hardtanh"),
            Curve::Tanhshrink {} => bail!(DType, "{}", super::binary::BOOL_DIFFERENCE),
            Curve::Celu { .. } | Curve::Elu { .. } | Curve::Selu {} => "elu_cpu",
            Curve::Gelu { .. } => "GeluKernelImpl",
            Curve::Hardshrink { .. } => "hardshrink_cpu",
            Curve::Hardsigmoid {} => "hardsigmoid_cpu",
            Curve::Hardswish {} => "hardswish_cpu",
            Curve::LeakyRelu { .. } => "leaky_relu_cpu",
            Curve::LogSigmoid {} => "log_sigmoid_cpu",
            Curve::Mish {} => "mish_cpu",
            Curve::Softplus { .. } => "softplus_cpu",
            Curve::Softshrink { .. } => "softshrink_check",
            Curve::Softsign {} => "abs_cpu",
            Curve::Threshold { .. } => "threshold_cpu",
        };
        bail!(DType, "\"{kernel}\" not implemented for '{}'", own.type_name())
    }
}

impl Curve {
    /// The parameters as the kernels take them.
    pub fn parameters(self) -> [f64; 2] {
        match self {
            Curve::Celu { alpha } => [alpha, 1.0 / alpha],
            Curve::Elu { alpha } => [alpha, 1.0],
            Curve::Hardshrink { lambda } | Curve::Softshrink { lambda } => [lambda, 0.0],
            Curve::Hardtanh { min_val, max_val } => [min_val, max_val],
            Curve::LeakyRelu { negative_slope } => [negative_slope, 0.0],
            // Where nothing is limited the first bound says so.
            Curve::Logit { eps } => eps.map_or([-1.0, 2.0], |eps| [eps, 1.0 - eps]),
            Curve::Relu6 {} => [0.0, 6.0],
            Curve::Softplus { beta, threshold } => [beta, threshold],
            Curve::Threshold { threshold, value } => [threshold, value],
            Curve::Gelu { .. }
            | Curve::Hardsigmoid {}
            | Curve::Hardswish {}
            | Curve::LogSigmoid {}
            | Curve::Mish {}
            | Curve::Selu {}
            | Curve::Softsign {}
            | Curve::Tanhshrink {} => [0.0; 2],
        }
    }

    fn check_parameters(self, dtype: DType) -> Result<()> {
        match self {
            Curve::Celu { alpha: 0.0 } => bail!(Value, "ZeroDivisionError: alpha cannot be 0 for CELU"),
            Curve::Hardtanh { min_val, max_val } if min_val > max_val => {
                bail!(Value, "min_val cannot be greater than max_val")
            }
            Curve::Softshrink { lambda } if dtype.is_floating_point() => {
                let (largest, text) = match dtype {
                    DType::F16 => (65504.0, "65504"),
                    DType::BF16 => (3.389_531_389_251_535_5e38, "3.38953e+38"),
                    DType::F64 => (f64::MAX, "1.79769e+308"),
                    _ => (f64::from(f32::MAX), "3.40282e+38"),
                };
                if !(0.0..=largest).contains(&lambda) {
                    bail!(
                        Value,
                        "lambda must be in range [0, {text}] for input dtype {}, but found {lambda}",
                        dtype.type_name()
                    );
                }
                Ok(())
            }
            Curve::Threshold { threshold, value } => {
                super::convert::check_fits(Scalar::Float(threshold), dtype)?;
                super::convert::check_fits(Scalar::Float(value), dtype)
            }
            Curve::Celu { .. }
            | Curve::Elu { .. }
            | Curve::Gelu { .. }
            | Curve::Hardshrink { .. }
            | Curve::Hardsigmoid {}
            | Curve::Hardswish {}
            | Curve::Hardtanh { .. }
            | Curve::LeakyRelu { .. }
            | Curve::LogSigmoid {}
            | Curve::Logit { .. }
            | Curve::Mish {}
            | Curve::Relu6 {}
            | Curve::Selu {}
            | Curve::Softplus { .. }
            | Curve::Softshrink { .. }
            | Curve::Softsign {}
            | Curve::Tanhshrink {} => Ok(()),
        }
    }
}
