//! Sine, cosine and tangent in f32, fast up to [`LIMIT`].
//!
//! x = q π/2 + r with |r| ≤ π/4. π/2 is taken off in three parts with fused multiply-adds, which are exact where it
//! matters; without them, and for the tangent, the reduction is done in f64. Polynomials are minimax (Remez) with
//! relative errors 2⁻²⁸ (sine), 2⁻³³ (cosine, tangent). Beyond the limit three parts of π/2 are too few and the
//! standard library takes over; [`map_limited`](super::limited::map_limited) does that without a branch in the
//! loop.

use std::f32::consts::{FRAC_2_PI, FRAC_PI_2};

use super::arithmetic::{fma, nearest, nearest_64, poly};
use crate::isa::Level;

/// The largest |x| of the fast functions.
pub(super) const LIMIT: f32 = 30_000.0;

/// Below this sin x = tan x = x in f32; it also keeps the sign of zero.
const TINY: f32 = 2.4e-4;

/// π/2 beyond its f32 value.
const FRAC_PI_2_MID: f32 = -4.371_139e-8;
const FRAC_PI_2_LO: f32 = -1.715_124_5e-15;
/// π/2 to 33 bits, and the rest.
const FRAC_PI_2_HI_64: f64 = 1.570_796_326_734_125_6;
const FRAC_PI_2_LO_64: f64 = 6.077_100_506_506_192e-11;

#[inline(always)]
fn reduce_64<L: Level>(x: f32) -> (f64, u32) {
    let x = f64::from(x);
    let (whole, bits) = nearest_64(x * std::f64::consts::FRAC_2_PI);
    let r = fma::<L, _>(whole, -FRAC_PI_2_HI_64, x);
    (fma::<L, _>(whole, -FRAC_PI_2_LO_64, r), bits as u32)
}

#[inline(always)]
fn reduce<L: Level>(x: f32) -> (f32, u32) {
    if L::FMA {
        let (whole, q) = nearest(x * FRAC_2_PI);
        let r = fma::<L, _>(whole, -FRAC_PI_2, x);
        let r = fma::<L, _>(whole, -FRAC_PI_2_MID, r);
        (fma::<L, _>(whole, -FRAC_PI_2_LO, r), q as u32)
    } else {
        let (r, q) = reduce_64::<L>(x);
        (r as f32, q)
    }
}

/// sin(r + q π/2).
#[inline(always)]
fn sin_quadrant<L: Level>(r: f32, q: u32) -> f32 {
    let z = r * r;
    let sin = fma::<L, _>(r * z, poly!(L, z, -0.166_666_55, 0.008_332_188, -0.000_195_180_95), r);
    let cos = poly!(L, z, 1.0, -0.5, 0.041_666_646, -0.001_388_731, 2.443_232_7e-5);
    let y = if q & 1 == 0 { sin } else { cos };
    f32::from_bits(y.to_bits() ^ ((q & 2) << 30))
}

#[inline(always)]
pub(super) fn sin<L: Level>(x: f32) -> f32 {
    let (r, q) = reduce::<L>(x);
    if x.abs() < TINY { x } else { sin_quadrant::<L>(r, q) }
}

#[inline(always)]
pub(super) fn cos<L: Level>(x: f32) -> f32 {
    let (r, q) = reduce::<L>(x);
    sin_quadrant::<L>(r, q.wrapping_add(1))
}

#[inline(always)]
pub(super) fn tan<L: Level>(x: f32) -> f32 {
    let (r, q) = reduce_64::<L>(x);
    let z = r * r;
    let p = poly!(
        L,
        z,
        0.333_333_318_470_305_06,
        0.133_334_105_078_673_7,
        0.053_954_645_231_001_78,
        0.021_984_542_925_067_02,
        0.008_331_961_483_413_253,
        0.004_991_402_618_212_317,
        -0.000_594_287_988_666_133_3,
        0.002_040_443_945_471_327
    );
    let t = fma::<L, _>(r * z, p, r);
    let odd = q & 1 != 0;
    let y = (if odd { -1.0 } else { t }) / (if odd { t } else { 1.0 });
    if x.abs() < TINY { x } else { y as f32 }
}
