//! Images in other sizes: each element by itself, the weights of its neighbours worked out on the way. The gradient goes the
//! other way: each element of the image looks for the results that it is part of.
//!
//! Places are computed as PyTorch does (`area_pixel_compute_scale` and `nearest_idx` in `ATen/native/UpSample.h`).

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use storage::{DType, Scalar};
use tensor_core::op::Resize;
use tensor_core::op::resize::{Kind as Neighbours, Resizing};
use tensor_core::{Input, Output, Result};

/// Computes images in another size, or their gradient.
pub(crate) fn run(gpu: &Gpu, op: Resize, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let (backward, resizing, small, large) = match op {
        Resize::Forward(resizing) => (false, resizing, x.layout, output.layout),
        Resize::Gradient(resizing) => (true, resizing, output.layout, x.layout),
    };
    // Bytes, which only move, are exact in single precision.
    let kind = if x.dtype == DType::F64 { Kind::F64 } else { Kind::F32 };
    let dims = usize::from(resizing.dims);
    let sides = |shape: &[usize]| -> [usize; 3] {
        std::array::from_fn(|i| if i + dims < 3 { 1 } else { shape[shape.len() + i - 3] })
    };
    let (from, to) = (sides(small.shape()), sides(large.shape()));
    let mut kernel = Kernel::new(gpu, if backward { "resize_gradient" } else { "resize" });
    let (number, neighbours, per) = match resizing.kind {
        Neighbours::Nearest => (0, include_str!("../shaders/resize_nearest.wgsl"), 1),
        Neighbours::NearestExact => (1, include_str!("../shaders/resize_nearest_exact.wgsl"), 1),
        Neighbours::Linear => (2, include_str!("../shaders/resize_linear.wgsl"), 2),
        Neighbours::Cubic => (3, include_str!("../shaders/resize_cubic.wgsl"), 4),
    };
    kernel.variant(number).variant(u32::from(resizing.align));
    kernel.list("small", from).list("large", to);
    for (i, [scale, factor]) in
        [["scale0", "factor0"], ["scale1", "factor1"], ["scale2", "factor2"]].into_iter().enumerate()
    {
        let scales = scales(&resizing, i + dims < 3, from[i], to[i]);
        kernel.number(scale, kind, Scalar::Float(scales.0)).number(factor, Kind::F32, Scalar::Float(scales.1));
    }
    let place = if resizing.align { "scale(d) * T(o)" } else { "scale(d) * (T(o) + T(0.5)) - T(0.5)" };
    let body =
        if backward { include_str!("../shaders/resize_gradient.wgsl") } else { include_str!("../shaders/resize.wgsl") };
    map::gather(&mut kernel, &[Argument::new("x", x, kind)], output, kind, || {
        format!(
            "alias T = {};\nconst PER = {per}u;\nfn place(d: u32, o: u32) -> T {{ return {place}; }}\n{}{}{neighbours}{body}",
            kind.name(),
            include_str!("../shaders/resize_scales.wgsl"),
            include_str!("../shaders/cubic.wgsl")
        )
    })
}

/// What places are multiplied by, and the plain factor between the sizes.
fn scales(resizing: &Resizing, missing: bool, from: usize, to: usize) -> (f64, f64) {
    let factor = match resizing.scale > 0.0 && !missing {
        true => 1.0 / resizing.scale,
        false => from as f64 / to as f64,
    };
    let scale = match resizing.align {
        true if to > 1 => (from as f64 - 1.0) / (to as f64 - 1.0),
        true => 0.0,
        false => factor,
    };
    (scale, factor)
}
