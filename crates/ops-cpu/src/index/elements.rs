//! Single elements at positions along one dimension: `gather`, `scatter`, and its reductions. Lines along the dimension are
//! independent of each other, so that threads share the lines; within one, elements come in their order.

use super::combine::{self, Combine, Larger, Product, Replace, Smaller, Sum, with_bits};
use super::positions::{fail, position, within};
use super::{GRAIN, extent, strides_across};
use crate::cast::with_type;
use crate::dense::Shared;
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::nest::{Nest, Row};
use crate::team;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use tensor_core::op::Origin;
use tensor_core::op::index::{Fold, Index};
use tensor_core::{DType, Dims, Layout, Result};

/// A position as stored.
trait Position: Copy + Sync {
    fn wide(self) -> i64;
}
impl Position for i64 {
    #[inline(always)]
    fn wide(self) -> i64 {
        self
    }
}
impl Position for i32 {
    #[inline(always)]
    fn wide(self) -> i64 {
        self as i64
    }
}

/// Whether a row of positions lies within `limit`.
struct Check<P> {
    index: *const P,
    stride: usize,
    len: usize,
    limit: usize,
}

impl<P: Position> Kernel for Check<P> {
    type Output = bool;
    #[inline(always)]
    fn run<L: Level>(self) -> bool {
        let Check { index, stride, len, limit } = self;
        let mut fits = true;
        // SAFETY: the row lies within the index tensor's storage.
        unsafe {
            if stride == 1 {
                for p in std::slice::from_raw_parts(index, len) {
                    fits &= (p.wide() as u64) < limit as u64;
                }
            } else {
                for i in 0..len {
                    fits &= ((*index.add(i * stride)).wide() as u64) < limit as u64;
                }
            }
        }
        fits
    }
}

/// Reads a row of elements at positions; whether all were within `limit`, which is not zero.
struct Gather<T, P> {
    x: *const T,
    index: *const P,
    y: *mut T,
    /// Of output, index, and source across the dimension.
    strides: [usize; 3],
    /// Along the dimension.
    step: usize,
    limit: usize,
    len: usize,
}

impl<T: Copy, P: Position> Kernel for Gather<T, P> {
    type Output = bool;
    #[inline(always)]
    fn run<L: Level>(self) -> bool {
        let Gather { x, index, y, strides, step, limit, len } = self;
        let mut fits = true;
        let mut place = |i: usize, stride: usize| {
            // SAFETY: an element of the row of positions.
            let p = unsafe { (*index.wrapping_add(i * stride)).wide() } as u64;
            let inside = p < limit as u64;
            fits &= inside;
            if inside { p as usize } else { 0 }
        };
        // SAFETY: places of the row in locked storages; positions outside are replaced by the first.
        unsafe {
            match (strides, step) {
                ([1, 1, 0], 1) => (0..len).for_each(|i| y.add(i).write(*x.add(place(i, 1)))),
                ([1, 1, 1], _) => (0..len).for_each(|i| y.add(i).write(*x.add(i + place(i, 1) * step))),
                ([s, t, u], _) => (0..len).for_each(|i| y.add(i * s).write(*x.add(i * u + place(i, t) * step))),
            }
        }
        fits
    }
}

/// Calls `$body` with `$p` standing for the stored type of positions.
macro_rules! with_position {
    ($dtype:expr, $p:ident => $body:expr) => {
        match $dtype {
            DType::I32 => {
                type $p = i32;
                $body
            }
            _ => {
                type $p = i64;
                $body
            }
        }
    };
}

/// The error for the first position outside, or nothing.
fn first_outside(op: Index, index: &Read<'_>, dim: usize, size: usize) -> Result<()> {
    let mut found = None;
    Nest::new([&Layout::contiguous(index.layout.shape().clone()), index.layout]).rows(0..index.layout.numel(), |row| {
        let mut all = (0..row.len).map(|i| position(index, row.at[1] + i * row.strides[1]));
        found = found.or_else(|| all.find(|p| within(*p, size, false).is_none()));
    });
    found.map_or(Ok(()), |p| fail(op, p, dim, size))
}

/// Checks all positions of a scatter.
pub fn check(op: Index, index: Read<'_>, out: &Write<'_>) -> Result<()> {
    let dim = dim(op);
    let (limit, _) = extent(out.layout, dim);
    let fits = AtomicBool::new(true);
    let nest = Nest::new([index.layout]);
    team::split(index.layout.numel(), 4 * GRAIN, |range| {
        nest.rows(range, |Row { at, strides, len }| {
            let (at, stride) = (index.at(at[0]), strides[0]);
            let row_fits =
                with_position!(index.dtype, P => dispatch(Check::<P> { index: at.cast(), stride, len, limit }));
            if !row_fits {
                fits.store(false, Relaxed);
            }
        });
    });
    if fits.into_inner() { Ok(()) } else { first_outside(op, &index, dim, limit) }
}

fn dim(op: Index) -> usize {
    match op {
        Index::Gather { dim, .. }
        | Index::Scatter { dim }
        | Index::ScatterAdd { dim }
        | Index::ScatterReduce { dim, .. } => dim as usize,
        Index::Select { .. }
        | Index::Add { .. }
        | Index::Copy { .. }
        | Index::Rows { .. }
        | Index::RowsAdded { .. }
        | Index::Get { .. }
        | Index::Put { .. }
        | Index::MaskedSelect { .. }
        | Index::MaskedScatter
        | Index::Count
        | Index::NonZero { .. } => unreachable!("no operation on single elements along a dimension"),
    }
}

/// `gather`.
pub fn gather(dim: usize, x: Read<'_>, index: Read<'_>, out: &Write<'_>) -> Result<()> {
    let (limit, step) = extent(x.layout, dim);
    let op = Index::Gather { dim: dim as u8, origin: Origin::Itself };
    if limit == 0 {
        return first_outside(op, &index, dim, limit);
    }
    let shape = out.layout.shape();
    let across = Layout::strided(shape.clone(), strides_across(x.layout, dim, shape.len()), x.layout.offset());
    let nest = Nest::new([out.layout, index.layout, &across]);
    let fits = AtomicBool::new(true);
    team::split(out.layout.numel(), GRAIN, |range| {
        nest.rows(range, |Row { at, strides, len }| {
            let row_fits = with_bits!(out.dtype, T => with_position!(index.dtype, P => dispatch(Gather::<T, P> {
                x: x.at(at[2]).cast(),
                index: index.at(at[1]).cast(),
                y: out.at(at[0]).cast(),
                strides,
                step,
                limit,
                len,
            })));
            if !row_fits {
                fits.store(false, Relaxed);
            }
        });
    });
    if fits.into_inner() { Ok(()) } else { first_outside(op, &index, dim, limit) }
}

/// The loops of a scatter: lines along the dimension, and the way along one.
struct Lines {
    /// Across: destination, positions, source.
    across: Nest<3>,
    /// Elements along the dimension.
    len: usize,
    /// Along: destination, positions, source.
    steps: [usize; 3],
    /// Whether the positions of a line lie closer together than the lines.
    along_first: bool,
}

impl Lines {
    fn new(dim: usize, index: &Layout, source: &Layout, out: &Layout) -> Lines {
        let rank = index.rank();
        let shape = index.shape().without(|i| i == dim);
        let across = |layout: &Layout| {
            let strides: Dims = strides_across(layout, dim, rank).without(|i| i == dim);
            Layout::strided(shape.clone(), strides, layout.offset())
        };
        let (len, step) = extent(index, dim);
        let narrowest = index.strides().iter().enumerate().filter(|(i, _)| *i != dim).map(|(_, s)| *s).min();
        Lines {
            across: Nest::new([&across(out), &across(index), &across(source)]),
            len,
            steps: [extent(out, dim).1, step, if source.rank() < rank { 0 } else { extent(source, dim).1 }],
            along_first: narrowest.is_none_or(|narrowest| step <= narrowest),
        }
    }

    fn run<T: Copy, P: Position, C: Combine<T>>(&self, index: &Read<'_>, source: &Read<'_>, out: &Write<'_>) {
        let [to_step, index_step, from_step] = self.steps;
        let pointers = Shared((out.at(0).cast::<T>(), index.at(0).cast::<P>(), source.at(0).cast::<T>()));
        team::split(self.across.numel(), (GRAIN / self.len.max(1)).max(1), |range| {
            let (to, index, from) = pointers.get();
            // SAFETY: all positions have been checked, so that every place lies in its storage; lines of different ranges
            // have no place in common.
            unsafe {
                let place = |at: usize| (*index.add(at)).wide() as usize * to_step;
                if self.along_first {
                    self.across.rows(range, |Row { at, strides, len }| {
                        for i in 0..len {
                            let [to_at, at, from_at] = std::array::from_fn(|k| at[k] + i * strides[k]);
                            for j in 0..self.len {
                                let to = to.add(to_at + place(at + j * index_step));
                                to.write(C::combine(to.read(), *from.add(from_at + j * from_step)));
                            }
                        }
                    });
                    return;
                }
                for j in 0..self.len {
                    self.across.rows(range.clone(), |Row { at, strides: [s, t, u], len }| {
                        let (to_at, at, from_at) = (at[0], at[1] + j * index_step, at[2] + j * from_step);
                        if t == 0 || len == 1 {
                            return combine::run::<T, C>(to.add(to_at + place(at)), from.add(from_at), [s, u], len);
                        }
                        for i in 0..len {
                            let to = to.add(to_at + i * s + place(at + i * t));
                            to.write(C::combine(to.read(), *from.add(from_at + i * u)));
                        }
                    });
                }
            }
        });
    }
}

/// `scatter` and its reductions; the positions have been checked.
pub fn scatter(op: Index, index: Read<'_>, source: Read<'_>, out: &Write<'_>) {
    let lines = Lines::new(dim(op), index.layout, source.layout, out.layout);
    macro_rules! combining {
        ($c:ident) => {
            with_type!(out.dtype, T => with_position!(index.dtype, P => lines.run::<T, P, $c>(&index, &source, out)))
        };
    }
    match op {
        Index::ScatterAdd { .. } => combining!(Sum),
        Index::ScatterReduce { fold: Fold::Prod, .. } => combining!(Product),
        Index::ScatterReduce { fold: Fold::Max, .. } => combining!(Larger),
        Index::ScatterReduce { fold: Fold::Min, .. } => combining!(Smaller),
        // The rest writes.
        Index::Scatter { .. }
        | Index::Gather { .. }
        | Index::Select { .. }
        | Index::Add { .. }
        | Index::Copy { .. }
        | Index::Rows { .. }
        | Index::RowsAdded { .. }
        | Index::Get { .. }
        | Index::Put { .. }
        | Index::MaskedSelect { .. }
        | Index::MaskedScatter
        | Index::Count
        | Index::NonZero { .. } => {
            with_bits!(out.dtype, T => with_position!(index.dtype, P => {
                lines.run::<T, P, Replace>(&index, &source, out)
            }))
        }
    }
}
