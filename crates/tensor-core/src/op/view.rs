//! Views: the same memory under another layout. They are recorded like all operations but never reach a device.

use super::Origin;
use crate::twins::twins;
use crate::{Dims, Error, ErrorKind, IntoAxes, IntoShape, Layout, Result, Tensor, bail, shape};

/// A change of layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// Another shape of the same number of elements in the same order.
    Reshape,
    /// `Reshape` of a copy that nobody else sees.
    UnsafeView,
    /// Dimension i of the result is dimension `order[i]`, for up to eight dimensions.
    Permute {
        /// The dimensions in their new order.
        order: [u8; 8],
    },
    /// Two dimensions exchanged.
    Transpose {
        /// One dimension.
        a: u8,
        /// The other.
        b: u8,
    },
    /// The transpose of a matrix.
    T,
    /// Size-one dimensions repeated without copying.
    Expand,
    /// The elements at one index of a dimension, which disappears.
    Select {
        /// The dimension.
        dim: u8,
        /// The index.
        index: usize,
        /// On whose behalf.
        origin: Origin,
    },
    /// Elements `start, start + step, …` along a dimension.
    Slice {
        /// The dimension.
        dim: u8,
        /// The first index.
        start: usize,
        /// The distance between indices.
        step: usize,
        /// On whose behalf.
        origin: Origin,
    },
    /// Dimensions of size one removed.
    Squeeze {
        /// The removed dimensions, as bits.
        mask: u64,
        /// On whose behalf.
        origin: Origin,
    },
    /// A dimension of size one added.
    Unsqueeze {
        /// Before which dimension.
        dim: u8,
    },
    /// The elements whose indices in two dimensions differ by `offset`, as a last dimension in place of the two.
    Diagonal {
        /// How much larger the index in `dim2` is than that in `dim1`.
        offset: i64,
        /// One dimension.
        dim1: u8,
        /// The other.
        dim2: u8,
    },
    /// Windows of neighbouring elements along a dimension, as a last dimension.
    Unfold {
        /// The dimension.
        dim: u8,
        /// The distance between windows.
        step: usize,
    },
    /// Any layout over the storage.
    AsStrided,
    /// Inputs (base, part): the base with the elements under the part's layout replaced by it. Not a change of layout but the
    /// record of a write through a view.
    Scatter,
}

/// A shape for `numel` elements, in which one size may be −1: what is left over.
#[inline]
fn fitting_shape(shape: &impl IntoShape, numel: usize) -> Result<Dims> {
    match shape.dims() {
        Some(dims) if dims.iter().try_fold(1usize, |n, size| n.checked_mul(*size)) == Some(numel) => {
            // Without elements, sizes may have any product but that of a stride.
            if numel == 0 || dims.len() > shape::MOST_DIMS {
                shape::checked_view_numel(&dims)?;
            }
            Ok(dims)
        }
        _ => inferred_shape(&shape.sizes(), numel),
    }
}

/// As [`fitting_shape`], from the sizes as written.
fn inferred_shape(sizes: &[i64], numel: usize) -> Result<Dims> {
    let mut known = 1usize;
    let mut unknown = None;
    for (i, size) in sizes.iter().enumerate() {
        match *size {
            -1 if unknown.is_none() => unknown = Some(i),
            -1 => bail!(Shape, "only one dimension can be inferred"),
            size if size < 0 => bail!(Shape, "invalid shape dimension {size} at index {i} of shape {sizes:?}"),
            size => known = known.saturating_mul(size as usize),
        }
    }
    let mut dims: Dims = sizes.iter().map(|size| (*size).max(0) as usize).collect();
    match unknown {
        Some(_) if known == 0 && numel == 0 => bail!(
            Shape,
            "cannot reshape tensor of 0 elements into shape {sizes:?} because the unspecified dimension size -1 can be any value \
             and is ambiguous"
        ),
        Some(i) if known != 0 && numel.is_multiple_of(known) => dims[i] = numel / known,
        None if known == numel => {}
        _ => bail!(Shape, "shape '{sizes:?}' is invalid for input of size {numel}"),
    }
    shape::checked_view_numel(&dims)?;
    Ok(dims)
}

twins! {
    /// This tensor in another shape, as a view; one size may be −1. Writes through the view are seen here.
    ///
    /// # Errors
    /// If the number of elements differs, or if this layout cannot be seen in the new shape without copying.
    pub fn view | try_view [S: IntoShape] (self, shape: S) -> Tensor {
        let shape = fitting_shape(&shape, self.numel())?;
        match self.layout().reshaped(&shape) {
            Some(layout) => Ok(self.apply_view(View::Reshape, layout)),
            None => bail!(
                Shape,
                "view size is not compatible with input tensor's size and stride (at least one dimension spans across two \
                 contiguous subspaces). Use .reshape(...) instead."
            ),
        }
    }

    /// This tensor in another shape; one size may be −1. A view where the layout allows it, else a copy.
    ///
    /// # Errors
    /// If the number of elements differs.
    pub fn reshape | try_reshape [S: IntoShape] (self, shape: S) -> Tensor {
        let shape = fitting_shape(&shape, self.numel())?;
        match self.layout().reshaped(&shape) {
            Some(layout) => Ok(self.apply_view(View::Reshape, layout)),
            None => {
                let copy = Tensor::apply(crate::Op::Convert(super::Convert::Contiguous), &[self])?;
                Ok(copy.unsafe_view(shape))
            }
        }
    }

    /// All dimensions in one.
    pub fn flatten | try_flatten(self) -> Tensor {
        self.try_reshape(-1)
    }

    /// Dimensions `start` to `end`, both included, in one.
    ///
    /// # Errors
    /// If a dimension is out of range or `start` comes after `end`.
    pub fn flatten_dims | try_flatten_dims(self, start: i64, end: i64) -> Tensor {
        let (start, end) = (shape::checked_dim(start, self.ndim())?, shape::checked_dim(end, self.ndim())?);
        if start > end {
            bail!(Dim, "flatten() has invalid args: start_dim cannot come after end_dim");
        }
        if self.ndim() == 0 {
            return self.try_reshape(1);
        }
        if start == end {
            return Ok(self.clone());
        }
        let dims = self.shape();
        let middle = dims[start..=end].iter().product();
        let shape: Vec<usize> = dims[..start].iter().copied().chain([middle]).chain(dims[end + 1..].iter().copied()).collect();
        self.try_reshape(shape)
    }

    /// The dimensions in the given order, as a view.
    ///
    /// # Errors
    /// If `order` does not name each dimension once.
    pub fn permute | try_permute [S: IntoShape] (self, order: S) -> Tensor {
        let order = order.sizes();
        if order.len() != self.ndim() {
            bail!(
                Dim,
                "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering \
                 of dimensions i.e. input.dim() = {} is not equal to len(dims) = {}",
                self.ndim(),
                order.len()
            );
        }
        let mut seen = 0u64;
        let mut dims = Dims::filled(order.len(), 0);
        for (i, dim) in order.iter().enumerate() {
            dims[i] = shape::checked_dim(*dim, self.ndim())?;
            if seen >> dims[i] & 1 == 1 {
                bail!(Dim, "permute(): duplicate dims are not allowed.");
            }
            seen |= 1 << dims[i];
        }
        if dims.len() > 8 {
            return self.permute_by_swaps(&dims);
        }
        let mut short = [0; 8];
        short.iter_mut().zip(&dims[..]).for_each(|(to, dim)| *to = *dim as u8);
        Ok(self.apply_view(View::Permute { order: short }, self.layout().permuted(&dims)))
    }

    /// Dimensions `a` and `b` exchanged, as a view.
    pub fn transpose | try_transpose(self, a: i64, b: i64) -> Tensor {
        let (a, b) = (shape::checked_dim(a, self.ndim())?, shape::checked_dim(b, self.ndim())?);
        if self.ndim() == 0 {
            return Ok(self.apply_view(View::Reshape, self.layout().clone()));
        }
        let mut order: Dims = (0..self.ndim()).collect();
        order.swap(a, b);
        Ok(self.apply_view(View::Transpose { a: a as u8, b: b as u8 }, self.layout().permuted(&order)))
    }

    /// The transpose of a matrix, as a view; vectors and numbers stay.
    ///
    /// # Errors
    /// For tensors of more than two dimensions.
    pub fn t | try_t(self) -> Tensor {
        match self.ndim() {
            2 => Ok(self.apply_view(View::T, self.layout().permuted(&[1, 0]))),
            0 | 1 => Ok(self.apply_view(View::T, self.layout().clone())),
            rank => bail!(Dim, "t() expects a tensor with <= 2 dimensions, but self is {rank}D"),
        }
    }

    /// The last two dimensions exchanged, as a view: PyTorch's `mT`.
    ///
    /// # Errors
    /// For tensors of less than two dimensions.
    pub fn mt | try_mt(self) -> Tensor {
        if self.ndim() == 0 {
            return self.try_transpose(0, 0);
        }
        if self.ndim() < 2 {
            bail!(Dim, "tensor.mT is only supported on matrices or batches of matrices. Got {}-D tensor.", self.ndim());
        }
        self.try_transpose(-2, -1)
    }

    /// Size-one dimensions repeated to `shape` without copying, as a view; −1 keeps a size.
    ///
    /// # Errors
    /// If a size other than one would change.
    pub fn expand | try_expand [S: IntoShape] (self, shape: S) -> Tensor {
        let sizes = shape.sizes();
        if sizes.len() < self.ndim() {
            bail!(
                Shape,
                "expand(torch.{}Tensor{{{:?}}}, size={sizes:?}): the number of sizes provided ({}) must be greater or equal to the \
                 number of dimensions in the tensor ({})",
                self.dtype().type_name(),
                self.shape(),
                sizes.len(),
                self.ndim()
            );
        }
        let lead = sizes.len() - self.ndim();
        let mut dims = Dims::filled(sizes.len(), 0);
        for (i, size) in sizes.iter().enumerate() {
            dims[i] = match *size {
                -1 if i >= lead => self.shape()[i - lead],
                size if size >= 0 => size as usize,
                size if i >= lead => bail!(
                    Shape,
                    "The expanded size of the tensor ({size}) must match the existing size ({}) at non-singleton dimension {i}.  \
                     Target sizes: {sizes:?}.  Tensor sizes: {:?}",
                    self.shape()[i - lead],
                    self.shape()
                ),
                size => bail!(
                    Shape,
                    "The expanded size of the tensor ({size}) isn't allowed in a leading, non-existing dimension {i}"
                ),
            };
        }
        if dims == *self.shape() {
            return Ok(self.clone());
        }
        shape::checked_view_numel(&dims)?;
        Ok(self.apply_view(View::Expand, self.layout().expanded(&dims)?))
    }

    /// Without the dimensions of size one, as a view.
    pub fn squeeze | try_squeeze(self) -> Tensor {
        let mask = self.shape().iter().enumerate().filter(|(_, size)| **size == 1).map(|(dim, _)| 1 << dim).sum();
        Ok(self.apply_view(View::Squeeze { mask, origin: Origin::Itself }, self.layout().squeezed(mask)))
    }

    /// Without those of `dims` (one or several) that have size one, as a view.
    pub fn squeeze_dim | try_squeeze_dim [A: IntoAxes] (self, dims: A) -> Tensor {
        let several = dims.axes().is_none_or(|dims| dims.len() != 1);
        self.try_squeeze_as(dims, if several { Origin::SqueezeDims } else { Origin::SqueezeDim })
    }

    /// With a new dimension of size one before `dim`, as a view.
    pub fn unsqueeze | try_unsqueeze(self, dim: i64) -> Tensor {
        let dim = shape::checked_dim(dim, self.ndim() + 1)?;
        shape::check_rank(self.ndim() + 1)?;
        Ok(self.apply_view(View::Unsqueeze { dim: dim as u8 }, self.layout().unsqueezed(dim)))
    }

    /// The elements at `index` (negative: from the end) of dimension `dim`, which disappears; a view.
    ///
    /// # Errors
    /// If the index is outside the dimension or the tensor has no dimensions.
    pub fn select | try_select(self, dim: i64, index: i64) -> Tensor {
        self.try_select_as(dim, index, Origin::Itself).map_err(|error| match error.kind() {
            // `x[index]` has other words for it.
            ErrorKind::Index => Error::new(
                ErrorKind::Index,
                format!(
                    "select(): index {index} out of range for tensor of size {:?} at dimension {}",
                    self.shape(),
                    if dim < 0 { dim + self.ndim() as i64 } else { dim }
                ),
            ),
            _ => error,
        })
    }

    /// Elements `start` to `end` (not included) along `dim`, every `step`-th, as a view. Negative bounds count from the end;
    /// bounds beyond the dimension are moved to it, as in Python.
    ///
    /// # Errors
    /// If the step is not positive or the tensor has no dimensions.
    pub fn slice | try_slice(self, dim: i64, start: i64, end: i64, step: i64) -> Tensor {
        self.try_slice_as(dim, start, end, step, Origin::Itself)
    }

    /// `length` elements from `start` on along `dim`, as a view.
    ///
    /// # Errors
    /// If they are not all there.
    pub fn narrow | try_narrow(self, dim: i64, start: i64, length: usize) -> Tensor {
        if self.ndim() == 0 {
            bail!(Dim, "narrow() cannot be applied to a 0-dim tensor.");
        }
        let size = self.shape()[shape::checked_dim(dim, self.ndim())?] as i64;
        if start < -size || start > size {
            bail!(
                Index,
                "start out of range (expected to be in range of [-{size}, {size}], but got {start})"
            );
        }
        let start = if start < 0 { start + size } else { start };
        if length > (size - start) as usize {
            bail!(Index, "start ({start}) + length ({length}) exceeds dimension size ({size}).");
        }
        self.try_slice(dim, start, start + length as i64, 1)
    }

    /// Dimension `source` (one or several) moved to place `destination`, as a view.
    ///
    /// # Errors
    /// If a dimension is out of range or named twice, or there are not as many places as dimensions.
    pub fn movedim | try_movedim [A: IntoShape, B: IntoShape] (self, source: A, destination: B) -> Tensor {
        let (from, to) = (source.sizes(), destination.sizes());
        if from.len() != to.len() {
            bail!(
                Dim,
                "movedim: Invalid source or destination dims: source ({from:?} dims) should contain the same number of dims as \
                 destination ({to:?} dims)"
            );
        }
        let wrap = |dims: &[i64], which: &str| -> Result<Vec<usize>> {
            let wrapped = dims.iter().map(|dim| shape::checked_dim(*dim, self.ndim())).collect::<Result<Vec<_>>>()?;
            if (1..wrapped.len()).any(|i| wrapped[..i].contains(&wrapped[i])) {
                bail!(Dim, "movedim: repeated dim in `{which}` ({dims:?})");
            }
            Ok(wrapped)
        };
        let (from, to) = (wrap(&from, "source")?, wrap(&to, "destination")?);
        if self.ndim() == 0 {
            return self.try_permute(());
        }
        let mut rest = (0..self.ndim()).filter(|dim| !from.contains(dim));
        let mut next = |dim| to.iter().position(|t| *t == dim).map(|i| from[i]).or_else(|| rest.next());
        self.try_permute((0..self.ndim()).filter_map(&mut next).collect::<Vec<_>>())
    }

    /// Any layout over the storage: sizes, strides and offset in elements, as a view.
    ///
    /// # Errors
    /// If the layout reaches beyond the storage, or sizes and strides differ in number.
    pub fn as_strided | try_as_strided [A: IntoShape, B: IntoShape] (self, size: A, stride: B, offset: usize) -> Tensor {
        let strides = stride.sizes();
        let sizes = match size.dims() {
            Some(sizes) => sizes,
            None => shape::checked_shape(&size)?,
        };
        if sizes.len() != strides.len() {
            bail!(Shape, "mismatch in length of strides and shape");
        }
        if strides.iter().any(|stride| *stride < 0) {
            bail!(Value, "as_strided: Negative strides are not supported at the moment, got strides: {strides:?}");
        }
        let strides: Dims = strides.iter().map(|stride| *stride as usize).collect();
        crate::create::check_bounds(&sizes, &strides, offset, self.element_size(), self.storage().len())?;
        Ok(self.apply_view(View::AsStrided, Layout::strided(sizes, strides, offset)))
    }
}

impl Tensor {
    pub(crate) fn try_squeeze_as(&self, dims: impl IntoAxes, origin: Origin) -> Result<Tensor> {
        let axes = shape::checked_axes(&dims, self.ndim())?;
        let mask =
            (0..self.ndim()).filter(|dim| axes >> dim & 1 == 1 && self.shape()[*dim] == 1).map(|dim| 1 << dim).sum();
        Ok(self.apply_view(View::Squeeze { mask, origin }, self.layout().squeezed(mask)))
    }

    /// `select` in the words of `x[index]`.
    #[inline]
    pub(crate) fn try_select_as(&self, dim: i64, index: i64, origin: Origin) -> Result<Tensor> {
        if self.ndim() == 0 {
            bail!(Dim, "select() cannot be applied to a 0-dim tensor.");
        }
        let dim = shape::checked_dim(dim, self.ndim())?;
        let size = self.shape()[dim] as i64;
        if index < -size || index >= size {
            bail!(Index, "index {index} is out of bounds for dimension {dim} with size {size}");
        }
        let index = if index < 0 { index + size } else { index } as usize;
        Ok(self.apply_view(View::Select { dim: dim as u8, index, origin }, self.layout().selected(dim, index)))
    }

    #[inline]
    pub(crate) fn try_slice_as(&self, dim: i64, start: i64, end: i64, step: i64, origin: Origin) -> Result<Tensor> {
        if self.ndim() == 0 {
            bail!(Dim, "slice() cannot be applied to a 0-dim tensor.");
        }
        if step == 0 {
            bail!(Value, "slice step cannot be zero");
        }
        if step < 0 {
            bail!(Value, "step must be greater than zero");
        }
        let dim = shape::checked_dim(dim, self.ndim())?;
        let size = self.shape()[dim] as i64;
        let bound = |at: i64| if at < 0 { at.saturating_add(size).max(0) } else { at.min(size) };
        let (start, end) = (bound(start), bound(end));
        let len = if end > start { (end - start - 1) / step + 1 } else { 0 } as usize;
        let (start, step) = (start as usize, step as usize);
        let layout = self.layout().sliced(dim, start, len, step);
        Ok(self.apply_view(View::Slice { dim: dim as u8, start, step, origin }, layout))
    }

    /// A permutation of more dimensions than an operation's parameters hold, as exchanges of two.
    fn permute_by_swaps(&self, order: &Dims) -> Result<Tensor> {
        let mut now: Vec<usize> = (0..order.len()).collect();
        let mut x = self.clone();
        for i in 0..order.len() {
            let at = now.iter().position(|dim| *dim == order[i]).expect("a permutation");
            if at != i {
                now.swap(i, at);
                x = x.try_transpose(i as i64, at as i64)?;
            }
        }
        Ok(x)
    }
}
