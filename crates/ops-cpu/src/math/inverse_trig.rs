//! Arc functions in f32. Worst errors, in units of the last place, are in the tests.
//!
//! Polynomials are minimax (Remez) for (f(x) - x) / x³ in x², relative errors 2⁻²⁸ (arc tangent on [0, 1]) and 2⁻²⁷
//! (arc sine on [0, ½]); arguments beyond are brought there by 1/x and by asin x = π/2 - 2 asin √((1 - x)/2).

use std::f32::consts::{FRAC_PI_2, PI};

use super::arithmetic::{fma, poly};
use crate::isa::Level;

/// π/2 beyond its f32 value.
const FRAC_PI_2_LO: f32 = -4.371_139e-8;

/// atan(q) for 0 ≤ q ≤ 1.
#[inline(always)]
fn atan_unit<L: Level>(q: f32) -> f32 {
    let z = q * q;
    let p = poly!(
        L,
        z,
        -0.333_333,
        0.199_985_3,
        -0.142_640_43,
        0.109_513_156,
        -0.084_018_655,
        0.057_952_095,
        -0.031_196_604,
        0.010_938_13,
        -0.001_801_844_8
    );
    fma::<L, _>(q * z, p, q)
}

#[inline(always)]
pub(super) fn atan<L: Level>(x: f32) -> f32 {
    let a = x.abs();
    let steep = a > 1.0;
    let p = atan_unit::<L>((if steep { 1.0 } else { a }) / (if steep { a } else { 1.0 }));
    let y = if steep { FRAC_PI_2 + (FRAC_PI_2_LO - p) } else { p };
    y.copysign(x)
}

#[inline(always)]
pub(super) fn atan2<L: Level>(y: f32, x: f32) -> f32 {
    let (ax, ay) = (x.abs(), y.abs());
    let steep = ay > ax;
    let (low, high) = (if steep { ax } else { ay }, if steep { ay } else { ax });
    let q = low / high;
    let q = if low == f32::INFINITY && high == f32::INFINITY { 1.0 } else { q };
    let both_zero = low == 0.0 && high == 0.0;
    let p = atan_unit::<L>(if both_zero { 0.0 } else { q });
    // The quarter turns to start from, and whether to turn back from there.
    let left = x.is_sign_negative();
    let turns = if steep {
        1.0
    } else if left {
        2.0
    } else {
        0.0
    };
    let p = if steep != left { -p } else { p };
    (turns * FRAC_PI_2 + (turns * FRAC_PI_2_LO + p)).copysign(y)
}

/// asin(s) and whether a = |x| was above ½ and s stands for √((1 - a)/2).
#[inline(always)]
fn asin_half<L: Level>(a: f32) -> (f32, bool) {
    let large = a > 0.5;
    let z = if large { (1.0 - a) * 0.5 } else { a * a };
    let s = if large { z.sqrt() } else { a };
    let p = poly!(L, z, 0.166_667_52, 0.074_953_094, 0.045_469_15, 0.024_184_78, 0.042_158_3);
    (fma::<L, _>(s * z, p, s), large)
}

#[inline(always)]
pub(super) fn asin<L: Level>(x: f32) -> f32 {
    let (p, large) = asin_half::<L>(x.abs());
    let y = if large { FRAC_PI_2 + (FRAC_PI_2_LO - 2.0 * p) } else { p };
    y.copysign(x)
}

#[inline(always)]
pub(super) fn acos<L: Level>(x: f32) -> f32 {
    let (p, large) = asin_half::<L>(x.abs());
    let signed = p.copysign(x);
    let far = if x < 0.0 { PI + (2.0 * FRAC_PI_2_LO - 2.0 * p) } else { 2.0 * p };
    if large { far } else { FRAC_PI_2 + (FRAC_PI_2_LO - signed) }
}
