//! Derivatives of functions of each element.

use super::{Rule, camel_case, rules};
use std::borrow::Cow;
use std::f64::consts::{FRAC_2_SQRT_PI, LN_2, LN_10};
use tensor_core::op::Unary;

pub(super) fn rules(op: Unary) -> &'static [Rule] {
    match op {
        Unary::Abs => rules![|g, x| g * x.sign()],
        Unary::Acos => rules![|g, x| g * -(1.0 - x * x).rsqrt()],
        Unary::Acosh => rules![|g, x| g * (x * x - 1.0).rsqrt()],
        Unary::Asin => rules![|g, x| g * (1.0 - x * x).rsqrt()],
        Unary::Asinh => rules![|g, x| g * (x * x + 1.0).rsqrt()],
        Unary::Atan => rules![|g, x| g / (x * x + 1.0)],
        Unary::Atanh => rules![|g, x| g / (1.0 - x * x)],
        Unary::Cos => rules![|g, x| g * -x.sin()],
        Unary::Cosh => rules![|g, x| g * x.sinh()],
        Unary::Erf => rules![|g, x| g * ((x * x).neg().exp() * FRAC_2_SQRT_PI)],
        Unary::Erfc => rules![|g, x| g * ((x * x).neg().exp() * -FRAC_2_SQRT_PI)],
        Unary::Exp => rules![|g, y| g * y],
        Unary::Exp2 => rules![|g, y| g * y * LN_2],
        Unary::Expm1 => rules![|g, y| g * (y + 1.0)],
        Unary::Frac => rules![|g| g.clone()],
        Unary::Log => rules![|g, x| g / x],
        Unary::Log10 => rules![|g, x| g / (x * LN_10)],
        Unary::Log1p => rules![|g, x| g / (x + 1.0)],
        Unary::Log2 => rules![|g, x| g / (x * LN_2)],
        Unary::Neg => rules![|g| -g],
        Unary::Reciprocal => rules![|g, y| -g * (y * y)],
        Unary::Relu => rules![|g, y| g.masked_fill(&y.le(0.0), 0.0)],
        Unary::Rsqrt => rules![|g, y| g * -0.5 * y.pow(3)],
        Unary::Sigmoid => rules![|g, y| g * (1.0 - y) * y],
        Unary::Silu => rules![|g, x| {
            let s = x.sigmoid();
            g * (&s * (x * (1.0 - &s) + 1.0))
        }],
        Unary::Sin => rules![|g, x| g * x.cos()],
        Unary::Sinh => rules![|g, x| g * x.cosh()],
        Unary::Sqrt => rules![|g, y| g / (y * 2.0)],
        Unary::Tan => rules![|g, y| g * (y * y + 1.0)],
        Unary::Tanh => rules![|g, y| g * (1.0 - y * y)],
        // Steps: flat almost everywhere.
        Unary::Ceil | Unary::Floor | Unary::Round | Unary::Sign | Unary::Trunc => rules![|_g, input| input.zeros()],
        // Truth values and bits have no derivative.
        Unary::BitwiseNot | Unary::IsFinite | Unary::IsInf | Unary::IsNan | Unary::LogicalNot => &[],
    }
}

pub(super) fn name(op: Unary) -> Cow<'static, str> {
    match op {
        Unary::Log1p => Cow::Borrowed("Log1PBackward0"),
        op => Cow::Owned(camel_case(op.name()) + "Backward0"),
    }
}
