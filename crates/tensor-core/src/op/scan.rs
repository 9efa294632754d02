//! Running totals along a dimension: sums, products, the logarithm of summed exponentials, and where the largest or smallest
//! element so far is.

use super::reduce::Extreme;
use super::{Op, Origin, Plan};
use crate::twins::twins;
use crate::{DType, Layout, Result, Tensor, bail, shape};

/// A running total and its dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scan {
    /// What is computed.
    pub kind: ScanKind,
    /// The dimension.
    pub dim: u8,
    /// Whether it runs from the last element to the first.
    pub reverse: bool,
}

/// What runs along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScanKind {
    /// The sum; of whole numbers and `bool` as `int64`.
    Sum,
    /// The product; of whole numbers and `bool` as `int64`.
    Prod,
    /// The logarithm of the sum of exponentials.
    LogSumExp,
    /// The position of the largest element so far, the last of equals; of NaN once there was one.
    ArgMax,
    /// The position of the smallest element so far, the last of equals; of NaN once there was one.
    ArgMin,
    /// Inputs (a, b): y = a + b · (y before), from 0.
    Linear,
}

impl ScanKind {
    /// One of each kind, for tables of tests.
    pub const ALL: &'static [ScanKind] =
        &[ScanKind::Sum, ScanKind::Prod, ScanKind::LogSumExp, ScanKind::ArgMax, ScanKind::ArgMin, ScanKind::Linear];
}

impl Scan {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let x = inputs[0];
        let (dtype, compute) = match self.kind {
            ScanKind::Sum | ScanKind::Prod if !x.dtype().is_floating_point() => (DType::I64, DType::I64),
            ScanKind::LogSumExp if !x.dtype().is_floating_point() => {
                bail!(DType, "\"logcumsumexp_out_cpu\" not implemented for '{}'", x.dtype().type_name())
            }
            ScanKind::Sum | ScanKind::Prod | ScanKind::LogSumExp | ScanKind::Linear => (x.dtype(), x.dtype()),
            ScanKind::ArgMax | ScanKind::ArgMin => (DType::I64, x.dtype()),
        };
        Ok(Plan { layout: Layout::contiguous(x.shape().clone()), dtype, compute })
    }
}

impl Tensor {
    fn scan(&self, kind: ScanKind, dim: i64) -> Result<Tensor> {
        let dim = shape::checked_dim(dim, self.ndim())? as u8;
        Tensor::apply(Op::Scan(Scan { kind, dim, reverse: false }), &[self])
    }

    fn scan_(&self, kind: ScanKind, dim: i64) -> Result<Tensor> {
        let dim = shape::checked_dim(dim, self.ndim())? as u8;
        self.write(Op::Scan(Scan { kind, dim, reverse: false }), &[self])?;
        Ok(self.clone())
    }

    fn running_extreme(&self, kind: ScanKind, origin: Origin, dim: i64) -> Result<Extreme> {
        let indices = self.scan(kind, dim)?;
        if self.ndim() == 0 {
            return Ok(Extreme { values: self.try_clone()?, indices });
        }
        Ok(Extreme { values: self.try_gather_as(dim, &indices, origin)?, indices })
    }
}

twins! {
    /// The sums of all elements up to each along `dim`. Whole numbers and `bool` add up as `int64`.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1i64, 2, 3], [3], ops_cpu::cpu());
    /// assert_eq!(x.cumsum(0).to_vec::<i64>(), [1, 3, 6]);
    /// ```
    pub fn cumsum | try_cumsum(self, dim: i64) -> Tensor {
        self.scan(ScanKind::Sum, dim)
    }

    /// [`cumsum`](Tensor::cumsum) of this tensor as `dtype`: PyTorch's argument `dtype`.
    pub fn cumsum_dtype | try_cumsum_dtype(self, dim: i64, dtype: DType) -> Tensor {
        let sums = self.try_to_dtype(dtype)?.scan(ScanKind::Sum, dim)?;
        sums.try_to_dtype(dtype)
    }

    /// The products of all elements up to each along `dim`. Whole numbers and `bool` multiply as `int64`.
    pub fn cumprod | try_cumprod(self, dim: i64) -> Tensor {
        self.scan(ScanKind::Prod, dim)
    }

    /// [`cumprod`](Tensor::cumprod) of this tensor as `dtype`: PyTorch's argument `dtype`.
    pub fn cumprod_dtype | try_cumprod_dtype(self, dim: i64, dtype: DType) -> Tensor {
        let products = self.try_to_dtype(dtype)?.scan(ScanKind::Prod, dim)?;
        products.try_to_dtype(dtype)
    }

    /// [`cumsum`](Tensor::cumsum) in place; returns the tensor itself.
    pub fn cumsum_ | try_cumsum_(self, dim: i64) -> Tensor {
        self.scan_(ScanKind::Sum, dim)
    }

    /// [`cumprod`](Tensor::cumprod) in place; returns the tensor itself.
    pub fn cumprod_ | try_cumprod_(self, dim: i64) -> Tensor {
        self.scan_(ScanKind::Prod, dim)
    }

    /// The logarithm of the sums of e^x up to each element along `dim`, for floats.
    pub fn logcumsumexp | try_logcumsumexp(self, dim: i64) -> Tensor {
        self.scan(ScanKind::LogSumExp, dim)
    }

    /// The largest elements up to each along `dim`, and their positions (the last of equals).
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 3.0, 2.0, 3.0], [4], ops_cpu::cpu());
    /// let most = x.cummax(0);
    /// assert_eq!(most.values.to_vec::<f32>(), [1.0, 3.0, 3.0, 3.0]);
    /// assert_eq!(most.indices.to_vec::<i64>(), [0, 1, 1, 3]);
    /// ```
    pub fn cummax | try_cummax(self, dim: i64) -> Extreme {
        self.running_extreme(ScanKind::ArgMax, Origin::Cummax, dim)
    }

    /// The smallest elements up to each along `dim`, and their positions (the last of equals).
    pub fn cummin | try_cummin(self, dim: i64) -> Extreme {
        self.running_extreme(ScanKind::ArgMin, Origin::Cummin, dim)
    }
}
