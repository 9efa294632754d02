//! Images read at the places of a grid. The gradient of the images sorts what the places read by where it lies, so that each
//! element adds up its own.
//!
//! As `grid_sampler_unnormalize`, `clip_coordinates` and `reflect_coordinates` in PyTorch's `ATen/native/GridSampler.h`.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::index::order::Order;
use crate::kernel::Kernel;
use crate::map::{self, Argument, Places};
use storage::DType;
use tensor_core::op::Sample;
use tensor_core::op::sample::{SampleMode, SamplePadding, Sampling};
use tensor_core::{Input, Output, Result};

/// Computes images at places, or a derivative of that.
pub(crate) fn run(gpu: &Gpu, op: Sample, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let kind = Kind::of(compute);
    match op {
        Sample::Forward(sampling) => {
            let mut kernel = Kernel::new(gpu, "grid_sample");
            let text = declare(&mut kernel, &sampling, inputs[0].layout.shape(), &inputs[1], kind);
            let operands = [Argument::new("x", &inputs[0], kind), Argument::new("grid", &inputs[1], kind)];
            map::gather(&mut kernel, &operands, output, kind, || text + include_str!("../shaders/sample.wgsl"))
        }
        Sample::Grid(sampling) => {
            let mut kernel = Kernel::new(gpu, "grid_sample_grid");
            let text = declare(&mut kernel, &sampling, inputs[1].layout.shape(), &inputs[2], kind);
            let operands = [
                Argument::new("g", &inputs[0], kind),
                Argument::new("x", &inputs[1], kind),
                Argument::new("grid", &inputs[2], kind),
            ];
            map::gather(&mut kernel, &operands, output, kind, || text + include_str!("../shaders/sample_grid.wgsl"))
        }
        Sample::Image(sampling) => image(gpu, &sampling, [&inputs[0], &inputs[1]], kind, output),
    }
}

/// The gradient of the images.
fn image(gpu: &Gpu, sampling: &Sampling, [g, grid]: [&Input<'_>; 2], kind: Kind, output: &Output<'_>) -> Result<()> {
    let shape = output.layout.shape();
    let rank = shape.len() - 2;
    let places: usize = grid.layout.shape()[..=rank].iter().product();
    let per = match sampling.mode {
        SampleMode::Nearest => 1usize,
        SampleMode::Bilinear => 2,
        SampleMode::Bicubic => 4,
    };
    let taps = per.pow(rank as u32);
    let elements: usize = shape[0] * shape[2..].iter().product::<usize>();
    let entries = places * taps;
    let wide = if kind == Kind::F64 { DType::F64 } else { DType::F32 };
    let (to, weights) = (gpu.block(4 * entries)?, gpu.block(wide.size() * entries)?);
    let mut kernel = Kernel::new(gpu, "grid_sample_taps");
    let text = declare(&mut kernel, sampling, shape, grid, kind);
    kernel
        .write_own("to", &to, DType::I32, Kind::I32)
        .write_own("weights", &weights, wide, kind)
        .read("grid", grid, kind);
    let grid_places = Places::declare(&mut kernel, "grid", grid.layout);
    kernel.run_each(places, || text + &grid_places.text() + include_str!("../shaders/sample_taps.wgsl"))?;
    drop(kernel);
    let order = Order::new(gpu, &to, entries, elements)?;
    let mut kernel = Kernel::new(gpu, "grid_sample_image");
    kernel.size("channels", shape[1]).size("image", shape[2..].iter().product()).size("taps", taps);
    kernel.size("points", grid.layout.shape()[1..=rank].iter().product());
    order.read(&mut kernel);
    kernel.read_own("weights", &weights, wide, kind);
    map::gather(&mut kernel, &[Argument::new("g", g, kind)], output, kind, || {
        format!("alias T = {};\n{}", kind.name(), include_str!("../shaders/sample_image.wgsl"))
    })
}

/// Declares the sizes and gives the functions that find what a place reads.
fn declare(kernel: &mut Kernel<'_>, sampling: &Sampling, images: &[usize], grid: &Input<'_>, kind: Kind) -> String {
    let rank = images.len() - 2;
    let size: [usize; 3] = std::array::from_fn(|i| if i + rank < 3 { 1 } else { images[i + rank - 1] });
    kernel.list("size", size).size("channels", images[1]);
    kernel.size("points", grid.layout.shape()[1..=rank].iter().product());
    let (mode, per) = match sampling.mode {
        SampleMode::Bilinear => (0, 2),
        SampleMode::Nearest => (1, 1),
        SampleMode::Bicubic => (2, 4),
    };
    let padding = match sampling.padding {
        SamplePadding::Zeros => 0,
        SamplePadding::Border => 1,
        SamplePadding::Reflection => 2,
    };
    kernel.variant(mode).variant(padding).variant(u32::from(sampling.align)).variant(rank as u32);
    let nan = match kind {
        Kind::F64 => "(bitcast<u64>(x) << 1u) > 0xffe0000000000000lu",
        Kind::F32 | Kind::I32 | Kind::I64 => "(bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u",
    };
    format!(
        "alias T = {};\nconst PER = {per}u;\nconst MODE = {mode}u;\nconst PADDING = {padding}u;\nconst ALIGN = {};\n\
         const RANK = {rank}u;\n\
         fn nan(x: T) -> bool {{ return {nan}; }}\n{}{}",
        kind.name(),
        sampling.align,
        include_str!("../shaders/cubic.wgsl"),
        include_str!("../shaders/sample_axis.wgsl")
    )
}
