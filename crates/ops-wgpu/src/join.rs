//! Tensors put together, or turned around: each input to its part of the output, or each element from its place before.

use crate::convert;
use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use storage::Target;
use tensor_core::op::Join;
use tensor_core::{Input, Output, Result};

/// Computes a join.
pub(crate) fn run(gpu: &Gpu, op: Join, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let x = &inputs[0];
    let (kind, shape) = (Kind::of(x.dtype), output.layout.shape());
    match op {
        Join::Cat { dim, .. } => {
            let (dim, mut start) = (dim as usize, 0);
            for x in inputs {
                let len = x.layout.shape()[dim];
                let layout = output.layout.sliced(dim, start, len, 1);
                let Target::Device(memory) = &output.target else { unreachable!("an output on the device") };
                let part = Output { target: Target::Device(*memory), layout: &layout, dtype: output.dtype };
                if x.layout.numel() > 0 {
                    convert::copy(gpu, x, &part)?;
                }
                start += len;
            }
            Ok(())
        }
        Join::Roll { dim, by } => {
            let dim = dim as usize;
            let inner: usize = shape[dim + 1..].iter().product();
            let mut kernel = Kernel::new(gpu, "roll");
            kernel.by_functions().size("inner", inner).size("size", shape[dim]).size("back", shape[dim] - by);
            map::gather(&mut kernel, &[Argument::new("x", x, kind)], output, kind, || {
                format!("alias T = {};\n{}", kind.name(), include_str!("../shaders/roll.wgsl"))
            })
        }
        Join::Flip { axes } => {
            let mut kernel = Kernel::new(gpu, "flip");
            kernel
                .by_functions()
                .size("rank", shape.len())
                .size("low", axes as u32 as usize)
                .size("high", (axes >> 32) as usize);
            kernel.list("sizes", shape.iter().copied());
            map::gather(&mut kernel, &[Argument::new("x", x, kind)], output, kind, || {
                format!("alias T = {};\n{}", kind.name(), include_str!("../shaders/flip.wgsl"))
            })
        }
    }
}
