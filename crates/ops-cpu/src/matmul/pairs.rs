//! Products of `bfloat16` in pairs, by instructions that add both products of a pair to a `float32`. They differ from one maker of
//! processors to the next in speed, not in what they compute: sums are rounded after each product, subnormal numbers are zero.

use super::panels::Pair;
use super::product::{Cut, Method};
use super::tile::{Block, Job, Multiplier, tiles};

/// The instructions of AVX512-BF16.
pub struct Pairs;

/// Pairs of a chunk, and rows and columns of a block.
const DEPTH: usize = 256;
const SIDE: usize = 384;

impl Pairs {
    /// Whether the processor has the instructions, and `SCONCE_ISA` does not forbid them.
    pub fn are_native() -> bool {
        #[cfg(target_arch = "x86_64")]
        return crate::isa::isa() == crate::isa::Isa::Avx512 && is_x86_feature_detected!("avx512bf16");
        #[cfg(not(target_arch = "x86_64"))]
        return false;
    }
}

impl Method for Pairs {
    type Place = Pair;
    type Sum = f32;
    const READS_ROWS: bool = false;
    fn cut() -> Cut {
        #[cfg(target_arch = "x86_64")]
        return Cut::tiles::<x86::Native>(DEPTH, SIDE);
        #[cfg(not(target_arch = "x86_64"))]
        unreachable!("no such instructions")
    }
    unsafe fn run(job: &Job<Pair, f32>, block: &Block) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the caller's.
        unsafe {
            x86::featured(job, block)
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::*;
    use crate::vector::Single16;
    use std::arch::x86_64::*;

    /// The tile of these instructions.
    pub struct Native;

    impl Multiplier for Native {
        type Place = Pair;
        type Sum = f32;
        type Factors = __m512i;
        type Sums = Single16;
        const REGISTERS: usize = 4;
        #[inline(always)]
        fn splat(pair: Pair) -> __m512i {
            // SAFETY: callers have AVX-512 enabled, as the trait says.
            unsafe { _mm512_set1_epi32(pair.0 as i32) }
        }
        #[inline(always)]
        unsafe fn load(from: *const Pair) -> __m512i {
            // SAFETY: as above, and the caller vouches for the pairs.
            unsafe { _mm512_loadu_si512(from.cast()) }
        }
        #[inline(always)]
        fn add_products(sums: Single16, a: __m512i, b: __m512i) -> Single16 {
            // SAFETY: as above; registers of pairs and of halves have the same bits.
            unsafe {
                let [a, b] = std::mem::transmute::<[__m512i; 2], [__m512bh; 2]>([a, b]);
                Single16(_mm512_dpbf16_ps(sums.0, a, b))
            }
        }
    }

    /// A block with the instructions enabled.
    ///
    /// # Safety
    /// The processor has them; otherwise as [`Method::run`].
    #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx512bf16,avx2,fma")]
    pub unsafe fn featured(job: &Job<Pair, f32>, block: &Block) {
        // SAFETY: the caller's.
        unsafe { tiles::<Native>(job, block) }
    }
}

/// The same in plain arithmetic: what is compared with sums in double precision on any processor.
#[cfg(test)]
pub struct Model;

#[cfg(test)]
impl Multiplier for Model {
    type Place = Pair;
    type Sum = f32;
    type Factors = [u32; 16];
    type Sums = crate::vector::Array<f32, 16>;
    const REGISTERS: usize = 4;
    fn splat(pair: Pair) -> [u32; 16] {
        [pair.0; 16]
    }
    unsafe fn load(from: *const Pair) -> [u32; 16] {
        // SAFETY: the caller vouches for the pairs.
        unsafe { from.cast::<[u32; 16]>().read_unaligned() }
    }
    fn add_products(sums: Self::Sums, a: [u32; 16], b: [u32; 16]) -> Self::Sums {
        let halves = |pair: u32| [f32::from_bits(pair << 16), f32::from_bits(pair & 0xFFFF_0000)];
        crate::vector::Array(std::array::from_fn(|i| {
            let ([a0, a1], [b0, b1]) = (halves(a[i]), halves(b[i]));
            // The second numbers first, as the instruction.
            sums.0[i] + a1 * b1 + a0 * b0
        }))
    }
}

#[cfg(test)]
impl Method for Model {
    type Place = Pair;
    type Sum = f32;
    const READS_ROWS: bool = false;
    fn cut() -> Cut {
        Cut::tiles::<Model>(DEPTH, SIDE)
    }
    unsafe fn run(job: &Job<Pair, f32>, block: &Block) {
        // SAFETY: the caller's; no instructions are needed.
        unsafe { tiles::<Model>(job, block) }
    }
}
