//! Elements of a vector put together: choices of some of them, and their powers.

use crate::op::join::try_cat;
use crate::twins::twins;
use crate::{DType, Result, Tensor, bail, create, shape};

/// The positions of all choices of `r` out of `n`, in order, one after the other.
fn choices(n: usize, r: usize, again: bool) -> Result<Vec<i64>> {
    let least = if again { 0 } else { 1 };
    if n == 0 || (!again && r > n) {
        return Ok(vec![]);
    }
    // n over r, or n + r − 1 over r, if memory can hold so many.
    let top = (n + if again { r - 1 } else { 0 }) as u128;
    let count = (0..r as u128).try_fold(1u128, |count, i| Some(count.checked_mul(top - i)? / (i + 1)));
    let places = count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX).saturating_mul(r);
    let mut all = create::room(places)?;
    let mut at: Vec<usize> = (0..r).map(|i| i * least).collect();
    loop {
        all.extend(at.iter().map(|place| *place as i64));
        // The last position that can still move on does, and those after it follow as closely as they may.
        let most = |i: usize| n - 1 - (r - 1 - i) * least;
        let Some(moving) = (0..r).rev().find(|i| at[*i] < most(*i)) else { return Ok(all) };
        let next = at[moving] + 1;
        at[moving..].iter_mut().enumerate().for_each(|(i, place)| *place = next + i * least);
    }
}

twins! {
    /// All choices of `r` elements of a vector, one a row, in the order of their positions. PyTorch's defaults are 2 and `false`.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![5i64, 6, 7], [3], ops_cpu::cpu());
    /// assert_eq!(x.combinations(2, false).to_vec::<i64>(), [5, 6, 5, 7, 6, 7]);
    /// ```
    ///
    /// # Errors
    /// If this is no vector, or `r` is negative.
    pub fn combinations | try_combinations(self, r: i64, with_replacement: bool) -> Tensor {
        if self.ndim() != 1 {
            bail!(Shape, "Expect a 1D vector, but got shape {:?}", self.shape());
        }
        if r < 0 {
            bail!(Value, "Expect a non-negative number, but got {r}");
        }
        if r == 0 {
            return Tensor::try_full_on([0], 0, self.dtype(), self.device());
        }
        let r = r as usize;
        let positions = choices(self.numel(), r, with_replacement)?;
        let rows = positions.len() / r;
        let positions = Tensor::from_vec(positions, [rows * r], self.device());
        self.try_index_select(0, &positions)?.try_reshape([rows, r])
    }

    /// The powers of a vector's elements, one element a row: the columns are its powers from the `n`th less one down to the
    /// zeroth, or the other way round if `increasing`; `None` stands for as many as there are elements.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![2i64, 3], [2], ops_cpu::cpu());
    /// assert_eq!(x.vander(Some(3), false).to_vec::<i64>(), [4, 2, 1, 9, 3, 1]);
    /// ```
    ///
    /// # Errors
    /// If this is no vector, or `n` is negative.
    pub fn vander | try_vander(self, n: Option<i64>, increasing: bool) -> Tensor {
        if self.ndim() != 1 {
            bail!(Shape, "x must be a one-dimensional tensor.");
        }
        let n = n.unwrap_or(self.numel() as i64);
        if n < 0 {
            bail!(Value, "N must be non-negative.");
        }
        let dtype = if self.dtype().is_floating_point() { self.dtype() } else { DType::I64 };
        if n == 0 {
            return Tensor::try_full_on([self.numel(), 0], 0, dtype, self.device());
        }
        shape::checked_numel(&[self.numel(), n as usize])?;
        let x = self.try_to_dtype(dtype)?.try_unsqueeze(1)?;
        let ones = Tensor::try_full_on([self.numel(), 1], 1, dtype, self.device())?;
        let powers = try_cat(&[ones, x.try_expand([self.numel() as i64, n - 1])?], 1)?.try_cumprod(1)?;
        if increasing { Ok(powers) } else { powers.try_flip(1) }
    }
}
