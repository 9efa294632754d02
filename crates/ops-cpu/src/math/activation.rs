//! Activation functions of neural networks in f32. Worst errors, in units of the last place, are in the tests.
//!
//! Exponentials are taken of -|x|, which cannot overflow, and a factor x is multiplied in before the power of two,
//! so that results keep their relative accuracy down to the smallest numbers. At -∞ silu, mish and gelu are NaN, as
//! in PyTorch, whose formulas multiply -∞ by 0.

use super::arithmetic::{at_least, at_most, fma, poly, scale};
use super::exp::{LOWEST, exp_within, expm1, reduced, reduced_with_tail};
use super::log::log1p_unit;
use crate::isa::Level;

#[inline(always)]
fn nan_at_negative_infinity(x: f32, y: f32) -> f32 {
    if x == f32::NEG_INFINITY { f32::NAN } else { y }
}

/// 1 - t for x ≥ 0 and e - e t below, with e = e^-|x| and t = e / (1 + e): what is subtracted is the smaller part,
/// so its errors count less than those of a quotient would.
#[inline(always)]
pub(super) fn sigmoid<L: Level>(x: f32) -> f32 {
    let (m, n) = reduced::<L>(at_least(-x.abs(), LOWEST));
    sigmoid_of::<L>(x, scale(1.0 + m, n))
}

/// [`sigmoid`] up to the limit of [`exp_within`].
#[inline(always)]
pub(super) fn sigmoid_within<L: Level>(x: f32) -> f32 {
    sigmoid_of::<L>(x, exp_within::<L>(-x.abs()))
}

/// [`sigmoid`] from e^-|x|.
#[inline(always)]
fn sigmoid_of<L: Level>(x: f32, e: f32) -> f32 {
    let whole = if x < 0.0 { e } else { 1.0 };
    fma::<L, _>(-whole, e / (1.0 + e), whole)
}

/// x times the sigmoid of v, for v of the sign of x and |v| ≤ -[`LOWEST`] wherever the result is not 0 or x.
#[inline(always)]
fn gated<L: Level>(x: f32, v: f32) -> f32 {
    let (m, n) = reduced::<L>(at_least(-v.abs(), LOWEST));
    let e = scale(1.0 + m, n);
    let bounded = at_least(x, LOWEST);
    let whole = if x < 0.0 { scale(fma::<L, _>(bounded, m, bounded), n) } else { x };
    // ∞ · 0 would be NaN, and the difference of two zeros would lose the sign.
    let y = fma::<L, _>(-at_most(whole, f32::MAX), e / (1.0 + e), whole);
    nan_at_negative_infinity(x, y.copysign(x))
}

#[inline(always)]
pub(super) fn silu<L: Level>(x: f32) -> f32 {
    gated::<L>(x, x)
}

/// x tanh(ln(1 + e^x)) = x (1 - 2 / (n + 2)) with n = e (e + 2) and e = e^x; for x ≤ 0, where that cancels,
/// x e (1 - e (e + 1) / (n + 2)).
#[inline(always)]
pub(super) fn mish<L: Level>(x: f32) -> f32 {
    let bounded = at_least(at_most(x, 20.0), LOWEST);
    let (m, n) = reduced::<L>(bounded);
    let e = scale(1.0 + m, n);
    let positive = x > 0.0;
    let whole = if positive { x } else { scale(fma::<L, _>(bounded, m, bounded), n) };
    let part = if positive { 2.0 } else { fma::<L, _>(e, e, e) };
    let y = fma::<L, _>(-whole, part / fma::<L, _>(e, e + 2.0, 2.0), whole);
    nan_at_negative_infinity(x, if x > 20.0 { x } else { y.copysign(x) })
}

/// x Φ(x). With a = |x|: Φ(-a) = e^(-a²/2) P(q) / (a + 4), q = (a - 4) / (a + 4); minimax by Remez, relative error
/// 2⁻²⁵.
#[inline(always)]
pub(super) fn gelu<L: Level>(x: f32) -> f32 {
    let a = at_most(x.abs(), 14.6);
    // -a²/2 in two parts: its rounding error alone would be 80 units of the last place of the exponential.
    let (square, tail) = if L::FMA {
        let square = -0.5 * a * a;
        (square, fma::<L, _>(-0.5 * a, a, -square))
    } else {
        let short = f32::from_bits(a.to_bits() & 0xffff_f000);
        (-0.5 * short * short, -0.5 * (a - short) * (a + short))
    };
    let d = 1.0 / (a + 4.0);
    let q = fma::<L, _>(d, -8.0, 1.0);
    let p = poly!(
        L,
        q,
        0.755_285_14,
        -0.607_896_57,
        0.387_136_25,
        -0.186_523_77,
        0.060_411_178,
        -0.007_522_312_5,
        -0.003_538_983_4,
        0.001_555_257_5,
        0.000_209_838_21,
        -0.000_109_167_36
    );
    let (m, n) = reduced_with_tail::<L>(square, tail);
    let lost = scale((1.0 + m) * (a * d * p), n);
    nan_at_negative_infinity(x, if x < 0.0 { -lost } else { x - lost })
}

/// x (1 + tanh u) / 2 = x sigmoid(2 u) with u = √(2/π) (x + 0.044715 x³).
#[inline(always)]
pub(super) fn gelu_tanh<L: Level>(x: f32) -> f32 {
    const SLOPE: f32 = 1.595_769; // 2 √(2/π)
    gated::<L>(x, SLOPE * x * fma::<L, _>(0.044_715 * x, x, 1.0))
}

#[inline(always)]
pub(super) fn softplus<L: Level>(x: f32, beta: f32, threshold: f32) -> f32 {
    let z = x * beta;
    let (m, n) = reduced::<L>(at_least(-z.abs(), LOWEST));
    let soft = (at_least(z, 0.0) + log1p_unit::<L>(scale(1.0 + m, n))) / beta;
    if z > threshold { x } else { soft }
}

#[inline(always)]
pub(super) fn elu<L: Level>(x: f32, alpha: f32, scale: f32, input_scale: f32) -> f32 {
    let below = expm1::<L>(x * input_scale) * (alpha * scale);
    if x <= 0.0 { below } else { x * scale }
}
