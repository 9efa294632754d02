//! Reductions over all sets of dimensions.

use crate::samples::*;
use autograd::Gradient;
use tensor_core::compose::covariance::Cov;
use tensor_core::op::reduce::{Reduce, ReduceKind};
use tensor_core::shape::ALL_AXES;
use tensor_core::{Op, Tensor, or_panic};

/// Whether there is a derivative. No wildcard: a new kind has to say.
fn is_smooth(kind: ReduceKind) -> bool {
    match kind {
        ReduceKind::Sum | ReduceKind::Mean | ReduceKind::Prod | ReduceKind::Max | ReduceKind::Min => true,
        ReduceKind::Var { .. } | ReduceKind::Std { .. } => true,
        ReduceKind::ArgMax | ReduceKind::ArgMin | ReduceKind::Any | ReduceKind::All => false,
    }
}

#[test]
fn every_reduction_over_all_sets_of_dimensions() {
    for kind in ReduceKind::ALL {
        for axes in (0..8).chain([ALL_AXES]) {
            for keepdim in [false, true] {
                let op = Op::Reduce(Reduce { kind: *kind, axes, keepdim });
                let what = format!("{kind:?} over {axes:b}, keepdim: {keepdim}");
                if !is_smooth(*kind) {
                    check_flat(&what, Tensor::apply(op, &[&any(&[2, 3, 2])]));
                    continue;
                }
                // A spread of one element is not defined; dimensions of one element make it so.
                if axes == 0 && matches!(kind, ReduceKind::Var { .. } | ReduceKind::Std { .. }) {
                    continue;
                }
                let f = |x: &[Tensor]| or_panic(Tensor::apply(op, &[&x[0]]));
                check(&what, f, &[sample(&[2, 3, 2], Form::Contiguous, 0.2..2.0, 41)]);
                check(&what, f, &[sample(&[2, 3, 2], Form::Transposed, -2.0..2.0, 42)]);
                check(&what, f, &[sample(&[2, 2, 3], Form::Sliced, -2.0..2.0, 43)]);
            }
        }
        let smooth_sums =
            matches!(kind, ReduceKind::Sum | ReduceKind::Mean | ReduceKind::Prod | ReduceKind::Max | ReduceKind::Min);
        if smooth_sums {
            let all = Op::Reduce(Reduce { kind: *kind, axes: ALL_AXES, keepdim: false });
            check(kind.name(), |x| or_panic(Tensor::apply(all, &[&x[0]])), &[any(&[])]);
        }
        if matches!(kind, ReduceKind::Sum | ReduceKind::Prod) {
            let first = Op::Reduce(Reduce { kind: *kind, axes: 1, keepdim: false });
            check(kind.name(), |x| or_panic(Tensor::apply(first, &[&x[0]])), &[any(&[0, 2])]);
            check(kind.name(), |x| or_panic(Tensor::apply(first, &[&x[0]])), &[any(&[2, 0])]);
            check(
                kind.name(),
                |x| or_panic(Tensor::apply(first, &[&x[0]])),
                &[sample(&[3, 2], Form::Expanded, 0.2..2.0, 44)],
            );
        }
    }
}

#[test]
fn other_corrections() {
    for correction in [0.0, 0.5, 2.0] {
        let what = format!("correction {correction}");
        check(&what, |x| x[0].var_dim(1, correction, false), &[any(&[2, 4])]);
        check(&what, |x| x[0].std_dim([0, 1], correction, true), &[any(&[2, 4])]);
    }
    // Where all elements are equal the deviation has no derivative; PyTorch says 0.
    let x = Tensor::from_vec(vec![2.0f64; 3], [3], ops_cpu::cpu()).requires_grad_(true);
    assert_gradient(&x, &x.std(), &[0.0; 3]);
}

#[test]
fn products_with_zeros() {
    let rows = |values: Vec<f64>| Tensor::from_vec(values, [3, 3], ops_cpu::cpu()).requires_grad_(true);
    let x = rows(vec![2.0, 3.0, 4.0, 2.0, 0.0, 4.0, 0.0, 3.0, 0.0]);
    assert_gradient(&x, &x.prod_dim(1, false), &[12.0, 8.0, 6.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0]);
    assert_gradient(&x, &x.prod(), &[0.0; 9]);
    check("a product with zeros", |x| x[0].prod_dim(1, false), &[x.clone()]);
    check("a product with zeros, over columns", |x| x[0].prod_dim(0, true), &[x]);
    let x = rows(vec![2.0, 3.0, 0.5, 2.0, 0.0, 4.0, 1.5, 3.0, -1.0]);
    check("a product with one zero", |x| x[0].prod(), &[x]);
}

#[test]
fn equal_extremes() {
    let x = Tensor::from_vec(vec![1.0f64, 3.0, 3.0, 3.0, 0.0, 0.0], [2, 3], ops_cpu::cpu()).requires_grad_(true);
    let third = 1.0 / 3.0;
    // Over everything and as amax, equal ones share; with positions, the first one takes all. So PyTorch has it.
    assert_gradient(&x, &x.max(), &[0.0, third, third, third, 0.0, 0.0]);
    assert_gradient(&x, &x.min(), &[0.0, 0.0, 0.0, 0.0, 0.5, 0.5]);
    assert_gradient(&x, &x.amax(1, false), &[0.0, 0.5, 0.5, 1.0, 0.0, 0.0]);
    assert_gradient(&x, &x.amin([0, 1], true), &[0.0, 0.0, 0.0, 0.0, 0.5, 0.5]);
    assert_gradient(&x, &x.max_dim(1, false).values, &[0.0, 1.0, 0.0, 1.0, 0.0, 0.0]);
    assert_gradient(&x, &x.min_dim(1, true).values, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    let x = Tensor::from_vec(vec![1.0f64, f64::NAN, f64::NAN], [3], ops_cpu::cpu()).requires_grad_(true);
    assert_gradient(&x, &x.max(), &[0.0, 0.5, 0.5]);
}

#[test]
fn extremes_with_positions() {
    for keepdim in [false, true] {
        for dim in [0, 1, -1] {
            check("max(dim)", |x| x[0].max_dim(dim, keepdim).values, &[any(&[3, 4])]);
            check("min(dim)", |x| x[0].min_dim(dim, keepdim).values.exp(), &[any(&[3, 4])]);
        }
    }
    check("max of a single number", |x| x[0].max_dim(0, false).values, &[any(&[])]);
    assert!(!any(&[3]).max_dim(0, false).indices.requires_grad());
}

#[test]
fn covariances() {
    let (f, a) = (positions(&[1, 2, 1, 3], &[4]), plain(&[4], Form::Contiguous, 0.5..1.5, 92));
    for (fweights, aweights) in [(None, None), (Some(&f), None), (None, Some(&a)), (Some(&f), Some(&a))] {
        for correction in [0, 1] {
            let options = Cov { correction, fweights, aweights };
            check("cov", |x| x[0].cov(options), &[any(&[3, 4])]);
        }
    }
    check("cov of a vector", |x| x[0].cov(Cov::default()), &[any(&[5])]);
    check("combinations", |x| x[0].combinations(2, true), &[any(&[4])]);
    check("vander", |x| x[0].vander(Some(4), false), &[any(&[3])]);
}
