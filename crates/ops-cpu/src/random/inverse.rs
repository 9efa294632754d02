//! Exponential, geometric and Cauchy numbers: one uniform number each, through the inverse of the distribution
//! function.
//!
//! All are computed in doubles, two words for a value, and then rounded to the dtype.
//!
//! Source: PyTorch 2.15, `DistributionsHelper.h`. Parameters are the caller's to check.

use std::f64::consts::PI;

use tensor_core::random::Mt19937;

use super::RandomElement;
use super::turns::in_turns;

/// Fills `out` with exponential numbers of rate `rate`, as `exponential_(lambd)`: -ln(1 - u) / rate.
///
/// ```
/// use ops_cpu::random::exponential;
/// use tensor_core::random::Mt19937;
///
/// let mut waits = [0.0_f32; 2];
/// exponential(&mut Mt19937::new(0), &mut waits, 1.0);
/// assert_eq!(waits, [3.5083263, 1.2303847]);
/// ```
pub fn exponential<T: RandomElement>(engine: &mut Mt19937, out: &mut [T], rate: f64) {
    let scale = -1.0 / rate;
    fill(engine, out, |u| scale * (-u).ln_1p());
}

/// Fills `out` with the number of trials up to the first success, each of probability `p`, as `geometric_(p)`. Where
/// the uniform number is 0, it is infinite.
pub fn geometric<T: RandomElement>(engine: &mut Mt19937, out: &mut [T], p: f64) {
    let failure = (-p).ln_1p();
    fill(engine, out, |u| (u.ln() / failure).ceil());
}

/// Fills `out` with Cauchy numbers, as `cauchy_(median, sigma)`: median + sigma · tan(π(u - 1/2)).
pub fn cauchy<T: RandomElement>(engine: &mut Mt19937, out: &mut [T], median: f64, sigma: f64) {
    fill(engine, out, |u| sigma.mul_add((PI * (u - 0.5)).tan(), median));
}

/// The C library's functions leave nothing to vectorize, so the words are drawn one by one.
fn fill<T: RandomElement>(engine: &mut Mt19937, out: &mut [T], value: impl Fn(f64) -> f64 + Sync) {
    in_turns(engine, out, 2, |engine, part| {
        for slot in part {
            *slot = T::from_f64(value(engine.uniform53()));
        }
    });
}
