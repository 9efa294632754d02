//! Exponentials in f32. Worst errors, in units of the last place, are in the tests.
//!
//! e^x = 2ⁿ e^r with n = round(x / ln 2). ln 2 is taken off in two parts, the first so short that n times it is
//! exact. On |r| ≤ ln 2 / 2 the polynomial is the minimax one (Remez) for (e^r - 1 - r) / r², relative error 2⁻²⁶
//! of e^r - 1.

use super::arithmetic::{at_least, at_most, fma, nearest, poly, scale, two_to};
use crate::isa::Level;

/// ln 2 to 10 bits, and the rest.
const LN2_HI: f32 = 355.0 / 512.0;
const LN2_LO: f32 = -2.121_944_4e-4;

/// Where e^x and even x e^x have long become 0.
pub(super) const LOWEST: f32 = -125.0;

/// `e^r - 1` and `n` such that `e^(x + tail) = e^r 2ⁿ`, for |tail| small against `x` and |x| < 150.
#[inline(always)]
pub(super) fn reduced<L: Level>(x: f32, tail: f32) -> (f32, i32) {
    let (whole, n) = nearest(x * std::f32::consts::LOG2_E);
    let r = fma::<L, _>(whole, -LN2_HI, x);
    let r = fma::<L, _>(whole, -LN2_LO, r) + tail;
    let q = poly!(L, r, 0.499_999_97, 0.166_665_39, 0.041_667_752, 0.008_367_103_5, 0.001_383_661_5);
    (fma::<L, _>(r * r, q, r), n)
}

/// e^x · 2^`shift`, for small `shift`.
#[inline(always)]
pub(super) fn exp_shifted<L: Level>(x: f32, shift: i32) -> f32 {
    let (m, n) = reduced::<L>(at_least(at_most(x, 92.0), LOWEST), 0.0);
    scale(1.0 + m, n.wrapping_add(shift))
}

#[inline(always)]
pub(super) fn exp<L: Level>(x: f32) -> f32 {
    exp_shifted::<L>(x, 0)
}

#[inline(always)]
pub(super) fn exp2<L: Level>(x: f32) -> f32 {
    let x = at_least(at_most(x, 130.0), -160.0);
    let (whole, n) = nearest(x);
    let r = x - whole;
    let p = poly!(
        L,
        r,
        std::f32::consts::LN_2,
        0.240_225_94,
        0.055_503_663,
        0.009_625_445,
        0.001_338_792_7,
        0.000_133_325_32
    );
    scale(fma::<L, _>(r, p, 1.0), n)
}

#[inline(always)]
pub(super) fn expm1<L: Level>(x: f32) -> f32 {
    let (m, n) = reduced::<L>(at_least(at_most(x, 89.0), -20.0), 0.0);
    // 2ⁿ m + (2ⁿ - 1), halved because 2¹²⁸ is not a number.
    let half = two_to(n.wrapping_sub(1));
    let y = fma::<L, _>(m, half, half - 0.5) * 2.0;
    (if n == 0 { m } else { y }).copysign(x)
}
