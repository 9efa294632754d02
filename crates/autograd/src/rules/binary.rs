//! Derivatives of functions of two elements, and of an element and a number.

use super::{Rule, camel_case, rules};
use std::borrow::Cow;
use tensor_core::op::Binary;
use tensor_core::{Op, Scalar, Tensor};

pub(super) fn rules(op: Binary) -> &'static [Rule] {
    match op {
        Binary::Add => rules![|g| g.clone(), |g| g.clone()],
        Binary::Atan2 => rules![
            |g, a, b| g * (b / (a * a + b * b)), //
            |g, a, b| g * (-a / (a * a + b * b))
        ],
        Binary::Div => rules![|g, b| g / b, |g, a, b| -g * (a / b / b)],
        Binary::Fmod => rules![|g| g.clone(), |g, a, b| -g * (a / b).trunc()],
        Binary::Maximum => rules![|g, a, b| share(g, &a.gt(b), &a.eq(b)), |g, a, b| share(g, &b.gt(a), &a.eq(b))],
        Binary::Minimum => rules![|g, a, b| share(g, &a.lt(b), &a.eq(b)), |g, a, b| share(g, &b.lt(a), &a.eq(b))],
        Binary::Mul => rules![|g, b| g * b, |g, a| g * a],
        Binary::Pow => rules![|g, a, b| g * b.eq(0.0).where_(0.0, b * a.pow(&(b - 1.0))), |g, a, b, y| {
            // 0^b is flat in b where b ≥ 0; the logarithm of zero must not spoil it.
            let flat = a.eq(0.0).bitwise_and(&b.ge(0.0));
            g * flat.where_(0.0, y * a.masked_fill(&flat, 1.0).log())
        }],
        Binary::Remainder => rules![|g| g.clone(), |g, a, b| -g * (a / b).floor()],
        Binary::Sub => rules![|g| g.clone(), |g| -g],
        Binary::FloorDivide => &[],
        Binary::BitwiseAnd | Binary::BitwiseOr | Binary::BitwiseXor => &[],
        Binary::Eq | Binary::Ge | Binary::Gt | Binary::Le | Binary::Lt | Binary::Ne => &[],
        Binary::LogicalAnd | Binary::LogicalOr | Binary::LogicalXor => &[],
    }
}

/// Where `wins`, the whole gradient; where `ties`, half of it.
fn share(g: &Tensor, wins: &Tensor, ties: &Tensor) -> Tensor {
    wins.where_(g, ties.where_(g * 0.5, 0.0))
}

/// The number of an operation with one.
pub(super) fn number(op: &Op) -> Scalar {
    match op {
        Op::Scalar { number, .. } => *number,
        _ => unreachable!("the rules of operations with a number"),
    }
}

/// The number on the right.
pub(super) fn with_number(op: Binary) -> &'static [Rule] {
    match op {
        Binary::Add | Binary::Sub | Binary::Remainder | Binary::Fmod => rules![|g| g.clone()],
        Binary::Atan2 => rules![|g, x, op| {
            let n = number(op).to_f64();
            g * (n / (x * x + n * n))
        }],
        Binary::Div => rules![|g, number| g / number],
        Binary::Maximum => rules![|g, x, op| share(g, &x.gt(number(op)), &x.eq(number(op)))],
        Binary::Minimum => rules![|g, x, op| share(g, &x.lt(number(op)), &x.eq(number(op)))],
        Binary::Mul => rules![|g, number| g * number],
        Binary::Pow => rules![|g, x, op, input| match number(op).to_f64() {
            0.0 => input.zeros(),
            n => g * (x.pow(n - 1.0) * n),
        }],
        Binary::FloorDivide => &[],
        Binary::BitwiseAnd | Binary::BitwiseOr | Binary::BitwiseXor => &[],
        Binary::Eq | Binary::Ge | Binary::Gt | Binary::Le | Binary::Lt | Binary::Ne => &[],
        Binary::LogicalAnd | Binary::LogicalOr | Binary::LogicalXor => &[],
    }
}

/// The number on the left.
pub(super) fn with_number_first(op: Binary) -> &'static [Rule] {
    match op {
        Binary::Add => rules![|g| g.clone()],
        Binary::Atan2 => rules![|g, x, op| {
            let n = number(op).to_f64();
            g * (-n / (x * x + n * n))
        }],
        Binary::Div => rules![|g, x, y| -g * (y / x)],
        Binary::Fmod => rules![|g, x, op| -g * (number(op).to_f64() / x).trunc()],
        Binary::Maximum => rules![|g, x, op| share(g, &x.gt(number(op)), &x.eq(number(op)))],
        Binary::Minimum => rules![|g, x, op| share(g, &x.lt(number(op)), &x.eq(number(op)))],
        Binary::Mul => rules![|g, number| g * number],
        Binary::Pow => rules![|g, x, y, op| match number(op).to_f64() {
            0.0 => x.ge(0.0).where_(0.0, g * y * f64::NEG_INFINITY),
            n => g * (y * n.ln()),
        }],
        Binary::Remainder => rules![|g, x, op| -g * (number(op).to_f64() / x).floor()],
        Binary::Sub => rules![|g| -g],
        Binary::FloorDivide => &[],
        Binary::BitwiseAnd | Binary::BitwiseOr | Binary::BitwiseXor => &[],
        Binary::Eq | Binary::Ge | Binary::Gt | Binary::Le | Binary::Lt | Binary::Ne => &[],
        Binary::LogicalAnd | Binary::LogicalOr | Binary::LogicalXor => &[],
    }
}

pub(super) fn name(op: Binary) -> Cow<'static, str> {
    match op {
        Binary::Add => Cow::Borrowed("AddBackward0"),
        Binary::Div => Cow::Borrowed("DivBackward0"),
        Binary::Mul => Cow::Borrowed("MulBackward0"),
        Binary::Sub => Cow::Borrowed("SubBackward0"),
        Binary::Fmod => Cow::Borrowed("FmodBackward1"),
        Binary::Pow => Cow::Borrowed("PowBackward1"),
        Binary::Remainder => Cow::Borrowed("RemainderBackward1"),
        op => Cow::Owned(camel_case(op.name()) + "Backward0"),
    }
}

pub(super) fn name_with_number(op: Binary, reversed: bool) -> Cow<'static, str> {
    match (op, reversed) {
        (Binary::Sub, true) => Cow::Borrowed("RsubBackward1"),
        (Binary::Pow, true) => Cow::Borrowed("PowBackward2"),
        (Binary::Pow, false) => Cow::Borrowed("PowBackward0"),
        (Binary::Fmod, false) => Cow::Borrowed("FmodBackward0"),
        (Binary::Remainder, false) => Cow::Borrowed("RemainderBackward0"),
        (op, _) => name(op),
    }
}
