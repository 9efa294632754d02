//! Derivatives of functions of three elements.

use super::{Rule, rules};
use tensor_core::op::Ternary;
use tensor_core::{Op, Scalar};

/// The factor of `addcmul` and `addcdiv`.
fn value(op: &Op) -> Scalar {
    let Op::Ternary(Ternary::Addcmul { value } | Ternary::Addcdiv { value }) = op else {
        unreachable!("the rules of operations with a factor")
    };
    *value
}

/// The weight of a mixture.
fn weight(op: &Op) -> f64 {
    let Op::Ternary(Ternary::LerpBy { weight }) = op else { unreachable!("the rules of mixtures with a number") };
    *weight
}

pub(super) fn rules(op: Ternary) -> &'static [Rule] {
    match op {
        Ternary::Addcmul { .. } => rules![
            |g| g.clone(), //
            |g, c, op| g * (c * value(op)),
            |g, b, op| g * (b * value(op))
        ],
        Ternary::Addcdiv { .. } => rules![
            |g| g.clone(), //
            |g, c, op| g * value(op).to_f64() / c,
            |g, b, c, op| -g * (b * value(op) / (c * c))
        ],
        Ternary::Lerp => rules![|g, c| g * (1.0 - c), |g, c| g * c, |g, a, b| g * (b - a)],
        Ternary::LerpBy { .. } => rules![|g, op| g * (1.0 - weight(op)), |g, op| g * weight(op)],
    }
}

pub(super) fn name(op: Ternary) -> &'static str {
    match op {
        Ternary::Addcmul { .. } => "AddcmulBackward0",
        Ternary::Addcdiv { .. } => "AddcdivBackward0",
        Ternary::Lerp => "LerpBackward1",
        Ternary::LerpBy { .. } => "LerpBackward0",
    }
}
