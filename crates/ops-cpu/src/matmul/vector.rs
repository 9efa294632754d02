//! Products with a vector: bound by reading the matrix once, so that the loops follow its memory. Rows that are neighbours in
//! memory become dot products, columns that are become sums of columns. Cut by shape alone.

use super::product::Matrix;
use crate::isa::{Kernel, Level, dispatch};
use crate::number::Number;
use crate::team;
use std::ops::Range;

/// Sums that run side by side: enough to hide the latency of additions at any vector width.
const LANES: usize = 64;

/// Elements of a long dot product that one thread takes at a time, and of a matrix below which one thread does all.
pub const PIECE: usize = 32 * 1024;

/// Rows whose sums of columns are held in the first-level cache while long runs of the columns pass by.
const ROWS: usize = 4096;

/// Into so many pieces a matrix is cut whose columns are added up.
const PIECES: usize = 16;

/// A floating-point type with a fused multiply-add.
pub trait Real: Number {
    /// self · factor + summand, fused where that is one instruction.
    fn fused<L: Level>(self, factor: Self, summand: Self) -> Self;
}
impl Real for f32 {
    #[inline(always)]
    fn fused<L: Level>(self, factor: f32, summand: f32) -> f32 {
        if L::FMA { self.mul_add(factor, summand) } else { self * factor + summand }
    }
}
impl Real for f64 {
    #[inline(always)]
    fn fused<L: Level>(self, factor: f64, summand: f64) -> f64 {
        if L::FMA { self.mul_add(factor, summand) } else { self * factor + summand }
    }
}

/// A result of which each thread writes its own part.
#[derive(Clone, Copy)]
struct Target<T>(*mut T);
// SAFETY: parts of different threads are disjoint.
unsafe impl<T> Send for Target<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Target<T> {}

impl<T> Target<T> {
    fn at(&self, i: usize) -> *mut T {
        self.0.wrapping_add(i)
    }
}

/// The sum of products of two runs of neighbours.
struct Dot<'a, T> {
    a: &'a [T],
    b: &'a [T],
}

impl<T: Real> Kernel for Dot<'_, T> {
    type Output = T;
    #[inline(always)]
    fn run<L: Level>(self) -> T {
        let mut sums = [T::ZERO; LANES];
        let (a, b) = (self.a.chunks_exact(LANES), self.b.chunks_exact(LANES));
        let (a_rest, b_rest) = (a.remainder(), b.remainder());
        for (a, b) in a.zip(b) {
            for i in 0..LANES {
                sums[i] = a[i].fused::<L>(b[i], sums[i]);
            }
        }
        for i in 0..a_rest.len() {
            sums[i] = a_rest[i].fused::<L>(b_rest[i], sums[i]);
        }
        total(sums)
    }
}

/// Lanes added up in pairs.
#[inline(always)]
fn total<T: Real, const N: usize>(mut sums: [T; N]) -> T {
    let mut width = N / 2;
    while width > 0 {
        for i in 0..width {
            sums[i] = sums[i].plus(sums[i + width]);
        }
        width /= 2;
    }
    sums[0]
}

/// Four rows by one vector: each element of the vector is read once for all of them.
struct FourRows<'a, T> {
    rows: [&'a [T]; 4],
    x: &'a [T],
}

impl<T: Real> Kernel for FourRows<'_, T> {
    type Output = [T; 4];
    #[inline(always)]
    fn run<L: Level>(self) -> [T; 4] {
        const WIDTH: usize = LANES / 2;
        let FourRows { rows, x } = self;
        let mut sums = [[T::ZERO; WIDTH]; 4];
        let whole = x.len() / WIDTH * WIDTH;
        let mut start = 0;
        while start < whole {
            let x = &x[start..start + WIDTH];
            for k in 0..4 {
                let row = &rows[k][start..start + WIDTH];
                for i in 0..WIDTH {
                    sums[k][i] = row[i].fused::<L>(x[i], sums[k][i]);
                }
            }
            start += WIDTH;
        }
        for k in 0..4 {
            for i in whole..x.len() {
                sums[k][i - whole] = rows[k][i].fused::<L>(x[i], sums[k][i - whole]);
            }
        }
        sums.map(total)
    }
}

/// Adds four columns, each times a number, to a run of sums.
struct FourColumns<'a, T> {
    columns: [&'a [T]; 4],
    factors: [T; 4],
    sums: &'a mut [T],
}

impl<T: Real> Kernel for FourColumns<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let FourColumns { columns: [a, b, c, d], factors: [p, q, r, s], sums } = self;
        let n = sums.len();
        let (a, b, c, d) = (&a[..n], &b[..n], &c[..n], &d[..n]);
        for i in 0..n {
            let first = a[i].fused::<L>(p, b[i].times(q));
            let second = c[i].fused::<L>(r, d[i].times(s));
            sums[i] = sums[i].plus(first.plus(second));
        }
    }
}

/// The sum of products of two vectors of neighbours.
pub fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    if a.len() <= PIECE {
        return dispatch(Dot { a, b });
    }
    let mut parts = vec![T::ZERO; a.len().div_ceil(PIECE)];
    let target = Target(parts.as_mut_ptr());
    team::parallel(parts.len(), &|i| {
        let range = i * PIECE..a.len().min((i + 1) * PIECE);
        let sum = dispatch(Dot { a: &a[range.clone()], b: &b[range] });
        // SAFETY: element `i` is this call's alone.
        unsafe { target.at(i).write(sum) };
    });
    // Pairs of pairs, so that long sums stay accurate.
    while parts.len() > 1 {
        parts = parts.chunks(2).map(|pair| pair.iter().copied().fold(T::ZERO, T::plus)).collect();
    }
    parts[0]
}

/// Writes the products of the `n` rows of a matrix with the vector `x` to `y`.
///
/// # Safety
/// The rows' elements or the columns' are neighbours in memory, or there is one column. The matrix has `n` rows and as many columns as `x` elements within its storage; `y` has room for `n` elements.
pub unsafe fn matrix_by_vector<T: Real>(matrix: Matrix<T>, n: usize, x: &[T], y: *mut T) {
    let target = Target(y);
    if matrix.column == 1 || x.len() == 1 {
        team::split(n, (PIECE / x.len().max(1)).next_multiple_of(4).max(4), |range| {
            // SAFETY: the rows of the range, and their places in the result, which are this call's alone.
            unsafe { by_rows(matrix, range, x, target.at(0)) };
        });
        return;
    }
    debug_assert_eq!(matrix.row, 1);
    let columns = x.len();
    // One part of the columns for small matrices; else so many pieces in all that the threads end together.
    let blocks = n.div_ceil(ROWS);
    let parts =
        if n.saturating_mul(columns) <= PIECE { 1 } else { (PIECES / blocks).clamp(1, columns.div_ceil(LANES)) };
    let (rows, width) = (n.div_ceil(blocks).next_multiple_of(LANES), columns.div_ceil(parts).next_multiple_of(4));
    let mut sums = vec![T::ZERO; if parts > 1 { parts * n } else { 0 }];
    let partial = Target(if parts > 1 { sums.as_mut_ptr() } else { y });
    team::parallel(blocks * parts, &|i| {
        let (block, part) = (i % blocks, i / blocks);
        let range = (block * rows).min(n)..n.min((block + 1) * rows);
        let columns = (part * width).min(columns)..columns.min((part + 1) * width);
        // SAFETY: as above; each part of the columns has sums of its own.
        unsafe { by_columns(matrix, range, columns, x, partial.at(part * n)) };
    });
    if parts > 1 {
        for i in 0..n {
            let sum = sums[i..].iter().step_by(n).copied().fold(T::ZERO, T::plus);
            // SAFETY: the result has room for `n` elements, and no other thread writes any more.
            unsafe { target.at(i).write(sum) };
        }
    }
}

/// # Safety
/// As [`matrix_by_vector`], for the rows of the range.
unsafe fn by_rows<T: Real>(matrix: Matrix<T>, range: Range<usize>, x: &[T], y: *mut T) {
    // SAFETY: the caller vouches for the rows.
    let row = |i: usize| unsafe { std::slice::from_raw_parts(matrix.start.add(i * matrix.row), x.len()) };
    let mut i = range.start;
    while i < range.end {
        // The cut of ranges is a multiple of four, so that a row meets the same kernel whoever computes it.
        if i + 4 <= range.end {
            let sums = dispatch(FourRows { rows: [row(i), row(i + 1), row(i + 2), row(i + 3)], x });
            // SAFETY: four elements of the result that are this range's.
            unsafe { y.add(i).cast::<[T; 4]>().write_unaligned(sums) };
            i += 4;
        } else {
            // SAFETY: one element of the result that is this range's.
            unsafe { y.add(i).write(dispatch(Dot { a: row(i), b: x })) };
            i += 1;
        }
    }
}

/// # Safety
/// As [`matrix_by_vector`], for the rows of the range and those columns.
unsafe fn by_columns<T: Real>(matrix: Matrix<T>, range: Range<usize>, columns: Range<usize>, x: &[T], y: *mut T) {
    // SAFETY: the caller vouches for the range of the result, which is written in full before it is read.
    let sums = unsafe {
        y.add(range.start).write_bytes(0, range.len());
        std::slice::from_raw_parts_mut(y.add(range.start), range.len())
    };
    // SAFETY: a part of a column, whose elements are neighbours.
    let column = |j: usize| unsafe {
        std::slice::from_raw_parts(matrix.start.add(range.start + j * matrix.column), range.len())
    };
    let zero: &[T] = &vec![T::ZERO; range.len()];
    for start in columns.clone().step_by(4) {
        let pick = |k: usize| if start + k < columns.end { (column(start + k), x[start + k]) } else { (zero, T::ZERO) };
        let four = [pick(0), pick(1), pick(2), pick(3)];
        dispatch(FourColumns { columns: four.map(|(c, _)| c), factors: four.map(|(_, f)| f), sums });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_give_the_same_product() {
        for (n, k) in [(1, 1), (3, 5), (4, 64), (70, 131), (1500, 33), (5, 0), (300, 700), (9000, 17), (5000, 150)] {
            let at = |i: usize, j: usize| ((i * 7 + j * 3) % 11) as f64 - 5.0;
            let x: Vec<f64> = (0..k).map(|j| (j % 5) as f64 - 2.0).collect();
            let by_row: Vec<f64> = (0..n * k).map(|p| at(p / k, p % k)).collect();
            let by_column: Vec<f64> = (0..n * k).map(|p| at(p % n, p / n)).collect();
            let expected: Vec<f64> = (0..n).map(|i| (0..k).map(|j| at(i, j) * x[j]).sum()).collect();
            for (data, row, column) in [(&by_row, k, 1), (&by_column, 1, n)] {
                let mut y = vec![f64::NAN; n];
                let matrix = Matrix { start: data.as_ptr(), row, column };
                // SAFETY: the matrix has n rows and k columns, and the result n elements.
                unsafe { matrix_by_vector(matrix, n, &x, y.as_mut_ptr()) };
                assert_eq!(y, expected, "{n} by {k}");
            }
        }
        let long: Vec<f64> = (0..100_000).map(|i| (i % 3) as f64).collect();
        assert_eq!(dot(&long, &long), long.iter().map(|x| x * x).sum::<f64>());
    }
}
