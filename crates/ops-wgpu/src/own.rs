//! Memory that an operation takes for itself while it is put together from others on the same device.

use crate::gpu::Gpu;
use crate::memory::Block;
use storage::{DType, Source, Target};
use tensor_core::{Device, Dims, Input, Layout, Op, Output, Result};

/// A tensor without a handle.
pub(crate) struct Own {
    block: Block,
    layout: Layout,
    dtype: DType,
}

impl Own {
    /// A row-major one of arbitrary contents.
    pub(crate) fn new(gpu: &Gpu, shape: &[usize], dtype: DType) -> Result<Own> {
        let layout = Layout::contiguous(Dims::from(shape));
        Ok(Own { block: gpu.block(layout.numel() * dtype.size())?, layout, dtype })
    }

    /// The result of `op`, row-major.
    pub(crate) fn of(gpu: &Gpu, op: Op, inputs: &[Input<'_>], shape: &[usize], dtype: DType) -> Result<Own> {
        let own = Own::new(gpu, shape, dtype)?;
        gpu.run(&op, inputs.first().map_or(dtype, |x| x.dtype), inputs, &mut own.output())?;
        Ok(own)
    }

    pub(crate) fn input(&self) -> Input<'_> {
        self.view(&self.layout)
    }

    /// Its memory under another layout.
    pub(crate) fn view<'a>(&'a self, layout: &'a Layout) -> Input<'a> {
        Input { source: Some(Source::Device(&self.block)), layout, dtype: self.dtype }
    }

    pub(crate) fn output(&self) -> Output<'_> {
        Output { target: Target::Device(&self.block), layout: &self.layout, dtype: self.dtype }
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }
}

/// The same output under another layout of its memory.
pub(crate) fn output_as<'a>(output: &Output<'a>, layout: &'a Layout) -> Output<'a> {
    let target = match &output.target {
        Target::Device(memory) => Target::Device(*memory),
        Target::Host(_) => unreachable!("memory of a GPU"),
    };
    Output { target, layout, dtype: output.dtype }
}
