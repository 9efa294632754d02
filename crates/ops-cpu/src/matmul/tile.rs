//! Tiles of results whose sums stay in registers while the panels of both operands pass by. It does not know where operands come
//! from, nor which instructions multiply them.

use super::panels::{Place, View};
use crate::isa::Level;
use crate::memory::fetch_to_write;
use crate::number::Number;
use crate::vector::{Lanes, Vector};
use std::array::from_fn;
use std::marker::PhantomData;
use std::ops::Range;

/// Rows of a tile. Where there are 32 registers, six rows of four sums, the four they share and a row's number are 29 of them; of 16
/// registers, six rows of two sums and the like are 15.
pub const ROWS: usize = 6;

/// Instructions that multiply what panels hold at a place and add the products to sums, a register of columns at a time.
///
/// Everything is always inlined: a call runs with the instructions of its caller, which must be those of the implementation.
pub trait Multiplier: 'static {
    /// What a panel holds at a place.
    type Place: Place;
    /// A result.
    type Sum: Lanes;
    /// A register of places.
    type Factors: Copy;
    /// A register of results.
    type Sums: Vector<Self::Sum>;
    /// Registers of columns of a tile, two or four.
    const REGISTERS: usize;
    /// Rows that panels of the left operand have, and columns that those of the right one have, in ascending order.
    const ROWS: &'static [usize] = &[1, 2, 4, ROWS];
    /// As above.
    const COLUMNS: &'static [usize] = match Self::REGISTERS {
        2 => &[Self::Sums::LANES, 2 * Self::Sums::LANES],
        _ => &[Self::Sums::LANES, 2 * Self::Sums::LANES, 3 * Self::Sums::LANES, 4 * Self::Sums::LANES],
    };
    /// The same place in all lanes.
    fn splat(place: Self::Place) -> Self::Factors;
    /// The places at `from`.
    ///
    /// # Safety
    /// As many places as a register of results has lanes can be read there.
    unsafe fn load(from: *const Self::Place) -> Self::Factors;
    /// Each sum with its lane's product added.
    fn add_products(sums: Self::Sums, a: Self::Factors, b: Self::Factors) -> Self::Sums;
}

/// Floats by the fused multiply-add of a level.
pub struct Fused<T, L>(PhantomData<(T, L)>);

impl<T: Lanes + Place, L: Level> Multiplier for Fused<T, L> {
    type Place = T;
    type Sum = T;
    type Factors = T::Register<L>;
    type Sums = T::Register<L>;
    const REGISTERS: usize = if L::REGISTERS == 32 { 4 } else { 2 };
    #[inline(always)]
    fn splat(place: T) -> T::Register<L> {
        T::Register::<L>::splat(place)
    }
    #[inline(always)]
    unsafe fn load(from: *const T) -> T::Register<L> {
        // SAFETY: the caller's.
        unsafe { T::Register::<L>::load(from) }
    }
    #[inline(always)]
    fn add_products(sums: T::Register<L>, a: T::Register<L>, b: T::Register<L>) -> T::Register<L> {
        a.mul_add(b, sums)
    }
}

/// An operand as tiles read it.
pub enum Operand<P> {
    /// In panels.
    Panels(View<P>),
    /// As it lies, in rows of neighbours: the first place, and places from one row to the next.
    Rows(*const P, usize),
}

impl<P> Clone for Operand<P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P> Copy for Operand<P> {}

impl<P> Operand<P> {
    /// The same from a place of the summed index on, with which a chunk begins.
    pub fn from(&self, place: usize) -> Operand<P> {
        match self {
            Operand::Panels(view) => Operand::Panels(view.from(place)),
            Operand::Rows(start, step) => Operand::Rows(start.wrapping_add(place), *step),
        }
    }

    /// The panels of an operand that has been brought into them.
    pub fn panels(&self) -> View<P> {
        match self {
            Operand::Panels(view) => *view,
            Operand::Rows(..) => unreachable!("a method that takes rows as they lie was promised panels"),
        }
    }
}

/// A product.
pub struct Job<P, S> {
    /// Both operands.
    pub left: Operand<P>,
    /// As above.
    pub right: Operand<P>,
    /// Places of the summed index.
    pub places: usize,
    /// Places of a chunk.
    pub depth: usize,
    /// The first result, and the distance of rows.
    pub to: *mut S,
    /// As above.
    pub row: usize,
    /// What products are multiplied by.
    pub factor: S,
    /// Whether they are added to what is there.
    pub adds: bool,
}

/// Some of the results.
pub struct Block {
    /// Rows, from the first one of a panel on.
    pub rows: Range<usize>,
    /// Columns, likewise.
    pub columns: Range<usize>,
}

/// Computes a block, tile by tile: a panel of rows stays in the first-level cache while the columns pass by.
///
/// # Safety
/// The caller has the instructions of `M` enabled; the panels are cut as `M`'s tiles are, and the results are this call's alone.
#[inline(always)]
pub unsafe fn tiles<M: Multiplier>(job: &Job<M::Place, M::Sum>, block: &Block) {
    let (registers, lanes) = (M::REGISTERS, M::Sums::LANES);
    // Also sums of nothing are written.
    for place in (0..job.places.max(1)).step_by(job.depth) {
        let places = job.depth.min(job.places - place);
        for row in block.rows.clone().step_by(ROWS) {
            let left = match job.left {
                Operand::Panels(view) => Left::Panel(view.at(place, places, row)),
                Operand::Rows(start, step) => Left::Rows(start.wrapping_add(row * step + place), step),
            };
            for column in block.columns.clone().step_by(registers * lanes) {
                let columns = (registers * lanes).min(block.columns.end - column);
                let (right, step) = match job.right {
                    Operand::Panels(view) => (view.at(place, places, column), columns.next_multiple_of(lanes)),
                    Operand::Rows(start, step) => (start.wrapping_add(place * step + column), step),
                };
                let tile = Tile::<M> {
                    left,
                    right,
                    step,
                    places,
                    to: job.to.wrapping_add(row * job.row + column),
                    row: job.row,
                    rows: ROWS.min(block.rows.end - row),
                    columns,
                    factor: job.factor,
                    adds: job.adds || place > 0,
                };
                // SAFETY: the caller's; tiles lie within the block.
                unsafe {
                    match columns.div_ceil(lanes) {
                        1 => tile.of_rows::<1>(),
                        2 => tile.of_rows::<2>(),
                        3 => tile.of_rows::<3>(),
                        _ => tile.of_rows::<4>(),
                    }
                }
            }
        }
    }
}

/// What a tile reads of the left operand.
enum Left<P> {
    /// A panel.
    Panel(*const P),
    /// Rows: the first place of the first one, and places from one to the next.
    Rows(*const P, usize),
}

impl<P> Clone for Left<P> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<P> Copy for Left<P> {}

/// Places of panels that pass between two looks at whether there are more.
const UNROLLED: usize = 4;

/// Some rows of some registers of results.
struct Tile<M: Multiplier> {
    left: Left<M::Place>,
    right: *const M::Place,
    /// From one place of the summed index to the next.
    step: usize,
    places: usize,
    to: *mut M::Sum,
    row: usize,
    rows: usize,
    columns: usize,
    factor: M::Sum,
    adds: bool,
}

impl<M: Multiplier> Tile<M> {
    /// # Safety
    /// As [`tiles`].
    #[inline(always)]
    unsafe fn of_rows<const N: usize>(&self) {
        if N > M::REGISTERS {
            return;
        }
        // SAFETY: the caller's.
        unsafe {
            match self.rows {
                1 => self.run::<1, N>(),
                2 => self.run::<2, N>(),
                3 | 4 => self.run::<4, N>(),
                _ => self.run::<ROWS, N>(),
            }
        }
    }

    /// # Safety
    /// As [`tiles`]; a left panel has `R` rows and a right one `N` registers, those beyond the tile's being zeros.
    #[inline(always)]
    unsafe fn run<const R: usize, const N: usize>(&self) {
        let mut sums = [[M::Sums::splat(M::Sum::ZERO); N]; R];
        let mut right = self.right;
        let lanes = M::Sums::LANES;
        // SAFETY: the caller vouches for operands of so many places, and for the tile's places of the result.
        unsafe {
            match self.left {
                Left::Panel(mut left) => {
                    let groups = self.places / UNROLLED;
                    for group in 0..groups {
                        if group == groups.saturating_sub(8) {
                            self.fetch::<R, N>();
                        }
                        for place in 0..UNROLLED {
                            let a = from_fn(|r| left.add(place * R + r));
                            Self::step::<R, N>(&mut sums, a, right.wrapping_add(place * self.step));
                        }
                        (left, right) = (left.add(UNROLLED * R), right.wrapping_add(UNROLLED * self.step));
                    }
                    for _ in 0..self.places % UNROLLED {
                        Self::step::<R, N>(&mut sums, from_fn(|r| left.add(r)), right);
                        (left, right) = (left.add(R), right.wrapping_add(self.step));
                    }
                }
                Left::Rows(left, row) => {
                    self.fetch::<R, N>();
                    // Rows that there are not are the last one once more; their sums go nowhere.
                    let rows: [*const M::Place; R] = from_fn(|r| left.add(r.min(self.rows - 1) * row));
                    for place in 0..self.places {
                        Self::step::<R, N>(&mut sums, from_fn(|r| rows[r].add(place)), right);
                        right = right.wrapping_add(self.step);
                    }
                }
            }
            if self.rows == R && self.columns == N * lanes {
                // As constants, the sums stay in registers.
                match self.adds {
                    true => self.put::<R, N, true>(sums),
                    false => self.put::<R, N, false>(sums),
                }
            } else {
                for r in 0..self.rows {
                    for v in 0..N {
                        let to = self.to.add(r * self.row + v * lanes);
                        put(sums[r][v], to, self.columns - v * lanes, self.factor, self.adds);
                    }
                }
            }
        }
    }

    /// Asks for the places of the result.
    #[inline(always)]
    fn fetch<const R: usize, const N: usize>(&self) {
        for r in 0..R {
            // Places beyond the tile are hints that come to nothing.
            let to = self.to.wrapping_add(r.min(self.rows - 1) * self.row);
            fetch_to_write(to.cast(), N * M::Sums::LANES * size_of::<M::Sum>());
        }
    }

    /// Adds the products of one place.
    ///
    /// # Safety
    /// As [`tiles`].
    #[inline(always)]
    unsafe fn step<const R: usize, const N: usize>(
        sums: &mut [[M::Sums; N]; R],
        a: [*const M::Place; R],
        right: *const M::Place,
    ) {
        // SAFETY: the caller vouches for the operands.
        unsafe {
            let b: [M::Factors; N] = from_fn(|v| M::load(right.add(v * M::Sums::LANES)));
            for r in 0..R {
                let a = M::splat(*a[r]);
                for v in 0..N {
                    sums[r][v] = M::add_products(sums[r][v], a, b[v]);
                }
            }
        }
    }

    /// Writes all sums.
    ///
    /// # Safety
    /// As [`tiles`].
    #[inline(always)]
    unsafe fn put<const R: usize, const N: usize, const ADDS: bool>(&self, mut sums: [[M::Sums; N]; R]) {
        let (factor, zero) = (M::Sums::splat(self.factor), M::Sums::splat(M::Sum::ZERO));
        // SAFETY: the caller vouches for the tile's places of the result.
        unsafe {
            // All loads before the first store: rows a multiple of a page apart look like the same place to the processor for a while.
            for r in 0..R {
                for v in 0..N {
                    let old = if ADDS { M::Sums::load(self.to.add(r * self.row + v * M::Sums::LANES)) } else { zero };
                    sums[r][v] = sums[r][v].mul_add(factor, old);
                }
            }
            for r in 0..R {
                for v in 0..N {
                    sums[r][v].store(self.to.add(r * self.row + v * M::Sums::LANES));
                }
            }
        }
    }
}

/// Writes `factor · sums`, plus what is there if it `adds`, to `to`; `count` of them if there are fewer than lanes.
///
/// # Safety
/// So many numbers can be written there, and the caller has the register's instructions enabled.
#[inline(always)]
pub unsafe fn put<S: Lanes, V: Vector<S>>(sums: V, to: *mut S, count: usize, factor: S, adds: bool) {
    let (factor, zero) = (V::splat(factor), V::splat(S::ZERO));
    // SAFETY: the caller's.
    unsafe {
        if count >= V::LANES {
            let old = if adds { V::load(to) } else { zero };
            sums.mul_add(factor, old).store(to);
        } else {
            let old = if adds { V::load_first(to, count) } else { zero };
            sums.mul_add(factor, old).store_first(to, count);
        }
    }
}
