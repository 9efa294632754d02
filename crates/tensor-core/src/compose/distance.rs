//! Lengths of vectors, distances between them, and their angles.

use crate::twins::twins;
use crate::{Tensor, shape};

twins! {
    /// The distance between vectors along the last dimension, in the norm of power `p`; `eps` is added to each difference.
    /// PyTorch's defaults are 2, 1e-6 and false.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn pairwise_distance | try_pairwise_distance(self, other: &Tensor, p: f64, eps: f64, keepdim: bool) -> Tensor {
        self.try_sub(other)?.try_add(eps)?.try_norm_dim(p, -1, keepdim)
    }

    /// The cosine of the angle between vectors along `dim`; lengths count as at least `eps`. PyTorch's defaults are 1 and 1e-8.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![3.0f64, 4.0], [2], ops_cpu::cpu());
    /// let y = Tensor::from_vec(vec![1.0f64, 0.0], [2], ops_cpu::cpu());
    /// assert!((x.cosine_similarity(&y, 0, 1e-8).item::<f64>() - 0.6).abs() < 1e-12);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast or there is no such dimension.
    pub fn cosine_similarity | try_cosine_similarity(self, other: &Tensor, dim: i64, eps: f64) -> Tensor {
        let shape = shape::broadcast(self.shape(), other.shape())?;
        let (one, other) = (self.try_expand(&shape)?, other.try_expand(&shape)?);
        let unit = |x: &Tensor| x.try_div(&x.try_norm_dim(2.0, dim, true)?.try_clamp_min(eps)?);
        unit(&one)?.try_mul(&unit(&other)?)?.try_sum_dim(dim, false)
    }

    /// Vectors along `dim` over their lengths in the norm of power `p`, which count as at least `eps`. PyTorch's defaults are 2, 1
    /// and 1e-12.
    ///
    /// # Errors
    /// If there is no such dimension.
    pub fn normalize | try_normalize(self, p: f64, dim: i64, eps: f64) -> Tensor {
        self.try_div(&self.try_norm_dim(p, dim, true)?.try_clamp_min(eps)?)
    }
}
