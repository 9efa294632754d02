//! Derivatives of choices: the gradient goes where the value came from.

use super::{Rule, rules};
use tensor_core::Op;
use tensor_core::op::Select;

pub(super) fn rules(op: Select) -> &'static [Rule] {
    match op {
        Select::Where => rules![|_g, input| input.zeros(), |g, x| x.where_(g, 0.0), |g, x| x.where_(0.0, g)],
        Select::MaskedFill(_) => rules![|g, b| g.masked_fill(b, 0.0)],
        Select::Triangle { .. } => rules![|g, op| {
            let Op::Select(Select::Triangle { upper, diagonal }) = *op else { unreachable!("the rule of triangles") };
            if upper { g.triu(diagonal) } else { g.tril(diagonal) }
        }],
        Select::Clamp { .. } => rules![|g, x, op| {
            let Op::Select(Select::Clamp { min, max }) = *op else { unreachable!("the rule of clamp") };
            // The bounds themselves are outside, as in PyTorch since 2.15.
            let inside = match (min, max) {
                (min, f64::INFINITY) => x.gt(min),
                (f64::NEG_INFINITY, max) => x.lt(max),
                (min, max) => x.gt(min).bitwise_and(&x.lt(max)),
            };
            inside.where_(g, 0.0)
        }],
        Select::NanToNum { .. } => rules![|g, x| g.masked_fill(&x.isfinite().logical_not(), 0.0)],
    }
}

pub(super) fn name(op: Select) -> &'static str {
    match op {
        Select::Where => "WhereBackward0",
        Select::MaskedFill(_) => "MaskedFillBackward0",
        Select::Triangle { upper: true, .. } => "TriuBackward0",
        Select::Triangle { upper: false, .. } => "TrilBackward0",
        Select::Clamp { min: f64::NEG_INFINITY, .. } => "ClampMaxBackward0",
        Select::Clamp { max: f64::INFINITY, .. } => "ClampMinBackward0",
        Select::Clamp { .. } => "ClampBackward1",
        Select::NanToNum { .. } => "NanToNumBackward0",
    }
}
