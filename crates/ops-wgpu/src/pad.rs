//! Padding: each element of the output from the number at the ends or from the input's element that belongs there; of the
//! derivative, each element from all that came from it.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use tensor_core::op::Pad;
use tensor_core::op::pad::{Edge, Ends};
use tensor_core::{Input, Output, Result};

/// Computes a padding or the derivative of one.
pub(crate) fn run(gpu: &Gpu, op: Pad, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(output.dtype);
    let (backward, edge) = match op.ends {
        Ends::Gradient(edge) => (true, Some(edge)),
        Ends::Inside(edge) => (false, Some(edge)),
        Ends::Bool | Ends::Int | Ends::Float => (false, None),
    };
    let mut kernel = Kernel::new(gpu, "pad");
    if !backward {
        kernel.by_functions();
    }
    kernel.variant(u32::from(backward)).variant(match edge {
        None => 0,
        Some(Edge::Reflect) => 1,
        Some(Edge::Replicate) => 2,
        Some(Edge::Circular) => 3,
    });
    // Of the padding, whose input the derivative gives.
    let (short, long) = if backward { (output.layout, x.layout) } else { (x.layout, output.layout) };
    let first = op.first as usize;
    let count = (short.rank() - first).min(3);
    // Fewer than three dimensions stand last, after dimensions of size one.
    let dims: [(usize, usize, [i32; 2]); 3] = std::array::from_fn(|i| match (i + count).checked_sub(3) {
        Some(i) => (short.shape()[first + i], long.shape()[first + i], op.sides[i]),
        None => (1, 1, [0; 2]),
    });
    kernel.size("inner", short.shape()[first + count..].iter().product());
    // Input and output, where the run of neighbours begins in both, and its length.
    kernel.list("lines", dims.iter().flat_map(|(input, output, sides)| line(*input, *output, *sides)));
    kernel.list("shifts", dims.iter().map(|(.., [before, _])| *before as usize));
    kernel.number("fill", kind, op.number());
    let source = match edge {
        None => "if (at < lead || at >= lead + len) { return -1; }\n    return i32(at - lead + skip);",
        Some(Edge::Reflect) => "return select(abs(place), 2 * last - place, place > last);",
        Some(Edge::Replicate) => "return clamp(place, 0, last);",
        Some(Edge::Circular) => {
            "let m = i32(max(len, 1u));\n    return ((i32(at) - i32(lead)) % m + m) % m + i32(skip);"
        }
    };
    let common = format!(
        "alias T = {};\nfn source(d: u32, at: u32) -> i32 {{\n{}    {source}\n}}\n",
        kind.name(),
        include_str!("../shaders/pad_line.wgsl")
    );
    let body =
        if backward { include_str!("../shaders/pad_gradient.wgsl") } else { include_str!("../shaders/pad.wgsl") };
    map::gather(&mut kernel, &[Argument::new("x", x, kind)], output, kind, || common + body)
}

fn line(input: usize, output: usize, [before, after]: [i32; 2]) -> [usize; 5] {
    let skip = (-(before as i64)).clamp(0, input as i64) as usize;
    let len = input.saturating_sub(skip).saturating_sub((-(after as i64)).max(0) as usize);
    // Where one end takes away more than there is, nothing of the input is left.
    let lead = (before.max(0) as usize).min(output);
    [input, output, lead, skip, len.min(output - lead)]
}
