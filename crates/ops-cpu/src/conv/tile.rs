//! The loop that nearly all time of a convolution goes to: a tile of results, some channels by some registers of neighbouring
//! places, stays in registers while all taps pass. Taps read the field at fixed shifts, so that nothing is unfolded. It does
//! not know what the field's places stand for.

use crate::isa::{Kernel, Level, dispatch};
use crate::memory;
use crate::vector::{Lanes, Vector};
use std::marker::PhantomData;

/// Sums over taps for every result channel and every place of a grid.
#[derive(Clone, Copy)]
pub struct Sweep<'a, T> {
    /// Where the first place reads at shift zero.
    pub field: *const T,
    /// Shifts, one per tap.
    pub shifts: &'a [usize],
    /// The factors in panels: for each panel its rows at the first tap, then at the second, and so on.
    pub factors: *const T,
    /// The rows of the panels, which are the result's channels; see [`panels`].
    pub panels: &'a [usize],
    /// What sums begin with, one per channel; null for zero.
    pub bias: *const T,
    /// The places.
    pub grid: Grid,
    /// Whether the field may not be in the caches yet.
    pub cold: bool,
    /// The result's first element.
    pub out: *mut T,
}

/// Places in rows: where they are in the field and in the result.
#[derive(Clone, Copy)]
pub struct Grid {
    /// Rows.
    pub height: usize,
    /// Places in a row.
    pub width: usize,
    /// Places of the field from one row to the next, at least the width.
    pub pitch: usize,
    /// Elements from one channel, row and place of the result to the next.
    pub channel: usize,
    /// As above.
    pub row: usize,
    /// As above.
    pub column: usize,
}

impl Grid {
    /// Places of the field from the first to the last, those between rows counted.
    pub fn span(&self) -> usize {
        (self.height - 1) * self.pitch + self.width
    }
}

/// No register has more lanes.
pub const LANES: usize = 16;

/// Taps from which on a tile takes longer than its results' places need to arrive.
const LONG: usize = 32;

/// How the lanes of a register go to their places.
#[derive(Clone, Copy)]
enum Form {
    /// All to neighbours.
    Together,
    /// Some to neighbours in one row, the next to neighbours in another one.
    InRows,
    /// Each to a place of its own.
    Apart,
}

/// Where the lanes of a register go in a channel of the result. Lanes between the rows of the grid go nowhere.
#[derive(Clone, Copy)]
struct Places {
    form: Form,
    /// How many rows, or lanes that lie apart.
    count: usize,
    /// The first lane in each row and the one after the last; of those that lie apart, the lane.
    lanes: [[u8; 2]; LANES],
    /// Where the first lane of the register would be if it were in that row; the places of those that lie apart; the one place where
    /// all are together.
    places: [usize; LANES],
}

impl Places {
    const NONE: Places = Places { form: Form::Together, count: 0, lanes: [[0; 2]; LANES], places: [0; LANES] };

    /// Finds those of the `lanes` places of the field from `first` on.
    #[inline(always)]
    fn find(&mut self, grid: &Grid, first: usize, lanes: usize) {
        let (row, column) = (first / grid.pitch, first % grid.pitch);
        if grid.column != 1 {
            self.find_apart(grid, row, column, lanes);
        } else if column + lanes <= grid.width && row < grid.height {
            (self.form, self.places[0]) = (Form::Together, row * grid.row + column);
        } else {
            self.find_rows(grid, row, column, lanes);
        }
    }

    #[inline(never)]
    fn find_rows(&mut self, grid: &Grid, mut row: usize, column: usize, lanes: usize) {
        (self.form, self.count) = (Form::InRows, 0);
        // The lane at the beginning of the row, which may be before the register.
        let mut lane = -(column as isize);
        while lane < lanes as isize && row < grid.height {
            let end = (lane + grid.width as isize).min(lanes as isize);
            if end > 0 {
                self.lanes[self.count] = [lane.max(0) as u8, end as u8];
                self.places[self.count] = (row * grid.row).wrapping_sub(lane as usize);
                self.count += 1;
            }
            (row, lane) = (row + 1, lane + grid.pitch as isize);
        }
    }

    #[inline(never)]
    fn find_apart(&mut self, grid: &Grid, mut row: usize, mut column: usize, lanes: usize) {
        (self.form, self.count) = (Form::Apart, 0);
        for lane in 0..lanes {
            if row < grid.height && column < grid.width {
                self.lanes[self.count][0] = lane as u8;
                self.places[self.count] = row * grid.row + column * grid.column;
                self.count += 1;
            }
            column += 1;
            if column == grid.pitch {
                (row, column) = (row + 1, 0);
            }
        }
    }
}

/// The rows of each of the panels that `channels` are cut into.
pub fn panels<T: Lanes>(mut channels: usize) -> Vec<usize> {
    let tallest = dispatch(TallestPanel::<T>(PhantomData));
    let mut panels = vec![];
    while channels > 0 {
        // Two or three rows alone have too few sums to hide the latency of an addition: the panel before leaves them company.
        let most = if matches!(channels - tallest.min(channels), 2 | 3) { tallest - 2 } else { tallest };
        let rows = [8, 6, 4, 2, 1].into_iter().find(|rows| *rows <= channels.min(most)).unwrap_or(1);
        panels.push(rows);
        channels -= rows;
    }
    panels
}

/// The rows of a full panel at this processor's level.
struct TallestPanel<T>(PhantomData<T>);

impl<T: Lanes> Kernel for TallestPanel<T> {
    type Output = usize;
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) -> usize {
        tallest::<T, L>()
    }
}

/// As many rows as leave registers for the field and a factor: 16 registers hold six rows of two accumulators, the 32 of the
/// widest level eight rows of three.
#[inline(always)]
const fn tallest<T: Lanes, L: Level>() -> usize {
    if is_wide::<T, L>() { 8 } else { 6 }
}

#[inline(always)]
const fn is_wide<T: Lanes, L: Level>() -> bool {
    T::Register::<L>::LANES * size_of::<T>() == 64
}

impl<T: Lanes> Kernel for Sweep<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let lanes = T::Register::<L>::LANES;
        let span = self.grid.span();
        let mut at = 0;
        while at < span {
            let registers = (span - at).div_ceil(lanes);
            at += lanes
                * match (self.panels, registers) {
                    // One channel alone has too few sums to hide the latency of an addition, unless it takes more places.
                    ([1], 8..) => self.column::<L, 8>(at),
                    ([1], 4..) => self.column::<L, 4>(at),
                    // Four are two and two: one alone has hardly enough sums either.
                    (_, 3 | 5..) if is_wide::<T, L>() => self.column::<L, 3>(at),
                    (_, 2..) => self.column::<L, 2>(at),
                    _ => self.column::<L, 1>(at),
                };
        }
    }
}

impl<T: Lanes> Sweep<'_, T> {
    /// All channels at `N` registers of places; returns `N`.
    #[inline(always)]
    fn column<L: Level, const N: usize>(&self, at: usize) -> usize {
        let lanes = T::Register::<L>::LANES;
        // For all channels at once: to find the places takes longer than to write them.
        let mut places = [Places::NONE; N];
        for v in 0..N {
            places[v].find(&self.grid, at + v * lanes, lanes);
        }
        let mut channel = 0;
        // Where few results are made of each place, nothing is gained by asking for the next ones.
        let fetches = self.cold && self.panels.len() >= 4;
        for rows in self.panels {
            if fetches {
                self.fetch(channel, at + N * lanes, N * lanes);
            }
            match rows {
                8 if N <= 3 && is_wide::<T, L>() => self.tile::<L, 8, N>(channel, at, &places),
                6 if N <= 3 => self.tile::<L, 6, N>(channel, at, &places),
                4 if N <= 3 => self.tile::<L, 4, N>(channel, at, &places),
                2 if N <= 3 => self.tile::<L, 2, N>(channel, at, &places),
                _ => self.tile::<L, 1, N>(channel, at, &places),
            }
            channel += rows;
        }
        N
    }

    /// Asks for a share of what the taps read at `count` places from `at` on: while all channels of one column are computed, the next
    /// column arrives.
    #[inline(never)]
    fn fetch(&self, channel: usize, at: usize, count: usize) {
        let share = self.shifts.len().div_ceil(self.panels.len());
        let first = channel / self.panels[0] * share;
        for shift in self.shifts.iter().skip(first).take(share) {
            memory::fetch(self.field.wrapping_add(shift + at).cast(), count * size_of::<T>());
        }
    }

    /// Asks for the results' places, if computing them takes long enough for these to arrive.
    #[inline(always)]
    fn fetch_results<const M: usize, const N: usize>(&self, channel: usize, lanes: usize, places: &[Places; N]) {
        if self.shifts.len() < LONG {
            return;
        }
        for v in 0..N {
            if matches!(places[v].form, Form::Together) {
                for m in 0..M {
                    let to = self.out.wrapping_add((channel + m) * self.grid.channel + places[v].places[0]);
                    memory::fetch_to_write(to.cast(), lanes * size_of::<T>());
                }
            }
        }
    }

    #[inline(always)]
    fn tile<L: Level, const M: usize, const N: usize>(&self, channel: usize, at: usize, places: &[Places; N]) {
        type Reg<T, L> = <T as Lanes>::Register<L>;
        let lanes = Reg::<T, L>::LANES;
        let mut sums = [[Reg::<T, L>::splat(T::ZERO); N]; M];
        self.fetch_results::<M, N>(channel, lanes, places);
        // SAFETY: the maker of the sweep vouches for a field that reaches a register beyond its last place at every shift, for
        // `channels` rows of factors and of bias, and for the result's places.
        unsafe {
            if !self.bias.is_null() {
                for m in 0..M {
                    sums[m] = [Reg::<T, L>::splat(*self.bias.add(channel + m)); N];
                }
            }
            let mut factors = self.factors.add(channel * self.shifts.len());
            let field = self.field.add(at);
            for shift in self.shifts {
                let read: [Reg<T, L>; N] = std::array::from_fn(|v| Reg::<T, L>::load(field.add(shift + v * lanes)));
                for m in 0..M {
                    let factor = Reg::<T, L>::splat(*factors.add(m));
                    for v in 0..N {
                        sums[m][v] = factor.mul_add(read[v], sums[m][v]);
                    }
                }
                factors = factors.add(M);
            }
            for v in 0..N {
                for m in 0..M {
                    let to = self.out.add((channel + m) * self.grid.channel);
                    let Places { form, count, lanes, places } = &places[v];
                    match form {
                        Form::Together => sums[m][v].store(to.add(places[0])),
                        Form::InRows => {
                            for i in 0..(*count).min(LANES) {
                                let [first, end] = lanes[i].map(usize::from);
                                sums[m][v].store_between(to.wrapping_add(places[i]), first, end);
                            }
                        }
                        Form::Apart => {
                            let mut buffer = [T::ZERO; LANES];
                            sums[m][v].store(buffer.as_mut_ptr());
                            for i in 0..(*count).min(LANES) {
                                to.add(places[i]).write(buffer[lanes[i][0] as usize % LANES]);
                            }
                        }
                    }
                }
            }
        }
    }
}
