//! Roundings in straight-line code, so that loops with them vectorize: f32 to the half types, and the fused
//! multiply-add where the processor has no instruction for it.
//!
//! It does not know what is rounded.

use half::{bf16, f16};

use crate::isa::Level;

/// A 16-bit floating type that drawn f32 numbers are rounded to.
pub(super) trait Half: Copy {
    /// Rounds to nearest, ties to even.
    fn round(value: f32) -> Self;
    /// Whether the two are equal as numbers: zeros are, whatever their sign. NaN is out of scope.
    fn equals(self, other: Self) -> bool;
}

impl Half for f16 {
    #[inline(always)]
    fn round(value: f32) -> Self {
        to_f16(value)
    }
    #[inline(always)]
    fn equals(self, other: Self) -> bool {
        same_number(self.to_bits(), other.to_bits())
    }
}

impl Half for bf16 {
    #[inline(always)]
    fn round(value: f32) -> Self {
        to_bf16(value)
    }
    #[inline(always)]
    fn equals(self, other: Self) -> bool {
        same_number(self.to_bits(), other.to_bits())
    }
}

#[inline(always)]
fn same_number(a: u16, b: u16) -> bool {
    (a == b) | ((a | b) & 0x7fff == 0)
}

/// Rounds to nearest, ties to even; too large is infinite, NaN is the positive or negative quiet one.
#[inline(always)]
pub(super) fn to_f16(value: f32) -> f16 {
    let bits = value.to_bits();
    let sign = (bits >> 16) & 0x8000;
    let magnitude = bits & 0x7fff_ffff;
    // Rebias the exponent by 15 - 127, and add half a unit of the last place kept, less one if that place is even.
    let normal = magnitude.wrapping_sub(112 << 23).wrapping_add(0xfff + ((magnitude >> 13) & 1)) >> 13;
    // One unit of the last place of 0.5 is the smallest subnormal, so that the addition rounds as wanted.
    let subnormal = (f32::from_bits(magnitude) + 0.5).to_bits().wrapping_sub(0.5_f32.to_bits());
    let finite = if magnitude < (113 << 23) { subnormal } else { normal };
    let number = if magnitude >= (143 << 23) { 0x7c00 } else { finite };
    let rounded = if magnitude > (255 << 23) { 0x7e00 } else { number };
    f16::from_bits((sign | rounded) as u16)
}

/// Rounds to nearest, ties to even; NaN is the positive quiet one.
#[inline(always)]
pub(super) fn to_bf16(value: f32) -> bf16 {
    let bits = value.to_bits();
    let rounded = bits.wrapping_add(0x7fff + ((bits >> 16) & 1)) >> 16;
    let number = if value.is_nan() { 0x7fc0 } else { rounded };
    bf16::from_bits(number as u16)
}

/// a·b + c with one rounding.
#[inline(always)]
pub(super) fn fused<L: Level>(a: f32, b: f32, c: f32) -> f32 {
    if L::FMA { a.mul_add(b, c) } else { fused_in_double(a, b, c) }
}

/// a·b + c with one rounding, by way of doubles: the product of two f32 is exact there, and a sum rounded to odd can be
/// rounded again without harm (S. Boldo and G. Melquiond, "Emulation of a FMA and correctly rounded sums: proved
/// algorithms using rounding to odd", IEEE Transactions on Computers 57(4), 2008).
#[inline(always)]
fn fused_in_double(a: f32, b: f32, c: f32) -> f32 {
    let product = f64::from(a) * f64::from(b);
    let addend = f64::from(c);
    let sum = product + addend;
    // The exact error of the sum (Knuth's two-sum).
    let part = sum - product;
    let error = (product - (sum - part)) + (addend - part);
    let bits = sum.to_bits();
    // Where the sum is inexact and even, the odd neighbour on the side of the error. An error of NaN is an infinite
    // operand, whose sum stays as it is.
    let outwards = (error > 0.0) == (sum > 0.0);
    let neighbour = if outwards { bits.wrapping_add(1) } else { bits.wrapping_sub(1) };
    let odd = if (error.abs() > 0.0) & (bits & 1 == 0) { neighbour } else { bits };
    f64::from_bits(odd) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(count: usize) -> impl Iterator<Item = u32> {
        let mut engine = tensor_core::random::Mt19937::new(17);
        (0..count).map(move |_| engine.next_u32())
    }

    #[test]
    fn halves_round_as_the_half_crate_rounds() {
        let edges = (0..=u16::MAX).flat_map(|high| {
            [0, 1, 0x0fff, 0x1000, 0x1001, 0x2000, 0x2fff, 0x3000, 0x3001, 0x7fff, 0x8000, 0x8001, 0xffff]
                .map(|low| (u32::from(high) << 16) | low)
        });
        for value in edges.chain(words(100_000)).map(f32::from_bits) {
            let (narrow, wide) = (to_f16(value), to_bf16(value));
            if value.is_nan() {
                assert!(narrow.is_nan() && wide.is_nan());
            } else {
                assert_eq!(narrow.to_bits(), f16::from_f32(value).to_bits(), "{value:e}");
                assert_eq!(wide.to_bits(), bf16::from_f32(value).to_bits(), "{value:e}");
            }
        }
    }

    #[test]
    fn the_emulated_fused_step_rounds_once() {
        let mut words = words(3 * 300_000);
        let mut draw = |spread: u32| {
            let word = words.next().unwrap();
            // Exponents near that of 1, so that products and addends overlap in every way.
            let exponent = 127 - spread / 2 + (word >> 23) % spread;
            f32::from_bits((word & 0x807f_ffff) | (exponent << 23))
        };
        for case in 0..300_000 {
            let spread = [2, 30, 60][case % 3];
            let (a, b, c) = (draw(2), draw(2), draw(spread));
            assert_eq!(fused_in_double(a, b, c).to_bits(), a.mul_add(b, c).to_bits(), "{a:e} * {b:e} + {c:e}");
        }
        // 97 · 172961 = 2^24 + 1: a product halfway between two f32, which an addend too small for a double decides.
        let halfway = 172_961.0 / (1 << 24) as f32;
        let tiny = f32::from_bits(40 << 23);
        assert_eq!(fused_in_double(97.0, halfway, tiny), 1.0 + f32::EPSILON);
        assert_eq!(fused_in_double(97.0, halfway, -tiny), 1.0);
        assert_eq!(fused_in_double(-97.0, halfway, -tiny), -1.0 - f32::EPSILON);
        assert_eq!(fused_in_double(2.0, f32::INFINITY, 1.0), f32::INFINITY);
        assert_eq!(fused_in_double(0.5, -3.0, 1.5), 0.0);
    }
}
