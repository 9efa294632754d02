//! Blocks of images as columns, and columns added up to images: each element of the result from the one or the few that it
//! comes from.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use tensor_core::op::Fold;
use tensor_core::{Input, Output, Result};

/// Computes columns or images.
pub(crate) fn run(gpu: &Gpu, op: Fold, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let (Fold::Columns(blocks) | Fold::Images(blocks)) = op;
    let kind = Kind::of(output.dtype);
    let mut kernel = Kernel::new(gpu, if matches!(op, Fold::Columns(_)) { "unfold" } else { "fold" });
    if matches!(op, Fold::Columns(_)) {
        kernel.by_functions();
    }
    kernel.list("size", blocks.size.map(|n| n as usize)).list("count", blocks.counts().map(|n| n as usize));
    for (name, list) in
        [("taps", blocks.kernel), ("stride", blocks.stride), ("padding", blocks.padding), ("dilation", blocks.dilation)]
    {
        kernel.list(name, list.map(usize::from));
    }
    let body = match op {
        Fold::Columns(_) => include_str!("../shaders/unfold.wgsl"),
        Fold::Images(_) => include_str!("../shaders/fold.wgsl"),
    };
    map::gather(&mut kernel, &[Argument::new("x", x, kind)], output, kind, || {
        format!("alias T = {};\n{body}", kind.name())
    })
}
