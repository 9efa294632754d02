//! Poisson numbers, each of its own rate: below 10 as the number of uniform numbers whose product stays above e^−λ (Knuth), from
//! 10 on by the transformed rejection of Hörmann 1993 ("PTRS").
//!
//! All is computed in doubles, and takes as many words of the stream as it takes. Source: PyTorch 2.15, `sample_poisson`.

use tensor_core::random::Mt19937;

use super::RandomElement;

/// Fills `out` with Poisson numbers of the rates in the same places of `rates`, as `poisson(rates)`. No rate is negative.
///
/// # Panics
/// If the lengths differ.
#[track_caller]
pub fn poisson<T: RandomElement>(engine: &mut Mt19937, out: &mut [T], rates: &[T]) {
    assert_eq!(out.len(), rates.len(), "poisson: one rate for each value");
    for (value, rate) in out.iter_mut().zip(rates) {
        *value = T::from_f64(one(engine, rate.to_f64()));
    }
}

fn one(engine: &mut Mt19937, rate: f64) -> f64 {
    if rate >= 10.0 {
        return rejected(engine, rate);
    }
    if rate == 0.0 {
        return 0.0;
    }
    let bound = (-rate).exp();
    let (mut product, mut count) = (1.0, 0.0);
    loop {
        product *= engine.uniform53();
        if product > bound {
            count += 1.0;
        } else {
            return count;
        }
    }
}

fn rejected(engine: &mut Mt19937, rate: f64) -> f64 {
    let (root, log) = (rate.sqrt(), rate.ln());
    let b = 0.931 + 2.53 * root;
    let a = -0.059 + 0.02483 * b;
    let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let ratio = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let u = engine.uniform53() - 0.5;
        let v = engine.uniform53();
        let side = 0.5 - u.abs();
        let k = ((2.0 * a / side + b) * u + rate + 0.43).floor();
        if side >= 0.07 && v <= ratio {
            return k;
        }
        if k < 0.0 || (side < 0.013 && v > side) {
            continue;
        }
        let left = v.ln() + inverse_alpha.ln() - (a / (side * side) + b).ln();
        if left <= -rate + k * log - libm::lgamma(k + 1.0) {
            return k;
        }
    }
}
