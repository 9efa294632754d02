//! Random numbers on the CPU: PyTorch's values bit for bit, out of the Mersenne Twister's stream, in vectorized blocks.
//!
//! Every function fills a slice in order. PyTorch's filling functions visit their output in memory order (dimensions by
//! decreasing stride), not in logical order, so that a transposed dense tensor is filled as if it were not transposed;
//! choosing that order, and checking parameters as PyTorch does, is the caller's part. Nothing here knows a tensor.
//!
//! No result depends on the vector instructions in use: where PyTorch fuses a multiplication and an addition, so does
//! every level here, by emulation where there is no such instruction. The double-precision logarithms and sines are the
//! system's C library's, as in PyTorch; with another library than glibc, doubles can differ in the last place.

mod bernoulli;
mod box_muller;
mod integer;
mod inverse;
mod multinomial;
mod normal;
mod permutation;
mod poisson;
mod rounding;
mod turns;
mod uniform;

pub use bernoulli::{bernoulli, bernoulli_from, dropout_noise};
pub use integer::{IntegerTarget, randint, random, random_from};
pub use inverse::{cauchy, exponential, geometric};
pub use multinomial::{Weight, multinomial, take_largest};
pub use normal::{MIN_BLOCK, log_normal, normal, normal_one, normal_scattered};
pub use permutation::randperm;
pub use poisson::poisson;
pub use uniform::uniform;

use half::{bf16, f16};
use tensor_core::random::Mt19937;

use crate::isa::{Kernel, Level, dispatch};
use turns::in_turns;

mod sealed {
    /// Keeps [`RandomElement`](super::RandomElement) and [`IntegerTarget`](super::IntegerTarget) to the dtypes of
    /// tensors: what PyTorch draws for any other is not defined.
    pub trait Sealed {}
}

macro_rules! seal {
    ($($t:ty),*) => {$(impl sealed::Sealed for $t {})*};
}
seal!(bool, u8, i8, i16, i32, i64, f16, bf16, f32, f64);

/// A floating dtype that uniform, normal and other real numbers can be drawn for: f32, f64, f16, bf16.
pub trait RandomElement: Copy + sealed::Sealed + Send + Sync + 'static {
    /// The words of the stream that a uniform number of the dtype takes.
    #[doc(hidden)]
    const WORDS: usize;

    /// Rounds a double. The half types are rounded twice, by way of f32, as in PyTorch.
    fn from_f64(value: f64) -> Self;

    /// The same value as a double.
    fn to_f64(self) -> f64;

    /// 1 / `value` as dropout computes it: in doubles for f64, otherwise in f32 and then rounded.
    #[doc(hidden)]
    fn reciprocal(value: f64) -> Self;

    /// Puts one or zero in the place of each probability: whether a uniform number in [0, 1), of 53 bits for f64 and of 24 bits
    /// otherwise, is below it.
    #[doc(hidden)]
    fn below(engine: &mut Mt19937, values: &mut [Self]);

    /// See [`uniform()`].
    #[doc(hidden)]
    fn uniform<L: Level>(engine: &mut Mt19937, out: &mut [Self], lo: f64, hi: f64);

    /// See [`normal()`]: the case of at least [`MIN_BLOCK`] values.
    #[doc(hidden)]
    fn normal_blocks<L: Level>(engine: &mut Mt19937, out: &mut [Self], mean: f64, std: f64);
}

macro_rules! element {
    ($t:ty, $from:expr, $reciprocal:expr, $uniform:path, $normal:path, $below:path) => {
        impl RandomElement for $t {
            const WORDS: usize = size_of::<$t>().div_ceil(4);
            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                $from(value)
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            fn reciprocal(value: f64) -> Self {
                $reciprocal(value)
            }
            fn below(engine: &mut Mt19937, values: &mut [Self]) {
                $below(engine, values);
            }
            #[inline(always)]
            fn uniform<L: Level>(engine: &mut Mt19937, out: &mut [Self], lo: f64, hi: f64) {
                $uniform(engine, out, lo, hi);
            }
            #[inline(always)]
            fn normal_blocks<L: Level>(engine: &mut Mt19937, out: &mut [Self], mean: f64, std: f64) {
                $normal(engine, out, mean, std);
            }
        }
    };
}
element!(f32, |v| v as f32, |v| 1.0 / v as f32, uniform::single::<L>, normal::single::<L>, bernoulli::below_single);
element!(f64, |v| v, |v: f64| 1.0 / v, uniform::double, normal::double, bernoulli::below_double);
element!(
    f16,
    |v| rounding::to_f16(v as f32),
    |v| rounding::to_f16(1.0 / v as f32),
    uniform::half::<L, f16>,
    normal::half::<L, f16>,
    bernoulli::below_single
);
element!(
    bf16,
    |v| rounding::to_bf16(v as f32),
    |v| rounding::to_bf16(1.0 / v as f32),
    uniform::half::<L, bf16>,
    normal::half::<L, bf16>,
    bernoulli::below_single
);

/// Fills a slice with a function of one word per value, at the processor's level.
struct Words<'a, T, F> {
    engine: &'a mut Mt19937,
    out: &'a mut [T],
    convert: F,
}

impl<T, F: Fn(u32) -> T> Kernel for Words<'_, T, F> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() >= 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        self.engine.fill_u32_with(self.out, self.convert);
    }
}

/// Fills a slice with a function of two words per value, at the processor's level.
struct Pairs<'a, T, F> {
    engine: &'a mut Mt19937,
    out: &'a mut [T],
    convert: F,
}

impl<T, F: Fn(u64) -> T> Kernel for Pairs<'_, T, F> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() >= 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        self.engine.fill_u64_with(self.out, self.convert);
    }
}

fn fill_u32<T: Send>(engine: &mut Mt19937, out: &mut [T], convert: impl Fn(u32) -> T + Sync) {
    in_turns(engine, out, 1, |engine, out| dispatch(Words { engine, out, convert: &convert }));
}

fn fill_u64<T: Send>(engine: &mut Mt19937, out: &mut [T], convert: impl Fn(u64) -> T + Sync) {
    in_turns(engine, out, 2, |engine, out| dispatch(Pairs { engine, out, convert: &convert }));
}
