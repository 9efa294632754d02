//! Derivatives of padding: what was added is taken away, or goes where it came from.

use super::{Rule, rules};
use tensor_core::op::Pad;
use tensor_core::op::pad::{Edge, Ends};
use tensor_core::{Op, Tensor, or_panic};

fn pad(op: &Op) -> Pad {
    let Op::Pad(pad) = *op else { unreachable!("the rules of padding") };
    pad
}

/// The part of `g` that is the input, and zeros for what was taken away.
fn inner(op: &Op, g: &Tensor) -> Tensor {
    let pad = pad(op);
    if pad.sides.iter().flatten().any(|side| *side < 0) {
        return or_panic(Tensor::apply(Op::Pad(pad.undone()), &[g]));
    }
    (pad.first as usize..g.ndim()).zip(pad.sides).fold(g.clone(), |g, (dim, [before, after])| {
        match g.shape()[dim] - (before + after) as usize {
            len if len < g.shape()[dim] => g.narrow(dim as i64, before as i64, len),
            _ => g,
        }
    })
}

fn with(op: &Op, g: &Tensor, ends: Ends) -> Tensor {
    let pad = pad(op);
    or_panic(Tensor::apply(Op::Pad(Pad::inside(ends, pad.first as usize, &pad.sides[..pad.count as usize])), &[g]))
}

pub(super) fn rules(op: Pad) -> &'static [Rule] {
    match op.ends {
        Ends::Bool | Ends::Int | Ends::Float => rules![|g, op| inner(op, g)],
        Ends::Inside(Edge::Reflect) => rules![|g, op| with(op, g, Ends::Gradient(Edge::Reflect))],
        Ends::Inside(Edge::Replicate) => rules![|g, op| with(op, g, Ends::Gradient(Edge::Replicate))],
        Ends::Inside(Edge::Circular) => rules![|g, op| with(op, g, Ends::Gradient(Edge::Circular))],
        Ends::Gradient(Edge::Reflect) => rules![|g, op| with(op, g, Ends::Inside(Edge::Reflect))],
        Ends::Gradient(Edge::Replicate) => rules![|g, op| with(op, g, Ends::Inside(Edge::Replicate))],
        Ends::Gradient(Edge::Circular) => rules![|g, op| with(op, g, Ends::Inside(Edge::Circular))],
    }
}

pub(super) fn name(op: Pad) -> &'static str {
    match op.ends {
        Ends::Bool | Ends::Int | Ends::Float => "ConstantPadNdBackward0",
        Ends::Inside(edge) => match (edge, op.count) {
            (Edge::Reflect, 1) => "ReflectionPad1DBackward0",
            (Edge::Reflect, 2) => "ReflectionPad2DBackward0",
            (Edge::Reflect, _) => "ReflectionPad3DBackward0",
            (Edge::Replicate, 1) => "ReplicationPad1DBackward0",
            (Edge::Replicate, 2) => "ReplicationPad2DBackward0",
            (Edge::Replicate, _) => "ReplicationPad3DBackward0",
            // PyTorch copies part after part.
            (Edge::Circular, _) => "CopySlices",
        },
        Ends::Gradient(Edge::Reflect) => "ReflectionPadBackwardBackward0",
        Ends::Gradient(Edge::Replicate) => "ReplicationPadBackwardBackward0",
        Ends::Gradient(Edge::Circular) => "CopySlicesBackward0",
    }
}
