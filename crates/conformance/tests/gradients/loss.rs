//! Losses where PyTorch's gradient is not that of the formula.

use crate::samples::*;
use autograd::Gradient;
use tensor_core::Tensor;
use tensor_core::op::Reduction;

#[test]
fn probabilities_of_exactly_zero_and_one() {
    let x = |values: &[f64]| Tensor::from_vec(values.to_vec(), values.len(), ops_cpu::cpu());
    let p = x(&[0.0, 0.0, 1.0, 1.0, 0.5, 1e-13]).requires_grad_(true);
    let target = x(&[0.0, 1.0, 0.0, 1.0, 0.2, 1.0]);
    let losses = p.binary_cross_entropy(&target, None, Reduction::None);
    assert_eq!(losses.detach().to_vec::<f64>()[..4], [0.0, 100.0, 100.0, 0.0]);
    // PyTorch's: (x − t) over x (1 − x), which counts as at least 10⁻¹² as single precision has it.
    let least = f64::from(1e-12f32);
    assert_gradient(&p, &losses, &[0.0, -1.0 / least, 1.0 / least, 0.0, 1.2, (1e-13 - 1.0) / least]);
}
