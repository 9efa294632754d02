//! New tensors with numbers from a generator of one's own: PyTorch's `generator=` argument, with the generator in front.

use crate::Options;
use crate::create::drawn;
use tensor_core::display::general;
use tensor_core::op::random::Random;
use tensor_core::{DType, Generator, IntoShape, Result, Tensor, bail, or_panic};

/// Creation functions of a generator. The default stream does not move.
///
/// ```
/// use tensor::{Draw, Generator, manual_seed, rand};
/// let own = Generator::new().manual_seed(7);
/// let x = own.rand([2, 3]);
/// manual_seed(7);
/// assert_eq!(x.to_string(), rand([2, 3]).to_string());
/// ```
pub trait Draw {
    /// Numbers drawn evenly from [0, 1), `float32`.
    #[track_caller]
    fn rand(&self, shape: impl IntoShape) -> Tensor {
        or_panic(self.try_rand_with(shape, Options::new()))
    }

    /// As [`rand`](Draw::rand), with a dtype, a device or [`Options`], returning misuse as an error.
    fn try_rand_with(&self, shape: impl IntoShape, options: impl Into<Options>) -> Result<Tensor>;

    /// Numbers from the standard normal distribution, `float32`.
    #[track_caller]
    fn randn(&self, shape: impl IntoShape) -> Tensor {
        or_panic(self.try_normal_with(0.0, 1.0, shape, Options::new()))
    }

    /// Numbers from the normal distribution, `float32`.
    #[track_caller]
    fn normal(&self, mean: f64, std: f64, shape: impl IntoShape) -> Tensor {
        or_panic(self.try_normal_with(mean, std, shape, Options::new()))
    }

    /// As [`normal`](Draw::normal), with a dtype, a device or [`Options`], returning misuse as an error.
    fn try_normal_with(
        &self,
        mean: f64,
        std: f64,
        shape: impl IntoShape,
        options: impl Into<Options>,
    ) -> Result<Tensor>;

    /// Whole numbers from [low, high), `int64`.
    #[track_caller]
    fn randint(&self, low: i64, high: i64, shape: impl IntoShape) -> Tensor {
        or_panic(self.try_randint_with(low, high, shape, Options::new()))
    }

    /// As [`randint`](Draw::randint), with a dtype, a device or [`Options`], returning misuse as an error.
    fn try_randint_with(
        &self,
        low: i64,
        high: i64,
        shape: impl IntoShape,
        options: impl Into<Options>,
    ) -> Result<Tensor>;

    /// The numbers 0 … n − 1 in random order, `int64`.
    #[track_caller]
    fn randperm(&self, n: usize) -> Tensor {
        or_panic(self.try_randperm_with(n, Options::new()))
    }

    /// As [`randperm`](Draw::randperm), with a dtype, a device or [`Options`], returning misuse as an error.
    fn try_randperm_with(&self, n: usize, options: impl Into<Options>) -> Result<Tensor>;
}

impl Draw for Generator {
    fn try_rand_with(&self, shape: impl IntoShape, options: impl Into<Options>) -> Result<Tensor> {
        drawn(shape, DType::F32, Random::Uniform { low: 0.0, high: 1.0 }, options.into(), self)
    }

    fn try_normal_with(
        &self,
        mean: f64,
        std: f64,
        shape: impl IntoShape,
        options: impl Into<Options>,
    ) -> Result<Tensor> {
        if !(std >= 0.0) {
            bail!(Value, "normal expects std >= 0.0, but found std {}", general(std));
        }
        drawn(shape, DType::F32, Random::Normal { mean, std }, options.into(), self)
    }

    fn try_randint_with(
        &self,
        low: i64,
        high: i64,
        shape: impl IntoShape,
        options: impl Into<Options>,
    ) -> Result<Tensor> {
        let options = options.into();
        let x = Tensor::try_empty_on(shape, options.dtype_or(DType::I64), options.place())?;
        x.try_random_with_(low, high, self)
    }

    fn try_randperm_with(&self, n: usize, options: impl Into<Options>) -> Result<Tensor> {
        let options = options.into();
        check_countable(n, options.dtype_or(DType::I64))?;
        drawn([n], DType::I64, Random::Permutation, options, self)
    }
}

/// That `dtype` can hold the numbers 0 … n − 1.
fn check_countable(n: usize, dtype: DType) -> Result<()> {
    let (most, kind) = match dtype {
        DType::Bool => bail!(DType, "\"randperm\" not implemented for 'Bool'"),
        DType::U8 => (u8::MAX as usize, "uint8_t"),
        DType::I8 => (i8::MAX as usize, "int8_t"),
        DType::I16 => (i16::MAX as usize, "int16_t"),
        DType::I32 => (i32::MAX as usize, "int"),
        DType::F16 => (2049, "2049"),
        DType::F32 => ((1 << 24) + 1, "2^24+1"),
        DType::F64 => ((1 << 53) + 1, "2^53+1"),
        // What bfloat16 cannot count PyTorch rounds.
        DType::BF16 | DType::I64 => return Ok(()),
    };
    match dtype.is_floating_point() {
        true if n > most => bail!(Value, "n cannot be greater than {kind} for {} type.", dtype.type_name()),
        // The largest number is n − 1.
        false if n > most + 1 => bail!(Value, "value cannot be converted to type {kind} without overflow"),
        _ => Ok(()),
    }
}
