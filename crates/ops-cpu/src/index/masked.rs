//! Elements where a mask holds, or which are not zero. Two passes over pieces of fixed size: the first counts, so that each
//! piece knows where its elements go, the second moves them.

use super::combine::with_bits;
use crate::cast::{Cast, cast};
use crate::dense::Shared;
use crate::memory::{Read, Write};
use crate::nest::Nest;
use crate::team;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use tensor_core::{DType, Layout, Result, bail};

/// Elements that one thread takes at a time.
const PIECE: usize = 32 * 1024;

/// Elements whose truth is known at a time.
const BLOCK: usize = 1024;

/// How many elements of each piece are not zero, and where those of each piece begin among all.
pub struct Counts {
    starts: Vec<usize>,
    numel: usize,
}

/// Visits the elements numbered `range`, row-major, in blocks: the operands' places and strides, and the truth of operand 1.
fn blocks<const N: usize>(
    nest: &Nest<N>,
    mask: &Read<'_>,
    range: Range<usize>,
    mut visit: impl FnMut([usize; N], [usize; N], &[u8]),
) {
    let to_truth: Cast = cast(mask.dtype, DType::Bool);
    let mut buffer = [0u8; BLOCK];
    nest.rows(range, |row| {
        for start in (0..row.len).step_by(BLOCK) {
            let n = BLOCK.min(row.len - start);
            let at: [usize; N] = std::array::from_fn(|k| row.at[k] + start * row.strides[k]);
            let from = mask.at(at[1]);
            let truth = if mask.dtype == DType::Bool && row.strides[1] == 1 {
                // SAFETY: `n` neighbouring elements of the mask.
                unsafe { std::slice::from_raw_parts(from, n) }
            } else {
                // SAFETY: `n` elements of the mask into the buffer.
                unsafe { to_truth(from, row.strides[1], buffer.as_mut_ptr(), 1, n) };
                &buffer[..n]
            };
            visit(at, row.strides, truth);
        }
    });
}

/// How many are not zero; sums of bytes do not overflow within 255 of them.
fn count(truth: &[u8]) -> usize {
    truth.chunks(255).map(|part| part.iter().map(|t| (*t != 0) as u8).sum::<u8>() as usize).sum()
}

impl Counts {
    /// Counts.
    pub fn new(mask: &Read<'_>) -> Counts {
        let numel = mask.layout.numel();
        let nest = Nest::new([&Layout::contiguous(mask.layout.shape().clone()), mask.layout]);
        let pieces: Vec<AtomicUsize> = (0..numel.div_ceil(PIECE)).map(|_| AtomicUsize::new(0)).collect();
        team::parallel(pieces.len(), &|piece| {
            let mut found = 0;
            blocks(&nest, mask, range(piece, numel), |_, _, truth| found += count(truth));
            pieces[piece].store(found, Relaxed);
        });
        let mut starts = vec![0];
        starts.extend(pieces.into_iter().map(AtomicUsize::into_inner).scan(0, |end, found| {
            *end += found;
            Some(*end)
        }));
        Counts { starts, numel }
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.starts[self.starts.len() - 1]
    }

    /// An error if the output was sized for another number.
    fn check(&self, count: usize) -> Result<()> {
        if self.total() != count {
            bail!(Value, "the tensor was changed by another thread while its elements were counted");
        }
        Ok(())
    }

    /// An error if there are fewer values than places.
    pub fn check_source(&self, count: usize) -> Result<()> {
        if self.total() > count {
            bail!(Shape, "Number of elements of source < number of ones in mask");
        }
        Ok(())
    }

    /// Each piece on the team: the elements' numbers, and where those that are not zero go.
    fn each(&self, work: impl Fn(Range<usize>, usize) + Sync) {
        team::parallel(self.starts.len() - 1, &|piece| work(range(piece, self.numel), self.starts[piece]));
    }

    /// Replaces the elements of `out` where the mask holds by those of the vector `source`.
    pub fn scatter(&self, mask: &Read<'_>, source: &Read<'_>, out: &Write<'_>) {
        let nest = Nest::new([&Layout::contiguous(mask.layout.shape().clone()), mask.layout, out.layout]);
        let step = source.layout.strides().first().copied().unwrap_or(1);
        let Some(last) = source.layout.numel().checked_sub(1) else { return };
        with_bits!(out.dtype, T => {
            let (from, to) = (Shared(source.at(source.layout.offset()).cast::<T>()), Shared(out.at(0).cast::<T>()));
            self.each(|range, mut next| {
                blocks(&nest, mask, range, |at, strides, truth| {
                    // SAFETY: the element's place is this piece's alone, and the source has at least `last` + 1 elements.
                    unsafe {
                        let to = to.get().add(at[2]);
                        for (i, truth) in truth.iter().enumerate() {
                            let place = to.add(i * strides[2]);
                            let new = *from.get().add(next.min(last) * step);
                            place.write(if *truth != 0 { new } else { *place });
                            next += (*truth != 0) as usize;
                        }
                    }
                });
            });
        });
    }
}

fn range(piece: usize, numel: usize) -> Range<usize> {
    piece * PIECE..numel.min((piece + 1) * PIECE)
}

/// The elements of `x` where the mask holds, into a fresh vector.
pub fn select(x: &Read<'_>, mask: &Read<'_>, out: &Write<'_>) -> Result<()> {
    let counts = Counts::new(mask);
    counts.check(out.layout.numel())?;
    let nest = Nest::new([&Layout::contiguous(mask.layout.shape().clone()), mask.layout, x.layout]);
    with_bits!(out.dtype, T => {
        let (from, to) = (Shared(x.at(0).cast::<T>()), Shared(out.pointer::<T>()));
        counts.each(|range, mut next| {
            // Writing every element and keeping those that count has no branch to predict.
            let mut found = [T::default(); BLOCK];
            blocks(&nest, mask, range, |at, strides, truth| {
                let mut n = 0;
                // SAFETY: elements of x; then those found go to this piece's own part of the output.
                unsafe {
                    let from = from.get().add(at[2]);
                    for (i, truth) in truth.iter().enumerate() {
                        *found.get_unchecked_mut(n) = *from.add(i * strides[2]);
                        n += (*truth != 0) as usize;
                    }
                    std::ptr::copy_nonoverlapping(found.as_ptr(), to.get().add(next), n);
                }
                next += n;
            });
        });
    });
    Ok(())
}

/// The positions of the elements of `x` that are not zero, one row each.
pub fn nonzero(x: &Read<'_>, out: &Write<'_>) -> Result<()> {
    let counts = Counts::new(x);
    let (shape, rank) = (x.layout.shape(), x.layout.rank());
    counts.check(out.layout.shape()[0])?;
    let nest = Nest::new([&Layout::contiguous(shape.clone()), x.layout]);
    let width = shape.last().copied().unwrap_or(1);
    let to = Shared(out.at(out.layout.offset()).cast::<i64>());
    debug_assert!(out.layout.is_contiguous());
    counts.each(|range, mut next| {
        let mut found = [0u32; BLOCK];
        // Where the current line of the last dimension begins and ends, and its other positions.
        let (mut line, mut lead) = (0..0, tensor_core::Dims::filled(rank.saturating_sub(1), 0));
        blocks(&nest, x, range, |at, _, truth| {
            let mut n = 0;
            for (i, truth) in truth.iter().enumerate() {
                found[n] = i as u32;
                n += (*truth != 0) as usize;
            }
            for i in &found[..n] {
                let number = at[0] + *i as usize;
                if !line.contains(&number) {
                    let mut rest = number / width;
                    line = rest * width..(rest + 1) * width;
                    for dim in (0..lead.len()).rev() {
                        lead[dim] = rest % shape[dim];
                        rest /= shape[dim];
                    }
                }
                // SAFETY: row `next` of the output is this piece's alone, and there are as many as were counted.
                unsafe {
                    let row = to.get().add(next * rank);
                    lead.iter().enumerate().for_each(|(dim, p)| row.add(dim).write(*p as i64));
                    if rank > 0 {
                        row.add(rank - 1).write((number - line.start) as i64);
                    }
                }
                next += 1;
            }
        });
    });
    Ok(())
}
