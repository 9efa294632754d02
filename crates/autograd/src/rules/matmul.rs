//! Derivatives of products: the gradient times the other operand's transpose.

use super::{Rule, rules};
use tensor_core::op::Matmul;

pub(super) fn rules(op: Matmul) -> &'static [Rule] {
    match op {
        Matmul::Mm => rules![|g, b| g.mm(&b.t()), |g, a| a.t().mm(g)],
        Matmul::Bmm => rules![|g, b| g.bmm(&b.mt()), |g, a| a.mt().bmm(g)],
        Matmul::Mv => rules![|g, b| g.unsqueeze(1) * b.unsqueeze(0), |g, a| a.t().mv(g)],
        // What the base was broadcast over is summed by the engine.
        Matmul::Addmm => rules![|g| g.clone(), |g, c| g.mm(&c.t()), |g, b| b.t().mm(g)],
        Matmul::Dot => rules![|g, b| g * b, |g, a| g * a],
    }
}

pub(super) fn name(op: Matmul) -> &'static str {
    match op {
        Matmul::Mm => "MmBackward0",
        Matmul::Bmm => "BmmBackward0",
        Matmul::Mv => "MvBackward0",
        Matmul::Addmm => "AddmmBackward0",
        Matmul::Dot => "DotBackward0",
    }
}
