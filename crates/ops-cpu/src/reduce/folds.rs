//! How a stream of elements becomes one value: sums with wide or pairwise accumulation, products, extremes, tests, and the
//! spread by Welford's method in Chan's form for blocks. Folds know no strides.

use crate::isa::{Kernel, Level, dispatch};
use crate::number::Number;
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
    /// The result, of `count` elements in all.
    fn finish(self, count: usize) -> Self::Out;
}

/// Sums a block in 16 lanes, then the lanes in pairs: the error grows with the logarithm of the block's length.
struct LaneSum<'a, T>(&'a [T]);

impl<T: Number> Kernel for LaneSum<'_, T> {
    type Output = T;
    #[inline(always)]
    fn run<L: Level>(self) -> T {
        const LANES: usize = 32;
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
    fn finish(self, _: usize) -> T {
        self.0
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

/// Whether any element is non-zero.
pub struct Any<T>(bool, std::marker::PhantomData<T>);

impl<T> Default for Any<T> {
    fn default() -> Self {
        Any(false, std::marker::PhantomData)
    }
}

impl<T: Number> Fold for Any<T> {
    type In = T;
    type Out = Bool;
    const OUTPUT: Option<DType> = Some(DType::Bool);
    #[inline]
    fn block(&mut self, elements: &[T]) {
        self.0 = self.0 || elements.iter().any(|element| element.truth());
    }
    fn line(folds: &mut [Self], elements: &[T]) {
        dispatch(Line(folds, elements, |fold: &mut Self, x: T| fold.0 |= x.truth()));
    }
    fn finish(self, _: usize) -> Bool {
        Bool(self.0 as u8)
    }
}

/// Whether all elements are non-zero.
pub struct All<T>(bool, std::marker::PhantomData<T>);

impl<T> Default for All<T> {
    fn default() -> Self {
        All(true, std::marker::PhantomData)
    }
}

impl<T: Number> Fold for All<T> {
    type In = T;
    type Out = Bool;
    const OUTPUT: Option<DType> = Some(DType::Bool);
    #[inline]
    fn block(&mut self, elements: &[T]) {
        self.0 = self.0 && elements.iter().all(|element| element.truth());
    }
    fn line(folds: &mut [Self], elements: &[T]) {
        dispatch(Line(folds, elements, |fold: &mut Self, x: T| fold.0 &= x.truth()));
    }
    fn finish(self, _: usize) -> Bool {
        Bool(self.0 as u8)
    }
}

/// Variance or standard deviation in doubles. Blocks are merged by Chan, Golub and LeVeque's formula ("Updating formulae and
/// a pairwise algorithm for computing sample variances", 1979), which for blocks of one is Welford's.
pub struct Spread<T> {
    count: f64,
    mean: f64,
    squares: f64,
    correction: f64,
    root: bool,
    _element: std::marker::PhantomData<T>,
}

impl<T> Spread<T> {
    /// Nothing yet; `root` asks for the standard deviation.
    pub fn new(correction: f64, root: bool) -> Spread<T> {
        Spread { count: 0.0, mean: 0.0, squares: 0.0, correction, root, _element: std::marker::PhantomData }
    }

    fn merge(&mut self, count: f64, mean: f64, squares: f64) {
        let total = self.count + count;
        let apart = mean - self.mean;
        // In this order the first block, whose weight is zero, adds nothing even where its square would overflow.
        self.squares += squares + apart * (apart * (self.count * count / total));
        self.mean += apart * (count / total);
        self.count = total;
    }

    fn result(&self) -> f64 {
        let divisor = (self.count - self.correction).max(0.0);
        let variance = self.squares / divisor;
        if self.root { variance.sqrt() } else { variance }
    }
}

/// The mean of a block and the sum of squared distances from it, in lanes of doubles.
struct BlockSpread<'a, T>(&'a [T]);

impl<T: Number> Kernel for BlockSpread<'_, T> {
    type Output = (f64, f64);
    #[inline(always)]
    fn run<L: Level>(self) -> (f64, f64) {
        const LANES: usize = 16;
        let mut sums = [0.0; LANES];
        let chunks = self.0.chunks_exact(LANES);
        let rest = chunks.remainder();
        for chunk in chunks {
            for i in 0..LANES {
                sums[i] += chunk[i].to_f64();
            }
        }
        let mean = (sums.iter().sum::<f64>() + rest.iter().map(|x| x.to_f64()).sum::<f64>()) / self.0.len() as f64;
        let mut squares = [0.0; LANES];
        for chunk in self.0.chunks_exact(LANES) {
            for i in 0..LANES {
                let apart = chunk[i].to_f64() - mean;
                squares[i] += apart * apart;
            }
        }
        let rest: f64 = rest.iter().map(|x| (x.to_f64() - mean) * (x.to_f64() - mean)).sum();
        (mean, squares.iter().sum::<f64>() + rest)
    }
}

macro_rules! spread {
    ($($t:ty)*) => { $(
        impl Fold for Spread<$t> {
            type In = $t;
            type Out = $t;
            const OUTPUT: Option<DType> = None;
            #[inline]
            fn block(&mut self, elements: &[$t]) {
                match elements {
                    [] => {}
                    [one] => self.merge(1.0, *one as f64, 0.0),
                    _ => {
                        let (mean, squares) = dispatch(BlockSpread(elements));
                        self.merge(elements.len() as f64, mean, squares);
                    }
                }
            }
            fn finish(self, _: usize) -> $t {
                self.result() as $t
            }
        }
    )* };
}
spread! { f32 f64 }
