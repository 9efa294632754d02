//! What the cases call things: the tensors of `fixtures/make_messages.py` under the same names, and the library.

pub use sconce::autograd::{Backward, GradOptions, Gradient, grad, grad_with, no_grad, try_grad};
pub use sconce::dtype::*;
pub use sconce::*;
pub use tensor_core::indexing::step;
pub use tensor_core::op::Binary;
pub use tensor_core::op::join::{try_cat, try_stack};
pub use tensor_core::{Result, or_panic};

/// Floats, all one.
pub fn f<const N: usize>(shape: [usize; N]) -> Tensor {
    ones(shape)
}

/// Whole numbers, all one.
pub fn n<const N: usize>(shape: [usize; N]) -> Tensor {
    ones_with(shape, int64)
}

/// Truth values, all true.
pub fn b<const N: usize>(shape: [usize; N]) -> Tensor {
    ones_with(shape, bool_)
}

/// A vector of positions.
pub fn at<const N: usize>(positions: [i64; N]) -> Tensor {
    tensor(positions)
}

/// Floats whose gradient is wanted.
pub fn leaf<const N: usize>(shape: [usize; N]) -> Tensor {
    ones_with(shape, requires_grad())
}

/// The gradients of `inputs` from those of `outputs`.
pub fn grad_from(outputs: &[&Tensor], inputs: &[&Tensor], grads: &[Tensor]) -> Result<Vec<Option<Tensor>>> {
    grad_with(outputs, inputs, GradOptions { grad_outputs: Some(grads), ..GradOptions::default() })
}

/// The sizes of 64 dimensions, all one but the last.
pub fn many(last: usize) -> Vec<usize> {
    [vec![1; 63], vec![last]].concat()
}
