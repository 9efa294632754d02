//! Losses of answers to questions of yes or no: each by itself, then their sum or mean as of any tensor.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use crate::rows;
use storage::DType;
use tensor_core::op::loss::{Answer, Binary};
use tensor_core::{Input, Output, Result};

/// `value(x, t, yes)`, yes being the weight of targets of yes, and its derivative by x, `slope`.
fn curve(answer: Answer) -> &'static str {
    match answer {
        // Products of a probability and its complement count as at least 10⁻¹² as single precision has it.
        Answer::Probability => {
            "
fn value(x: T, t: T, yes: T) -> T {
    return (t - T(1)) * larger(log1p_(-x), T(-100)) - t * larger(log_(x), T(-100));
}
fn slope(x: T, t: T, yes: T) -> T { return (x - t) / larger((T(1) - x) * x, T(1e-12f)); }
"
        }
        Answer::Logit => {
            "
fn value(x: T, t: T, yes: T) -> T { return (T(1) - t) * x + ((yes - T(1)) * t + T(1)) * softplus_(-x); }
fn slope(x: T, t: T, yes: T) -> T { return ((yes - T(1)) * t + T(1)) * sigmoid_(x) - yes * t; }
"
        }
        Answer::Score => {
            "
fn value(x: T, t: T, yes: T) -> T { return log1p_(exp_(-t * x)); }
fn slope(x: T, t: T, yes: T) -> T {
    let power = exp_(-t * x);
    return -t * power / (power + T(1));
}
"
        }
    }
}

/// Declares which loss it is. Its operands, and the expressions of the weight and of the curve's arguments in them.
fn declare<'a>(
    kernel: &mut Kernel<'a>,
    own: Binary,
    kind: Kind,
    inputs: &'a [Input<'a>],
) -> (Vec<Argument<'a>>, &'static str, &'static str) {
    kernel.variant(own.answer as u32).variant(u32::from(own.weight)).variant(u32::from(own.pos_weight));
    let (weight, yes) = own.weights(&inputs[2..]);
    let mut operands = vec![Argument::new("a", &inputs[0], kind), Argument::new("b", &inputs[1], kind)];
    operands.extend(weight.map(|weight| Argument::new("weight", weight, kind)));
    operands.extend(yes.map(|yes| Argument::new("c", yes, kind)));
    let weight = if own.weight { "weight(weight_at(i))" } else { "T(1)" };
    let arguments = if own.pos_weight { "a(a_at(i)), b(b_at(i)), c(c_at(i))" } else { "a(a_at(i)), b(b_at(i)), T(1)" };
    (operands, weight, arguments)
}

/// The losses, or their sum or mean.
pub(crate) fn losses(gpu: &Gpu, own: Binary, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    super::reduced(gpu, own.reduction, inputs[0].layout.numel(), compute, output, |output| {
        let mut kernel = Kernel::new(gpu, "loss_binary");
        let (operands, weight, arguments) = declare(&mut kernel, own, kind, inputs);
        map::gather(&mut kernel, &operands, output, kind, || {
            let element = format!("fn element(i: u32) -> T {{ return value({arguments}) * {weight}; }}\n");
            rows::prelude(kind) + curve(own.answer) + &element
        })
    })
}

/// The gradient of x.
pub(crate) fn gradient(
    gpu: &Gpu,
    own: Binary,
    compute: DType,
    inputs: &[Input<'_>],
    output: &Output<'_>,
) -> Result<()> {
    let kind = Kind::of(compute);
    let mut kernel = Kernel::new(gpu, "loss_binary_gradient");
    let g = super::share(&mut kernel, own.reduction, output.layout.numel(), kind);
    let (mut operands, weight, arguments) = declare(&mut kernel, own, kind, &inputs[1..]);
    operands.insert(0, Argument::new("g", &inputs[0], kind));
    map::gather(&mut kernel, &operands, output, kind, || {
        let element = format!("fn element(i: u32) -> T {{ return {g} * {weight} * slope({arguments}); }}\n");
        rows::prelude(kind) + curve(own.answer) + &element
    })
}
