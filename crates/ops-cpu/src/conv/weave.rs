//! Results of several sweeps that alternate along rows, brought together. It knows no factors and no sums.

use crate::isa::{Kernel, Level};
use crate::number::Number;

/// Rows of one sweep, as neighbours.
pub struct Strand<T> {
    /// The first row of the first channel.
    pub from: *const T,
    /// Elements from one channel and row to the next.
    pub channel: usize,
    /// As above.
    pub row: usize,
    /// Elements of a row.
    pub width: usize,
    /// Where the first one goes in a row of the result.
    pub start: usize,
}

/// Writes rows whose elements come from the strands in turn.
pub struct Weave<'a, T> {
    /// What is woven.
    pub strands: &'a [Strand<T>],
    /// Channels.
    pub channels: usize,
    /// Rows of a channel.
    pub height: usize,
    /// Elements of the result from one channel and row, and from one element of a strand to the next.
    pub channel: usize,
    /// As above.
    pub row: usize,
    /// As above.
    pub column: usize,
    /// The result's first element.
    pub out: *mut T,
}

/// Elements of either strand that are woven at a time.
const AT_ONCE: usize = 8;

/// Writes `AT_ONCE` elements of each, in turn.
///
/// # Safety
/// They can be read at `x` and `y`, and written to `to`.
#[inline(always)]
unsafe fn alternate<T: Number>(x: *const T, y: *const T, to: *mut T) {
    // SAFETY: the caller's.
    unsafe {
        let x = x.cast::<[T; AT_ONCE]>().read_unaligned();
        let y = y.cast::<[T; AT_ONCE]>().read_unaligned();
        let mut both = [[T::ZERO; 2]; AT_ONCE];
        for i in 0..AT_ONCE {
            both[i] = [x[i], y[i]];
        }
        to.cast::<[[T; 2]; AT_ONCE]>().write_unaligned(both);
    }
}

impl<T: Number> Kernel for Weave<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        for channel in 0..self.channels {
            for row in 0..self.height {
                // SAFETY: the maker vouches for rows of all strands and for their places in the result.
                unsafe {
                    let to = self.out.add(channel * self.channel + row * self.row);
                    let from = |strand: &Strand<T>| strand.from.add(channel * strand.channel + row * strand.row);
                    match self.strands {
                        [a, b] if self.column == 2 && a.start.abs_diff(b.start) == 1 => {
                            let (a, b) = if a.start < b.start { (a, b) } else { (b, a) };
                            let (to, x, y) = (to.add(a.start), from(a), from(b));
                            let both = a.width.min(b.width);
                            let done = if both < AT_ONCE { 0 } else { both };
                            for i in (0..done).step_by(AT_ONCE) {
                                // The last ones overlap those before.
                                let at = i.min(both - AT_ONCE);
                                alternate(x.add(at), y.add(at), to.add(2 * at));
                            }
                            for i in done..a.width {
                                to.add(2 * i).write(*x.add(i));
                            }
                            for i in done..b.width {
                                to.add(2 * i + 1).write(*y.add(i));
                            }
                        }
                        strands => {
                            for strand in strands {
                                let (to, from) = (to.add(strand.start), from(strand));
                                for i in 0..strand.width {
                                    to.add(self.column * i).write(*from.add(i));
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
