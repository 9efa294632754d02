//! Noise in training from the default stream.

use crate::default_generator;
use tensor_core::Tensor;

/// Functions that draw from the default stream where they train; the methods of the same names with `_with` take a generator.
pub trait Noise {
    /// In training each element is zero with probability `p`, and the others are divided by 1 − `p`.
    ///
    /// ```
    /// use tensor::{Noise, manual_seed, ones};
    /// manual_seed(0);
    /// assert_eq!(ones([4]).dropout(0.5, true).to_string(), "tensor([0., 0., 2., 0.])");
    /// assert_eq!(ones([4]).dropout(0.5, false).to_string(), "tensor([1., 1., 1., 1.])");
    /// ```
    #[track_caller]
    fn dropout(&self, p: f64, training: bool) -> Tensor;
    /// Dropout that keeps mean and variance of what `selu` made.
    #[track_caller]
    fn alpha_dropout(&self, p: f64, training: bool) -> Tensor;
    /// [`alpha_dropout`](Noise::alpha_dropout) of whole channels.
    #[track_caller]
    fn feature_alpha_dropout(&self, p: f64, training: bool) -> Tensor;
    /// [`dropout`](Noise::dropout) of whole channels of (N, C, L) or (C, L).
    #[track_caller]
    fn dropout1d(&self, p: f64, training: bool) -> Tensor;
    /// [`dropout`](Noise::dropout) of whole channels of (N, C, H, W).
    #[track_caller]
    fn dropout2d(&self, p: f64, training: bool) -> Tensor;
    /// [`dropout`](Noise::dropout) of whole channels of (N, C, D, H, W) or (C, D, H, W).
    #[track_caller]
    fn dropout3d(&self, p: f64, training: bool) -> Tensor;
    /// x above zero, else x times a slope from [lower, upper), in training one for each element.
    #[track_caller]
    fn rrelu(&self, lower: f64, upper: f64, training: bool) -> Tensor;
    /// A sample from the softmax with these logits, soft or hard.
    #[track_caller]
    fn gumbel_softmax(&self, tau: f64, hard: bool, dim: i64) -> Tensor;
}

impl Noise for Tensor {
    fn dropout(&self, p: f64, training: bool) -> Tensor {
        self.dropout_with(p, training, &default_generator())
    }
    fn alpha_dropout(&self, p: f64, training: bool) -> Tensor {
        self.alpha_dropout_with(p, training, &default_generator())
    }
    fn feature_alpha_dropout(&self, p: f64, training: bool) -> Tensor {
        self.feature_alpha_dropout_with(p, training, &default_generator())
    }
    fn dropout1d(&self, p: f64, training: bool) -> Tensor {
        self.dropout1d_with(p, training, &default_generator())
    }
    fn dropout2d(&self, p: f64, training: bool) -> Tensor {
        self.dropout2d_with(p, training, &default_generator())
    }
    fn dropout3d(&self, p: f64, training: bool) -> Tensor {
        self.dropout3d_with(p, training, &default_generator())
    }
    fn rrelu(&self, lower: f64, upper: f64, training: bool) -> Tensor {
        self.rrelu_with(lower, upper, training, &default_generator())
    }
    fn gumbel_softmax(&self, tau: f64, hard: bool, dim: i64) -> Tensor {
        self.gumbel_softmax_with(tau, hard, dim, &default_generator())
    }
}
