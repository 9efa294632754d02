//! Derivatives of blocks as columns and columns as images: each is the other's.

use super::{Rule, rules};
use tensor_core::op::Fold;
use tensor_core::op::fold::Blocks;
use tensor_core::{Op, Tensor, or_panic};

fn apply(op: &Op, g: &Tensor, of: fn(Blocks) -> Fold) -> Tensor {
    let Op::Fold(Fold::Columns(blocks) | Fold::Images(blocks)) = *op else { unreachable!("the rules of folds") };
    or_panic(Tensor::apply(Op::Fold(of(blocks)), &[g]))
}

pub(super) fn rules(op: Fold) -> &'static [Rule] {
    match op {
        Fold::Columns(_) => rules![|g, op| apply(op, g, Fold::Images)],
        Fold::Images(_) => rules![|g, op| apply(op, g, Fold::Columns)],
    }
}

pub(super) fn name(op: Fold) -> &'static str {
    match op {
        Fold::Columns(_) => "Im2ColBackward0",
        Fold::Images(_) => "Col2ImBackward0",
    }
}
