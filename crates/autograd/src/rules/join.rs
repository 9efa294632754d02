//! Derivatives of putting together and turning around: each input's part of the gradient.

use super::{Rule, rules};
use tensor_core::Op;
use tensor_core::op::{Join, Origin};

pub(super) fn rules(op: Join) -> &'static [Rule] {
    match op {
        Join::Cat { .. } => rules![|g, op, input, starts| {
            let Op::Join(Join::Cat { dim, .. }) = *op else { unreachable!("the rule of cat") };
            g.narrow(dim as i64, starts[input.place] as i64, input.shape()[dim as usize])
        }],
        Join::Roll { .. } => rules![|g, op| {
            let Op::Join(Join::Roll { dim, by }) = *op else { unreachable!("the rule of roll") };
            g.roll(-(by as i64), dim as i64)
        }],
        Join::Flip { .. } => rules![|g, op| {
            let Op::Join(Join::Flip { axes }) = *op else { unreachable!("the rule of flip") };
            let dims: Vec<usize> = (0..g.ndim()).filter(|dim| axes >> dim & 1 == 1).collect();
            if dims.is_empty() { g.clone() } else { g.flip(dims) }
        }],
    }
}

pub(super) fn name(op: Join) -> &'static str {
    match op {
        Join::Cat { origin: Origin::Stack, .. } => "StackBackward0",
        Join::Cat { .. } => "CatBackward0",
        Join::Roll { .. } => "RollBackward0",
        Join::Flip { .. } => "FlipBackward0",
    }
}
