//! Functions of two elements, broadcast: the table, its methods, and promotion.

use super::{Op, Plan};
use crate::{DType, Dims, IntoOperand, Layout, Operand, Result, Tensor, bail, or_panic, shape};
use storage::Scalar;

/// What a binary function does with dtypes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// The promoted dtype, any number or `bool`.
    Any,
    /// The promoted dtype, but not `bool`.
    Number,
    /// The promoted dtype if a float, else `float32`.
    Float,
    /// Compared in the promoted dtype; the result is `bool`.
    Test,
    /// Whole numbers and `bool` only.
    Bits,
    /// Whole numbers only.
    Whole,
    /// Floats only.
    Real,
}

/// Defines the family: the enum, its metadata, and for each function the method, its fallible twin, and both in place.
/// Methods take a tensor or a number.
macro_rules! binary {
    ($($(#[$doc:meta])* $variant:ident $name:ident $try_name:ident $inplace:ident $try_inplace:ident
       $domain:ident, ($a:literal, $b:literal) => $y:literal;)*) => {
        /// A function of two elements.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Binary { $($(#[$doc])* $variant),* }

        impl Binary {
            /// Every function of the family.
            pub const ALL: &'static [Binary] = &[$(Binary::$variant),*];

            /// PyTorch's name.
            pub const fn name(self) -> &'static str {
                match self { $(Binary::$variant => stringify!($name)),* }
            }

            /// What the function does with dtypes.
            #[inline]
            pub const fn domain(self) -> Domain {
                match self { $(Binary::$variant => Domain::$domain),* }
            }
        }

        impl Tensor { $(
            $(#[$doc])*
            ///
            /// The other operand is a tensor, broadcast against this one, or a number.
            ///
            /// ```
            /// # use tensor_core::Tensor;
            #[doc = concat!("let a = Tensor::from_vec(vec![", stringify!($a), "], [1], ops_cpu::cpu());")]
            #[doc = concat!("let b = Tensor::from_vec(vec![", stringify!($b), "], [1], ops_cpu::cpu());")]
            #[doc = concat!("let y = a.", stringify!($name), "(&b).to_dtype(tensor_core::DType::F64).item::<f64>();")]
            #[doc = concat!("assert!((y - f64::from(", stringify!($y), ")).abs() < 1e-6, \"{y}\");")]
            /// ```
            ///
            /// # Panics
            /// If the shapes do not broadcast or the function is not defined for the dtypes.
            #[inline]
            #[track_caller]
            pub fn $name(&self, other: impl IntoOperand) -> Tensor {
                or_panic(self.$try_name(other))
            }

            #[doc = concat!("As [`", stringify!($name), "`](Self::", stringify!($name), "), but returns misuse as an error.")]
            #[inline]
            pub fn $try_name(&self, other: impl IntoOperand) -> Result<Tensor> {
                Binary::$variant.apply(self, other.operand())
            }

            #[doc = concat!("[`", stringify!($name), "`](Self::", stringify!($name), ") in place; returns the tensor itself.")]
            ///
            /// # Panics
            /// If the result does not fit the tensor's shape or dtype, or the tensor may not be written in place.
            #[track_caller]
            pub fn $inplace(&self, other: impl IntoOperand) -> Tensor {
                or_panic(self.$try_inplace(other))
            }

            #[doc = concat!("As [`", stringify!($inplace), "`](Self::", stringify!($inplace), "), but returns misuse as an error.")]
            pub fn $try_inplace(&self, other: impl IntoOperand) -> Result<Tensor> {
                Binary::$variant.apply_in_place(self, other.operand())
            }
        )* }
    };
}

binary! {
    /// The sum.
    Add add try_add add_ try_add_ Any, (2.0, 3.0) => 5.0;
    /// The angle of the point (other, self) from the x axis, in radians.
    Atan2 atan2 try_atan2 atan2_ try_atan2_ Float, (1.0, 1.0) => 0.7853981633974483;
    /// Bits set in both; the logical and of `bool`s.
    BitwiseAnd bitwise_and try_bitwise_and bitwise_and_ try_bitwise_and_ Bits, (6i64, 3i64) => 2.0;
    /// The bits moved up by the other; zero where the other is negative or not less than the width.
    BitwiseLeftShift bitwise_left_shift try_bitwise_left_shift bitwise_left_shift_ try_bitwise_left_shift_ Whole, (3i64, 2i64) => 12;
    /// Bits set in either.
    BitwiseOr bitwise_or try_bitwise_or bitwise_or_ try_bitwise_or_ Bits, (6i64, 3i64) => 7.0;
    /// The bits moved down by the other, copies of the sign behind them.
    BitwiseRightShift bitwise_right_shift try_bitwise_right_shift bitwise_right_shift_ try_bitwise_right_shift_ Whole, (-5i64, 1i64) => -3;
    /// Bits set in exactly one.
    BitwiseXor bitwise_xor try_bitwise_xor bitwise_xor_ try_bitwise_xor_ Bits, (6i64, 3i64) => 5.0;
    /// The size of `self` with the sign of the other.
    Copysign copysign try_copysign copysign_ try_copysign_ Float, (2.0, -0.5) => -2.0;
    /// The quotient; of whole numbers too, as floats.
    Div div try_div div_ try_div_ Float, (3i64, 2i64) => 1.5;
    /// Whether both are equal.
    Eq eq try_eq eq_ try_eq_ Test, (2.0, 2.0) => 1.0;
    /// The quotient rounded down.
    FloorDivide floor_divide try_floor_divide floor_divide_ try_floor_divide_ Number, (-7i64, 2i64) => -4.0;
    /// The larger; of a NaN and a number the number.
    Fmax fmax try_fmax fmax_ try_fmax_ Any, (2.0, 3.0) => 3.0;
    /// The smaller; of a NaN and a number the number.
    Fmin fmin try_fmin fmin_ try_fmin_ Any, (2.0, 3.0) => 2.0;
    /// The remainder of a division rounded towards zero; it has the sign of `self`.
    Fmod fmod try_fmod fmod_ try_fmod_ Number, (-7.0, 2.0) => -1.0;
    /// The greatest common divisor of whole numbers.
    Gcd gcd try_gcd gcd_ try_gcd_ Whole, (12i64, 18i64) => 6;
    /// Whether `self` is greater or equal.
    Ge ge try_ge ge_ try_ge_ Test, (2.0, 3.0) => 0.0;
    /// Whether `self` is greater.
    Gt gt try_gt gt_ try_gt_ Test, (3.0, 2.0) => 1.0;
    /// Heaviside's step: 0 below zero, 1 above, and at zero the other operand.
    Heaviside heaviside try_heaviside heaviside_ try_heaviside_ Any, (0.0, 0.5) => 0.5;
    /// √(a² + b²), without overflow.
    Hypot hypot try_hypot hypot_ try_hypot_ Real, (3.0, 4.0) => 5.0;
    /// The least common multiple of whole numbers.
    Lcm lcm try_lcm lcm_ try_lcm_ Whole, (4i64, 6i64) => 12;
    /// Whether `self` is less or equal.
    Le le try_le le_ try_le_ Test, (2.0, 2.0) => 1.0;
    /// ln(exp(a) + exp(b)), without overflow.
    LogAddExp logaddexp try_logaddexp logaddexp_ try_logaddexp_ Real, (0.0, 0.0) => 0.6931471805599453;
    /// log₂(2ᵃ + 2ᵇ), without overflow.
    LogAddExp2 logaddexp2 try_logaddexp2 logaddexp2_ try_logaddexp2_ Real, (3.0, 3.0) => 4.0;
    /// Whether both are non-zero.
    LogicalAnd logical_and try_logical_and logical_and_ try_logical_and_ Test, (2.0, 0.0) => 0.0;
    /// Whether either is non-zero.
    LogicalOr logical_or try_logical_or logical_or_ try_logical_or_ Test, (2.0, 0.0) => 1.0;
    /// Whether exactly one is non-zero.
    LogicalXor logical_xor try_logical_xor logical_xor_ try_logical_xor_ Test, (2.0, 3.0) => 0.0;
    /// Whether `self` is less.
    Lt lt try_lt lt_ try_lt_ Test, (2.0, 3.0) => 1.0;
    /// The larger; NaN if either is.
    Maximum maximum try_maximum maximum_ try_maximum_ Any, (2.0, 3.0) => 3.0;
    /// The smaller; NaN if either is.
    Minimum minimum try_minimum minimum_ try_minimum_ Any, (2.0, 3.0) => 2.0;
    /// The product.
    Mul mul try_mul mul_ try_mul_ Any, (2.0, 3.0) => 6.0;
    /// Whether both differ.
    Ne ne try_ne ne_ try_ne_ Test, (2.0, 2.0) => 0.0;
    /// The next number of the dtype from `self` towards the other.
    Nextafter nextafter try_nextafter nextafter_ try_nextafter_ Real, (1.0, 2.0) => 1.0;
    /// `self` to the power of the other.
    Pow pow try_pow pow_ try_pow_ Number, (2.0, 3.0) => 8.0;
    /// The remainder of a division rounded down; it has the sign of the other operand.
    Remainder remainder try_remainder remainder_ try_remainder_ Number, (-7.0, 2.0) => 1.0;
    /// Hurwitz' zeta function Σ (other + k)^(−self) over k ≥ 0.
    SpecialZeta special_zeta try_special_zeta special_zeta_ try_special_zeta_ Float, (2.0, 1.0) => 1.6449340668482264;
    /// The difference.
    Sub sub try_sub sub_ try_sub_ Number, (2.0, 3.0) => -1.0;
    /// `self` times the logarithm of the other; zero where `self` is zero.
    Xlogy xlogy try_xlogy xlogy_ try_xlogy_ Float, (2.0, 2.718281828459045) => 2.0;
}

/// PyTorch's text for a difference with one operand of `bool`.
pub(super) const BOOL_DIFFERENCE: &str = "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or \
     `logical_not()` operator instead.";

impl Binary {
    /// The function on a tensor and another operand.
    #[inline]
    pub fn apply(self, a: &Tensor, b: Operand<'_>) -> Result<Tensor> {
        match b {
            Operand::Tensor(b) => Tensor::apply(Op::Binary(self), &[a, b]),
            Operand::Owned(b) => Tensor::apply(Op::Binary(self), &[a, &b]),
            Operand::Number(number) => Tensor::apply(Op::Scalar { op: self, number, reversed: false }, &[a]),
        }
    }

    /// The function on a number and a tensor. A quotient is the product with the reciprocal, as in PyTorch, to the last bit.
    pub fn apply_reversed(self, number: Scalar, b: &Tensor) -> Result<Tensor> {
        if self == Binary::Div {
            return b.try_reciprocal()?.try_mul(number);
        }
        Tensor::apply(Op::Scalar { op: self, number, reversed: true }, &[b])
    }

    fn apply_in_place(self, a: &Tensor, b: Operand<'_>) -> Result<Tensor> {
        match b {
            Operand::Tensor(b) => a.write(Op::Binary(self), &[a, b])?,
            Operand::Owned(b) => a.write(Op::Binary(self), &[a, &b])?,
            Operand::Number(number) => a.write(Op::Scalar { op: self, number, reversed: false }, &[a])?,
        }
        Ok(a.clone())
    }

    #[inline]
    pub(crate) fn plan(self, a: &Tensor, b: &Tensor) -> Result<Plan> {
        let (x, y) = (a.layout(), b.layout());
        let promoted = if a.dtype() == b.dtype() {
            a.dtype()
        } else {
            self.check_bool(a.dtype(), b.dtype() == DType::Bool)?;
            if self == Binary::Heaviside {
                bail!(DType, "heaviside is not yet implemented for tensors with different dtypes.");
            }
            a.dtype().promote_ranked(x.rank(), b.dtype(), y.rank())
        };
        let (dtype, compute) = self.dtypes(promoted)?;
        let layout = if x.shape() == y.shape() {
            match x.is_contiguous() && y.is_contiguous() {
                true if x.is_plain() => x.clone(),
                true => Layout::contiguous(Dims::clone(x.shape())),
                false if x.strides() == y.strides() => x.repeated(),
                false => Layout::following(Dims::clone(x.shape()), &[x, y]),
            }
        } else {
            Layout::following(shape::broadcast(x.shape(), y.shape())?, &[x, y])
        };
        Ok(Plan { layout, dtype, compute })
    }

    pub(crate) fn plan_scalar(self, x: &Tensor, number: Scalar, reversed: bool) -> Result<Plan> {
        let (dtype, compute) = self.scalar_dtypes(x.dtype(), number, reversed)?;
        Ok(Plan { layout: super::unary::elementwise_layout(x), dtype, compute })
    }

    /// The dtypes of the result and of the computation with a plain number.
    #[inline]
    pub(super) fn scalar_dtypes(self, dtype: DType, number: Scalar, reversed: bool) -> Result<(DType, DType)> {
        self.check_bool(dtype, matches!(number, Scalar::Bool(_)))?;
        let (dtype, compute) = self.dtypes(dtype.promote_scalar(number))?;
        if self == Binary::Pow
            && !reversed
            && compute.is_integer()
            && let Scalar::Int(power) = number
            && power < 0
        {
            bail!(Value, "Integers to negative integer powers are not allowed.");
        }
        Ok((dtype, compute))
    }

    /// A difference with one `bool` operand would mean something else to everyone; two are refused with the dtypes.
    #[inline]
    fn check_bool(self, dtype: DType, other_is_bool: bool) -> Result<()> {
        if self == Binary::Sub && (dtype == DType::Bool) != other_is_bool {
            bail!(DType, "{BOOL_DIFFERENCE}");
        }
        Ok(())
    }

    /// The dtypes of the result and of the computation, from the operands' promoted dtype.
    #[inline]
    pub(super) fn dtypes(self, promoted: DType) -> Result<(DType, DType)> {
        Ok(match self.domain() {
            Domain::Any => (promoted, promoted),
            Domain::Float if self == Binary::SpecialZeta && matches!(promoted, DType::F16 | DType::BF16) => {
                bail!(DType, "\"zeta_cpu\" not implemented for '{}'", promoted.type_name())
            }
            Domain::Float => (promoted.to_float(), promoted.to_float()),
            Domain::Test => (DType::Bool, promoted),
            Domain::Number if promoted != DType::Bool => (promoted, promoted),
            Domain::Bits if !promoted.is_floating_point() => (promoted, promoted),
            Domain::Number if self == Binary::Sub => bail!(
                DType,
                "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` \
                 operator instead."
            ),
            Domain::Number if self == Binary::FloorDivide => {
                bail!(DType, "\"div_floor_cpu\" not implemented for '{}'", promoted.type_name())
            }
            Domain::Number if self == Binary::Pow => {
                bail!(DType, "\"pow\" not implemented for '{}'", promoted.type_name())
            }
            Domain::Whole if promoted.is_integer() => (promoted, promoted),
            Domain::Real if promoted.is_floating_point() => (promoted, promoted),
            Domain::Number | Domain::Bits | Domain::Whole | Domain::Real => {
                let name = match self {
                    Binary::BitwiseLeftShift => "lshift",
                    Binary::BitwiseRightShift => "rshift",
                    other => other.name(),
                };
                bail!(DType, "\"{name}_cpu\" not implemented for '{}'", promoted.type_name())
            }
        })
    }
}

/// Other names of functions of this family, as PyTorch has them.
impl Tensor {
    /// Another name of [`mul`](Tensor::mul).
    #[inline]
    #[track_caller]
    pub fn multiply(&self, other: impl IntoOperand) -> Tensor {
        self.mul(other)
    }

    /// Another name of [`sub`](Tensor::sub).
    #[inline]
    #[track_caller]
    pub fn subtract(&self, other: impl IntoOperand) -> Tensor {
        self.sub(other)
    }

    /// Another name of [`div`](Tensor::div).
    #[inline]
    #[track_caller]
    pub fn divide(&self, other: impl IntoOperand) -> Tensor {
        self.div(other)
    }
}
