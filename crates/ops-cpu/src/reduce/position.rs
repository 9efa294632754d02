//! Where the largest or smallest element is: the first of equals, and the first NaN if there is one. Rows are searched block
//! by block, first for the value, which is vector code, and only where it is better than before for its place; neighbouring
//! columns side by side.

use super::{BLOCK, Loops, blocks, each_output};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::number::Number;
use crate::team;
use tensor_core::DType;
use tensor_core::op::reduce::Reduce;

/// Whether `new` takes the place of `best`.
#[inline(always)]
fn beats<T: Number, const MAX: bool>(new: T, best: T) -> bool {
    (if MAX { new > best } else { new < best }) | (new.is_nan() & !best.is_nan())
}

/// The position, in row-major order of the reduced dimensions, of the extreme element of each output.
pub fn run<T: Number, const MAX: bool>(compute: DType, reduce: Reduce, x: Read<'_>, out: &Write<'_>) {
    let loops = Loops::new(reduce, x.layout, out.layout);
    let columns = loops.kept.last().filter(|(_, stride, _)| *stride == 1).map_or(1, |(size, ..)| *size);
    let strided = loops.reduced.last().is_some_and(|(size, stride)| *stride != 1 && *size > 1);
    if strided && columns >= 8 && x.dtype == compute {
        return side_by_side::<T, MAX>(&loops, &x, out);
    }
    each_output(&loops, &x, out, |from, place| {
        let mut seen = 0;
        let mut best: Option<(T, usize)> = None;
        blocks(&x, compute, &loops, from, |block: &[T]| {
            let leader = dispatch(Leader::<T, MAX>(block));
            if best.is_none_or(|(best, _)| beats::<T, MAX>(leader, best)) {
                // The block has no NaN, or its leader is one; either way the first element that nothing beats.
                let at = block.iter().position(|x| *x == leader || (x.is_nan() && leader.is_nan()));
                best = Some((leader, seen + at.expect("the leader is in the block")));
            }
            seen += block.len();
        });
        let position = best.map_or(0, |(_, position)| position) as i64;
        // SAFETY: the place of one `int64` output.
        unsafe { place.cast::<i64>().write_unaligned(position) };
    });
}

/// The extreme element of a block that is not empty; NaN if there is one.
struct Leader<'a, T, const MAX: bool>(&'a [T]);

impl<T: Number, const MAX: bool> Kernel for Leader<'_, T, MAX> {
    type Output = T;
    #[inline(always)]
    fn run<L: Level>(self) -> T {
        const LANES: usize = 64;
        let pick = |a: T, b: T| if MAX { a.larger(b) } else { a.smaller(b) };
        let mut lanes = [self.0[0]; LANES];
        let chunks = self.0.chunks_exact(LANES);
        let rest = chunks.remainder();
        for chunk in chunks {
            for i in 0..LANES {
                lanes[i] = pick(lanes[i], chunk[i]);
            }
        }
        let best = lanes.into_iter().fold(self.0[0], pick);
        rest.iter().fold(best, |best, x| pick(best, *x))
    }
}

/// Neighbouring outputs together: each row of the input is a candidate for each of them.
fn side_by_side<T: Number, const MAX: bool>(loops: &Loops, x: &Read<'_>, out: &Write<'_>) {
    let (columns, _, out_stride) = *loops.kept.last().expect("at least the columns");
    let rows: usize = loops.kept[..loops.kept.len() - 1].iter().map(|(size, ..)| size).product();
    let width = columns.div_ceil(4).next_multiple_of(64).min(BLOCK);
    let tiles = columns.div_ceil(width);
    team::parallel(rows * tiles, &|job| {
        let start = job % tiles * width;
        let width = width.min(columns - start);
        let (from, to) = loops.output(job / tiles * columns + start);
        let (mut best, mut at) = ([T::ZERO; BLOCK], [0i64; BLOCK]);
        let mut number = 0;
        loops.runs(|begin, stride, len| {
            for row in 0..len {
                let line = x.at(x.layout.offset() + from + begin + row * stride).cast::<T>();
                // SAFETY: `width` neighbouring elements of the input, of the computing type.
                let line = unsafe { std::slice::from_raw_parts(line, width) };
                dispatch(Candidates::<T, MAX> { line, best: &mut best[..width], at: &mut at[..width], number });
                number += 1;
            }
        });
        for (i, at) in at[..width].iter().enumerate() {
            // SAFETY: the place of one `int64` output.
            unsafe { out.at(out.layout.offset() + to + i * out_stride).cast::<i64>().write_unaligned(*at) };
        }
    });
}

struct Candidates<'a, T, const MAX: bool> {
    line: &'a [T],
    best: &'a mut [T],
    at: &'a mut [i64],
    number: i64,
}

impl<T: Number, const MAX: bool> Kernel for Candidates<'_, T, MAX> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Candidates { line, best, at, number } = self;
        if number == 0 {
            return best.copy_from_slice(line);
        }
        for ((x, best), at) in line.iter().zip(best).zip(at) {
            let wins = beats::<T, MAX>(*x, *best);
            *at = if wins { number } else { *at };
            *best = if wins { *x } else { *best };
        }
    }
}
