//! One number of any kind, as it stands beside a tensor in an expression.

use crate::{bf16, f16};
use std::fmt;

/// A plain number: PyTorch's "wrapped number". Its kind takes part in promotion, its size does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A real number.
    Float(f64),
}

impl Scalar {
    /// The value as a double; whole numbers beyond 2^53 round.
    #[inline]
    pub fn to_f64(self) -> f64 {
        match self {
            Scalar::Bool(b) => b as u8 as f64,
            Scalar::Int(i) => i as f64,
            Scalar::Float(x) => x,
        }
    }

    /// The value as a whole number; reals lose their fraction and saturate.
    #[inline]
    pub fn to_i64(self) -> i64 {
        match self {
            Scalar::Bool(b) => b as i64,
            Scalar::Int(i) => i,
            Scalar::Float(x) => x as i64,
        }
    }

    /// Whether the value differs from zero; NaN does.
    #[inline]
    pub fn to_bool(self) -> bool {
        match self {
            Scalar::Bool(b) => b,
            Scalar::Int(i) => i != 0,
            Scalar::Float(x) => x != 0.0,
        }
    }

    /// Whether this is a real number rather than a whole one or a truth value.
    #[inline]
    pub fn is_floating_point(self) -> bool {
        matches!(self, Scalar::Float(_))
    }
}

/// As Rust writes the number: `true`, `10`, `1.5`.
impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Bool(b) => b.fmt(f),
            Scalar::Int(i) => i.fmt(f),
            Scalar::Float(x) => fmt::Debug::fmt(x, f),
        }
    }
}

macro_rules! from {
    ($($variant:ident as $wide:ty: $($t:ty)*;)*) => { $($(
        impl From<$t> for Scalar {
            #[inline]
            fn from(x: $t) -> Scalar {
                Scalar::$variant(<$wide>::from(x))
            }
        }
    )*)* };
}
from! { Bool as bool: bool; Int as i64: u8 i8 u16 i16 u32 i32 i64; Float as f64: f16 bf16 f32 f64; }

impl From<usize> for Scalar {
    /// Sizes beyond `i64::MAX`, which no memory holds, wrap.
    #[inline]
    fn from(x: usize) -> Scalar {
        Scalar::Int(x as i64)
    }
}
