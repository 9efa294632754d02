//! Logarithms in f32. Worst errors, in units of the last place, are in the tests.
//!
//! x = 2ᵉ (1 + f) with 1 + f from √½ to √2; ln(1 + f) = f - f²/2 + f³ P(f), P the minimax polynomial (Remez, relative
//! error of the whole 2⁻²⁶). Constants are split so that e times the first part is exact.

use super::arithmetic::{fma, poly, two_to};
use crate::isa::Level;

const SQRT_HALF_BITS: u32 = 0x3f35_04f3;
const LN2_HI: f32 = 355.0 / 512.0;
const LN2_LO: f32 = -2.121_944_4e-4;
const LOG2_E_LO: f32 = 1.925_963e-8;
const LOG10_2_HI: f32 = 0.300_781_25;
const LOG10_2_LO: f32 = 2.487_455_1e-4;
const LOG10_E_LO: f32 = -1.010_305e-8;

/// The exponent e and f of a positive normal number.
#[inline(always)]
fn split_normal(x: f32) -> (i32, f32) {
    let e = (x.to_bits().wrapping_sub(SQRT_HALF_BITS) as i32) >> 23;
    (e, f32::from_bits(x.to_bits().wrapping_sub((e as u32) << 23)) - 1.0)
}

/// The exponent e and f of a positive finite number.
#[inline(always)]
pub(super) fn split(x: f32) -> (f32, f32) {
    let small = x < f32::MIN_POSITIVE;
    let (e, f) = split_normal(if small { x * 8_388_608.0 } else { x });
    (e as f32 - if small { 23.0 } else { 0.0 }, f)
}

/// (ln(1 + f) - f) / f².
#[inline(always)]
fn bend<L: Level>(f: f32) -> f32 {
    poly!(
        L,
        f,
        -0.5,
        0.333_333_08,
        -0.249_999_75,
        0.200_024_14,
        -0.166_701_91,
        0.142_158_91,
        -0.123_644_024,
        0.118_823_335,
        -0.119_000_28,
        0.069_719_19
    )
}

/// ln(1 + f) - f.
#[inline(always)]
fn rest<L: Level>(f: f32) -> f32 {
    f * f * bend::<L>(f)
}

/// `y` where `x` is positive and finite, and a logarithm's value elsewhere.
#[inline(always)]
fn at_borders(x: f32, y: f32) -> f32 {
    let border = if x < 0.0 { f32::NAN } else { x };
    let border = if x == 0.0 { f32::NEG_INFINITY } else { border };
    // By bits, because the compiler merges float comparisons into a slow test of the number's class.
    if x.to_bits().wrapping_sub(1) < f32::INFINITY.to_bits() - 1 { y } else { border }
}

#[inline(always)]
fn sum<L: Level>(e: f32, f: f32) -> f32 {
    fma::<L, _>(e, LN2_HI, fma::<L, _>(f * f, bend::<L>(f), fma::<L, _>(e, LN2_LO, f)))
}

#[inline(always)]
pub(super) fn log<L: Level>(x: f32) -> f32 {
    let (e, f) = split(x);
    at_borders(x, sum::<L>(e, f))
}

/// Whether `x` is no positive normal number.
#[inline(always)]
pub(super) fn is_beyond_limit(x: f32) -> bool {
    const LEAST: u32 = f32::MIN_POSITIVE.to_bits();
    x.to_bits().wrapping_sub(LEAST) >= f32::INFINITY.to_bits() - LEAST
}

/// [`log`] of positive normal numbers.
#[inline(always)]
pub(super) fn log_within<L: Level>(x: f32) -> f32 {
    let (e, f) = split_normal(x);
    sum::<L>(e as f32, f)
}

#[inline(always)]
pub(super) fn log2<L: Level>(x: f32) -> f32 {
    const C: f32 = std::f32::consts::LOG2_E;
    let (e, f) = split(x);
    at_borders(x, e + fma::<L, _>(f, C, fma::<L, _>(f, LOG2_E_LO, rest::<L>(f) * C)))
}

#[inline(always)]
pub(super) fn log10<L: Level>(x: f32) -> f32 {
    const C: f32 = std::f32::consts::LOG10_E;
    let (e, f) = split(x);
    let small = fma::<L, _>(e, LOG10_2_LO, fma::<L, _>(f, LOG10_E_LO, rest::<L>(f) * C));
    at_borders(x, fma::<L, _>(e, LOG10_2_HI, fma::<L, _>(f, C, small)))
}

#[inline(always)]
pub(super) fn log1p<L: Level>(x: f32) -> f32 {
    let u = 1.0 + x;
    let (e, f) = split_normal(u);
    // What 1 + x lost is kept by scaling before adding; for large x nothing was lost, and the scale may be no number.
    let s = two_to(e.wrapping_neg());
    let f = if e <= 24 { fma::<L, _>(x, s, s - 1.0) } else { f };
    let y = at_borders(u, sum::<L>(e as f32, f));
    if u == 1.0 { x } else { y }
}

/// [`log1p`] for 0 ≤ x ≤ 1.
#[inline(always)]
pub(super) fn log1p_unit<L: Level>(x: f32) -> f32 {
    let (e, _) = split_normal(1.0 + x);
    let s = two_to(e.wrapping_neg());
    sum::<L>(e as f32, fma::<L, _>(x, s, s - 1.0))
}
