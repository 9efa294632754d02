//! The half types to and from `float32`, without branches and without the processor's own conversions, so that loops over them
//! become vector code of any width. Rounding is to the nearest, ties to even; NaN stays NaN.

use storage::{bf16, f16};

/// Exact.
#[inline(always)]
pub fn widen_bf16(x: bf16) -> f32 {
    f32::from_bits((x.to_bits() as u32) << 16)
}

/// Rounded.
#[inline(always)]
pub fn narrow_bf16(x: f32) -> bf16 {
    let bits = x.to_bits();
    let rounded = bits.wrapping_add(0x7FFF + (bits >> 16 & 1)) >> 16;
    // A NaN whose digits all lie in the lower half must not become infinity.
    let nan = bits >> 16 | 0x40;
    bf16::from_bits(if x.is_nan() { nan } else { rounded } as u16)
}

/// Exact. The digits move to their place, and a product with 2¹¹² moves the exponent, which makes subnormal numbers normal on the way.
#[inline(always)]
pub fn widen_f16(x: f16) -> f32 {
    let bits = x.to_bits() as u32;
    let magnitude = (bits & 0x7FFF) << 13;
    let scaled = (f32::from_bits(magnitude) * f32::from_bits((127 + 112) << 23)).to_bits();
    // Infinity and NaN keep the largest exponent, and a NaN is made quiet.
    let special = magnitude | 0x7F80_0000 | ((magnitude > 0x7C00 << 13) as u32) << 22;
    let value = if magnitude >= 0x7C00 << 13 { special } else { scaled };
    f32::from_bits(value | (bits & 0x8000) << 16)
}

/// Rounded. Normal results are rounded in whole-number arithmetic; subnormal ones by a sum with a power of two whose last digit is
/// theirs.
#[inline(always)]
pub fn narrow_f16(x: f32) -> f16 {
    let bits = x.to_bits();
    let (sign, magnitude) = (bits >> 16 & 0x8000, bits & 0x7FFF_FFFF);
    // From 65520 on, numbers round to infinity.
    let normal = magnitude.wrapping_sub(112 << 23).wrapping_add(0xFFF + (magnitude >> 13 & 1)) >> 13;
    let normal = if magnitude >= 0x477F_F000 { 0x7C00 } else { normal };
    // 2⁻²⁴, the smallest half, is the last digit of floats between 0.5 and 1.
    let subnormal = (f32::from_bits(magnitude) + 0.5).to_bits().wrapping_sub(0.5f32.to_bits());
    let finite = if magnitude < 113 << 23 { subnormal } else { normal };
    let nan = 0x7E00 | magnitude >> 13 & 0x3FF;
    f16::from_bits((sign | if magnitude > 0x7F80_0000 { nan } else { finite }) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same bits, or NaN on both sides.
    fn alike(a: u16, b: u16, is_nan: bool) -> bool {
        a == b || is_nan
    }

    #[test]
    fn every_half_widens_exactly() {
        for bits in 0..=u16::MAX {
            let (x, y) = (f16::from_bits(bits), bf16::from_bits(bits));
            assert!(
                widen_f16(x).to_bits() == x.to_f32().to_bits() || (x.is_nan() && widen_f16(x).is_nan()),
                "{bits:x}"
            );
            assert!(
                widen_bf16(y).to_bits() == y.to_f32().to_bits() || (y.is_nan() && widen_bf16(y).is_nan()),
                "{bits:x}"
            );
        }
    }

    #[test]
    fn floats_narrow_to_the_nearest() {
        // All exponents, and the digits around each half: the halves themselves, the middles between them, and their neighbours.
        for high in 0..=u16::MAX {
            for low in [0u32, 1, 0x0FFF, 0x1000, 0x1001, 0x1FFF, 0x7FFF, 0x8000, 0x8001, 0xEFFF, 0xF000, 0xF001, 0xFFFF]
            {
                let x = f32::from_bits((high as u32) << 16 | low);
                let (a, b) = (narrow_f16(x), f16::from_f32(x));
                assert!(alike(a.to_bits(), b.to_bits(), a.is_nan() && b.is_nan()), "{x:e}: {a} {b}");
                let (a, b) = (narrow_bf16(x), bf16::from_f32(x));
                assert!(alike(a.to_bits(), b.to_bits(), a.is_nan() && b.is_nan()), "{x:e}: {a} {b}");
            }
        }
    }
}
