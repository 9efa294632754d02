//! Rust types that stand for dtypes: what a buffer's bytes are read as.

use crate::{DType, Scalar, bf16, f16};
pub use bytemuck::Pod;

/// A `bool` as it lies in memory: any byte is a valid value, zero is false. (Rust's own `bool` may only be 0 or 1, which
/// bytes from outside cannot promise.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
#[repr(transparent)]
pub struct Bool(pub u8);

// SAFETY: a transparent wrapper of `u8`, of which every bit pattern is valid and which has no padding.
unsafe impl bytemuck::Zeroable for Bool {}
// SAFETY: as above.
unsafe impl Pod for Bool {}

/// A Rust number that tensors can be made of and read as. Its bytes are those of [`Stored`](Element::Stored): without padding,
/// and checked where not every pattern is a value (`bool`).
pub trait Element:
    Copy + Send + Sync + PartialEq + std::fmt::Debug + bytemuck::NoUninit + bytemuck::CheckedBitPattern + 'static
{
    /// The dtype that it is stored as.
    const DTYPE: DType;
    /// How it lies in memory: itself, but for `bool`.
    type Stored: Pod;
    /// To memory.
    fn store(self) -> Self::Stored;
    /// From memory.
    fn load(stored: Self::Stored) -> Self;
    /// As a number of no particular size.
    fn scalar(self) -> Scalar;
    /// From a number of any kind, with a cast's rules: reals lose their fraction, integers wrap.
    fn from_scalar(number: Scalar) -> Self;
}

macro_rules! element {
    ($($t:ty = $dtype:ident, |$n:ident| $from:expr;)*) => { $(
        impl Element for $t {
            const DTYPE: DType = DType::$dtype;
            type Stored = $t;
            #[inline]
            fn store(self) -> $t { self }
            #[inline]
            fn load(stored: $t) -> $t { stored }
            #[inline]
            fn scalar(self) -> Scalar { Scalar::from(self) }
            #[inline]
            fn from_scalar($n: Scalar) -> $t { $from }
        }
    )* };
}
element! {
    u8 = U8, |n| n.to_i64() as u8;
    i8 = I8, |n| n.to_i64() as i8;
    i16 = I16, |n| n.to_i64() as i16;
    i32 = I32, |n| n.to_i64() as i32;
    i64 = I64, |n| n.to_i64();
    f16 = F16, |n| f16::from_f32(n.to_f64() as f32);
    bf16 = BF16, |n| bf16::from_f32(n.to_f64() as f32);
    f32 = F32, |n| n.to_f64() as f32;
    f64 = F64, |n| n.to_f64();
}

impl Element for bool {
    const DTYPE: DType = DType::Bool;
    type Stored = Bool;
    #[inline]
    fn store(self) -> Bool {
        Bool(self as u8)
    }
    #[inline]
    fn load(stored: Bool) -> bool {
        stored.0 != 0
    }
    #[inline]
    fn scalar(self) -> Scalar {
        Scalar::Bool(self)
    }
    #[inline]
    fn from_scalar(number: Scalar) -> bool {
        number.to_bool()
    }
}
