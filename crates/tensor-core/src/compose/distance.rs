//! Lengths of vectors, distances between them, and their angles.

use crate::twins::twins;
use crate::{Result, Tensor};

/// (Σ |x|^p)^(1/p) along `dim`, which stays with size one; its gradient at zero is zero.
fn length(x: &Tensor, p: f64, dim: i64) -> Result<Tensor> {
    let size = || x.try_abs();
    match p {
        f64::INFINITY => return size()?.try_amax(dim, true),
        f64::NEG_INFINITY => return size()?.try_amin(dim, true),
        0.0 => return x.try_ne(0)?.try_to_dtype(x.dtype())?.try_sum_dim(dim, true),
        1.0 => return size()?.try_sum_dim(dim, true),
        _ => {}
    }
    let sum = if p == 2.0 { x.try_square()? } else { size()?.try_pow(p)? }.try_sum_dim(dim, true)?;
    let zero = sum.try_eq(0.0)?;
    let sum = sum.try_masked_fill(&zero, 1.0)?;
    let root = if p == 2.0 { sum.try_sqrt()? } else { sum.try_pow(1.0 / p)? };
    root.try_masked_fill(&zero, 0.0)
}

twins! {
    /// The distance between vectors along the last dimension, in the norm of power `p`; `eps` is added to each difference.
    /// PyTorch's defaults are 2, 1e-6 and false.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn pairwise_distance | try_pairwise_distance(self, other: &Tensor, p: f64, eps: f64, keepdim: bool) -> Tensor {
        let length = length(&self.try_sub(other)?.try_add(eps)?, p, -1)?;
        if keepdim { Ok(length) } else { length.try_squeeze_dim(-1) }
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
        let unit = |x: &Tensor| x.try_div(&length(x, 2.0, dim)?.try_clamp_min(eps)?);
        unit(self)?.try_mul(&unit(other)?)?.try_sum_dim(dim, false)
    }

    /// Vectors along `dim` over their lengths in the norm of power `p`, which count as at least `eps`. PyTorch's defaults are 2, 1
    /// and 1e-12.
    ///
    /// # Errors
    /// If there is no such dimension.
    pub fn normalize | try_normalize(self, p: f64, dim: i64, eps: f64) -> Tensor {
        self.try_div(&length(self, p, dim)?.try_clamp_min(eps)?)
    }
}
