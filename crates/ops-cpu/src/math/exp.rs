//! Exponentials in f32. Worst errors, in units of the last place, are in the tests.
//!
//! e^x = 2ⁿ e^r with n = round(x / ln 2). ln 2 is taken off in two parts, the first so short that n times it is
//! exact. On |r| ≤ ln 2 / 2 the polynomial is the minimax one (Remez) for (e^r - 1 - r) / r², relative error 2⁻²⁶
//! of e^r - 1.

use super::arithmetic::{at_least, at_most, fma, nearest, nearest_multiple, poly, raise, scale, two_to};
use crate::isa::Level;

/// ln 2 to 10 bits, and the rest.
pub(super) const LN2_HI: f32 = 355.0 / 512.0;
pub(super) const LN2_LO: f32 = -2.121_944_4e-4;

/// Where e^x and even x e^x have long become 0.
pub(super) const LOWEST: f32 = -125.0;

/// `r` and `n` such that `e^x = e^r 2ⁿ`, for |x| < 150.
#[inline(always)]
fn split<L: Level>(x: f32) -> (f32, i32) {
    let (whole, n) = nearest_multiple::<L>(x, std::f32::consts::LOG2_E);
    let r = fma::<L, _>(whole, -LN2_HI, x);
    (fma::<L, _>(whole, -LN2_LO, r), n)
}

/// e^r - 1 for |r| ≤ ln 2 / 2.
#[inline(always)]
fn near_zero<L: Level>(r: f32) -> f32 {
    let q = poly!(L, r, 0.499_999_97, 0.166_665_39, 0.041_667_752, 0.008_367_103_5, 0.001_383_661_5);
    fma::<L, _>(r * r, q, r)
}

/// `e^r - 1` and `n` such that `e^x = e^r 2ⁿ`, for |x| < 150.
#[inline(always)]
pub(super) fn reduced<L: Level>(x: f32) -> (f32, i32) {
    let (r, n) = split::<L>(x);
    (near_zero::<L>(r), n)
}

/// The same for `x + tail`, |tail| being small against `x`.
#[inline(always)]
pub(super) fn reduced_with_tail<L: Level>(x: f32, tail: f32) -> (f32, i32) {
    let (r, n) = split::<L>(x);
    (near_zero::<L>(r + tail), n)
}

/// e^x · 2^`shift`, for small `shift`.
#[inline(always)]
pub(super) fn exp_shifted<L: Level>(x: f32, shift: i32) -> f32 {
    let (m, n) = reduced::<L>(at_least(at_most(x, 92.0), LOWEST));
    scale(1.0 + m, n.wrapping_add(shift))
}

#[inline(always)]
pub(super) fn exp<L: Level>(x: f32) -> f32 {
    exp_shifted::<L>(x, 0)
}

/// Whether e^x or e^-x is no normal number, or comes near to that.
#[inline(always)]
pub(super) fn is_beyond_limit(x: f32) -> bool {
    x.to_bits() & 0x7fff_ffff > 87f32.to_bits()
}

/// [`exp`] up to that limit.
#[inline(always)]
pub(super) fn exp_within<L: Level>(x: f32) -> f32 {
    let (m, n) = reduced::<L>(x);
    raise(1.0 + m, n)
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
    let (m, n) = reduced::<L>(at_least(at_most(x, 89.0), -20.0));
    // 2ⁿ m + (2ⁿ - 1), halved because 2¹²⁸ is not a number.
    let half = two_to(n.wrapping_sub(1));
    let y = fma::<L, _>(m, half, half - 0.5) * 2.0;
    (if n == 0 { m } else { y }).copysign(x)
}
