//! Whole slices read and written at positions: `index_select`, `index_add`, `x[i, j]`, embeddings. The positions become a list of
//! places, the other dimensions loops around and inside it. Writes are sorted by destination, so that threads need no locks.

use super::combine::{self, Combine, Replace, Sum, with_bits, with_copy_or_sum};
use super::positions::{add_places, outside};
use super::{GRAIN, extent};
use crate::dense::Shared;
use crate::memory::{Read, Write};
use crate::nest::Nest;
use crate::team;
use std::ops::Range;
use tensor_core::op::index::{Index, positions_at, positions_shape_of};
use tensor_core::{Dims, Layout, Result};

/// Parts of the destination that are written by different threads.
const PARTS: usize = 16;

/// Slices on their way: for each element of `outer`, for each entry, one slice.
pub struct Moves {
    /// The dimensions before the positions: destination, source.
    outer: Nest<2>,
    /// The dimensions of a slice.
    inner: Nest<2>,
    /// The places of the slices in the destination and in the source.
    entries: Vec<[usize; 2]>,
    /// Elements of a slice.
    len: usize,
}

/// The loops over dimensions `dims` of two layouts that agree there.
fn loops(a: &Layout, b: &Layout, dims: Range<usize>) -> Nest<2> {
    let part = |layout: &Layout| {
        let dims = dims.start.min(layout.rank())..dims.end.min(layout.rank());
        Layout::strided(layout.shape()[dims.clone()].into(), layout.strides()[dims].into(), 0)
    };
    Nest::new([&part(a), &part(b)])
}

/// The places of a vector of positions along a dimension of the given size and stride.
fn places(op: Index, dim: usize, index: &Read<'_>, (size, stride): (usize, usize), start: usize) -> Result<Vec<usize>> {
    let mut places = vec![start; index.layout.numel()];
    add_places(&mut places, index.layout.shape(), index, (size, stride), false, |p| outside(op, p, dim, size))?;
    Ok(places)
}

impl Moves {
    /// The slices of `source` along `dim`, on the way to the positions in `out`.
    pub fn along(dim: usize, op: Index, index: &Read<'_>, source: &Read<'_>, out: &Write<'_>) -> Result<Moves> {
        let to = places(op, dim, index, extent(out.layout, dim), out.layout.offset())?;
        let (_, step) = extent(source.layout, dim);
        let entries = to.into_iter().enumerate().map(|(i, to)| [to, source.layout.offset() + i * step]).collect();
        let inner = loops(out.layout, source.layout, dim + 1..usize::MAX);
        Ok(Moves { outer: loops(out.layout, source.layout, 0..dim), len: inner.numel(), inner, entries })
    }

    /// The slices of `x` where the dimensions in `dims` take the positions, on the way to the fresh result.
    pub fn reading(dims: u64, x: &Read<'_>, positions: &[Read<'_>], out: &Write<'_>) -> Result<Moves> {
        let op = Index::Get { dims, origin: tensor_core::op::Origin::Itself };
        let (places, at, rank) = located(op, dims, x.layout, positions)?;
        let kept = kept(dims, x.layout);
        let inner = loops(&without(out.layout, at, rank), &kept, at..usize::MAX);
        let len = inner.numel();
        // The result is row-major, so that neighbouring positions lie one slice apart.
        let start = out.layout.offset();
        let entries = places.into_iter().enumerate().map(|(i, from)| [start + i * len, from]).collect();
        Ok(Moves { outer: loops(&without(out.layout, at, rank), &kept, 0..at), inner, entries, len })
    }

    /// The slices of `values` on the way to where the dimensions in `dims` of `out` take the positions.
    pub fn writing(dims: u64, values: &Read<'_>, positions: &[Read<'_>], out: &Write<'_>) -> Result<Moves> {
        let op = Index::Put { dims, accumulate: false };
        let (places, at, rank) = located(op, dims, out.layout, positions)?;
        let kept = kept(dims, out.layout);
        let from = without(values.layout, at, rank);
        let (outer, inner) = (loops(&kept, &from, 0..at), loops(&kept, &from, at..usize::MAX));
        let middle = loops(values.layout, values.layout, at..at + rank);
        let mut sources = Vec::with_capacity(places.len());
        let (shape, strides) = (&values.layout.shape()[at..at + rank], &values.layout.strides()[at..at + rank]);
        let rows = Nest::new([&Layout::contiguous(shape.into()), &Layout::strided(shape.into(), strides.into(), 0)]);
        rows.rows(0..middle.numel(), |row| {
            sources.extend((0..row.len).map(|i| values.layout.offset() + row.at[1] + i * row.strides[1]));
        });
        let entries = places.into_iter().zip(sources).map(|(to, from)| [to, from]).collect();
        Ok(Moves { outer, len: inner.numel(), inner, entries })
    }

    /// Copies the slices to a result in which no two of them meet.
    pub fn read(&self, source: &Read<'_>, out: &Write<'_>) {
        with_bits!(out.dtype, T => {
            let (to, from) = (Shared(out.at(0).cast::<T>()), Shared(source.at(0).cast::<T>()));
            let (count, outer) = (self.entries.len(), self.outer.numel());
            if outer >= PARTS || count == 1 {
                team::split(outer, (GRAIN / (self.len * count).max(1)).max(1), |range| {
                    self.visit::<T, Replace>(to.get(), from.get(), range, &self.entries);
                });
            } else {
                team::split(count, (GRAIN / (self.len * outer).max(1)).max(1), |range| {
                    self.visit::<T, Replace>(to.get(), from.get(), 0..outer, &self.entries[range]);
                });
            }
        });
    }

    /// Writes the slices, or adds them, in the order of the entries.
    pub fn write(&self, adds: bool, source: &Read<'_>, out: &Write<'_>) {
        let (count, outer) = (self.entries.len(), self.outer.numel());
        with_copy_or_sum!(out.dtype, adds, T, C => {
            let (to, from) = (Shared(out.at(0).cast::<T>()), Shared(source.at(0).cast::<T>()));
            if outer >= PARTS {
                team::split(outer, (GRAIN / (self.len * count).max(1)).max(1), |range| {
                    self.visit::<T, C>(to.get(), from.get(), range, &self.entries);
                });
            } else if count * outer * self.len <= GRAIN {
                self.visit::<T, C>(to.get(), from.get(), 0..outer, &self.entries);
            } else {
                let parts = Parts::new(&self.entries, out.layout.span());
                team::parallel(PARTS, &|part| {
                    self.visit::<T, C>(to.get(), from.get(), 0..outer, parts.of(part));
                });
            }
        });
    }

    /// Combines the slices of some entries, for some elements of the outer loops.
    fn visit<T: Copy, C: Combine<T>>(&self, to: *mut T, from: *const T, outer: Range<usize>, entries: &[[usize; 2]]) {
        let run = self.inner.only_row();
        self.outer.rows(outer, |row| {
            for i in 0..row.len {
                let at = [row.at[0] + i * row.strides[0], row.at[1] + i * row.strides[1]];
                for [a, b] in entries {
                    let (to, from) = (to.wrapping_add(at[0] + a), from.wrapping_add(at[1] + b));
                    // SAFETY: slices within the locked storages; entries and outer elements of different threads have different
                    // destinations, and the source is another storage.
                    unsafe {
                        match &run {
                            Some(_) if self.len == 1 => to.write(C::combine(to.read(), from.read())),
                            Some(row) => combine::run::<T, C>(to, from, row.strides, row.len),
                            None => self.inner.rows(0..self.len, |row| {
                                combine::run::<T, C>(to.add(row.at[0]), from.add(row.at[1]), row.strides, row.len);
                            }),
                        }
                    }
                }
            }
        });
    }
}

/// Entries sorted by the part of the destination that they write to; those of one part keep their order.
struct Parts {
    sorted: Vec<[usize; 2]>,
    starts: [usize; PARTS + 1],
}

impl Parts {
    fn new(entries: &[[usize; 2]], span: usize) -> Parts {
        let part = |entry: &[usize; 2]| entry[0] * PARTS / span.max(1);
        let mut starts = [0; PARTS + 1];
        entries.iter().for_each(|entry| starts[part(entry) + 1] += 1);
        (0..PARTS).for_each(|i| starts[i + 1] += starts[i]);
        let (mut next, mut sorted) = (starts, vec![[0; 2]; entries.len()]);
        for entry in entries {
            let at = &mut next[part(entry)];
            sorted[*at] = *entry;
            *at += 1;
        }
        Parts { sorted, starts }
    }

    fn of(&self, part: usize) -> &[[usize; 2]] {
        &self.sorted[self.starts[part]..self.starts[part + 1]]
    }
}

/// The dimensions of `x` that take no positions.
fn kept(dims: u64, x: &Layout) -> Layout {
    let indexed = |dim: usize| dims >> dim & 1 == 1;
    Layout::strided(x.shape().without(indexed), x.strides().without(indexed), 0)
}

/// The layout without `count` dimensions from `at` on.
fn without(layout: &Layout, at: usize, count: usize) -> Layout {
    let middle = |dim: usize| dim >= at && dim < at + count;
    Layout::strided(layout.shape().without(middle), layout.strides().without(middle), 0)
}

/// For each element of the positions' broadcast shape its place in x, and where and how many dimensions they have in the result.
fn located(op: Index, dims: u64, x: &Layout, positions: &[Read<'_>]) -> Result<(Vec<usize>, usize, usize)> {
    let shape: Dims = positions_shape_of(positions.iter().map(|p| p.layout.shape()))?;
    let mut places = vec![x.offset(); shape.iter().product()];
    let indexed = (0..x.rank()).filter(|dim| dims >> dim & 1 == 1);
    for (index, dim) in positions.iter().zip(indexed) {
        let axis = extent(x, dim);
        add_places(&mut places, &shape, index, axis, true, |p| outside(op, p, dim, axis.0))?;
    }
    Ok((places, positions_at(dims), shape.len()))
}

/// `index_select`.
pub fn select(dim: usize, x: Read<'_>, index: Read<'_>, out: &Write<'_>) -> Result<()> {
    let from = places(Index::Select { dim: dim as u8 }, dim, &index, extent(x.layout, dim), x.layout.offset())?;
    let (_, step) = extent(out.layout, dim);
    let entries = from.into_iter().enumerate().map(|(i, from)| [out.layout.offset() + i * step, from]).collect();
    let inner = loops(out.layout, x.layout, dim + 1..usize::MAX);
    Moves { outer: loops(out.layout, x.layout, 0..dim), len: inner.numel(), inner, entries }.read(&x, out);
    Ok(())
}

/// The rows of a matrix, in a fresh row-major result.
pub fn rows(weight: Read<'_>, index: Read<'_>, out: &Write<'_>) -> Result<()> {
    let op = Index::Rows { padding: -1 };
    let from = places(op, 0, &index, extent(weight.layout, 0), weight.layout.offset())?;
    let len = weight.layout.shape()[1];
    let row = Layout::contiguous([len].as_slice().into());
    let inner = Nest::new([&row, &Layout::strided([len].as_slice().into(), weight.layout.strides()[1..].into(), 0)]);
    let entries = from.into_iter().enumerate().map(|(i, from)| [out.layout.offset() + i * len, from]).collect();
    let number = Layout::contiguous(Dims::scalar());
    Moves { outer: Nest::new([&number; 2]), inner, entries, len }.read(&weight, out);
    Ok(())
}

/// Rows added up in a fresh matrix of zeros, part by part: a part is cleared just before it is written.
pub fn rows_added(padding: i64, rows: Read<'_>, index: Read<'_>, out: &Write<'_>) -> Result<()> {
    let (count, len) = (out.layout.shape()[0], out.layout.shape()[1]);
    let op = Index::RowsAdded { count, padding };
    let to = places(op, 0, &index, (count, len), 0)?;
    let lead = rows.layout.rank().saturating_sub(1);
    let from = loops(rows.layout, rows.layout, lead..usize::MAX);
    let (shape, strides) = (rows.layout.shape()[..lead].into(), rows.layout.strides()[..lead].into());
    let lead = Nest::new([&Layout::contiguous(Dims::clone(&shape)), &Layout::strided(shape, strides, 0)]);
    let mut entries = Vec::with_capacity(to.len());
    lead.rows(0..lead.numel(), |row| {
        for i in 0..row.len {
            entries.push([to[entries.len()], rows.layout.offset() + row.at[1] + i * row.strides[1]]);
        }
    });
    entries.retain(|[to, _]| padding < 0 || *to != padding as usize * len);
    let number = Layout::contiguous(Dims::scalar());
    let row = Layout::contiguous([len].as_slice().into());
    let step = rows.layout.strides().last().copied().unwrap_or(1);
    let from_row = Layout::strided([len].as_slice().into(), [step].as_slice().into(), 0);
    debug_assert_eq!(from.numel(), len);
    let moves = Moves { outer: Nest::new([&number; 2]), inner: Nest::new([&row, &from_row]), entries, len };
    // The borders are where `Parts` has them.
    let span = count * len;
    let parts = Parts::new(&moves.entries, span);
    let border = |part: usize| (part * span).div_ceil(PARTS).div_ceil(len.max(1)) * len;
    crate::cast::with_type!(out.dtype, T => {
        let (to, from) = (Shared(out.pointer::<T>()), Shared(rows.at(0).cast::<T>()));
        team::parallel(PARTS, &|part| {
            let (start, end) = (border(part).min(span), border(part + 1).min(span));
            // SAFETY: the rows of this part are this call's alone, and zeros of all types are zero bytes.
            unsafe { to.get().add(start).write_bytes(0, end - start) };
            moves.visit::<T, Sum>(to.get(), from.get(), 0..1, parts.of(part));
        });
    });
    Ok(())
}
