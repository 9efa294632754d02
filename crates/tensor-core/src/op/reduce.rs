//! Many elements into one: sums, means, products, extremes, their positions, spreads, and tests, over any dimensions.

use super::{Op, Origin, Plan};
use crate::twins::twins;
use crate::{DType, Dims, IntoAxes, Layout, Result, Tensor, bail, shape};

/// A reduction and the dimensions it runs over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reduce {
    /// What is computed.
    pub kind: ReduceKind,
    /// The reduced dimensions, as bits.
    pub axes: u64,
    /// Whether reduced dimensions stay, with size one.
    pub keepdim: bool,
}

/// What a reduction computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReduceKind {
    /// The sum; of whole numbers and `bool` as `int64`.
    Sum,
    /// The mean of floats.
    Mean,
    /// The product; of whole numbers and `bool` as `int64`.
    Prod,
    /// The largest element; NaN if there is one.
    Max,
    /// The smallest element; NaN if there is one.
    Min,
    /// The position of the first largest element.
    ArgMax,
    /// The position of the first smallest element.
    ArgMin,
    /// Whether any element is non-zero.
    Any,
    /// Whether all elements are non-zero.
    All,
    /// The mean squared distance from the mean, divided by n − `correction`.
    Var {
        /// 1 for the unbiased estimate, 0 for the population's.
        correction: f64,
    },
    /// The square root of `Var`.
    Std {
        /// As in `Var`.
        correction: f64,
    },
}

impl ReduceKind {
    /// One of each kind, for tables of tests.
    pub const ALL: &'static [ReduceKind] = &[
        ReduceKind::Sum,
        ReduceKind::Mean,
        ReduceKind::Prod,
        ReduceKind::Max,
        ReduceKind::Min,
        ReduceKind::ArgMax,
        ReduceKind::ArgMin,
        ReduceKind::Any,
        ReduceKind::All,
        ReduceKind::Var { correction: 1.0 },
        ReduceKind::Std { correction: 1.0 },
    ];

    /// PyTorch's name.
    pub const fn name(self) -> &'static str {
        match self {
            ReduceKind::Sum => "sum",
            ReduceKind::Mean => "mean",
            ReduceKind::Prod => "prod",
            ReduceKind::Max => "max",
            ReduceKind::Min => "min",
            ReduceKind::ArgMax => "argmax",
            ReduceKind::ArgMin => "argmin",
            ReduceKind::Any => "any",
            ReduceKind::All => "all",
            ReduceKind::Var { .. } => "var",
            ReduceKind::Std { .. } => "std",
        }
    }

    /// Whether the reduction of nothing is undefined.
    fn needs_elements(self) -> bool {
        matches!(self, ReduceKind::Max | ReduceKind::Min | ReduceKind::ArgMax | ReduceKind::ArgMin)
    }

    /// The dtypes of the result and of the computation.
    fn dtypes(self, dtype: DType) -> Result<(DType, DType)> {
        Ok(match self {
            ReduceKind::Sum | ReduceKind::Prod if !dtype.is_floating_point() => (DType::I64, DType::I64),
            ReduceKind::Sum | ReduceKind::Prod | ReduceKind::Max | ReduceKind::Min => (dtype, dtype),
            ReduceKind::ArgMax | ReduceKind::ArgMin if dtype == DType::Bool => {
                bail!(DType, "{}(): does not support bool input", self.name())
            }
            ReduceKind::ArgMax | ReduceKind::ArgMin => (DType::I64, dtype),
            // Where masks were bytes before there was `bool`, PyTorch still answers in bytes.
            ReduceKind::Any | ReduceKind::All if dtype == DType::U8 => (DType::U8, dtype),
            ReduceKind::Any | ReduceKind::All => (DType::Bool, dtype),
            ReduceKind::Mean if !dtype.is_floating_point() => bail!(
                DType,
                "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {}",
                dtype.type_name()
            ),
            ReduceKind::Var { .. } | ReduceKind::Std { .. } if !dtype.is_floating_point() => {
                bail!(DType, "std and var only support floating point and complex dtypes")
            }
            ReduceKind::Mean | ReduceKind::Var { .. } | ReduceKind::Std { .. } => (dtype, dtype),
        })
    }
}

impl Reduce {
    pub(crate) fn plan(self, x: &Tensor) -> Result<Plan> {
        let (dtype, compute) = self.kind.dtypes(x.dtype())?;
        let reduced = |dim: usize| self.axes >> dim & 1 == 1;
        if self.kind.needs_elements()
            && let Some(dim) = (0..x.ndim()).find(|dim| reduced(*dim) && x.shape()[*dim] == 0)
        {
            let name = self.kind.name();
            match (0..x.ndim()).all(reduced) {
                true => bail!(
                    Shape,
                    "{name}(): Expected reduction dim to be specified for input.numel() == 0.{}",
                    if name.starts_with("arg") { "" } else { " Specify the reduction dim with the 'dim' argument." }
                ),
                false => bail!(Index, "{name}(): Expected reduction dim {dim} to have non-zero size."),
            }
        }
        Ok(Plan { layout: Layout::contiguous(self.output_shape(x.shape())), dtype, compute })
    }

    /// The shape that remains of `shape`.
    pub fn output_shape(self, shape: &Dims) -> Dims {
        let reduced = |dim: usize| self.axes >> dim & 1 == 1;
        if self.keepdim {
            shape.iter().enumerate().map(|(dim, size)| if reduced(dim) { 1 } else { *size }).collect()
        } else {
            shape.without(reduced)
        }
    }

    /// How many elements of a tensor of `shape` become one.
    pub fn count(self, shape: &[usize]) -> usize {
        shape.iter().enumerate().filter(|(dim, _)| self.axes >> dim & 1 == 1).map(|(_, size)| size).product()
    }
}

/// The largest or smallest elements along a dimension, and where they are.
#[derive(Clone, Debug)]
pub struct Extreme {
    /// The elements.
    pub values: Tensor,
    /// Their positions along the dimension, `int64`.
    pub indices: Tensor,
}

impl Tensor {
    fn reduce(&self, kind: ReduceKind, axes: impl IntoAxes, keepdim: bool) -> Result<Tensor> {
        let axes = shape::checked_axes(&axes, self.ndim())?;
        Tensor::apply(Op::Reduce(Reduce { kind, axes, keepdim }), &[self])
    }

    /// Named dimensions; also where they are all, the record tells them from a reduction of everything.
    fn reduce_dims(&self, kind: ReduceKind, dims: impl IntoAxes, keepdim: bool) -> Result<Tensor> {
        let named = shape::checked_axes(&dims, self.ndim()).or_else(|error| {
            // A dtype that cannot be reduced comes first.
            kind.dtypes(self.dtype())?;
            Err(error)
        })?;
        if matches!(kind, ReduceKind::Max | ReduceKind::Min) && self.numel() == 0 {
            // Over given dimensions these are other functions in PyTorch.
            let name = kind.name();
            if named == shape::ALL_AXES {
                bail!(
                    Shape,
                    "a{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the \
                     'dim' argument."
                );
            }
            if let Some(dim) = (0..self.ndim()).find(|dim| named >> dim & 1 == 1 && self.shape()[*dim] == 0) {
                bail!(Index, "a{name}(): Expected reduction dim {dim} to have non-zero size.");
            }
        }
        let axes = if named == shape::ALL_AXES { ((1u128 << self.ndim()) - 1) as u64 } else { named };
        Tensor::apply(Op::Reduce(Reduce { kind, axes, keepdim }), &[self])
    }

    /// One dimension; a single number counts as having one.
    fn reduce_dim(&self, kind: ReduceKind, dim: i64, keepdim: bool) -> Result<Tensor> {
        let axis = shape::checked_dim(dim, self.ndim())?;
        let axes = if self.ndim() == 0 { 0 } else { 1 << axis };
        Tensor::apply(Op::Reduce(Reduce { kind, axes, keepdim }), &[self])
    }

    fn extreme(&self, position: ReduceKind, origin: Origin, dim: i64, keepdim: bool) -> Result<Extreme> {
        let axis = shape::checked_dim(dim, self.ndim())?;
        if self.shape().get(axis) == Some(&0) {
            let name = if position == ReduceKind::ArgMax { "max" } else { "min" };
            bail!(Index, "{name}(): Expected reduction dim {axis} to have non-zero size.");
        }
        let indices = match self.dtype() {
            // Positions among truth values are not an operation of their own, but `max` of them is.
            DType::Bool => self.detach().try_to_dtype(DType::U8)?.reduce_dim(position, dim, true)?,
            _ => self.reduce_dim(position, dim, true)?,
        };
        if self.ndim() == 0 {
            return Ok(Extreme { values: self.try_clone()?, indices });
        }
        let values = self.try_gather_as(dim, &indices, origin)?;
        let squeeze = |x: Tensor| if keepdim { Ok(x) } else { x.try_squeeze_as(dim, origin) };
        Ok(Extreme { values: squeeze(values)?, indices: squeeze(indices)? })
    }
}

/// Methods of one kind: over everything, and over given dimensions.
macro_rules! reductions {
    ($($(#[$doc:meta])* $kind:ident $all:ident $try_all:ident $dim:ident $try_dim:ident;)*) => {
        twins! { $(
            $(#[$doc])*
            ///
            /// Over all elements; a tensor without dimensions.
            pub fn $all | $try_all(self) -> Tensor {
                self.reduce(ReduceKind::$kind, .., false)
            }

            $(#[$doc])*
            ///
            /// Over dimension `dim` (one, several, or `..` for all), which stays with size one if `keepdim`.
            ///
            /// # Errors
            /// If a dimension is out of range or named twice.
            pub fn $dim | $try_dim [A: IntoAxes] (self, dim: A, keepdim: bool) -> Tensor {
                self.reduce_dims(ReduceKind::$kind, dim, keepdim)
            }
        )* }
    };
}

reductions! {
    /// The sum. Whole numbers and `bool` add up as `int64`; floats in pairs or wider, so that long sums stay accurate.
    Sum sum try_sum sum_dim try_sum_dim;
    /// The mean of floats.
    Mean mean try_mean mean_dim try_mean_dim;
    /// Whether any element is non-zero.
    Any any try_any any_dim try_any_dim;
    /// Whether all elements are non-zero.
    All all try_all all_dim try_all_dim;
    /// The largest element; NaN if there is one. Equal ones share the gradient.
    Max max try_max amax try_amax;
    /// The smallest element; NaN if there is one. Equal ones share the gradient.
    Min min try_min amin try_amin;
}

twins! {
    /// The product of all elements. Whole numbers and `bool` multiply as `int64`.
    pub fn prod | try_prod(self) -> Tensor {
        self.reduce(ReduceKind::Prod, .., false)
    }

    /// The product along `dim`, which stays with size one if `keepdim`.
    pub fn prod_dim | try_prod_dim(self, dim: i64, keepdim: bool) -> Tensor {
        self.reduce_dim(ReduceKind::Prod, dim, keepdim)
    }

    /// The largest elements along `dim` and their positions (the first of equals): PyTorch's `max(dim)`.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 5.0, 7.0, 2.0], [2, 2], ops_cpu::cpu());
    /// let top = x.max_dim(1, false);
    /// assert_eq!(top.values.to_vec::<f32>(), [5.0, 7.0]);
    /// assert_eq!(top.indices.to_vec::<i64>(), [1, 0]);
    /// ```
    pub fn max_dim | try_max_dim(self, dim: i64, keepdim: bool) -> Extreme {
        self.extreme(ReduceKind::ArgMax, Origin::Max, dim, keepdim)
    }

    /// The smallest elements along `dim` and their positions (the first of equals): PyTorch's `min(dim)`.
    pub fn min_dim | try_min_dim(self, dim: i64, keepdim: bool) -> Extreme {
        self.extreme(ReduceKind::ArgMin, Origin::Min, dim, keepdim)
    }

    /// The position of the largest element in row-major order, the first of equals.
    pub fn argmax | try_argmax(self) -> Tensor {
        self.reduce(ReduceKind::ArgMax, .., false)
    }

    /// The positions of the largest elements along `dim`, the first of equals.
    pub fn argmax_dim | try_argmax_dim(self, dim: i64, keepdim: bool) -> Tensor {
        self.reduce_dim(ReduceKind::ArgMax, dim, keepdim)
    }

    /// The position of the smallest element in row-major order, the first of equals.
    pub fn argmin | try_argmin(self) -> Tensor {
        self.reduce(ReduceKind::ArgMin, .., false)
    }

    /// The positions of the smallest elements along `dim`, the first of equals.
    pub fn argmin_dim | try_argmin_dim(self, dim: i64, keepdim: bool) -> Tensor {
        self.reduce_dim(ReduceKind::ArgMin, dim, keepdim)
    }

    /// The variance of all elements, unbiased (divided by n − 1).
    pub fn var | try_var(self) -> Tensor {
        self.reduce(ReduceKind::Var { correction: 1.0 }, .., false)
    }

    /// The variance over `dim`, divided by n − `correction`: 1 for the unbiased estimate (PyTorch's default), 0 for the
    /// population's.
    pub fn var_dim | try_var_dim [A: IntoAxes] (self, dim: A, correction: f64, keepdim: bool) -> Tensor {
        self.reduce(ReduceKind::Var { correction }, dim, keepdim)
    }

    /// The standard deviation of all elements, unbiased (divided by n − 1).
    pub fn std | try_std(self) -> Tensor {
        self.reduce(ReduceKind::Std { correction: 1.0 }, .., false)
    }

    /// The standard deviation over `dim`; `correction` as in [`var_dim`](Tensor::var_dim).
    pub fn std_dim | try_std_dim [A: IntoAxes] (self, dim: A, correction: f64, keepdim: bool) -> Tensor {
        self.reduce(ReduceKind::Std { correction }, dim, keepdim)
    }
}
