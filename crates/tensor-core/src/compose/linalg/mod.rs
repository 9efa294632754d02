//! Linear algebra: the functions of `torch.linalg`, under its names, and the methods that `torch.Tensor` has for the same.
//!
//! They take matrices of `float32` and `float64` in the last two dimensions; all dimensions before them are a batch. What PyTorch
//! raises as `LinAlgError` (a singular matrix, one that is not positive-definite) is an error of the kind `Value` here. With the
//! feature `linalg` of `sconce` switched off, all that takes a matrix apart is an error of the kind `Unsupported`.
//!
//! ```
//! # use tensor_core::{Tensor, linalg};
//! let a = Tensor::from_vec(vec![2.0f64, 0.0, 0.0, 4.0], [2, 2], ops_cpu::cpu());
//! assert_eq!(linalg::inv(&a).to_vec::<f64>(), [0.5, 0.0, 0.0, 0.25]);
//! ```

mod decompositions;
mod equations;
mod norms;

pub use super::products::{multi_dot, try_multi_dot};
pub use crate::op::linalg::QrMode;
pub use decompositions::*;
pub use equations::*;
pub use norms::*;

use crate::op::Linalg;
use crate::{Op, Result, Tensor, mode};

/// Runs an operation on matrices.
fn run(op: Linalg, inputs: &[&Tensor]) -> Result<Tensor> {
    Tensor::apply(Op::Linalg(op), inputs)
}

/// Runs an operation whose results lie in one row, and hands them out.
fn run_parts(op: Linalg, x: &Tensor) -> Result<Vec<Tensor>> {
    let rows = run(op, &[x])?;
    let rank = x.ndim();
    op.parts(&rows, x.shape()[rank - 2], x.shape()[rank - 1])
}

/// Whether a derivative may be asked for.
fn is_watched(x: &Tensor) -> bool {
    mode::is_recording() && x.is_tracked()
}
