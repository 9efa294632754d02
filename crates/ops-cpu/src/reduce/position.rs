//! Where the largest or smallest element is: the first of equals, and the first NaN if there is one. Rows are searched block
//! by block, first for the value, which is vector code, and only where it is better than before for its place; neighbouring
//! columns side by side.

use super::folds::Rows;
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
    if strided && columns >= 8 && x.dtype == compute && u32::try_from(loops.count).is_ok() {
        return side_by_side::<T, MAX>(&loops, &x, out);
    }
    each_output(&loops, &x, out, |from, place| {
        let mut seen = 0;
        let mut best: Option<(T, usize)> = None;
        blocks(&x, compute, &loops, from, |block: &[T]| {
            let leader = dispatch(Leader::<T, MAX> { block, best: best.map(|(best, _)| best) });
            best = leader.map(|(leader, at)| (leader, seen + at)).or(best);
            seen += block.len();
        });
        let position = best.map_or(0, |(_, position)| position) as i64;
        // SAFETY: the place of one `int64` output.
        unsafe { place.cast::<i64>().write_unaligned(position) };
    });
}

/// The extreme element of a block and its place, if it beats the best before: NaN if there is one, and the first of equals. The place is
/// looked for at the end, in the only piece of the block that can have it.
struct Leader<'a, T, const MAX: bool> {
    block: &'a [T],
    best: Option<T>,
}

/// Elements in which a place is looked for.
const PIECE: usize = 1024;
/// Elements that are compared together.
const LANES: usize = 64;

impl<T: Number, const MAX: bool> Kernel for Leader<'_, T, MAX> {
    type Output = Option<(T, usize)>;
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) -> Option<(T, usize)> {
        let (mut best, mut leading) = (self.best, None);
        for (number, piece) in self.block.chunks(PIECE).enumerate() {
            let leader = extreme::<T, MAX>(piece);
            if best.is_none_or(|best| beats::<T, MAX>(leader, best)) {
                (best, leading) = (Some(leader), Some(number * PIECE));
            }
        }
        let (best, start) = (best?, leading?);
        let piece = &self.block[start..self.block.len().min(start + PIECE)];
        // Without NaN in the piece, or with one as its leader: either way the first that is like it.
        let alike = |x: T| (x == best) | (x.is_nan() & best.is_nan());
        let any = |chunk: &&[T]| chunk.iter().fold(false, |any, x| any | alike(*x));
        let before = piece.chunks_exact(LANES).take_while(|chunk| !any(chunk)).count() * LANES;
        let within = piece[before..].iter().position(|x| alike(*x)).expect("the leader is in the piece");
        Some((best, start + before + within))
    }
}

/// The extreme of elements, of which there is one at least; NaN if there is one.
#[inline(always)]
fn extreme<T: Number, const MAX: bool>(elements: &[T]) -> T {
    let pick = |a: T, b: T| if MAX { a.larger(b) } else { a.smaller(b) };
    let mut lanes = [elements[0]; LANES];
    let chunks = elements.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for i in 0..LANES {
            lanes[i] = pick(lanes[i], chunk[i]);
        }
    }
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] = pick(lanes[i], lanes[i + width]);
        }
        width /= 2;
    }
    rest.iter().fold(lanes[0], |best, x| pick(best, *x))
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
        let (mut best, mut at) = ([T::ZERO; BLOCK], [0u32; BLOCK]);
        let mut number = 0;
        loops.runs(|begin, stride, len| {
            let first = x.at(x.layout.offset() + from + begin).cast::<T>();
            // SAFETY: rows of neighbouring elements of the input, of the computing type.
            let rows = unsafe { Rows::new(first, stride, width, len) };
            dispatch(Candidates::<T, MAX> { rows, best: &mut best[..width], at: &mut at[..width], number });
            number += len as u32;
        });
        for (i, at) in at[..width].iter().enumerate() {
            // SAFETY: the place of one `int64` output.
            unsafe { out.at(out.layout.offset() + to + i * out_stride).cast::<i64>().write_unaligned(*at as i64) };
        }
    });
}

/// Rows of candidates, the first of which has a number, in fours: what is best is then read and written once for four of them.
struct Candidates<'a, T, const MAX: bool> {
    rows: Rows<'a, T>,
    best: &'a mut [T],
    at: &'a mut [u32],
    number: u32,
}

impl<T: Number, const MAX: bool> Kernel for Candidates<'_, T, MAX> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Candidates { rows, best, at, number } = self;
        let skip = (number == 0) as usize;
        if skip == 1 {
            best.copy_from_slice(rows.row(0));
        }
        let whole = skip + (rows.count - skip) / 4 * 4;
        for first in (skip..whole).step_by(4) {
            four::<T, MAX>(std::array::from_fn(|i| rows.row(first + i)), best, at, number + first as u32);
        }
        for row in whole..rows.count {
            four::<T, MAX>([rows.row(row); 4], best, at, number + row as u32);
        }
    }
}

/// Four rows. As arguments of a function of their own the results are known to be apart.
#[inline(always)]
fn four<T: Number, const MAX: bool>([a, b, c, d]: [&[T]; 4], best: &mut [T], at: &mut [u32], number: u32) {
    // The first of equals, and the first NaN.
    let pick = |x: (T, u32), y: (T, u32)| {
        let wins = beats::<T, MAX>(y.0, x.0);
        (if wins { y.0 } else { x.0 }, if wins { y.1 } else { x.1 })
    };
    let width = best.len();
    let (a, b, c, d, at) = (&a[..width], &b[..width], &c[..width], &d[..width], &mut at[..width]);
    for i in 0..width {
        let first = pick((a[i], number), (b[i], number + 1));
        let second = pick((c[i], number + 2), (d[i], number + 3));
        (best[i], at[i]) = pick((best[i], at[i]), pick(first, second));
    }
}
