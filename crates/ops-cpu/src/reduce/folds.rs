//! How a stream of elements becomes one value: sums with wide or pairwise accumulation, products, extremes and tests. Folds know
//! no strides.

use crate::isa::{Kernel, Level, dispatch};
use crate::number::Number;
use std::marker::PhantomData;
use storage::Bool;
use tensor_core::DType;

/// One value in the making.
pub trait Fold: Sized + Send {
    /// The type of the elements.
    type In: Copy;
    /// The type of the result.
    type Out: Copy;
    /// The dtype of the result; `None` for that of the elements.
    const OUTPUT: Option<DType>;
    /// Whether folding many outputs side by side, one element each, is worth it.
    const SIDE_BY_SIDE: bool = true;
    /// Takes in the next elements.
    fn block(&mut self, elements: &[Self::In]);
    /// Takes in one element for each of several folds.
    #[inline]
    fn line(folds: &mut [Self], elements: &[Self::In]) {
        for (fold, element) in folds.iter_mut().zip(elements) {
            fold.block(std::slice::from_ref(element));
        }
    }
    /// Takes in a row of elements after the other, each as [`line`](Fold::line).
    #[inline]
    fn lines(folds: &mut [Self], rows: Rows<'_, Self::In>) {
        (0..rows.count).for_each(|i| Self::line(folds, rows.row(i)));
    }
    /// Takes in what another fold has of the elements that come next.
    fn merge(&mut self, next: Self);
    /// The result, of `count` elements in all.
    fn finish(self, count: usize) -> Self::Out;
}

/// Rows of equal length, at equal distances.
#[derive(Clone, Copy)]
pub struct Rows<'a, T> {
    start: *const T,
    stride: usize,
    width: usize,
    /// How many there are.
    pub count: usize,
    _memory: PhantomData<&'a T>,
}

impl<'a, T> Rows<'a, T> {
    /// `count` rows of `width` elements, the first at `start`, each `stride` elements behind the one before.
    ///
    /// # Safety
    /// All of them are readable for `'a`.
    pub unsafe fn new(start: *const T, stride: usize, width: usize, count: usize) -> Rows<'a, T> {
        Rows { start, stride, width, count, _memory: PhantomData }
    }

    /// Row number `i`.
    #[inline(always)]
    pub fn row(&self, i: usize) -> &'a [T] {
        debug_assert!(i < self.count);
        // SAFETY: one of the rows that `new` was promised.
        unsafe { std::slice::from_raw_parts(self.start.wrapping_add(i * self.stride), self.width) }
    }
}

/// Rows of `f32` added up in groups, each group's sum handed to a fold: the folds in doubles are then read and written once
/// for a group.
struct Groups<'a, F, S>(&'a mut [F], Rows<'a, f32>, S);

/// Rows in a group.
const GROUP: usize = 8;

impl<F, S: Fn(&mut F, f64)> Kernel for Groups<'_, F, S> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Groups(folds, rows, step) = self;
        let whole = rows.count / GROUP * GROUP;
        for first in (0..whole).step_by(GROUP) {
            let [a, b, c, d, e, f, g, h]: [&[f32]; GROUP] = std::array::from_fn(|i| rows.row(first + i));
            for (i, fold) in folds.iter_mut().enumerate() {
                let sum = ((a[i] + b[i]) + (c[i] + d[i])) + ((e[i] + f[i]) + (g[i] + h[i]));
                step(fold, sum as f64);
            }
        }
        for row in whole..rows.count {
            for (fold, x) in folds.iter_mut().zip(rows.row(row)) {
                step(fold, *x as f64);
            }
        }
    }
}

/// Sums a block in lanes, then the lanes in pairs: the error grows with the logarithm of the block's length.
struct LaneSum<'a, T>(&'a [T]);

impl<T: Number> Kernel for LaneSum<'_, T> {
    type Output = T;
    #[inline(always)]
    fn run<L: Level>(self) -> T {
        const LANES: usize = 64;
        let mut lanes = [T::ZERO; LANES];
        let mut chunks = self.0.chunks_exact(LANES);
        for chunk in &mut chunks {
            for i in 0..LANES {
                lanes[i] = lanes[i].plus(chunk[i]);
            }
        }
        for (lane, element) in lanes.iter_mut().zip(chunks.remainder()) {
            *lane = lane.plus(*element);
        }
        let mut width = LANES / 2;
        while width > 0 {
            for i in 0..width {
                lanes[i] = lanes[i].plus(lanes[i + width]);
            }
            width /= 2;
        }
        lanes[0]
    }
}

/// A sum of `f32`: lanes within a block, a double across blocks.
#[derive(Default)]
pub struct SumF32(f64);

impl Fold for SumF32 {
    type In = f32;
    type Out = f32;
    const OUTPUT: Option<DType> = None;
    #[inline]
    fn block(&mut self, elements: &[f32]) {
        self.0 += match elements {
            [one] => *one as f64,
            _ => dispatch(LaneSum(elements)) as f64,
        };
    }
    fn line(folds: &mut [Self], elements: &[f32]) {
        dispatch(Line(folds, elements, |fold: &mut Self, x: f32| fold.0 += x as f64));
    }
    fn lines(folds: &mut [Self], rows: Rows<'_, f32>) {
        dispatch(Groups(folds, rows, |fold: &mut Self, x: f64| fold.0 += x));
    }
    fn merge(&mut self, next: Self) {
        self.0 += next.0;
    }
    fn finish(self, _: usize) -> f32 {
        self.0 as f32
    }
}

/// A sum of doubles with the rounding errors carried along (Neumaier's form of Kahan's method) across blocks.
#[derive(Default)]
pub struct SumF64 {
    sum: f64,
    lost: f64,
}

impl SumF64 {
    #[inline(always)]
    fn add(&mut self, next: f64) {
        let total = self.sum + next;
        let lost = if self.sum.abs() >= next.abs() { (self.sum - total) + next } else { (next - total) + self.sum };
        self.lost += if lost.is_finite() { lost } else { 0.0 };
        self.sum = total;
    }
}

impl Fold for SumF64 {
    type In = f64;
    type Out = f64;
    const OUTPUT: Option<DType> = None;
    #[inline]
    fn block(&mut self, elements: &[f64]) {
        self.add(dispatch(LaneSum(elements)));
    }
    fn line(folds: &mut [Self], elements: &[f64]) {
        dispatch(Line(folds, elements, Self::add));
    }
    fn merge(&mut self, next: Self) {
        self.add(next.sum);
        self.lost += next.lost;
    }
    fn finish(self, _: usize) -> f64 {
        self.sum + self.lost
    }
}

/// A wrapping sum of whole numbers.
#[derive(Default)]
pub struct SumWhole(i64);

impl Fold for SumWhole {
    type In = i64;
    type Out = i64;
    const OUTPUT: Option<DType> = Some(DType::I64);
    #[inline]
    fn block(&mut self, elements: &[i64]) {
        self.0 = self.0.wrapping_add(dispatch(LaneSum(elements)));
    }
    fn line(folds: &mut [Self], elements: &[i64]) {
        dispatch(Line(folds, elements, |fold: &mut Self, x: i64| fold.0 = fold.0.wrapping_add(x)));
    }
    fn merge(&mut self, next: Self) {
        self.0 = self.0.wrapping_add(next.0);
    }
    fn finish(self, _: usize) -> i64 {
        self.0
    }
}

/// A sum divided by the count; NaN of nothing.
#[derive(Default)]
pub struct Mean<S>(S);

impl Fold for Mean<SumF32> {
    type In = f32;
    type Out = f32;
    const OUTPUT: Option<DType> = None;
    #[inline]
    fn block(&mut self, elements: &[f32]) {
        self.0.block(elements);
    }
    fn line(folds: &mut [Self], elements: &[f32]) {
        dispatch(Line(folds, elements, |fold: &mut Self, x: f32| fold.0.0 += x as f64));
    }
    fn lines(folds: &mut [Self], rows: Rows<'_, f32>) {
        dispatch(Groups(folds, rows, |fold: &mut Self, x: f64| fold.0.0 += x));
    }
    fn merge(&mut self, next: Self) {
        self.0.merge(next.0);
    }
    fn finish(self, count: usize) -> f32 {
        (self.0.0 / count as f64) as f32
    }
}

impl Fold for Mean<SumF64> {
    type In = f64;
    type Out = f64;
    const OUTPUT: Option<DType> = None;
    #[inline]
    fn block(&mut self, elements: &[f64]) {
        self.0.block(elements);
    }
    fn line(folds: &mut [Self], elements: &[f64]) {
        dispatch(Line(folds, elements, |fold: &mut Self, x: f64| fold.0.add(x)));
    }
    fn merge(&mut self, next: Self) {
        self.0.merge(next.0);
    }
    fn finish(self, count: usize) -> f64 {
        self.0.finish(count) / count as f64
    }
}

/// A product.
pub struct Product<T>(pub T);

impl<T: Number> Fold for Product<T> {
    type In = T;
    type Out = T;
    const OUTPUT: Option<DType> = None;
    #[inline]
    fn block(&mut self, elements: &[T]) {
        self.0 = elements.iter().fold(self.0, |product, element| product.times(*element));
    }
    fn line(folds: &mut [Self], elements: &[T]) {
        dispatch(Line(folds, elements, |fold: &mut Self, x: T| fold.0 = fold.0.times(x)));
    }
    fn merge(&mut self, next: Self) {
        self.0 = self.0.times(next.0);
    }
    fn finish(self, _: usize) -> T {
        self.0
    }
}

/// The largest (`MAX`) or smallest element; the first NaN, if there is one.
pub struct Extreme<T, const MAX: bool>(T);

impl<T: Number, const MAX: bool> Default for Extreme<T, MAX> {
    fn default() -> Self {
        Extreme(if MAX { T::LOWEST } else { T::HIGHEST })
    }
}

struct BlockExtreme<'a, T, const MAX: bool>(&'a [T]);

impl<T: Number, const MAX: bool> Kernel for BlockExtreme<'_, T, MAX> {
    type Output = Option<T>;
    #[inline(always)]
    fn run<L: Level>(self) -> Option<T> {
        const LANES: usize = 32;
        let mut lanes = [*self.0.first()?; LANES];
        let mut chunks = self.0.chunks_exact(LANES);
        for chunk in &mut chunks {
            for i in 0..LANES {
                // NaN in either operand must win: `larger` keeps a NaN on the left and lets one on the right through.
                lanes[i] = pick::<T, MAX>(lanes[i], chunk[i]);
            }
        }
        let best = lanes.into_iter().reduce(pick::<T, MAX>)?;
        Some(chunks.remainder().iter().fold(best, |best, element| pick::<T, MAX>(best, *element)))
    }
}

/// The more extreme of two; NaN in either operand wins.
#[inline(always)]
fn pick<T: Number, const MAX: bool>(a: T, b: T) -> T {
    if MAX { a.larger(b) } else { a.smaller(b) }
}

impl<T: Number, const MAX: bool> Fold for Extreme<T, MAX> {
    type In = T;
    type Out = T;
    const OUTPUT: Option<DType> = None;
    #[inline]
    fn block(&mut self, elements: &[T]) {
        if let Some(best) = dispatch(BlockExtreme::<T, MAX>(elements)) {
            self.0 = pick::<T, MAX>(self.0, best);
        }
    }
    fn line(folds: &mut [Self], elements: &[T]) {
        dispatch(Line(folds, elements, |fold: &mut Self, x: T| fold.0 = pick::<T, MAX>(fold.0, x)));
    }
    fn lines(folds: &mut [Self], rows: Rows<'_, T>) {
        dispatch(ExtremeLines(folds, rows));
    }
    fn merge(&mut self, next: Self) {
        self.0 = pick::<T, MAX>(self.0, next.0);
    }
    fn finish(self, _: usize) -> T {
        self.0
    }
}

/// Rows in fours: a fold is then read and written once for four elements, and what is written is never just what was there or one new
/// element, which compilers would write under a mask, very slowly on some processors.
struct ExtremeLines<'a, T, const MAX: bool>(&'a mut [Extreme<T, MAX>], Rows<'a, T>);

impl<T: Number, const MAX: bool> Kernel for ExtremeLines<'_, T, MAX> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let ExtremeLines(folds, rows) = self;
        let whole = rows.count / 4 * 4;
        for first in (0..whole).step_by(4) {
            let [a, b, c, d]: [&[T]; 4] = std::array::from_fn(|i| rows.row(first + i));
            for (i, fold) in folds.iter_mut().enumerate() {
                let best = pick::<T, MAX>(pick::<T, MAX>(a[i], b[i]), pick::<T, MAX>(c[i], d[i]));
                fold.0 = pick::<T, MAX>(fold.0, best);
            }
        }
        for row in whole..rows.count {
            for (fold, x) in folds.iter_mut().zip(rows.row(row)) {
                fold.0 = pick::<T, MAX>(fold.0, *x);
            }
        }
    }
}

/// One element for each of several folds, by a function that the compiler sees through.
struct Line<'a, F, T, S>(&'a mut [F], &'a [T], S);

impl<F, T: Copy, S: Fn(&mut F, T)> Kernel for Line<'_, F, T, S> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Line(folds, elements, step) = self;
        for (fold, x) in folds.iter_mut().zip(elements) {
            step(fold, *x);
        }
    }
}

/// Whether any element is true.
#[derive(Default)]
pub struct Any(bool);

impl Fold for Any {
    type In = Bool;
    type Out = Bool;
    const OUTPUT: Option<DType> = Some(DType::Bool);
    #[inline]
    fn block(&mut self, elements: &[Bool]) {
        self.0 = self.0 || elements.iter().any(|element| element.0 != 0);
    }
    fn line(folds: &mut [Self], elements: &[Bool]) {
        dispatch(Line(folds, elements, |fold: &mut Self, x: Bool| fold.0 |= x.0 != 0));
    }
    fn merge(&mut self, next: Self) {
        self.0 |= next.0;
    }
    fn finish(self, _: usize) -> Bool {
        Bool(self.0 as u8)
    }
}

/// Whether all elements are true.
pub struct All(bool);

impl Default for All {
    fn default() -> Self {
        All(true)
    }
}

impl Fold for All {
    type In = Bool;
    type Out = Bool;
    const OUTPUT: Option<DType> = Some(DType::Bool);
    #[inline]
    fn block(&mut self, elements: &[Bool]) {
        self.0 = self.0 && elements.iter().all(|element| element.0 != 0);
    }
    fn line(folds: &mut [Self], elements: &[Bool]) {
        dispatch(Line(folds, elements, |fold: &mut Self, x: Bool| fold.0 &= x.0 != 0));
    }
    fn merge(&mut self, next: Self) {
        self.0 &= next.0;
    }
    fn finish(self, _: usize) -> Bool {
        Bool(self.0 as u8)
    }
}
