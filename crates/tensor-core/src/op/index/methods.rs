//! The methods of operations at positions. What the operations are and need is in `mod.rs`.

use super::check::get_shape;
use super::{Fold, Index};
use crate::op::{Op, Origin};
use crate::twins::twins;
use crate::{DType, IntoOperand, Operand, Result, Tensor, bail, shape};
use storage::Scalar;

impl Tensor {
    fn axis(&self, dim: i64) -> Result<u8> {
        shape::checked_dim(dim, self.ndim()).map(|dim| dim as u8)
    }

    pub(crate) fn try_gather_as(&self, dim: i64, index: &Tensor, origin: Origin) -> Result<Tensor> {
        Tensor::apply(Op::Index(Index::Gather { dim: self.axis(dim)?, origin }), &[self, index])
    }

    /// Values as `Put` wants them: of this dtype, in the shape of the indexed elements.
    fn put_values(&self, dims: u64, positions: &[&Tensor], values: &Tensor) -> Result<Tensor> {
        let got = get_shape(self.shape(), dims, positions)?;
        values.try_expand(&got).map_err(|_| {
            crate::Error::new(
                crate::ErrorKind::Shape,
                format!(
                    "shape mismatch: value tensor of shape {:?} cannot be broadcast to indexing result of shape {got:?}",
                    values.shape()
                ),
            )
        })
    }

    /// `Get`: the elements where the dimensions in `dims` take `positions`.
    pub fn try_index_get(&self, dims: u64, positions: &[&Tensor]) -> Result<Tensor> {
        let inputs: Vec<&Tensor> = [self].into_iter().chain(positions.iter().copied()).collect();
        Tensor::apply(Op::Index(Index::Get { dims, origin: Origin::Itself }), &inputs)
    }

    /// `Put` in place.
    pub fn try_put_at_(&self, dims: u64, positions: &[&Tensor], values: &Tensor, accumulate: bool) -> Result<()> {
        let values = self.put_values(dims, positions, values)?;
        let inputs: Vec<&Tensor> = [self, &values].into_iter().chain(positions.iter().copied()).collect();
        self.write(Op::Index(Index::Put { dims, accumulate }), &inputs)
    }

    /// `Put` into a copy.
    pub fn try_put_at(&self, dims: u64, positions: &[&Tensor], values: &Tensor, accumulate: bool) -> Result<Tensor> {
        let values = self.put_values(dims, positions, values)?;
        let inputs: Vec<&Tensor> = [self, &values].into_iter().chain(positions.iter().copied()).collect();
        Tensor::apply(Op::Index(Index::Put { dims, accumulate }), &inputs)
    }
}

twins! {
    /// Along `dim`, the element at each of `index`'s positions; `index` has this tensor's rank and the result its shape.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0, 4.0], [2, 2], ops_cpu::cpu());
    /// let i = Tensor::from_vec(vec![0i64, 0, 1, 0], [2, 2], ops_cpu::cpu());
    /// assert_eq!(x.gather(1, &i).to_vec::<f32>(), [1.0, 1.0, 4.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If `index` is neither `int64` nor `int32`, its shape does not fit, or a position is outside `dim`.
    pub fn gather | try_gather(self, dim: i64, index: &Tensor) -> Tensor {
        self.try_gather_as(dim, index, Origin::Itself)
    }

    /// The slices at the positions of the vector `index` along `dim`.
    ///
    /// # Errors
    /// If `index` is not a vector of whole numbers, or a position is outside `dim`.
    pub fn index_select | try_index_select(self, dim: i64, index: &Tensor) -> Tensor {
        Tensor::apply(Op::Index(Index::Select { dim: self.axis(dim)? }), &[self, index])
    }

    /// This tensor with `source`, a tensor or a number, written at the positions of `index` along `dim`. Where positions repeat,
    /// the last one stays.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![0.0f32; 4], [2, 2], ops_cpu::cpu());
    /// let i = Tensor::from_vec(vec![1i64, 0], [1, 2], ops_cpu::cpu());
    /// assert_eq!(x.scatter(0, &i, 3.0).to_vec::<f32>(), [0.0, 3.0, 3.0, 0.0]);
    /// ```
    ///
    /// # Errors
    /// If `index` does not hold whole numbers, dtypes differ, shapes do not fit, or a position is outside `dim`.
    pub fn scatter | try_scatter [S: IntoOperand] (self, dim: i64, index: &Tensor, source: S) -> Tensor {
        let source = self.scattered(index, source.operand())?;
        Tensor::apply(Op::Index(Index::Scatter { dim: self.axis(dim)? }), &[self, index, &source])
    }

    /// [`scatter`](Tensor::scatter) in place; returns the tensor itself.
    pub fn scatter_ | try_scatter_ [S: IntoOperand] (self, dim: i64, index: &Tensor, source: S) -> Tensor {
        let source = self.scattered(index, source.operand())?;
        self.write(Op::Index(Index::Scatter { dim: self.axis(dim)? }), &[self, index, &source])?;
        Ok(self.clone())
    }

    /// This tensor combined with the elements of `source` at the positions of `index` along `dim`: `"sum"`, `"prod"`, `"mean"`,
    /// `"amax"` or `"amin"`. Without `include_self`, places that are written forget what they had.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 5.0], [2], ops_cpu::cpu());
    /// let i = Tensor::from_vec(vec![0i64, 0, 1], [3], ops_cpu::cpu());
    /// let source = Tensor::from_vec(vec![2.0f32, 3.0, 4.0], [3], ops_cpu::cpu());
    /// assert_eq!(x.scatter_reduce(0, &i, &source, "sum", true).to_vec::<f32>(), [6.0, 9.0]);
    /// assert_eq!(x.scatter_reduce(0, &i, &source, "amax", false).to_vec::<f32>(), [3.0, 4.0]);
    /// ```
    ///
    /// # Errors
    /// As [`scatter`](Tensor::scatter), and for any other name.
    pub fn scatter_reduce | try_scatter_reduce(
        self, dim: i64, index: &Tensor, source: &Tensor, reduce: &str, include_self: bool
    ) -> Tensor {
        let op = self.reducing(dim, reduce)?;
        let source = self.scattered(index, Operand::Tensor(source))?;
        let base = match include_self {
            true => self.clone(),
            false => self.try_scatter(dim, index, identity(reduce, self.dtype()))?,
        };
        let folded = Tensor::apply(op, &[&base, index, &source])?;
        if reduce != "mean" {
            return Ok(folded);
        }
        let ones = Tensor::try_full_on(index.shape(), 1, self.dtype(), self.device())?;
        let own = Tensor::try_full_on(self.shape(), 1, self.dtype(), self.device())?;
        let own = if include_self { own } else { own.try_scatter(dim, index, 0)? };
        let count = own.try_scatter_add(dim, index, &ones)?;
        if self.dtype().is_floating_point() { folded.try_div(&count) } else { folded.try_floor_divide(&count) }
    }

    /// [`scatter_reduce`](Tensor::scatter_reduce) in place; returns the tensor itself.
    pub fn scatter_reduce_ | try_scatter_reduce_(
        self, dim: i64, index: &Tensor, source: &Tensor, reduce: &str, include_self: bool
    ) -> Tensor {
        if include_self && reduce != "mean" {
            let source = self.scattered(index, Operand::Tensor(source))?;
            self.write(self.reducing(dim, reduce)?, &[self, index, &source])?;
            return Ok(self.clone());
        }
        self.try_copy_(&self.try_scatter_reduce(dim, index, source, reduce, include_self)?)
    }

    /// This tensor with its slices at the positions of the vector `index` along `dim` replaced by those of `source`.
    ///
    /// # Errors
    /// If `index` is not an `int64` vector, dtypes differ, shapes do not fit, or a position is outside `dim`.
    pub fn index_copy | try_index_copy(self, dim: i64, index: &Tensor, source: &Tensor) -> Tensor {
        Tensor::apply(Op::Index(Index::Copy { dim: self.axis(dim)? }), &[self, index, source])
    }

    /// [`index_copy`](Tensor::index_copy) in place; returns the tensor itself.
    pub fn index_copy_ | try_index_copy_(self, dim: i64, index: &Tensor, source: &Tensor) -> Tensor {
        self.write(Op::Index(Index::Copy { dim: self.axis(dim)? }), &[self, index, source])?;
        Ok(self.clone())
    }

    /// The rows of `weight` at these positions, which keep their shape in front. Row `padding_idx` gets no gradient.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let weight = Tensor::from_vec(vec![0.0f32, 0.1, 1.0, 1.1], [2, 2], ops_cpu::cpu());
    /// let words = Tensor::from_vec(vec![1i64, 0, 1], [3], ops_cpu::cpu());
    /// assert_eq!(words.embedding(&weight, None).to_vec::<f32>(), [1.0, 1.1, 0.0, 0.1, 1.0, 1.1]);
    /// ```
    ///
    /// # Errors
    /// If the positions are not whole numbers, one is not a row's, or `weight` is no matrix.
    pub fn embedding | try_embedding(self, weight: &Tensor, padding_idx: Option<i64>) -> Tensor {
        let rows = weight.shape().first().copied().unwrap_or(0) as i64;
        let padding = match padding_idx {
            None => -1,
            Some(row) if row >= -rows && row < rows => if row < 0 { row + rows } else { row },
            Some(_) => bail!(Value, "Padding_idx must be within num_embeddings"),
        };
        Tensor::apply(Op::Index(Index::Rows { padding }), &[weight, self])
    }

    /// This tensor plus the elements of `source`, each added at its position in `index` along `dim`.
    ///
    /// # Errors
    /// If `index` is neither `int64` nor `int32`, dtypes differ, shapes do not fit, or a position is outside `dim`.
    pub fn scatter_add | try_scatter_add(self, dim: i64, index: &Tensor, source: &Tensor) -> Tensor {
        Tensor::apply(Op::Index(Index::ScatterAdd { dim: self.axis(dim)? }), &[self, index, source])
    }

    /// [`scatter_add`](Tensor::scatter_add) in place; returns the tensor itself.
    pub fn scatter_add_ | try_scatter_add_(self, dim: i64, index: &Tensor, source: &Tensor) -> Tensor {
        self.write(Op::Index(Index::ScatterAdd { dim: self.axis(dim)? }), &[self, index, source])?;
        Ok(self.clone())
    }

    /// This tensor plus the slices of `source`, each added to the slice at its position in the vector `index` along `dim`.
    ///
    /// # Errors
    /// As [`scatter_add`](Tensor::scatter_add).
    pub fn index_add | try_index_add(self, dim: i64, index: &Tensor, source: &Tensor) -> Tensor {
        Tensor::apply(Op::Index(Index::Add { dim: self.axis(dim)? }), &[self, index, source])
    }

    /// [`index_add`](Tensor::index_add) in place; returns the tensor itself.
    pub fn index_add_ | try_index_add_(self, dim: i64, index: &Tensor, source: &Tensor) -> Tensor {
        self.write(Op::Index(Index::Add { dim: self.axis(dim)? }), &[self, index, source])?;
        Ok(self.clone())
    }

    /// The positions of the non-zero elements, one row each, `int64`, row-major.
    pub fn nonzero | try_nonzero(self) -> Tensor {
        let _pause = crate::mode::Recording::set(false);
        let count = self.count_of_nonzero()?;
        Tensor::apply(Op::Index(Index::NonZero { count }), &[self])
    }

    /// The elements where `mask` holds, as a vector; both broadcast.
    ///
    /// # Errors
    /// If the mask is not `bool` or the shapes do not broadcast.
    pub fn masked_select | try_masked_select(self, mask: &Tensor) -> Tensor {
        if mask.dtype() != DType::Bool {
            bail!(DType, "masked_select: expected BoolTensor for mask");
        }
        let shape = shape::broadcast(mask.shape(), self.shape())?;
        self.try_expand(&shape)?.try_masked_select_as(&mask.try_expand(&shape)?, Origin::MaskedSelect)
    }

    /// This tensor with the elements where `mask` holds replaced by those of `source`, in their order; the mask broadcasts.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, -2.0, 3.0], [3], ops_cpu::cpu());
    /// let source = Tensor::from_vec(vec![10.0f32, 20.0], [2], ops_cpu::cpu());
    /// assert_eq!(x.masked_scatter(&x.gt(0), &source).to_vec::<f32>(), [10.0, -2.0, 20.0]);
    /// ```
    ///
    /// # Errors
    /// If the mask is not `bool`, dtypes differ, or `source` has fewer elements than the mask has places.
    pub fn masked_scatter | try_masked_scatter(self, mask: &Tensor, source: &Tensor) -> Tensor {
        let shape = shape::broadcast(self.shape(), mask.shape())?;
        let (x, mask) = (self.try_expand(&shape)?, mask.try_expand(&shape)?);
        Tensor::apply(Op::Index(Index::MaskedScatter), &[&x, &mask, &source.try_reshape(-1)?])
    }

    /// [`masked_scatter`](Tensor::masked_scatter) in place; returns the tensor itself.
    pub fn masked_scatter_ | try_masked_scatter_(self, mask: &Tensor, source: &Tensor) -> Tensor {
        let mask = mask.try_expand(self.shape())?;
        self.write(Op::Index(Index::MaskedScatter), &[self, &mask, &source.try_reshape(-1)?])?;
        Ok(self.clone())
    }
}

impl Tensor {
    /// The part of `source` that has positions, or a number repeated for each of them.
    fn scattered(&self, index: &Tensor, source: Operand<'_>) -> Result<Tensor> {
        let source = match source {
            Operand::Number(number) => Tensor::try_full_on((), number, self.dtype(), self.device())?,
            Operand::Tensor(x) if x.ndim() != index.ndim() => return Ok(x.clone()),
            Operand::Tensor(x) => x.clone(),
            Operand::Owned(x) => x,
        };
        if source.ndim() == 0 {
            return source.try_expand(index.shape());
        }
        // Where the source is too small, the operation's plan says so.
        let wider = |x: &Tensor, dim: usize| x.shape()[dim] > index.shape()[dim];
        (0..index.ndim()).try_fold(source, |x, dim| match wider(&x, dim) {
            true => x.try_narrow(dim as i64, 0, index.shape()[dim]),
            false => Ok(x),
        })
    }

    /// The operation behind the name of a reduction.
    fn reducing(&self, dim: i64, reduce: &str) -> Result<Op> {
        let dim = self.axis(dim)?;
        let fold = |fold| Ok(Op::Index(Index::ScatterReduce { dim, fold }));
        match reduce {
            "mean" if self.dtype() == DType::Bool => {
                bail!(DType, "\"scatter_gather_tensor_cpu_reduce_mean\" not implemented for 'Bool'")
            }
            "sum" | "mean" => Ok(Op::Index(Index::ScatterAdd { dim })),
            "prod" => fold(Fold::Prod),
            "amax" => fold(Fold::Max),
            "amin" => fold(Fold::Min),
            other => bail!(Value, "reduce argument must be either sum, prod, mean, amax or amin, got {other}"),
        }
    }

    /// The number of non-zero elements.
    fn count_of_nonzero(&self) -> Result<usize> {
        let _pause = crate::mode::Recording::set(false);
        let total = Tensor::apply(Op::Index(Index::Count), &[self])?;
        Ok(total.try_item::<i64>()? as usize)
    }

    /// The elements where a mask of the same shape holds.
    pub(crate) fn try_masked_select_as(&self, mask: &Tensor, origin: Origin) -> Result<Tensor> {
        let count = mask.count_of_nonzero()?;
        Tensor::apply(Op::Index(Index::MaskedSelect { count, origin }), &[self, mask])
    }

    /// A `bool` mask over dimensions `first…` as one position tensor per dimension.
    pub(crate) fn try_mask_positions(&self, first: usize) -> Result<(u64, Vec<Tensor>)> {
        if self.ndim() == 0 {
            let rows = self.try_reshape([1])?.try_nonzero()?;
            return Ok((1 << first, vec![rows.try_select(1, 0)?]));
        }
        let rows = self.try_nonzero()?;
        let columns: Result<Vec<Tensor>> = (0..self.ndim()).map(|dim| rows.try_select(1, dim as i64)).collect();
        let dims = (u64::MAX >> (64 - self.ndim())) << first;
        Ok((dims, columns?))
    }
}

/// What leaves every number as it is.
fn identity(reduce: &str, dtype: DType) -> Scalar {
    let (least, most) = match dtype {
        DType::Bool => (Scalar::Bool(false), Scalar::Bool(true)),
        DType::U8 => (Scalar::Int(0), Scalar::Int(u8::MAX as i64)),
        DType::I8 => (Scalar::Int(i8::MIN as i64), Scalar::Int(i8::MAX as i64)),
        DType::I16 => (Scalar::Int(i16::MIN as i64), Scalar::Int(i16::MAX as i64)),
        DType::I32 => (Scalar::Int(i32::MIN as i64), Scalar::Int(i32::MAX as i64)),
        DType::I64 => (Scalar::Int(i64::MIN), Scalar::Int(i64::MAX)),
        DType::F16 | DType::BF16 | DType::F32 | DType::F64 => {
            (Scalar::Float(f64::NEG_INFINITY), Scalar::Float(f64::INFINITY))
        }
    };
    match reduce {
        "prod" => Scalar::Int(1),
        "amax" => least,
        "amin" => most,
        _ => Scalar::Int(0),
    }
}
