//! Diagonals: seen as views, and made into matrices.

use crate::op::View;
use crate::twins::twins;
use crate::{Dims, Layout, Result, Tensor, bail, shape};

/// Two different dimensions.
fn two_dims(dim1: i64, dim2: i64, rank: usize) -> Result<(usize, usize)> {
    let (a, b) = (shape::checked_dim(dim1, rank)?, shape::checked_dim(dim2, rank)?);
    if a == b {
        bail!(Dim, "diagonal dimensions cannot be identical {dim1}, {dim2}");
    }
    Ok((a, b))
}

twins! {
    /// The elements whose index in `dim2` is larger by `offset` than that in `dim1`, as a last dimension; a view. PyTorch's
    /// defaults are 0, 0 and 1.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1i64, 2, 3, 4], [2, 2], ops_cpu::cpu());
    /// assert_eq!(x.diagonal(0, 0, 1).to_vec::<i64>(), [1, 4]);
    /// assert_eq!(x.diagonal(1, 0, 1).to_vec::<i64>(), [2]);
    /// ```
    ///
    /// # Errors
    /// If a dimension is out of range or both are one.
    pub fn diagonal | try_diagonal(self, offset: i64, dim1: i64, dim2: i64) -> Tensor {
        let (a, b) = two_dims(dim1, dim2, self.ndim())?;
        let (sizes, strides) = (self.shape(), self.stride());
        let (rows, columns) = (sizes[a] as i64, sizes[b] as i64);
        let len = if offset >= 0 { rows.min(columns - offset) } else { columns.min(rows + offset) }.max(0) as usize;
        let skipped = match len {
            0 => 0,
            _ if offset >= 0 => offset as usize * strides[b],
            _ => offset.unsigned_abs() as usize * strides[a],
        };
        let with_last = |dims: &Dims, last: usize| {
            dims.iter().enumerate().filter(|(i, _)| *i != a && *i != b).map(|(_, d)| *d).chain([last]).collect::<Dims>()
        };
        let layout = Layout::strided(
            with_last(sizes, len),
            with_last(strides, strides[a] + strides[b]),
            self.storage_offset() + skipped,
        );
        Ok(self.apply_view(View::Diagonal { offset, dim1: a as u8, dim2: b as u8 }, layout))
    }

    /// The last dimension on a diagonal of two new dimensions `dim1` and `dim2`, among zeros. PyTorch's defaults are 0, −2 and −1.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1i64, 2], [2], ops_cpu::cpu());
    /// assert_eq!(x.diag_embed(0, -2, -1).to_vec::<i64>(), [1, 0, 0, 2]);
    /// ```
    ///
    /// # Errors
    /// If a dimension is out of range or both are one.
    pub fn diag_embed | try_diag_embed(self, offset: i64, dim1: i64, dim2: i64) -> Tensor {
        let rank = self.ndim() + 1;
        let (a, b) = two_dims(dim1, dim2, rank)?;
        let Some((last, lead)) = self.shape().split_last() else { bail!(Dim, "diag_embed expects at least one dimension") };
        let size = last + offset.unsigned_abs() as usize;
        let mut lead = lead.iter().copied();
        let shape: Dims =
            (0..rank).map(|dim| if dim == a || dim == b { size } else { lead.next().expect("one is left") }).collect();
        let whole = Tensor::try_full_on(shape, 0, self.dtype(), self.device())?;
        whole.try_diagonal(offset, a as i64, b as i64)?.try_copy_(self)?;
        Ok(whole)
    }

    /// A vector as the diagonal of a matrix, or a copy of the diagonal of a matrix.
    ///
    /// # Errors
    /// For tensors of other ranks.
    pub fn diag | try_diag(self, diagonal: i64) -> Tensor {
        match self.ndim() {
            1 => self.try_diag_embed(diagonal, 0, 1),
            2 => self.try_diagonal(diagonal, 0, 1)?.try_clone(),
            rank => bail!(Dim, "diag(): Supports 1D or 2D tensors. Got {rank}D"),
        }
    }

    /// All elements on a diagonal of a matrix.
    pub fn diagflat | try_diagflat(self, offset: i64) -> Tensor {
        self.try_reshape(-1)?.try_diag_embed(offset, 0, 1)
    }

    /// The sum of the main diagonal of a matrix.
    ///
    /// # Errors
    /// For tensors of other ranks.
    pub fn trace | try_trace(self) -> Tensor {
        if self.ndim() != 2 {
            bail!(Dim, "trace: expected a matrix, but got tensor with dim {}", self.ndim());
        }
        self.try_diagonal(0, 0, 1)?.try_sum()
    }

    /// A copy with `part` in place of a [`diagonal`](Tensor::diagonal).
    ///
    /// # Errors
    /// If `part` has not the diagonal's shape.
    pub fn diagonal_scatter | try_diagonal_scatter(self, part: &Tensor, offset: i64, dim1: i64, dim2: i64) -> Tensor {
        let whole = self.try_clone()?;
        let slice = whole.try_diagonal(offset, dim1, dim2)?;
        super::positions::check_part(&slice, part)?;
        slice.try_copy_(part)?;
        Ok(whole)
    }
}
