//! The f32 Box-Muller transform of blocks of 16 uniform numbers, operation by operation as PyTorch computes it.
//!
//! Its logarithm and its sine are the Cephes polynomials in the single-precision vector form that PyTorch uses, fused
//! where PyTorch fuses. They are off by up to 0.82 units in the last place, and a more accurate one would be a
//! different stream of numbers. It does not know where the uniform numbers come from.
//!
//! Source: S. L. Moshier, Cephes Mathematical Library 2.x, `logf` and `sinf`; PyTorch 2.15, `avx_mathfun.h`.

// The coefficients as published, digits beyond f32 included, so that they can be compared with their source.
#![allow(clippy::excessive_precision)]

use std::f64::consts::TAU;

use super::rounding::fused;
use crate::isa::Level;

/// The largest number of values that [`transform`] takes at once: a small part of the first-level cache.
pub(super) const GROUP: usize = 512;
/// Half of a block of 16: the distance of the two values of a pair.
const PAIR: usize = 8;

/// Turns blocks of 16 uniform numbers in [0, 1) into normal numbers, in place. The first 8 of a block give the radii,
/// the last 8 the angles. `blocks` is a multiple of 16 long and at most [`GROUP`].
#[inline(always)]
pub(super) fn transform<L: Level>(blocks: &mut [f32], mean: f32, std: f32) {
    // Radii and angles side by side make one long loop, which vectorizes at any width.
    let (mut first, mut second) = ([0.0; GROUP / 2], [0.0; GROUP / 2]);
    let count = blocks.len() / 2;
    let halves = || (0..count).step_by(PAIR);
    for (block, at) in blocks.chunks_exact(2 * PAIR).zip(halves()) {
        first[at..at + PAIR].copy_from_slice(&block[..PAIR]);
        second[at..at + PAIR].copy_from_slice(&block[PAIR..]);
    }
    for (x, y) in first[..count].iter_mut().zip(&mut second[..count]) {
        let radius = (-2.0 * ln::<L>(1.0 - *x)).sqrt();
        let (sin, cos) = sin_cos::<L>(TAU as f32 * *y);
        *x = fused::<L>(radius * cos, std, mean);
        *y = fused::<L>(radius * sin, std, mean);
    }
    for (block, at) in blocks.chunks_exact_mut(2 * PAIR).zip(halves()) {
        block[..PAIR].copy_from_slice(&first[at..at + PAIR]);
        block[PAIR..].copy_from_slice(&second[at..at + PAIR]);
    }
}

/// ln(x) for x in [2^-24, 1].
#[inline(always)]
fn ln<L: Level>(x: f32) -> f32 {
    const COEFFICIENTS: [f32; 8] = [
        -1.151_461_031_0e-1,
        1.167_699_874_0e-1,
        -1.242_014_084_6e-1,
        1.424_932_278_7e-1,
        -1.666_805_766_5e-1,
        2.000_071_476_5e-1,
        -2.499_999_399_3e-1,
        3.333_333_117_4e-1,
    ];
    let bits = x.to_bits();
    let exponent = ((bits >> 23) as i32 - 126) as f32;
    let mantissa = f32::from_bits((bits & 0x007f_ffff) | 0x3f00_0000);
    let small = mantissa < 0.707_106_77;
    let e = if small { exponent - 1.0 } else { exponent };
    let f = if small { (mantissa - 1.0) + mantissa } else { mantissa - 1.0 };
    let z = f * f;
    let mut y = 7.037_683_629_2e-2;
    for coefficient in COEFFICIENTS {
        y = fused::<L>(y, f, coefficient);
    }
    y *= f;
    // ln 2 in two parts.
    y = fused::<L>(y, z, e * -2.121_944_40e-4);
    y -= 0.5 * z;
    fused::<L>(e, 0.693_359_375, f + y)
}

/// The sine and the cosine of t in [0, 2π).
#[inline(always)]
fn sin_cos<L: Level>(t: f32) -> (f32, f32) {
    // The nearest even multiple of π/4, taken off in three parts. Where the last place of a number is that of its
    // units, addition rounds it to an integer; less one if that was upwards, it is the whole part. A cast would check
    // its range.
    const UNITS: f32 = (1 << 23) as f32;
    let eighths = t * 1.273_239_544_735_16;
    let rounded = eighths + UNITS;
    let upwards = i32::from(rounded - UNITS > eighths);
    let octant = ((rounded.to_bits() & 0xff) as i32 - upwards + 1) & !1;
    let y = octant as f32;
    let mut r = fused::<L>(y, -0.785_156_25, t);
    r = fused::<L>(y, -2.418_756_484_985_351_562_5e-4, r);
    r = fused::<L>(y, -3.774_894_977_445_941_08e-8, r);
    let z = r * r;
    let mut c = fused::<L>(2.443_315_711_809_948e-5, z, -1.388_731_625_493_765e-3);
    c = fused::<L>(c, z, 4.166_664_568_298_827e-2);
    c *= z;
    c = fused::<L>(c, z, -(0.5 * z)) + 1.0;
    let mut s = fused::<L>(-1.951_529_589_1e-4, z, 8.332_160_873_6e-3);
    s = fused::<L>(s, z, -1.666_665_461_1e-1);
    s *= z;
    s = fused::<L>(s, r, r);
    let swapped = octant & 2 != 0;
    let (sin, cos) = if swapped { (c, s) } else { (s, c) };
    let sin_sign = ((octant & 4) as u32) << 29;
    let cos_sign = (!(octant - 2) as u32 & 4) << 29;
    (f32::from_bits(sin.to_bits() ^ sin_sign), f32::from_bits(cos.to_bits() ^ cos_sign))
}
