//! Noise in training: dropout in its forms, leaky slopes drawn at random, and Gumbel's softmax. Each takes its numbers from a
//! generator; outside of training nothing is drawn and nothing changes.

use crate::display::general;
use crate::op::random::Random;
use crate::twins::twins;
use crate::{DType, Generator, Result, Tensor, bail};

/// Which elements share one draw.
#[derive(Clone, Copy, PartialEq)]
enum Shared {
    Nothing,
    /// All of a sample's channel.
    Channels,
}

/// What is drawn: zeros and ones over their mean, or to be scaled so that the negative saturation of `selu` stands for zero.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain,
    Alpha,
}

/// The negative limit of `selu` (Klambauer et al. 2017).
const SATURATION: f64 = 1.758_099_340_847_376_6;

impl Tensor {
    /// The tensor with noise; itself where there is none.
    fn dropped(&self, p: f64, training: bool, shared: Shared, kind: Kind, generator: &Generator) -> Result<Tensor> {
        if !(0.0..=1.0).contains(&p) {
            bail!(Value, "dropout probability has to be between 0 and 1, but got {}", general(p));
        }
        if p == 0.0 || !training || self.numel() == 0 {
            return Ok(self.clone());
        }
        if p == 1.0 {
            return self.try_mul(0);
        }
        if shared == Shared::Channels && self.ndim() < 2 {
            bail!(Shape, "Feature dropout requires at least 2 dimensions in the input");
        }
        if !self.dtype().is_floating_point() {
            let own = self.dtype().type_name();
            bail!(DType, "result type Float can't be cast to the desired output type {own}");
        }
        let noise = match shared {
            Shared::Nothing => self.try_empty_like(self.dtype())?,
            Shared::Channels => {
                let sizes: Vec<usize> =
                    self.shape().iter().enumerate().map(|(dim, size)| if dim < 2 { *size } else { 1 }).collect();
                Tensor::try_empty_on(sizes, self.dtype(), self.device())?
            }
        };
        match kind {
            Kind::Plain => {
                noise.draw(Random::Dropout { p }, generator)?;
                self.try_mul(&noise)
            }
            Kind::Alpha => {
                noise.draw(Random::Bernoulli { p: 1.0 - p }, generator)?;
                let a = 1.0 / ((SATURATION * SATURATION * p + 1.0) * (1.0 - p)).sqrt();
                let shift = noise.try_add(-1)?.try_mul_(SATURATION * a)?.try_add_(SATURATION * a * p)?;
                self.try_mul(&noise.try_mul_(a)?)?.try_add(&shift)
            }
        }
    }

    /// With a first dimension for a sample that has none.
    fn dropped_channels(&self, p: f64, training: bool, batched: usize, generator: &Generator) -> Result<Tensor> {
        let drop = |x: &Tensor| x.dropped(p, training, Shared::Channels, Kind::Plain, generator);
        if self.ndim() == batched { drop(self) } else { drop(&self.try_unsqueeze(0)?)?.try_squeeze_dim(0) }
    }
}

twins! {
    /// In training each element is zero with probability `p`, and the others are divided by 1 − `p` (Srivastava et al. 2014).
    ///
    /// ```
    /// # use tensor_core::{Generator, Tensor};
    /// let x = Tensor::from_vec(vec![1.0f32; 4], [4], ops_cpu::cpu());
    /// let y = x.dropout_with(0.5, true, &Generator::new().manual_seed(0));
    /// assert_eq!(y.to_vec::<f32>(), [0.0, 0.0, 2.0, 0.0]);
    /// ```
    ///
    /// # Errors
    /// If `p` is no probability; in training, for whole numbers.
    pub fn dropout_with | try_dropout_with(self, p: f64, training: bool, generator: &Generator) -> Tensor {
        self.dropped(p, training, Shared::Nothing, Kind::Plain, generator)
    }

    /// Dropout that keeps mean and variance of what `selu` made (Klambauer et al. 2017).
    ///
    /// # Errors
    /// As [`dropout_with`](Tensor::dropout_with).
    pub fn alpha_dropout_with | try_alpha_dropout_with(self, p: f64, training: bool, generator: &Generator) -> Tensor {
        self.dropped(p, training, Shared::Nothing, Kind::Alpha, generator)
    }

    /// [`alpha_dropout_with`](Tensor::alpha_dropout_with) of whole channels (dimension 1).
    ///
    /// # Errors
    /// As [`dropout_with`](Tensor::dropout_with); if there are no channels.
    pub fn feature_alpha_dropout_with | try_feature_alpha_dropout_with(self, p: f64, training: bool, generator: &Generator) -> Tensor {
        self.dropped(p, training, Shared::Channels, Kind::Alpha, generator)
    }

    /// [`dropout_with`](Tensor::dropout_with) of whole channels of (N, C, L) or (C, L).
    ///
    /// # Errors
    /// As [`dropout_with`](Tensor::dropout_with); for other shapes.
    pub fn dropout1d_with | try_dropout1d_with(self, p: f64, training: bool, generator: &Generator) -> Tensor {
        let rank = self.ndim();
        if rank != 2 && rank != 3 {
            bail!(
                Shape,
                "dropout1d: Expected 2D or 3D input, but received a {rank}D input. Note that dropout1d exists to provide \
                 channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension \
                 (i.e. 2D or 3D inputs)."
            );
        }
        self.dropped_channels(p, training, 3, generator)
    }

    /// [`dropout_with`](Tensor::dropout_with) of whole channels of (N, C, H, W). As in PyTorch, three dimensions are (N, C, L).
    ///
    /// # Errors
    /// As [`dropout_with`](Tensor::dropout_with); if there are no channels.
    pub fn dropout2d_with | try_dropout2d_with(self, p: f64, training: bool, generator: &Generator) -> Tensor {
        self.dropped(p, training, Shared::Channels, Kind::Plain, generator)
    }

    /// [`dropout_with`](Tensor::dropout_with) of whole channels of (N, C, D, H, W) or (C, D, H, W).
    ///
    /// # Errors
    /// As [`dropout_with`](Tensor::dropout_with).
    pub fn dropout3d_with | try_dropout3d_with(self, p: f64, training: bool, generator: &Generator) -> Tensor {
        self.dropped_channels(p, training, 5, generator)
    }

    /// x above zero, else x times a slope: in training one drawn evenly from [lower, upper) for each element, otherwise the
    /// middle of both (Xu et al. 2015). PyTorch's defaults are 1/8 and 1/3.
    ///
    /// # Errors
    /// For whole numbers, or if `lower` is above `upper`.
    pub fn rrelu_with | try_rrelu_with(self, lower: f64, upper: f64, training: bool, generator: &Generator) -> Tensor {
        if lower > upper {
            bail!(Value, "Lower bound should be less than or equal to the upper bound");
        }
        if !training {
            return self.try_leaky_relu((lower + upper) / 2.0);
        }
        if !self.dtype().is_floating_point() || self.dtype() == DType::F16 {
            bail!(DType, "\"rrelu_with_noise_out_cpu\" not implemented for '{}'", self.dtype().type_name());
        }
        // Numbers are drawn for elements that are not above zero only.
        let below = self.detach().try_gt(0.0)?.try_logical_not()?.try_reshape([-1])?.try_nonzero()?.try_reshape([-1])?;
        let slopes = Tensor::try_empty_on([below.numel()], DType::F64, self.device())?;
        slopes.draw(Random::Uniform { low: lower, high: upper }, generator)?;
        let noise = Tensor::try_full_on([self.numel()], 1, self.dtype(), self.device())?;
        let noise = noise.try_index_put(&[Some(&below)], &slopes.try_to_dtype(self.dtype())?, false)?;
        self.try_mul(&noise.try_reshape(self.shape())?)
    }

    /// A sample from the softmax with these logits: the softmax, at temperature `tau`, of logits with Gumbel's noise (Jang et al.
    /// 2016). With `hard` it is one for the largest and zero elsewhere, with the gradient of the soft one. PyTorch's defaults are 1,
    /// false and −1.
    ///
    /// # Errors
    /// For whole numbers; if there is no such dimension.
    pub fn gumbel_softmax_with | try_gumbel_softmax_with(self, tau: f64, hard: bool, dim: i64, generator: &Generator) -> Tensor {
        let noise = Tensor::try_empty_on(self.shape(), self.dtype(), self.device())?;
        let noise = noise.try_exponential_with_(1.0, generator)?.try_log()?.try_neg()?;
        let soft = self.try_add(&noise)?.try_div(tau)?.try_softmax(dim)?;
        if !hard {
            return Ok(soft);
        }
        let largest = soft.detach().try_argmax_dim(dim, true)?;
        let zeros = Tensor::try_full_on(self.shape(), 0, self.dtype(), self.device())?;
        let ones = Tensor::try_full_on(largest.shape(), 1, self.dtype(), self.device())?;
        zeros.try_scatter_add(dim, &largest, &ones)?.try_sub(&soft.detach())?.try_add(&soft)
    }
}
