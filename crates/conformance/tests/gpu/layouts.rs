//! Functions, dtypes, shapes and layouts drawn by proptest from the tables of operations.

use super::{compare, own_gpu};
use conformance::samples;
use proptest::prelude::*;
use sconce::autograd::GradOptions;
use sconce::{DType, Device, Gradient, Tensor};
use tensor_core::op::unary::Domain;
use tensor_core::op::{Binary, Unary};
use tensor_core::{Op, Result};

fn dtypes() -> impl Strategy<Value = DType> {
    prop::sample::select(DType::ALL.to_vec())
}

fn rule(dtype: DType) -> &'static str {
    if dtype.is_floating_point() { "u-3~3" } else { "u-4~5" }
}

/// The gradient of the first of `inputs`, given those of `outputs`.
fn gradient(outputs: &[&Tensor], inputs: &[&Tensor], weights: &[Tensor]) -> Result<Tensor> {
    let options = GradOptions { grad_outputs: Some(weights), ..GradOptions::default() };
    let mut all = sconce::autograd::grad_with(outputs, inputs, options)?;
    Ok(all.remove(0).expect("a gradient"))
}

/// Compares what both devices give; an error on the CPU has to be one on the GPU.
fn same(name: &str, run: impl Fn(&'static dyn Device) -> Result<Tensor>) -> std::result::Result<(), TestCaseError> {
    let Some(gpu) = own_gpu() else { return Ok(()) };
    match (run(gpu), run(sconce::cpu())) {
        (Ok(ours), Ok(theirs)) => {
            compare(&ours, &theirs, 20.0).map_err(|text| TestCaseError::fail(format!("{name}: {text}")))
        }
        (Err(ours), _) if super::may_refuse(gpu, ours.text()) => Ok(()),
        (Err(ours), Err(theirs)) => {
            prop_assert_eq!(ours.text(), theirs.text());
            Ok(())
        }
        (Ok(_), Err(theirs)) if theirs.text().contains("ZeroDivisionError") => Ok(()),
        (Ok(_), Err(theirs)) => Err(TestCaseError::fail(format!("{name}: only the CPU says {theirs}"))),
        (Err(ours), Ok(_)) => Err(TestCaseError::fail(format!("{name}: only the GPU says {ours}"))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn unary_functions(op in prop::sample::select(Unary::ALL.to_vec()), dtype in dtypes(), which in 0..samples::ALL.len(), seed in 0u32..100) {
        // At whole numbers below one it is infinite, which a rounded π hides from the CPU.
        prop_assume!(op != Unary::Trigamma || dtype.is_floating_point());
        let sample = samples::ALL[which];
        // The functions' own domains, where they are smooth.
        let rule = match dtype.is_floating_point() {
            true => format!("u{}~{}", op.samples().start, op.samples().end),
            false => rule(dtype).to_string(),
        };
        same(op.name(), |device| Tensor::apply(Op::Unary(op), &[&sample.tensor(dtype, &rule, seed, device)]))?;
        if matches!(op.domain(), Domain::Number | Domain::Any | Domain::Float) && dtype.is_floating_point() {
            same(&format!("gradient of {}", op.name()), |device| {
                let x = sample.tensor(dtype, &rule, seed, device).requires_grad_(true);
                let y = Tensor::apply(Op::Unary(op), &[&x])?;
                let weight = sample.tensor(dtype, "u-1~1", seed + 1, device).reshape(y.shape());
                gradient(&[&y], &[&x], &[weight])
            })?;
        }
    }

    #[test]
    fn binary_functions(
        op in prop::sample::select(Binary::ALL.to_vec()), left in dtypes(), right in dtypes(), which in 0..samples::ALL.len(), seed in 0u32..100,
    ) {
        let sample = samples::ALL[which];
        let operand = |dtype, seed, device| sample.tensor(dtype, rule(dtype), seed, device);
        // Quotients by whole zeros are errors on the CPU and arbitrary on a GPU.
        let right_operand = |device| match right.is_floating_point() || right == DType::Bool {
            true => operand(right, seed + 1, device),
            false => operand(right, seed + 1, device).bitwise_or(1).to_dtype(right),
        };
        same(op.name(), |device| op.apply(&operand(left, seed, device), tensor_core::Operand::Tensor(&right_operand(device))))?;
    }

    #[test]
    fn in_place_through_views(dtype in dtypes(), which in 0..samples::ALL.len(), seed in 0u32..100) {
        let sample = samples::ALL[which];
        prop_assume!(sample.is_writable());
        same("add_", |device| {
            let (whole, view) = samples::place(dtype, sample.shape, sample.layout, rule(dtype), seed, device);
            view.try_add_(&sample.tensor(dtype, rule(dtype), seed + 1, device))?;
            Ok(whole)
        })?;
    }

    #[test]
    fn reductions(dtype in dtypes(), which in 0..samples::ALL.len(), dim in -3i64..3, keepdim in any::<bool>(), seed in 0u32..100) {
        let sample = samples::ALL[which];
        let x = |device| sample.tensor(dtype, rule(dtype), seed, device);
        same("sum", |device| x(device).try_sum_dim(dim, keepdim))?;
        same("amax", |device| x(device).try_amax(dim, keepdim))?;
        same("argmin", |device| x(device).try_argmin_dim(dim, keepdim))?;
        same("prod", |device| x(device).try_prod_dim(dim, keepdim))?;
        same("all", |device| x(device).try_all_dim(dim, keepdim))?;
    }
}
