//! Reading and writing at positions given by tensors. Reading finds for each element of the output where it comes from; writing
//! sorts what is written by where it goes, so that each place adds up its own, in the order of the positions. Positions are
//! checked by the kernels that read them.

mod masked;
mod moves;
pub(crate) mod order;
pub(crate) mod scan;

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use crate::memory::Block;
use moves::{Meeting, Moves};
use smallvec::SmallVec;
use storage::{DType, Source, Target};
use tensor_core::op::index::{Index, positions_at, positions_shape_of};
use tensor_core::{Dims, Input, Layout, Output, Result};

/// Computes an operation at positions.
pub(crate) fn run(gpu: &Gpu, op: Index, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    if output.layout.numel() == 0 && !matches!(op, Index::Count) {
        return Ok(());
    }
    match op {
        Index::Gather { dim, .. } => {
            let (shape, dim) = (output.layout.shape(), dim as usize);
            let axis = extent(inputs[0].layout, dim);
            let across = across(inputs[0].layout, dim, shape);
            let index = reshaped(inputs[1].layout, shape);
            let along = Coordinate { layout: index, input: inputs[1], axis, dim };
            read(gpu, &inputs[0], &across, &[along], false, output)
        }
        Index::Select { dim } => {
            let (shape, dim) = (output.layout.shape(), dim as usize);
            let axis = extent(inputs[0].layout, dim);
            let across = across(inputs[0].layout, dim, shape);
            let index = spread(inputs[1].layout, shape, dim.min(shape.len()), inputs[1].layout.rank().min(shape.len()));
            read(gpu, &inputs[0], &across, &[Coordinate { layout: index, input: inputs[1], axis, dim }], false, output)
        }
        Index::Rows { .. } => {
            let (shape, weight) = (output.layout.shape(), inputs[0].layout);
            let mut strides = Dims::filled(shape.len(), 0);
            if let Some(last) = strides.last_mut() {
                *last = weight.strides()[1];
            }
            let across = Layout::strided(shape.clone(), strides, weight.offset());
            let index = spread(inputs[1].layout, shape, 0, inputs[1].layout.rank());
            let along = Coordinate { layout: index, input: inputs[1], axis: extent(weight, 0), dim: 0 };
            read(gpu, &inputs[0], &across, &[along], false, output)
        }
        Index::Get { dims, .. } => {
            let (shape, x) = (output.layout.shape(), inputs[0].layout);
            let middle = positions_shape_of(inputs[1..].iter().map(|p| p.layout.shape()))?;
            let at = positions_at(dims);
            let across = kept(x, dims, at, middle.len(), shape, x.offset());
            let along: Vec<Coordinate<'_>> = inputs[1..]
                .iter()
                .zip((0..x.rank()).filter(|dim| dims >> dim & 1 == 1))
                .map(|(index, dim)| {
                    let layout = spread(&broadcast(index.layout, &middle), shape, at, middle.len());
                    Coordinate { layout, input: *index, axis: extent(x, dim), dim }
                })
                .collect();
            read(gpu, &inputs[0], &across, &along, true, output)
        }
        Index::Scatter { .. } | Index::ScatterAdd { .. } | Index::ScatterReduce { .. } | Index::Add { .. } => {
            moves::write(gpu, op, Some(&inputs[0]), &inputs[1], &inputs[2], output)
        }
        Index::Copy { .. } => moves::write(gpu, op, Some(&inputs[0]), &inputs[1], &inputs[2], output),
        Index::RowsAdded { .. } => moves::write(gpu, op, None, &inputs[1], &inputs[0], output),
        Index::Put { dims, accumulate } => {
            let moves = Moves::put(gpu, dims, &inputs[1], &inputs[2..], output)?;
            moves.run(gpu, if accumulate { Meeting::Sum } else { Meeting::Last }, Some(&inputs[0]), &inputs[1], output)
        }
        Index::MaskedSelect { count, .. } => masked::select(gpu, &inputs[0], &inputs[1], count, output),
        Index::MaskedScatter => masked::scatter(gpu, inputs, output),
        Index::Count => masked::count(gpu, &inputs[0], output),
        Index::NonZero { count } => masked::nonzero(gpu, &inputs[0], count, output),
    }
}

/// Size and stride of a dimension; a number counts as a vector of one.
fn extent(layout: &Layout, dim: usize) -> (usize, usize) {
    if layout.rank() == 0 { (1, 0) } else { (layout.shape()[dim], layout.strides()[dim]) }
}

/// The places of `layout`'s elements for each of `shape`, which may be shorter, dimension `dim` left out.
fn across(layout: &Layout, dim: usize, shape: &Dims) -> Layout {
    let mut strides = layout.strides().clone();
    if let Some(stride) = strides.get_mut(dim) {
        *stride = 0;
    }
    let strides = if strides.len() == shape.len() { strides } else { Dims::filled(shape.len(), 0) };
    Layout::strided(shape.clone(), strides, layout.offset())
}

/// The same elements, as many or fewer along each dimension; a number is the same as a vector of one.
fn reshaped(layout: &Layout, shape: &Dims) -> Layout {
    let strides = if layout.rank() == shape.len() { layout.strides().clone() } else { Dims::filled(shape.len(), 0) };
    Layout::strided(shape.clone(), strides, layout.offset())
}

/// `layout`, whose dimensions are `count` of `shape` from `at` on, repeated along all others.
fn spread(layout: &Layout, shape: &Dims, at: usize, count: usize) -> Layout {
    let mut strides = Dims::filled(shape.len(), 0);
    strides[at..at + count].copy_from_slice(&layout.strides()[layout.rank() - count..]);
    Layout::strided(shape.clone(), strides, layout.offset())
}

/// `layout` repeated to `shape`.
fn broadcast(layout: &Layout, shape: &Dims) -> Layout {
    let lead = shape.len() - layout.rank();
    let stride = |dim: usize| match dim.checked_sub(lead) {
        Some(own) if layout.shape()[own] != 1 => layout.strides()[own],
        _ => 0,
    };
    let strides: Dims = (0..shape.len()).map(stride).collect();
    Layout::strided(shape.clone(), strides, layout.offset())
}

/// The strides of `layout`'s dimensions that take no positions, for the elements of `shape`, in which the positions have `count`
/// dimensions from `at` on.
fn kept(layout: &Layout, dims: u64, at: usize, count: usize, shape: &Dims, offset: usize) -> Layout {
    let kept = layout.strides().without(|dim| dims >> dim & 1 == 1);
    let strides: Dims =
        kept[..at].iter().copied().chain(std::iter::repeat_n(0, count)).chain(kept[at..].iter().copied()).collect();
    Layout::strided(shape.clone(), strides, offset)
}

/// Memory of whole numbers that an operation makes for itself, as an operand.
fn numbers<'a>(block: &'a Block, layout: &'a Layout) -> Input<'a> {
    Input { source: Some(Source::Device(block)), layout, dtype: DType::I32 }
}

fn to_numbers<'a>(block: &'a Block, layout: &'a Layout) -> Output<'a> {
    Output { target: Target::Device(block), layout, dtype: DType::I32 }
}

/// Positions along one dimension: one for each element of the shape that is computed.
struct Coordinate<'a> {
    input: Input<'a>,
    /// The positions' layout in the computed shape.
    layout: Layout,
    /// Size and stride of the dimension.
    axis: (usize, usize),
    dim: usize,
}

/// The names of positions that one kernel reads.
const NAMES: [&str; 3] = ["index", "a", "b"];
/// Of their parameters.
const AXES: [[&str; 3]; 3] =
    [["index_size", "index_step", "index_dim"], ["a_size", "a_step", "a_dim"], ["b_size", "b_step", "b_dim"]];

/// Declares the parameters of at most three coordinates and gives the function `place(i)`: how far the positions lead, or −1.
fn places<'a>(kernel: &mut Kernel<'a>, all: &[Coordinate<'a>], wraps: bool) -> String {
    kernel.variant(all.len() as u32).variant(u32::from(wraps)).faults();
    let mut text = String::from("fn place(i: u32) -> i32 {\n    var at = 0;\n    var good = true;\n");
    for (each, (name, [size, step, dim])) in all.iter().zip(NAMES.iter().zip(AXES)) {
        kernel.size(size, each.axis.0).size(step, each.axis.1).size(dim, each.dim);
        text += &format!("    {{\n        let given = {name}({name}_at(i));\n        var p = given;\n");
        if wraps {
            text += &format!("        p = select(p, p + i32({size}()), p < 0);\n");
        }
        text += &format!(
            "        if (p < 0 || p >= i32({size}())) {{\n            fault(given, {size}(), {dim}());\n            good = false;\n        \
             }}\n        at += p * i32({step}());\n    }}\n"
        );
    }
    text + "    return select(-1, at, good);\n}\n"
}

fn arguments<'a>(all: &'a [Coordinate<'_>]) -> impl Iterator<Item = Argument<'a>> {
    all.iter().zip(NAMES).map(|(each, name)| Argument::positions(name, &Input { layout: &each.layout, ..each.input }))
}

/// Each element of the output from where the positions lead; `across` says where its other dimensions lead.
fn read(
    gpu: &Gpu,
    x: &Input<'_>,
    across: &Layout,
    along: &[Coordinate<'_>],
    wraps: bool,
    output: &Output<'_>,
) -> Result<()> {
    let kind = Kind::of(x.dtype);
    let x = Input { layout: across, ..*x };
    let text = |place: &str| {
        format!(
            "fn element(i: u32) -> {k} {{\n    let place = {place};\n    if (place < 0) {{ return {k}(0); }}\n    \
             return x(x_at(i) + u32(place));\n}}\n",
            k = kind.name()
        )
    };
    if along.len() <= NAMES.len() {
        let mut kernel = Kernel::new(gpu, "index");
        kernel.by_functions();
        let places = places(&mut kernel, along, wraps);
        let operands: SmallVec<[Argument<'_>; 4]> =
            std::iter::once(Argument::new("x", &x, kind)).chain(arguments(along)).collect();
        return map::gather(&mut kernel, &operands, output, kind, || places + &text("place(i)"));
    }
    let layout = Layout::contiguous(output.layout.shape().clone());
    let block = located(gpu, None, &layout, along, wraps)?;
    let mut kernel = Kernel::new(gpu, "index_at");
    kernel.by_functions();
    let operands = [Argument::new("x", &x, kind), Argument::new("index", &numbers(&block, &layout), Kind::I32)];
    map::gather(&mut kernel, &operands, output, kind, || text("index(index_at(i))"))
}

/// Where positions lead, for each element of `layout`, which is row-major: the coordinates' places added up, and those of `base`;
/// −1 for those that are nowhere.
fn located(gpu: &Gpu, base: Option<&Layout>, layout: &Layout, along: &[Coordinate<'_>], wraps: bool) -> Result<Block> {
    let mut found: Option<Block> = None;
    for part in along.chunks(NAMES.len()) {
        let (before, block) = (found.take(), gpu.block(4 * layout.numel())?);
        let first = before.is_none();
        let mut kernel = Kernel::new(gpu, "located");
        kernel.variant(u32::from(first)).variant(u32::from(base.is_some()));
        let places = places(&mut kernel, part, wraps);
        let mut operands: SmallVec<[Argument<'_>; 4]> = arguments(part).collect();
        if let Some(before) = &before {
            operands.push(Argument::new("c", &numbers(before, layout), Kind::I32));
        }
        let start = base.filter(|_| first).map(|base| map::Places::declare(&mut kernel, "x", base));
        let output = to_numbers(&block, layout);
        map::gather(&mut kernel, &operands, &output, Kind::I32, || {
            let start_text = start.as_ref().map_or(String::new(), map::Places::text);
            let before = match (&start, first) {
                (Some(_), _) => "i32(x_at(i))",
                (None, true) => "0",
                (None, false) => "c(c_at(i))",
            };
            places
                + &start_text
                + &format!(
                    "fn element(i: u32) -> i32 {{\n    let before = {before};\n    let own = place(i);\n    \
                     return select(before + own, -1, before < 0 || own < 0);\n}}\n"
                )
        })?;
        drop((kernel, operands));
        found = Some(block);
    }
    Ok(found.expect("at least one dimension has positions"))
}
