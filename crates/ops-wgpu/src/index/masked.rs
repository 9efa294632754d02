//! Elements where a mask holds, or which are not zero: running totals of the mask say the how manieth each of them is.

use super::{numbers, scan, to_numbers};
use crate::element::{Kind, is_nonzero};
use crate::gpu::Gpu;
use crate::kernel::{self, Kernel};
use crate::map::{self, Argument};
use crate::memory::Block;
use storage::DType;
use tensor_core::{Input, Layout, Output, Result};

/// Groups that count, at most.
const GROUPS: usize = 256;

/// For each element of `mask`, row-major, how many before it are not zero.
fn ranks(gpu: &Gpu, mask: &Input<'_>) -> Result<Block> {
    let layout = Layout::contiguous(mask.layout.shape().clone());
    let (block, kind) = (gpu.block(4 * layout.numel())?, Kind::of(mask.dtype));
    let mut kernel = Kernel::new(gpu, "truth");
    kernel.by_functions();
    map::gather(&mut kernel, &[Argument::new("mask", mask, kind)], &to_numbers(&block, &layout), Kind::I32, || {
        format!(
            "fn element(i: u32) -> i32 {{\n    let v = mask(mask_at(i));\n    return select(0, 1, {});\n}}\n",
            is_nonzero("v", kind)
        )
    })?;
    drop(kernel);
    scan::exclusive(gpu, &block, layout.numel())?;
    Ok(block)
}

/// The row-major numbers of the first `count` elements that are not zero.
fn held(gpu: &Gpu, mask: &Input<'_>, count: usize) -> Result<Block> {
    let (ranks, held, kind) = (ranks(gpu, mask)?, gpu.block(4 * count)?, Kind::of(mask.dtype));
    let mut kernel = Kernel::new(gpu, "held");
    kernel.by_functions().size("limit", count).write_own("held", &held, DType::I32, Kind::I32);
    kernel.read("mask", mask, kind).read_own("ranks", &ranks, DType::I32, Kind::I32);
    let places = map::Places::declare(&mut kernel, "mask", mask.layout);
    kernel.run_each(mask.layout.numel(), || {
        places.text()
            + &format!(
                "fn each(i: u32) {{\n    let v = mask(mask_at(i));\n    let rank = u32(ranks(i));\n    \
                 if ({} && rank < limit()) {{ held_put(rank, i32(i)); }}\n}}\n",
                is_nonzero("v", kind)
            )
    })?;
    drop(kernel);
    Ok(held)
}

pub(super) fn select(gpu: &Gpu, x: &Input<'_>, mask: &Input<'_>, count: usize, output: &Output<'_>) -> Result<()> {
    let (held, kind) = (held(gpu, mask, count)?, Kind::of(x.dtype));
    let mut kernel = Kernel::new(gpu, "masked_select");
    kernel.by_functions().read_own("held", &held, DType::I32, Kind::I32);
    map::gather(&mut kernel, &[Argument::new("x", x, kind)], output, kind, || {
        format!("fn element(i: u32) -> {} {{ return x(x_at(u32(held(i)))); }}\n", kind.name())
    })
}

/// Inputs (x, mask, vector). Where the vector is too short, its length is told as the bad position.
pub(super) fn scatter(gpu: &Gpu, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let [x, mask, source] = inputs else { unreachable!("three operands") };
    let (ranks, kind) = (ranks(gpu, mask)?, Kind::of(x.dtype));
    let layout = Layout::contiguous(mask.layout.shape().clone());
    let mut kernel = Kernel::new(gpu, "masked_scatter");
    kernel.by_functions().size("length", source.layout.numel()).faults();
    let operands = [
        Argument::new("x", x, kind),
        Argument::new("mask", mask, Kind::I32),
        Argument::new("values", source, kind),
        Argument::new("index", &numbers(&ranks, &layout), Kind::I32),
    ];
    map::gather(&mut kernel, &operands, output, kind, || {
        format!(
            "fn element(i: u32) -> {} {{\n    if (mask(mask_at(i)) == 0) {{ return x(x_at(i)); }}\n    \
             let rank = u32(index(index_at(i)));\n    \
             if (rank >= length()) {{ fault(i32(rank), length(), 0u); return x(x_at(i)); }}\n    \
             return values(values_at(rank));\n}}\n",
            kind.name()
        )
    })
}

/// How many elements are not zero: each group counts a part, then one adds up.
pub(super) fn count(gpu: &Gpu, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let (numel, kind) = (x.layout.numel(), Kind::of(x.dtype));
    let groups = numel.div_ceil(16 * kernel::GROUP).clamp(1, GROUPS);
    let lanes = groups * kernel::GROUP;
    let part = gpu.block(4 * groups)?;
    let mut kernel = Kernel::new(gpu, "count");
    kernel
        .by_functions()
        .size("numel", numel)
        .size("lanes", lanes)
        .write_own("part", &part, DType::I32, Kind::I32)
        .read("x", x, kind);
    let places = map::Places::declare(&mut kernel, "x", x.layout);
    kernel.run([groups, 1, 1], || {
        places.text()
            + &format!(
                "fn truth(i: u32) -> bool {{\n    let v = x(x_at(i));\n    return {};\n}}\n{}",
                is_nonzero("v", kind),
                include_str!("../../shaders/count.wgsl")
            )
    })?;
    let layout = Layout::contiguous([groups].as_slice().into());
    let mut kernel = Kernel::new(gpu, "count_total");
    kernel.size("parts", groups);
    map::gather(&mut kernel, &[Argument::new("x", &numbers(&part, &layout), Kind::I32)], output, Kind::I32, || {
        "fn element(i: u32) -> i32 {\n    var sum = 0;\n    for (var k = 0u; k < parts(); k++) { sum += x(x_at(k)); }\n    \
         return sum;\n}\n"
            .to_string()
    })
}

pub(super) fn nonzero(gpu: &Gpu, x: &Input<'_>, count: usize, output: &Output<'_>) -> Result<()> {
    let (held, shape) = (held(gpu, x, count)?, x.layout.shape());
    let mut kernel = Kernel::new(gpu, "nonzero");
    kernel.size("rank", shape.len()).list("sizes", shape.iter().copied()).read_own(
        "held",
        &held,
        DType::I32,
        Kind::I32,
    );
    map::gather(&mut kernel, &[], output, Kind::I32, || {
        "fn element(i: u32) -> i32 {\n    var rest = u32(held(i / rank()));\n    let wanted = i % rank();\n    \
         for (var dim = rank() - 1u; dim > wanted; dim--) { rest = rest / sizes(dim); }\n    \
         return i32(rest % sizes(wanted));\n}\n"
            .to_string()
    })
}
