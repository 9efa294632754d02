//! The second operand of a binary function: a tensor or a plain number.

use crate::Tensor;
use storage::{Scalar, bf16, f16};

/// A tensor or a number, as an argument.
pub enum Operand<'a> {
    /// Somebody else's tensor.
    Tensor(&'a Tensor),
    /// A tensor given away.
    Owned(Tensor),
    /// A plain number: its kind takes part in promotion, its size does not.
    Number(Scalar),
}

/// What can stand as the second operand: `&x`, `x`, `2`, `0.5`.
pub trait IntoOperand {
    /// As the common form.
    fn operand<'a>(self) -> Operand<'a>
    where
        Self: 'a;
}

impl IntoOperand for &Tensor {
    #[inline]
    fn operand<'a>(self) -> Operand<'a>
    where
        Self: 'a,
    {
        Operand::Tensor(self)
    }
}

impl IntoOperand for Tensor {
    #[inline]
    fn operand<'a>(self) -> Operand<'a> {
        Operand::Owned(self)
    }
}

impl IntoOperand for Operand<'_> {
    #[inline]
    fn operand<'a>(self) -> Operand<'a>
    where
        Self: 'a,
    {
        self
    }
}

macro_rules! numbers {
    ($($t:ty)*) => { $(
        impl IntoOperand for $t {
            #[inline]
            fn operand<'a>(self) -> Operand<'a> { Operand::Number(Scalar::from(self)) }
        }
    )* };
}
numbers! { bool u8 i8 i16 i32 i64 usize f16 bf16 f32 f64 Scalar }
