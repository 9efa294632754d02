//! What operations at positions ask of their operands, in PyTorch's words. It does not know what they compute.

use super::{positions_at, positions_shape_of};
use crate::{DType, Dims, Result, Tensor, bail, shape};

/// The shape of `Get`'s result.
pub(super) fn get_shape(shape: &Dims, dims: u64, positions: &[&Tensor]) -> Result<Dims> {
    for index in positions {
        check_index_dtype("index", index)?;
    }
    let kept = shape.without(|dim| dims >> dim & 1 == 1);
    let at = positions_at(dims);
    let middle = positions_shape_of(positions.iter().map(|p| p.shape()))?;
    let shape: Dims = kept[..at].iter().chain(&middle[..]).chain(&kept[at..]).copied().collect();
    shape::checked_numel(&shape)?;
    Ok(shape)
}

pub(super) fn check_index_dtype(name: &str, index: &Tensor) -> Result<()> {
    match (index.dtype(), name) {
        (DType::I64 | DType::I32, _) => Ok(()),
        (_, "index") => bail!(DType, "tensors used as indices must be long, int, byte or bool tensors"),
        (_, "index_select") => bail!(DType, "{name}(): Expected dtype int32 or int64 for index"),
        // Positions that are none need no dtype.
        _ if index.numel() == 0 => Ok(()),
        _ => bail!(DType, "{name}(): Expected dtype int32/int64 for index"),
    }
}

pub(super) fn check_put_dtype(x: &Tensor, values: &Tensor) -> Result<()> {
    if x.dtype() != values.dtype() {
        bail!(
            DType,
            "Index put requires the source and destination dtypes match, got {} for the destination and {} for the source.",
            x.dtype().type_name(),
            values.dtype().type_name()
        );
    }
    Ok(())
}

pub(super) fn check_same_dtype(name: &str, x: &Tensor, source: &Tensor) -> Result<()> {
    if x.dtype() != source.dtype() {
        bail!(DType, "{name}(): Expected self.dtype to be equal to src.dtype");
    }
    Ok(())
}

/// What `index_copy` asks of its operands, in PyTorch's order.
pub(super) fn check_copy(dim: usize, x: &Tensor, index: &Tensor, source: &Tensor) -> Result<()> {
    if index.ndim() > 1 {
        bail!(Index, "index_copy_(): Index should have dimension 1 or 0 (got {})", index.ndim());
    }
    let count = index.numel();
    if source.ndim() == 0 && count != 1 {
        bail!(Index, "index_copy_(): When source is scalar, index should have one element (got {count})");
    }
    if source.ndim() != x.ndim() && source.ndim() != 0 && x.ndim() != 0 {
        bail!(
            Index,
            "index_copy_(): When source and destination are not scalars, their dimensionality must match. Source dimensionality \
             ({}), destination dimensionality ({})",
            source.ndim(),
            x.ndim()
        );
    }
    if index.dtype() != DType::I64 {
        bail!(Index, "index_copy_(): Expected a long tensor for index, but got {}", index.dtype().type_name());
    }
    if x.dtype() != source.dtype() {
        bail!(
            DType,
            "index_copy_(): self and source expected to have the same dtype, but got (self) {} and (source) {}",
            x.dtype().type_name(),
            source.dtype().type_name()
        );
    }
    let (ours, theirs) = (x.shape().without(|i| i == dim), source.shape().without(|i| i == dim));
    if ours != theirs {
        let text = |shape: &Dims| shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
        bail!(
            Shape,
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: {} at dimension {dim} \
             and source slice shape: {} at dimension 0.",
            text(&ours),
            text(&theirs)
        );
    }
    match source.shape().get(dim) {
        Some(size) if *size != count => {
            bail!(Index, "index_copy_(): Number of indices ({count}) should be equal to source.size(dim) ({size})")
        }
        _ => Ok(()),
    }
}

/// What `embedding` asks of its operands.
pub(super) fn check_rows(weight: &Tensor, index: &Tensor) -> Result<()> {
    if weight.ndim() != 2 {
        bail!(Shape, "'weight' must be 2-D");
    }
    if !matches!(index.dtype(), DType::I64 | DType::I32) {
        bail!(
            Index,
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got \
             torch.{}Tensor instead (while checking arguments for embedding)",
            index.dtype().type_name()
        );
    }
    Ok(())
}

/// What `index_add` asks of its operands, in PyTorch's order.
pub(super) fn check_add(dim: usize, x: &Tensor, index: &Tensor, source: &Tensor) -> Result<()> {
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
        bail!(DType, "index_add_(): Expected dtype int32/int64 for index but got: {}", dtype(index));
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
pub(super) fn check_index_shape(name: &str, dim: usize, x: &Dims, index: &Dims, other: &Dims) -> Result<()> {
    if index.contains(&0) {
        return Ok(());
    }
    if x.len().max(1) != index.len().max(1) {
        bail!(
            Shape,
            "Index tensor must have the same number of dimensions as {} tensor",
            if name == "gather" { "input" } else { "self" }
        );
    }
    if name != "gather" && other.len().max(1) != index.len().max(1) {
        bail!(Shape, "Index tensor must have the same number of dimensions as src tensor");
    }
    // A number counts as a vector of one.
    let size = |shape: &Dims, dim: usize| shape.get(dim).copied().unwrap_or(1);
    for i in 0..index.len() {
        let too_wide = i != dim && index[i] > size(x, i);
        if too_wide || (name != "gather" && index[i] > size(other, i)) {
            match name {
                "gather" => bail!(
                    Shape,
                    "Size does not match at dimension {i} expected index {index:?} to be no larger than self {x:?} apart from \
                     dimension {dim}"
                ),
                _ => bail!(
                    Shape,
                    "Expected index {index:?} to be no larger than self {x:?} apart from dimension {dim} and to be no larger size \
                     than src {other:?}"
                ),
            }
        }
    }
    Ok(())
}
