//! `+ - * / % ! - & | ^ << >>` and their assigning forms, for tensors and numbers on both sides.

use crate::op::binary::Binary;
use crate::{IntoOperand, Tensor, or_panic};
use std::ops;
use storage::Scalar;

macro_rules! operators {
    ($($trait:ident $method:ident $assign:ident $assign_method:ident $op:ident $inplace:ident;)*) => { $(
        impl<T: IntoOperand> ops::$trait<T> for &Tensor {
            type Output = Tensor;
            #[inline]
            #[track_caller]
            fn $method(self, other: T) -> Tensor {
                or_panic(Binary::$op.apply(self, other.operand()))
            }
        }
        impl<T: IntoOperand> ops::$trait<T> for Tensor {
            type Output = Tensor;
            #[inline]
            #[track_caller]
            fn $method(self, other: T) -> Tensor {
                or_panic(Binary::$op.apply(&self, other.operand()))
            }
        }
        /// In place, as in PyTorch: every view and clone sees the new value.
        impl<T: IntoOperand> ops::$assign<T> for Tensor {
            #[track_caller]
            fn $assign_method(&mut self, other: T) {
                self.$inplace(other);
            }
        }
        reversed! { $trait $method $op: i64 f64 }
    )* };
}

/// A number on the left. Only one whole and one real type have it: with more, the compiler could not tell the type of the
/// literal in `(1.0 - &x).exp()`.
macro_rules! reversed {
    ($trait:ident $method:ident $op:ident: $($t:ty)*) => { $(
        impl ops::$trait<&Tensor> for $t {
            type Output = Tensor;
            #[inline]
            #[track_caller]
            fn $method(self, other: &Tensor) -> Tensor {
                or_panic(Binary::$op.apply_reversed(Scalar::from(self), other))
            }
        }
        impl ops::$trait<Tensor> for $t {
            type Output = Tensor;
            #[inline]
            #[track_caller]
            fn $method(self, other: Tensor) -> Tensor {
                or_panic(Binary::$op.apply_reversed(Scalar::from(self), &other))
            }
        }
    )* };
}

operators! {
    Add add AddAssign add_assign Add add_;
    Sub sub SubAssign sub_assign Sub sub_;
    Mul mul MulAssign mul_assign Mul mul_;
    Div div DivAssign div_assign Div div_;
    Rem rem RemAssign rem_assign Remainder remainder_;
    BitAnd bitand BitAndAssign bitand_assign BitwiseAnd bitwise_and_;
    BitOr bitor BitOrAssign bitor_assign BitwiseOr bitwise_or_;
    BitXor bitxor BitXorAssign bitxor_assign BitwiseXor bitwise_xor_;
    Shl shl ShlAssign shl_assign BitwiseLeftShift bitwise_left_shift_;
    Shr shr ShrAssign shr_assign BitwiseRightShift bitwise_right_shift_;
}

macro_rules! prefix {
    ($($trait:ident $method:ident $name:ident;)*) => { $(
        impl ops::$trait for &Tensor {
            type Output = Tensor;
            #[track_caller]
            fn $method(self) -> Tensor {
                or_panic(self.$name())
            }
        }
        impl ops::$trait for Tensor {
            type Output = Tensor;
            #[track_caller]
            fn $method(self) -> Tensor {
                or_panic(self.$name())
            }
        }
    )* };
}

prefix! { Neg neg try_neg; Not not try_bitwise_not; }
