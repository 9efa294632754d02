//! Lengths of vectors, distances between them, and their angles.

use crate::twins::twins;
use crate::{DType, Result, Tensor, bail, shape};

/// Rows from which the distances between them are found by a matrix product, as in PyTorch.
const BY_PRODUCT: usize = 25;

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
    let powers = match p {
        2.0 => x.try_square()?,
        // The derivative of |x|^p at zero would be infinite.
        0.0..1.0 => {
            let zero = x.detach().try_eq(0)?;
            size()?.try_masked_fill(&zero, 1)?.try_pow(p)?.try_masked_fill(&zero, 0)?
        }
        _ => size()?.try_pow(p)?,
    };
    root(&powers.try_sum_dim(dim, true)?, p)
}

/// The root of order `p`; its derivative is zero at zero, where it would be infinite.
fn root(sum: &Tensor, p: f64) -> Result<Tensor> {
    let zero = sum.detach().try_eq(0.0)?;
    let sum = sum.try_masked_fill(&zero, 1.0)?;
    let root = if p == 2.0 { sum.try_sqrt()? } else { sum.try_pow(1.0 / p)? };
    root.try_masked_fill(&zero, 0.0)
}

/// The length of each row of differences; of rows without elements it is zero. `name` is whose they are in errors.
fn distance(name: &str, differences: &Tensor, p: f64) -> Result<Tensor> {
    if matches!(differences.dtype(), DType::F16 | DType::BF16) {
        bail!(DType, "\"{name}\" not implemented for '{}'", differences.dtype().type_name());
    }
    match differences.shape().last() {
        Some(0) => differences.try_sum_dim(-1, false),
        _ => length(differences, p, -1)?.try_squeeze_dim(-1),
    }
}

/// An error unless the tensor holds rows of floats.
fn check_rows(name: &str, which: &str, x: &Tensor) -> Result<()> {
    if !x.dtype().is_floating_point() {
        bail!(DType, "{name} only supports floating-point dtypes, {which} got: {}", x.dtype().type_name());
    }
    if x.ndim() < 2 {
        bail!(Shape, "{name} only supports at least 2D tensors, {which} got: {}D", x.ndim());
    }
    Ok(())
}

twins! {
    /// The distances between all rows of this tensor and all rows of `other`, in the p-norm; batches broadcast. PyTorch's default
    /// is p = 2.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![0.0f32, 0.0, 3.0, 4.0], [2, 2], ops_cpu::cpu());
    /// assert_eq!(x.cdist(&x, 2.0).to_vec::<f32>(), [0.0, 5.0, 5.0, 0.0]);
    /// ```
    ///
    /// # Errors
    /// If rows differ in length, an operand is no matrix of `float32` or `float64`, or p is negative; half types are taken where a
    /// matrix product finds the distances (p = 2, more than 25 rows), as in PyTorch.
    pub fn cdist | try_cdist(self, other: &Tensor, p: f64) -> Tensor {
        check_rows("cdist", "X1", self)?;
        check_rows("cdist", "X2", other)?;
        let (&[.., rows, width], &[.., columns, other_width]) = (&self.shape()[..], &other.shape()[..]) else {
            unreachable!("at least two dimensions")
        };
        if width != other_width {
            bail!(Shape, "X1 and X2 must have the same number of columns. X1: {width} X2: {other_width}");
        }
        if !(p >= 0.0) {
            bail!(Value, "cdist only supports non-negative p values");
        }
        if p != 2.0 || (rows <= BY_PRODUCT && columns <= BY_PRODUCT) || width == 0 {
            return distance("cdist", &self.try_unsqueeze(-2)?.try_sub(&other.try_unsqueeze(-3)?)?, p);
        }
        let squares = |x: &Tensor| x.try_square()?.try_sum_dim(-1, true);
        let product = self.try_matmul(&other.try_mt()?)?;
        let sums = squares(self)?.try_add(&squares(other)?.try_mt()?)?;
        root(&sums.try_sub(&product.try_mul(2)?)?.try_clamp_min(0)?, 2.0)
    }

    /// The distances between each row of a matrix and those after it, in the p-norm, as a vector. PyTorch's default is p = 2.
    ///
    /// # Errors
    /// If this is no matrix of `float32` or `float64`, or p is negative.
    pub fn pdist | try_pdist(self, p: f64) -> Tensor {
        let &[rows, _] = &self.shape()[..] else { bail!(Shape, "pdist only supports 2D tensors, got: {}D", self.ndim()) };
        if !self.dtype().is_floating_point() {
            bail!(DType, "pdist only supports floating-point dtypes");
        }
        if !(p >= 0.0) {
            bail!(Value, "pdist only supports non-negative p values");
        }
        let pairs = || (0..rows as i64).flat_map(move |i| (i + 1..rows as i64).map(move |j| (i, j)));
        let (first, second): (Vec<i64>, Vec<i64>) = pairs().unzip();
        let of = |at: &[i64]| self.try_index_select(0, &Tensor::try_from_slice(at, at.len(), self.device())?);
        distance("pdist", &of(&first)?.try_sub(&of(&second)?)?, p)
    }

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
