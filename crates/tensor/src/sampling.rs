//! Random fills from the default stream, and draws that depend on a tensor of probabilities.

use crate::{cpu, default_generator};
use ops_cpu::random as kernels;
use tensor_core::op::random::Random;
use tensor_core::{
    DType, Dims, Generator, IntoOperand, Operand, Result, Tensor, bail, bf16, f16, or_panic, room, shape,
};

/// Fills a tensor with random numbers from the default stream; each returns the tensor itself.
pub trait Fill: Sized {
    /// Numbers drawn evenly from [low, high).
    ///
    /// ```
    /// use tensor::{Fill, empty, manual_seed};
    /// manual_seed(0);
    /// let x = empty([2]).uniform_(-1.0, 1.0);
    /// assert_eq!(x.to_string(), "tensor([-0.0075,  0.5364])");
    /// ```
    #[track_caller]
    fn uniform_(&self, low: f64, high: f64) -> Tensor;
    /// Numbers from the normal distribution.
    #[track_caller]
    fn normal_(&self, mean: f64, std: f64) -> Tensor;
    /// Whole numbers from [low, high).
    #[track_caller]
    fn random_(&self, low: i64, high: i64) -> Tensor;
    /// Ones with probability `p`, else zeros.
    #[track_caller]
    fn bernoulli_(&self, p: f64) -> Tensor;
    /// Numbers from the exponential distribution of rate `lambd`.
    #[track_caller]
    fn exponential_(&self, lambd: f64) -> Tensor;
    /// The number of trials, each of probability `p`, up to the first success.
    #[track_caller]
    fn geometric_(&self, p: f64) -> Tensor;
    /// e to the power of normal numbers.
    #[track_caller]
    fn log_normal_(&self, mean: f64, std: f64) -> Tensor;
    /// Numbers from the Cauchy distribution.
    #[track_caller]
    fn cauchy_(&self, median: f64, sigma: f64) -> Tensor;
}

impl Fill for Tensor {
    fn uniform_(&self, low: f64, high: f64) -> Tensor {
        self.uniform_with_(low, high, &default_generator())
    }
    fn normal_(&self, mean: f64, std: f64) -> Tensor {
        self.normal_with_(mean, std, &default_generator())
    }
    fn random_(&self, low: i64, high: i64) -> Tensor {
        self.random_with_(low, high, &default_generator())
    }
    fn bernoulli_(&self, p: f64) -> Tensor {
        self.bernoulli_with_(p, &default_generator())
    }
    fn exponential_(&self, lambd: f64) -> Tensor {
        self.exponential_with_(lambd, &default_generator())
    }
    fn geometric_(&self, p: f64) -> Tensor {
        self.geometric_with_(p, &default_generator())
    }
    fn log_normal_(&self, mean: f64, std: f64) -> Tensor {
        self.log_normal_with_(mean, std, &default_generator())
    }
    fn cauchy_(&self, median: f64, sigma: f64) -> Tensor {
        self.cauchy_with_(median, sigma, &default_generator())
    }
}

/// Normal numbers, each with its own mean or deviation or both, from the default stream: PyTorch's `normal` of tensors.
///
/// ```
/// tensor::manual_seed(0);
/// let means = tensor::tensor([0.0, 100.0]);
/// assert_eq!(tensor::normal_of(&means, 1.0).to_string(), "tensor([ 1.5410, 99.7066])");
/// ```
///
/// # Panics
/// If neither is a tensor of floats, the shapes do not broadcast, or a deviation is negative.
#[track_caller]
pub fn normal_of(mean: impl IntoOperand, std: impl IntoOperand) -> Tensor {
    or_panic(try_normal_of(mean, std, &default_generator()))
}

/// As [`normal_of`], from `generator`, returning misuse as an error.
pub fn try_normal_of(mean: impl IntoOperand, std: impl IntoOperand, generator: &Generator) -> Result<Tensor> {
    let (mean, std) = (mean.operand(), std.operand());
    let tensor = |x: &Operand<'_>| match x {
        Operand::Tensor(x) => Some(x.detach()),
        Operand::Owned(x) => Some(x.detach()),
        Operand::Number(_) => None,
    };
    let (means, stds) = (tensor(&mean), tensor(&std));
    if let Some(stds) = &stds
        && !stds.try_ge(0.0)?.try_all()?.try_item::<bool>()?
    {
        bail!(Value, "normal expects all elements of std >= 0.0");
    }
    let fresh = |like: &Tensor, shape: &Dims, std: f64| {
        Tensor::try_empty_on(shape, like.dtype(), like.device())?.try_normal_with_(0.0, std, generator)
    };
    match (&means, &stds, &mean, &std) {
        (Some(means), Some(stds), ..) => {
            let shape = shape::broadcast(means.shape(), stds.shape())?;
            fresh(means, &shape, 1.0)?.try_mul_(stds)?.try_add_(means)
        }
        (Some(means), None, _, Operand::Number(std)) => fresh(means, means.shape(), std.to_f64())?.try_add_(means),
        (None, Some(stds), Operand::Number(mean), _) => fresh(stds, stds.shape(), 1.0)?.try_mul_(stds)?.try_add_(*mean),
        _ => bail!(Value, "normal_of needs a tensor; of two numbers normal takes a shape"),
    }
}

/// Poisson numbers of the given rates, from the default stream, in their dtype.
///
/// ```
/// tensor::manual_seed(0);
/// let rates = tensor::full([4], 3.0);
/// assert_eq!(tensor::poisson(&rates).shape()[..], [4]);
/// ```
///
/// # Panics
/// If there are no floats, or a rate is negative.
#[track_caller]
pub fn poisson(rates: &Tensor) -> Tensor {
    or_panic(try_poisson(rates, &default_generator()))
}

/// As [`poisson`], from `generator`, returning misuse as an error.
pub fn try_poisson(rates: &Tensor, generator: &Generator) -> Result<Tensor> {
    let rates = rates.detach();
    if rates.dtype().is_floating_point() && !rates.try_ge(0.0)?.try_all()?.try_item::<bool>()? {
        bail!(Value, "invalid Poisson rate, expected rate to be non-negative");
    }
    macro_rules! draw {
        ($t:ty) => {{
            let values = rates.try_to_vec::<$t>()?;
            let mut out = vec![<$t>::default(); values.len()];
            kernels::poisson(&mut generator.lock(), &mut out, &values);
            out
        }};
    }
    let (shape, to) = (rates.shape().clone(), rates.device());
    match rates.dtype() {
        DType::F16 => Tensor::try_from_slice(&draw!(f16), shape, to),
        DType::BF16 => Tensor::try_from_slice(&draw!(bf16), shape, to),
        DType::F32 => Tensor::try_from_slice(&draw!(f32), shape, to),
        DType::F64 => Tensor::try_from_slice(&draw!(f64), shape, to),
        other => bail!(DType, "\"poisson_cpu\" not implemented for '{}'", other.type_name()),
    }
}

/// Ones with the probabilities `p`, else zeros, from the default stream; dtype and shape are those of `p`.
///
/// ```
/// tensor::manual_seed(0);
/// let p = tensor::full([5], 0.5);
/// assert_eq!(tensor::bernoulli(&p).to_string(), "tensor([1., 0., 1., 1., 1.])");
/// ```
///
/// # Panics
/// If `p` holds no floats, or one that is no probability.
#[track_caller]
pub fn bernoulli(p: &Tensor) -> Tensor {
    or_panic(try_bernoulli(p, &default_generator()))
}

/// As [`bernoulli`], from `generator`, returning misuse as an error.
pub fn try_bernoulli(p: &Tensor, generator: &Generator) -> Result<Tensor> {
    if !p.dtype().is_floating_point() {
        bail!(DType, "\"bernoulli_tensor_cpu_p_\" not implemented for '{}'", p.dtype().type_name());
    }
    let p = p.detach();
    // NaN is the largest and the smallest, and inside of nothing.
    let extremes =
        if p.numel() == 0 { vec![0.0] } else { vec![p.try_min()?.try_item()?, p.try_max()?.try_item::<f64>()?] };
    if !extremes.iter().all(|p| (0.0..=1.0).contains(p)) {
        bail!(Value, "Expected p_in >= 0 && p_in <= 1 to be true, but got false.");
    }
    // In logical order: the copy is row-major.
    let out = p.try_contiguous()?.try_clone()?;
    out.draw(Random::BernoulliOf, generator)?;
    Ok(out)
}

/// `samples` positions drawn from each row of `weights` (a vector, or a matrix of rows), from the default stream, `int64`.
///
/// ```
/// tensor::manual_seed(0);
/// let w = tensor::tensor([0.0, 10.0, 3.0, 0.0]);
/// assert_eq!(tensor::multinomial(&w, 2, false).shape()[..], [2]);
/// ```
///
/// # Panics
/// If the weights are no `float32` or `float64`, negative, or too few for drawing without replacement.
#[track_caller]
pub fn multinomial(weights: &Tensor, samples: usize, replacement: bool) -> Tensor {
    or_panic(try_multinomial(weights, samples, replacement, &default_generator()))
}

/// As [`multinomial`], from `generator`, returning misuse as an error.
pub fn try_multinomial(weights: &Tensor, samples: usize, replacement: bool, generator: &Generator) -> Result<Tensor> {
    let w = weights.detach();
    let (rows, columns) = match w.shape()[..] {
        [columns] => (1, columns),
        [rows, columns] => (rows, columns),
        _ => bail!(Shape, "prob_dist must be 1 or 2 dim"),
    };
    if !w.dtype().is_floating_point() {
        bail!(DType, "multinomial only supports floating-point dtypes for input, got: {}", w.dtype().type_name());
    }
    if samples == 0 {
        bail!(Value, "cannot sample n_sample <= 0 samples");
    }
    if !replacement && samples > columns {
        bail!(Value, "cannot sample n_sample > prob_dist.size(-1) samples without replacement");
    }
    if !w.ge(0.0).bitwise_and(&w.isfinite()).all().item::<bool>() {
        bail!(Value, "probability tensor contains either `inf`, `nan` or element < 0");
    }
    if rows > 0 && w.sum_dim(-1, false).le(0.0).any().item::<bool>() {
        bail!(Value, "invalid multinomial distribution (sum of probabilities <= 0)");
    }
    let shape = if w.ndim() == 1 { vec![samples] } else { vec![rows, samples] };
    let count = shape::checked_numel(&shape)?;
    let mut out: Vec<i64> = room(count)?;
    out.resize(count, 0);
    macro_rules! draw {
        ($t:ty) => {{
            // The draws follow the order of memory; the kernel takes rows as they lie.
            let values = w.try_to_vec::<$t>()?;
            kernels::multinomial(&mut generator.lock(), &values, columns, &mut out, samples, replacement);
        }};
    }
    match w.dtype() {
        DType::F32 => draw!(f32),
        DType::F64 => draw!(f64),
        other => bail!(Unsupported, "multinomial is not implemented for '{}'", other.type_name()),
    }
    Tensor::try_from_slice(&out, shape, cpu())?.try_to_device(weights.device())
}
