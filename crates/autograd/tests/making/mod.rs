//! Tensors to test with, and comparisons. It knows no operation.
#![allow(dead_code, reason = "each test file uses its own part")]

use autograd::Gradient;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tensor_core::{DType, Tensor};

/// A vector of floats.
pub fn vector(values: &[f32]) -> Tensor {
    Tensor::from_vec(values.to_vec(), [values.len()], ops_cpu::cpu())
}

/// Zeros.
pub fn zeros(shape: &[usize]) -> Tensor {
    Tensor::try_full_on(shape, 0.0, DType::F32, ops_cpu::cpu()).unwrap()
}

/// The numbers 0, 1, 2 … in a shape.
pub fn counting(shape: &[usize]) -> Tensor {
    let count: usize = shape.iter().product();
    Tensor::from_vec((0..count).map(|i| i as f32).collect(), shape, ops_cpu::cpu())
}

/// The leaf that most tests derive by: 1, 2, 3.
pub fn leaf() -> Tensor {
    vector(&[1.0, 2.0, 3.0]).requires_grad_(true)
}

/// A leaf of shape [2, 3]: 1 … 6.
pub fn matrix() -> Tensor {
    counting(&[2, 3]).add(1.0).requires_grad_(true)
}

/// A single number that requires a gradient, in double precision.
pub fn double(value: f64) -> Tensor {
    Tensor::from_vec(vec![value], (), ops_cpu::cpu()).requires_grad_(true)
}

/// Asserts that the elements are within 2·10⁻⁶ of their size, which is the rounding of a few operations.
#[track_caller]
pub fn assert_close(x: &Tensor, expected: &[f64]) {
    let found = x.detach().to_dtype(DType::F64).to_vec::<f64>();
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 2e-6 * b.abs().max(1.0);
    assert!(found.len() == expected.len() && found.iter().zip(expected).all(near), "{found:?} is not {expected:?}");
}

/// Asserts the gradient of a tensor.
#[track_caller]
pub fn assert_grad(x: &Tensor, expected: &[f64]) {
    assert_close(&x.grad().expect("a gradient"), expected);
}

/// The text with which `body` panics.
#[track_caller]
pub fn panic_text<T>(body: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(body)) else { panic!("did not panic") };
    payload.downcast_ref::<String>().cloned().or(payload.downcast_ref::<&str>().map(|s| s.to_string())).expect("a text")
}

/// The text with which backward from `x` fails.
#[track_caller]
pub fn backward_error(x: &Tensor) -> String {
    x.try_backward_with(Default::default()).expect_err("backward should fail").text().to_string()
}
