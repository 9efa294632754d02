//! Tensors taken apart: `split`, `chunk`, `unbind`. Each piece is a slice or a selection, and recorded as one.

use super::Origin;
use crate::twins::twins;
use crate::{Tensor, bail, room, shape};

twins! {
    /// Pieces of `size` elements along `dim`, the last one possibly shorter, as views.
    ///
    /// # Errors
    /// If `size` is zero.
    pub fn split | try_split(self, size: usize, dim: i64) -> Vec<Tensor> {
        if self.ndim() == 0 {
            bail!(Dim, "split expects at least a 1-dimensional tensor");
        }
        let total = self.shape()[shape::checked_dim(dim, self.ndim())?];
        if size == 0 && total != 0 {
            bail!(Value, "split_size can only be 0 if dimension size is 0, but got dimension size of {total}");
        }
        let count = if size == 0 { 1 } else { total.div_ceil(size).max(1) };
        let piece = |i: usize| {
            let (start, end) = (i * size, total.min((i + 1) * size));
            self.try_slice_as(dim, start as i64, end as i64, 1, Origin::Split)
        };
        (0..count).map(piece).collect()
    }

    /// Pieces of the given sizes along `dim`, as views.
    ///
    /// # Errors
    /// If the sizes do not add up to the dimension.
    pub fn split_sizes | try_split_sizes(self, sizes: &[usize], dim: i64) -> Vec<Tensor> {
        if self.ndim() == 0 {
            bail!(Dim, "split expects at least a 1-dimensional tensor");
        }
        let at = shape::checked_dim(dim, self.ndim())?;
        let total = self.shape()[at];
        if sizes.iter().try_fold(0usize, |sum, size| sum.checked_add(*size)) != Some(total) {
            bail!(
                Shape,
                "split_with_sizes expects split_sizes to sum exactly to {total} (input tensor's size at dimension {at}), but got \
                 split_sizes={sizes:?}"
            );
        }
        let mut start = 0;
        let mut piece = |size: &usize| {
            let end = start + *size as i64;
            let piece = self.try_slice_as(dim, start, end, 1, Origin::SplitSizes);
            start = end;
            piece
        };
        sizes.iter().map(&mut piece).collect()
    }

    /// At most `chunks` pieces of equal size along `dim`, the last one possibly shorter, as views.
    ///
    /// # Errors
    /// If `chunks` is zero.
    pub fn chunk | try_chunk(self, chunks: usize, dim: i64) -> Vec<Tensor> {
        if self.ndim() == 0 {
            bail!(Dim, "chunk expects at least a 1-dimensional tensor");
        }
        if chunks == 0 {
            bail!(Value, "chunk expects `chunks` to be greater than 0, got: 0");
        }
        let total = self.shape()[shape::checked_dim(dim, self.ndim())?];
        if total == 0 {
            let mut none = room(chunks)?;
            none.resize(chunks, 0);
            return self.try_split_sizes(&none, dim);
        }
        self.try_split(total.div_ceil(chunks), dim)
    }

    /// The slices along `dim`, each without it, as views.
    pub fn unbind | try_unbind(self, dim: i64) -> Vec<Tensor> {
        if self.ndim() == 0 {
            bail!(Dim, "Dimension specified as {dim} but tensor has no dimensions");
        }
        let size = self.shape()[shape::checked_dim(dim, self.ndim())?];
        (0..size).map(|i| self.try_select_as(dim, i as i64, Origin::Unbind)).collect()
    }
}
