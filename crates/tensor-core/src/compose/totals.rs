//! Differences between neighbours, and sums with a dtype of their own.

use crate::op::join::try_cat;
use crate::twins::twins;
use crate::{DType, IntoAxes, Tensor, bail, shape};

twins! {
    /// The differences between neighbours along `dim`, taken `n` times, of `prepend`, this tensor and `append` one after the
    /// other. PyTorch's defaults are 1, −1 and none.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1i64, 3, 7], [3], ops_cpu::cpu());
    /// assert_eq!(x.diff(1, -1, None, None).to_vec::<i64>(), [2, 4]);
    /// ```
    ///
    /// # Errors
    /// For a single number, or if the tensors do not fit together.
    pub fn diff | try_diff(self, n: usize, dim: i64, prepend: Option<&Tensor>, append: Option<&Tensor>) -> Tensor {
        if self.ndim() == 0 {
            bail!(Shape, "diff expects input to be at least one-dimensional");
        }
        let dim = shape::checked_dim(dim, self.ndim())? as i64;
        if n == 0 {
            return self.try_clone();
        }
        let parts: Vec<&Tensor> = [prepend, Some(self), append].into_iter().flatten().collect();
        let mut x = if let [one] = parts[..] { one.clone() } else { try_cat(&parts, dim)? };
        for _ in 0..n.min(x.shape()[dim as usize]) {
            let rest = x.shape()[dim as usize] - 1;
            let (low, high) = (x.try_narrow(dim, 0, rest)?, x.try_narrow(dim, 1, rest)?);
            x = if x.dtype() == DType::Bool { high.try_logical_xor(&low)? } else { high.try_sub(&low)? };
        }
        Ok(x)
    }

    /// [`sum_dim`](Tensor::sum_dim) of this tensor as `dtype`: PyTorch's argument `dtype`.
    pub fn sum_dtype | try_sum_dtype [A: IntoAxes] (self, dim: A, keepdim: bool, dtype: DType) -> Tensor {
        self.try_to_dtype(dtype)?.try_sum_dim(dim, keepdim)?.try_to_dtype(dtype)
    }

    /// [`mean_dim`](Tensor::mean_dim) of this tensor as `dtype`: PyTorch's argument `dtype`.
    pub fn mean_dtype | try_mean_dtype [A: IntoAxes] (self, dim: A, keepdim: bool, dtype: DType) -> Tensor {
        self.try_to_dtype(dtype)?.try_mean_dim(dim, keepdim)
    }

    /// [`prod_dim`](Tensor::prod_dim) of this tensor as `dtype`: PyTorch's argument `dtype`.
    pub fn prod_dtype | try_prod_dtype(self, dim: i64, keepdim: bool, dtype: DType) -> Tensor {
        self.try_to_dtype(dtype)?.try_prod_dim(dim, keepdim)?.try_to_dtype(dtype)
    }
}
