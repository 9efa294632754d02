//! Reading and writing at positions given by tensors: gather, index_select, scatter_add, and the general `x[i, j]`.

use super::{Op, Origin, Plan};
use crate::twins::twins;
use crate::{DType, Dims, Layout, Result, Tensor, bail, shape};
use storage::Scalar;

/// An operation at given positions. Positions are `int64` (`int32` is converted first) and may count from the end only where
/// it says so; a position outside its dimension is an error when the operation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Index {
    /// Inputs (x, positions of x's rank): along `dim`, the element at each position.
    Gather {
        /// The dimension.
        dim: u8,
        /// On whose behalf.
        origin: Origin,
    },
    /// Inputs (x, one-dimensional positions): the slices of x at the positions along `dim`.
    Select {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (x, positions, values): x plus the values, added at the positions along `dim`.
    ScatterAdd {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (x, one-dimensional positions, values): x plus the values' slices, added to its slices at the positions.
    Add {
        /// The dimension.
        dim: u8,
    },
    /// Inputs (x, positions…): the elements of x where the indexed dimensions (bits) take the positions, which broadcast and
    /// may count from the end. The positions' dimensions stand where the first indexed one was, or first if the indexed
    /// dimensions are not neighbours.
    Get {
        /// The indexed dimensions.
        dims: u64,
        /// On whose behalf.
        origin: Origin,
    },
    /// Inputs (x, values, positions…): x with `Get`'s elements replaced by the values, or with the values added.
    Put {
        /// The indexed dimensions.
        dims: u64,
        /// Whether values are added to what is there.
        accumulate: bool,
    },
    /// Input x: the positions of its `count` non-zero elements, one row each, row-major.
    NonZero {
        /// How many there are.
        count: usize,
    },
}

impl Index {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let x = inputs[0];
        let same = |layout: Layout| Plan { layout, dtype: x.dtype(), compute: x.dtype() };
        let like = |shape: &Dims| Ok(same(Layout::contiguous(shape.clone())));
        match self {
            Index::Gather { dim, .. } => {
                check_index_dtype("gather", inputs[1], false)?;
                check_index_shape("gather", dim as usize, x.shape(), inputs[1].shape(), x.shape())?;
                like(inputs[1].shape())
            }
            Index::Select { dim } => {
                check_index_dtype("index_select", inputs[1], true)?;
                if inputs[1].ndim() > 1 {
                    bail!(
                        Index,
                        "index_select(): Index is supposed to be a vector, but got dim: {} with dtype: {}",
                        inputs[1].ndim(),
                        inputs[1].dtype().type_name()
                    );
                }
                if x.ndim() == 0 && inputs[1].numel() != 1 {
                    bail!(
                        Index,
                        "index_select(): Index to scalar can have only 1 value, got {} value(s)",
                        inputs[1].numel()
                    );
                }
                let mut shape = x.shape().clone();
                if let Some(size) = shape.get_mut(dim as usize) {
                    *size = inputs[1].numel();
                }
                like(&shape)
            }
            Index::ScatterAdd { dim } => {
                check_index_dtype("scatter", inputs[1], false)?;
                check_same_dtype("scatter_add(): Expected self.dtype to be equal to src.dtype", x, inputs[2])?;
                check_index_shape("scatter_add", dim as usize, x.shape(), inputs[1].shape(), inputs[2].shape())?;
                like(x.shape())
            }
            Index::Add { dim } => {
                check_add(dim as usize, x, inputs[1], inputs[2])?;
                like(x.shape())
            }
            Index::Get { dims, .. } => like(&get_shape(x.shape(), dims, &inputs[1..])?),
            Index::Put { dims, .. } => {
                let got = get_shape(x.shape(), dims, &inputs[2..])?;
                check_same_dtype("Index put requires the source and destination dtypes match", x, inputs[1])?;
                if got != *inputs[1].shape() {
                    bail!(
                        Shape,
                        "shape mismatch: value tensor of shape {:?} cannot be broadcast to indexing result of shape {got:?}",
                        inputs[1].shape()
                    );
                }
                like(x.shape())
            }
            Index::NonZero { count } => {
                Ok(Plan { compute: x.dtype(), ..Plan::new([count, x.ndim()].as_slice().into(), DType::I64) })
            }
        }
    }
}

/// The positions' broadcast shape.
pub fn positions_shape_of<'a>(positions: impl Iterator<Item = &'a Dims> + Clone) -> Result<Dims> {
    let mut shape = Dims::scalar();
    for index in positions.clone() {
        shape = match shape::broadcast(&shape, index) {
            Ok(shape) => shape,
            Err(_) => {
                let all: Vec<String> = positions.map(|p| format!("{p:?}")).collect();
                bail!(
                    Index,
                    "shape mismatch: indexing tensors could not be broadcast together with shapes {}",
                    all.join(", ")
                )
            }
        };
    }
    Ok(shape)
}

/// The dimension of `Get`'s result at which the positions' dimensions begin: in place of the first indexed dimension if the
/// indexed ones are neighbours, else at the front.
pub fn positions_at(dims: u64) -> usize {
    let first = dims.trailing_zeros() as usize;
    let neighbours = (dims >> first).trailing_ones() == dims.count_ones();
    if neighbours { first } else { 0 }
}

/// The shape of `Get`'s result.
fn get_shape(shape: &Dims, dims: u64, positions: &[&Tensor]) -> Result<Dims> {
    for index in positions {
        check_index_dtype("index", index, true)?;
    }
    let kept = shape.without(|dim| dims >> dim & 1 == 1);
    let at = positions_at(dims);
    let middle = positions_shape_of(positions.iter().map(|p| p.shape()))?;
    let shape: Dims = kept[..at].iter().chain(&middle[..]).chain(&kept[at..]).copied().collect();
    shape::checked_numel(&shape)?;
    Ok(shape)
}

fn check_index_dtype(name: &str, index: &Tensor, strict: bool) -> Result<()> {
    match index.dtype() {
        DType::I64 | DType::I32 => Ok(()),
        // Positions that are none need no dtype.
        _ if !strict && index.numel() == 0 => Ok(()),
        _ if name == "index" => bail!(Index, "tensors used as indices must be long, int, byte or bool tensors"),
        _ if strict => bail!(Index, "{name}(): Expected dtype int32 or int64 for index"),
        _ => bail!(Index, "{name}(): Expected dtype int32/int64 for index"),
    }
}

fn check_same_dtype(text: &str, a: &Tensor, b: &Tensor) -> Result<()> {
    if a.dtype() != b.dtype() {
        bail!(
            DType,
            "{text}, got {} for the destination and {} for the source.",
            a.dtype().type_name(),
            b.dtype().type_name()
        );
    }
    Ok(())
}

/// What `index_add` asks of its operands, in PyTorch's order.
fn check_add(dim: usize, x: &Tensor, index: &Tensor, source: &Tensor) -> Result<()> {
    let dtype = |x: &Tensor| x.dtype().type_name();
    if index.ndim() > 1 {
        bail!(
            Index,
            "index_add_(): Index is supposed to be a vector, but got dim: {} with type: {} and size: {:?}",
            index.ndim(),
            dtype(index),
            index.shape()
        );
    }
    if !matches!(index.dtype(), DType::I64 | DType::I32) {
        bail!(Index, "index_add_(): Expected dtype int32/int64 for index but got: {}", dtype(index));
    }
    if x.dtype() != source.dtype() {
        bail!(DType, "index_add_(): self ({}) and source ({}) must have the same scalar type", dtype(x), dtype(source));
    }
    if dim > 0 && dim >= source.ndim() {
        bail!(Dim, "index_add_(): Indexing dim {dim} is out of bounds of the source tensor with dim {}", source.ndim());
    }
    let count = index.numel();
    match source.shape().get(dim) {
        Some(size) if *size != count => bail!(
            Shape,
            "index_add_(): Number of indices ({count}) should be equal to source.size(dim): ({size}), for dim: {dim}"
        ),
        None if count != 1 => bail!(Index, "Dimension specified as {dim} but tensor has no dimensions"),
        _ => {}
    }
    let beside = |x: &Tensor| (x.ndim(), x.shape().without(|i| i == dim));
    if beside(x) != beside(source) {
        bail!(
            Shape,
            "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = {:?} \
             source.shape = {:?}",
            x.shape(),
            source.shape()
        );
    }
    Ok(())
}

/// `index` must fit within `other` everywhere and within `x` everywhere but at `dim`.
fn check_index_shape(name: &str, dim: usize, x: &Dims, index: &Dims, other: &Dims) -> Result<()> {
    if index.contains(&0) {
        return Ok(());
    }
    if x.len().max(1) != index.len().max(1) {
        bail!(
            Index,
            "Index tensor must have the same number of dimensions as {} tensor",
            if name == "gather" { "input" } else { "self" }
        );
    }
    // A number counts as a vector of one.
    let size = |shape: &Dims, dim: usize| shape.get(dim).copied().unwrap_or(1);
    for i in 0..index.len() {
        let too_wide = i != dim && index[i] > size(x, i);
        if too_wide || (name != "gather" && index[i] > size(other, i)) {
            match name {
                "gather" => bail!(
                    Index,
                    "Size does not match at dimension {i} expected index {index:?} to be no larger than self {x:?} apart from \
                     dimension {dim}"
                ),
                _ => bail!(
                    Index,
                    "Expected index {index:?} to be no larger than self {x:?} apart from dimension {dim} and to be no larger size \
                     than src {other:?}"
                ),
            }
        }
    }
    Ok(())
}

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
        let values = if values.ndim() == 0 { values.try_to_dtype(self.dtype())? } else { values.clone() };
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
    pub(crate) fn try_index_put_(
        &self,
        dims: u64,
        positions: &[&Tensor],
        values: &Tensor,
        accumulate: bool,
    ) -> Result<()> {
        let values = self.put_values(dims, positions, values)?;
        let inputs: Vec<&Tensor> = [self, &values].into_iter().chain(positions.iter().copied()).collect();
        self.write(Op::Index(Index::Put { dims, accumulate }), &inputs)
    }

    /// `Put` into a copy.
    pub fn try_index_put(&self, dims: u64, positions: &[&Tensor], values: &Tensor, accumulate: bool) -> Result<Tensor> {
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
    /// If `index` is not `int64`, its shape does not fit, or a position is outside `dim`.
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

    /// This tensor plus the elements of `source`, each added at its position in `index` along `dim`.
    ///
    /// # Errors
    /// If `index` is not `int64`, dtypes differ, shapes do not fit, or a position is outside `dim`.
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
        let shape = shape::broadcast(self.shape(), mask.shape())?;
        let (x, mask) = (self.try_expand(&shape)?, mask.try_expand(&shape)?);
        let (dims, columns) = mask.try_mask_positions(0)?;
        if x.ndim() == 0 {
            return x.try_reshape([1])?.try_index_select(0, &columns[0]);
        }
        let inputs: Vec<&Tensor> = [&x].into_iter().chain(&columns).collect();
        Tensor::apply(Op::Index(Index::Get { dims, origin: Origin::MaskedSelect }), &inputs)
    }
}

impl Tensor {
    /// The number of non-zero elements.
    fn count_of_nonzero(&self) -> Result<usize> {
        let _pause = crate::mode::Recording::set(false);
        let total = self.try_ne(Scalar::Int(0))?.try_sum()?;
        Ok(total.try_item::<i64>()? as usize)
    }

    /// A `bool` mask over dimensions `first…` as one position tensor per dimension.
    pub(crate) fn try_mask_positions(&self, first: usize) -> Result<(u64, Vec<Tensor>)> {
        if self.ndim() == 0 {
            let rows = self.try_reshape([1])?.try_nonzero()?;
            return Ok((1 << first, vec![rows.try_select(1, 0)?]));
        }
        let rows = self.try_nonzero()?;
        let columns: Result<Vec<Tensor>> = (0..self.ndim()).map(|dim| rows.try_select(1, dim as i64)).collect();
        let dims = ((1u64 << self.ndim()) - 1) << first;
        Ok((dims, columns?))
    }
}
