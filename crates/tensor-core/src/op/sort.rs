//! Order: positions that sort a dimension, of its largest or smallest elements, of its median, and of where values belong in a
//! sorted sequence. NaN counts as larger than everything else; equal elements keep their order. Values are read at the
//! positions by `gather`.

use super::reduce::Extreme;
use super::{Op, Origin, Plan};
use crate::twins::twins;
use crate::{DType, Dims, Layout, Result, Tensor, bail, shape};

/// Positions by order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The positions along `dim` that sort it.
    Argsort {
        /// The dimension.
        dim: u8,
        /// Whether the largest come first.
        descending: bool,
    },
    /// The positions of the `k` first elements along `dim`, in order.
    Top {
        /// The dimension.
        dim: u8,
        /// How many.
        k: usize,
        /// Whether the largest come first.
        largest: bool,
    },
    /// The position of the element with `k` smaller ones before it along `dim`, which becomes one.
    Kth {
        /// The dimension.
        dim: u8,
        /// How many are before.
        k: usize,
    },
    /// The position of the middle element along `dim`, the lower one of two; the dimension becomes one.
    Median {
        /// The dimension.
        dim: u8,
        /// Whether NaN is passed over; else the first one is chosen.
        skip_nan: bool,
    },
    /// Inputs (sequence, values): where each value belongs in the sorted last dimension of the sequence: before equal ones, or
    /// after them.
    Search {
        /// Whether after equal ones.
        right: bool,
    },
}

impl Sort {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let x = inputs[0];
        let mut shape = x.shape().clone();
        let mut resize = |dim: u8, size: usize| {
            if let Some(old) = shape.get_mut(dim as usize) {
                *old = size;
            }
        };
        match self {
            Sort::Argsort { .. } => {}
            Sort::Top { dim, k, .. } => resize(dim, k),
            Sort::Kth { dim, .. } | Sort::Median { dim, .. } => resize(dim, 1),
            Sort::Search { .. } => shape = inputs[1].shape().clone(),
        }
        Ok(Plan { layout: Layout::contiguous(shape), dtype: DType::I64, compute: x.dtype() })
    }
}

impl Tensor {
    /// The values at positions along `dim`, with the positions.
    fn picked(&self, op: Sort, dim: usize, origin: Origin, keepdim: bool) -> Result<Extreme> {
        let indices = Tensor::apply(Op::Sort(op), &[&self.detach()])?;
        if self.ndim() == 0 {
            return Ok(Extreme { values: self.try_clone()?, indices });
        }
        let values = self.try_gather_as(dim as i64, &indices, origin)?;
        let squeeze = |x: Tensor| if keepdim { Ok(x) } else { x.try_squeeze_as(dim as i64, origin) };
        Ok(Extreme { values: squeeze(values)?, indices: squeeze(indices)? })
    }

    fn checked_axis(&self, dim: i64) -> Result<(usize, usize)> {
        let axis = shape::checked_dim(dim, self.ndim())?;
        Ok((axis, self.shape().get(axis).copied().unwrap_or(1)))
    }

    fn median_along(&self, dim: i64, keepdim: bool, skip_nan: bool) -> Result<Extreme> {
        let (axis, size) = self.checked_axis(dim)?;
        let name = if skip_nan { "nanmedian" } else { "median" };
        self.refuse_bool(&format!("{name}_out"))?;
        if size == 0 {
            bail!(Index, "{name}(): Expected reduction dim {axis} to have non-zero size.");
        }
        let origin = if skip_nan { Origin::NanMedian } else { Origin::Median };
        self.picked(Sort::Median { dim: axis as u8, skip_nan }, axis, origin, keepdim)
    }

    fn median_of_all(&self, skip_nan: bool) -> Result<Tensor> {
        self.refuse_bool("median_cpu")?;
        if self.numel() == 0 {
            return match self.dtype().is_floating_point() {
                true => Tensor::try_full_on((), f64::NAN, self.dtype(), self.device()),
                false => Tensor::try_full_on((), 0, self.dtype(), self.device()),
            };
        }
        Ok(self.try_reshape(-1)?.median_along(0, false, skip_nan)?.values)
    }

    fn refuse_bool(&self, kernel: &str) -> Result<()> {
        match self.dtype() {
            DType::Bool => bail!(DType, "\"{kernel}\" not implemented for 'Bool'"),
            _ => Ok(()),
        }
    }
}

twins! {
    /// The elements sorted along `dim` and where they were, the smallest first or, if `descending`, the largest. Equal elements
    /// keep their order, so that PyTorch's `stable` is always given.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![3.0f32, 1.0, 2.0], [3], ops_cpu::cpu());
    /// let sorted = x.sort(0, false);
    /// assert_eq!(sorted.values.to_vec::<f32>(), [1.0, 2.0, 3.0]);
    /// assert_eq!(sorted.indices.to_vec::<i64>(), [1, 2, 0]);
    /// ```
    pub fn sort | try_sort(self, dim: i64, descending: bool) -> Extreme {
        let (axis, _) = self.checked_axis(dim)?;
        self.picked(Sort::Argsort { dim: axis as u8, descending }, axis, Origin::Sort, true)
    }

    /// The positions of [`sort`](Tensor::sort).
    pub fn argsort | try_argsort(self, dim: i64, descending: bool) -> Tensor {
        let (axis, _) = self.checked_axis(dim)?;
        Tensor::apply(Op::Sort(Sort::Argsort { dim: axis as u8, descending }), &[&self.detach()])
    }

    /// The elements sorted along the first dimension.
    pub fn msort | try_msort(self) -> Tensor {
        Ok(self.try_sort(0, false)?.values)
    }

    /// The `k` largest (or smallest) elements along `dim` and their positions, in order, which PyTorch's `sorted` asks for.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![3.0f32, 1.0, 4.0, 2.0], [4], ops_cpu::cpu());
    /// assert_eq!(x.topk(2, 0, true).values.to_vec::<f32>(), [4.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If there are fewer than `k`.
    pub fn topk | try_topk(self, k: usize, dim: i64, largest: bool) -> Extreme {
        let (axis, size) = self.checked_axis(dim)?;
        if k > size {
            bail!(Value, "selected index k out of range");
        }
        if self.ndim() == 0 && k == 0 {
            bail!(Unsupported, "topk of no element of a number is not there");
        }
        self.picked(Sort::Top { dim: axis as u8, k, largest }, axis, Origin::Topk, true)
    }

    /// The `k`-th smallest elements (from 1) along `dim` and their positions.
    ///
    /// # Errors
    /// If there are fewer than `k`.
    pub fn kthvalue | try_kthvalue(self, k: usize, dim: i64, keepdim: bool) -> Extreme {
        let (axis, size) = self.checked_axis(dim)?;
        if k == 0 || k > size {
            bail!(Value, "kthvalue(): selected number k out of range for dimension {axis}");
        }
        self.refuse_bool("kthvalue_cpu")?;
        self.picked(Sort::Kth { dim: axis as u8, k: k - 1 }, axis, Origin::Kthvalue, keepdim)
    }

    /// The median of all elements, the lower one of two; NaN if there is one.
    pub fn median | try_median(self) -> Tensor {
        self.median_of_all(false)
    }

    /// The medians along `dim`, the lower one of two, and their positions; NaN if there is one.
    pub fn median_dim | try_median_dim(self, dim: i64, keepdim: bool) -> Extreme {
        self.median_along(dim, keepdim, false)
    }

    /// The median of all elements that are not NaN, the lower one of two.
    pub fn nanmedian | try_nanmedian(self) -> Tensor {
        self.median_of_all(true)
    }

    /// The medians along `dim` of the elements that are not NaN, and their positions.
    pub fn nanmedian_dim | try_nanmedian_dim(self, dim: i64, keepdim: bool) -> Extreme {
        self.median_along(dim, keepdim, true)
    }

    /// Where each of `values` belongs in this tensor, whose last dimension is sorted: the position before which it can be put,
    /// in front of equal elements or, if `right`, behind them.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let sorted = Tensor::from_vec(vec![1.0f32, 3.0, 5.0], [3], ops_cpu::cpu());
    /// let values = Tensor::from_vec(vec![3.0f32, 6.0], [2], ops_cpu::cpu());
    /// assert_eq!(sorted.searchsorted(&values, false).to_vec::<i64>(), [1, 3]);
    /// assert_eq!(sorted.searchsorted(&values, true).to_vec::<i64>(), [2, 3]);
    /// ```
    ///
    /// # Errors
    /// If the sequence is no vector and its leading dimensions are not those of `values`, or the dtypes differ.
    pub fn searchsorted | try_searchsorted(self, values: &Tensor, right: bool) -> Tensor {
        if self.dtype() != values.dtype() {
            bail!(
                DType,
                "torch.searchsorted(): boundary tensor and input value tensor should have same dtype, but got boundary tensor \
                 dtype {} and input value tensor dtype {}",
                self.dtype().type_name(),
                values.dtype().type_name()
            );
        }
        let lead = |x: &Tensor| -> Option<Dims> { x.shape().split_last().map(|(_, lead)| lead.into()) };
        if self.ndim() != 1 && (lead(self).is_none() || lead(self) != lead(values)) {
            bail!(
                Shape,
                "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor \
                 and input value tensor must match, but we got boundaries tensor {:?} and input value tensor {:?}",
                self.shape(),
                values.shape()
            );
        }
        Tensor::apply(Op::Sort(Sort::Search { right }), &[&self.detach(), &values.detach()])
    }

    /// In which of the intervals between the sorted `boundaries` each element lies; a boundary belongs to the interval below it
    /// or, if `right`, above it.
    pub fn bucketize | try_bucketize(self, boundaries: &Tensor, right: bool) -> Tensor {
        if boundaries.ndim() != 1 {
            bail!(Shape, "boundaries tensor must be 1 dimension, but got dim({})", boundaries.ndim());
        }
        let dtype = self.dtype().promote_ranked(self.ndim(), boundaries.dtype(), 1);
        boundaries.try_to_dtype(dtype)?.try_searchsorted(&self.try_to_dtype(dtype)?, right)
    }
}
