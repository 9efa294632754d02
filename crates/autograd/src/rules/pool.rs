//! Derivatives of pools: the gradient goes to the largest element, or in equal parts to all of the window.

use super::{Rule, rules};
use tensor_core::op::Pool;
use tensor_core::op::pool::Pooling;
use tensor_core::{Op, Tensor, or_panic};

fn pooling(op: &Op) -> Pooling {
    let Op::Pool(pool) = *op else { unreachable!("the rules of pools") };
    match pool {
        Pool::Max(pooling)
        | Pool::MaxIndex(pooling)
        | Pool::MaxGradient(pooling)
        | Pool::Mean(pooling)
        | Pool::MeanGradient(pooling) => pooling,
    }
}

fn apply(pool: Pool, inputs: &[&Tensor]) -> Tensor {
    or_panic(Tensor::apply(Op::Pool(pool), inputs))
}

/// The windows as the forward pass had them, for an output of the given shape.
fn forward(op: &Op, output: &[usize]) -> Pooling {
    let pooling = pooling(op);
    // Adapting windows name the output's size.
    if pooling.is_adaptive() { pooling.of_input(output) } else { pooling }
}

pub(super) fn rules(op: Pool) -> &'static [Rule] {
    match op {
        Pool::Max(_) => {
            rules![|g, x, op, input| apply(Pool::MaxGradient(pooling(op).of_input(input.shape())), &[g, x])]
        }
        Pool::MaxIndex(_) => &[],
        Pool::MaxGradient(_) => rules![
            |g, b, op, input| {
                let places = apply(Pool::MaxIndex(forward(op, input.shape())), &[b]);
                let rank = g.ndim() as i64;
                let values = g.flatten_dims(rank - 2, rank - 1).gather(-1, &places.flatten_dims(rank - 2, rank - 1));
                values.reshape(input.shape())
            },
            |_g, input| input.zeros(),
        ],
        Pool::Mean(_) => {
            rules![|g, op, input| apply(Pool::MeanGradient(pooling(op).of_input(input.shape())), &[g])]
        }
        Pool::MeanGradient(_) => rules![|g, op, input| apply(Pool::Mean(forward(op, input.shape())), &[g])],
    }
}

pub(super) fn name(op: Pool) -> &'static str {
    let adaptive = |pooling: Pooling| pooling.is_adaptive();
    match op {
        Pool::Max(pooling) | Pool::MaxIndex(pooling) if adaptive(pooling) => "AdaptiveMaxPool2DBackward0",
        Pool::Max(_) | Pool::MaxIndex(_) => "MaxPool2DWithIndicesBackward0",
        Pool::MaxGradient(pooling) if adaptive(pooling) => "AdaptiveMaxPool2DBackwardBackward0",
        Pool::MaxGradient(_) => "MaxPool2DWithIndicesBackwardBackward0",
        Pool::Mean(pooling) if adaptive(pooling) => "AdaptiveAvgPool2DBackward0",
        Pool::Mean(_) => "AvgPool2DBackward0",
        Pool::MeanGradient(pooling) if adaptive(pooling) => "AdaptiveAvgPool2DBackwardBackward0",
        Pool::MeanGradient(_) => "AvgPool2DBackwardBackward0",
    }
}
