//! Arrays to tensors. It only asks where the elements lie, never what they are.

use ndarray::{ArrayBase, Data, Dimension};
use storage::Storage;
use tensor_core::{Dims, Element, Layout, Result, Tensor, or_panic};

/// A tensor of an array's elements, in host memory as PyTorch's `from_numpy` has it, of exactly their Rust type's dtype.
///
/// An array that owns its elements hands its memory over: from 32 KB up nothing is copied, and whatever strides it has become
/// the tensor's. Views and shared arrays are copied (`from_ndarray(array.view())` keeps the array), and so are arrays with
/// negative strides, which tensors cannot have.
///
/// ```
/// use tensor::{from_ndarray, ndarray::array};
/// let x = from_ndarray(array![[1.0, 2.0], [3.0, 4.0]].reversed_axes());
/// assert_eq!(x.to_string(), "tensor([[1., 3.],\n        [2., 4.]], dtype=torch.float64)");
/// assert_eq!(x.stride()[..], [1, 2]);
/// ```
///
/// # Panics
/// Where [`try_from_ndarray`] returns an error.
#[track_caller]
pub fn from_ndarray<T: Element, S: Data<Elem = T>, D: Dimension>(array: ArrayBase<S, D>) -> Tensor {
    or_panic(try_from_ndarray(array))
}

/// As [`from_ndarray`], but returns failure as an error.
///
/// # Errors
/// If the memory for a copy cannot be had.
pub fn try_from_ndarray<T: Element, S: Data<Elem = T>, D: Dimension>(array: ArrayBase<S, D>) -> Result<Tensor> {
    let shape = Dims::from(array.shape());
    let strides: Option<Dims> = array.strides().iter().map(|stride| usize::try_from(*stride).ok()).collect();
    let (numbers, layout) = match strides {
        // The strides of an array without elements say nothing.
        Some(_) if array.is_empty() => (vec![], Layout::contiguous(shape)),
        Some(_) => {
            let array = array.into_owned();
            // A view with gaps got other strides when it was copied, yet none of them negative.
            let strides = array.strides().iter().map(|stride| *stride as usize).collect();
            let (numbers, offset) = array.into_raw_vec_and_offset();
            (numbers, Layout::strided(shape, strides, offset.unwrap_or(0)))
        }
        None => (array.iter().copied().collect(), Layout::contiguous(shape)),
    };
    Tensor::from_storage(Storage::from_vec(numbers)?, layout, T::DTYPE, crate::cpu())
}
