//! The source of a convolution as the tile loops read it: a block of rows of all channels with the zeros around them, places that
//! a stride keeps apart in planes of their own, so that each tap is one shift. It knows no factors and no sums.

use super::geometry::Axis;
use crate::isa::{Kernel, Level};
use crate::number::Number;
use crate::vector::Lanes;
use storage::Block;

/// How a source is arranged for blocks of a fixed number of results, and where each tap lies in it.
pub struct Arrangement {
    /// The dimensions, the last two limited to a block.
    block: [Axis; 3],
    phases: [super::geometry::Taps; 2],
    channels: usize,
    /// Rows in a plane.
    rows: usize,
    /// Places from one row to the next. Rows share zeros: those before a row are those after the one before.
    pub pitch: usize,
    /// Places of a plane, with zeros after the last row.
    plane: usize,
    /// Where each tap of each channel lies from the first place.
    pub shifts: Vec<usize>,
}

/// Places that loops may read beyond the last one.
pub const SLACK: usize = 64;

impl Arrangement {
    /// For blocks of `height` rows and `width` columns of the results along `axes`.
    pub fn new(axes: &[Axis; 3], channels: usize, height: usize, width: usize) -> Arrangement {
        let [depth, vertical, horizontal] = axes;
        let whole = width == horizontal.count;
        let block = [depth.clone(), vertical.part(0, height), horizontal.part(0, width)];
        let step = horizontal.step;
        let end = (width.max(1) - 1) * step + horizontal.reach() + 1;
        // Between rows only the zeros before a row are needed, if all rows of the source are there.
        let zeros = if whole { horizontal.lead.max(0) as usize } else { 0 };
        let needed = end.min(horizontal.source + zeros).max(end - zeros.min(end));
        let pitch = needed.div_ceil(step).max(width).max(1);
        let pitch = if whole { pitch } else { pitch.max(end.div_ceil(step)) };
        let tail = end.div_ceil(step).saturating_sub(pitch);
        let rows = height + vertical.reach() / vertical.step;
        let plane = rows * pitch + tail;
        let phases = [vertical.phases(), horizontal.phases()];
        let mut arrangement = Arrangement { block, phases, channels, rows, pitch, plane, shifts: vec![] };
        arrangement.shifts = arrangement.taps();
        arrangement
    }

    /// For reading the source as it is: nothing is arranged.
    pub fn direct(axes: &[Axis; 3], channels: usize) -> Arrangement {
        let [depth, vertical, horizontal] = axes;
        let [slice, pitch] = [vertical.source * horizontal.source, horizontal.source];
        let mut shifts = vec![];
        for channel in 0..channels {
            for d in &depth.shifts {
                for h in &vertical.shifts {
                    shifts
                        .extend(horizontal.shifts.iter().map(|w| (channel * depth.source + d) * slice + h * pitch + w));
                }
            }
        }
        let phases = [vertical.phases(), horizontal.phases()];
        Arrangement { block: axes.clone(), phases, channels, rows: 0, pitch, plane: 0, shifts }
    }

    fn taps(&self) -> Vec<usize> {
        let [depth, vertical, horizontal] = &self.block;
        let mut shifts = vec![];
        let place = |phases: &[usize], axis: &Axis, shift: usize| {
            (phases.iter().position(|phase| *phase == shift % axis.step).expect("a phase"), shift / axis.step)
        };
        for channel in 0..self.channels {
            for slice in 0..depth.shifts.len() {
                for h in &vertical.shifts {
                    for w in &horizontal.shifts {
                        let (row_phase, row) = place(&self.phases[0], vertical, *h);
                        let (column_phase, column) = place(&self.phases[1], horizontal, *w);
                        let plane = self.plane_number(channel, slice, row_phase, column_phase);
                        shifts.push(plane * self.plane + row * self.pitch + column);
                    }
                }
            }
        }
        shifts
    }

    fn plane_number(&self, channel: usize, slice: usize, row_phase: usize, column_phase: usize) -> usize {
        let slices = channel * self.block[0].shifts.len() + slice;
        (slices * self.phases[0].len() + row_phase) * self.phases[1].len() + column_phase
    }

    /// Elements of a field.
    pub fn len(&self) -> usize {
        self.plane_number(self.channels, 0, 0, 0) * self.plane + SLACK
    }

    /// The part of a source that a block at result (`depth`, `row`, `column`) reads.
    ///
    /// # Safety
    /// `source` is the first channel of the source, channels following each other; `to` has room for [`len`](Self::len)
    /// elements.
    pub unsafe fn fill<T: Lanes>(&self, source: *const T, at: [usize; 3], to: *mut T) {
        crate::isa::dispatch(Fill { arrangement: self, source, at, to });
    }

    /// Elements before the first one of a block in a source that is read as it is.
    pub fn start(axes: &[Axis; 3], at: [usize; 3]) -> usize {
        let place = |i: usize| (at[i] as isize - axes[i].lead) as usize;
        (place(0) * axes[1].source + place(1)) * axes[2].source + place(2)
    }
}

struct Fill<'a, T> {
    arrangement: &'a Arrangement,
    source: *const T,
    at: [usize; 3],
    to: *mut T,
}

impl<T: Lanes> Kernel for Fill<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let a = self.arrangement;
        let [depth, vertical, horizontal] = &a.block;
        let [at_depth, at_row, at_column] = self.at;
        let mut to = self.to;
        for channel in 0..a.channels {
            for shift in &depth.shifts {
                let slice = (at_depth * depth.step + shift) as isize - depth.lead;
                let slice = usize::try_from(slice).ok().filter(|slice| *slice < depth.source);
                for row_phase in &a.phases[0] {
                    for column_phase in &a.phases[1] {
                        // SAFETY: one plane of the field; rows lie in the source wherever both of their numbers do.
                        unsafe {
                            for row in 0..a.rows {
                                let line = ((at_row + row) * vertical.step + row_phase) as isize - vertical.lead;
                                let line = usize::try_from(line).ok().filter(|line| *line < vertical.source);
                                let from = slice.zip(line).map(|(slice, line)| {
                                    let number = (channel * depth.source + slice) * vertical.source + line;
                                    self.source.add(number * horizontal.source)
                                });
                                let first = (at_column * horizontal.step + column_phase) as isize - horizontal.lead;
                                row_of(from, first, horizontal, std::slice::from_raw_parts_mut(to, a.pitch));
                                to = to.add(a.pitch);
                            }
                            let tail = a.plane - a.rows * a.pitch;
                            std::slice::from_raw_parts_mut(to, tail).fill(T::ZERO);
                            to = to.add(tail);
                        }
                    }
                }
            }
        }
        // SAFETY: the room after the last plane.
        unsafe { std::slice::from_raw_parts_mut(to, SLACK).fill(T::ZERO) };
    }
}

/// A row of the field: source places `first`, `first` + step, …, zero where there are none.
///
/// # Safety
/// `from` points to a row of the axis's source places.
#[inline(always)]
unsafe fn row_of<T: Number>(from: Option<*const T>, first: isize, axis: &Axis, to: &mut [T]) {
    let Some(from) = from else { return to.fill(T::ZERO) };
    let step = axis.step;
    // The first entry inside the source, and the first one past it.
    let begin = if first < 0 { first.unsigned_abs().div_ceil(step) } else { 0 }.min(to.len());
    let end = axis.source.saturating_add_signed(-first).div_ceil(step).clamp(begin, to.len());
    to[..begin].fill(T::ZERO);
    to[end..].fill(T::ZERO);
    // SAFETY: entries begin .. end have their places in the source's row.
    unsafe {
        let from = from.offset(first + (begin * step) as isize);
        if step == 1 {
            std::ptr::copy_nonoverlapping(from, to.as_mut_ptr().add(begin), end - begin);
        } else {
            for (i, entry) in to[begin..end].iter_mut().enumerate() {
                *entry = *from.add(i * step);
            }
        }
    }
}

/// Memory for a field and what else a thread needs for itself.
pub struct Scratch(Block);

impl Scratch {
    /// Room for `len` elements of `T`, which have arbitrary values.
    ///
    /// # Panics
    /// If there is no memory.
    pub fn new<T: Lanes>(len: usize) -> Scratch {
        match Block::new(len * size_of::<T>()) {
            Ok(block) => Scratch(block),
            Err(error) => panic!("not enough memory: you tried to allocate {} bytes.", error.bytes),
        }
    }

    /// The first element, to read.
    pub fn start<T: Lanes>(&self) -> *const T {
        self.0.as_ptr().cast()
    }

    /// The first element.
    pub fn pointer<T: Lanes>(&mut self) -> *mut T {
        self.0.as_mut_ptr().cast()
    }
}
