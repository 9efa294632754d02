//! Elements brought to a common scale: softmax and its relatives, and standardizing.

mod softmax;
mod standard;

use crate::element::Kind;
use crate::gpu::Gpu;
use storage::DType;
use tensor_core::op::Norm;
use tensor_core::{Input, Output, Result};

pub(crate) fn run(gpu: &Gpu, op: Norm, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    match op {
        Norm::Softmax { dim } => softmax::forward(gpu, false, dim as usize, kind, &inputs[0], output),
        Norm::LogSoftmax { dim } => softmax::forward(gpu, true, dim as usize, kind, &inputs[0], output),
        Norm::SoftmaxBackward { dim } => softmax::backward(gpu, false, dim as usize, kind, inputs, output),
        Norm::LogSoftmaxBackward { dim } => softmax::backward(gpu, true, dim as usize, kind, inputs, output),
        Norm::Standard(standard) => standard::forward(gpu, standard, kind, inputs, output),
        Norm::StandardInput(standard) => standard::input(gpu, standard, kind, inputs, output),
        Norm::StandardWeight(standard) => standard::weight(gpu, standard, kind, inputs, output),
        Norm::StandardAll(standard) => standard::all(gpu, standard, kind, inputs, output),
        Norm::Moments => standard::moments(gpu, kind, &inputs[0], output),
    }
}
