//! The different values of a tensor, by sorting, and of neighbours without.

use crate::op::join::try_cat;
use crate::twins::twins;
use crate::{DType, Result, Tensor, bail, shape};

/// The different values of a tensor.
#[derive(Clone, Debug)]
pub struct Unique {
    /// The values, a vector.
    pub values: Tensor,
    /// For each element of the tensor, the position of its value, in the tensor's shape.
    pub inverse: Tensor,
    /// How often each value occurs.
    pub counts: Tensor,
}

/// The runs of equal neighbours in a vector: whether a run begins at each element, and where runs begin.
fn runs(x: &Tensor) -> Result<(Tensor, Tensor)> {
    let count = x.numel();
    if count == 0 {
        let none = Tensor::try_full_on([0], 0, DType::I64, x.device())?;
        return Ok((none.try_to_dtype(DType::Bool)?, none));
    }
    let first = Tensor::try_full_on([1], true, DType::Bool, x.device())?;
    let steps = x.try_narrow(0, 1, count - 1)?.try_ne(&x.try_narrow(0, 0, count - 1)?)?;
    let starts = try_cat(&[first, steps], 0)?;
    let at = starts.try_nonzero()?.try_reshape([-1])?;
    Ok((starts, at))
}

/// The values of a vector's runs, each element's run, and the runs' lengths.
fn described(x: &Tensor) -> Result<Unique> {
    let (starts, at) = runs(x)?;
    let end = Tensor::try_full_on([1], x.numel() as i64, DType::I64, x.device())?;
    Ok(Unique {
        values: x.try_index_select(0, &at)?,
        inverse: starts.try_cumsum(0)?.try_sub(1)?,
        counts: at.try_diff(1, 0, None, Some(&end))?,
    })
}

/// The slices of `x` along a dimension as rows.
fn slices(x: &Tensor, dim: i64) -> Result<(Tensor, usize)> {
    if x.ndim() == 0 {
        bail!(Dim, "Dimension specified as {dim} but tensor has no dimensions");
    }
    let axis = shape::checked_dim(dim, x.ndim())?;
    if x.shape().iter().enumerate().any(|(i, size)| i != axis && *size == 0) {
        bail!(Shape, "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied");
    }
    let front = x.detach().try_movedim(axis as i64, 0)?;
    let width: usize = front.shape()[1..].iter().product();
    Ok((front.try_reshape([front.shape()[0], width])?, axis))
}

/// The runs of equal rows: the positions at which they begin, each row's run, and the runs' lengths.
fn row_runs(rows: &Tensor) -> Result<(Tensor, Tensor, Tensor)> {
    let count = rows.shape()[0];
    if count == 0 {
        let none = Tensor::try_full_on([0], 0, DType::I64, rows.device())?;
        return Ok((none.clone(), none.clone(), none));
    }
    let first = Tensor::try_full_on([1], true, DType::Bool, rows.device())?;
    let steps = rows.try_narrow(0, 1, count - 1)?.try_ne(&rows.try_narrow(0, 0, count - 1)?)?.try_any_dim(1, false)?;
    let starts = try_cat(&[first, steps], 0)?;
    let at = starts.try_nonzero()?.try_reshape([-1])?;
    let end = Tensor::try_full_on([1], count as i64, DType::I64, rows.device())?;
    let lengths = at.try_diff(1, 0, None, Some(&end))?;
    Ok((at, starts.try_cumsum(0)?.try_sub(1)?, lengths))
}

twins! {
    /// The different slices along `dim`, in lexicographic order, with each slice's position among them and their counts:
    /// PyTorch's `unique` with a dimension. The slices are sorted by each of their elements in turn.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![2i64, 1, 0, 5, 2, 1], [3, 2], ops_cpu::cpu());
    /// let found = x.unique_dim(0);
    /// assert_eq!(found.values.to_vec::<i64>(), [0, 5, 2, 1]);
    /// assert_eq!(found.inverse.to_vec::<i64>(), [1, 0, 1]);
    /// ```
    ///
    /// # Errors
    /// If there is no such dimension, or another one is empty.
    pub fn unique_dim | try_unique_dim(self, dim: i64) -> Unique {
        let (rows, axis) = slices(self, dim)?;
        let count = rows.shape()[0];
        let mut order = Tensor::from_vec((0..count as i64).collect::<Vec<_>>(), [count], self.device());
        // Stable sorts from the last element to the first.
        for column in (0..rows.shape()[1] as i64).rev() {
            let keys = rows.try_select(1, column)?.try_index_select(0, &order)?;
            order = order.try_index_select(0, &keys.try_argsort(0, false)?)?;
        }
        let (at, run, counts) = row_runs(&rows.try_index_select(0, &order)?)?;
        let values = self.detach().try_index_select(axis as i64, &order.try_index_select(0, &at)?)?;
        let inverse = Tensor::try_full_on([count], 0, DType::I64, self.device())?.try_scatter(0, &order, &run)?;
        Ok(Unique { values, inverse, counts })
    }

    /// The slices along `dim` without those that equal the one before them: PyTorch's `unique_consecutive` with a dimension.
    ///
    /// # Errors
    /// As [`unique_dim`](Tensor::unique_dim).
    pub fn unique_consecutive_dim | try_unique_consecutive_dim(self, dim: i64) -> Unique {
        let (rows, axis) = slices(self, dim)?;
        let (at, inverse, counts) = row_runs(&rows)?;
        Ok(Unique { values: self.detach().try_index_select(axis as i64, &at)?, inverse, counts })
    }

    /// The different values, sorted; each NaN counts as one.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![2i64, 0, 2], [3], ops_cpu::cpu());
    /// assert_eq!(x.unique().to_vec::<i64>(), [0, 2]);
    /// assert_eq!(x.unique_full().inverse.to_vec::<i64>(), [1, 0, 1]);
    /// ```
    pub fn unique | try_unique(self) -> Tensor {
        let sorted = self.detach().try_reshape([-1])?.try_sort(0, false)?.values;
        sorted.try_index_select(0, &runs(&sorted)?.1)
    }

    /// The different values, sorted, with positions and counts: PyTorch's `return_inverse` and `return_counts`.
    pub fn unique_full | try_unique_full(self) -> Unique {
        let sorted = self.detach().try_reshape([-1])?.try_sort(0, false)?;
        let Unique { values, inverse, counts } = described(&sorted.values)?;
        let zeros = Tensor::try_full_on(inverse.shape(), 0, DType::I64, self.device())?;
        let inverse = zeros.try_scatter_add(0, &sorted.indices, &inverse)?.try_reshape(self.shape())?;
        Ok(Unique { values, inverse, counts })
    }

    /// The values without those that equal the one before them.
    pub fn unique_consecutive | try_unique_consecutive(self) -> Tensor {
        let flat = self.detach().try_reshape([-1])?;
        flat.try_index_select(0, &runs(&flat)?.1)
    }

    /// [`unique_consecutive`](Tensor::unique_consecutive) with positions and counts.
    pub fn unique_consecutive_full | try_unique_consecutive_full(self) -> Unique {
        let found = described(&self.detach().try_reshape([-1])?)?;
        Ok(Unique { inverse: found.inverse.try_reshape(self.shape())?, ..found })
    }
}
