//! Tensors put together, or turned around: copies into parts of the output.

use crate::cast::{Cast, cast};
use crate::convert;
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::stream::Stream;
use crate::team;
use tensor_core::op::Join;
use tensor_core::{DType, Layout, Result};

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 32 * 1024;

/// Computes a join.
pub fn run(op: Join, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    match op {
        Join::Cat { dim, .. } => {
            let mut start = 0;
            for x in inputs {
                let len = x.layout.shape()[dim as usize];
                let part = out.layout.sliced(dim as usize, start, len, 1);
                if x.layout.numel() > 0 {
                    convert::copy(*x, &out.with_layout(&part));
                }
                start += len;
            }
        }
        Join::Roll { dim, by } => {
            // What ends up first comes from the end.
            let (x, dim) = (inputs[0], dim as usize);
            let kept = x.layout.shape()[dim] - by;
            if x.layout.is_contiguous() && out.layout.is_contiguous() && roll_slices(x, dim, by, out) {
                return Ok(());
            }
            for (from, to, len) in [(0, by, kept), (kept, 0, by)] {
                let (from, to) = (x.layout.sliced(dim, from, len, 1), out.layout.sliced(dim, to, len, 1));
                convert::copy(x.with_layout(&from), &out.with_layout(&to));
            }
        }
        Join::Flip { axes } => flip(axes, inputs[0], out),
    }
    Ok(())
}

/// Rolls slice by slice, so that the output is gone through once: if slices are small enough to be shared between threads.
fn roll_slices(x: Read<'_>, dim: usize, by: usize, out: &Write<'_>) -> bool {
    let shape = x.layout.shape();
    let inner: usize = shape[dim + 1..].iter().product();
    let (slice, moved) = (shape[dim] * inner, by * inner);
    if slice == 0 || slice > GRAIN {
        return false;
    }
    let copy = cast(x.dtype, x.dtype);
    team::split(x.layout.numel() / slice, (GRAIN / slice).max(1), |range| {
        for at in range.map(|i| i * slice) {
            let (from, to) = (x.layout.offset() + at, out.layout.offset() + at);
            // SAFETY: the two parts of a slice, within the storages of both operands.
            unsafe {
                copy(x.at(from + slice - moved), 1, out.at(to), 1, moved);
                copy(x.at(from), 1, out.at(to + moved), 1, slice - moved);
            }
        }
    });
    true
}

/// Copies row by row, from the far end of each flipped dimension.
fn flip(axes: u64, x: Read<'_>, out: &Write<'_>) {
    let layout: &Layout = x.layout;
    let rank = layout.rank();
    let last = |dims: &[usize], none: usize| dims.last().copied().unwrap_or(none);
    let (len, from_step, to_step) = (last(layout.shape(), 1), last(layout.strides(), 1), last(out.layout.strides(), 1));
    let turns = rank > 0 && axes >> (rank - 1) & 1 == 1;
    let copy = if turns { backwards(x.dtype) } else { cast(x.dtype, x.dtype) };
    let rows = layout.numel().checked_div(len).unwrap_or(0);
    let size = x.dtype.size();
    let past = out.layout.is_contiguous() && Stream::is_worth(layout.numel() * size);
    team::split(rows, (GRAIN / len.max(1)).max(1), |range| {
        let mut stream = past.then(|| Stream::to(out.at(out.layout.offset() + range.start * len)));
        for row in range {
            let (mut rest, mut from, mut to) = (row, layout.offset(), out.layout.offset());
            for dim in (0..rank.saturating_sub(1)).rev() {
                let index = rest % layout.shape()[dim];
                rest /= layout.shape()[dim];
                let source = if axes >> dim & 1 == 1 { layout.shape()[dim] - 1 - index } else { index };
                from += source * layout.strides()[dim];
                to += index * out.layout.strides()[dim];
            }
            // SAFETY: a row of both operands within their storages; rows of a contiguous output follow each other.
            unsafe {
                match &mut stream {
                    None => copy(x.at(from), from_step, out.at(to), to_step, len),
                    Some(stream) => stream.write(len, size, [(x.at(from), from_step * size)], |start, place, n| {
                        let skipped = if turns { len - start - n } else { start };
                        copy(x.at(from + skipped * from_step), from_step, place, 1, n);
                    }),
                }
            }
        }
    });
}

/// A copy of `n` elements from the last to the first.
struct Backwards<T> {
    x: *const T,
    xs: usize,
    y: *mut T,
    ys: usize,
    n: usize,
}

impl<T: Copy> Kernel for Backwards<T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Backwards { x, xs, y, ys, n } = self;
        // SAFETY: the caller of the `Cast` vouches for both runs, which are apart.
        unsafe {
            if xs == 1 && ys == 1 {
                let (x, y) = (std::slice::from_raw_parts(x, n), std::slice::from_raw_parts_mut(y, n));
                y.iter_mut().rev().zip(x).for_each(|(y, x)| *y = *x);
            } else {
                (0..n).for_each(|i| y.add(i * ys).write(*x.add((n - 1 - i) * xs)));
            }
        }
    }
}

unsafe fn backwards_run<T: Copy>(x: *const u8, xs: usize, y: *mut u8, ys: usize, n: usize) {
    dispatch(Backwards::<T> { x: x.cast(), xs, y: y.cast(), ys, n });
}

/// Copying in reverse moves bits, so that only the size of elements matters.
fn backwards(dtype: DType) -> Cast {
    match dtype.size() {
        1 => backwards_run::<u8>,
        2 => backwards_run::<u16>,
        4 => backwards_run::<u32>,
        _ => backwards_run::<u64>,
    }
}
