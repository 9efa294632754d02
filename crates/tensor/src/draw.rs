//! New tensors with numbers from a generator of one's own: PyTorch's `generator=` argument, with the generator in front.

use crate::Options;
use crate::create::drawn;
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
            bail!(Value, "normal expects std >= 0.0, but found std {std}");
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
        drawn([n], DType::I64, Random::Permutation, options.into(), self)
    }
}
