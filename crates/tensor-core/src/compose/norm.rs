//! Normalizations made of others: softmin, and local response normalization.

use crate::op::join::try_cat;
use crate::twins::twins;
use crate::{Result, Tensor, bail};

twins! {
    /// [`softmax`](Tensor::softmax) of the negative: the smallest elements have the largest shares.
    pub fn softmin | try_softmin(self, dim: i64) -> Tensor {
        self.try_neg()?.try_softmax(dim)
    }

    /// Each element divided by (k + α/size · Σ x²)^β, the sum over `size` neighbouring channels (dimension 1; Krizhevsky,
    /// Sutskever and Hinton 2012). PyTorch's defaults are α = 1e-4, β = 0.75, k = 1.
    ///
    /// # Errors
    /// If there are fewer than three dimensions.
    pub fn local_response_norm | try_local_response_norm(self, size: usize, alpha: f64, beta: f64, k: f64) -> Tensor {
        if self.ndim() < 3 {
            bail!(
                Shape,
                "Expected 3D or higher dimensionality                          input (got {} dimensions)",
                self.ndim()
            );
        }
        if size == 0 {
            bail!(Value, "kernel size should be greater than zero, but got 0");
        }
        if self.numel() == 0 {
            return Ok(self.clone());
        }
        let squares = self.try_mul(self)?;
        let edge = |width: usize| -> Result<Tensor> {
            let mut shape = self.shape().clone();
            shape[1] = width;
            Tensor::try_full_on(shape, 0, self.dtype(), self.device())
        };
        let padded = try_cat(&[edge(size / 2)?, squares, edge((size - 1) / 2)?], 1)?;
        let mut sum = padded.try_narrow(1, 0, self.shape()[1])?;
        for start in 1..size {
            sum = sum.try_add(&padded.try_narrow(1, start as i64, self.shape()[1])?)?;
        }
        // PyTorch's mean of whole numbers is a whole number.
        let mean = match self.dtype().is_floating_point() {
            true => sum.try_div(size as f64)?,
            false => sum.try_floor_divide(size as i64)?,
        };
        self.try_div(&mean.try_mul(alpha)?.try_add(k)?.try_pow(beta)?)
    }
}
