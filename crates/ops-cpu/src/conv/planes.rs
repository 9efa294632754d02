//! Sweeps that make one channel of one channel, as depthwise convolutions are: each place is read as often as there are taps, so that
//! arranging the source first would cost as much as the sums. Places outside it are lanes that are not read.

use super::geometry::Axis;
use super::sweep::Job;
use crate::isa::{Kernel, Level, dispatch};
use crate::team;
use crate::vector::{Lanes, Vector};

/// Multiplications below which a part of the work is not given away.
const GRAIN: usize = 32 << 10;

/// Rows of results that are computed together, so that their sums hide each other's latencies.
const ROWS: usize = 4;

/// Whether a sweep is of this kind: neighbouring results of a row read neighbouring places.
pub fn is_worth<T>(job: &Job<'_, T>) -> bool {
    let [part] = job.parts else { return false };
    job.channels == 1 && job.results == 1 && job.distances[2] == 1 && part.axes[2].step == 1
}

/// Computes all results of `job`.
///
/// # Safety
/// As for [`super::sweep::run`], and the job [`is_worth`] it.
pub unsafe fn run<T: Lanes>(job: &Job<'_, T>) {
    let Some(part) = job.parts.first() else { return };
    let size = |of: fn(&Axis) -> usize| part.axes.iter().map(of).product::<usize>();
    let (places, results, taps) = (size(|axis| axis.source), size(|axis| axis.count), size(|axis| axis.shifts.len()));
    team::split(job.batch * job.groups, (GRAIN / (results * taps).max(1)).max(1), |items| {
        for item in items {
            dispatch(Plane {
                axes: &part.axes,
                source: job.source.wrapping_add(item * places),
                factors: part.factors.group(item % job.groups),
                bias: job.bias_of(item),
                out: job.out.wrapping_add(item * job.plane + part.start),
                distances: job.distances,
            });
        }
    });
}

/// One channel.
struct Plane<'a, T> {
    axes: &'a [Axis; 3],
    source: *const T,
    /// One per tap.
    factors: *const T,
    /// What sums begin with; null for zero.
    bias: *const T,
    out: *mut T,
    /// Elements from one result to the next along each dimension.
    distances: [usize; 3],
}

impl<T: Lanes> Kernel for Plane<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let vertical = &self.axes[1];
        // The first row that reads no line before the source, and the first one that reads one after it.
        let begin = vertical.lead.max(0) as usize;
        let begin = begin.div_ceil(vertical.step).min(vertical.count);
        let lines = vertical.source.saturating_add_signed(vertical.lead).saturating_sub(vertical.reach());
        let end = lines.div_ceil(vertical.step).clamp(begin, vertical.count);
        for slice in 0..self.axes[0].count {
            let mut row = 0;
            while row < vertical.count {
                row += match (begin..end).contains(&row) && row + ROWS <= end {
                    true => self.rows::<L, ROWS>(slice, row),
                    false => self.rows::<L, 1>(slice, row),
                };
            }
        }
    }
}

impl<T: Lanes> Plane<'_, T> {
    /// `R` rows from `row` on, all lines of which are there if `R` is more than one; returns `R`.
    #[inline(always)]
    fn rows<L: Level, const R: usize>(&self, slice: usize, row: usize) -> usize {
        let (lanes, horizontal) = (T::Register::<L>::LANES, &self.axes[2]);
        let lead = horizontal.lead;
        for column in (0..horizontal.count).step_by(lanes) {
            let first = column as isize - lead;
            let inside = first >= 0 && first as usize + horizontal.reach() + lanes <= horizontal.source;
            match inside && column + lanes <= horizontal.count {
                true => self.register::<L, R, true>(slice, row, column),
                false => self.register::<L, R, false>(slice, row, column),
            }
        }
        R
    }

    /// A register of each of `R` rows, all places of which are there if they are `WHOLE`.
    #[inline(always)]
    fn register<L: Level, const R: usize, const WHOLE: bool>(&self, slice: usize, row: usize, column: usize) {
        type Reg<T, L> = <T as Lanes>::Register<L>;
        let [depth, vertical, horizontal] = self.axes;
        let lanes = Reg::<T, L>::LANES;
        let count = lanes.min(horizontal.count - column);
        // SAFETY: the maker vouches for a plane of the axes' places, a factor for each tap, and the results' places; lanes of places
        // that are not there are not read.
        unsafe {
            let start = if self.bias.is_null() { T::ZERO } else { *self.bias };
            let mut sums = [Reg::<T, L>::splat(start); R];
            let mut factors = self.factors;
            for deep in &depth.shifts {
                let deep = (slice * depth.step + deep) as isize - depth.lead;
                for down in &vertical.shifts {
                    let line = (row * vertical.step + down) as isize - vertical.lead;
                    let is_there =
                        (0..depth.source as isize).contains(&deep) && (0..vertical.source as isize).contains(&line);
                    if !is_there {
                        factors = factors.add(horizontal.shifts.len());
                        continue;
                    }
                    let line = self
                        .source
                        .wrapping_offset((deep * vertical.source as isize + line) * horizontal.source as isize);
                    for along in &horizontal.shifts {
                        let factor = Reg::<T, L>::splat(*factors);
                        factors = factors.add(1);
                        let at = (column + along) as isize - horizontal.lead;
                        let (first, end) =
                            ((-at).clamp(0, lanes as isize), (horizontal.source as isize - at).min(count as isize));
                        for r in 0..R {
                            let from = line.wrapping_offset((r * vertical.step * horizontal.source) as isize + at);
                            let places = match WHOLE {
                                true => Reg::<T, L>::load(from),
                                false => Reg::<T, L>::load_between(from, first as usize, end.max(first) as usize),
                            };
                            sums[r] = factor.mul_add(places, sums[r]);
                        }
                    }
                }
            }
            for r in 0..R {
                let to = slice * self.distances[0] + (row + r) * self.distances[1] + column;
                match WHOLE {
                    true => sums[r].store(self.out.add(to)),
                    false => sums[r].store_between(self.out.add(to), 0, count),
                }
            }
        }
    }
}
