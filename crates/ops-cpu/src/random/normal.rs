//! Normal and log-normal numbers by the Box-Muller transform, in PyTorch's two forms.
//!
//! At least 16 values in contiguous memory are made in blocks of 16 out of uniform numbers of the dtype's own
//! precision; anything else one by one in doubles, with the second value of each pair kept in the generator for the
//! next caller. The two forms give different values, so the caller must not choose freely: PyTorch takes the first for
//! contiguous outputs only.
//!
//! Source: PyTorch 2.15, `normal_fill` and `normal_distribution`. The f32 logarithm and sine are in `box_muller.rs`.

use std::f64::consts::TAU;
use std::ops::Range;

use tensor_core::random::Mt19937;

use super::RandomElement;
use super::box_muller::{GROUP, transform};
use super::rounding::Half;
use super::turns::in_turns;
use crate::isa::{Kernel, Level, dispatch};

/// The smallest number of contiguous values that are made in blocks, and the size of a block.
pub const MIN_BLOCK: usize = 16;

/// Fills contiguous memory with normal numbers, as `normal_(mean, std)` of a contiguous tensor; `randn` is (0, 1).
///
/// From 16 values on, the blocks of the transform neither use nor disturb the cached normal. They take n words (f32),
/// 2n (f64), or 16 for each full block (f16, bf16), and 16 draws more where n is not a multiple of 16: the last 16
/// values are then made anew. Fewer than 16 values are those of [`normal_scattered`].
///
/// ```
/// use ops_cpu::random::normal;
/// use tensor_core::random::Mt19937;
///
/// let mut values = [0.0_f32; 3];
/// normal(&mut Mt19937::new(0), &mut values, 0.0, 1.0);
/// assert_eq!(values, [1.5409961, -0.29342890, -2.1787894]);
/// ```
pub fn normal<T: RandomElement>(engine: &mut Mt19937, out: &mut [T], mean: f64, std: f64) {
    if out.len() >= MIN_BLOCK {
        in_turns(engine, out, T::WORDS, |engine, out| dispatch(Normal { engine, out, mean, std }));
    } else {
        let mut slots = out.iter_mut();
        normal_scattered(engine, slots.len(), mean, std, |value| {
            if let Some(slot) = slots.next() {
                *slot = T::from_f64(value);
            }
        });
    }
}

/// Gives `count` normal numbers one by one to `store`, as `normal_(mean, std)` of a tensor that is not contiguous or
/// has fewer than 16 elements. The caller rounds to the dtype with [`RandomElement::from_f64`], and visits memory
/// order.
pub fn normal_scattered(engine: &mut Mt19937, count: usize, mean: f64, std: f64, mut store: impl FnMut(f64)) {
    for _ in 0..count {
        store(normal_one(engine).mul_add(std, mean));
    }
}

/// One number of mean 0 and deviation 1: the generator's cached one, or the first of a new pair (four words), whose
/// second is then cached.
pub fn normal_one(engine: &mut Mt19937) -> f64 {
    if let Some(waiting) = engine.take_cached_normal() {
        return waiting;
    }
    let turn = engine.uniform53();
    let radius = (-2.0 * (-engine.uniform53()).ln_1p()).sqrt();
    let angle = TAU * turn;
    engine.set_cached_normal(Some(radius * angle.sin()));
    radius * angle.cos()
}

/// Fills `out` with exp of normal numbers, as `log_normal_(mean, std)`: those of [`normal_scattered`] for any length.
pub fn log_normal<T: RandomElement>(engine: &mut Mt19937, out: &mut [T], mean: f64, std: f64) {
    for value in out {
        *value = T::from_f64(normal_one(engine).mul_add(std, mean).exp());
    }
}

struct Normal<'a, T> {
    engine: &'a mut Mt19937,
    out: &'a mut [T],
    mean: f64,
    std: f64,
}

impl<T: RandomElement> Kernel for Normal<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        T::normal_blocks::<L>(self.engine, self.out, self.mean, self.std);
    }
}

/// The places that are made in one go, one after the other: groups of full blocks, then, where the last block is not
/// full, the last 16 places anew.
fn groups(len: usize) -> impl Iterator<Item = Range<usize>> {
    let whole = len - len % MIN_BLOCK;
    let full = (0..whole).step_by(GROUP).map(move |start| start..whole.min(start + GROUP));
    full.chain((whole < len).then(|| len - MIN_BLOCK..len))
}

// The kernels below are plain loops: a closure given to an iterator's method may end up as a function of its own, which
// then runs without the level's instructions.

#[inline(always)]
pub(super) fn single<L: Level>(engine: &mut Mt19937, out: &mut [f32], mean: f64, std: f64) {
    let (mean, std) = (mean as f32, std as f32);
    let len = out.len();
    for places in groups(len) {
        // PyTorch draws for every place of an incomplete block too, before it makes the last 16 values anew.
        engine.skip(places_passed_over(&places, len));
        let group = &mut out[places];
        engine.fill_u32_with(group, Mt19937::unit_f32);
        transform::<L>(group, mean, std);
    }
}

/// The half types: blocks in f32, rounded at the end. Here nothing is drawn for the places of an incomplete block.
#[inline(always)]
pub(super) fn half<L: Level, T: Half>(engine: &mut Mt19937, out: &mut [T], mean: f64, std: f64) {
    let (mean, std) = (mean as f32, std as f32);
    let mut scratch = [0.0; GROUP];
    for places in groups(out.len()) {
        let group = &mut scratch[..places.len()];
        engine.fill_u32_with(group, Mt19937::unit_f32);
        transform::<L>(group, mean, std);
        for (value, &normal) in out[places].iter_mut().zip(group.iter()) {
            *value = T::round(normal);
        }
    }
}

#[inline(always)]
pub(super) fn double(engine: &mut Mt19937, out: &mut [f64], mean: f64, std: f64) {
    let len = out.len();
    for places in groups(len) {
        engine.skip(2 * places_passed_over(&places, len));
        let group = &mut out[places];
        engine.fill_u64_with(group, Mt19937::unit_f64);
        for block in group.chunks_exact_mut(MIN_BLOCK) {
            transform_double(block, mean, std);
        }
    }
}

/// The number of places of an incomplete block that `places` make anew: those after the last full block.
fn places_passed_over(places: &Range<usize>, len: usize) -> usize {
    if places.start.is_multiple_of(MIN_BLOCK) { 0 } else { len % MIN_BLOCK }
}

/// One block of doubles, uniform to normal, with the C library's functions.
fn transform_double(block: &mut [f64], mean: f64, std: f64) {
    let (radii, turns) = block.split_at_mut(MIN_BLOCK / 2);
    for (first, second) in radii.iter_mut().zip(turns) {
        let radius = (-2.0 * (1.0 - *first).ln()).sqrt();
        let angle = TAU * *second;
        *first = (radius * angle.cos()).mul_add(std, mean);
        *second = (radius * angle.sin()).mul_add(std, mean);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use half::f16;

    fn same<T: RandomElement + PartialEq + std::fmt::Debug>() {
        let len = 100_005;
        let (mut engine, mut alone) = (Mt19937::new(11), Mt19937::new(11));
        let (mut out, mut expected) = (vec![T::from_f64(0.0); len], vec![T::from_f64(0.0); len]);
        normal(&mut engine, &mut out, 1.0, 2.0);
        dispatch(Normal { engine: &mut alone, out: &mut expected, mean: 1.0, std: 2.0 });
        assert!(out == expected);
        assert_eq!(engine, alone);
    }

    #[test]
    fn a_long_fill_in_parts_is_that_of_one_thread() {
        same::<f32>();
        same::<f64>();
        same::<f16>();
    }
}
