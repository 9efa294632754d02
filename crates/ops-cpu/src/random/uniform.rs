//! Uniform numbers in [lo, hi).
//!
//! Source: PyTorch 2.15, `uniform_real_distribution` and `CPU_uniform`. It does not know the layout of what it fills.

use tensor_core::random::Mt19937;

use super::RandomElement;
use super::rounding::{Half, fused};
use super::turns::in_turns;
use crate::isa::{Kernel, Level, dispatch};

/// Fills `out` with uniform numbers in [lo, hi), as `uniform_(lo, hi)`; `rand` is (0, 1).
///
/// f64 takes two words of the stream for a value, the other dtypes one. A number that rounds up to `hi` becomes `lo`.
/// The bounds must be finite, `lo <= hi`, and their difference representable.
///
/// ```
/// use ops_cpu::random::uniform;
/// use tensor_core::random::Mt19937;
///
/// let mut values = [0.0_f32; 3];
/// uniform(&mut Mt19937::new(0), &mut values, 0.0, 1.0);
/// assert_eq!(values, [0.49625659, 0.76822180, 0.08847743]);
/// ```
pub fn uniform<T: RandomElement>(engine: &mut Mt19937, out: &mut [T], lo: f64, hi: f64) {
    in_turns(engine, out, T::WORDS, |engine, out| dispatch(Uniform { engine, out, lo, hi }));
}

struct Uniform<'a, T> {
    engine: &'a mut Mt19937,
    out: &'a mut [T],
    lo: f64,
    hi: f64,
}

impl<T: RandomElement> Kernel for Uniform<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        T::uniform::<L>(self.engine, self.out, self.lo, self.hi);
    }
}

#[inline(always)]
pub(super) fn single<L: Level>(engine: &mut Mt19937, out: &mut [f32], lo: f64, hi: f64) {
    let (lo, hi) = (lo as f32, hi as f32);
    let width = hi - lo;
    if lo.to_bits() == 0 && hi == 1.0 {
        // Fusing with 1 and 0 changes nothing, and 1 is never reached.
        return engine.fill_u32_with(out, Mt19937::unit_f32);
    }
    engine.fill_u32_with(out, |word| {
        let value = fused::<L>(Mt19937::unit_f32(word), width, lo);
        if value == hi { lo } else { value }
    });
}

#[inline(always)]
pub(super) fn double(engine: &mut Mt19937, out: &mut [f64], lo: f64, hi: f64) {
    let width = hi - lo;
    if lo.to_bits() == 0 && hi == 1.0 {
        return engine.fill_u64_with(out, Mt19937::unit_f64);
    }
    engine.fill_u64_with(out, |draw| {
        let value = Mt19937::unit_f64(draw).mul_add(width, lo);
        if value == hi { lo } else { value }
    });
}

/// The half types: computed in f32 with bounds that are rounded to f32 only, then rounded.
#[inline(always)]
pub(super) fn half<L: Level, T: Half>(engine: &mut Mt19937, out: &mut [T], lo: f64, hi: f64) {
    let (lo, hi) = (lo as f32, hi as f32);
    let width = hi - lo;
    let (half_lo, half_hi) = (T::round(lo), T::round(hi));
    engine.fill_u32_with(out, |word| {
        let value = fused::<L>(Mt19937::unit_f32(word), width, lo);
        let rounded = T::round(if value == hi { lo } else { value });
        if rounded.equals(half_hi) { half_lo } else { rounded }
    });
}
