//! Values on their way to places: entries, each with the number of its place. Where only the last value of a place stays, each
//! place looks for its last entry; where values are combined, each place combines its own entries in their order.

use super::order::Order;
use super::{Coordinate, across, broadcast, extent, kept, located, reshaped, spread};
use crate::element::{self, Kind};
use crate::gpu::Gpu;
use crate::kernel::{self, Kernel, Writing};
use crate::map::{self, Argument, Places};
use crate::memory::Block;
use storage::DType;
use tensor_core::op::index::{Fold, Index, positions_at, positions_shape_of};
use tensor_core::{Dims, Input, Layout, Output, Result};

/// Products of entries and elements up to which each element looks through all entries, which takes a single kernel.
const FEW: usize = 1 << 20;

/// Entries of a place, on average, from which on a group shares them.
const LONG: usize = 256;

/// What stays of values that meet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meeting {
    Last,
    Sum,
    Product,
    Larger,
    Smaller,
}

pub(super) struct Moves {
    /// For each entry the number of the place that it goes to; −1 for none.
    to: Block,
    /// Entries.
    count: usize,
    /// Places.
    places: usize,
    /// For each element of the output the number of its place.
    place: Layout,
    /// For each element of the output how far it lies inside an entry's slice of the values.
    inside: Layout,
    /// Where each entry's slice begins.
    starts: Layout,
    /// The same seen from the values; none where results are always fresh.
    back: Option<Back>,
}

/// For each element of the values where it goes.
struct Back {
    /// Where it lies.
    values: Layout,
    /// The number of its entry.
    entry: Layout,
    /// How far it lies inside its place's slice of the output.
    inside: Layout,
    /// Where each place's slice begins.
    starts: Layout,
}

impl Back {
    /// Strides for `values`' elements: of their entries' numbers and in the output.
    fn new(values: Layout, entry: Dims, inside: Dims, starts: Layout) -> Option<Back> {
        let strided = |strides| Layout::strided(values.shape().clone(), strides, 0);
        Some(Back { entry: strided(entry), inside: strided(inside), starts, values })
    }
}

/// The operations along one dimension.
pub(super) fn write(
    gpu: &Gpu,
    op: Index,
    x: Option<&Input<'_>>,
    index: &Input<'_>,
    values: &Input<'_>,
    output: &Output<'_>,
) -> Result<()> {
    let (moves, meeting) = match op {
        Index::Scatter { dim } => (Moves::elements(gpu, dim, index, values, output)?, Meeting::Last),
        Index::ScatterAdd { dim } => (Moves::elements(gpu, dim, index, values, output)?, Meeting::Sum),
        Index::ScatterReduce { dim, fold } => {
            let meeting = match fold {
                Fold::Prod => Meeting::Product,
                Fold::Max => Meeting::Larger,
                Fold::Min => Meeting::Smaller,
            };
            (Moves::elements(gpu, dim, index, values, output)?, meeting)
        }
        Index::Add { dim } => (Moves::slices(gpu, dim as usize, index, values, output)?, Meeting::Sum),
        Index::Copy { dim } => (Moves::slices(gpu, dim as usize, index, values, output)?, Meeting::Last),
        Index::RowsAdded { padding, .. } => (Moves::rows(gpu, padding, index, values, output)?, Meeting::Sum),
        Index::Gather { .. }
        | Index::Select { .. }
        | Index::Rows { .. }
        | Index::Get { .. }
        | Index::Put { .. }
        | Index::MaskedSelect { .. }
        | Index::MaskedScatter
        | Index::Count
        | Index::NonZero { .. } => unreachable!("no writing along one dimension"),
    };
    moves.run(gpu, meeting, x, values, output)
}

impl Moves {
    /// Single elements along `dim`: every element of the output is a place.
    fn elements(gpu: &Gpu, dim: u8, index: &Input<'_>, values: &Input<'_>, output: &Output<'_>) -> Result<Moves> {
        let (shape, dim) = (index.layout.shape(), dim as usize);
        let rows = Layout::contiguous(output.layout.shape().clone());
        let along = Coordinate { input: *index, layout: index.layout.clone(), axis: extent(&rows, dim), dim };
        let entries = Layout::contiguous(shape.clone());
        let (own, none) = (entries.strides().clone(), Dims::filled(shape.len(), 0));
        Ok(Moves {
            back: Back::new(reshaped(values.layout, shape), own, none, output.layout.clone()),
            to: located(gpu, Some(&across(&rows, dim, shape)), &entries, &[along], false)?,
            count: entries.numel(),
            places: rows.numel(),
            inside: Layout::strided(rows.shape().clone(), Dims::filled(rows.rank(), 0), 0),
            starts: reshaped(values.layout, shape),
            place: rows,
        })
    }

    /// Slices along `dim`, one for each position.
    fn slices(gpu: &Gpu, dim: usize, index: &Input<'_>, values: &Input<'_>, output: &Output<'_>) -> Result<Moves> {
        let (shape, rank) = (output.layout.shape(), output.layout.rank());
        let size = extent(output.layout, dim).0;
        let along = Coordinate { input: *index, layout: index.layout.clone(), axis: (size, 1), dim };
        let mut place = Dims::filled(rank, 0);
        if let Some(stride) = place.get_mut(dim) {
            *stride = 1;
        }
        let mut inside = across(values.layout, dim, shape).strides().clone();
        if let Some(stride) = inside.get_mut(dim) {
            *stride = 0;
        }
        let count = index.layout.numel();
        let step = if values.layout.rank() == 0 { 0 } else { values.layout.strides()[dim] };
        let one = |n: usize| -> Dims { [n].as_slice().into() };
        let mut slices = shape.clone();
        if let Some(size) = slices.get_mut(dim) {
            *size = count;
        }
        let beside = across(output.layout, dim, shape).strides().clone();
        let place_starts = Layout::strided(one(size), one(extent(output.layout, dim).1), output.layout.offset());
        Ok(Moves {
            back: Back::new(reshaped(values.layout, &slices), place.clone(), beside, place_starts),
            to: located(gpu, None, &Layout::contiguous(index.layout.shape().clone()), &[along], false)?,
            count,
            places: size,
            place: Layout::strided(shape.clone(), place, 0),
            inside: Layout::strided(shape.clone(), inside, 0),
            starts: Layout::strided(one(count), one(step), values.layout.offset()),
        })
    }

    /// Rows of a matrix, one for each position; the row `padding` gets none.
    fn rows(gpu: &Gpu, padding: i64, index: &Input<'_>, values: &Input<'_>, output: &Output<'_>) -> Result<Moves> {
        let shape = output.layout.shape();
        let (count, lead) = (index.layout.numel(), values.layout.rank().saturating_sub(1));
        let along = Coordinate { input: *index, layout: index.layout.clone(), axis: (shape[0], 1), dim: 0 };
        let (sizes, strides) = (&values.layout.shape()[..lead], &values.layout.strides()[..lead]);
        let step = values.layout.strides().last().copied().unwrap_or(1);
        let to = located(gpu, None, &Layout::contiguous(index.layout.shape().clone()), &[along], false)?;
        if padding >= 0 {
            let mut kernel = Kernel::new(gpu, "padding_left_out");
            kernel.int("padding", padding).write_own("y", &to, DType::I32, Kind::I32);
            kernel.run_each(count, || "fn each(i: u32) { if (y_[i] == padding()) { y_put(i, -1); } }\n".to_string())?;
            drop(kernel);
        }
        Ok(Moves {
            back: None,
            to,
            count,
            places: shape[0],
            place: Layout::strided(shape.clone(), [1, 0].as_slice().into(), 0),
            inside: Layout::strided(shape.clone(), [0, step].as_slice().into(), 0),
            starts: Layout::strided(sizes.into(), strides.into(), values.layout.offset()),
        })
    }

    /// The slices of `values` to where the dimensions in `dims` take the positions.
    pub(super) fn put(
        gpu: &Gpu,
        dims: u64,
        values: &Input<'_>,
        positions: &[Input<'_>],
        output: &Output<'_>,
    ) -> Result<Moves> {
        let (shape, rank) = (output.layout.shape(), output.layout.rank());
        let indexed = |dim: usize| dims >> dim & 1 == 1;
        // The row-major number of a place among the indexed dimensions.
        let (mut place, mut places) = (Dims::filled(rank, 0), 1);
        for dim in (0..rank).rev().filter(|dim| indexed(*dim)) {
            place[dim] = places;
            places *= shape[dim];
        }
        let middle = positions_shape_of(positions.iter().map(|p| p.layout.shape()))?;
        let (at, width) = (positions_at(dims), middle.len());
        let along: Vec<Coordinate<'_>> = positions
            .iter()
            .zip((0..rank).filter(|dim| indexed(*dim)))
            .map(|(index, dim)| {
                let layout = spread(&broadcast(index.layout, &middle), &middle, 0, width);
                Coordinate { input: *index, layout, axis: (shape[dim], place[dim]), dim }
            })
            .collect();
        let entries = Layout::contiguous(middle.clone());
        let strides = values.layout.strides();
        let mut beside = (0..at).chain(at + width..strides.len());
        let inside: Dims =
            (0..rank).map(|dim| if indexed(dim) { 0 } else { beside.next().map_or(0, |dim| strides[dim]) }).collect();
        let beside = kept(output.layout, dims, at, width, values.layout.shape(), 0).strides().clone();
        let mut entry = Dims::filled(strides.len(), 0);
        entry[at..at + width].copy_from_slice(entries.strides());
        let only = |list: &Dims| list.without(|dim| !indexed(dim));
        let place_starts = Layout::strided(only(shape), only(output.layout.strides()), output.layout.offset());
        Ok(Moves {
            back: Back::new(values.layout.clone(), entry, beside, place_starts),
            to: located(gpu, None, &entries, &along, true)?,
            count: entries.numel(),
            places,
            place: Layout::strided(shape.clone(), place, 0),
            inside: Layout::strided(shape.clone(), inside, 0),
            starts: Layout::strided(middle, strides[at..at + width].into(), values.layout.offset()),
        })
    }

    /// What `x` has, or zeros, with the values.
    pub(super) fn run(
        &self,
        gpu: &Gpu,
        meeting: Meeting,
        x: Option<&Input<'_>>,
        values: &Input<'_>,
        output: &Output<'_>,
    ) -> Result<()> {
        let kind = Kind::of(output.dtype);
        if let (Meeting::Last, Some(Input { source: None, .. }), Some(back)) = (meeting, x, &self.back)
            && 2 * back.values.numel() < output.layout.numel()
        {
            return self.last_back(gpu, back, values, output);
        }
        // Sorting asks for two numbers a place.
        if let (Some(Input { source: None, .. }), Some(back)) = (x, &self.back)
            && meeting != Meeting::Last
            && 4 * back.values.numel().max(self.places) < output.layout.numel()
        {
            return self.sums_back(gpu, meeting, back, values, output);
        }
        let values = Input { layout: &self.inside, ..*values };
        let mut operands = vec![Argument::new("values", &values, kind)];
        operands.extend(x.map(|x| Argument::new("x", x, kind)));
        let begin = if x.is_some() { "x(x_at(i))" } else { "T(0)" };
        let (last, order);
        let mut kernel = Kernel::new(gpu, "moves");
        kernel.by_functions().variant(meeting as u32).variant(u32::from(x.is_some()));
        let (starts, place) =
            (Places::declare(&mut kernel, "a", &self.starts), Places::declare(&mut kernel, "b", &self.place));
        let text = |body: &str| {
            format!(
                "alias T = {};\n{}{}{}fn element(i: u32) -> T {{\n    var sum = {begin};\n    let own = b_at(i);\n{body}    \
                 return sum;\n}}\n",
                kind.name(),
                combining(meeting, kind),
                starts.text(),
                place.text()
            )
        };
        if meeting == Meeting::Last {
            last = gpu.block(4 * self.places)?;
            self.find_last(gpu, &last)?;
            kernel.read_own("last", &last, DType::I32, Kind::I32);
            return map::gather(&mut kernel, &operands, output, kind, || {
                text(
                    "    let entry = last(own);\n    if (entry > 0) { sum = values(a_at(u32(entry - 1)) + values_at(i)); }\n",
                )
            });
        }
        if self.count.saturating_mul(output.layout.numel()) <= FEW {
            kernel.variant(0).size("entries", self.count).read_own("to", &self.to, DType::I32, Kind::I32);
            return map::gather(&mut kernel, &operands, output, kind, || {
                text(
                    "    for (var e = 0u; e < entries(); e++) {\n        \
                     if (to(e) == i32(own)) { sum = combined(sum, values(a_at(e) + values_at(i))); }\n    }\n",
                )
            });
        }
        order = Order::new(gpu, &self.to, self.count, self.places)?;
        if self.count >= LONG * self.places {
            return self.long_sums(gpu, meeting, &order, &operands, output);
        }
        kernel.variant(1);
        order.read(&mut kernel);
        map::gather(&mut kernel, &operands, output, kind, || {
            text(
                "    let end = u32(ends(own));\n    for (var k = u32(begins(own)); k < end; k++) {\n        \
                 sum = combined(sum, values(a_at(u32(entries(k))) + values_at(i)));\n    }\n",
            )
        })
    }

    /// Each element by a group: its entries are shared among the invocations, whose results are combined in eight steps.
    fn long_sums(
        &self,
        gpu: &Gpu,
        meeting: Meeting,
        order: &Order,
        operands: &[Argument<'_>],
        output: &Output<'_>,
    ) -> Result<()> {
        let (kind, numel) = (Kind::of(output.dtype), output.layout.numel());
        let mut kernel = Kernel::new(gpu, "moves_long");
        kernel.by_functions().variant(meeting as u32).variant(operands.len() as u32).size("numel", numel);
        kernel.write("y", output, kind, each_writing(output));
        let mut places = vec![
            Places::declare(&mut kernel, "y", output.layout),
            Places::declare(&mut kernel, "a", &self.starts),
            Places::declare(&mut kernel, "b", &self.place),
        ];
        for operand in operands {
            operand.read(&mut kernel);
            places.push(Places::declare(&mut kernel, operand.name, operand.input.layout));
        }
        order.read(&mut kernel);
        let begin = if operands.len() > 1 { "x(x_at(i))" } else { "T(0)" };
        kernel.run(kernel::spread(numel), || {
            let places: String = places.iter().map(Places::text).collect();
            format!(
                "alias T = {};\n{}{places}fn begin_of(i: u32) -> T {{ return {begin}; }}\n{}",
                kind.name(),
                combining(meeting, kind),
                include_str!("../../shaders/moves_long.wgsl")
            )
        })
    }

    /// The last values into what is there, without touching the rest.
    fn last_back(&self, gpu: &Gpu, back: &Back, values: &Input<'_>, output: &Output<'_>) -> Result<()> {
        let last = gpu.block(4 * self.places)?;
        self.find_last(gpu, &last)?;
        let mut kernel = Kernel::new(gpu, "last_back");
        kernel.read_own("last", &last, DType::I32, Kind::I32);
        self.run_back(kernel, back, values, output, || {
            "    if (last(place) != i32(entry) + 1) { return; }\n    y_put(to_at, values(values_at(i)));\n".to_string()
        })
    }

    /// Values combined with what is there, by the invocations of each place's first entry, without touching the rest.
    fn sums_back(
        &self,
        gpu: &Gpu,
        meeting: Meeting,
        back: &Back,
        values: &Input<'_>,
        output: &Output<'_>,
    ) -> Result<()> {
        let (order, kind) = (Order::new(gpu, &self.to, self.count, self.places)?, Kind::of(output.dtype));
        let mut kernel = Kernel::new(gpu, "sums_back");
        kernel.variant(meeting as u32);
        order.read(&mut kernel);
        let x = Input { source: None, layout: output.layout, dtype: output.dtype };
        kernel.read("x", &x, kind);
        let starts = Places::declare(&mut kernel, "g", &self.starts);
        let combining = combining(meeting, kind);
        self.run_back(kernel, back, values, output, || {
            format!(
                "    let first = u32(begins(place));\n    if (entries(first) != i32(entry)) {{ return; }}\n    \
                 let inside = values_at(i) - start_at(entry);\n    var sum = x(to_at);\n    \
                 for (var k = first; k < u32(ends(place)); k++) {{\n        \
                 sum = combined(sum, values(start_at(u32(entries(k))) + inside));\n    }}\n    y_put(to_at, sum);\n}}\n\
                 alias T = {};\n{combining}{}fn start_at(entry: u32) -> u32 {{\n    return g_at(entry);\n",
                kind.name(),
                starts.text()
            )
        })
    }

    /// For each element of the values `body`, which knows its entry, its place's number and where it goes to.
    fn run_back<'a>(
        &'a self,
        mut kernel: Kernel<'a>,
        back: &'a Back,
        values: &Input<'a>,
        output: &Output<'a>,
        body: impl FnOnce() -> String,
    ) -> Result<()> {
        let kind = Kind::of(output.dtype);
        kernel.by_functions().write("y", output, kind, each_writing(output)).read("values", values, kind);
        kernel.read_own("to", &self.to, DType::I32, Kind::I32);
        let places = [("values", &back.values), ("a", &back.entry), ("b", &back.inside), ("c", &back.starts)]
            .map(|(name, layout)| Places::declare(&mut kernel, name, layout));
        kernel.run_each(back.values.numel(), || {
            let places: String = places.iter().map(Places::text).collect();
            places
                + "fn each(i: u32) {\n    let entry = a_at(i);\n    let found = to(entry);\n    \
                   if (found < 0) { return; }\n    let place = u32(found);\n    let to_at = c_at(place) + b_at(i);\n"
                + &body()
                + "}\n"
        })
    }

    /// For each place one more than the number of its last entry; zero if it has none.
    fn find_last(&self, gpu: &Gpu, last: &Block) -> Result<()> {
        gpu.clear(&last.buffer, 0, 4 * self.places as u64)?;
        let mut kernel = Kernel::new(gpu, "last_entries");
        kernel.write_shared("last", last).read_own("to", &self.to, DType::I32, Kind::I32);
        kernel.run_each(self.count, || {
            "fn each(i: u32) {\n    let place = to(i);\n    if (place >= 0) { atomicMax(&last_[place], i32(i) + 1); }\n}\n"
                .to_string()
        })
    }
}

/// How an element is written by an invocation that knows nothing of its neighbours.
fn each_writing(output: &Output<'_>) -> Writing {
    if element::lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared }
}

/// The function that combines what is at a place with a value. NaN wins over larger and smaller ones.
fn combining(meeting: Meeting, kind: Kind) -> String {
    let nan = match kind {
        Kind::F32 => "(bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u",
        Kind::F64 => "(bitcast<u64>(x) << 1u) > 0xffe0000000000000lu",
        Kind::I32 | Kind::I64 => "false",
    };
    let expression = match meeting {
        Meeting::Last => "b",
        Meeting::Sum if kind == Kind::I64 => "long_plus(a, b)",
        Meeting::Product if kind == Kind::I64 => "long_times(a, b)",
        Meeting::Larger if kind == Kind::I64 => "select(b, a, long_less(b, a))",
        Meeting::Smaller if kind == Kind::I64 => "select(b, a, long_less(a, b))",
        Meeting::Sum => "a + b",
        Meeting::Product => "a * b",
        Meeting::Larger => "select(b, a, a > b || nan(a))",
        Meeting::Smaller => "select(b, a, a < b || nan(a))",
    };
    format!("fn nan(x: T) -> bool {{ return {nan}; }}\nfn combined(a: T, b: T) -> T {{ return {expression}; }}\n")
}
