//! Reading and writing at positions given by tensors. Positions are checked as they are read; elements move as bits, except
//! where they are added.

use crate::cast::with_type;
use crate::convert;
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::number::Number;
use crate::team;
use storage::{Bool, bf16, f16};
use tensor_core::op::index::{Index, positions_at, positions_shape_of};
use tensor_core::{DType, Dims, Layout, Result, bail};

/// Elements that can be added in place, the half types with a rounding each time.
trait Add: Copy {
    fn add(self, other: Self) -> Self;
}

macro_rules! add {
    ($($t:ty)*) => { $(
        impl Add for $t {
            fn add(self, other: $t) -> $t { self.plus(other) }
        }
    )* };
}
add! { Bool u8 i8 i16 i32 i64 f32 f64 }
impl Add for f16 {
    fn add(self, other: f16) -> f16 {
        f16::from_f32(self.to_f32() + other.to_f32())
    }
}
impl Add for bf16 {
    fn add(self, other: bf16) -> bf16 {
        bf16::from_f32(self.to_f32() + other.to_f32())
    }
}

/// Decomposes `i`, counted row-major over `shape`, into the sum of strides of each of `N` operands.
#[inline]
fn places<const N: usize>(mut i: usize, shape: &[usize], strides: [&[usize]; N]) -> [usize; N] {
    let mut at = [0; N];
    for dim in (0..shape.len()).rev() {
        let index = i % shape[dim];
        i /= shape[dim];
        (0..N).for_each(|k| at[k] += index * strides[k][dim]);
    }
    at
}

/// The position at `place` of an index tensor of `int64` or `int32`.
#[inline]
fn position(index: &Read<'_>, place: usize) -> i64 {
    let at = index.at(index.layout.offset() + place);
    // SAFETY: an element of the index tensor.
    unsafe {
        match index.dtype {
            DType::I32 => at.cast::<i32>().read_unaligned() as i64,
            _ => at.cast::<i64>().read_unaligned(),
        }
    }
}

/// A position within `size`, without counting from the end.
fn checked(position: i64, size: usize, dim: usize) -> Result<usize> {
    if position < 0 || position as usize >= size {
        bail!(Index, "index {position} is out of bounds for dimension {dim} with size {size}");
    }
    Ok(position as usize)
}

/// The strides of `layout` with that of `dim` zero; `rank` of them, for a number among vectors.
fn strides_across(layout: &Layout, dim: usize, rank: usize) -> Dims {
    let mut strides = layout.strides().clone();
    if let Some(stride) = strides.get_mut(dim) {
        *stride = 0;
    }
    if strides.len() < rank { Dims::filled(rank, 0) } else { strides }
}

/// The same size of dimension for numbers without one.
fn extent(layout: &Layout, dim: usize) -> (usize, usize) {
    if layout.rank() == 0 { (1, 0) } else { (layout.shape()[dim], layout.strides()[dim]) }
}

/// Copies one element of `size` bytes.
#[inline]
fn copy_element(from: *const u8, to: *mut u8, size: usize) {
    // SAFETY: the callers pass places of elements of that size in locked storages, or the same place twice.
    unsafe { std::ptr::copy(from, to, size) };
}

/// Adds the element of type `T` at `from` to the one at `to`.
#[inline]
fn add_element<T: Add>(from: *const u8, to: *mut u8) {
    // SAFETY: as for `copy_element`, with elements of type `T`.
    unsafe {
        let sum = to.cast::<T>().read_unaligned().add(from.cast::<T>().read_unaligned());
        to.cast::<T>().write_unaligned(sum);
    }
}

/// Computes an operation at positions. `in_place`: the output is the first input.
pub fn run(op: Index, in_place: bool, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let begin = |x: Read<'_>| {
        if !in_place {
            convert::copy(x, out);
        }
    };
    match op {
        Index::Gather { dim, .. } => gather(dim as usize, inputs[0], inputs[1], out),
        Index::Select { dim } => select(dim as usize, inputs[0], inputs[1], out),
        Index::ScatterAdd { dim } => {
            check_all(dim as usize, out.layout, &inputs[1])?;
            begin(inputs[0]);
            scatter_add(dim as usize, inputs[1], inputs[2], out)
        }
        Index::Add { dim } => {
            check_all(dim as usize, out.layout, &inputs[1])?;
            begin(inputs[0]);
            add(dim as usize, inputs[1], inputs[2], out)
        }
        Index::Get { dims, .. } => {
            let target = Located::new(dims, inputs[0].layout, &inputs[1..])?;
            let size = out.dtype.size();
            target.each(|i, place| {
                let [to] = places(i, out.layout.shape(), [out.layout.strides()]);
                copy_element(inputs[0].at(place), out.at(out.layout.offset() + to), size);
            })
        }
        Index::Put { dims, accumulate } => {
            let target = Located::new(dims, out.layout, &inputs[2..])?;
            target.each(|_, _| {})?;
            begin(inputs[0]);
            let (values, size) = (&inputs[1], out.dtype.size());
            target.each(|i, place| {
                let [from] = places(i, values.layout.shape(), [values.layout.strides()]);
                let from = values.at(values.layout.offset() + from);
                match accumulate {
                    true => with_type!(out.dtype, T => add_element::<T>(from, out.at(place))),
                    false => copy_element(from, out.at(place), size),
                }
            })
        }
        Index::NonZero { .. } => nonzero(&inputs[0], out),
    }
}

fn check_all(dim: usize, layout: &Layout, index: &Read<'_>) -> Result<()> {
    let (size, _) = extent(layout, dim);
    for i in 0..index.layout.numel() {
        let [place] = places(i, index.layout.shape(), [index.layout.strides()]);
        checked(position(index, place), size, dim)?;
    }
    Ok(())
}

fn gather(dim: usize, x: Read<'_>, index: Read<'_>, out: &Write<'_>) -> Result<()> {
    match x.dtype.size() {
        1 => gather_of::<u8>(dim, x, index, out),
        2 => gather_of::<u16>(dim, x, index, out),
        4 => gather_of::<u32>(dim, x, index, out),
        _ => gather_of::<u64>(dim, x, index, out),
    }
}

/// A row of a gather whose positions and results are neighbours.
struct GatherRow<'a, T> {
    positions: &'a [i64],
    limit: usize,
    from: *const T,
    x_step: usize,
    step: usize,
    to: *mut T,
}

impl<T: Copy> Kernel for GatherRow<'_, T> {
    /// Whether all positions were within the limit; else nothing was written.
    type Output = bool;
    #[inline(always)]
    fn run<L: Level>(self) -> bool {
        let GatherRow { positions, limit, from, x_step, step, to } = self;
        // Read as unsigned, a negative position is too large as well.
        let outside = positions.iter().fold(false, |outside, p| outside | (*p as u64 >= limit as u64));
        if outside {
            return false;
        }
        for (i, p) in positions.iter().enumerate() {
            let at = if x_step == 0 && step == 1 { *p as usize } else { i * x_step + *p as usize * step };
            // SAFETY: the positions were checked just now; who made the kernel vouches for the rows.
            unsafe { *to.add(i) = *from.add(at) };
        }
        true
    }
}

/// Elements of type `T`, row by row of the last dimension.
fn gather_of<T: Copy>(dim: usize, x: Read<'_>, index: Read<'_>, out: &Write<'_>) -> Result<()> {
    let (limit, step) = extent(x.layout, dim);
    let shape = out.layout.shape();
    let strides = strides_across(x.layout, dim, shape.len());
    let last = |strides: &[usize]| strides.last().copied().unwrap_or(0);
    let (x_step, index_step, out_step) = (last(&strides), last(index.layout.strides()), last(out.layout.strides()));
    let len = shape.last().copied().unwrap_or(1);
    let lead = &shape[..shape.len().saturating_sub(1)];
    let rows: usize = lead.iter().product();
    let failure = std::sync::Mutex::new(None);
    team::split(if len == 0 { 0 } else { rows }, (8 * 1024 / len.max(1)).max(1), |range| {
        for row in range {
            let [from, at, to] = places(row, lead, [&strides, index.layout.strides(), out.layout.strides()]);
            let (from, to) = (x.at(x.layout.offset() + from).cast::<T>(), out.at(out.layout.offset() + to).cast::<T>());
            if index_step == 1 && out_step == 1 {
                // SAFETY: a row of positions, which `gather` takes as `int64` only.
                let positions =
                    unsafe { std::slice::from_raw_parts(index.at(index.layout.offset() + at).cast::<i64>(), len) };
                // SAFETY: the row of x that the positions are checked against, and the row's own place in the result.
                if dispatch(GatherRow { positions, limit, from, x_step, step, to }) {
                    continue;
                }
            }
            for i in 0..len {
                match checked(position(&index, at + i * index_step), limit, dim) {
                    // SAFETY: a checked place of x, and the row's own place in the result.
                    Ok(p) => unsafe { *to.add(i * out_step) = *from.add(i * x_step + p * step) },
                    Err(error) => {
                        *failure.lock().expect("no panic while held") = Some(error);
                        return;
                    }
                }
            }
        }
    });
    failure.into_inner().expect("no panic while held").map_or(Ok(()), Err)
}

fn select(dim: usize, x: Read<'_>, index: Read<'_>, out: &Write<'_>) -> Result<()> {
    let (limit, step) = extent(x.layout, dim);
    let (_, out_step) = extent(out.layout, dim);
    // The rest of the dimensions form one slice, copied for each position.
    let slice_of = |layout: &Layout, offset: usize| match layout.rank() {
        0 => Layout::strided(Dims::scalar(), Dims::scalar(), layout.offset() + offset),
        _ => Layout::strided(
            layout.shape().without(|i| i == dim),
            layout.strides().without(|i| i == dim),
            layout.offset() + offset,
        ),
    };
    for i in 0..index.layout.numel() {
        let [at] = places(i, index.layout.shape(), [index.layout.strides()]);
        let p = checked(position(&index, at), limit, dim)?;
        let (from, to) = (slice_of(x.layout, p * step), slice_of(out.layout, i * out_step));
        convert::copy(x.with_layout(&from), &out.with_layout(&to));
    }
    Ok(())
}

fn scatter_add(dim: usize, index: Read<'_>, source: Read<'_>, out: &Write<'_>) -> Result<()> {
    let (limit, step) = extent(out.layout, dim);
    let shape = index.layout.shape();
    let strides = strides_across(out.layout, dim, shape.len());
    // A source without dimensions has one element, which is its first at any stride.
    let from_strides =
        if source.layout.rank() < shape.len() { Dims::filled(shape.len(), 0) } else { source.layout.strides().clone() };
    for i in 0..index.layout.numel() {
        let [at, from, to] = places(i, shape, [index.layout.strides(), &from_strides, &strides]);
        let p = checked(position(&index, at), limit, dim)?;
        let (from, to) = (source.at(source.layout.offset() + from), out.at(out.layout.offset() + to + p * step));
        with_type!(out.dtype, T => add_element::<T>(from, to));
    }
    Ok(())
}

fn add(dim: usize, index: Read<'_>, source: Read<'_>, out: &Write<'_>) -> Result<()> {
    let (limit, step) = extent(out.layout, dim);
    let (_, source_step) = extent(source.layout, dim);
    let without = |dims: &Dims| dims.without(|i| i == dim);
    let shape = without(source.layout.shape());
    let (from_strides, to_strides) = (without(source.layout.strides()), without(out.layout.strides()));
    let slice: usize = shape.iter().product();
    for i in 0..index.layout.numel() {
        let [at] = places(i, index.layout.shape(), [index.layout.strides()]);
        let p = checked(position(&index, at), limit, dim)?;
        for j in 0..slice {
            let [from, to] = places(j, &shape, [&from_strides, &to_strides]);
            let from = source.at(source.layout.offset() + i * source_step + from);
            let to = out.at(out.layout.offset() + p * step + to);
            with_type!(out.dtype, T => add_element::<T>(from, to));
        }
    }
    Ok(())
}

/// Where the elements of `x[positions…]` lie.
struct Located<'a> {
    positions: &'a [Read<'a>],
    /// For each position tensor: its strides in the broadcast shape, and size and stride of its dimension of x.
    axes: Vec<(Dims, usize, usize, usize)>,
    /// The broadcast shape of the positions.
    middle: Dims,
    /// Sizes and strides of x's other dimensions, and how many of them stand before the positions.
    kept: Dims,
    kept_strides: Dims,
    at: usize,
    offset: usize,
}

impl<'a> Located<'a> {
    fn new(dims: u64, x: &Layout, positions: &'a [Read<'a>]) -> Result<Located<'a>> {
        let middle = positions_shape_of(positions.iter().map(|p| p.layout.shape()))?;
        let indexed = (0..x.rank()).filter(|dim| dims >> dim & 1 == 1);
        let mut axes = vec![];
        for (index, dim) in positions.iter().zip(indexed) {
            let strides = index.layout.expanded(&middle)?.strides().clone();
            axes.push((strides, x.shape()[dim], x.strides()[dim], dim));
        }
        let is_kept = |dim: usize| dims >> dim & 1 == 1;
        Ok(Located {
            positions,
            axes,
            middle,
            kept: x.shape().without(is_kept),
            kept_strides: x.strides().without(is_kept),
            at: positions_at(dims),
            offset: x.offset(),
        })
    }

    /// Visits every element of the result: its number, row-major, and its position in x's storage.
    fn each(&self, mut visit: impl FnMut(usize, usize)) -> Result<()> {
        let (before, after) = self.kept.split_at(self.at);
        let (before_strides, after_strides) = self.kept_strides.split_at(self.at);
        let count = |sizes: &[usize]| sizes.iter().product::<usize>();
        let (b, m, a) = (count(before), count(&self.middle), count(after));
        let mut middle = Vec::with_capacity(m);
        for i in 0..m {
            let mut place = self.offset;
            for (index, (strides, size, stride, dim)) in self.positions.iter().zip(&self.axes) {
                let [at] = places(i, &self.middle, [strides]);
                let p = position(index, at);
                let wrapped = if p < 0 { p + *size as i64 } else { p };
                if wrapped < 0 || wrapped as usize >= *size {
                    bail!(Index, "index {p} is out of bounds for dimension {dim} with size {size}");
                }
                place += wrapped as usize * stride;
            }
            middle.push(place);
        }
        let mut number = 0;
        for i in 0..b {
            let [outer] = places(i, before, [before_strides]);
            for place in &middle {
                for j in 0..a {
                    let [inner] = places(j, after, [after_strides]);
                    visit(number, place + outer + inner);
                    number += 1;
                }
            }
        }
        Ok(())
    }
}

fn nonzero(x: &Read<'_>, out: &Write<'_>) -> Result<()> {
    let (shape, rank) = (x.layout.shape(), x.layout.rank());
    let rows = out.layout.shape()[0];
    let mut row = 0;
    for i in 0..x.layout.numel() {
        let [at] = places(i, shape, [x.layout.strides()]);
        let mut truth = Bool(0);
        // SAFETY: one element of x.
        unsafe {
            let convert = crate::cast::cast(x.dtype, DType::Bool);
            convert(x.at(x.layout.offset() + at), 1, (&raw mut truth).cast(), 1, 1);
        }
        if truth.0 == 0 {
            continue;
        }
        if row == rows {
            bail!(Value, "nonzero: the tensor was changed by another thread while its elements were counted");
        }
        let mut rest = i;
        for dim in (0..rank).rev() {
            let to = out.at(out.layout.position(&[row, dim]));
            // SAFETY: an `int64` element of the output.
            unsafe { to.cast::<i64>().write_unaligned((rest % shape[dim]) as i64) };
            rest /= shape[dim];
        }
        row += 1;
    }
    Ok(())
}
