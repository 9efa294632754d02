//! Operands in panels: some rows of the left operand, or columns of the right one, as neighbours for each place of the summed index,
//! as tiles of results read them. Places follow each other in chunks, and all panels of a chunk lie together, so that what is worked
//! on at a time is one run of memory. It does not know what multiplies them.

use super::Scratch;
use crate::dense::Shared;
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::fetch;
use crate::{team, turn};
use std::marker::PhantomData;
use std::ops::Range;
use tensor_core::Result;

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 32 * 1024;

/// Lines that are brought into panels at a time, and more if a panel has more.
const PIECE: usize = 48;

/// Places that are asked for before they are read: lines that lie far apart do not come by themselves.
const AHEAD: usize = 16;

/// What a panel holds at a place: one number, or as many as the instructions take together.
pub trait Place: Copy + Send + Sync + 'static {
    /// Numbers of one place.
    const NUMBERS: usize;
    /// One of them in memory.
    type Number: Copy;
    /// The place that begins at `from`, whose numbers lie `step` apart.
    ///
    /// # Safety
    /// The numbers can be read.
    unsafe fn gathered(from: *const Self::Number, step: usize) -> Self;
    /// The same if the summed index ends after the first number: zeros follow.
    ///
    /// # Safety
    /// The number can be read.
    unsafe fn last(from: *const Self::Number) -> Self;
    /// The places of `N` lines that are neighbours.
    ///
    /// # Safety
    /// So many can be read and written.
    unsafe fn neighbours<const N: usize>(from: *const Self::Number, to: *mut Self, step: usize);
}

macro_rules! single {
    ($($t:ty)*) => { $(
        impl Place for $t {
            const NUMBERS: usize = 1;
            type Number = $t;
            #[inline(always)]
            unsafe fn gathered(from: *const $t, _: usize) -> $t {
                // SAFETY: the caller's.
                unsafe { *from }
            }
            #[inline(always)]
            unsafe fn last(from: *const $t) -> $t {
                // SAFETY: the caller's.
                unsafe { *from }
            }
            #[inline(always)]
            unsafe fn neighbours<const N: usize>(from: *const $t, to: *mut $t, _: usize) {
                // SAFETY: the caller's.
                unsafe { to.cast::<[$t; N]>().write_unaligned(from.cast::<[$t; N]>().read_unaligned()) }
            }
        }
    )* };
}
single! { f32 f64 }

/// Two numbers of two bytes, the first one in the lower half.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Pair(pub u32);

impl Place for Pair {
    const NUMBERS: usize = 2;
    type Number = u16;
    #[inline(always)]
    unsafe fn gathered(from: *const u16, step: usize) -> Pair {
        // SAFETY: the caller's.
        unsafe { Pair(*from as u32 | (*from.add(step) as u32) << 16) }
    }
    #[inline(always)]
    unsafe fn last(from: *const u16) -> Pair {
        // SAFETY: the caller's.
        unsafe { Pair(*from as u32) }
    }
    #[inline(always)]
    unsafe fn neighbours<const N: usize>(from: *const u16, to: *mut Pair, step: usize) {
        // SAFETY: the caller's.
        unsafe {
            let low = from.cast::<[u16; N]>().read_unaligned();
            let high = from.add(step).cast::<[u16; N]>().read_unaligned();
            let mut pairs = [0u32; N];
            for i in 0..N {
                pairs[i] = low[i] as u32 | (high[i] as u32) << 16;
            }
            to.cast::<[u32; N]>().write_unaligned(pairs);
        }
    }
}

/// How an operand is cut.
#[derive(Clone, Copy)]
pub struct Form {
    /// Lines (rows or columns) that a panel may have, in ascending order: all have the most, but for the last one, which has the
    /// least that suffice, those that are missing being zeros.
    pub sizes: &'static [usize],
    /// Places of one line that are neighbours.
    pub group: usize,
}

impl Form {
    /// Lines of a full panel.
    pub fn full(&self) -> usize {
        self.sizes[self.sizes.len() - 1]
    }

    /// Lines of the panel that begins `rest` lines before the end.
    #[inline(always)]
    pub fn lines(&self, rest: usize) -> usize {
        self.sizes.iter().copied().find(|size| *size >= rest).unwrap_or(self.full())
    }

    /// Lines of all panels together.
    fn padded(&self, count: usize) -> usize {
        let rest = count % self.full();
        count - rest + if rest == 0 { 0 } else { self.lines(rest) }
    }
}

/// Panels in memory.
pub struct View<P> {
    start: *const P,
    /// Lines of all panels together.
    lines: usize,
}

impl<P> Clone for View<P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P> Copy for View<P> {}

impl<P> View<P> {
    /// The panels of the chunks from a place on.
    #[inline(always)]
    pub fn from(&self, place: usize) -> View<P> {
        View { start: self.start.wrapping_add(place * self.lines), lines: self.lines }
    }

    /// The panel that begins with `line`, of the chunk of `len` places from `place` on.
    #[inline(always)]
    pub fn at(&self, place: usize, len: usize, line: usize) -> *const P {
        self.start.wrapping_add(place * self.lines + line * len)
    }
}

/// An operand as its panels see it.
pub struct Side<P: Place> {
    /// Its first number.
    pub start: *const P::Number,
    /// Lines: rows of the left operand, columns of the right one.
    pub count: usize,
    /// Numbers from one line to the next.
    pub along: usize,
    /// Numbers of a line, those of the summed index.
    pub k: usize,
    /// Numbers from one of them to the next.
    pub deep: usize,
}

/// Memory for panels, which serves for one operand after the other.
pub struct Panels<P> {
    scratch: Option<Scratch>,
    _of: PhantomData<P>,
}

impl<P> Default for Panels<P> {
    fn default() -> Self {
        Panels { scratch: None, _of: PhantomData }
    }
}

impl<P: Place> Panels<P> {
    /// Brings an operand into panels, in chunks of `depth` places; `padding` is what the number of places is made a multiple of. On
    /// the team where that pays and `shares` allows it. The view is valid as long as the panels live and nothing else fills them.
    ///
    /// # Safety
    /// The side's numbers can be read.
    pub unsafe fn fill(
        &mut self,
        side: &Side<P>,
        form: Form,
        [depth, padding]: [usize; 2],
        shares: bool,
    ) -> Result<View<P>> {
        let Side { start, count, along, k, deep } = *side;
        let places = k.div_ceil(P::NUMBERS).next_multiple_of(padding);
        let lines = form.padded(count);
        let bytes = lines * places * size_of::<P>();
        if self.scratch.as_ref().is_none_or(|scratch| scratch.0.len() < bytes) {
            // At least a block of the heap, aligned for vectors, which stays where it is when this moves.
            self.scratch = Some(Scratch::new(bytes.max(1024))?);
        }
        let memory = self.scratch.as_mut().expect("made above").pointer();
        let view = View { start: memory.cast::<P>().cast_const(), lines };
        // Pieces of some panels of one chunk.
        let piece = form.full() * PIECE.div_ceil(form.full());
        let (pieces, chunks) = (count.div_ceil(piece), places.div_ceil(depth));
        let shared = Shared((start, view));
        let work = |range: Range<usize>| {
            let (from, view) = shared.get();
            for i in range {
                // Lines by lines, so that a thread begins with those that it multiplies later.
                let (first, place) = (i / chunks * piece, i % chunks * depth);
                let len = depth.min(places - place);
                let end = count.min(first + piece);
                let panel = |line: usize, lines: usize| Panel {
                    from: from.wrapping_add(line * along + place * P::NUMBERS * deep),
                    to: view.at(place, len, line).cast_mut(),
                    there: lines,
                    full: form.full(),
                    width: form.lines(lines),
                    numbers: k.saturating_sub(place * P::NUMBERS).min(len * P::NUMBERS),
                    places: len,
                    group: form.group,
                    along,
                    deep,
                };
                if along == 1 && form.group == 1 {
                    // Whole lines of the caches, whatever the size of a panel.
                    let rest = (end - first) % form.full();
                    let width = if rest == 0 { 0 } else { form.lines(rest) };
                    dispatch(Across(Panel { width, ..panel(first, end - first) }));
                    continue;
                }
                for line in (first..end).step_by(form.full()) {
                    dispatch(panel(line, form.full().min(count - line)));
                }
            }
        };
        match shares {
            true => team::split(chunks * pieces, (GRAIN / (piece * depth.min(places)).max(1)).max(1), work),
            false => work(0..chunks * pieces),
        }
        Ok(view)
    }
}

/// Fills one panel.
struct Panel<P: Place> {
    from: *const P::Number,
    to: *mut P,
    /// Lines that there are, those of a full panel, and as many as this one has.
    there: usize,
    full: usize,
    width: usize,
    /// Numbers of a line that there are, and places of the panel.
    numbers: usize,
    places: usize,
    group: usize,
    along: usize,
    deep: usize,
}

impl<P: Place> Kernel for Panel<P> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Panel { from, to, there, width, numbers, places, group, along, deep, .. } = self;
        let whole = numbers / P::NUMBERS;
        // SAFETY: `from` has `there` lines of `numbers` at these distances, and `to` room for `width` lines of `places`.
        unsafe {
            if numbers < places * P::NUMBERS || there < width {
                std::slice::from_raw_parts_mut(to.cast::<u8>(), width * places * size_of::<P>()).fill(0);
            }
            if group > 1 {
                grouped(from, to, [there, width, whole, group], [along, deep]);
            } else if deep == 1 && along.is_multiple_of(P::NUMBERS) && there > 1 {
                turn::turn(size_of::<P>(), (from.cast(), along / P::NUMBERS), (to.cast(), width), there, whole);
            } else {
                for place in 0..whole {
                    line(from.add(place * P::NUMBERS * deep), to.add(place * width), there, along, deep);
                }
            }
            if whole * P::NUMBERS < numbers {
                for i in 0..there {
                    let spot = whole / group * group * width + i * group + whole % group;
                    to.add(spot).write(P::last(from.add(i * along + whole * P::NUMBERS * deep)));
                }
            }
        }
    }
}

/// Fills several panels of lines that are neighbours, place by place.
struct Across<P: Place>(Panel<P>);

impl<P: Place> Kernel for Across<P> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Panel { from, to, there, full, width, numbers, places, deep, .. } = self.0;
        let whole = numbers / P::NUMBERS;
        // SAFETY: `from` has `places` runs of `there` neighbours at this distance, and `to` room for panels of so many places, of which
        // the last one may be narrower.
        unsafe {
            let lines = there / full * full + width;
            if numbers < places * P::NUMBERS || there < lines {
                std::slice::from_raw_parts_mut(to.cast::<u8>(), lines * places * size_of::<P>()).fill(0);
            }
            for place in 0..numbers.div_ceil(P::NUMBERS) {
                let from = from.add(place * P::NUMBERS * deep);
                for number in 0..P::NUMBERS {
                    fetch(
                        from.wrapping_add((AHEAD * P::NUMBERS + number) * deep).cast(),
                        there * size_of::<P::Number>(),
                    );
                }
                for line in (0..there).step_by(full) {
                    let width = full.min(lines - line);
                    let (from, to) = (from.add(line), to.add(line * places + place * width));
                    let count = full.min(there - line);
                    if place < whole {
                        neighbours(from, to, count, deep);
                    } else {
                        for i in 0..count {
                            to.add(i).write(P::last(from.add(i)));
                        }
                    }
                }
            }
        }
    }
}

/// One place of lines that are neighbours, in steps whose numbers are known, so that no copy is a call.
///
/// # Safety
/// `count` places can be read and written.
#[inline(always)]
unsafe fn neighbours<P: Place>(from: *const P::Number, to: *mut P, count: usize, deep: usize) {
    // SAFETY: the caller's.
    unsafe {
        if count == 6 {
            P::neighbours::<4>(from, to, deep);
            return P::neighbours::<2>(from.add(4), to.add(4), deep);
        }
        let mut at = 0;
        while count - at >= 16 {
            P::neighbours::<16>(from.add(at), to.add(at), deep);
            at += 16;
        }
        while count - at >= 4 {
            P::neighbours::<4>(from.add(at), to.add(at), deep);
            at += 4;
        }
        if count - at >= 2 {
            P::neighbours::<2>(from.add(at), to.add(at), deep);
            at += 2;
        }
        if at < count {
            P::neighbours::<1>(from.add(at), to.add(at), deep);
        }
    }
}

/// One place of all lines.
///
/// # Safety
/// `count` places can be read and written.
#[inline(always)]
unsafe fn line<P: Place>(from: *const P::Number, to: *mut P, count: usize, along: usize, deep: usize) {
    // SAFETY: the caller's.
    unsafe {
        for i in 0..count {
            to.add(i).write(P::gathered(from.add(i * along), deep));
        }
    }
}

/// Groups of places of each line.
///
/// # Safety
/// As the fields of [`Panel`] say.
#[inline(always)]
unsafe fn grouped<P: Place>(
    from: *const P::Number,
    to: *mut P,
    [there, width, whole, group]: [usize; 4],
    [along, deep]: [usize; 2],
) {
    // SAFETY: the caller's.
    unsafe {
        for i in 0..there {
            let from = from.add(i * along);
            for first in (0..whole).step_by(group) {
                let (from, to) = (from.add(first * P::NUMBERS * deep), to.add(first * width + i * group));
                let count = group.min(whole - first);
                match deep {
                    1 => line(from, to, count, P::NUMBERS, 1),
                    _ => line(from, to, count, P::NUMBERS * deep, deep),
                }
            }
        }
    }
}
