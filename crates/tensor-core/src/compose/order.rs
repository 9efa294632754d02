//! What sorting, searching and counting at positions are made into: modes, membership, histograms, one-hot vectors.

use crate::op::reduce::Extreme;
use crate::twins::twins;
use crate::{DType, Result, Scalar, Tensor, bail, shape};

/// 0, 1, … along `dim`, with size one elsewhere.
fn numbered(x: &Tensor, dim: usize) -> Result<Tensor> {
    let places: Vec<i64> = (0..x.shape()[dim] as i64).collect();
    let mut shape = vec![1; x.ndim()];
    shape[dim] = places.len();
    Tensor::try_from_slice(&places, shape, x.device())
}

twins! {
    /// The most frequent elements along `dim`, the smallest of equally frequent ones, and the position where each occurs last.
    ///
    /// # Errors
    /// If there is no element.
    pub fn mode | try_mode(self, dim: i64, keepdim: bool) -> Extreme {
        let axis = shape::checked_dim(dim, self.ndim())?;
        if self.ndim() == 0 {
            let zero = Tensor::try_full_on((), 0, DType::I64, self.device())?;
            return Ok(Extreme { values: self.try_clone()?, indices: zero });
        }
        let size = self.shape()[axis];
        if size == 0 {
            bail!(Index, "mode(): Expected reduction dim {axis} to have non-zero size.");
        }
        let sorted = self.detach().try_sort(axis as i64, false)?;
        // How far each element is from the first one equal to it: most for the last of the most frequent.
        let places = numbered(self, axis)?;
        let (axis_, rest) = (axis as i64, size - 1);
        let steps = sorted.values.try_narrow(axis_, 1, rest)?.try_ne(&sorted.values.try_narrow(axis_, 0, rest)?)?;
        let first = Tensor::try_full_on(sorted.values.try_narrow(axis_, 0, 1)?.shape(), true, DType::Bool, self.device())?;
        let starts = crate::op::join::try_cat(&[first, steps], axis_)?.try_where(&places, 0)?;
        let run = places.try_sub(&starts.try_cummax(axis_)?.values)?;
        let indices = sorted.indices.try_gather(axis_, &run.try_argmax_dim(axis_, true)?)?;
        let values = self.try_gather(axis_, &indices)?;
        match keepdim {
            true => Ok(Extreme { values, indices }),
            false => Ok(Extreme { values: values.try_squeeze_dim(axis_)?, indices: indices.try_squeeze_dim(axis_)? }),
        }
    }

    /// Whether each element occurs in `test`.
    pub fn isin | try_isin(self, test: &Tensor) -> Tensor {
        let dtype = self.dtype().promote_ranked(self.ndim(), test.dtype(), test.ndim());
        let (x, test) = (self.detach().try_to_dtype(dtype)?, test.detach().try_to_dtype(dtype)?.try_reshape([-1])?);
        if test.numel() == 0 {
            return Tensor::try_full_on(self.shape(), false, DType::Bool, self.device());
        }
        let sorted = test.try_sort(0, false)?.values;
        let flat = x.try_reshape([-1])?;
        let at = sorted.try_searchsorted(&flat, false)?.try_clamp_max(test.numel() as i64 - 1)?;
        sorted.try_index_select(0, &at)?.try_eq(&flat)?.try_reshape(self.shape())
    }

    /// How often each of the numbers 0, 1, … occurs in a vector of whole numbers, or the sum of their `weights`; for at least
    /// `minlength` numbers.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1i64, 3, 1], [3], ops_cpu::cpu());
    /// assert_eq!(x.bincount(None, 0).to_vec::<i64>(), [0, 2, 0, 1]);
    /// ```
    ///
    /// # Errors
    /// If there are negative numbers, or the weights are not as many.
    pub fn bincount | try_bincount(self, weights: Option<&Tensor>, minlength: usize) -> Tensor {
        if self.ndim() != 1 || self.dtype().is_floating_point() || self.dtype() == DType::Bool {
            bail!(Value, "bincount only supports 1-d non-negative integral inputs.");
        }
        if weights.is_some_and(|weights| weights.shape() != self.shape()) {
            bail!(Shape, "weights should be 1-d and have the same length as input");
        }
        let bins = match self.numel() {
            0 => 0,
            _ if self.try_min()?.try_to_dtype(DType::I64)?.try_item::<i64>()? < 0 => {
                bail!(Value, "bincount only supports 1-d non-negative integral inputs.")
            }
            _ => self.try_max()?.try_to_dtype(DType::I64)?.try_item::<i64>()? as usize + 1,
        };
        let weights = match weights {
            Some(weights) if weights.dtype() == DType::F32 => weights.detach(),
            Some(weights) => weights.detach().try_to_dtype(DType::F64)?,
            None => Tensor::try_full_on(self.shape(), 1, DType::I64, self.device())?,
        };
        let sums = Tensor::try_full_on([bins.max(minlength)], 0, weights.dtype(), self.device())?;
        sums.try_index_add(0, &self.try_to_dtype(DType::I64)?, &weights)
    }

    /// How many elements lie in each of `bins` intervals of equal width from `min` to `max`, both included; between the smallest
    /// and the largest element if the two are equal.
    ///
    /// # Errors
    /// For whole numbers, no bins, or bounds that are not finite.
    pub fn histc | try_histc(self, bins: usize, min: f64, max: f64) -> Tensor {
        if !self.dtype().is_floating_point() {
            bail!(DType, "\"histogram_cpu\" not implemented for '{}'", self.dtype().type_name());
        }
        if bins == 0 {
            bail!(Value, "torch.histc(): bins must be > 0, but got 0");
        }
        let wide = if self.dtype() == DType::F64 { DType::F64 } else { DType::F32 };
        let flat = self.detach().try_reshape([-1])?.try_to_dtype(wide)?;
        let (mut min, mut max) = (min, max);
        if min == max && flat.numel() > 0 {
            min = flat.try_min()?.try_to_dtype(DType::F64)?.try_item::<f64>()?;
            max = flat.try_max()?.try_to_dtype(DType::F64)?.try_item::<f64>()?;
        }
        if min == max {
            (min, max) = (min - 1.0, max + 1.0);
        }
        if !min.is_finite() || !max.is_finite() {
            bail!(Value, "range of [{min}, {max}] is not finite");
        }
        if min > max {
            bail!(Value, "torch.histc: max must be larger than min");
        }
        let inside = flat.try_ge(min)?.try_bitwise_and(&flat.try_le(max)?)?;
        let chosen = flat.try_masked_select(&inside)?;
        let places = chosen.try_sub(min)?.try_mul(bins as f64)?.try_div(max - min)?.try_to_dtype(DType::I64)?;
        let places = places.try_clamp_max(bins as i64 - 1)?;
        let sums = Tensor::try_full_on([bins], 0, DType::I64, self.device())?;
        let ones = Tensor::try_full_on(places.shape(), 1, DType::I64, self.device())?;
        sums.try_index_add(0, &places, &ones)?.try_to_dtype(self.dtype())
    }

    /// Each whole number as a vector of zeros with a one at that place, `num_classes` long, or as long as the largest number
    /// needs if that is −1.
    ///
    /// # Errors
    /// If the tensor is not `int64`, or a number is negative or too large.
    pub fn one_hot | try_one_hot(self, num_classes: i64) -> Tensor {
        if self.dtype() != DType::I64 {
            bail!(DType, "one_hot is only applicable to index tensor of type LongTensor.");
        }
        if self.numel() == 0 && num_classes <= 0 {
            bail!(Value, "Can not infer total number of classes from empty tensor.");
        }
        let (least, most) = match self.numel() {
            0 => (0, -1),
            _ => (self.try_min()?.try_item::<i64>()?, self.try_max()?.try_item::<i64>()?),
        };
        if least < 0 {
            bail!(Value, "Class values must be non-negative.");
        }
        if num_classes != -1 && num_classes < 1 {
            bail!(Value, "num_classes should be positive");
        }
        if num_classes != -1 && most >= num_classes {
            bail!(Value, "Class values must be smaller than num_classes.");
        }
        let classes = if num_classes == -1 { most + 1 } else { num_classes } as usize;
        let shape: Vec<usize> = self.shape().iter().copied().chain([classes]).collect();
        let zeros = Tensor::try_full_on(shape, Scalar::Int(0), DType::I64, self.device())?;
        let at = self.try_unsqueeze(-1)?;
        let ones = Tensor::try_full_on(at.shape(), Scalar::Int(1), DType::I64, self.device())?;
        zeros.try_scatter_add(-1, &at, &ones)
    }
}
