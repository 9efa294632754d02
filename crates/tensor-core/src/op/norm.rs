//! Elements brought to a common scale: softmax along a dimension, and standardizing (mean 0, variance 1) over trailing
//! dimensions, groups of channels or whole channels. The derivatives of both are operations here, too.

use super::{Op, Plan};
use crate::twins::twins;
use crate::{DType, Dims, IntoShape, Layout, Result, Tensor, bail, shape};

/// A normalization, or the derivative of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Norm {
    /// e^x over the sum of e^x along the dimension.
    Softmax {
        /// The dimension.
        dim: u8,
    },
    /// The logarithm of `Softmax`.
    LogSoftmax {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (g, y), y the result of `Softmax`: y (g − Σ g y).
    SoftmaxBackward {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (g, y), y the result of `LogSoftmax`: g − e^y Σ g.
    LogSoftmaxBackward {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (x[, weight[, bias]][, moments]): the standardized x, times the weight, plus the bias.
    Standard(Standard),
    /// Inputs (g, x[, weight]): the gradient of `Standard`'s x, g being that of its result.
    StandardInput(Standard),
    /// Inputs (g, x): the gradient of `Standard`'s weight.
    StandardWeight(Standard),
    /// Inputs (g, x, weight[, moments]): the gradients of `Standard`'s x, of its weight and of its bias, one behind the other.
    StandardAll(Standard),
    /// Input x: for each channel (dimension 1) its mean and its variance, divided by the count, as two rows.
    Moments,
}

/// What is standardized together, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standard {
    /// The elements that share a mean and a variance.
    pub over: Over,
    /// What is added to the variance.
    pub eps: f64,
    /// Whether the mean is taken off; without, the variance is the mean square.
    pub centred: bool,
    /// Whether there is a weight.
    pub weighted: bool,
    /// Whether the last input of `Standard` is what `Moments` finds of x, which then need not be found again.
    pub given: bool,
}

/// Which elements are standardized together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Over {
    /// So many last dimensions; the weight has their shape.
    Trailing(u8),
    /// Neighbouring channels (dimension 1), in so many groups, and all that comes after, of each sample; a weight per channel.
    Groups(u32),
    /// Each channel (dimension 1) in all samples and places; a weight per channel.
    Channels,
}

impl Over {
    /// The shape of weight and bias, for an input of `shape`.
    pub fn weight_shape(self, shape: &[usize]) -> Dims {
        match self {
            Over::Trailing(dims) => shape[shape.len() - dims as usize..].into(),
            Over::Groups(_) | Over::Channels => shape[1..2].into(),
        }
    }

    /// How a weight's shape is written so that it broadcasts to `shape`.
    pub fn broadcast_shape(self, shape: &[usize]) -> Dims {
        match self {
            Over::Trailing(_) => self.weight_shape(shape),
            Over::Groups(_) | Over::Channels => [shape[1]].into_iter().chain(shape[2..].iter().map(|_| 1)).collect(),
        }
    }

    /// The dimensions of `rank` over which a weight is repeated.
    pub fn repeated(self, rank: usize) -> Vec<usize> {
        match self {
            Over::Trailing(dims) => (0..rank - dims as usize).collect(),
            Over::Groups(_) | Over::Channels => (0..rank).filter(|dim| *dim != 1).collect(),
        }
    }
}

impl Norm {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let x = inputs[0];
        let floats = |name: &str| match x.dtype().is_floating_point() {
            true => Ok(()),
            // PyTorch looks for no kernel where there is nothing to compute.
            false if x.numel() == 0 => Ok(()),
            false => bail!(DType, "\"{name}\" not implemented for '{}'", x.dtype().type_name()),
        };
        let (shape, dtype) = match self {
            Norm::Softmax { dim } | Norm::LogSoftmax { dim } => {
                let last = dim as usize + 1 >= x.ndim();
                floats(match (self, last) {
                    (Norm::LogSoftmax { .. }, true) => "log_softmax_lastdim_kernel_impl",
                    (Norm::LogSoftmax { .. }, false) => "log_softmax_kernel_impl",
                    (_, true) => "softmax_lastdim_kernel_impl",
                    (_, false) => "softmax_kernel_impl",
                })?;
                (x.shape().clone(), x.dtype())
            }
            Norm::SoftmaxBackward { .. }
            | Norm::LogSoftmaxBackward { .. }
            | Norm::Standard(_)
            | Norm::StandardInput(_) => (x.shape().clone(), x.dtype()),
            Norm::StandardAll(standard) => {
                let weights: usize = standard.over.weight_shape(inputs[1].shape()).iter().product();
                ([inputs[1].numel() + 2 * weights].as_slice().into(), x.dtype())
            }
            Norm::StandardWeight(standard) => (standard.over.weight_shape(x.shape()), x.dtype()),
            Norm::Moments => ([2, x.shape()[1]].as_slice().into(), statistics_dtype(x.dtype())),
        };
        Ok(Plan { layout: Layout::contiguous(shape), dtype, compute: x.dtype() })
    }
}

/// The dtype in which means and variances of a tensor are kept.
fn statistics_dtype(dtype: DType) -> DType {
    match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        other => other,
    }
}

/// What batch and instance normalization may be given beyond the running statistics.
#[derive(Clone, Copy, Debug)]
pub struct BatchNorm<'a> {
    /// A factor for each channel.
    pub weight: Option<&'a Tensor>,
    /// A number to add for each channel.
    pub bias: Option<&'a Tensor>,
    /// Whether the batch's own statistics are used, and the running ones updated. (`use_input_stats` of instance
    /// normalization.)
    pub training: bool,
    /// The share of the batch in updated running statistics.
    pub momentum: f64,
    /// What is added to variances.
    pub eps: f64,
}

impl Default for BatchNorm<'_> {
    fn default() -> Self {
        BatchNorm { weight: None, bias: None, training: false, momentum: 0.1, eps: 1e-5 }
    }
}

impl Tensor {
    /// `Standard` of a row-major form of this tensor, with weight and bias as far as there are any.
    fn standardized(&self, standard: Standard, weight: Option<&Tensor>, bias: Option<&Tensor>) -> Result<Tensor> {
        let x = self.try_contiguous()?;
        let op = Op::Norm(Norm::Standard(Standard { weighted: weight.is_some(), ..standard }));
        match (weight, bias) {
            (Some(weight), Some(bias)) => Tensor::apply(op, &[&x, weight, bias]),
            (Some(weight), None) => Tensor::apply(op, &[&x, weight]),
            (None, None) => Tensor::apply(op, &[&x]),
            (None, Some(bias)) => {
                let bias = bias.try_reshape(standard.over.broadcast_shape(x.shape()))?;
                Tensor::apply(op, &[&x])?.try_add(&bias)?.try_to_dtype(x.dtype())
            }
        }
    }

    /// What normalization over the last dimensions asks of its operands.
    fn check_trailing(&self, sizes: &Dims, weight: Option<&Tensor>, bias: Option<&Tensor>, star: &str) -> Result<Over> {
        if sizes.is_empty() {
            bail!(
                Shape,
                "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got \
                 normalized_shape = []"
            );
        }
        for (name, parameter) in [("weight", weight), ("bias", bias)] {
            if let Some(parameter) = parameter.filter(|parameter| parameter.shape() != sizes) {
                bail!(
                    Shape,
                    "Expected {name} to be of same shape as normalized_shape, but got {name} of shape {:?} and \
                     normalized_shape = {sizes:?}",
                    parameter.shape()
                );
            }
        }
        if !self.shape().ends_with(sizes) {
            let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
            bail!(
                Shape,
                "Given normalized_shape=[{0}], expected input with shape [{star}{0}], but got input of size{1:?}",
                sizes.join(", "),
                self.shape()
            );
        }
        Ok(Over::Trailing(sizes.len() as u8))
    }

    /// Floats only, and parameters of the same dtype, or of `float32` beside half types.
    fn check_norm_dtypes(&self, kernel: &str, parameters: [Option<&Tensor>; 2]) -> Result<()> {
        if !self.dtype().is_floating_point() {
            bail!(DType, "\"{kernel}\" not implemented for '{}'", self.dtype().type_name());
        }
        let given: Vec<DType> = parameters.into_iter().flatten().map(Tensor::dtype).collect();
        let mixed = statistics_dtype(self.dtype());
        if given.iter().any(|dtype| *dtype != self.dtype()) && given.iter().any(|dtype| *dtype != mixed) {
            bail!(DType, "mixed dtype (CPU): expect parameter to have scalar type of Float");
        }
        Ok(())
    }

    fn check_channels(&self, name: &str, parameter: Option<&Tensor>) -> Result<()> {
        let channels = self.shape().get(1).copied().unwrap_or(0);
        match parameter.map(Tensor::numel) {
            Some(count) if count != channels => {
                bail!(Shape, "{name} should contain {channels} elements not {count}")
            }
            _ => Ok(()),
        }
    }

    /// Standardizing with statistics that are given: one factor and one summand per channel.
    fn standardized_as(&self, mean: &Tensor, variance: &Tensor, options: BatchNorm<'_>) -> Result<Tensor> {
        let shape = Over::Channels.broadcast_shape(self.shape());
        let scale = variance.try_add(options.eps)?.try_rsqrt()?;
        let scale = options.weight.map_or(Ok(scale.clone()), |weight| scale.try_mul(weight))?;
        let shift = mean.try_mul(&scale)?.try_neg()?;
        let shift = options.bias.map_or(Ok(shift.clone()), |bias| shift.try_add(bias))?;
        let scaled = self.try_mul(&scale.try_reshape(&shape)?)?;
        scaled.try_add(&shift.try_reshape(&shape)?)?.try_to_dtype(self.dtype())
    }

    /// The mean and the variance of each channel, as two rows. They are constants to whoever differentiates.
    fn channel_moments(&self) -> Result<Tensor> {
        let _pause = crate::mode::Recording::set(false);
        Tensor::apply(Op::Norm(Norm::Moments), &[self])
    }

    /// Moves running statistics towards the mean and the variance of this tensor's channels. `instances`: how many channels
    /// in a row, each of a sample, stand for one running statistic each.
    fn update_running(
        &self,
        moments: &Tensor,
        mean: Option<&Tensor>,
        variance: Option<&Tensor>,
        momentum: f64,
    ) -> Result<()> {
        let _pause = crate::mode::Recording::set(false);
        let count = self.numel() / self.shape()[1].max(1);
        let update = |running: &Tensor, row: i64, factor: f64| -> Result<()> {
            let now =
                moments.try_select(0, row)?.try_reshape([self.shape()[1] / running.numel().max(1), running.numel()])?;
            let now = if now.shape()[0] == 1 { now.try_select(0, 0)? } else { now.try_mean_dim(0, false)? };
            running
                .try_mul_(1.0 - momentum)?
                .try_add_(&now.try_mul(momentum * factor)?.try_to_dtype(running.dtype())?)?;
            Ok(())
        };
        if count == 0 {
            return Ok(());
        }
        mean.map_or(Ok(()), |running| update(running, 0, 1.0))?;
        // Running variances are unbiased ones.
        variance.map_or(Ok(()), |running| update(running, 1, count as f64 / (count as f64 - 1.0)))
    }
}

twins! {
    /// e^x over the sum of e^x along `dim`: positive numbers that add up to one.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![0.0f64, 3f64.ln()], [2], ops_cpu::cpu());
    /// assert!((x.softmax(0).to_vec::<f64>()[1] - 0.75).abs() < 1e-15);
    /// ```
    ///
    /// # Errors
    /// For whole numbers and `bool`, or a `dim` out of range.
    pub fn softmax | try_softmax(self, dim: i64) -> Tensor {
        let dim = shape::checked_dim(dim, self.ndim())? as u8;
        Tensor::apply(Op::Norm(Norm::Softmax { dim }), &[self])
    }

    /// [`softmax`](Tensor::softmax) of this tensor as `dtype`: PyTorch's argument `dtype`.
    pub fn softmax_dtype | try_softmax_dtype(self, dim: i64, dtype: DType) -> Tensor {
        self.try_to_dtype(dtype)?.try_softmax(dim)
    }

    /// The logarithm of [`softmax`](Tensor::softmax), accurate also where that is tiny.
    pub fn log_softmax | try_log_softmax(self, dim: i64) -> Tensor {
        let dim = shape::checked_dim(dim, self.ndim())? as u8;
        Tensor::apply(Op::Norm(Norm::LogSoftmax { dim }), &[self])
    }

    /// [`log_softmax`](Tensor::log_softmax) of this tensor as `dtype`: PyTorch's argument `dtype`.
    pub fn log_softmax_dtype | try_log_softmax_dtype(self, dim: i64, dtype: DType) -> Tensor {
        self.try_to_dtype(dtype)?.try_log_softmax(dim)
    }

    /// The last dimensions, of sizes `normalized_shape`, brought to mean 0 and variance 1, then times `weight`, plus `bias`
    /// (Ba, Kiros and Hinton 2016). PyTorch's default for `eps` is 1e-5.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f64, 3.0, 10.0, 30.0], [2, 2], ops_cpu::cpu());
    /// assert_eq!(x.layer_norm(2, None, None, 0.0).to_vec::<f64>(), [-1.0, 1.0, -1.0, 1.0]);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not fit, or for whole numbers and `bool`.
    pub fn layer_norm | try_layer_norm [S: IntoShape]
        (self, normalized_shape: S, weight: Option<&Tensor>, bias: Option<&Tensor>, eps: f64) -> Tensor {
        let over = self.check_trailing(&shape::checked_shape(&normalized_shape)?, weight, bias, "*, ")?;
        self.check_norm_dtypes("LayerNormKernelImpl", [weight, bias])?;
        self.standardized(Standard { over, eps, centred: true, weighted: false, given: false }, weight, bias)
    }

    /// The last dimensions, of sizes `normalized_shape`, divided by the root of their mean square, then times `weight` (Zhang
    /// and Sennrich 2019). `eps` is added to the mean square; `None` is the precision of the dtype.
    ///
    /// # Errors
    /// As [`layer_norm`](Tensor::layer_norm).
    pub fn rms_norm | try_rms_norm [S: IntoShape]
        (self, normalized_shape: S, weight: Option<&Tensor>, eps: Option<f64>) -> Tensor {
        let over = self.check_trailing(&shape::checked_shape(&normalized_shape)?, weight, None, "*")?;
        self.check_norm_dtypes("rms_norm", [None, None])?;
        let eps = eps.unwrap_or(match self.dtype() {
            DType::F64 => f64::EPSILON,
            DType::F16 => 2f64.powi(-10),
            DType::BF16 => 2f64.powi(-7),
            _ => f32::EPSILON as f64,
        });
        let weight = weight.map(|weight| weight.try_to_dtype(self.dtype())).transpose()?;
        self.standardized(Standard { over, eps, centred: false, weighted: false, given: false }, weight.as_ref(), None)
    }

    /// Each sample's channels (dimension 1) in `num_groups` groups of neighbours, each brought to mean 0 and variance 1
    /// together with all dimensions after, then times `weight`, plus `bias`, which are one number per channel (Wu and He
    /// 2018). PyTorch's default for `eps` is 1e-5.
    ///
    /// # Errors
    /// If the shapes do not fit, or for whole numbers and `bool`.
    pub fn group_norm | try_group_norm
        (self, num_groups: usize, weight: Option<&Tensor>, bias: Option<&Tensor>, eps: f64) -> Tensor {
        if self.ndim() < 2 {
            bail!(Shape, "Expected at least 2 dimensions for input tensor but received {}", self.ndim());
        }
        let channels = self.shape()[1];
        if num_groups == 0 {
            bail!(Value, "Expected num groups to be greater than 0, got 0");
        }
        if !channels.is_multiple_of(num_groups) {
            bail!(
                Shape,
                "Expected number of channels in input to be divisible by num_groups, but got input of shape {:?} and \
                 num_groups={num_groups}",
                self.shape()
            );
        }
        for (name, parameter) in [("weight", weight), ("bias", bias)] {
            if let Some(parameter) = parameter.filter(|parameter| parameter.shape()[..] != [channels]) {
                bail!(
                    Shape,
                    "Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of \
                     shape {:?} and input of shape {:?}",
                    parameter.shape(),
                    self.shape()
                );
            }
        }
        self.check_norm_dtypes("GroupNormKernelImpl", [weight, bias])?;
        let over = Over::Groups(num_groups as u32);
        self.standardized(Standard { over, eps, centred: true, weighted: false, given: false }, weight, bias)
    }

    /// Each channel (dimension 1) brought to mean 0 and variance 1, then times `weight`, plus `bias` (Ioffe and Szegedy 2015).
    /// In training the statistics are the batch's, and the running ones, if given, move towards them by `momentum`; else
    /// the running ones are used.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::norm::BatchNorm};
    /// let x = Tensor::from_vec(vec![1.0f64, 3.0], [2, 1], ops_cpu::cpu());
    /// let training = BatchNorm { training: true, eps: 1e-30, ..BatchNorm::default() };
    /// assert_eq!(x.batch_norm(None, None, training).to_vec::<f64>(), [-1.0, 1.0]);
    /// ```
    ///
    /// # Errors
    /// If shapes do not fit, if running statistics are missing outside training, or a channel has one value in training.
    pub fn batch_norm | try_batch_norm
        (self, running_mean: Option<&Tensor>, running_var: Option<&Tensor>, options: BatchNorm<'_>) -> Tensor {
        let BatchNorm { weight, bias, training, momentum, eps } = options;
        if training && self.ndim() > 1 && self.shape().iter().enumerate().all(|(dim, size)| dim == 1 || *size == 1) {
            bail!(
                Value,
                "Expected more than 1 value per channel when training, got input size torch.Size({:?})",
                self.shape()
            );
        }
        if training && eps <= 0.0 {
            bail!(Value, "batch_norm eps must be positive during training, but got {eps:?}");
        }
        let given =
            [("running_mean", running_mean), ("running_var", running_var), ("weight", weight), ("bias", bias)];
        for (name, parameter) in given {
            if !training && parameter.is_none() && name.starts_with("running") {
                bail!(Value, "{name} must be defined in evaluation mode");
            }
            self.check_channels(name, parameter)?;
        }
        self.check_norm_dtypes("batch_norm", [weight, bias])?;
        if self.ndim() < 2 {
            bail!(Shape, "Expected at least 2 dimensions for input tensor but received {}", self.ndim());
        }
        match (training, running_mean, running_var) {
            (false, Some(mean), Some(variance)) => self.standardized_as(mean, variance, options),
            _ => {
                let moments = self.channel_moments()?;
                if running_mean.is_some() || running_var.is_some() {
                    self.update_running(&moments, running_mean, running_var, momentum)?;
                }
                if let (Some(weight), Some(bias)) = (weight, bias) {
                    let standard = Standard { over: Over::Channels, eps, centred: true, weighted: true, given: true };
                    let x = self.try_contiguous()?;
                    return Tensor::apply(Op::Norm(Norm::Standard(standard)), &[&x, weight, bias, &moments]);
                }
                let standard = Standard { over: Over::Channels, eps, centred: true, weighted: false, given: false };
                self.standardized(standard, weight, bias)
            }
        }
    }

    /// Each channel of each sample (dimensions 1 and 0) brought to mean 0 and variance 1, then times `weight`, plus `bias`, one
    /// number per channel (Ulyanov, Vedaldi and Lempitsky 2016). `options.training` is PyTorch's `use_input_stats`; running
    /// statistics, if given, are used or updated as by [`batch_norm`](Tensor::batch_norm).
    ///
    /// # Errors
    /// As [`batch_norm`](Tensor::batch_norm).
    pub fn instance_norm | try_instance_norm
        (self, running_mean: Option<&Tensor>, running_var: Option<&Tensor>, options: BatchNorm<'_>) -> Tensor {
        if options.training && self.shape().iter().skip(2).product::<usize>() == 1 {
            bail!(
                Value,
                "Expected more than 1 spatial element when training, got input size torch.Size({:?})",
                self.shape()
            );
        }
        if !options.training {
            return match (running_mean, running_var) {
                (Some(_), Some(_)) => self.try_batch_norm(running_mean, running_var, options),
                _ => bail!(Value, "Expected running_mean and running_var to be defined when use_input_stats is false"),
            };
        }
        self.check_channels("running_mean", running_mean)?;
        self.check_channels("running_var", running_var)?;
        if running_mean.is_some() || running_var.is_some() {
            let places: Dims = [1, self.shape()[0] * self.shape()[1]].into_iter().chain(self.shape()[2..].iter().copied()).collect();
            let channels = self.detach().try_reshape(places)?;
            channels.update_running(&channels.channel_moments()?, running_mean, running_var, options.momentum)?;
        }
        self.try_group_norm(self.shape()[1].max(1), options.weight, options.bias, options.eps)
    }
}
