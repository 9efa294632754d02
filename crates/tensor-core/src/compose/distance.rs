//! Lengths of vectors, distances between them, and their angles.

use crate::twins::twins;
use crate::{Result, Tensor, bail, shape};

/// Norms of vectors along the last dimension. Those without elements are zero in every norm.
fn lengths(x: &Tensor, p: f64) -> Result<Tensor> {
    x.try_norm_dim(if x.shape()[x.ndim() - 1] == 0 { 1.0 } else { p }, -1, false)
}

twins! {
    /// The distance between vectors along the last dimension, in the norm of power `p`; `eps` is added to each difference.
    /// PyTorch's defaults are 2, 1e-6 and false.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn pairwise_distance | try_pairwise_distance(self, other: &Tensor, p: f64, eps: f64, keepdim: bool) -> Tensor {
        self.try_sub(other)?.try_add(eps)?.try_norm_dim(p, -1, keepdim)
    }

    /// The norm of power `p` of the difference from `other`, over all elements. PyTorch's default is 2.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn dist | try_dist(self, other: &Tensor, p: f64) -> Tensor {
        self.try_sub(other)?.try_norm(p)
    }

    /// The distances of each row of this tensor from each row of `other`, in the norm of power `p`; dimensions before the last two
    /// are batches. PyTorch's default is 2.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![0.0f32, 0.0, 3.0, 0.0], [2, 2], ops_cpu::cpu());
    /// let y = Tensor::from_vec(vec![0.0f32, 4.0], [1, 2], ops_cpu::cpu());
    /// assert_eq!(x.cdist(&y, 2.0).to_vec::<f32>(), [4.0, 5.0]);
    /// ```
    ///
    /// # Errors
    /// If the rows differ in length, the batches do not broadcast, or the dtypes are not one of `float32` and `float64`.
    pub fn cdist | try_cdist(self, other: &Tensor, p: f64) -> Tensor {
        for (x, name) in [(self, "X1"), (other, "X2")] {
            if !x.dtype().is_floating_point() {
                bail!(DType, "cdist only supports floating-point dtypes, {name} got: {}", x.dtype().type_name());
            }
            if x.ndim() < 2 {
                bail!(Shape, "cdist only supports at least 2D tensors, {name} got: {}D", x.ndim());
            }
        }
        let (own, others) = (self.shape()[self.ndim() - 1], other.shape()[other.ndim() - 1]);
        if own != others {
            bail!(Shape, "X1 and X2 must have the same number of columns. X1: {own} X2: {others}");
        }
        if p < 0.0 {
            bail!(Value, "cdist only supports non-negative p values");
        }
        lengths(&self.try_unsqueeze(-2)?.try_sub(&other.try_unsqueeze(-3)?)?, p)
    }

    /// The distances between each two rows of a matrix, in the norm of power `p`: the part of [`cdist`](Tensor::cdist) of the
    /// matrix with itself that is above the diagonal, row by row. PyTorch's default is 2.
    ///
    /// # Errors
    /// If the tensor is no matrix.
    pub fn pdist | try_pdist(self, p: f64) -> Tensor {
        if self.ndim() != 2 {
            bail!(Shape, "pdist only supports 2D tensors, got: {}D", self.ndim());
        }
        if p < 0.0 {
            bail!(Value, "pdist only supports non-negative p values");
        }
        let rows = self.shape()[0] as i64;
        let pairs: Vec<(i64, i64)> = (0..rows).flat_map(|i| (i + 1..rows).map(move |j| (i, j))).collect();
        let pick = |numbers: Vec<i64>| {
            let count = numbers.len();
            self.try_index_select(0, &Tensor::try_from_slice(&numbers, [count], self.device())?)
        };
        let first = pick(pairs.iter().map(|pair| pair.0).collect())?;
        lengths(&first.try_sub(&pick(pairs.iter().map(|pair| pair.1).collect())?)?, p)
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
