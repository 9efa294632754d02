//! Values chosen by order, and reductions made of other operations.

use crate::samples::*;
use tensor_core::op::Sort;
use tensor_core::{Op, Tensor};

/// One operation of each kind. The match below has no wildcard: a new kind has to say whether it has a derivative.
const KINDS: [Sort; 5] = [
    Sort::Argsort { dim: 1, descending: false },
    Sort::Top { dim: 1, k: 2, largest: true },
    Sort::Kth { dim: 1, k: 1 },
    Sort::Median { dim: 1, skip_nan: false },
    Sort::Search { right: false },
];

#[test]
fn positions_have_no_derivative() {
    for op in KINDS {
        let (what, x) = (format!("{op:?}"), any(&[2, 3]));
        match op {
            Sort::Argsort { .. } | Sort::Top { .. } | Sort::Kth { .. } | Sort::Median { .. } => {
                check_flat(&what, Tensor::apply(Op::Sort(op), &[&x]))
            }
            Sort::Search { .. } => check_flat(&what, Tensor::apply(Op::Sort(op), &[&x, &x])),
        }
    }
}

#[test]
fn values_by_order() {
    for form in [Form::Contiguous, Form::Transposed, Form::Sliced] {
        let x = || sample(&[3, 4], form, -1.0..1.0, 91);
        for dim in [0, -1] {
            check("sort", |x| x[0].sort(dim, true).values, &[x()]);
            check("topk", |x| x[0].topk(2, dim, true).values.exp(), &[x()]);
            check("kthvalue", |x| x[0].kthvalue(2, dim, false).values, &[x()]);
            check("median", |x| x[0].median_dim(dim, true).values, &[x()]);
            check("nanmedian", |x| x[0].nanmedian_dim(dim, false).values, &[x()]);
        }
        check("median of all", |x| x[0].median(), &[x()]);
        let q = Tensor::from_vec(vec![0.2f64, 0.5, 1.0], [3], ops_cpu::cpu());
        check("quantile", |x| x[0].quantile(&q, Some(1), false), &[x()]);
    }
    let x = Tensor::from_vec(vec![1.0f64, f64::NAN, 2.0], [3], ops_cpu::cpu());
    let x = autograd::Gradient::requires_grad_(&x, true);
    assert_gradient(&x, &x.nansum(.., false), &[1.0, 0.0, 1.0]);
    assert_gradient(&x, &x.nanmean(.., false), &[0.5, 0.0, 0.5]);
    assert_gradient(&x, &x.nanmedian(), &[1.0, 0.0, 0.0]);
}

#[test]
fn norms() {
    for p in [2.0, 1.0, 3.0, 1.5, 0.5, -1.0, f64::INFINITY, f64::NEG_INFINITY] {
        let what = format!("the {p}-norm");
        check(&what, |x| x[0].norm(p), &[any(&[2, 3])]);
        check(&what, |x| x[0].norm_dim(p, 1, true), &[any(&[2, 3])]);
    }
    for dim in [0, 1] {
        check("logsumexp", |x| x[0].logsumexp(dim, false), &[any(&[2, 3])]);
    }
    check("logsumexp of all", |x| x[0].logsumexp(.., true), &[any(&[2, 3])]);
    let zero = Tensor::from_vec(vec![0.0f64, 0.0], [2], ops_cpu::cpu());
    let zero = autograd::Gradient::requires_grad_(&zero, true);
    for p in [2.0, 3.0, 0.5, 0.0] {
        assert_gradient(&zero, &zero.norm(p), &[0.0; 2]);
    }
}
