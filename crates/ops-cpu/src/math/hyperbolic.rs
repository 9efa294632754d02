//! Hyperbolic functions in f32 and their inverses. Worst errors, in units of the last place, are in the tests.
//!
//! Near zero sinh and tanh are odd minimax polynomials (Remez, relative errors 2⁻³¹ on [0, 1] and 2⁻²⁶ on [0, 0.7]), where
//! formulas with exponentials cancel. The inverses are rare, so they use f64 logarithms of their stable forms.

use super::arithmetic::{at_most, fma, nearest_multiple, poly, raise};
use super::double::ln_1p;
use super::exp::exp_shifted;
use crate::isa::Level;

#[inline(always)]
pub(super) fn sinh<L: Level>(x: f32) -> f32 {
    let a = x.abs();
    let z = a * a;
    let p = poly!(L, z, 0.166_666_67, 0.008_333_310_5, 0.000_198_428_96, 2.782_213_2e-6);
    let near = fma::<L, _>(a * z, p, a);
    let half = exp_shifted::<L>(a, -1);
    (if a < 1.0 { near } else { half - 0.25 / half }).copysign(x)
}

#[inline(always)]
pub(super) fn cosh<L: Level>(x: f32) -> f32 {
    let half = exp_shifted::<L>(x.abs(), -1);
    half + 0.25 / half
}

#[inline(always)]
pub(super) fn tanh<L: Level>(x: f32) -> f32 {
    let a = at_most(x.abs(), 10.0);
    let z = a * a;
    let p = poly!(L, z, -0.333_331_9, 0.133_291_11, -0.053_558_86, 0.020_091_971, -0.005_138_662_6);
    let near = fma::<L, _>(a * z, p, a);
    // e^2a = 2ⁿ e^2r; where n is so large that r is inexact, the result is near 1.
    let (whole, n) = nearest_multiple::<L>(a, 2.0 * std::f32::consts::LOG2_E);
    let r = fma::<L, _>(whole, -0.5 * std::f32::consts::LN_2, a);
    let p = poly!(L, r, 1.0, 2.0, 1.999_999_8, 1.333_321_2, 0.666_695_3, 0.267_821_4, 0.088_404_13);
    // NaN is near.
    (if a >= 0.7 { 1.0 - 2.0 / (raise(p, n) + 1.0) } else { near }).copysign(x)
}

#[inline(always)]
pub(super) fn asinh<L: Level>(x: f32) -> f32 {
    let a = f64::from(x.abs());
    let y = ln_1p::<L>(a + a * a / (1.0 + fma::<L, _>(a, a, 1.0).sqrt())) as f32;
    (if x.abs() < f32::INFINITY { y } else { x }).copysign(x)
}

#[inline(always)]
pub(super) fn acosh<L: Level>(x: f32) -> f32 {
    let t = f64::from(x) - 1.0;
    let y = ln_1p::<L>(t + (t * (t + 2.0)).sqrt()) as f32;
    if x < 1.0 { f32::NAN } else { y }
}

#[inline(always)]
pub(super) fn atanh<L: Level>(x: f32) -> f32 {
    let a = f64::from(x.abs());
    let y = (0.5 * ln_1p::<L>(2.0 * a / (1.0 - a))) as f32;
    (if a > 1.0 { f32::NAN } else { y }).copysign(x)
}
