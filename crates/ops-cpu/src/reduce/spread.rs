//! Variance and standard deviation, by Welford's method in Chan's form for blocks. It knows no strides.

use super::folds::{Fold, Rows};
use crate::isa::{Kernel, Level, dispatch};
use crate::number::Number;
use std::marker::PhantomData;
use tensor_core::DType;

/// Variance or standard deviation in doubles. Blocks are merged by Chan, Golub and LeVeque's formula ("Updating formulae and
/// a pairwise algorithm for computing sample variances", 1979), which for blocks of one is Welford's.
pub struct Spread<T> {
    count: f64,
    mean: f64,
    squares: f64,
    correction: f64,
    root: bool,
    _element: PhantomData<T>,
}

impl<T> Spread<T> {
    /// Nothing yet; `root` asks for the standard deviation.
    pub fn new(correction: f64, root: bool) -> Spread<T> {
        Spread { count: 0.0, mean: 0.0, squares: 0.0, correction, root, _element: PhantomData }
    }

    fn add(&mut self, count: f64, mean: f64, squares: f64) {
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
struct InDoubles<'a, T>(&'a [T]);

impl<T: Number> Kernel for InDoubles<'_, T> {
    type Output = (f64, f64);
    #[inline(always)]
    fn run<L: Level>(self) -> (f64, f64) {
        const LANES: usize = 16;
        let mut sums = [0.0; LANES];
        let (chunks, rest) = self.0.as_chunks::<LANES>();
        for chunk in chunks {
            for i in 0..LANES {
                sums[i] += chunk[i].to_f64();
            }
        }
        let mean = (sums.iter().sum::<f64>() + rest.iter().map(|x| x.to_f64()).sum::<f64>()) / self.0.len() as f64;
        let mut squares = [0.0; LANES];
        for chunk in chunks {
            for i in 0..LANES {
                let apart = chunk[i].to_f64() - mean;
                squares[i] += apart * apart;
            }
        }
        let rest: f64 = rest.iter().map(|x| (x.to_f64() - mean) * (x.to_f64() - mean)).sum();
        (mean, squares.iter().sum::<f64>() + rest)
    }
}

/// The sums of distances from `near`, a number near the mean, and of their squares, in lanes of `f32`.
struct Distances<'a>(&'a [f32], f32);

impl Kernel for Distances<'_> {
    type Output = (f64, f64);
    #[inline(always)]
    fn run<L: Level>(self) -> (f64, f64) {
        const LANES: usize = 32;
        let Distances(block, near) = self;
        let (mut sums, mut squares) = ([0.0f32; LANES], [0.0f32; LANES]);
        let (chunks, rest) = block.as_chunks::<LANES>();
        for chunk in chunks {
            for i in 0..LANES {
                let apart = chunk[i] - near;
                sums[i] += apart;
                squares[i] = if L::FMA { apart.mul_add(apart, squares[i]) } else { apart * apart + squares[i] };
            }
        }
        for (i, x) in rest.iter().enumerate() {
            sums[i] += x - near;
            squares[i] += (x - near) * (x - near);
        }
        (wide(sums), wide(squares))
    }
}

/// The sum of lanes, halves first and the last eight as doubles.
#[inline(always)]
fn wide(lanes: [f32; 32]) -> f64 {
    let eight: [f32; 8] = std::array::from_fn(|i| (lanes[i] + lanes[i + 8]) + (lanes[i + 16] + lanes[i + 24]));
    let four: [f64; 4] = std::array::from_fn(|i| eight[i] as f64 + eight[i + 4] as f64);
    (four[0] + four[2]) + (four[1] + four[3])
}

/// How a type finds the mean of a block of at least two, and the sum of squared distances from it.
trait Block: Number {
    fn spread(block: &[Self]) -> (f64, f64);
}

impl Block for f64 {
    fn spread(block: &[f64]) -> (f64, f64) {
        dispatch(InDoubles(block))
    }
}

impl Block for f32 {
    /// In one pass where the mean of the first elements is near enough to that of all. Distances from such a number are exact or small, so
    /// that `f32` loses nothing that the result could show; what leaves its range is done again in doubles.
    fn spread(block: &[f32]) -> (f64, f64) {
        let count = block.len() as f64;
        let mut near = match block {
            [a, b, c, d, e, f, g, h, ..] => (((a + b) + (c + d)) + ((e + f) + (g + h))) * 0.125,
            _ => block.iter().sum::<f32>() / block.len() as f32,
        };
        for again in [false, true] {
            let (sum, squares) = dispatch(Distances(block, near));
            if !squares.is_finite() {
                break;
            }
            // The squares from `near` are those from the mean and, for each element, that of what is between the two.
            let (apart, own) = (sum / count, (squares - sum * sum / count).max(0.0));
            if again || own * 2.0 >= squares {
                return (near as f64 + apart, own);
            }
            near = (near as f64 + apart) as f32;
        }
        dispatch(InDoubles(block))
    }
}

/// Rows of some width: the means of the columns and the sums of squared distances from them. Both passes are over memory that is in
/// the first-level cache after the first.
struct Columns<'a, T> {
    folds: &'a mut [Spread<T>],
    rows: Rows<'a, T>,
    first: usize,
    count: usize,
}

/// Columns at a time, and rows in a group.
const COLUMNS: usize = 64;
const GROUP: usize = 32;

impl<T: Number> Kernel for Columns<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Columns { folds, rows, first, count } = self;
        for (chunk, folds) in folds.chunks_mut(COLUMNS).enumerate() {
            let (start, width) = (chunk * COLUMNS, folds.len());
            let (mut means, mut squares) = ([0.0; COLUMNS], [0.0; COLUMNS]);
            // As distances from the first row, whose sum does not overflow where the numbers' own would.
            let near = &rows.row(first)[start..start + width];
            for row in first + 1..first + count {
                for ((mean, near), x) in means.iter_mut().zip(near).zip(&rows.row(row)[start..start + width]) {
                    *mean += x.to_f64() - near.to_f64();
                }
            }
            means.iter_mut().zip(near).for_each(|(mean, near)| *mean = *mean / count as f64 + near.to_f64());
            for row in first..first + count {
                let line = &rows.row(row)[start..start + width];
                for ((squares, mean), x) in squares.iter_mut().zip(&means).zip(line) {
                    let apart = x.to_f64() - mean;
                    *squares += apart * apart;
                }
            }
            for (i, fold) in folds.iter_mut().enumerate() {
                fold.add(count as f64, means[i], squares[i]);
            }
        }
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
                    [one] => self.add(1.0, *one as f64, 0.0),
                    _ => {
                        let (mean, squares) = <$t as Block>::spread(elements);
                        self.add(elements.len() as f64, mean, squares);
                    }
                }
            }
            fn lines(folds: &mut [Self], rows: Rows<'_, $t>) {
                for first in (0..rows.count).step_by(GROUP) {
                    let count = GROUP.min(rows.count - first);
                    dispatch(Columns { folds: &mut *folds, rows, first, count });
                }
            }
            fn merge(&mut self, next: Self) {
                if next.count > 0.0 {
                    self.add(next.count, next.mean, next.squares);
                }
            }
            fn finish(self, _: usize) -> $t {
                self.result() as $t
            }
        }
    )* };
}
spread! { f32 f64 }
