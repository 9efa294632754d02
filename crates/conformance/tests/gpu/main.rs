//! What a GPU computes, beside the CPU: the same operations on the same operands. A machine without any adapter says so and
//! skips, unless `SCONCE_REQUIRE_GPU` is set.

mod conv;
mod elementwise;
mod images;
mod index;
mod moving;
mod opdb;
mod windows;

use sconce::{DType, Device, Tensor};
use std::sync::OnceLock;

/// The GPU, or `None`, said once, where there is none.
fn gpu() -> Option<&'static dyn Device> {
    static GPU: OnceLock<Option<&'static dyn Device>> = OnceLock::new();
    *GPU.get_or_init(|| match sconce::device("gpu") {
        Ok(gpu) => Some(gpu),
        Err(error) => {
            assert!(std::env::var_os("SCONCE_REQUIRE_GPU").is_none(), "a GPU is required, but {error}");
            eprintln!("skipped: no adapter ({error})");
            None
        }
    })
}

/// Whether the adapter computes in `dtype`.
fn computes(gpu: &'static dyn Device, dtype: DType) -> bool {
    let x = Tensor::from_vec(vec![1i64, 0], [2], sconce::cpu()).to_dtype(dtype).try_to_device(gpu).unwrap();
    x.try_logical_not().is_ok()
}

/// How far apart results of `dtype` may lie, relative and absolute. The GPU's functions of single precision are polynomials of
/// their own, and its sums have another order.
fn tolerance(dtype: DType) -> (f64, f64) {
    match dtype {
        DType::F16 => (2e-3, 1e-4),
        DType::BF16 => (1.6e-2, 1e-4),
        DType::F32 => (1e-5, 2e-6),
        DType::F64 => (1e-12, 1e-12),
        _ => (0.0, 0.0),
    }
}

/// An error that says where, if `ours` (on the GPU) and `theirs` differ in shape, dtype or values.
fn compare(ours: &Tensor, theirs: &Tensor, factor: f64) -> Result<(), String> {
    if ours.shape() != theirs.shape() || ours.dtype() != theirs.dtype() {
        return Err(format!("{:?} {} against {:?} {}", ours.shape(), ours.dtype(), theirs.shape(), theirs.dtype()));
    }
    let (relative, absolute) = tolerance(theirs.dtype());
    let numbers = |x: &Tensor| x.detach().try_to_device(sconce::cpu()).map(|x| x.to_dtype(DType::F64).flatten().to_vec::<f64>());
    let (a, b) = (numbers(ours).map_err(|error| error.to_string())?, numbers(theirs).map_err(|error| error.to_string())?);
    for (i, (a, b)) in a.iter().zip(&b).enumerate() {
        let close = a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= factor * (absolute + relative * b.abs());
        if !close {
            return Err(format!("element {i}: {a} on the GPU, {b} on the CPU"));
        }
    }
    Ok(())
}
