//! Pools: each window by one invocation, and of gradients each element of the image by one, from all windows that it is in. (The
//! file `pool.rs` is about memory.)

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use storage::{DType, Scalar, Source, Target};
use tensor_core::op::Pool;
use tensor_core::op::pool::Pooling;
use tensor_core::{Input, Layout, Output, Result};

/// Computes a pool or a gradient of one.
pub(crate) fn run(gpu: &Gpu, op: Pool, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    match op {
        Pool::Max(pooling) => largest(gpu, pooling, false, &inputs[0], output),
        Pool::MaxIndex(pooling) => largest(gpu, pooling, true, &inputs[0], output),
        Pool::Mean(pooling) => {
            let mut kernel = Kernel::new(gpu, "mean_pool");
            let text = declare(&mut kernel, &pooling, &inputs[0], output, kind);
            map::gather(&mut kernel, &[Argument::new("x", &inputs[0], kind)], output, kind, || {
                text + include_str!("../shaders/mean_pool.wgsl")
            })
        }
        Pool::MeanGradient(pooling) => {
            let image = Input { source: None, layout: output.layout, dtype: output.dtype };
            let windows = Output { target: copied(&output.target), layout: inputs[0].layout, dtype: output.dtype };
            let mut kernel = Kernel::new(gpu, "mean_pool_gradient");
            let text = declare(&mut kernel, &pooling, &image, &windows, kind);
            map::gather(&mut kernel, &[Argument::new("g", &inputs[0], kind)], output, kind, || {
                text + include_str!("../shaders/mean_pool_part.wgsl") + include_str!("../shaders/pool_gradient.wgsl")
            })
        }
        Pool::MaxGradient(pooling) => {
            let [g, x] = inputs else { unreachable!("gradient and image") };
            let layout = Layout::contiguous(g.layout.shape().clone());
            let block = gpu.block(4 * layout.numel())?;
            let places = Output { target: Target::Device(&block), layout: &layout, dtype: DType::I32 };
            largest(gpu, pooling, true, x, &places)?;
            let mut kernel = Kernel::new(gpu, "max_pool_gradient");
            let text = declare(&mut kernel, &pooling, x, &places, kind);
            let places = Input { source: Some(Source::Device(&block)), layout: &layout, dtype: DType::I32 };
            let operands = [Argument::new("g", g, kind), Argument::new("index", &places, Kind::I32)];
            map::gather(&mut kernel, &operands, output, kind, || {
                text + include_str!("../shaders/max_pool_part.wgsl") + include_str!("../shaders/pool_gradient.wgsl")
            })
        }
    }
}

fn copied<'a>(target: &Target<'a>) -> Target<'a> {
    match target {
        Target::Device(memory) => Target::Device(*memory),
        Target::Host(_) => unreachable!("an output on the device"),
    }
}

/// The largest element of each window, or its place in the image.
fn largest(gpu: &Gpu, pooling: Pooling, place: bool, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(x.dtype);
    let mut kernel = Kernel::new(gpu, if place { "max_pool_places" } else { "max_pool" });
    let text = declare(&mut kernel, &pooling, x, output, kind);
    kernel.number("lowest", kind, lowest(x.dtype));
    let (result, kind_out) = if place { ("i32", Kind::I32) } else { (kind.name(), kind) };
    map::gather(&mut kernel, &[Argument::new("x", x, kind)], output, kind_out, || {
        let found = if place { "place" } else { "best" };
        text + include_str!("../shaders/max_pool.wgsl")
            + &format!(
                "fn element(i: u32) -> {result} {{\n    var best: T;\n    var place: i32;\n    largest(i, &best, &place);\n    \
                 return {found};\n}}\n"
            )
    })
}

/// What an empty window's result is.
fn lowest(dtype: DType) -> Scalar {
    match dtype {
        DType::Bool | DType::U8 => Scalar::Int(0),
        DType::I8 => Scalar::Int(i64::from(i8::MIN)),
        DType::I16 => Scalar::Int(i64::from(i16::MIN)),
        DType::I32 => Scalar::Int(i64::from(i32::MIN)),
        DType::I64 => Scalar::Int(i64::MIN),
        DType::F16 | DType::BF16 | DType::F32 | DType::F64 => Scalar::Float(f64::NEG_INFINITY),
    }
}

/// Declares the windows' parameters: sizes of the image and of the windows' grid, then the windows. Gives their functions.
fn declare(kernel: &mut Kernel<'_>, pooling: &Pooling, image: &Input<'_>, windows: &Output<'_>, kind: Kind) -> String {
    let sides = |layout: &Layout| [layout.shape()[layout.rank() - 2], layout.shape()[layout.rank() - 1]];
    kernel.list("size", sides(image.layout)).list("count", sides(windows.layout));
    for (name, list) in [
        ("taps", pooling.kernel),
        ("stride", pooling.stride),
        ("padding", pooling.padding),
        ("dilation", pooling.dilation),
    ] {
        kernel.list(name, list.map(usize::from));
    }
    kernel.size("counts_padding", usize::from(pooling.counts_padding)).int("fixed", i64::from(pooling.divisor));
    kernel.variant(u32::from(pooling.is_adaptive()));
    let nan = match kind {
        Kind::F32 => "(bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u",
        Kind::F64 => "(bitcast<u64>(x) << 1u) > 0xffe0000000000000lu",
        Kind::I32 | Kind::I64 => "false",
    };
    let windows = match pooling.is_adaptive() {
        true => include_str!("../shaders/windows_adaptive.wgsl"),
        false => include_str!("../shaders/windows_even.wgsl"),
    };
    format!(
        "alias T = {};\nfn nan(x: T) -> bool {{ return {nan}; }}\nconst NONE = 0xffffffffu;\n{windows}{}",
        kind.name(),
        include_str!("../shaders/windows.wgsl")
    )
}
