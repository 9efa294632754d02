//! The steps that the functions of this module are made of: fused multiply-add where the level has it, polynomials,
//! rounding and powers of two by bits. It does not know any function.
//!
//! Rounding adds 1.5·2²³ (or 2⁵²) and reads the low bits: `round` and casts to integers are library calls or
//! saturate, which would keep a loop from becoming vector code on some level. Integers wrap, because overflow
//! checks would too.

use crate::isa::Level;

/// The operations that [`fma`] needs.
pub(super) trait Real: Copy {
    fn fused(self, b: Self, c: Self) -> Self;
    fn separate(self, b: Self, c: Self) -> Self;
}

impl Real for f32 {
    #[inline(always)]
    fn fused(self, b: f32, c: f32) -> f32 {
        self.mul_add(b, c)
    }
    #[inline(always)]
    fn separate(self, b: f32, c: f32) -> f32 {
        self * b + c
    }
}

impl Real for f64 {
    #[inline(always)]
    fn fused(self, b: f64, c: f64) -> f64 {
        self.mul_add(b, c)
    }
    #[inline(always)]
    fn separate(self, b: f64, c: f64) -> f64 {
        self * b + c
    }
}

/// `a * b + c`, rounded once where the level has such an instruction and twice elsewhere.
#[inline(always)]
pub(super) fn fma<L: Level, T: Real>(a: T, b: T, c: T) -> T {
    if L::FMA { a.fused(b, c) } else { a.separate(b, c) }
}

/// `poly!(L, x, c0, c1, …)` is `c0 + c1 x + …` by Horner's rule.
macro_rules! poly {
    ($level:ty, $x:expr, $c:expr) => { $c };
    ($level:ty, $x:expr, $c:expr, $($rest:expr),+) => {
        $crate::math::arithmetic::fma::<$level, _>(poly!($level, $x, $($rest),+), $x, $c)
    };
}
pub(super) use poly;

/// `limit` where `x` is above it, else `x`; NaN stays.
#[inline(always)]
pub(super) fn at_most(x: f32, limit: f32) -> f32 {
    if x > limit { limit } else { x }
}

/// `limit` where `x` is below it, else `x`; NaN stays.
#[inline(always)]
pub(super) fn at_least(x: f32, limit: f32) -> f32 {
    if x < limit { limit } else { x }
}

const ROUND: f32 = 12_582_912.0;
const ROUND_64: f64 = 6_755_399_441_055_744.0;

/// `x` rounded to the nearest integer, as a float and as an integer, for |x| < 2²².
#[inline(always)]
pub(super) fn nearest(x: f32) -> (f32, i32) {
    let shifted = x + ROUND;
    (shifted - ROUND, shifted.to_bits().wrapping_sub(ROUND.to_bits()) as i32)
}

/// `x` rounded to the nearest integer, as a float and as its low 32 bits and more (the rest is not meaningful), for
/// |x| < 2⁵¹.
#[inline(always)]
pub(super) fn nearest_64(x: f64) -> (f64, u64) {
    let shifted = x + ROUND_64;
    (shifted - ROUND_64, shifted.to_bits())
}

/// 2ᵏ for -126 ≤ k ≤ 127.
#[inline(always)]
pub(super) fn two_to(k: i32) -> f32 {
    f32::from_bits((k.wrapping_add(127) as u32) << 23)
}

/// The integer nearest to x · `factor`, or one next to it where that is halfway, as a float and as an integer, for
/// |x · factor| < 2²².
#[inline(always)]
pub(super) fn nearest_multiple<L: Level>(x: f32, factor: f32) -> (f32, i32) {
    let shifted = fma::<L, _>(x, factor, ROUND);
    (shifted - ROUND, shifted.to_bits().wrapping_sub(ROUND.to_bits()) as i32)
}

/// `x` · 2ⁿ, where both are normal numbers: `n` goes into the exponent. NaN becomes any number.
#[inline(always)]
pub(super) fn raise(x: f32, n: i32) -> f32 {
    f32::from_bits(x.to_bits().wrapping_add((n as u32) << 23))
}

/// `x` · 2ⁿ for -252 ≤ n ≤ 254 and |x| near 1, rounded once: the first of two factors leaves the result normal. NaN stays.
#[inline(always)]
pub(super) fn scale(x: f32, n: i32) -> f32 {
    let half = n >> 1;
    x * two_to(half) * two_to(n.wrapping_sub(half))
}
