//! A whole sweep over images, groups and blocks of rows: how the work is cut, what each part reads, in which form the factors
//! lie. The convolution and its gradient with respect to the input are sweeps. It does not know which.

use super::factors::Factors;
use super::field::{Arrangement, SLACK, Scratch};
use super::geometry::Axis;
use super::planes;
use super::tile::{Grid, LANES, Sweep};
use super::weave::{Strand, Weave};
use crate::isa::dispatch;
use crate::team;
use crate::vector::Lanes;

/// Bytes of field that a block reads: they stay in the second-level cache while all result channels pass.
const BLOCK: usize = 192 << 10;

/// Bytes of results that wait for being woven: they stay in the first two levels of the cache.
const WAITING: usize = 64 << 10;

/// Multiplications below which a part of the work is not given away.
const GRAIN: usize = 32 << 10;

/// Sums over taps of a source, for all images, groups, channels and places of a result.
pub struct Job<'a, T> {
    /// Sweeps whose results alternate along the last dimension, all with the same other axes. One whose results are neighbours
    /// is alone.
    pub parts: &'a [Part<T>],
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
    /// What sums begin with, one per result channel of all groups; null for zero.
    pub bias: *const T,
    /// The first result of a part that starts at zero.
    pub out: *mut T,
    /// Elements from one result channel to the next; images and groups follow each other.
    pub plane: usize,
    /// Elements from one result of a part to the next along each dimension.
    pub distances: [usize; 3],
}

/// What is particular to one sweep.
pub struct Part<T> {
    /// What results read along each dimension.
    pub axes: [Axis; 3],
    /// The factors in panels.
    pub factors: Factors<T>,
    /// Where the first result lies.
    pub start: usize,
}

// SAFETY: the source is only read, and each part of the work writes results of its own.
unsafe impl<T> Sync for Job<'_, T> {}

/// The size of blocks that cut `count` results evenly, each at most `most`, at least `blocks` of them.
fn even(count: usize, most: usize, blocks: usize) -> usize {
    let blocks = count.div_ceil(most.clamp(1, count)).max(blocks.min(count));
    count.div_ceil(blocks)
}

/// Computes all results of `job`.
///
/// # Safety
/// The job's pointers are valid for what its sizes say.
pub unsafe fn run<T: Lanes>(job: &Job<'_, T>) {
    // The part with most to do stands for all where the work is cut.
    let Some(widest) = job.parts.iter().max_by_key(|part| part.axes[2].count) else { return };
    let [depth, vertical, horizontal] = &widest.axes;
    let counts = [depth.count, vertical.count, horizontal.count];
    if counts.contains(&0) || job.batch * job.groups * job.results == 0 {
        return;
    }
    if planes::is_worth(job) {
        // SAFETY: the caller's.
        return unsafe { planes::run(job) };
    }
    let taps: usize = widest.axes.iter().map(|axis| axis.shifts.len()).product();
    let outer = job.batch * job.groups * depth.count;
    let place = job.results * job.channels * taps * job.parts.len();
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
    let blocks = [vertical.count.div_ceil(height), horizontal.count.div_ceil(width)];
    let tasks = outer * blocks[0] * blocks[1];
    let sources: Vec<Source<'_, T>> = job.parts.iter().map(|part| Source::new(job, part, [height, width])).collect();
    // Places between rows are computed, too, and left out when rows are woven: registers then need not be taken apart.
    let places = sources.iter().map(|source| (height * source.pitch()).next_multiple_of(LANES)).sum();
    let waiting = (WAITING / size_of::<T>()).max(LANES * places);
    let field = sources.iter().map(|source| source.arranged.len()).max().unwrap_or(0);
    team::split(tasks, (GRAIN / (height * width * place).max(1)).max(1), |range| {
        let mut rooms = Rooms { field: Room::new(field), waiting: Room::new(waiting), places };
        for task in range {
            let (rest, column) = (task / blocks[1], task % blocks[1] * width);
            let (rest, row) = (rest / blocks[0], rest % blocks[0] * height);
            let (item, slice) = (rest / depth.count, rest % depth.count);
            let block = Block { item, at: [slice, row, column], height: height.min(vertical.count - row), width };
            // SAFETY: the caller's; each block is one task's alone.
            unsafe {
                match &sources[..] {
                    [source] if job.distances[2] == 1 => source.neighbours(&block, &mut rooms),
                    sources => alternating(job, sources, &block, &mut rooms),
                }
            }
        }
    });
}

/// Results of an image's group that one task computes.
struct Block {
    /// The image and group.
    item: usize,
    /// The first result along each dimension.
    at: [usize; 3],
    /// Rows, and columns of the widest part.
    height: usize,
    width: usize,
}

/// A thread's own memory: for an arranged field, and for results that wait.
struct Rooms {
    field: Room,
    waiting: Room,
    /// Places of one channel of all parts that wait.
    places: usize,
}

/// Memory that is there from its first use on.
struct Room {
    len: usize,
    scratch: Option<Scratch>,
}

impl Room {
    fn new(len: usize) -> Room {
        Room { len, scratch: None }
    }

    fn pointer<T: Lanes>(&mut self) -> *mut T {
        self.scratch.get_or_insert_with(|| Scratch::new::<T>(self.len)).pointer()
    }
}

/// What a block reads.
struct Field<'a, T> {
    /// Its first place.
    start: *const T,
    /// Where taps lie.
    shifts: &'a [usize],
    /// Places from one row to the next.
    pitch: usize,
    /// Whether it has not been read just now.
    cold: bool,
}

/// A part and how it reads the source.
struct Source<'a, T> {
    job: &'a Job<'a, T>,
    part: &'a Part<T>,
    /// For a source that has to be arranged.
    arranged: Arrangement,
    /// For one that is read as it is.
    direct: Option<Arrangement>,
}

// SAFETY: as for the job.
unsafe impl<T> Sync for Source<'_, T> {}

impl<'a, T: Lanes> Source<'a, T> {
    fn new(job: &'a Job<'a, T>, part: &'a Part<T>, [height, width]: [usize; 2]) -> Source<'a, T> {
        let arranged = Arrangement::new(&part.axes, job.channels, height, width.min(part.axes[2].count));
        let is_direct = part.axes.iter().all(Axis::is_direct);
        let direct = is_direct.then(|| Arrangement::direct(&part.axes, job.channels));
        Source { job, part, arranged, direct }
    }

    /// At most so many places lie from one row to the next.
    fn pitch(&self) -> usize {
        self.arranged.pitch.max(self.direct.as_ref().map_or(0, |direct| direct.pitch))
    }

    /// The part's columns in `block`.
    fn width(&self, block: &Block) -> usize {
        block.width.min(self.part.axes[2].count.saturating_sub(block.at[2]))
    }

    /// What the block reads.
    ///
    /// # Safety
    /// As [`run`].
    unsafe fn field<'f>(&'f self, block: &Block, room: &mut Room) -> Field<'f, T> {
        let Source { job, part, arranged, direct } = self;
        let plane: usize = part.axes.iter().map(|axis| axis.source).product();
        let start = block.item * job.channels * plane;
        if let Some(direct) = direct {
            // Tiles may read past the block, not past the source.
            let first = start + Arrangement::start(&part.axes, block.at);
            let farthest = direct.shifts.iter().max().copied().unwrap_or(0);
            let span = (block.height - 1) * direct.pitch + self.width(block);
            let total = job.batch * job.groups * job.channels * plane + job.beyond;
            if first + farthest + span + SLACK <= total {
                let start = job.source.wrapping_add(first);
                // A frame has just been made.
                return Field { start, shifts: &direct.shifts, pitch: direct.pitch, cold: job.beyond == 0 };
            }
        }
        let field = room.pointer::<T>();
        // SAFETY: the item's channels of the source, into room of the arrangement's length.
        unsafe { arranged.fill(job.source.add(start), block.at, field) };
        Field { start: field, shifts: &arranged.shifts, pitch: arranged.pitch, cold: false }
    }

    /// Computes a block whose results are neighbours.
    ///
    /// # Safety
    /// As [`run`].
    unsafe fn neighbours(&self, block: &Block, rooms: &mut Rooms) {
        let job = self.job;
        // SAFETY: the caller's.
        let Field { start, shifts, pitch, cold } = unsafe { self.field(block, &mut rooms.field) };
        let [channel, row, column] = [job.plane, job.distances[1], 1];
        let result = (0..3).map(|i| block.at[i] * job.distances[i]).sum::<usize>() + self.part.start;
        dispatch(Sweep {
            field: start,
            shifts,
            factors: self.part.factors.group(block.item % job.groups),
            panels: self.part.factors.panels(),
            bias: job.bias_of(block.item),
            grid: Grid { height: block.height, width: self.width(block), pitch, channel, row, column },
            cold,
            out: job.out.wrapping_add(block.item * job.results * job.plane + result),
        });
    }
}

impl<T> Job<'_, T> {
    /// What the sums of an image's group begin with.
    pub fn bias_of(&self, item: usize) -> *const T {
        if self.bias.is_null() { self.bias } else { self.bias.wrapping_add(item % self.groups * self.results) }
    }
}

/// Computes a block whose parts alternate: their results wait as neighbours, some panels of channels at a time, and are then woven
/// into rows.
///
/// # Safety
/// As [`run`].
unsafe fn alternating<T: Lanes>(job: &Job<'_, T>, sources: &[Source<'_, T>], block: &Block, rooms: &mut Rooms) {
    let Some(first) = sources.first() else { return };
    let most = (rooms.waiting.len / rooms.places).max(1);
    let mut panels = first.part.factors.panels();
    let mut channel = 0;
    while !panels.is_empty() {
        let (mut count, mut channels) = (1, panels[0]);
        while count < panels.len() && channels + panels[count] <= most {
            (count, channels) = (count + 1, channels + panels[count]);
        }
        let (now, later) = panels.split_at(count);
        let mut waiting = rooms.waiting.pointer::<T>();
        let mut strands = vec![];
        for source in sources {
            let width = source.width(block);
            if width == 0 {
                continue;
            }
            // SAFETY: the caller's.
            let Field { start, shifts, pitch, cold } = unsafe { source.field(block, &mut rooms.field) };
            let span = ((block.height - 1) * pitch + width).next_multiple_of(LANES);
            let bias = job.bias_of(block.item);
            let factors = &source.part.factors;
            dispatch(Sweep {
                field: start,
                shifts,
                factors: factors.group(block.item % job.groups).wrapping_add(channel * shifts.len()),
                panels: now,
                bias: if bias.is_null() { bias } else { bias.wrapping_add(channel) },
                grid: Grid { height: 1, width: span, pitch: span, channel: span, row: span, column: 1 },
                cold,
                out: waiting,
            });
            strands.push(Strand { from: waiting, channel: span, row: pitch, width, start: source.part.start });
            waiting = waiting.wrapping_add(channels * span);
        }
        let result = (0..3).map(|i| block.at[i] * job.distances[i]).sum::<usize>();
        dispatch(Weave {
            strands: &strands,
            channels,
            height: block.height,
            channel: job.plane,
            row: job.distances[1],
            column: job.distances[2],
            out: job.out.wrapping_add((block.item * job.results + channel) * job.plane + result),
        });
        (panels, channel) = (later, channel + channels);
    }
}
