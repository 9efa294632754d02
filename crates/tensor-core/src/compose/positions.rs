//! Reading and writing at positions, by way of the general forms: `take`, `put_`, `index_fill`, `index_put_`, `take_along_dim`,
//! and copies with a part replaced.

use crate::twins::twins;
use crate::{DType, IntoOperand, Operand, Result, Tensor, bail, shape};

/// The bits of the dimensions that are given positions, and the positions.
fn given(positions: &[Option<&Tensor>]) -> (u64, Vec<Tensor>) {
    let given = positions.iter().enumerate().filter_map(|(dim, index)| Some((dim, (*index)?)));
    let (mut dims, mut tensors) = (0, vec![]);
    for (dim, index) in given {
        dims |= 1 << dim;
        tensors.push(index.clone());
    }
    (dims, tensors)
}

/// Masks among the positions, replaced by the positions of what they hold.
fn looked_up(x: &Tensor, positions: &[Option<&Tensor>]) -> Result<(u64, Vec<Tensor>)> {
    let is_mask = |index: &Tensor| matches!(index.dtype(), DType::Bool | DType::U8);
    if !positions.iter().flatten().any(|index| is_mask(index)) {
        if positions.len() > x.ndim() {
            bail!(Index, "too many indices for tensor of dimension {} (got {})", x.ndim(), positions.len());
        }
        return Ok(given(positions));
    }
    let (mut dim, mut dims, mut tensors) = (0, 0, vec![]);
    for index in positions {
        match index {
            None => dim += 1,
            Some(mask) if is_mask(mask) => {
                for (i, size) in mask.shape().iter().enumerate() {
                    if x.shape().get(dim + i) != Some(size) {
                        bail!(
                            Index,
                            "The shape of the mask {:?} at index {i} does not match the shape of the indexed tensor {:?} at index {}",
                            mask.shape(),
                            x.shape(),
                            dim + i
                        );
                    }
                }
                let (bits, columns) = mask.try_mask_positions(dim)?;
                dims |= bits;
                dim += columns.len();
                tensors.extend(columns);
            }
            Some(index) => {
                dims |= 1 << dim;
                dim += 1;
                tensors.push((*index).clone());
            }
        }
    }
    if dim > x.ndim() {
        bail!(Index, "too many indices for tensor of dimension {} (got {dim})", x.ndim());
    }
    Ok((dims, tensors))
}

/// An error unless `part` has the shape of what it replaces.
pub(super) fn check_part(slice: &Tensor, part: &Tensor) -> Result<()> {
    if slice.shape() != part.shape() {
        bail!(
            Shape,
            "expected src to have a size equal to the slice of self. src size = {:?}, slice size = {:?}",
            part.shape(),
            slice.shape()
        );
    }
    Ok(())
}

twins! {
    /// The elements at positions of the flattened tensor, negative ones from the end, in the shape of `index`.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![4.0f32, 3.0, 5.0, 6.0], [2, 2], ops_cpu::cpu());
    /// let i = Tensor::from_vec(vec![0i64, -1], [2], ops_cpu::cpu());
    /// assert_eq!(x.take(&i).to_vec::<f32>(), [4.0, 6.0]);
    /// ```
    ///
    /// # Errors
    /// If `index` is not `int64` or a position is outside.
    pub fn take | try_take(self, index: &Tensor) -> Tensor {
        if index.dtype() != DType::I64 {
            bail!(Index, "take(): Expected a long tensor for index, but got {}", index.dtype().type_name());
        }
        self.try_reshape(-1)?.try_index_get(1, &[index])
    }

    /// Writes the elements of `source` at positions of the flattened tensor, or adds them; returns the tensor itself.
    ///
    /// # Errors
    /// If `index` is not `int64`, a position is outside, or dtypes or numbers of elements differ.
    pub fn put_ | try_put_(self, index: &Tensor, source: &Tensor, accumulate: bool) -> Tensor {
        if index.dtype() != DType::I64 {
            bail!(Index, "put_(): Expected a long tensor for index, but got {}", index.dtype().type_name());
        }
        if self.dtype() != source.dtype() {
            bail!(
                DType,
                "put_(): self and source expected to have the same dtype, but got self.dtype = {} and source.dtype = {}",
                self.dtype().type_name(),
                source.dtype().type_name()
            );
        }
        if source.numel() != index.numel() {
            bail!(
                Index,
                "put_(): Expected source and index to have the same number of elements, but got source.numel() = {}, \
                 index.numel() = {}",
                source.numel(),
                index.numel()
            );
        }
        let (index, source) = (index.try_reshape(-1)?, source.try_reshape(-1)?);
        if self.is_contiguous() && self.ndim() > 0 {
            self.try_view(-1)?.try_put_at_(1, &[&index], &source, accumulate)?;
            return Ok(self.clone());
        }
        let written = self.try_reshape(-1)?.try_put_at(1, &[&index], &source, accumulate)?;
        self.try_copy_(&written.try_reshape(self.shape())?)
    }

    /// As [`put_`](Tensor::put_), into a copy.
    pub fn put | try_put(self, index: &Tensor, source: &Tensor, accumulate: bool) -> Tensor {
        self.try_clone()?.try_put_(index, source, accumulate)
    }

    /// This tensor with its slices at the positions of the vector `index` along `dim` filled with `value`, a number or a tensor
    /// without dimensions.
    ///
    /// # Errors
    /// If `index` is not an `int64` vector or a position is outside `dim`.
    pub fn index_fill | try_index_fill [V: IntoOperand] (self, dim: i64, index: &Tensor, value: V) -> Tensor {
        let (dim, value) = (shape::checked_dim(dim, self.ndim())?, fill_value(self, index, value.operand())?);
        let index = fill_places(self, dim, index, &value)?;
        match self.ndim() {
            0 => self.try_reshape(1)?.try_put_at(1, &[&index], &value, false)?.try_reshape(()),
            _ => self.try_put_at(1 << dim, &[&index], &value, false),
        }
    }

    /// [`index_fill`](Tensor::index_fill) in place; returns the tensor itself.
    pub fn index_fill_ | try_index_fill_ [V: IntoOperand] (self, dim: i64, index: &Tensor, value: V) -> Tensor {
        let (dim, value) = (shape::checked_dim(dim, self.ndim())?, fill_value(self, index, value.operand())?);
        let index = fill_places(self, dim, index, &value)?;
        match self.ndim() {
            0 => self.try_unsqueeze(0)?.try_put_at_(1, &[&index], &value, false)?,
            _ => self.try_put_at_(1 << dim, &[&index], &value, false)?,
        }
        Ok(self.clone())
    }

    /// This tensor with `values`, broadcast, written (or added) where its dimensions take the positions; `None` takes a whole
    /// dimension. PyTorch's `index_put`.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![0.0f32; 4], [2, 2], ops_cpu::cpu());
    /// let i = Tensor::from_vec(vec![1i64, 1], [2], ops_cpu::cpu());
    /// let one = Tensor::from_vec(vec![1.0f32], (), ops_cpu::cpu());
    /// assert_eq!(x.index_put(&[None, Some(&i)], &one, true).to_vec::<f32>(), [0.0, 2.0, 0.0, 2.0]);
    /// ```
    ///
    /// # Errors
    /// If a position is outside its dimension, dtypes differ, or the values do not broadcast.
    pub fn index_put | try_index_put(self, positions: &[Option<&Tensor>], values: &Tensor, accumulate: bool) -> Tensor {
        let (dims, at) = looked_up(self, positions)?;
        self.try_put_at(dims, &at.iter().collect::<Vec<_>>(), values, accumulate)
    }

    /// [`index_put`](Tensor::index_put) in place; returns the tensor itself.
    pub fn index_put_ | try_index_put_(self, positions: &[Option<&Tensor>], values: &Tensor, accumulate: bool) -> Tensor {
        let (dims, at) = looked_up(self, positions)?;
        self.try_put_at_(dims, &at.iter().collect::<Vec<_>>(), values, accumulate)?;
        Ok(self.clone())
    }

    /// The elements at `index`'s positions along `dim`, broadcast against each other in all other dimensions; of the flattened
    /// tensor if no dimension is given.
    ///
    /// # Errors
    /// If `index` is not `int64`, ranks differ, shapes do not broadcast, or a position is outside.
    pub fn take_along_dim | try_take_along_dim(self, index: &Tensor, dim: Option<i64>) -> Tensor {
        if index.dtype() != DType::I64 {
            bail!(Index, "torch.take_along_dim(): dtype of indices should be Long but got {}", index.dtype().type_name());
        }
        let Some(dim) = dim else { return self.try_reshape(-1)?.try_gather(0, &index.try_reshape(-1)?) };
        if self.ndim() != index.ndim() {
            bail!(
                Shape,
                "torch.take_along_dim(): input and indices should have the same number of dimensions, but got {} dimensions for \
                 input, and {} dimensions for indices",
                self.ndim(),
                index.ndim()
            );
        }
        let dim = shape::checked_dim(dim, self.ndim())?;
        let (mut ours, mut theirs) = (self.shape().clone(), index.shape().clone());
        if self.ndim() > 0 {
            (ours[dim], theirs[dim]) = (1, 1);
        }
        let mut both = shape::broadcast(&ours, &theirs)?;
        if self.ndim() > 0 {
            both[dim] = index.shape()[dim];
        }
        let mut index = index.try_expand(&both)?;
        if self.ndim() > 0 {
            both[dim] = self.shape()[dim];
        }
        // Positions count on from either end, round and round, as in PyTorch.
        if self.ndim() > 0 && both[dim] > 0 {
            index = index.try_remainder(both[dim] as i64)?;
        }
        self.try_expand(&both)?.try_gather(dim as i64, &index)
    }

    /// A copy with `part` in place of the slice at `index` of `dim`.
    ///
    /// # Errors
    /// If the index is outside, or `part` has not the slice's shape.
    pub fn select_scatter | try_select_scatter(self, part: &Tensor, dim: i64, index: i64) -> Tensor {
        let whole = self.try_clone()?;
        let slice = whole.try_select(dim, index)?;
        check_part(&slice, part)?;
        slice.try_copy_(part)?;
        Ok(whole)
    }

    /// A copy with `part` in place of elements `start` to `end` along `dim`, every `step`-th.
    ///
    /// # Errors
    /// If `part` has not the slice's shape.
    pub fn slice_scatter | try_slice_scatter(self, part: &Tensor, dim: i64, start: i64, end: i64, step: i64) -> Tensor {
        let whole = self.try_clone()?;
        let slice = whole.try_slice(dim, start, end, step)?;
        check_part(&slice, part)?;
        slice.try_copy_(part)?;
        Ok(whole)
    }
}

/// Where `index_fill` writes, as a vector; each place once where the value's gradient counts them.
fn fill_places(x: &Tensor, dim: usize, index: &Tensor, value: &Tensor) -> Result<Tensor> {
    let index = index.try_reshape(-1)?;
    if !value.is_tracked() {
        return Ok(index);
    }
    let size = x.shape().get(dim).map_or(1, |size| *size as i64);
    let mut places: Vec<i64> = index.try_to_vec()?;
    places.iter_mut().filter(|place| **place < 0 && **place >= -size).for_each(|place| *place += size);
    places.sort_unstable();
    places.dedup();
    Tensor::try_from_slice(&places, places.len(), index.device())
}

/// What `index_fill` writes.
fn fill_value(x: &Tensor, index: &Tensor, value: Operand<'_>) -> Result<Tensor> {
    if index.dtype() != DType::I64 {
        bail!(Index, "index_fill_(): Expected dtype int64 for index.");
    }
    if index.ndim() > 1 {
        bail!(Index, "Index has to be a vector/scalar");
    }
    let tensor = |value: &Tensor| {
        if value.ndim() > 0 {
            bail!(
                Shape,
                "index_fill_ only supports a 0-dimensional value tensor, but got tensor with {} dimension(s).",
                value.ndim()
            );
        }
        value.try_to_dtype(x.dtype())
    };
    match value {
        Operand::Number(number) => Tensor::try_full_on((), number, x.dtype(), x.device()),
        Operand::Tensor(value) => tensor(value),
        Operand::Owned(value) => tensor(&value),
    }
}
