//! Arithmetic that all types a kernel computes in share: whole numbers wrap, `bool` adds as "or" and multiplies as "and". The
//! half types are not among them: they compute in `f32`.

use crate::isa::Level;
use crate::math::Float;
use storage::{Bool, Scalar};

/// A type that kernels compute in.
pub trait Number: storage::Pod + PartialOrd + Send + Sync + 'static {
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// What nothing is below: the least number, −∞.
    const LOWEST: Self;
    /// What nothing is above: the largest number, ∞.
    const HIGHEST: Self;
    /// From a plain number, as a cast.
    fn from_scalar(number: Scalar) -> Self;
    /// The sum.
    fn plus(self, other: Self) -> Self;
    /// The difference.
    fn minus(self, other: Self) -> Self;
    /// The product.
    fn times(self, other: Self) -> Self;
    /// The quotient, of whole numbers towards zero; division of a whole number by zero gives zero.
    fn over(self, other: Self) -> Self;
    /// The quotient rounded down.
    fn floor_over(self, other: Self) -> Self;
    /// The remainder with the sign of the divisor.
    fn remainder(self, other: Self) -> Self;
    /// The remainder with the sign of the dividend.
    fn fmod(self, other: Self) -> Self;
    /// The power.
    fn power<L: Level>(self, other: Self) -> Self;
    /// The angle of the point (other, self).
    fn angle<L: Level>(self, other: Self) -> Self;
    /// The larger; NaN wins.
    fn larger(self, other: Self) -> Self;
    /// The smaller; NaN wins.
    fn smaller(self, other: Self) -> Self;
    /// Whether the number is not zero.
    fn truth(self) -> bool;
    /// Whether the number is NaN.
    fn is_nan(self) -> bool;
    /// As a double.
    fn to_f64(self) -> f64;
}

macro_rules! whole {
    ($($t:ty)*) => { $(
        impl Number for $t {
            const ZERO: $t = 0;
            const ONE: $t = 1;
            const LOWEST: $t = <$t>::MIN;
            const HIGHEST: $t = <$t>::MAX;
            #[inline(always)]
            fn from_scalar(number: Scalar) -> $t { number.to_i64() as $t }
            #[inline(always)]
            fn plus(self, other: $t) -> $t { self.wrapping_add(other) }
            #[inline(always)]
            fn minus(self, other: $t) -> $t { self.wrapping_sub(other) }
            #[inline(always)]
            fn times(self, other: $t) -> $t { self.wrapping_mul(other) }
            #[inline(always)]
            fn over(self, other: $t) -> $t { if other == 0 { 0 } else { self.wrapping_div(other) } }
            #[inline(always)]
            fn floor_over(self, other: $t) -> $t {
                if other == 0 { return 0; }
                let quotient = self.wrapping_div(other);
                let inexact = quotient.wrapping_mul(other) != self;
                #[allow(unused_comparisons, reason = "the unsigned instance never rounds down")]
                let opposite = (self < 0) != (other < 0);
                if inexact && opposite { quotient.wrapping_sub(1) } else { quotient }
            }
            #[inline(always)]
            fn remainder(self, other: $t) -> $t {
                if other == 0 { return 0; }
                self.wrapping_sub(self.floor_over(other).wrapping_mul(other))
            }
            #[inline(always)]
            fn fmod(self, other: $t) -> $t { if other == 0 { 0 } else { self.wrapping_rem(other) } }
            #[inline(always)]
            fn power<L: Level>(self, other: $t) -> $t {
                #[allow(unused_comparisons, reason = "the unsigned instance has no negative powers")]
                if other < 0 {
                    // Whole-number powers below zero: only ±1 have whole reciprocals.
                    let odd = other & 1 != 0;
                    return match self as i64 { 1 => 1, -1 if odd => self, -1 => 1, _ => 0 };
                }
                let (mut result, mut base, mut rest) = (1 as $t, self, other as u64);
                while rest != 0 {
                    if rest & 1 == 1 { result = result.wrapping_mul(base); }
                    base = base.wrapping_mul(base);
                    rest >>= 1;
                }
                result
            }
            #[inline(always)]
            fn angle<L: Level>(self, other: $t) -> $t { f64::atan2(self as f64, other as f64) as $t }
            #[inline(always)]
            fn larger(self, other: $t) -> $t { self.max(other) }
            #[inline(always)]
            fn smaller(self, other: $t) -> $t { self.min(other) }
            #[inline(always)]
            fn truth(self) -> bool { self != 0 }
            #[inline(always)]
            fn is_nan(self) -> bool { false }
            #[inline(always)]
            fn to_f64(self) -> f64 { self as f64 }
        }
    )* };
}
whole! { u8 i8 i16 i32 i64 }

macro_rules! real {
    ($($t:ty)*) => { $(
        impl Number for $t {
            const ZERO: $t = 0.0;
            const ONE: $t = 1.0;
            const LOWEST: $t = <$t>::NEG_INFINITY;
            const HIGHEST: $t = <$t>::INFINITY;
            #[inline(always)]
            fn from_scalar(number: Scalar) -> $t { number.to_f64() as $t }
            #[inline(always)]
            fn plus(self, other: $t) -> $t { self + other }
            #[inline(always)]
            fn minus(self, other: $t) -> $t { self - other }
            #[inline(always)]
            fn times(self, other: $t) -> $t { self * other }
            #[inline(always)]
            fn over(self, other: $t) -> $t { self / other }
            #[inline(always)]
            fn floor_over(self, other: $t) -> $t {
                // Python's definition: exact multiples must not round to the wrong side.
                if other == 0.0 { return self / other; }
                let modulo = self % other;
                let mut quotient = (self - modulo) / other;
                if modulo != 0.0 && ((other < 0.0) != (modulo < 0.0)) { quotient -= 1.0; }
                if quotient == 0.0 { return (0.0 as $t).copysign(self / other); }
                let floor = quotient.floor();
                if quotient - floor > 0.5 { floor + 1.0 } else { floor }
            }
            #[inline(always)]
            fn remainder(self, other: $t) -> $t {
                let modulo = self % other;
                if modulo != 0.0 && ((other < 0.0) != (modulo < 0.0)) { modulo + other } else { modulo }
            }
            #[inline(always)]
            fn fmod(self, other: $t) -> $t { self % other }
            #[inline(always)]
            fn power<L: Level>(self, other: $t) -> $t { Float::pow::<L>(self, other) }
            #[inline(always)]
            fn angle<L: Level>(self, other: $t) -> $t { Float::atan2::<L>(self, other) }
            #[inline(always)]
            fn larger(self, other: $t) -> $t { if (self > other) | (self != self) { self } else { other } }
            #[inline(always)]
            fn smaller(self, other: $t) -> $t { if (self < other) | (self != self) { self } else { other } }
            #[inline(always)]
            fn truth(self) -> bool { self != 0.0 }
            #[inline(always)]
            fn is_nan(self) -> bool { self != self }
            #[inline(always)]
            fn to_f64(self) -> f64 { self as f64 }
        }
    )* };
}
real! { f32 f64 }

impl Number for Bool {
    const ZERO: Bool = Bool(0);
    const ONE: Bool = Bool(1);
    const LOWEST: Bool = Bool(0);
    const HIGHEST: Bool = Bool(1);
    #[inline(always)]
    fn from_scalar(number: Scalar) -> Bool {
        Bool(number.to_bool() as u8)
    }
    #[inline(always)]
    fn plus(self, other: Bool) -> Bool {
        Bool((self.truth() | other.truth()) as u8)
    }
    #[inline(always)]
    fn minus(self, other: Bool) -> Bool {
        Bool((self.truth() ^ other.truth()) as u8)
    }
    #[inline(always)]
    fn times(self, other: Bool) -> Bool {
        Bool((self.truth() & other.truth()) as u8)
    }
    #[inline(always)]
    fn over(self, other: Bool) -> Bool {
        self.times(other)
    }
    #[inline(always)]
    fn floor_over(self, other: Bool) -> Bool {
        self.times(other)
    }
    #[inline(always)]
    fn remainder(self, _: Bool) -> Bool {
        Bool(0)
    }
    #[inline(always)]
    fn fmod(self, _: Bool) -> Bool {
        Bool(0)
    }
    #[inline(always)]
    fn power<L: Level>(self, other: Bool) -> Bool {
        Bool((self.truth() | !other.truth()) as u8)
    }
    #[inline(always)]
    fn angle<L: Level>(self, _: Bool) -> Bool {
        self
    }
    #[inline(always)]
    fn larger(self, other: Bool) -> Bool {
        self.plus(other)
    }
    #[inline(always)]
    fn smaller(self, other: Bool) -> Bool {
        self.times(other)
    }
    #[inline(always)]
    fn truth(self) -> bool {
        self.0 != 0
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        false
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self.truth() as u8 as f64
    }
}

/// The type that a dtype's kernels compute in: its own, but `f32` for the half types.
pub fn compute_dtype(dtype: tensor_core::DType) -> tensor_core::DType {
    match dtype {
        tensor_core::DType::F16 | tensor_core::DType::BF16 => tensor_core::DType::F32,
        other => other,
    }
}

/// Calls `$body` with `$t` standing for the [`Number`] that `$dtype` computes in.
macro_rules! with_number {
    ($dtype:expr, $t:ident => $body:expr) => {
        match $crate::number::compute_dtype($dtype) {
            tensor_core::DType::Bool => {
                type $t = storage::Bool;
                $body
            }
            tensor_core::DType::U8 => {
                type $t = u8;
                $body
            }
            tensor_core::DType::I8 => {
                type $t = i8;
                $body
            }
            tensor_core::DType::I16 => {
                type $t = i16;
                $body
            }
            tensor_core::DType::I32 => {
                type $t = i32;
                $body
            }
            tensor_core::DType::I64 => {
                type $t = i64;
                $body
            }
            tensor_core::DType::F64 => {
                type $t = f64;
                $body
            }
            tensor_core::DType::F32 | tensor_core::DType::F16 | tensor_core::DType::BF16 => {
                type $t = f32;
                $body
            }
        }
    };
}
pub(crate) use with_number;
