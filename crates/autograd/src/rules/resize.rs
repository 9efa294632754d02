//! Derivatives of images in other sizes: the same weights, the other way.

use super::{Input, Rule, rules};
use tensor_core::op::Resize;
use tensor_core::op::resize::{Kind, Resizing};
use tensor_core::{Op, Tensor, or_panic};

fn apply(op: &Op, g: &Tensor, wanted: Input<'_>, of: fn(Resizing) -> Resize) -> Tensor {
    let Op::Resize(Resize::Forward(resizing) | Resize::Gradient(resizing)) = *op else {
        unreachable!("the rules of resizing")
    };
    or_panic(Tensor::apply(Op::Resize(of(resizing.of_size(wanted.shape()))), &[g]))
}

pub(super) fn rules(op: Resize) -> &'static [Rule] {
    match op {
        Resize::Forward(_) => rules![|g, op, input| apply(op, g, input, Resize::Gradient)],
        Resize::Gradient(_) => rules![|g, op, input| apply(op, g, input, Resize::Forward)],
    }
}

pub(super) fn name(op: Resize) -> &'static str {
    match op {
        Resize::Forward(Resizing { kind, dims, .. }) => match (kind, dims) {
            (Kind::Nearest, 1) => "UpsampleNearest1DBackward0",
            (Kind::Nearest, 2) => "UpsampleNearest2DBackward0",
            (Kind::Nearest, _) => "UpsampleNearest3DBackward0",
            (Kind::NearestExact, 1) => "UpsampleNearestExact1DBackward0",
            (Kind::NearestExact, 2) => "UpsampleNearestExact2DBackward0",
            (Kind::NearestExact, _) => "UpsampleNearestExact3DBackward0",
            (Kind::Linear, 1) => "UpsampleLinear1DBackward0",
            (Kind::Linear, 2) => "UpsampleBilinear2DBackward0",
            (Kind::Linear, _) => "UpsampleTrilinear3DBackward0",
            (Kind::Cubic, _) => "UpsampleBicubic2DBackward0",
        },
        Resize::Gradient(_) => "UpsampleBackwardBackward0",
    }
}
