//! Where the largest or smallest element is: the first of equals, and the first NaN if there is one.

use super::{Loops, blocks, each_output};
use crate::memory::{Read, Write};
use crate::number::Number;
use tensor_core::DType;
use tensor_core::op::reduce::Reduce;

/// Whether `new` takes the place of `best`.
#[inline(always)]
fn beats<T: Number, const MAX: bool>(new: T, best: T) -> bool {
    (if MAX { new > best } else { new < best }) || (new.is_nan() && !best.is_nan())
}

/// The position, in row-major order of the reduced dimensions, of the extreme element of each output.
pub fn run<T: Number, const MAX: bool>(compute: DType, reduce: Reduce, x: Read<'_>, out: &Write<'_>) {
    let loops = Loops::new(reduce, x.layout, out.layout);
    each_output(&loops, &x, out, |from, place| {
        let mut seen = 0;
        let mut best: Option<(T, usize)> = None;
        blocks(&x, compute, &loops, from, |block: &[T]| {
            let (first, _) = *best.get_or_insert((block[0], seen));
            let mut leader = first;
            let mut at = None;
            for (i, element) in block.iter().enumerate() {
                if beats::<T, MAX>(*element, leader) {
                    (leader, at) = (*element, Some(i));
                }
            }
            if let Some(i) = at {
                best = Some((leader, seen + i));
            }
            seen += block.len();
        });
        let position = best.map_or(0, |(_, position)| position) as i64;
        // SAFETY: the place of one `int64` output.
        unsafe { place.cast::<i64>().write_unaligned(position) };
    });
}
