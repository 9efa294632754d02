//! Derivatives of functions of two elements, and of an element and a number.

use super::{Rule, camel_case, rules};
use std::borrow::Cow;
use std::f64::consts::LN_2;
use tensor_core::op::Binary;
use tensor_core::{Error, ErrorKind, Op, Scalar, Tensor, or_panic};

pub(super) fn rules(op: Binary) -> &'static [Rule] {
    match op {
        Binary::Add => rules![|g| g.clone(), |g| g.clone()],
        Binary::Atan2 => rules![
            |g, a, b| g * (b / (a * a + b * b)), //
            |g, a, b| g * (-a / (a * a + b * b))
        ],
        Binary::Copysign => rules![|g, a, y| g * slope_of_sign(a, y), |_g, input| input.zeros()],
        Binary::Div => rules![|g, b| g / b, |g, a, b| -g * (a / b / b)],
        Binary::Fmax => {
            rules![|g, a, b| g.masked_fill(&a.ge(b).bitwise_or(&b.isnan()).logical_not(), 0.0), |g, a, b| g
                .masked_fill(&a.ge(b).bitwise_or(&b.isnan()), 0.0)]
        }
        Binary::Fmin => {
            rules![|g, a, b| g.masked_fill(&a.le(b).bitwise_or(&b.isnan()).logical_not(), 0.0), |g, a, b| g
                .masked_fill(&a.le(b).bitwise_or(&b.isnan()), 0.0)]
        }
        Binary::Fmod => rules![|g| g.clone(), |g, a, b| -g * (a / b).trunc()],
        Binary::Hypot => rules![|g, a, y| g * (a / y), |g, b, y| g * (b / y)],
        Binary::LogAddExp => rules![|g, a, b| g * (a - b).sigmoid(), |g, a, b| g * (b - a).sigmoid()],
        Binary::LogAddExp2 => {
            rules![|g, a, b| g * ((a - b) * LN_2).sigmoid(), |g, a, b| g * ((b - a) * LN_2).sigmoid()]
        }
        Binary::Maximum => rules![|g, a, b| share(g, &a.gt(b), &a.eq(b)), |g, a, b| share(g, &b.gt(a), &a.eq(b))],
        Binary::Minimum => rules![|g, a, b| share(g, &a.lt(b), &a.eq(b)), |g, a, b| share(g, &b.lt(a), &a.eq(b))],
        Binary::Mul => rules![|g, b| g * b, |g, a| g * a],
        Binary::Nextafter => rules![|g| g.clone(), |_g, input| input.zeros()],
        Binary::Pow => rules![|g, a, b| g * b.eq(0.0).where_(0.0, b * a.pow(&(b - 1.0))), |g, a, b, y| {
            // 0^b is flat in b where b ≥ 0; the logarithm of zero must not spoil it.
            let flat = a.eq(0.0).bitwise_and(&b.ge(0.0));
            g * flat.where_(0.0, y * a.masked_fill(&flat, 1.0).log())
        }],
        Binary::Remainder => rules![|g| g.clone(), |g, a, b| -g * (a / b).floor()],
        Binary::SpecialZeta => rules![|_g| exponent_of_zeta(), |g, a, b| g * -a * (a + 1.0).special_zeta(b)],
        Binary::Sub => rules![|g| g.clone(), |g| -g],
        Binary::Xlogy => {
            rules![|g, a, b| g.xlogy(b).masked_fill(&a.eq(0.0).bitwise_and(&b.le(0.0)), 0.0), |g, a, b| g * (a / b)]
        }
        // A step. PyTorch has its gradient under the name `div(rounding_mode='floor')` only.
        Binary::FloorDivide => rules![|_g, input| input.zeros(), |_g, input| input.zeros()],
        // PyTorch has none either.
        Binary::Gcd | Binary::Heaviside | Binary::Lcm => &[],
        Binary::BitwiseAnd | Binary::BitwiseOr | Binary::BitwiseXor => &[],
        Binary::BitwiseLeftShift | Binary::BitwiseRightShift => &[],
        Binary::Eq | Binary::Ge | Binary::Gt | Binary::Le | Binary::Lt | Binary::Ne => &[],
        Binary::LogicalAnd | Binary::LogicalOr | Binary::LogicalXor => &[],
    }
}

/// Where `wins`, the whole gradient; where `ties`, half of it.
fn share(g: &Tensor, wins: &Tensor, ties: &Tensor) -> Tensor {
    wins.where_(g, ties.where_(g * 0.5, 0.0))
}

/// Whether the sign was kept (1) or turned (−1); flat at zero.
fn slope_of_sign(x: &Tensor, y: &Tensor) -> Tensor {
    (y / x).masked_fill(&x.eq(0.0), 0.0)
}

/// What PyTorch does not have either.
fn exponent_of_zeta() -> Tensor {
    or_panic(Err(Error::new(ErrorKind::Autograd, "the derivative for 'zeta' is not implemented.")))
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
        Binary::Add | Binary::Sub | Binary::Remainder | Binary::Fmod | Binary::Nextafter => rules![|g| g.clone()],
        Binary::Atan2 => rules![|g, x, op| {
            let n = number(op).to_f64();
            g * (n / (x * x + n * n))
        }],
        Binary::Copysign => rules![|g, x, y| g * slope_of_sign(x, y)],
        Binary::Div => rules![|g, number| g / number],
        Binary::Fmax => rules![|g, x, op| match number(op).to_f64() {
            n if n.is_nan() => g.clone(),
            n => g.masked_fill(&x.ge(n).logical_not(), 0.0),
        }],
        Binary::Fmin => rules![|g, x, op| match number(op).to_f64() {
            n if n.is_nan() => g.clone(),
            n => g.masked_fill(&x.le(n).logical_not(), 0.0),
        }],
        Binary::Hypot => rules![|g, x, y| g * (x / y)],
        Binary::LogAddExp => rules![|g, x, op| g * (x - number(op)).sigmoid()],
        Binary::LogAddExp2 => rules![|g, x, op| g * ((x - number(op)) * LN_2).sigmoid()],
        Binary::Maximum => rules![|g, x, op| share(g, &x.gt(number(op)), &x.eq(number(op)))],
        Binary::Minimum => rules![|g, x, op| share(g, &x.lt(number(op)), &x.eq(number(op)))],
        Binary::Mul => rules![|g, number| g * number],
        Binary::Pow => rules![|g, x, op, input| match number(op).to_f64() {
            0.0 => input.zeros(),
            2.0 => g * (x * 2.0),
            n => g * (x.pow(n - 1.0) * n),
        }],
        Binary::SpecialZeta => rules![|_g| exponent_of_zeta()],
        Binary::Xlogy => rules![|g, x, op| match number(op).to_f64() {
            n if n <= 0.0 => g.xlogy(n).masked_fill(&x.eq(0.0), 0.0),
            n => g.xlogy(n),
        }],
        // A step. PyTorch has its gradient under the name `div(rounding_mode='floor')` only.
        Binary::FloorDivide => rules![|_g, input| input.zeros()],
        // PyTorch has none either.
        Binary::Gcd | Binary::Heaviside | Binary::Lcm => &[],
        Binary::BitwiseAnd | Binary::BitwiseOr | Binary::BitwiseXor => &[],
        Binary::BitwiseLeftShift | Binary::BitwiseRightShift => &[],
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
        Binary::Copysign | Binary::Nextafter => rules![|_g, input| input.zeros()],
        Binary::Div => rules![|g, x, y| -g * (y / x)],
        Binary::Fmax => rules![|g, x, op| g.masked_fill(&x.le(number(op)).bitwise_or(&x.isnan()), 0.0)],
        Binary::Fmin => rules![|g, x, op| g.masked_fill(&x.ge(number(op)).bitwise_or(&x.isnan()), 0.0)],
        Binary::Fmod => rules![|g, x, op| -g * (number(op).to_f64() / x).trunc()],
        Binary::Hypot => rules![|g, x, y| g * (x / y)],
        Binary::LogAddExp => rules![|g, x, op| g * (x - number(op)).sigmoid()],
        Binary::LogAddExp2 => rules![|g, x, op| g * ((x - number(op)) * LN_2).sigmoid()],
        Binary::Maximum => rules![|g, x, op| share(g, &x.gt(number(op)), &x.eq(number(op)))],
        Binary::Minimum => rules![|g, x, op| share(g, &x.lt(number(op)), &x.eq(number(op)))],
        Binary::Mul => rules![|g, number| g * number],
        Binary::Pow => rules![|g, x, y, op| match number(op).to_f64() {
            0.0 => x.ge(0.0).where_(0.0, g * y * f64::NEG_INFINITY),
            n => g * (y * n.ln()),
        }],
        Binary::Remainder => rules![|g, x, op| -g * (number(op).to_f64() / x).floor()],
        Binary::Sub => rules![|g| -g],
        Binary::SpecialZeta => rules![|g, x, op| {
            let n = number(op).to_f64();
            g * -n * or_panic(Binary::SpecialZeta.apply_reversed((n + 1.0).into(), x))
        }],
        Binary::Xlogy => rules![|g, x, op| g * number(op).to_f64() / x],
        // A step. PyTorch has its gradient under the name `div(rounding_mode='floor')` only.
        Binary::FloorDivide => rules![|_g, input| input.zeros()],
        // PyTorch has none either.
        Binary::Gcd | Binary::Heaviside | Binary::Lcm => &[],
        Binary::BitwiseAnd | Binary::BitwiseOr | Binary::BitwiseXor => &[],
        Binary::BitwiseLeftShift | Binary::BitwiseRightShift => &[],
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
        Binary::FloorDivide => Cow::Borrowed("DivBackward2"),
        Binary::Fmod => Cow::Borrowed("FmodBackward1"),
        Binary::Pow => Cow::Borrowed("PowBackward1"),
        Binary::Remainder => Cow::Borrowed("RemainderBackward1"),
        op => Cow::Owned(camel_case(op.name()) + "Backward0"),
    }
}

pub(super) fn name_with_number(op: Binary, reversed: bool) -> Cow<'static, str> {
    match (op, reversed) {
        (Binary::Copysign, false) => Cow::Borrowed("CopysignBackward1"),
        (Binary::SpecialZeta, true) => Cow::Borrowed("SpecialZetaBackward1"),
        (Binary::SpecialZeta, false) => Cow::Borrowed("SpecialZetaBackward2"),
        (Binary::Xlogy, true) => Cow::Borrowed("XlogyBackward1"),
        (Binary::Xlogy, false) => Cow::Borrowed("XlogyBackward2"),
        (Binary::Sub, true) => Cow::Borrowed("RsubBackward1"),
        (Binary::Pow, true) => Cow::Borrowed("PowBackward2"),
        (Binary::Pow, false) => Cow::Borrowed("PowBackward0"),
        (Binary::Fmod, false) => Cow::Borrowed("FmodBackward0"),
        (Binary::Remainder, false) => Cow::Borrowed("RemainderBackward0"),
        (op, _) => name(op),
    }
}
