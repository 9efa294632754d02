//! Zeros and ones with given probabilities, and the noise of dropout.
//!
//! It does not know the shape of the noise: feature dropout and attention dropout draw fewer or more values, here as
//! anywhere in the order of the slice.
//!
//! Source: PyTorch 2.15, `bernoulli_distribution`, `bernoulli_scalar_kernel`, `bernoulli_tensor_cpu_kernel`,
//! `_dropout_impl`.

use tensor_core::random::{BLOCK_WORDS, Mt19937};

use super::{IntegerTarget, RandomElement, fill_u32, fill_u64};

/// The number of values that a 53-bit uniform number takes.
const STEPS_53: f64 = (1_u64 << 53) as f64;

/// Fills `out` with ones of probability `p` and zeros, as `bernoulli_(p)` and `bernoulli(x, p)` with a number p in
/// [0, 1]. Two words for a value in every dtype, for p = 0 and p = 1 too.
///
/// ```
/// use ops_cpu::random::bernoulli;
/// use tensor_core::random::Mt19937;
///
/// let mut heads = [0_u8; 10];
/// bernoulli(&mut Mt19937::new(0), &mut heads, 0.5);
/// assert_eq!(heads, [0, 0, 1, 0, 0, 0, 1, 1, 0, 1]);
/// ```
pub fn bernoulli<T: IntegerTarget>(engine: &mut Mt19937, out: &mut [T], p: f64) {
    choose(engine, out, p, T::from_i64(1), T::from_i64(0));
}

/// Fills `out` with ones and zeros, the probability of each in the same place of `p`, as `bernoulli(p)` and
/// `bernoulli_(p)` with a tensor p. Two words for a value where p is f64, one otherwise, whatever the dtype of `out`.
///
/// PyTorch visits `bernoulli(p)` in logical order, since its result is contiguous.
///
/// # Panics
/// If the lengths differ.
#[track_caller]
pub fn bernoulli_from<T: IntegerTarget, P: RandomElement>(engine: &mut Mt19937, out: &mut [T], p: &[P]) {
    assert_eq!(out.len(), p.len(), "bernoulli_from: one probability for each value");
    P::below(engine, out, p, |below| T::from_i64(i64::from(below)));
}

/// Fills `out` with the noise of dropout: 0 with probability `p`, otherwise 1 / (1 - p) in the dtype. The result of
/// dropout is the input times this noise.
///
/// `p` is in (0, 1): for p = 0 and p = 1, in evaluation and for empty inputs, PyTorch draws nothing. Two words for a
/// value.
///
/// ```
/// use ops_cpu::random::dropout_noise;
/// use tensor_core::random::Mt19937;
///
/// let mut noise = [0.0_f32; 4];
/// dropout_noise(&mut Mt19937::new(0), &mut noise, 0.5);
/// assert_eq!(noise, [0.0, 0.0, 2.0, 0.0]);
/// ```
pub fn dropout_noise<T: RandomElement>(engine: &mut Mt19937, out: &mut [T], p: f64) {
    let keep = 1.0 - p;
    choose(engine, out, keep, T::reciprocal(keep), T::from_f64(0.0));
}

/// Fills `out` with `yes` of probability `p` and `no`. The uniform number k·2^-53 is below p exactly where the integer
/// k is below ⌈p·2^53⌉.
fn choose<T: Copy>(engine: &mut Mt19937, out: &mut [T], p: f64, yes: T, no: T) {
    // As signed numbers, which vectors can compare at every level.
    let bound = (p * STEPS_53).ceil() as i64;
    fill_u64(engine, out, move |draw| if ((draw & ((1 << 53) - 1)) as i64) < bound { yes } else { no });
}

pub(super) fn below_double<T>(engine: &mut Mt19937, out: &mut [T], p: &[f64], convert: impl Fn(bool) -> T) {
    compare(out, p, [0.0; BLOCK_WORDS], |draws| fill_u64(engine, draws, Mt19937::unit_f64), |&p| p, convert);
}

pub(super) fn below_single<T, P: RandomElement>(
    engine: &mut Mt19937,
    out: &mut [T],
    p: &[P],
    convert: impl Fn(bool) -> T,
) {
    let single = |p: &P| p.to_f64() as f32;
    compare(out, p, [0.0; BLOCK_WORDS], |draws| fill_u32(engine, draws, Mt19937::unit_f32), single, convert);
}

/// Draws a scratch-full of uniform numbers at a time and compares it with the probabilities.
fn compare<T, P, U: PartialOrd>(
    out: &mut [T],
    p: &[P],
    mut scratch: [U; BLOCK_WORDS],
    mut draw: impl FnMut(&mut [U]),
    widen: impl Fn(&P) -> U,
    convert: impl Fn(bool) -> T,
) {
    for (values, p) in out.chunks_mut(BLOCK_WORDS).zip(p.chunks(BLOCK_WORDS)) {
        let draws = &mut scratch[..values.len()];
        draw(draws);
        for ((value, u), p) in values.iter_mut().zip(draws.iter()).zip(p) {
            *value = convert(*u < widen(p));
        }
    }
}
