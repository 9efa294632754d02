//! The same values in another place or type.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use storage::{DType, Scalar};
use tensor_core::op::Convert;
use tensor_core::{Input, Output, Result};

pub(crate) fn run(gpu: &Gpu, op: Convert, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    match op {
        Convert::Fill(number) => fill(gpu, number, output),
        Convert::Cast(_) | Convert::Clone | Convert::Contiguous | Convert::Copy | Convert::Move => {
            copy(gpu, &inputs[0], output)
        }
    }
}

/// The input's values in the output's place and type. Of `bool`s from numbers that is whether they differ from zero.
pub(crate) fn copy(gpu: &Gpu, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(x.dtype);
    let mut kernel = Kernel::new(gpu, "copy");
    kernel.by_functions();
    let f = || format!("fn f(x: {k}) -> {k} {{ return x; }}\n", k = kind.name());
    map::elementwise(&mut kernel, &[Argument::new("x", x, kind)], output, kind, "", f)
}

fn fill(gpu: &Gpu, number: Scalar, output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(output.dtype);
    let number = match (output.dtype, number) {
        (DType::Bool, number) => Scalar::Bool(number.to_bool()),
        (_, number) => number,
    };
    let mut kernel = Kernel::new(gpu, "fill");
    kernel.by_functions().number("number", kind, number);
    let f = || format!("fn f() -> {} {{ return number(); }}\n", kind.name());
    map::elementwise(&mut kernel, &[], output, kind, "", f)
}
