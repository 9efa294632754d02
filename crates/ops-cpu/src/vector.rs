//! One register of numbers, for the few loops whose blocks of accumulators the compiler does not keep in registers by itself:
//! each [`Level`] names its register types. It knows no kernel.

use crate::isa::{Baseline, Level};
use crate::number::Number;

/// A register's worth of `T`. Everything is always inlined: a call runs with the instructions of its caller, which must be
/// those of the level that named the type.
pub trait Vector<T>: Copy {
    /// Numbers in one register.
    const LANES: usize;
    /// All lanes `number`.
    fn splat(number: T) -> Self;
    /// The numbers at `from`, aligned or not.
    ///
    /// # Safety
    /// `LANES` numbers can be read there.
    unsafe fn load(from: *const T) -> Self;
    /// Writes the numbers to `to`, aligned or not.
    ///
    /// # Safety
    /// `LANES` numbers can be written there.
    unsafe fn store(self, to: *mut T);
    /// The first `count` numbers at `from`, in the first lanes; zeros in the others.
    ///
    /// # Safety
    /// So many numbers, fewer than `LANES`, can be read there.
    unsafe fn load_first(from: *const T, count: usize) -> Self;
    /// The numbers that lanes from `first` to before `end` would have with all of them read from `from` on; zeros in the others.
    ///
    /// # Safety
    /// Those numbers can be read.
    unsafe fn load_between(from: *const T, first: usize, end: usize) -> Self;
    /// Writes the numbers of the first `count` lanes to `to`.
    ///
    /// # Safety
    /// So many numbers, fewer than `LANES`, can be written there.
    unsafe fn store_first(self, to: *mut T, count: usize);
    /// Writes the numbers of the lanes from `first` to before `end` to those places from `to` on that they would go to with all lanes.
    ///
    /// # Safety
    /// Those places can be written.
    unsafe fn store_between(self, to: *mut T, first: usize, end: usize);
    /// Writes the numbers to `to`, past the caches where the level can. The thread must fence before others may look.
    ///
    /// # Safety
    /// `LANES` numbers can be written there, and `to` is aligned to all of them together.
    unsafe fn store_past(self, to: *mut T);
    /// The numbers that lie as far from `from` as `at` says for each lane; zeros where that is negative.
    ///
    /// # Safety
    /// `LANES` distances can be read, and those that are not negative lead to numbers that can be.
    unsafe fn gather(from: *const T, at: *const i32) -> Self;
    /// self · factor + sum, rounded once where the level has the instruction.
    fn mul_add(self, factor: Self, sum: Self) -> Self;
    /// The lanes' sum, halves first.
    fn total(self) -> T;
}

/// A register as an array, for levels whose instructions the compiler knows best.
#[derive(Clone, Copy)]
pub struct Array<T, const N: usize>(pub [T; N]);

macro_rules! arrays {
    ($($t:ty)*) => { $(
        impl<const N: usize> Vector<$t> for Array<$t, N> {
            const LANES: usize = N;
            #[inline(always)]
            fn splat(number: $t) -> Self {
                Array([number; N])
            }
            #[inline(always)]
            unsafe fn load(from: *const $t) -> Self {
                // SAFETY: the caller vouches for `N` numbers.
                Array(unsafe { from.cast::<[$t; N]>().read_unaligned() })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $t) {
                // SAFETY: the caller vouches for `N` numbers.
                unsafe { to.cast::<[$t; N]>().write_unaligned(self.0) }
            }
            #[inline(always)]
            unsafe fn load_first(from: *const $t, count: usize) -> Self {
                let mut lanes = [0.0; N];
                for i in 0..count.min(N) {
                    // SAFETY: the caller vouches for so many numbers.
                    lanes[i] = unsafe { *from.add(i) };
                }
                Array(lanes)
            }
            #[inline(always)]
            unsafe fn load_between(from: *const $t, first: usize, end: usize) -> Self {
                let mut lanes = [0.0; N];
                for i in first..end.min(N) {
                    // SAFETY: the caller vouches for these numbers.
                    lanes[i] = unsafe { *from.wrapping_add(i) };
                }
                Array(lanes)
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $t, count: usize) {
                for i in 0..count.min(N) {
                    // SAFETY: the caller vouches for so many numbers.
                    unsafe { to.add(i).write(self.0[i]) };
                }
            }
            #[inline(always)]
            unsafe fn store_between(self, to: *mut $t, first: usize, end: usize) {
                for i in first..end.min(N) {
                    // SAFETY: the caller vouches for these places.
                    unsafe { to.wrapping_add(i).write(self.0[i]) };
                }
            }
            #[inline(always)]
            unsafe fn store_past(self, to: *mut $t) {
                // SAFETY: as above.
                unsafe { self.store(to) };
            }
            #[inline(always)]
            unsafe fn gather(from: *const $t, at: *const i32) -> Self {
                // SAFETY: the caller's.
                Array(std::array::from_fn(|i| unsafe {
                    usize::try_from(*at.add(i)).map_or(0.0, |at| *from.add(at))
                }))
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, sum: Self) -> Self {
                Array(std::array::from_fn(|i| match Baseline::FMA {
                    true => self.0[i].mul_add(factor.0[i], sum.0[i]),
                    false => self.0[i] * factor.0[i] + sum.0[i],
                }))
            }
            #[inline(always)]
            fn total(self) -> $t {
                let (mut lanes, mut width) = (self.0, N);
                while width > 1 {
                    width /= 2;
                    (0..width).for_each(|i| lanes[i] += lanes[i + width]);
                }
                lanes[0]
            }
        }
    )* };
}
arrays! { f32 f64 }

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Vector;
    use std::arch::x86_64::*;

    macro_rules! registers {
        ($($name:ident($register:ty) $t:ty, $lanes:literal, $splat:ident $load:ident $store:ident $past:ident $fma:ident $total:ident
            $load_first:ident $store_first:ident $mask:ident $between:ident $gather:ident;)*) => { $(
            /// A register of this type.
            #[derive(Clone, Copy)]
            pub struct $name(pub $register);

            impl Vector<$t> for $name {
                const LANES: usize = $lanes;
                #[inline(always)]
                fn splat(number: $t) -> Self {
                    // SAFETY: the level that names this type has been found on the processor.
                    $name(unsafe { $splat(number) })
                }
                #[inline(always)]
                unsafe fn load(from: *const $t) -> Self {
                    // SAFETY: as above, and the caller vouches for the numbers.
                    $name(unsafe { $load(from) })
                }
                #[inline(always)]
                unsafe fn store(self, to: *mut $t) {
                    // SAFETY: as above, and the caller vouches for the place.
                    unsafe { $store(to, self.0) }
                }
                #[inline(always)]
                unsafe fn load_first(from: *const $t, count: usize) -> Self {
                    // SAFETY: as for `load`; lanes that are masked are not read.
                    $name(unsafe { $load_first($mask(count), from) })
                }
                #[inline(always)]
                unsafe fn load_between(from: *const $t, first: usize, end: usize) -> Self {
                    // SAFETY: as for `load`; lanes that are masked are not read.
                    $name(unsafe { $load_first($between(first, end), from) })
                }
                #[inline(always)]
                unsafe fn store_first(self, to: *mut $t, count: usize) {
                    // SAFETY: as for `store`; lanes that are masked are not written.
                    unsafe { $store_first(to, $mask(count), self.0) }
                }
                #[inline(always)]
                unsafe fn store_between(self, to: *mut $t, first: usize, end: usize) {
                    // SAFETY: as for `store`; lanes that are masked are not written.
                    unsafe { $store_first(to, $between(first, end), self.0) }
                }
                #[inline(always)]
                unsafe fn store_past(self, to: *mut $t) {
                    // SAFETY: as above; the caller vouches for the alignment, too.
                    unsafe { $past(to, self.0) }
                }
                #[inline(always)]
                unsafe fn gather(from: *const $t, at: *const i32) -> Self {
                    // SAFETY: as for `load`; lanes that are masked are not read.
                    $name(unsafe { $gather(from, at) })
                }
                #[inline(always)]
                fn mul_add(self, factor: Self, sum: Self) -> Self {
                    // SAFETY: as for `splat`.
                    $name(unsafe { $fma(self.0, factor.0, sum.0) })
                }
                #[inline(always)]
                fn total(self) -> $t {
                    // SAFETY: as for `splat`.
                    unsafe { $total(self.0) }
                }
            }
        )* };
    }
    registers! {
        Single8(__m256) f32, 8, _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_stream_ps _mm256_fmadd_ps single8
            first_single8 _mm256_maskstore_ps mask_single8 between_single8 gather_single8;
        Double4(__m256d) f64, 4, _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_stream_pd _mm256_fmadd_pd double4
            first_double4 _mm256_maskstore_pd mask_double4 between_double4 gather_double4;
        Single16(__m512) f32, 16, _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps _mm512_stream_ps _mm512_fmadd_ps single16
            _mm512_maskz_loadu_ps _mm512_mask_storeu_ps mask_single16 between_single16 gather_single16;
        Double8(__m512d) f64, 8, _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd _mm512_stream_pd _mm512_fmadd_pd double8
            _mm512_maskz_loadu_pd _mm512_mask_storeu_pd mask_double8 between_double8 gather_double8;
    }

    // The first `count` lanes, as the loads and stores of each level name them.
    //
    // # Safety
    // As below.

    #[inline(always)]
    unsafe fn mask_single16(count: usize) -> __mmask16 {
        ((1u32 << count) - 1) as __mmask16
    }

    #[inline(always)]
    unsafe fn mask_double8(count: usize) -> __mmask8 {
        ((1u32 << count) - 1) as __mmask8
    }

    #[inline(always)]
    unsafe fn mask_single8(count: usize) -> __m256i {
        // SAFETY: the caller's.
        unsafe { _mm256_cmpgt_epi32(_mm256_set1_epi32(count as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)) }
    }

    #[inline(always)]
    unsafe fn mask_double4(count: usize) -> __m256i {
        // SAFETY: the caller's.
        unsafe { _mm256_cmpgt_epi64(_mm256_set1_epi64x(count as i64), _mm256_setr_epi64x(0, 1, 2, 3)) }
    }

    #[inline(always)]
    unsafe fn between_single16(first: usize, end: usize) -> __mmask16 {
        ((1u32 << end) - (1u32 << first)) as __mmask16
    }

    #[inline(always)]
    unsafe fn between_double8(first: usize, end: usize) -> __mmask8 {
        ((1u32 << end) - (1u32 << first)) as __mmask8
    }

    #[inline(always)]
    unsafe fn between_single8(first: usize, end: usize) -> __m256i {
        // SAFETY: the caller's.
        unsafe { _mm256_andnot_si256(mask_single8(first), mask_single8(end)) }
    }

    #[inline(always)]
    unsafe fn between_double4(first: usize, end: usize) -> __m256i {
        // SAFETY: the caller's.
        unsafe { _mm256_andnot_si256(mask_double4(first), mask_double4(end)) }
    }

    #[inline(always)]
    unsafe fn first_single8(mask: __m256i, from: *const f32) -> __m256 {
        // SAFETY: the caller's.
        unsafe { _mm256_maskload_ps(from, mask) }
    }

    #[inline(always)]
    unsafe fn first_double4(mask: __m256i, from: *const f64) -> __m256d {
        // SAFETY: the caller's.
        unsafe { _mm256_maskload_pd(from, mask) }
    }

    // Numbers at distances that are not negative.
    //
    // # Safety
    // As for `gather`, and the processor has the instructions.

    #[inline(always)]
    unsafe fn gather_single16(from: *const f32, at: *const i32) -> __m512 {
        // SAFETY: the caller's.
        unsafe {
            let at = _mm512_loadu_si512(at.cast());
            let mask = _mm512_cmpge_epi32_mask(at, _mm512_setzero_si512());
            _mm512_mask_i32gather_ps::<4>(_mm512_setzero_ps(), mask, at, from)
        }
    }

    #[inline(always)]
    unsafe fn gather_double8(from: *const f64, at: *const i32) -> __m512d {
        // SAFETY: the caller's.
        unsafe {
            let at = _mm256_loadu_si256(at.cast());
            let mask = _mm256_cmpge_epi32_mask(at, _mm256_setzero_si256());
            _mm512_mask_i32gather_pd::<8>(_mm512_setzero_pd(), mask, at, from)
        }
    }

    #[inline(always)]
    unsafe fn gather_single8(from: *const f32, at: *const i32) -> __m256 {
        // SAFETY: the caller's. A lane is read where its mask's sign is set.
        unsafe {
            let at = _mm256_loadu_si256(at.cast());
            let mask = _mm256_castsi256_ps(_mm256_cmpgt_epi32(at, _mm256_set1_epi32(-1)));
            _mm256_mask_i32gather_ps::<4>(_mm256_setzero_ps(), from, at, mask)
        }
    }

    #[inline(always)]
    unsafe fn gather_double4(from: *const f64, at: *const i32) -> __m256d {
        // SAFETY: as above.
        unsafe {
            let at = _mm_loadu_si128(at.cast());
            let mask = _mm256_castsi256_pd(_mm256_cmpgt_epi64(_mm256_cvtepi32_epi64(at), _mm256_set1_epi64x(-1)));
            _mm256_mask_i32gather_pd::<8>(_mm256_setzero_pd(), from, at, mask)
        }
    }

    // The lanes' sums, the upper half of a register added to the lower one until one number is left. As arrays the compiler
    // would gather lanes of several registers from memory, which takes longer than what they sum up.
    //
    // # Safety
    // The processor has the instructions of the register's level.

    #[inline(always)]
    unsafe fn single16(x: __m512) -> f32 {
        // SAFETY: the caller's.
        unsafe {
            let upper = _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(x)));
            single8(_mm256_add_ps(_mm512_castps512_ps256(x), upper))
        }
    }

    #[inline(always)]
    unsafe fn single8(x: __m256) -> f32 {
        // SAFETY: the caller's.
        unsafe {
            let four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps::<1>(two, two)))
        }
    }

    #[inline(always)]
    unsafe fn double8(x: __m512d) -> f64 {
        // SAFETY: the caller's.
        unsafe { double4(_mm256_add_pd(_mm512_castpd512_pd256(x), _mm512_extractf64x4_pd::<1>(x))) }
    }

    #[inline(always)]
    unsafe fn double4(x: __m256d) -> f64 {
        // SAFETY: the caller's.
        unsafe {
            let two = _mm_add_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd::<1>(x));
            _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)))
        }
    }
}
#[cfg(target_arch = "x86_64")]
pub use x86::{Double4, Double8, Single8, Single16};

/// A number that registers hold.
pub trait Lanes: Number {
    /// Its register at a level.
    type Register<L: Level>: Vector<Self>;
}

impl Lanes for f32 {
    type Register<L: Level> = L::Single;
}

impl Lanes for f64 {
    type Register<L: Level> = L::Double;
}
