//! Folds over one or two rows in as many lanes as vectors are wide, block by block: the loops that rows' statistics are made
//! of. Sums of blocks add up as doubles, so that long rows stay accurate.

use super::Real;
use crate::isa::Level;
use crate::slices::WIDTH;
use crate::vector::Vector;

/// Independent sums, so that additions overlap and become vectors.
const LANES: usize = 32;
/// Of one row there can be more: four of the widest registers.
const MANY: usize = 64;
/// Elements whose sum is made in the rows' own type.
const BLOCK: usize = 1024;

/// The sum of `f` over a row.
#[inline(always)]
pub fn sum<T: Real>(row: &[T], f: impl Fn(T) -> T) -> f64 {
    let mut total = 0.0;
    for block in row.chunks(BLOCK) {
        let mut lanes = [T::ZERO; MANY];
        let chunks = block.chunks_exact(MANY);
        let rest = chunks.remainder();
        for chunk in chunks {
            for i in 0..MANY {
                lanes[i] = lanes[i] + f(chunk[i]);
            }
        }
        for (lane, x) in lanes.iter_mut().zip(rest) {
            *lane = *lane + f(*x);
        }
        total += folded(lanes).to_f64();
    }
    total
}

/// The sum of a row.
#[inline(always)]
pub fn total<T: Real, L: Level>(row: &[T]) -> f64 {
    let one = T::Register::<L>::splat(T::ONE);
    in_registers::<T, L>(row, |x| x, |x, sum| x.mul_add(one, sum))
}

/// The sum of the squares of a row's distances from `centre`.
#[inline(always)]
pub fn squares<T: Real, L: Level>(row: &[T], centre: T) -> f64 {
    let (one, shift) = (T::Register::<L>::splat(T::ONE), T::Register::<L>::splat(T::ZERO - centre));
    let square = |x: T| (x - centre) * (x - centre);
    in_registers::<T, L>(row, square, |x, sum| {
        let apart = x.mul_add(one, shift);
        apart.mul_add(apart, sum)
    })
}

/// The sum of `term` of each element: in four registers, to which `add` adds the terms of a register of the row.
#[inline(always)]
fn in_registers<T: Real, L: Level>(
    row: &[T],
    term: impl Fn(T) -> T,
    add: impl Fn(T::Register<L>, T::Register<L>) -> T::Register<L>,
) -> f64 {
    let lanes = T::Register::<L>::LANES;
    let one = T::Register::<L>::splat(T::ONE);
    let mut total = 0.0;
    for block in row.chunks(BLOCK) {
        let start = block.as_ptr();
        let mut sums = [T::Register::<L>::splat(T::ZERO); 4];
        let mut at = 0;
        // SAFETY: registers are read before the block's end.
        unsafe {
            while at + 4 * lanes <= block.len() {
                for v in 0..4 {
                    sums[v] = add(T::Register::<L>::load(start.add(at + v * lanes)), sums[v]);
                }
                at += 4 * lanes;
            }
            while at + lanes <= block.len() {
                sums[0] = add(T::Register::<L>::load(start.add(at)), sums[0]);
                at += lanes;
            }
        }
        let [a, b, c, d] = sums;
        let mut sum = a.mul_add(one, b).mul_add(one, c.mul_add(one, d)).total();
        for x in &block[at..] {
            sum = sum + term(*x);
        }
        total += sum.to_f64();
    }
    total
}

/// The sums of the pairs that `f` makes of two rows' elements.
#[inline(always)]
pub fn sums<T: Real>(a: &[T], b: &[T], f: impl Fn(T, T) -> (T, T)) -> (f64, f64) {
    let (mut first, mut second) = (0.0, 0.0);
    for (a, b) in a.chunks(BLOCK).zip(b.chunks(BLOCK)) {
        let (mut lanes, mut others) = ([T::ZERO; LANES], [T::ZERO; LANES]);
        let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
        let (a_rest, b_rest) = (a.remainder(), b.remainder());
        for (a, b) in a.zip(b) {
            for i in 0..LANES {
                let (x, y) = f(a[i], b[i]);
                lanes[i] = lanes[i] + x;
                others[i] = others[i] + y;
            }
        }
        for (i, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
            let (x, y) = f(*a, *b);
            lanes[i] = lanes[i] + x;
            others[i] = others[i] + y;
        }
        first += folded(lanes).to_f64();
        second += folded(others).to_f64();
    }
    (first, second)
}

/// As [`sums`], of three rows.
#[inline(always)]
pub fn sums_of_three<T: Real>(a: &[T], b: &[T], c: &[T], f: impl Fn(T, T, T) -> (T, T)) -> (f64, f64) {
    let (mut first, mut second) = (0.0, 0.0);
    for ((a, b), c) in a.chunks(BLOCK).zip(b.chunks(BLOCK)).zip(c.chunks(BLOCK)) {
        let (mut lanes, mut others) = ([T::ZERO; LANES], [T::ZERO; LANES]);
        let (a, b, c) = (a.chunks_exact(LANES), b.chunks_exact(LANES), c.chunks_exact(LANES));
        let (a_rest, b_rest, c_rest) = (a.remainder(), b.remainder(), c.remainder());
        for ((a, b), c) in a.zip(b).zip(c) {
            for i in 0..LANES {
                let (x, y) = f(a[i], b[i], c[i]);
                lanes[i] = lanes[i] + x;
                others[i] = others[i] + y;
            }
        }
        for (i, ((a, b), c)) in a_rest.iter().zip(b_rest).zip(c_rest).enumerate() {
            let (x, y) = f(*a, *b, *c);
            lanes[i] = lanes[i] + x;
            others[i] = others[i] + y;
        }
        first += folded(lanes).to_f64();
        second += folded(others).to_f64();
    }
    (first, second)
}

/// Writes `f` of each element, and returns the sum of what was written.
#[inline(always)]
pub fn map_sum<T: Real>(x: &[T], y: &mut [T], f: impl Fn(T) -> T) -> f64 {
    let mut total = 0.0;
    for (x, y) in x.chunks(BLOCK).zip(y.chunks_mut(BLOCK)) {
        let mut lanes = [T::ZERO; LANES];
        let (x, mut y) = (x.chunks_exact(LANES), y.chunks_exact_mut(LANES));
        let x_rest = x.remainder();
        for (x, y) in x.zip(&mut y) {
            for i in 0..LANES {
                let value = f(x[i]);
                y[i] = value;
                lanes[i] = lanes[i] + value;
            }
        }
        for (i, (x, y)) in x_rest.iter().zip(y.into_remainder()).enumerate() {
            let value = f(*x);
            *y = value;
            lanes[i] = lanes[i] + value;
        }
        total += folded(lanes).to_f64();
    }
    total
}

/// As [`map_sum`], each result in its element's place.
#[inline(always)]
pub fn map_sum_in_place<T: Real>(row: &mut [T], f: impl Fn(T) -> T) -> f64 {
    let mut total = 0.0;
    for block in row.chunks_mut(BLOCK) {
        let mut lanes = [T::ZERO; LANES];
        let mut chunks = block.chunks_exact_mut(LANES);
        for chunk in &mut chunks {
            for i in 0..LANES {
                chunk[i] = f(chunk[i]);
                lanes[i] = lanes[i] + chunk[i];
            }
        }
        for (lane, x) in lanes.iter_mut().zip(chunks.into_remainder()) {
            *x = f(*x);
            *lane = *lane + *x;
        }
        total += folded(lanes).to_f64();
    }
    total
}

/// The largest element; NaN does not count.
#[inline(always)]
pub fn largest<T: Real>(row: &[T]) -> T {
    let pick = |a: T, b: T| if b > a { b } else { a };
    let mut lanes = [T::LOWEST; LANES];
    let chunks = row.chunks_exact(4 * LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        larger_of_four(&mut lanes, std::array::from_fn(|k| &chunk[k * LANES..][..LANES]));
    }
    for chunk in rest.chunks(LANES) {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = pick(*lane, *x);
        }
    }
    lanes.into_iter().fold(T::LOWEST, pick)
}

/// The largest of each of `width` columns of `count` lines, which begin `stride` elements apart; NaN does not count. Lines are taken
/// four at a time: where a loop keeps its result or takes the one new element, compilers write it under a mask, which some processors
/// do very slowly.
#[inline(always)]
pub fn largest_of_columns<T: Real>(x: &[T], count: usize, stride: usize, width: usize) -> [T; WIDTH] {
    let mut largest = [T::LOWEST; WIDTH];
    let line = |i: usize| &x[i * stride..][..width];
    for first in (0..count).step_by(4) {
        // What is missing of the last four is the last line.
        let lines = std::array::from_fn(|i| line((first + i).min(count - 1)));
        larger_of_four(&mut largest[..width], lines);
    }
    largest
}

#[inline(always)]
fn larger_of_four<T: Real>(largest: &mut [T], [a, b, c, d]: [&[T]; 4]) {
    let pick = |a: T, b: T| if b > a { b } else { a };
    let width = largest.len();
    let (a, b, c, d) = (&a[..width], &b[..width], &c[..width], &d[..width]);
    for i in 0..width {
        // The first of each pair is never NaN, so that the others do not count if they are.
        largest[i] = pick(pick(pick(pick(largest[i], a[i]), b[i]), c[i]), d[i]);
    }
}

/// The lanes in pairs.
#[inline(always)]
fn folded<T: Real, const N: usize>(mut lanes: [T; N]) -> T {
    let mut width = N / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] = lanes[i] + lanes[i + width];
        }
        width /= 2;
    }
    lanes[0]
}
