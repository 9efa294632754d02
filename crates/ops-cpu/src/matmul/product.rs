//! Products of matrices: operands go into panels, and blocks of the result are computed tile by tile, on one thread or on the team.
//! Each sum runs through the summed index in order and in chunks of the same length, so that a result depends neither on the other
//! rows and columns nor on how many threads there are.

use super::panels::{Form, Panels, Place, Side};
pub use super::tile::Operand;
use super::tile::{Block, Fused, Job, Multiplier, ROWS, tiles};
use crate::dense::Shared;
use crate::isa::{Kernel, Level, dispatch};
use crate::norm;
use crate::team;
use crate::vector::{Lanes, Vector};
use std::marker::PhantomData;
use std::ops::Range;
use tensor_core::Result;

/// Multiplications below which a second thread costs more than it saves, most of it by what goes from one core's caches to the
/// other's; and those of a block.
const SERIAL: usize = 512 * 1024;
const LEAST: usize = 128 * 1024;

/// Numbers of both operands up to which a pair of matrices is one thread's work if there are several: its panels stay in the
/// second-level cache.
const ITEM: usize = 128 * 1024;

/// Blocks of each thread at least, if a product is large enough, so that threads finish together; and parts of the columns of a larger
/// one.
const BLOCKS: usize = 4;
const PARTS: usize = 2;

/// Pairs of matrices from which on threads share them instead of each product.
const ITEMS: usize = 8;

/// A way to multiply: what panels hold, how they and the result are cut, and the instructions.
pub trait Method: 'static {
    /// What panels hold at a place of the summed index.
    type Place: Place;
    /// A result.
    type Sum: Lanes;
    /// Whether operands can also be read as they lie, in rows.
    const READS_ROWS: bool;
    /// How operands and the result are cut.
    fn cut() -> Cut;
    /// Computes a block; the one place that enables the instructions.
    ///
    /// # Safety
    /// The processor has the instructions; the panels were cut as [`Method::cut`] says, and the results are this call's alone.
    unsafe fn run(job: &Job<Self::Place, Self::Sum>, block: &Block);
}

/// How a method cuts.
#[derive(Clone, Copy)]
pub struct Cut {
    /// The left operand into panels.
    pub left: Form,
    /// The right one.
    pub right: Form,
    /// Places of a chunk of the summed index.
    pub depth: usize,
    /// What the number of places is made a multiple of.
    pub padding: usize,
    /// Rows and columns of the largest blocks, of whole panels: what a block reads of a chunk stays in the second-level cache.
    pub block: [usize; 2],
}

impl Cut {
    /// That of tiles in registers: chunks of `depth` places, and blocks of about `side` rows and columns.
    #[inline(always)]
    pub fn tiles<M: Multiplier>(depth: usize, side: usize) -> Cut {
        Cut {
            left: Form { sizes: M::ROWS, group: 1 },
            right: Form { sizes: M::COLUMNS, group: 1 },
            depth,
            padding: 1,
            block: [side / ROWS * ROWS, side.next_multiple_of(M::REGISTERS * M::Sums::LANES)],
        }
    }
}

/// Floats by fused multiply-adds.
pub struct Floats<T>(PhantomData<T>);

impl<T: Lanes + Place<Number = T>> Method for Floats<T> {
    type Place = T;
    type Sum = T;
    const READS_ROWS: bool = true;
    fn cut() -> Cut {
        dispatch(CutOf::<T>(PhantomData))
    }
    unsafe fn run(job: &Job<T, T>, block: &Block) {
        dispatch(Tiles { job, block })
    }
}

/// [`Method::cut`] for the level in use.
struct CutOf<T>(PhantomData<T>);

impl<T: Lanes + Place> Kernel for CutOf<T> {
    type Output = Cut;
    #[inline(always)]
    fn run<L: Level>(self) -> Cut {
        // Processors with many registers have second-level caches of a megabyte and more.
        let [bytes, side] = if L::REGISTERS == 32 { [3072, 256] } else { [1024, 192] };
        Cut::tiles::<Fused<T, L>>(bytes / size_of::<T>(), side)
    }
}

/// A block, for the level in use.
struct Tiles<'a, T> {
    job: &'a Job<T, T>,
    block: &'a Block,
}

impl<T: Lanes + Place> Kernel for Tiles<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        // SAFETY: whoever asked for the block vouches for panels and results; the level's instructions are enabled.
        unsafe { tiles::<Fused<T, L>>(self.job, self.block) }
    }
}

/// A float that kernels with products of their own compute in.
pub trait Real: norm::Real + Lanes + Place<Number = Self> {}
impl Real for f32 {}
impl Real for f64 {}

/// An operand: its first number, and how far rows and columns lie apart.
#[derive(Clone, Copy)]
pub struct Matrix<N> {
    /// The first number.
    pub start: *const N,
    /// Numbers from one row to the next.
    pub row: usize,
    /// Numbers from one column to the next.
    pub column: usize,
}

impl<N> Matrix<N> {
    /// Rows of neighbours.
    pub fn rows(start: *const N, row: usize) -> Matrix<N> {
        Matrix { start, row, column: 1 }
    }

    /// Rows from the given one on.
    pub fn from(self, row: usize) -> Matrix<N> {
        Matrix { start: self.start.wrapping_add(row * self.row), ..self }
    }

    /// Rows as columns.
    pub fn turned(self) -> Matrix<N> {
        Matrix { row: self.column, column: self.row, ..self }
    }
}

// SAFETY: matrices are only read while the operation holds their storages.
unsafe impl<N> Send for Matrix<N> {}
// SAFETY: as above.
unsafe impl<N> Sync for Matrix<N> {}

/// Where a product goes.
#[derive(Clone, Copy)]
pub struct Target<S> {
    /// The first result.
    pub start: *mut S,
    /// Results from one row to the next.
    pub row: usize,
    /// What the product is multiplied by.
    pub factor: S,
    /// Whether it is added to what is there.
    pub adds: bool,
}

/// Rows up to which a right operand is read as it lies, and numbers of an operand up to which it is for more rows: it stays in the
/// caches, where its rows are far apart, too.
const FLAT: usize = 32;
const SMALL: usize = 128 * 1024;

/// A left operand of `n` rows and `k` columns: in panels, unless it can be read as it lies. On the team, if it `shares`.
///
/// # Safety
/// The operand can be read, for as long as the result is used.
pub unsafe fn left<M: Method>(
    panels: &mut Panels<M::Place>,
    a: Matrix<<M::Place as Place>::Number>,
    [n, k]: [usize; 2],
    shares: bool,
) -> Result<Operand<M::Place>> {
    if M::READS_ROWS && a.column == 1 {
        return Ok(Operand::Rows(a.start.cast(), a.row));
    }
    let cut = M::cut();
    let side = Side { start: a.start, count: n, along: a.row, k, deep: a.column };
    // SAFETY: the caller's.
    unsafe { panels.fill(&side, cut.left, [cut.depth, cut.padding], shares) }.map(Operand::Panels)
}

/// A right operand of `k` rows and `m` columns in panels. On the team, if it `shares`.
///
/// # Safety
/// The operand can be read.
pub unsafe fn right<M: Method>(
    panels: &mut Panels<M::Place>,
    b: Matrix<<M::Place as Place>::Number>,
    [k, m]: [usize; 2],
    shares: bool,
) -> Result<Operand<M::Place>> {
    let cut = M::cut();
    let side = Side { start: b.start, count: m, along: b.column, k, deep: b.row };
    // SAFETY: the caller's.
    unsafe { panels.fill(&side, cut.right, [cut.depth, cut.padding], shares) }.map(Operand::Panels)
}

/// The product of operands that [`left`] and [`right`] made. On the team, if it `shares`.
///
/// # Safety
/// The processor has the method's instructions; the operands have those sizes; the results are this call's alone.
pub unsafe fn multiply<M: Method>(
    left: Operand<M::Place>,
    right: Operand<M::Place>,
    to: Target<M::Sum>,
    [n, k, m]: [usize; 3],
    shares: bool,
) {
    let cut = M::cut();
    let Target { start, row, factor, adds } = to;
    let places = k.div_ceil(M::Place::NUMBERS).next_multiple_of(cut.padding);
    let job = Job { left, right, places, depth: cut.depth, to: start, row, factor, adds };
    let [rows, columns] = match shares {
        true => parts_of(cut, n, k, m),
        false => [n.div_ceil(cut.block[0]), m.div_ceil(cut.block[1])],
    };
    let shared = Shared(&job);
    let work = |range: Range<usize>| {
        for i in range {
            let block = Block {
                rows: part(n, cut.left.full(), rows, i / columns),
                columns: part(m, cut.right.full(), columns, i % columns),
            };
            // SAFETY: the caller's; each block is one call's alone.
            unsafe { M::run(shared.get(), &block) };
        }
    };
    match shares {
        true => team::split(rows * columns, 1, work),
        false => work(0..rows * columns),
    }
}

/// Part `i` of `parts` nearly equal ones of `count` lines, each but the last one of whole units.
fn part(count: usize, unit: usize, parts: usize, i: usize) -> Range<usize> {
    let border = |i: usize| (count.div_ceil(unit) * i / parts * unit).min(count);
    border(i)..border(i + 1)
}

/// Into how many parts rows and columns are cut: as few as leave every thread some of them, unless they would be too little work. No
/// result depends on them.
fn parts_of(cut: Cut, n: usize, k: usize, m: usize) -> [usize; 2] {
    let [tall, wide] = [n.div_ceil(cut.left.full()), m.div_ceil(cut.right.full())];
    let [mut rows, mut columns] = [n.div_ceil(cut.block[0]), m.div_ceil(cut.block[1])];
    let work = n.saturating_mul(m).saturating_mul(k);
    let wanted = (BLOCKS * team::num_threads()).min(work / LEAST);
    // A panel of rows is read once for all columns of its block, so that rows are what is rather cut.
    rows = rows.max((wanted / columns).min(tall / 2));
    columns = columns.max((wanted / rows).min(wide));
    [rows, columns]
}

/// Panels for both operands of products.
pub struct Room<P> {
    /// Of the left one.
    pub left: Panels<P>,
    /// Of the right one.
    pub right: Panels<P>,
}

impl<P> Default for Room<P> {
    fn default() -> Self {
        Room { left: Panels::default(), right: Panels::default() }
    }
}

/// The product of `[n, k]` and `[k, m]` numbers.
///
/// # Safety
/// The processor has the method's instructions, the operands can be read, and the results are this call's alone.
pub unsafe fn one<M: Method>(
    room: &mut Room<M::Place>,
    [n, k, m]: [usize; 3],
    a: Matrix<<M::Place as Place>::Number>,
    b: Matrix<<M::Place as Place>::Number>,
    to: Target<M::Sum>,
    shares: bool,
) -> Result<()> {
    let form = M::cut().right;
    let lies = M::READS_ROWS && b.column == 1 && (n <= FLAT || k * m <= SMALL);
    // SAFETY: the caller's.
    unsafe {
        let left = left::<M>(&mut room.left, a, [n, k], shares)?;
        if lies {
            // But for columns that do not fill a register: reading one would go beyond the operand's end.
            let rest = m % form.sizes[0];
            let whole = m - rest;
            if whole > 0 {
                multiply::<M>(left, Operand::Rows(b.start.cast(), b.row), to, [n, k, whole], shares);
            }
            if rest > 0 {
                let right = right::<M>(&mut room.right, b.turned().from(whole).turned(), [k, rest], shares)?;
                multiply::<M>(left, right, Target { start: to.start.wrapping_add(whole), ..to }, [n, k, rest], shares);
            }
            Ok(())
        } else if shares {
            shared::<M>(left, b, to, [n, k, m])
        } else {
            strips::<M>(&mut room.right, left, b, to, k, Block { rows: 0..n, columns: 0..m })
        }
    }
}

/// The product, on the team: each thread brings those columns of the right operand into panels that it multiplies itself, so that none
/// travel from one core's caches to another's.
///
/// # Safety
/// As for [`one`]; `left` was made for these sizes.
unsafe fn shared<M: Method>(
    left: Operand<M::Place>,
    b: Matrix<<M::Place as Place>::Number>,
    to: Target<M::Sum>,
    [n, k, m]: [usize; 3],
) -> Result<()> {
    let Cut { left: tall, right: wide, .. } = M::cut();
    let threads = team::num_threads();
    let columns = m.div_ceil(wide.full()).min(PARTS * threads);
    // Where columns are too few for all threads, some have the same ones for other rows.
    let rows = threads.div_ceil(columns).min(n.div_ceil(tall.full()));
    let (operands, failure) = (Shared((left, b, to)), Failure::default());
    team::parallel(rows * columns, &|i| {
        let (left, b, to) = operands.get();
        let block =
            Block { rows: part(n, tall.full(), rows, i % rows), columns: part(m, wide.sizes[0], columns, i / rows) };
        // SAFETY: the caller's; the block is this call's alone.
        failure.note(unsafe { strips::<M>(&mut Panels::default(), left, b, to, k, block) });
    });
    failure.end()
}

/// A block of the product: a chunk of the summed index of some columns at a time goes into panels, which stay in the second-level cache
/// while all rows pass.
///
/// # Safety
/// As for [`one`]; `left` was made for these sizes.
unsafe fn strips<M: Method>(
    panels: &mut Panels<M::Place>,
    left: Operand<M::Place>,
    b: Matrix<<M::Place as Place>::Number>,
    to: Target<M::Sum>,
    k: usize,
    block: Block,
) -> Result<()> {
    let cut = M::cut();
    let (numbers, columns) = (M::Place::NUMBERS, block.columns.len());
    let places = k.div_ceil(numbers).next_multiple_of(cut.padding);
    let count = columns.div_ceil(cut.block[1]);
    for strip in 0..count {
        let strip = part(columns, cut.right.full(), count, strip);
        let first = block.columns.start + strip.start;
        // Also sums of nothing are written.
        for place in (0..places.max(1)).step_by(cut.depth) {
            let from = b.from(place * numbers).turned().from(first).turned();
            let deep = (k - place * numbers).min(cut.depth * numbers);
            // SAFETY: the caller's; the block lies within the result.
            unsafe {
                let right = right::<M>(panels, from, [deep, strip.len()], false)?;
                let job = Job {
                    left: left.from(place),
                    right,
                    places: cut.depth.min(places - place),
                    depth: cut.depth,
                    to: to.start.wrapping_add(first),
                    row: to.row,
                    factor: to.factor,
                    adds: to.adds || place > 0,
                };
                M::run(&job, &Block { rows: block.rows.clone(), columns: 0..strip.len() });
            }
        }
    }
    Ok(())
}

/// The last error of work on several threads.
#[derive(Default)]
struct Failure(std::sync::Mutex<Option<tensor_core::Error>>);

impl Failure {
    fn note(&self, result: Result<()>) {
        if let Err(error) = result {
            *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(error);
        }
    }

    fn end(self) -> Result<()> {
        self.0.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()).map_or(Ok(()), Err)
    }
}

/// Products of `batch` pairs of matrices, whose first numbers lie `steps` apart: those of the left operands, the right ones, and
/// the results.
///
/// # Safety
/// As for [`one`].
pub unsafe fn all<M: Method>(
    batch: usize,
    sizes: [usize; 3],
    a: Matrix<<M::Place as Place>::Number>,
    b: Matrix<<M::Place as Place>::Number>,
    to: Target<M::Sum>,
    steps: [usize; 3],
) -> Result<()> {
    let [n, k, m] = sizes;
    let work = n.saturating_mul(m).saturating_mul(k);
    let shared = Shared((a, b, to));
    let item = |i: usize, room: &mut Room<M::Place>, shares: bool| {
        let (a, b, to) = shared.get();
        let a = Matrix { start: a.start.wrapping_add(i * steps[0]), ..a };
        let b = Matrix { start: b.start.wrapping_add(i * steps[1]), ..b };
        let to = Target { start: to.start.wrapping_add(i * steps[2]), ..to };
        // SAFETY: the caller's.
        unsafe { one::<M>(room, sizes, a, b, to, shares) }
    };
    if batch > 1 && (work <= SERIAL || batch >= ITEMS && n.saturating_mul(k) + k.saturating_mul(m) <= ITEM) {
        let failure = Failure::default();
        team::split(batch, (LEAST / work.max(1)).max(1), |items| {
            let mut room = Room::default();
            for i in items {
                failure.note(item(i, &mut room, false));
            }
        });
        return failure.end();
    }
    let mut room = Room::default();
    (0..batch).try_for_each(|i| item(i, &mut room, work > SERIAL))
}
