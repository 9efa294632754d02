//! Elements several times: whole tensors side by side, or each slice after itself.

use crate::op::{Convert, Op};
use crate::twins::twins;
use crate::{Dims, IntoOperand, IntoShape, Operand, Tensor, bail, shape};

twins! {
    /// As many copies side by side along each dimension as `repeats` says; new dimensions come first.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1i64, 2], [2], ops_cpu::cpu());
    /// assert_eq!(x.repeat([2, 2]).to_vec::<i64>(), [1, 2, 1, 2, 1, 2, 1, 2]);
    /// ```
    ///
    /// # Errors
    /// If there are fewer numbers than dimensions, or one is negative.
    pub fn repeat | try_repeat [S: IntoShape] (self, repeats: S) -> Tensor {
        let repeats = repeats.sizes();
        let Some(lead) = repeats.len().checked_sub(self.ndim()) else {
            bail!(
                Shape,
                "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor"
            );
        };
        if let Some(negative) = repeats.iter().find(|n| **n < 0) {
            bail!(Value, "Trying to create tensor with negative dimension {negative}: {repeats:?}");
        }
        // Each dimension gets a second one before it, over which the copies are seen without being there.
        let size = |i: usize| if i < lead { 1 } else { self.shape()[i - lead] };
        let shape: Dims = (0..repeats.len()).map(|i| repeats[i] as usize * size(i)).collect();
        shape::checked_numel(&shape)?;
        let pairs = (0..repeats.len()).flat_map(|i| [1, size(i)]).collect::<Dims>();
        let wide = (0..repeats.len()).flat_map(|i| [repeats[i] as usize, size(i)]).collect::<Dims>();
        let seen = self.try_reshape(pairs)?.try_expand(wide)?;
        let copy = Tensor::apply(Op::Convert(Convert::Contiguous), &[&seen])?;
        Ok(copy.unsafe_view(shape))
    }

    /// [`repeat`](Tensor::repeat) with the missing numbers in front taken as one.
    pub fn tile | try_tile [S: IntoShape] (self, repeats: S) -> Tensor {
        let repeats = repeats.sizes();
        let missing = self.ndim().saturating_sub(repeats.len());
        self.try_repeat(std::iter::repeat_n(1, missing).chain(repeats).collect::<Vec<i64>>())
    }

    /// Each slice along `dim` after itself `repeats` times: a number for all, or a vector with one for each. Without a dimension,
    /// of the flattened tensor.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1i64, 2], [2], ops_cpu::cpu());
    /// assert_eq!(x.repeat_interleave(2, None).to_vec::<i64>(), [1, 1, 2, 2]);
    /// ```
    ///
    /// # Errors
    /// If a number is negative, or the vector has not the dimension's size.
    pub fn repeat_interleave | try_repeat_interleave [R: IntoOperand] (self, repeats: R, dim: Option<i64>) -> Tensor {
        let Some(dim) = dim else { return self.try_reshape(-1)?.try_repeat_interleave(repeats, Some(0)) };
        let x = if self.ndim() == 0 { self.try_reshape(1)? } else { self.clone() };
        let dim = shape::checked_dim(dim, x.ndim())?;
        let size = x.shape()[dim];
        let owned;
        let repeats = match repeats.operand() {
            Operand::Number(n) => {
                let times = n.to_i64();
                if times < 0 {
                    bail!(Value, "Repeats must be non-negative");
                }
                let wide = x.shape().with_inserted(dim + 1, times as usize);
                let seen = x.try_unsqueeze(dim as i64 + 1)?.try_expand(wide)?;
                let copy = Tensor::apply(Op::Convert(Convert::Contiguous), &[&seen])?;
                let shape = x.shape().iter().enumerate().map(|(i, s)| if i == dim { s * times as usize } else { *s });
                return Ok(copy.unsafe_view(shape.collect()));
            }
            Operand::Tensor(x) => x,
            Operand::Owned(x) => {
                owned = x;
                &owned
            }
        };
        if repeats.dtype().is_floating_point() || repeats.ndim() > 1 {
            bail!(DType, "repeats has to be Long or Int tensor");
        }
        if repeats.numel() != 1 && repeats.numel() != size {
            bail!(
                Shape,
                "repeats must have the same size as input along dim, but got repeats.size(0) = {} and input.size({dim}) = {size}",
                repeats.numel()
            );
        }
        let times: Vec<i64> = repeats.detach().try_to_dtype(crate::DType::I64)?.try_to_vec()?;
        if times.iter().any(|n| *n < 0) {
            bail!(Value, "repeats can not be negative");
        }
        let of = |i: usize| times[if times.len() == 1 { 0 } else { i }] as usize;
        let positions: Vec<i64> = (0..size).flat_map(|i| std::iter::repeat_n(i as i64, of(i))).collect();
        x.try_index_select(dim as i64, &Tensor::try_from_slice(&positions, positions.len(), x.device())?)
    }
}
