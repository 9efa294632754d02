//! Derivatives of functions of each element.

use super::{Rule, camel_case, rules};
use std::borrow::Cow;
use std::f64::consts::{FRAC_2_SQRT_PI, LN_2, LN_10, PI};
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
        Unary::Deg2rad => rules![|g| g.deg2rad()],
        Unary::Digamma => rules![|g, x| g * x.trigamma()],
        Unary::Erf => rules![|g, x| g * ((x * x).neg().exp() * FRAC_2_SQRT_PI)],
        Unary::Erfc => rules![|g, x| g * ((x * x).neg().exp() * -FRAC_2_SQRT_PI)],
        Unary::Erfinv => rules![|g, y| g * ((y * y).exp() * (1.0 / FRAC_2_SQRT_PI))],
        Unary::Exp => rules![|g, y| g * y],
        Unary::Exp2 => rules![|g, y| g * y * LN_2],
        Unary::Expm1 => rules![|g, y| g * (y + 1.0)],
        Unary::Frac => rules![|g| g.clone()],
        Unary::Lgamma => rules![|g, x| g * x.digamma()],
        Unary::Log => rules![|g, x| g / x],
        Unary::Log10 => rules![|g, x| g / (x * LN_10)],
        Unary::Log1p => rules![|g, x| g / (x + 1.0)],
        Unary::Log2 => rules![|g, x| g / (x * LN_2)],
        Unary::Neg => rules![|g| -g],
        Unary::Rad2deg => rules![|g| g.rad2deg()],
        Unary::Reciprocal => rules![|g, y| -g * (y * y)],
        Unary::Relu => rules![|g, y| g.masked_fill(&y.le(0.0), 0.0)],
        Unary::Rsqrt => rules![|g, y| g * -0.5 * y.pow(3)],
        Unary::Sigmoid => rules![|g, y| g * (1.0 - y) * y],
        Unary::Silu => rules![|g, x| {
            let s = x.sigmoid();
            g * (&s * (x * (1.0 - &s) + 1.0))
        }],
        Unary::Sin => rules![|g, x| g * x.cos()],
        Unary::Sinc => rules![|g, x| {
            // At zero the slope is zero, which the quotient would not say.
            let zero = x.eq(0.0);
            let x = x.masked_fill(&zero, 1.0);
            let angle = &x * PI;
            let slope = (angle.cos() * &angle - angle.sin()) / (&x * &angle);
            g * slope.masked_fill(&zero, 0.0)
        }],
        Unary::Sinh => rules![|g, x| g * x.cosh()],
        Unary::Sqrt => rules![|g, y| g / (y * 2.0)],
        Unary::Tan => rules![|g, y| g * (y * y + 1.0)],
        Unary::Tanh => rules![|g, y| g * (1.0 - y * y)],
        Unary::Trigamma => rules![|g, x| g * x.polygamma(2)],
        // Steps: flat almost everywhere.
        Unary::Ceil | Unary::Floor | Unary::Round | Unary::Sgn | Unary::Sign | Unary::Trunc => {
            rules![|_g, input| input.zeros()]
        }
        // Truth values and bits have no derivative.
        Unary::BitwiseNot | Unary::LogicalNot | Unary::Signbit => &[],
        Unary::IsFinite | Unary::IsInf | Unary::IsNan | Unary::IsNegInf | Unary::IsPosInf => &[],
    }
}

pub(super) fn name(op: Unary) -> Cow<'static, str> {
    match op {
        Unary::Deg2rad => Cow::Borrowed("Deg2RadBackward0"),
        Unary::Log1p => Cow::Borrowed("Log1PBackward0"),
        Unary::Rad2deg => Cow::Borrowed("Rad2DegBackward0"),
        op => Cow::Owned(camel_case(op.name()) + "Backward0"),
    }
}
