//! Indices drawn with given weights: `multinomial`, with and without replacement.
//!
//! Source: PyTorch 2.15, `multinomial` and `multinomial_with_replacement_apply`. That the weights are finite, not
//! negative, not all zero and enough for the samples asked for is the caller's to check.

use std::cmp::Ordering;

use tensor_core::random::Mt19937;

use super::{RandomElement, exponential};

/// A dtype that weights can have: f32 and f64. Quotients and sums are rounded to it.
pub trait Weight: RandomElement + PartialOrd {
    /// The sum.
    fn plus(self, other: Self) -> Self;
    /// The quotient.
    fn over(self, other: Self) -> Self;
}

macro_rules! weight {
    ($($t:ty),*) => {$(
        impl Weight for $t {
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn over(self, other: Self) -> Self {
                self / other
            }
        }
    )*};
}
weight!(f32, f64);

/// Draws `samples` indices for each row of `weights`, which has `columns` of them, into the rows of `out`, as
/// `multinomial(weights, samples, replacement)`.
///
/// Without replacement, or for one sample, every weight is divided by an exponential number (two words for each weight)
/// and the largest quotients win, in descending order. With replacement, each sample is looked up in the running sums
/// of its row (two words for each sample). Weights need not sum to 1.
///
/// PyTorch draws the exponential numbers in the memory order of the weights: for weights that are not contiguous, draw
/// them with [`exponential`], and give the quotients to [`take_largest`].
///
/// # Panics
/// If `weights` is not a number of whole rows, `out` has another number of rows, or, without replacement, `samples`
/// exceeds `columns`.
///
/// ```
/// use ops_cpu::random::multinomial;
/// use tensor_core::random::Mt19937;
///
/// let mut indices = [0_i64; 2];
/// multinomial(&mut Mt19937::new(0), &[0.0_f32, 1.0, 0.0, 2.0], 4, &mut indices, 2, false);
/// indices.sort();
/// assert_eq!(indices, [1, 3]);
/// ```
#[track_caller]
pub fn multinomial<T: Weight>(
    engine: &mut Mt19937,
    weights: &[T],
    columns: usize,
    out: &mut [i64],
    samples: usize,
    replacement: bool,
) {
    check(weights.len(), columns, out.len(), samples);
    if replacement && samples > 1 {
        let mut sums = vec![T::from_f64(0.0); columns];
        for (row, out) in weights.chunks_exact(columns).zip(out.chunks_exact_mut(samples)) {
            running_share(row, &mut sums);
            for index in out {
                let u = engine.uniform53();
                *index = sums.partition_point(|sum| sum.to_f64() < u) as i64;
            }
        }
        return;
    }
    let mut quotients = vec![T::from_f64(0.0); weights.len()];
    exponential(engine, &mut quotients, 1.0);
    for (quotient, &weight) in quotients.iter_mut().zip(weights) {
        *quotient = weight.over(*quotient);
    }
    take_largest(&quotients, columns, out, samples);
}

/// Puts the indices of the `samples` largest of each row of `scores` into the rows of `out`, in descending order. NaN
/// is larger than any number, and of equals the first wins.
///
/// # Panics
/// If `scores` is not a number of whole rows, `out` has another number of rows, or `samples` exceeds `columns`.
#[track_caller]
pub fn take_largest<T: Weight>(scores: &[T], columns: usize, out: &mut [i64], samples: usize) {
    check(scores.len(), columns, out.len(), samples);
    assert!(samples <= columns, "cannot sample n_sample > prob_dist.size(-1) samples without replacement");
    let mut order: Vec<i64> = Vec::with_capacity(columns);
    for (row, out) in scores.chunks_exact(columns).zip(out.chunks_exact_mut(samples)) {
        let descending = |&a: &i64, &b: &i64| descending(row[a as usize], row[b as usize]).then(a.cmp(&b));
        if let [only] = out {
            *only = (0..columns as i64).min_by(descending).unwrap_or(0);
            continue;
        }
        order.clear();
        order.extend(0..columns as i64);
        order.select_nth_unstable_by(samples - 1, descending);
        order[..samples].sort_unstable_by(descending);
        out.copy_from_slice(&order[..samples]);
    }
}

#[track_caller]
fn check(values: usize, columns: usize, out: usize, samples: usize) {
    assert!(columns > 0 && samples > 0, "multinomial: no columns or no samples");
    assert!(
        values.is_multiple_of(columns) && out.is_multiple_of(samples) && values / columns == out / samples,
        "multinomial: {values} weights in rows of {columns}, but {out} results in rows of {samples}"
    );
}

/// The running sums of `row`, left to right, as shares of its total; the last is 1 by decree.
fn running_share<T: Weight>(row: &[T], sums: &mut [T]) {
    let mut total = T::from_f64(0.0);
    for (sum, &weight) in sums.iter_mut().zip(row) {
        total = total.plus(weight);
        *sum = total;
    }
    for sum in sums.iter_mut() {
        *sum = sum.over(total);
    }
    if let Some(last) = sums.last_mut() {
        *last = T::from_f64(1.0);
    }
}

/// From the largest to the smallest, NaN first.
fn descending<T: Weight>(a: T, b: T) -> Ordering {
    b.partial_cmp(&a).unwrap_or_else(|| b.to_f64().is_nan().cmp(&a.to_f64().is_nan()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_come_in_descending_order() {
        let scores = [1.0, f64::NAN, 3.0, 2.0, /* second row */ 5.0, 5.0, -1.0, 0.0];
        let mut indices = [0; 6];
        take_largest(&scores, 4, &mut indices, 3);
        assert_eq!(indices, [1, 2, 3, 0, 1, 3]);
    }
}
