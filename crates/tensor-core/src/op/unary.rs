//! Functions of each element: the table, its methods, and what they make of dtypes.

use super::{Op, Plan};
use crate::{DType, Layout, Result, Tensor, bail, or_panic};
use std::ops::Range;

/// What a unary function does with dtypes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Any number in, the same dtype out.
    Number,
    /// As `Number`, and `bool` too.
    Any,
    /// Whole numbers become `float32` first; floats stay.
    Float,
    /// Anything in, `bool` out.
    Test,
    /// Whole numbers and `bool` only.
    Bits,
}

/// Defines the family: the enum, its metadata, and for each function the method, its fallible twin, and both in place.
macro_rules! unary {
    ($($(#[$doc:meta])* $variant:ident $name:ident $try_name:ident $inplace:ident $try_inplace:ident
       $domain:ident $low:literal .. $high:literal, $x:literal => $y:literal;)*) => {
        /// A function of each element.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Unary { $($(#[$doc])* $variant),* }

        impl Unary {
            /// Every function of the family.
            pub const ALL: &'static [Unary] = &[$(Unary::$variant),*];

            /// PyTorch's name.
            pub const fn name(self) -> &'static str {
                match self { $(Unary::$variant => stringify!($name)),* }
            }

            /// What the function does with dtypes.
            #[inline]
            pub const fn domain(self) -> Domain {
                match self { $(Unary::$variant => Domain::$domain),* }
            }

            /// A range of arguments in which the function is defined and smooth enough to test its derivative.
            pub const fn samples(self) -> Range<f64> {
                match self { $(Unary::$variant => $low..$high),* }
            }
        }

        impl Tensor { $(
            $(#[$doc])*
            ///
            /// ```
            /// # use tensor_core::Tensor;
            #[doc = concat!("let x = Tensor::from_vec(vec![", stringify!($x), "], [1], ops_cpu::cpu());")]
            #[doc = concat!("let y = x.", stringify!($name), "().to_dtype(tensor_core::DType::F64).item::<f64>();")]
            #[doc = concat!("assert!((y - ", stringify!($y), ").abs() < 1e-6, \"{y}\");")]
            /// ```
            ///
            /// # Panics
            /// If the function is not defined for the tensor's dtype.
            #[inline]
            #[track_caller]
            pub fn $name(&self) -> Tensor {
                or_panic(self.$try_name())
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), but returns misuse as an error.")]
            #[inline]
            pub fn $try_name(&self) -> Result<Tensor> {
                Tensor::apply(Op::Unary(Unary::$variant), &[self])
            }

            #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") in place; returns the tensor itself.")]
            ///
            /// # Panics
            /// If the result does not fit the tensor's dtype, or the tensor may not be written in place.
            #[track_caller]
            pub fn $inplace(&self) -> Tensor {
                or_panic(self.$try_inplace())
            }

            #[doc = concat!("As [`", stringify!($inplace), "`](Self::", stringify!($inplace), "), but returns misuse as an error.")]
            pub fn $try_inplace(&self) -> Result<Tensor> {
                self.write(Op::Unary(Unary::$variant), &[self])?;
                Ok(self.clone())
            }
        )* }
    };
}

unary! {
    /// The absolute value.
    Abs abs try_abs abs_ try_abs_ Number -2.0..2.0, -1.5 => 1.5;
    /// The arc cosine, in radians.
    Acos acos try_acos acos_ try_acos_ Float -0.9..0.9, 0.0 => 1.5707963267948966;
    /// The inverse hyperbolic cosine.
    Acosh acosh try_acosh acosh_ try_acosh_ Float 1.1..4.0, 1.0 => 0.0;
    /// The arc sine, in radians.
    Asin asin try_asin asin_ try_asin_ Float -0.9..0.9, 1.0 => 1.5707963267948966;
    /// The inverse hyperbolic sine.
    Asinh asinh try_asinh asinh_ try_asinh_ Float -3.0..3.0, 0.0 => 0.0;
    /// The arc tangent, in radians.
    Atan atan try_atan atan_ try_atan_ Float -3.0..3.0, 1.0 => 0.7853981633974483;
    /// The inverse hyperbolic tangent.
    Atanh atanh try_atanh atanh_ try_atanh_ Float -0.9..0.9, 0.5 => 0.5493061443340549;
    /// Each bit inverted; the logical inverse of a `bool`.
    BitwiseNot bitwise_not try_bitwise_not bitwise_not_ try_bitwise_not_ Bits -2.0..2.0, 5i64 => -6.0;
    /// The smallest whole number that is not below.
    Ceil ceil try_ceil ceil_ try_ceil_ Number -2.0..2.0, 1.2 => 2.0;
    /// The cosine of radians.
    Cos cos try_cos cos_ try_cos_ Float -3.0..3.0, 0.0 => 1.0;
    /// The hyperbolic cosine.
    Cosh cosh try_cosh cosh_ try_cosh_ Float -3.0..3.0, 0.0 => 1.0;
    /// Degrees in radians.
    Deg2rad deg2rad try_deg2rad deg2rad_ try_deg2rad_ Float -2.0..2.0, 180.0 => 3.141592653589793;
    /// The derivative of the logarithm of the gamma function.
    Digamma digamma try_digamma digamma_ try_digamma_ Float 0.3..4.0, 1.0 => -0.5772156649015329;
    /// The error function, 2/√π ∫₀ˣ exp(−t²) dt.
    Erf erf try_erf erf_ try_erf_ Float -3.0..3.0, 0.5 => 0.5204998778130465;
    /// One minus the error function, without loss of digits in the tail.
    Erfc erfc try_erfc erfc_ try_erfc_ Float -3.0..3.0, 0.5 => 0.4795001221869535;
    /// The inverse of the error function.
    Erfinv erfinv try_erfinv erfinv_ try_erfinv_ Float -0.9..0.9, 0.5 => 0.4769362762044699;
    /// e to the power of each element.
    Exp exp try_exp exp_ try_exp_ Float -3.0..3.0, 1.0 => 2.718281828459045;
    /// 2 to the power of each element.
    Exp2 exp2 try_exp2 exp2_ try_exp2_ Float -3.0..3.0, 3.0 => 8.0;
    /// exp(x) − 1, accurate near zero.
    Expm1 expm1 try_expm1 expm1_ try_expm1_ Float -3.0..3.0, 1e-3 => 0.0010005001667083417;
    /// The largest whole number that is not above.
    Floor floor try_floor floor_ try_floor_ Number -2.0..2.0, -1.2 => -2.0;
    /// What [`trunc`](Tensor::trunc) takes away: the fraction, with the sign of the element.
    Frac frac try_frac frac_ try_frac_ Number -1.9..-1.1, 1.25 => 0.25;
    /// Whether an element is neither infinite nor NaN.
    IsFinite isfinite try_isfinite isfinite_ try_isfinite_ Test -2.0..2.0, 1.0 => 1.0;
    /// Whether an element is plus or minus infinity.
    IsInf isinf try_isinf isinf_ try_isinf_ Test -2.0..2.0, 1.0 => 0.0;
    /// Whether an element is not a number.
    IsNan isnan try_isnan isnan_ try_isnan_ Test -2.0..2.0, 1.0 => 0.0;
    /// Whether an element is minus infinity.
    IsNegInf isneginf try_isneginf isneginf_ try_isneginf_ Test -2.0..2.0, 1.0 => 0.0;
    /// Whether an element is plus infinity.
    IsPosInf isposinf try_isposinf isposinf_ try_isposinf_ Test -2.0..2.0, 1.0 => 0.0;
    /// The logarithm of the gamma function's absolute value.
    Lgamma lgamma try_lgamma lgamma_ try_lgamma_ Float 0.3..4.0, 0.5 => 0.5723649429247001;
    /// The natural logarithm.
    Log log try_log log_ try_log_ Float 0.1..5.0, 1.0 => 0.0;
    /// The logarithm to base 10.
    Log10 log10 try_log10 log10_ try_log10_ Float 0.1..5.0, 1000.0 => 3.0;
    /// ln(1 + x), accurate near zero.
    Log1p log1p try_log1p log1p_ try_log1p_ Float -0.9..4.0, 1e-3 => 0.0009995003330835334;
    /// The logarithm to base 2.
    Log2 log2 try_log2 log2_ try_log2_ Float 0.1..5.0, 8.0 => 3.0;
    /// Whether an element is zero.
    LogicalNot logical_not try_logical_not logical_not_ try_logical_not_ Test -2.0..2.0, 0.0 => 1.0;
    /// The negative.
    Neg neg try_neg neg_ try_neg_ Number -2.0..2.0, 1.5 => -1.5;
    /// Radians in degrees.
    Rad2deg rad2deg try_rad2deg rad2deg_ try_rad2deg_ Float -2.0..2.0, 3.141592653589793 => 180.0;
    /// One over each element.
    Reciprocal reciprocal try_reciprocal reciprocal_ try_reciprocal_ Float 0.5..3.0, 4.0 => 0.25;
    /// The larger of zero and each element.
    Relu relu try_relu relu_ try_relu_ Number 0.1..2.0, -1.5 => 0.0;
    /// The nearest whole number; halves go to the even one.
    Round round try_round round_ try_round_ Number -2.0..2.0, 2.5 => 2.0;
    /// One over the square root.
    Rsqrt rsqrt try_rsqrt rsqrt_ try_rsqrt_ Float 0.5..3.0, 4.0 => 0.5;
    /// −1, 0 or 1: of real numbers the [`sign`](Tensor::sign).
    Sgn sgn try_sgn sgn_ try_sgn_ Any -2.0..2.0, -3.5 => -1.0;
    /// The logistic function 1 / (1 + exp(−x)).
    Sigmoid sigmoid try_sigmoid sigmoid_ try_sigmoid_ Float -4.0..4.0, 0.0 => 0.5;
    /// −1, 0 or 1, as the element is below, at or above zero.
    Sign sign try_sign sign_ try_sign_ Any -2.0..2.0, -3.5 => -1.0;
    /// Whether the sign is minus, also a zero's or a NaN's.
    Signbit signbit try_signbit signbit_ try_signbit_ Test -2.0..2.0, -0.5 => 1.0;
    /// x · sigmoid(x), also called swish.
    Silu silu try_silu silu_ try_silu_ Float -4.0..4.0, 1.0 => 0.7310585786300049;
    /// The sine of radians.
    Sin sin try_sin sin_ try_sin_ Float -3.0..3.0, 1.5707963267948966 => 1.0;
    /// sin(πx) / (πx), and 1 at zero.
    Sinc sinc try_sinc sinc_ try_sinc_ Float 0.2..1.8, 0.5 => 0.6366197723675814;
    /// The hyperbolic sine.
    Sinh sinh try_sinh sinh_ try_sinh_ Float -3.0..3.0, 1.0 => 1.1752011936438014;
    /// The square root.
    Sqrt sqrt try_sqrt sqrt_ try_sqrt_ Float 0.2..4.0, 2.25 => 1.5;
    /// The tangent of radians.
    Tan tan try_tan tan_ try_tan_ Float -1.2..1.2, 0.0 => 0.0;
    /// The hyperbolic tangent.
    Tanh tanh try_tanh tanh_ try_tanh_ Float -3.0..3.0, 0.5 => 0.46211715726000973;
    /// The derivative of [`digamma`](Tensor::digamma), PyTorch's `polygamma(1)`, to the accuracy that PyTorch's formula has in
    /// the tensor's dtype.
    Trigamma trigamma try_trigamma trigamma_ try_trigamma_ Float 0.6..4.0, 1.0 => 1.6449340668482264;
    /// The nearest whole number towards zero.
    Trunc trunc try_trunc trunc_ try_trunc_ Number -2.0..2.0, -1.7 => -1.0;
}

impl Unary {
    pub(crate) fn plan(self, x: &Tensor) -> Result<Plan> {
        let (dtype, compute) = self.dtypes(x.dtype())?;
        Ok(Plan { layout: elementwise_layout(x), dtype, compute })
    }

    /// The dtypes of the result and of the computation.
    #[inline]
    pub(super) fn dtypes(self, own: DType) -> Result<(DType, DType)> {
        let compute = match self.domain() {
            Domain::Float if self == Unary::Silu && !own.is_floating_point() => {
                bail!(DType, "\"silu_cpu\" not implemented for '{}'", own.type_name())
            }
            Domain::Float => own.to_float(),
            Domain::Any | Domain::Test => own,
            Domain::Number if self == Unary::Frac && own.is_integer() => {
                bail!(DType, "\"frac_cpu\" not implemented for '{}'", own.type_name())
            }
            Domain::Number if own != DType::Bool => own,
            Domain::Bits if !own.is_floating_point() => own,
            Domain::Number if self == Unary::Neg => bail!(
                DType,
                "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the \
                 `~` or `logical_not()` operator instead."
            ),
            Domain::Number if self == Unary::Relu => bail!(DType, "Boolean inputs not supported for relu"),
            Domain::Number if matches!(self, Unary::Ceil | Unary::Floor | Unary::Round | Unary::Trunc) => {
                bail!(DType, "\"{}_vml_cpu\" not implemented for '{}'", self.name(), own.type_name())
            }
            Domain::Number | Domain::Bits => {
                bail!(DType, "\"{}_cpu\" not implemented for '{}'", self.name(), own.type_name())
            }
        };
        let dtype = if self.domain() == Domain::Test { DType::Bool } else { compute };
        Ok((dtype, compute))
    }
}

/// The layout of a result with one element per element of `x`.
#[inline]
pub(crate) fn elementwise_layout(x: &Tensor) -> Layout {
    match x.layout() {
        layout if !layout.is_contiguous() => layout.repeated(),
        layout if layout.is_plain() => layout.clone(),
        layout => Layout::contiguous(layout.shape().clone()),
    }
}
