//! Losses of differences: each by itself, then their sum or mean as of any tensor.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use crate::rows;
use storage::{DType, Scalar};
use tensor_core::op::loss::{Difference, Penalty};
use tensor_core::{Input, Output, Result};

/// `value(d)` and `slope(d)`: a multiple of d² inside of the border, a line beyond it. They meet there.
const CURVE: &str = "
fn value(d: T) -> T {
    let size = abs(d);
    if (size >= border()) { return line() * (size - border() / T(2)); }
    return square() * d * d;
}

fn slope(d: T) -> T {
    if (d >= border()) { return line(); }
    if (-d >= border()) { return -line(); }
    return square() * T(2) * d;
}
";

/// The same of squares alone.
const SQUARE: &str = "
fn value(d: T) -> T { return d * d; }
fn slope(d: T) -> T { return T(2) * d; }
";

fn declare(kernel: &mut Kernel<'_>, penalty: Penalty, kind: Kind) -> &'static str {
    let (border, square, line) = match penalty {
        Penalty::Square => return SQUARE,
        Penalty::SmoothL1(beta) => (beta, 0.5 / beta, 1.0),
        Penalty::Huber(delta) => (delta, 0.5, delta),
    };
    for (name, number) in [("border", border), ("square", square), ("line", line)] {
        kernel.number(name, kind, Scalar::Float(number));
    }
    CURVE
}

fn variant(penalty: Penalty) -> u32 {
    u32::from(penalty != Penalty::Square)
}

/// The losses, or their sum or mean.
pub(crate) fn losses(
    gpu: &Gpu,
    own: Difference,
    compute: DType,
    inputs: &[Input<'_>],
    output: &Output<'_>,
) -> Result<()> {
    let numel = inputs[0].layout.numel();
    super::reduced(gpu, own.reduction, numel, compute, output, |to| each(gpu, own.penalty, compute, inputs, to))
}

fn each(gpu: &Gpu, penalty: Penalty, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    let mut kernel = Kernel::new(gpu, "loss_difference");
    kernel.variant(variant(penalty));
    let curve = declare(&mut kernel, penalty, kind);
    let operands = [Argument::new("a", &inputs[0], kind), Argument::new("b", &inputs[1], kind)];
    map::gather(&mut kernel, &operands, output, kind, || {
        rows::prelude(kind) + curve + "fn element(i: u32) -> T { return value(a(a_at(i)) - b(b_at(i))); }\n"
    })
}

/// The gradient of x.
pub(crate) fn gradient(
    gpu: &Gpu,
    own: Difference,
    compute: DType,
    inputs: &[Input<'_>],
    output: &Output<'_>,
) -> Result<()> {
    let kind = Kind::of(compute);
    let mut kernel = Kernel::new(gpu, "loss_difference_gradient");
    kernel.variant(variant(own.penalty));
    let g = super::share(&mut kernel, own.reduction, output.layout.numel(), kind);
    let curve = declare(&mut kernel, own.penalty, kind);
    let operands = ["g", "a", "b"].into_iter().zip(inputs).map(|(name, input)| Argument::new(name, input, kind));
    let operands: Vec<Argument<'_>> = operands.collect();
    map::gather(&mut kernel, &operands, output, kind, || {
        rows::prelude(kind)
            + curve
            + &format!("fn element(i: u32) -> T {{ return {g} * slope(a(a_at(i)) - b(b_at(i))); }}\n")
    })
}
