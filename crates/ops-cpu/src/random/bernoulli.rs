//! Zeros and ones with given probabilities, and the noise of dropout.
//!
//! It does not know the shape of the noise: feature dropout and attention dropout draw fewer or more values, here as
//! anywhere in the order of the slice.
//!
//! Source: PyTorch 2.15, `bernoulli_distribution`, `bernoulli_scalar_kernel`, `bernoulli_tensor_cpu_kernel`,
//! `_dropout_impl`.

use tensor_core::random::{BLOCK_WORDS, Mt19937};

use super::turns::in_turns;
use super::{IntegerTarget, Pairs, RandomElement, Words, fill_u64};
use crate::isa::dispatch;

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

/// Replaces each probability in `values` by one with that probability and by zero otherwise, as `bernoulli(p)` with a tensor
/// p. Two words for a value of f64, one otherwise.
///
/// PyTorch visits `bernoulli(p)` in logical order, since its result is contiguous.
pub fn bernoulli_from<T: RandomElement>(engine: &mut Mt19937, values: &mut [T]) {
    in_turns(engine, values, T::WORDS, |engine, part| T::below(engine, part));
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
fn choose<T: Copy + Send + Sync>(engine: &mut Mt19937, out: &mut [T], p: f64, yes: T, no: T) {
    // As signed numbers, which vectors can compare at every level.
    let bound = (p * STEPS_53).ceil() as i64;
    fill_u64(engine, out, move |draw| if ((draw & ((1 << 53) - 1)) as i64) < bound { yes } else { no });
}

pub(super) fn below_double(engine: &mut Mt19937, values: &mut [f64]) {
    let mut draws = [0.0; BLOCK_WORDS];
    for values in values.chunks_mut(BLOCK_WORDS) {
        dispatch(Pairs { engine: &mut *engine, out: &mut draws[..values.len()], convert: Mt19937::unit_f64 });
        for (value, u) in values.iter_mut().zip(&draws) {
            *value = if u < value { 1.0 } else { 0.0 };
        }
    }
}

pub(super) fn below_single<T: RandomElement>(engine: &mut Mt19937, values: &mut [T]) {
    let mut draws = [0.0; BLOCK_WORDS];
    let (one, zero) = (T::from_f64(1.0), T::from_f64(0.0));
    for values in values.chunks_mut(BLOCK_WORDS) {
        dispatch(Words { engine: &mut *engine, out: &mut draws[..values.len()], convert: Mt19937::unit_f32 });
        for (value, u) in values.iter_mut().zip(&draws) {
            *value = if *u < value.to_f64() as f32 { one } else { zero };
        }
    }
}
