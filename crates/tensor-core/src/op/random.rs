//! Random numbers that fill a tensor, as data. Which numbers they are is PyTorch's specification, kept by `random/` and the
//! devices.

use crate::display::general;
use crate::twins::twins;
use crate::{DType, Generator, Tensor, bail, bf16, f16};

/// What a tensor is filled with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Random {
    /// Evenly from [low, high).
    Uniform {
        /// The least value.
        low: f64,
        /// The bound that is not reached.
        high: f64,
    },
    /// From the normal distribution.
    Normal {
        /// The centre.
        mean: f64,
        /// The spread.
        std: f64,
    },
    /// Whole numbers from [low, high).
    Integers {
        /// The least number.
        low: i64,
        /// The bound that is not reached.
        high: i64,
    },
    /// Whole numbers from zero to the largest that the dtype counts exactly.
    AnyInteger,
    /// One with probability p, else zero.
    Bernoulli {
        /// The probability of one.
        p: f64,
    },
    /// In the place of each probability, one with that probability, else zero.
    BernoulliOf,
    /// Zero with probability p, else 1 / (1 − p): what dropout multiplies by.
    Dropout {
        /// The probability of zero.
        p: f64,
    },
    /// From the exponential distribution.
    Exponential {
        /// Its rate λ.
        rate: f64,
    },
    /// The number of trials up to the first success.
    Geometric {
        /// The probability of a success.
        p: f64,
    },
    /// e to the power of normal numbers.
    LogNormal {
        /// The centre of the normal distribution.
        mean: f64,
        /// Its spread.
        std: f64,
    },
    /// From the Cauchy distribution.
    Cauchy {
        /// The centre.
        median: f64,
        /// The half width at half the height.
        sigma: f64,
    },
    /// The numbers 0 … n − 1 in random order, n being the number of elements.
    Permutation,
}

twins! {
    /// Fills with numbers drawn evenly from [low, high); returns the tensor itself.
    ///
    /// # Errors
    /// For tensors of whole numbers, and if `low > high`.
    pub fn uniform_with_ | try_uniform_with_(self, low: f64, high: f64, generator: &Generator) -> Tensor {
        if !self.dtype().is_floating_point() {
            bail!(DType, "\"check_uniform_bounds\" not implemented for '{}'", self.dtype().type_name());
        }
        let most = match self.dtype() {
            DType::F16 => f16::MAX.to_f64(),
            DType::BF16 => bf16::MAX.to_f64(),
            DType::F32 => f32::MAX as f64,
            _ => f64::MAX,
        };
        for (name, bound) in [("from", low), ("to", high)] {
            if !(bound.abs() <= most) {
                bail!(Value, "{name} is out of bounds for {}", self.dtype().cpp_name());
            }
        }
        if low > high {
            bail!(Value, "uniform_ expects to return a [from, to) range, but found from={} > to={}", general(low), general(high));
        }
        self.draw(Random::Uniform { low, high }, generator)?;
        Ok(self.clone())
    }

    /// Fills with numbers from the normal distribution; returns the tensor itself.
    ///
    /// # Errors
    /// For tensors of whole numbers, and if `std` is negative.
    pub fn normal_with_ | try_normal_with_(self, mean: f64, std: f64, generator: &Generator) -> Tensor {
        if !self.dtype().is_floating_point() {
            bail!(DType, "\"normal_kernel_cpu\" not implemented for '{}'", self.dtype().type_name());
        }
        if !(std >= 0.0) {
            bail!(Value, "normal expects std >= 0.0, but found std {}", general(std));
        }
        self.draw(Random::Normal { mean, std }, generator)?;
        Ok(self.clone())
    }

    /// Fills with whole numbers from [low, high); returns the tensor itself.
    ///
    /// # Errors
    /// If there is no number in the range, or one that the dtype cannot hold.
    pub fn random_with_ | try_random_with_(self, low: i64, high: i64, generator: &Generator) -> Tensor {
        if low >= high {
            bail!(Value, "random_ expects 'from' to be less than 'to', but got from={low} >= to={high}");
        }
        let (least, most) = whole_range(self.dtype());
        for (name, bound) in [("from", low), ("to - 1", high - 1)] {
            if bound < least || bound > most {
                bail!(Value, "{name} is out of bounds for {}", self.dtype().cpp_name());
            }
        }
        self.draw(Random::Integers { low, high }, generator)?;
        Ok(self.clone())
    }

    /// Fills with ones, with probability `p`, and zeros; returns the tensor itself.
    ///
    /// # Errors
    /// If `p` is no probability.
    pub fn bernoulli_with_ | try_bernoulli_with_(self, p: f64, generator: &Generator) -> Tensor {
        if !(0.0..=1.0).contains(&p) {
            bail!(Value, "bernoulli_ expects p to be in [0, 1], but got p={}", general(p));
        }
        self.draw(Random::Bernoulli { p }, generator)?;
        Ok(self.clone())
    }

    /// Fills with numbers from the exponential distribution of rate `lambd`; returns the tensor itself.
    ///
    /// # Errors
    /// For tensors of whole numbers, and if the rate is not positive.
    pub fn exponential_with_ | try_exponential_with_(self, lambd: f64, generator: &Generator) -> Tensor {
        if !(lambd > 0.0) {
            bail!(Value, "exponential_ expects lambda > 0.0, but found lambda={lambd}");
        }
        if !self.dtype().is_floating_point() {
            bail!(
                DType,
                "Exponential distribution is a continuous probability distribution. dtype must be a floating point but you \
                 specified {}",
                self.dtype().type_name()
            );
        }
        self.draw(Random::Exponential { rate: lambd }, generator)?;
        Ok(self.clone())
    }

    /// Fills with the number of trials, each of probability `p`, up to the first success; returns the tensor itself.
    ///
    /// # Errors
    /// For `bool`, and if `p` is not between 0 and 1.
    pub fn geometric_with_ | try_geometric_with_(self, p: f64, generator: &Generator) -> Tensor {
        if !(p > 0.0 && p < 1.0) {
            bail!(Value, "geometric_ expects p to be in (0, 1), but got p={p}");
        }
        if self.dtype() == DType::Bool {
            bail!(DType, "\"geometric_cpu\" not implemented for 'Bool'");
        }
        self.draw(Random::Geometric { p }, generator)?;
        Ok(self.clone())
    }

    /// Fills with e to the power of normal numbers; returns the tensor itself.
    ///
    /// # Errors
    /// For tensors of whole numbers, and if `std` is not positive.
    pub fn log_normal_with_ | try_log_normal_with_(self, mean: f64, std: f64, generator: &Generator) -> Tensor {
        if !(std > 0.0) {
            bail!(Value, "log_normal_ expects std > 0.0, but found std={std}");
        }
        if !self.dtype().is_floating_point() {
            bail!(DType, "\"log_normal_cpu\" not implemented for '{}'", self.dtype().type_name());
        }
        self.draw(Random::LogNormal { mean, std }, generator)?;
        Ok(self.clone())
    }

    /// Fills with numbers from the Cauchy distribution; returns the tensor itself.
    ///
    /// # Errors
    /// For tensors of whole numbers, and if `sigma` is not positive.
    pub fn cauchy_with_ | try_cauchy_with_(self, median: f64, sigma: f64, generator: &Generator) -> Tensor {
        if !(sigma > 0.0) {
            bail!(Value, "cauchy_ expects sigma > 0.0, but found sigma={sigma}");
        }
        if !self.dtype().is_floating_point() {
            bail!(
                DType,
                "Cauchy distribution is a continuous probability distribution. dtype must be a floating point but you \
                 specified {}",
                super::ternary::c_name(self.dtype())
            );
        }
        self.draw(Random::Cauchy { median, sigma }, generator)?;
        Ok(self.clone())
    }
}

/// The whole numbers that a dtype holds; for floats, what fits its range.
fn whole_range(dtype: DType) -> (i64, i64) {
    match dtype {
        DType::Bool => (0, 1),
        DType::U8 => (0, u8::MAX as i64),
        DType::I8 => (i8::MIN as i64, i8::MAX as i64),
        DType::I16 => (i16::MIN as i64, i16::MAX as i64),
        DType::I32 => (i32::MIN as i64, i32::MAX as i64),
        DType::F16 => (-65504, 65504),
        DType::I64 | DType::BF16 | DType::F32 | DType::F64 => (i64::MIN, i64::MAX),
    }
}
