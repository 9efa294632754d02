//! Reductions made of others: norms, pairs of statistics, counts, quantiles, and forms that pass over NaN.

use crate::twins::twins;
use crate::{DType, IntoAxes, Result, Scalar, Tensor, bail, shape};

/// PyTorch's names of `quantile` differ in whether NaN counts.
fn quantile(x: &Tensor, q: &Tensor, dim: Option<i64>, keepdim: bool, skip_nan: bool) -> Result<Tensor> {
    if !matches!(x.dtype(), DType::F32 | DType::F64) {
        bail!(DType, "quantile() input tensor must be either float or double dtype");
    }
    if q.dtype() != x.dtype() {
        bail!(DType, "quantile() q tensor must be same dtype as the input tensor");
    }
    if q.ndim() > 1 {
        bail!(Shape, "quantile() q must be a scalar or 1D tensor");
    }
    if x.numel() == 0 {
        bail!(Shape, "quantile() input tensor must be non-empty");
    }
    let outside = q.detach().try_lt(0.0)?.try_bitwise_or(&q.detach().try_gt(1.0)?)?;
    if outside.try_any()?.try_item::<bool>()? {
        bail!(Value, "quantile() q values must be in the range [0, 1]");
    }
    // The dimension comes last; the quantiles then take its place.
    let rank = x.ndim();
    let (rows, kept) = match dim {
        None => (x.try_reshape([-1])?, vec![1; rank]),
        Some(dim) => {
            let axis = shape::checked_dim(dim, rank)?;
            let mut kept = x.shape().to_vec();
            kept.iter_mut().skip(axis).take(1).for_each(|size| *size = 1);
            (if rank == 0 { x.try_reshape([-1])? } else { x.try_movedim(axis as i64, -1)? }, kept)
        }
    };
    let sorted = rows.try_sort(-1, false)?.values;
    let size = sorted.shape()[sorted.ndim() - 1];
    let missing = sorted.detach().try_isnan()?;
    let count = missing.try_logical_not()?.try_sum_dim(-1, true)?.try_to_dtype(x.dtype())?;
    let q_row = q.try_reshape([-1])?;
    let ranks = match skip_nan {
        true => q_row.try_mul(&count.try_sub(1)?)?.try_clamp_min(0)?,
        // Where there is a NaN, the last element is one.
        false => {
            let ranks = q_row.try_mul(size as f64 - 1.0)?.try_expand(
                sorted.shape()[..sorted.ndim() - 1].iter().copied().chain([q_row.numel()]).collect::<Vec<_>>(),
            )?;
            missing.try_any_dim(-1, true)?.try_where(size as f64 - 1.0, &ranks)?
        }
    };
    let below = ranks.detach().try_floor()?;
    let (low, high) = (below.try_to_dtype(DType::I64)?, ranks.detach().try_ceil()?.try_to_dtype(DType::I64)?);
    let (low, high) = (sorted.try_gather(-1, &low)?, sorted.try_gather(-1, &high)?);
    let values = low.try_add(&high.try_sub(&low)?.try_mul(&ranks.try_sub(&below)?)?)?;
    // Where both neighbours are one infinity, their difference is no number, but the quantile is.
    let values = low.detach().try_eq(&high.detach())?.try_where(&low, &values)?;
    let first = values.try_movedim(-1, 0)?;
    let kept: Vec<usize> = if keepdim { kept } else { values.shape()[..values.ndim() - 1].to_vec() };
    let lead: &[usize] = if q.ndim() == 0 { &[] } else { &[q_row.numel()] };
    first.try_reshape([lead, &kept].concat())
}

/// A sum of non-negative terms raised to `power`. At zero its derivative is taken as zero, as PyTorch does.
fn rooted(sum: &Tensor, power: f64) -> Result<Tensor> {
    let zero = sum.detach().try_eq(0.0)?;
    let safe = sum.try_masked_fill(&zero, 1.0)?;
    let root = if power == 0.5 { safe.try_sqrt()? } else { safe.try_pow(power)? };
    root.try_masked_fill(&zero, 0.0)
}

twins! {
    /// The `p`-norm of all elements: (Σ |x|^p)^(1/p); for ∞ and −∞ the largest and the smallest |x|, for 0 how many are not
    /// zero. PyTorch's default is 2.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![3.0f32, -4.0], [2], ops_cpu::cpu());
    /// assert_eq!(x.norm(2.0).to_vec::<f32>(), [5.0]);
    /// assert_eq!(x.norm(f64::INFINITY).to_vec::<f32>(), [4.0]);
    /// ```
    pub fn norm | try_norm(self, p: f64) -> Tensor {
        self.try_norm_dim(p, .., false)
    }

    /// The [`norm`](Tensor::norm) over `dim`, which stays with size one if `keepdim`. PyTorch's `norm(p, dim)` and
    /// `linalg.vector_norm`.
    ///
    /// # Errors
    /// For whole numbers and `bool`, and where ±∞ asks for the extreme of nothing.
    pub fn norm_dim | try_norm_dim [A: IntoAxes] (self, p: f64, dim: A, keepdim: bool) -> Tensor {
        if !self.dtype().is_floating_point() {
            bail!(
                DType,
                "linalg.vector_norm: Expected a floating point or complex tensor as input. Got {}",
                self.dtype().type_name()
            );
        }
        if matches!(self.dtype(), DType::F16 | DType::BF16) {
            // Powers would soon be out of the half types' range.
            return self.try_to_dtype(DType::F32)?.try_norm_dim(p, dim, keepdim)?.try_to_dtype(self.dtype());
        }
        if p == 2.0 {
            return rooted(&self.try_mul(self)?.try_sum_dim(dim, keepdim)?, 0.5);
        }
        if p == 0.0 {
            // Written with the elements themselves, because PyTorch's has a gradient, which is zero.
            let zero = self.detach().try_eq(0.0)?;
            let ones = self.try_masked_fill(&zero.try_logical_not()?, 1.0)?.try_masked_fill(&zero, 0.0)?;
            return ones.try_sum_dim(dim, keepdim);
        }
        let size = self.try_abs()?;
        match p {
            1.0 => size.try_sum_dim(dim, keepdim),
            f64::INFINITY => size.try_amax(dim, keepdim),
            f64::NEG_INFINITY => size.try_amin(dim, keepdim),
            p if p < 0.0 => size.try_pow(p)?.try_sum_dim(dim, keepdim)?.try_pow(1.0 / p),
            p => {
                let zero = size.detach().try_eq(0.0)?;
                let powers = size.try_masked_fill(&zero, 1.0)?.try_pow(p)?.try_masked_fill(&zero, 0.0)?;
                rooted(&powers.try_sum_dim(dim, keepdim)?, 1.0 / p)
            }
        }
    }

    /// The logarithm of the sum of e^x over `dim`, without overflow.
    pub fn logsumexp | try_logsumexp [A: IntoAxes] (self, dim: A, keepdim: bool) -> Tensor {
        let x = if self.dtype().is_floating_point() { self.clone() } else { self.try_to_dtype(DType::F32)? };
        if x.numel() == 0 {
            return x.try_exp()?.try_sum_dim(dim, keepdim)?.try_log();
        }
        let most = x.detach().try_amax(Written(dim.axes()), true)?;
        let most = most.try_masked_fill(&most.try_isfinite()?.try_logical_not()?, 0.0)?;
        let sum = x.try_sub(&most)?.try_exp()?.try_sum_dim(Written(dim.axes()), keepdim)?.try_log()?;
        let most = if keepdim { most } else { most.try_reshape(sum.shape())? };
        sum.try_add(&most)
    }

    /// The smallest and the largest elements, of everything or along `dim`.
    ///
    /// # Errors
    /// If there is no element.
    pub fn aminmax | try_aminmax(self, dim: Option<i64>, keepdim: bool) -> (Tensor, Tensor) {
        match dim {
            Some(dim) => Ok((self.try_amin(dim, keepdim)?, self.try_amax(dim, keepdim)?)),
            None if self.numel() == 0 => {
                bail!(Shape, "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.")
            }
            None => Ok((self.try_amin(.., keepdim)?, self.try_amax(.., keepdim)?)),
        }
    }

    /// The variance over `dim`, as [`var_dim`](Tensor::var_dim) has it, and the mean.
    pub fn var_mean | try_var_mean [A: IntoAxes] (self, dim: A, correction: f64, keepdim: bool) -> (Tensor, Tensor) {
        let variance = self.try_var_dim(Written(dim.axes()), correction, keepdim)?;
        Ok((variance, self.try_mean_dim(dim, keepdim)?))
    }

    /// The standard deviation over `dim`, as [`std_dim`](Tensor::std_dim) has it, and the mean.
    pub fn std_mean | try_std_mean [A: IntoAxes] (self, dim: A, correction: f64, keepdim: bool) -> (Tensor, Tensor) {
        let deviation = self.try_std_dim(Written(dim.axes()), correction, keepdim)?;
        Ok((deviation, self.try_mean_dim(dim, keepdim)?))
    }

    /// How many elements over `dim` are not zero.
    pub fn count_nonzero | try_count_nonzero [A: IntoAxes] (self, dim: A) -> Tensor {
        self.detach().try_ne(Scalar::Int(0))?.try_sum_dim(dim, false)
    }

    /// The sum over `dim` of the elements that are not NaN.
    pub fn nansum | try_nansum [A: IntoAxes] (self, dim: A, keepdim: bool) -> Tensor {
        match self.dtype().is_floating_point() {
            true => self.try_masked_fill(&self.detach().try_isnan()?, 0.0)?.try_sum_dim(dim, keepdim),
            false => self.try_sum_dim(dim, keepdim),
        }
    }

    /// The mean over `dim` of the elements that are not NaN.
    ///
    /// # Errors
    /// For whole numbers and `bool`.
    pub fn nanmean | try_nanmean [A: IntoAxes] (self, dim: A, keepdim: bool) -> Tensor {
        if !self.dtype().is_floating_point() {
            bail!(DType, "nanmean(): expected input to have floating point or complex dtype but got {}", self.dtype().type_name());
        }
        let there = self.detach().try_isnan()?.try_logical_not()?;
        let count = there.try_sum_dim(Written(dim.axes()), keepdim)?;
        self.try_nansum(dim, keepdim)?.try_div(&count)
    }

    /// The quantiles `q` (a number or a vector, from 0 to 1) of all elements or along `dim`, between neighbours linearly; NaN
    /// where there is one. Those of a vector form the first dimension of the result.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![0.0f32, 10.0, 20.0], [3], ops_cpu::cpu());
    /// let q = Tensor::from_vec(vec![0.25f32, 1.0], [2], ops_cpu::cpu());
    /// assert_eq!(x.quantile(&q, None, false).to_vec::<f32>(), [5.0, 20.0]);
    /// ```
    ///
    /// # Errors
    /// If the dtypes are not the same, `float32` or `float64`, or `q` is out of range.
    pub fn quantile | try_quantile(self, q: &Tensor, dim: Option<i64>, keepdim: bool) -> Tensor {
        quantile(self, q, dim, keepdim, false)
    }

    /// [`quantile`](Tensor::quantile) of the elements that are not NaN.
    pub fn nanquantile | try_nanquantile(self, q: &Tensor, dim: Option<i64>, keepdim: bool) -> Tensor {
        quantile(self, q, dim, keepdim, true)
    }
}

/// Dimensions as they were written, to be passed on more than once.
struct Written(Option<shape::Sizes>);

impl IntoAxes for Written {
    fn axes(&self) -> Option<shape::Sizes> {
        self.0.clone()
    }
}
