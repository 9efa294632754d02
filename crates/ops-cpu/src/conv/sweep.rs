//! A whole sweep over images, groups and blocks of rows: how the work is cut, what each part reads, in which form the factors
//! lie. The convolution and its gradient with respect to the input are sweeps. It does not know which.

use super::field::{Arrangement, Scratch};
use super::geometry::Axis;
use super::tile::{Grid, Sweep, TallestPanel, panel_rows};
use crate::dense::Shared;
use crate::isa::dispatch;
use crate::team;
use crate::vector::Lanes;
use std::marker::PhantomData;

/// Bytes of field that a block reads: they stay in the second-level cache while all result channels pass.
const BLOCK: usize = 192 << 10;

/// Multiplications below which a part of the work is not given away.
const GRAIN: usize = 32 << 10;

/// Sums over taps of a source, for all images, groups, channels and places of a result.
pub struct Job<'a, T> {
    /// What results read along each dimension.
    pub axes: [Axis; 3],
    /// Images.
    pub batch: usize,
    /// Groups of channels.
    pub groups: usize,
    /// Source channels per group, each with all places of the axes' sources, row-major.
    pub channels: usize,
    /// Result channels per group.
    pub results: usize,
    /// The source, row-major.
    pub source: *const T,
    /// Elements after the source that can be read, whatever they are.
    pub beyond: usize,
    /// The factors in panels, group by group; see [`pack`].
    pub factors: &'a Factors<T>,
    /// What sums begin with, one per result channel of all groups; null for zero.
    pub bias: *const T,
    /// The first result.
    pub out: *mut T,
    /// Elements from one result channel to the next; images and groups follow each other.
    pub plane: usize,
    /// Elements from one result to the next along each dimension.
    pub distances: [usize; 3],
}

// SAFETY: the source is only read, and each part of the work writes results of its own.
unsafe impl<T> Sync for Job<'_, T> {}

/// Factors in the order in which tiles read them.
pub struct Factors<T> {
    scratch: Scratch,
    /// Elements of one group.
    group: usize,
    _element: PhantomData<T>,
}

/// Where a factor lies in the weight.
pub struct Factor<'a> {
    /// Elements from one group to the next.
    pub group: usize,
    /// Elements from one result channel to the next.
    pub result: usize,
    /// Elements from one source channel to the next.
    pub channel: usize,
    /// Where each tap lies.
    pub taps: &'a [usize],
}

/// Brings `weight` into panels.
///
/// # Safety
/// `weight` has a factor at every place that `factor` describes.
pub unsafe fn pack<T: Lanes>(
    weight: *const T,
    factor: &Factor<'_>,
    groups: usize,
    results: usize,
    channels: usize,
) -> Factors<T> {
    let depth = channels * factor.taps.len();
    let mut scratch = Scratch::new::<T>(groups * results * depth);
    let to = Shared((weight, scratch.pointer::<T>()));
    let tallest = dispatch(TallestPanel::<T>(PhantomData));
    let panels = results.div_ceil(tallest);
    team::split(groups * panels, (GRAIN / (tallest * depth).max(1)).max(1), |range| {
        for i in range {
            let (group, first) = (i / panels, i % panels * tallest);
            let mut row = first;
            while row < results.min(first + tallest) {
                let rows = panel_rows(results - row, tallest);
                let (weight, to) = to.get();
                // SAFETY: this panel's part of the scratch; the caller vouches for the factors.
                unsafe {
                    let mut to = to.add((group * results + row) * depth);
                    for channel in 0..channels {
                        for tap in factor.taps {
                            for m in row..row + rows {
                                let at = group * factor.group + m * factor.result + channel * factor.channel + tap;
                                to.write(*weight.add(at));
                                to = to.add(1);
                            }
                        }
                    }
                }
                row += rows;
            }
        }
    });
    Factors { scratch, group: results * depth, _element: PhantomData }
}

/// The size of blocks that cut `count` results evenly, each at most `most`, at least `blocks` of them.
fn even(count: usize, most: usize, blocks: usize) -> usize {
    let blocks = count.div_ceil(most.clamp(1, count)).max(blocks.min(count));
    count.div_ceil(blocks)
}

impl<T: Lanes> Factors<T> {
    fn group(&self, group: usize) -> *const T {
        self.scratch.start::<T>().wrapping_add(group * self.group)
    }
}

/// Computes all results of `job`.
///
/// # Safety
/// The job's pointers are valid for what its sizes say.
pub unsafe fn run<T: Lanes>(job: &Job<'_, T>) {
    let [depth, vertical, horizontal] = &job.axes;
    let counts = [depth.count, vertical.count, horizontal.count];
    if counts.contains(&0) || job.batch * job.groups * job.results == 0 {
        return;
    }
    let taps: usize = job.axes.iter().map(|axis| axis.shifts.len()).product();
    let outer = job.batch * job.groups * depth.count;
    let place = job.results * job.channels * taps;
    // The cut depends on shapes alone, but no result depends on it: each is one sum in the order of taps.
    let parts = if outer * vertical.count * horizontal.count * place > GRAIN { 8usize.div_ceil(outer) } else { 1 };
    let line = job.channels * depth.shifts.len() * vertical.phases().len() * horizontal.phases().len() * size_of::<T>();
    let (height, width) = if vertical.count > 1 {
        let row = line * horizontal.source.max(horizontal.count);
        let most = (BLOCK / row.max(1)).saturating_sub(vertical.reach() / vertical.step);
        (even(vertical.count, most, parts), horizontal.count)
    } else {
        let column = line * (1 + vertical.reach() / vertical.step);
        let width = even(horizontal.count, (BLOCK / column.max(1)).max(192), parts).next_multiple_of(48);
        (1, width.min(horizontal.count))
    };
    let arranged = Arrangement::new(&job.axes, job.channels, height, width);
    let direct = job.axes.iter().all(Axis::is_direct).then(|| Arrangement::direct(&job.axes, job.channels));
    let blocks = [vertical.count.div_ceil(height), horizontal.count.div_ceil(width)];
    let tasks = outer * blocks[0] * blocks[1];
    let plane: usize = job.axes.iter().map(|axis| axis.source).product();
    let total = job.batch * job.groups * job.channels * plane + job.beyond;
    team::split(tasks, (GRAIN / (height * width * place).max(1)).max(1), |range| {
        let mut scratch = None;
        for task in range {
            let (rest, column) = (task / blocks[1], task % blocks[1] * width);
            let (rest, row) = (rest / blocks[0], rest % blocks[0] * height);
            let (item, slice) = (rest / depth.count, rest % depth.count);
            let at = [slice, row, column];
            let mut grid = Grid {
                height: height.min(vertical.count - row),
                width: width.min(horizontal.count - column),
                pitch: 0,
                channel: job.plane,
                row: job.distances[1],
                column: job.distances[2],
            };
            let start = item * job.channels * plane;
            let reads = direct.as_ref().filter(|direct| {
                // Tiles may read past the block, not past the source.
                grid.pitch = direct.pitch;
                let farthest = direct.shifts.last().copied().unwrap_or(0);
                start + Arrangement::start(&job.axes, at) + farthest + grid.span() + super::field::SLACK <= total
            });
            let (field, shifts) = match reads {
                Some(direct) => (job.source.wrapping_add(start + Arrangement::start(&job.axes, at)), &direct.shifts),
                None => {
                    grid.pitch = arranged.pitch;
                    let scratch = scratch.get_or_insert_with(|| Scratch::new::<T>(arranged.len()));
                    let field = scratch.pointer::<T>();
                    // SAFETY: the item's channels of the source, into room of the arrangement's length.
                    unsafe { arranged.fill(job.source.add(start), at, field) };
                    (field.cast_const(), &arranged.shifts)
                }
            };
            let channels = item % job.groups * job.results;
            let result = (0..3).map(|i| at[i] * job.distances[i]).sum::<usize>();
            dispatch(Sweep {
                field,
                shifts,
                factors: job.factors.group(item % job.groups),
                channels: job.results,
                bias: if job.bias.is_null() { job.bias } else { job.bias.wrapping_add(channels) },
                grid,
                out: job.out.wrapping_add(item * job.results * job.plane + result),
            });
        }
    });
}
