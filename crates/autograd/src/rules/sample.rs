//! Derivatives of images read at places: with respect to the image and to the grid. As in PyTorch, the latter has none itself.

use super::{Formula, Gradients, PullAll, Rule, rules};
use tensor_core::op::Sample;
use tensor_core::op::sample::Sampling;
use tensor_core::{Error, ErrorKind, Op, Tensor, or_panic};

fn sampling(op: &Op) -> Sampling {
    let Op::Sample(Sample::Forward(sampling) | Sample::Image(sampling) | Sample::Grid(sampling)) = *op else {
        unreachable!("the rules of samples")
    };
    sampling
}

fn apply(sample: Sample, inputs: &[&Tensor]) -> Tensor {
    or_panic(Tensor::apply(Op::Sample(sample), inputs))
}

pub(super) fn rules(op: Sample) -> &'static [Rule] {
    match op {
        Sample::Forward(_) => rules![
            |g, b, op, input| apply(Sample::Image(sampling(op).of_size(input.shape())), &[g, b]),
            |g, a, b, op| apply(Sample::Grid(sampling(op)), &[g, a, b]),
        ],
        Sample::Image(_) => rules![|g, b, op| apply(Sample::Forward(sampling(op)), &[g, b]), |g, a, b, op| apply(
            Sample::Grid(sampling(op)),
            &[a, g, b]
        ),],
        Sample::Grid(_) => &[Rule { keeps: 0, formula: Formula::All(twice) }],
    }
}

pub(super) fn name(op: Sample) -> &'static str {
    match op {
        Sample::Forward(Sampling { .. }) => "GridSampler2DBackward0",
        Sample::Image(_) | Sample::Grid(_) => "GridSampler2DBackwardBackward0",
    }
}

fn twice(_: &PullAll<'_>) -> Gradients {
    let text = "derivative for aten::grid_sampler_2d_backward is not implemented";
    or_panic(Err(Error::new(ErrorKind::Unsupported, text.to_owned())))
}
