//! Exponential and logarithm in f64 as vector code, just exact enough (2⁻³² and 2⁻⁴⁵, relative) for f32 results
//! computed through them to be rounded correctly in all but a few cases in a thousand. They are not f64 functions.

use super::arithmetic::{fma, nearest_64, poly};
use crate::isa::Level;

const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
const TWO_TO_52: f64 = 4_503_599_627_370_496.0;

/// 2^t for |t| ≤ 400; beyond, a value that is 0 or infinity in f32. NaN stays.
#[inline(always)]
pub(super) fn exp2<L: Level>(t: f64) -> f64 {
    let t = if t > 400.0 { 400.0 } else { t };
    let t = if t < -400.0 { -400.0 } else { t };
    let (whole, bits) = nearest_64(t);
    let p = poly!(
        L,
        t - whole,
        1.0,
        0.693_147_183_815_643_8,
        0.240_226_509_206_913_07,
        0.055_504_003_777_694_76,
        0.009_618_056_929_571_23,
        0.001_334_194_947_762_108_7,
        0.000_154_613_649_795_459_3,
        1.336_012_460_586_494_9e-5
    );
    let y = f64::from_bits(p.to_bits().wrapping_add(bits << 52));
    if t.is_nan() { t } else { y }
}

/// ln(1 + f) for 1 + f from √½ to √2, as 2 atanh(f / (2 + f)).
#[inline(always)]
pub(super) fn ln_near_one<L: Level>(f: f64) -> f64 {
    let s = f / (2.0 + f);
    let z = s * s;
    s * poly!(
        L,
        z,
        1.999_999_999_999_946_7,
        0.666_666_666_796_729_4,
        0.399_999_948_654_702_7,
        0.285_721_687_407_905_9,
        0.221_741_457_478_351_36,
        0.196_095_576_405_967_68
    )
}

/// ln(1 + w) for -1 < w < 2²⁰⁰; infinity and NaN stay.
#[inline(always)]
pub(super) fn ln_1p<L: Level>(w: f64) -> f64 {
    // The exponent is kept biased: vectors of 64 bits have no arithmetic shift before AVX-512, nor a conversion to
    // f64.
    let biased = (1.0 + w).to_bits().wrapping_sub(SQRT_HALF_BITS).wrapping_add(ONE_BITS) >> 52;
    let e = f64::from_bits(TWO_TO_52.to_bits() | biased) - (TWO_TO_52 + 1023.0);
    let s = f64::from_bits(2046u64.wrapping_sub(biased) << 52);
    let f = fma::<L, _>(w, s, s - 1.0);
    let y = fma::<L, _>(e, std::f64::consts::LN_2, ln_near_one::<L>(f));
    if w < f64::INFINITY { y } else { w }
}
