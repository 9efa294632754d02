//! The different values of a tensor, by sorting, and of neighbours without.

use crate::op::join::try_cat;
use crate::twins::twins;
use crate::{DType, Result, Tensor};

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

twins! {
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
