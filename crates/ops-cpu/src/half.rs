//! The half types to and from `float32`: number by number without branches, so that loops over them become vector code of any
//! width, and runs of `float16` by the processor's own conversion where it has one. Rounding is to the nearest, ties to even; NaN
//! stays NaN.

#[cfg(target_arch = "x86_64")]
use crate::isa::{Isa, isa};
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

/// Widens a run of `n` numbers.
///
/// # Safety
/// `n` numbers can be read from `x` and written to `y`.
pub unsafe fn widen_f16_run(x: *const f16, y: *mut f32, n: usize) {
    let mut done = 0;
    #[cfg(target_arch = "x86_64")]
    if isa() >= Isa::Avx2 {
        done = n - n % f16c::LANES;
        // SAFETY: the level includes the instructions, and the caller vouches for the runs.
        unsafe { f16c::widen(x, y, done) };
    }
    for i in done..n {
        // SAFETY: the caller vouches for the runs.
        unsafe { y.add(i).write(widen_f16(*x.add(i))) };
    }
}

/// Narrows a run of `n` numbers.
///
/// # Safety
/// `n` numbers can be read from `x` and written to `y`.
pub unsafe fn narrow_f16_run(x: *const f32, y: *mut f16, n: usize) {
    let mut done = 0;
    #[cfg(target_arch = "x86_64")]
    if isa() >= Isa::Avx2 {
        done = n - n % f16c::LANES;
        // SAFETY: the level includes the instructions, and the caller vouches for the runs.
        unsafe { f16c::narrow(x, y, done) };
    }
    for i in done..n {
        // SAFETY: the caller vouches for the runs.
        unsafe { y.add(i).write(narrow_f16(*x.add(i))) };
    }
}

/// The conversions that x86-64 processors have had since the year before AVX2.
#[cfg(target_arch = "x86_64")]
mod f16c {
    use std::arch::x86_64::*;
    use storage::f16;

    /// Numbers converted at a time.
    pub const LANES: usize = 8;

    /// # Safety
    /// `n`, a multiple of [`LANES`], numbers can be read from `x` and written to `y`.
    #[target_feature(enable = "avx,f16c")]
    pub unsafe fn widen(x: *const f16, y: *mut f32, n: usize) {
        for i in (0..n).step_by(LANES) {
            // SAFETY: the caller vouches for the runs.
            unsafe { _mm256_storeu_ps(y.add(i), _mm256_cvtph_ps(_mm_loadu_si128(x.add(i).cast()))) };
        }
    }

    /// # Safety
    /// As for [`widen`].
    #[target_feature(enable = "avx,f16c")]
    pub unsafe fn narrow(x: *const f32, y: *mut f16, n: usize) {
        for i in (0..n).step_by(LANES) {
            // SAFETY: the caller vouches for the runs.
            unsafe {
                let halves = _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(_mm256_loadu_ps(x.add(i)));
                _mm_storeu_si128(y.add(i).cast(), halves);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_convert_as_single_numbers_do() {
        // An odd length leaves a rest beside the registers.
        let halves: Vec<f16> = (0..=u16::MAX).chain([1, 2, 3]).map(f16::from_bits).collect();
        let n = halves.len();
        let (mut wide, mut narrow) = (vec![0f32; n], vec![f16::ZERO; n]);
        // SAFETY: all three hold `n` numbers.
        unsafe { widen_f16_run(halves.as_ptr(), wide.as_mut_ptr(), n) };
        for (x, y) in halves.iter().zip(&wide) {
            assert!(widen_f16(*x).to_bits() == y.to_bits() || (x.is_nan() && y.is_nan()), "{x:?} {y}");
        }
        for nudge in [0u32, 0x0FFF, 0x1000, 0x1001] {
            let floats: Vec<f32> = wide.iter().map(|x| f32::from_bits(x.to_bits().wrapping_add(nudge))).collect();
            // SAFETY: as above.
            unsafe { narrow_f16_run(floats.as_ptr(), narrow.as_mut_ptr(), n) };
            for (x, y) in floats.iter().zip(&narrow) {
                assert!(alike(narrow_f16(*x).to_bits(), y.to_bits(), x.is_nan() && y.is_nan()), "{x:e} {y:?}");
            }
        }
    }

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
