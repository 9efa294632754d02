//! Matrices taken apart. Of vectors that are determined but for their signs, what does not depend on these is looked at.

use crate::samples::*;
use tensor_core::linalg::{self, Order, QrMode, Tolerances};
use tensor_core::op::Linalg;
use tensor_core::{Op, Tensor, or_panic};

const SHAPES: [&[usize]; 3] = [&[1, 1], &[3, 3], &[2, 3, 3]];

/// Far from singular.
fn regular(x: &Tensor) -> Tensor {
    let n = x.size(-1);
    x + Tensor::from_vec(vec![2.5f64; n], [n], x.device()).diag_embed(0, -2, -1)
}

/// Symmetric and positive-definite.
fn positive(x: &Tensor) -> Tensor {
    let x = regular(x);
    x.matmul(&x.mt())
}

/// One operation of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Linalg; 13] = [
    Linalg::Inverse { strict: true },
    Linalg::Solve,
    Linalg::Triangular { upper: true, unit: false },
    Linalg::Cholesky,
    Linalg::Det,
    Linalg::Cofactors,
    Linalg::Slogdet,
    Linalg::Qr(QrMode::Reduced),
    Linalg::Svd { full: false },
    Linalg::Svdvals,
    Linalg::Eigh { upper: false },
    Linalg::Eigvalsh { upper: false },
    Linalg::Pinv { atol: 0.0, rtol: 1e-12, hermitian: false },
];

fn apply(op: Linalg, inputs: &[&Tensor]) -> Tensor {
    or_panic(Tensor::apply(Op::Linalg(op), inputs))
}

#[test]
fn every_kind() {
    for op in KINDS {
        let what = format!("{op:?}");
        for shape in SHAPES {
            for form in [Form::Contiguous, Form::Transposed, Form::Sliced] {
                let x = sample(shape, form, -1.0..1.0, 71);
                match op {
                    Linalg::Inverse { .. }
                    | Linalg::Det
                    | Linalg::Cofactors
                    | Linalg::Slogdet
                    | Linalg::Qr(_)
                    | Linalg::Pinv { .. } => check(&what, |x| apply(op, &[&regular(&x[0])]), &[x]),
                    Linalg::Solve | Linalg::Triangular { .. } => {
                        let b = sample(&[&shape[..shape.len() - 1], &[2]].concat(), form, -1.0..1.0, 72);
                        check_each(&what, |x| apply(op, &[&regular(&x[0]), &x[1]]), &[x, b]);
                    }
                    Linalg::Cholesky => check(&what, |x| apply(op, &[&positive(&x[0])]), &[x]),
                    Linalg::Svd { .. } => {
                        check(&what, |x| apply(op, &[&regular(&x[0])]).square(), std::slice::from_ref(&x));
                        check("svdvals", |x| linalg::svdvals(&x[0]), &[x]);
                    }
                    Linalg::Eigh { .. } => {
                        check(&what, |x| apply(op, &[&positive(&x[0])]).square(), std::slice::from_ref(&x));
                        let upper = Linalg::Eigh { upper: true };
                        check(
                            "the upper triangle",
                            |x| apply(upper, &[&positive(&x[0])]).square(),
                            std::slice::from_ref(&x),
                        );
                        check("eigvalsh", |x| linalg::eigvalsh(&(&x[0] + x[0].mt()), 'U'), &[x]);
                    }
                    Linalg::Svdvals | Linalg::Eigvalsh { .. } => {
                        check_flat(&what, Tensor::apply(Op::Linalg(op), &[&positive(&x)]))
                    }
                }
            }
        }
    }
}

#[test]
fn matrices_that_are_not_square() {
    for shape in [&[4, 2][..], &[2, 4], &[2, 2, 3]] {
        let x = || any(shape);
        let both = |(a, b): (Tensor, Tensor)| a.flatten().sum() * 0.3 + b.exp();
        check("qr", |x| both(linalg::qr(&x[0], QrMode::Reduced)), &[x()]);
        if shape[shape.len() - 2] < shape[shape.len() - 1] {
            check("complete qr", |x| both(linalg::qr(&x[0], QrMode::Complete)), &[x()]);
        }
        for full in [false, true] {
            let whole = |x: &[Tensor]| {
                let (u, s, vh) = linalg::svd(&x[0], full);
                let k = s.size(-1);
                let (u, vh) = (u.narrow(-1, 0, k), vh.narrow(-2, 0, k));
                u.square().sum_dim(-2, false) + vh.square().matmul(&vh.square().mt()).sum() + u.matmul(&vh).sum() + s
            };
            check("svd", whole, &[x()]);
        }
        check("pinv", |x| linalg::pinv(&x[0], Tolerances::default()), &[x()]);
        let b = any(&[&shape[..shape.len() - 1], &[2]].concat());
        check_each("lstsq", |x| linalg::lstsq(&x[0], &x[1], None), &[x(), b]);
    }
}

#[test]
fn composed_functions() {
    let x = || any(&[2, 3, 3]);
    let b = || sample(&[3, 2], Form::Transposed, -1.0..1.0, 73);
    check_each("solve, a batch by a matrix", |x| linalg::solve(&regular(&x[0]), &x[1], true), &[x(), b()]);
    check("solve from the right", |x| linalg::solve(&regular(&x[0]), &x[1].t().unsqueeze(0), false), &[x(), b()]);
    check("solve for a vector", |x| linalg::solve(&regular(&x[0]), &x[1], true), &[any(&[3, 3]), any(&[3])]);
    for (upper, left, unit) in [(true, true, true), (false, true, true), (true, false, false), (false, false, true)] {
        let f = |x: &[Tensor]| {
            let b = if left { x[1].clone() } else { x[1].t() };
            linalg::solve_triangular(&regular(&x[0]), &b, upper, left, unit)
        };
        check_each("solve_triangular", f, &[x(), b()]);
    }
    check("cholesky of the upper triangle", |x| linalg::cholesky(&positive(&x[0]), true), &[x()]);
    check("logdet", |x| positive(&x[0]).logdet(), &[x()]);
    check("slogdet", |x| x[0].slogdet().1, &[x()]);
    check("matrix_power", |x| regular(&x[0]).matrix_power(-2), &[x()]);
    for upper in [false, true] {
        check_each("cholesky_solve", |x| x[1].cholesky_solve(&regular(&x[0]), upper), &[x(), b()]);
        check("cholesky_inverse", |x| regular(&x[0]).cholesky_inverse(upper), &[x()]);
    }
    let hermitian = Tolerances { hermitian: true, ..Tolerances::default() };
    check("pinv of symmetric matrices", |x| linalg::pinv(&positive(&x[0]), hermitian), &[x()]);
    let orders = [2.0, -2.0, 1.0, -1.0, f64::INFINITY, f64::NEG_INFINITY].map(Order::P);
    for order in [Order::Fro, Order::Nuc].into_iter().chain(orders) {
        check("matrix_norm", |x| linalg::matrix_norm(&x[0], order, [0, -1], true), &[x()]);
        check("cond", |x| linalg::cond(&regular(&x[0]), order), &[x()]);
    }
    check("tensorinv", |x| linalg::tensorinv(&regular(&x[0]).reshape([3, 3, 1]), 1), &[any(&[3, 3])]);
    let tensorsolve = |x: &[Tensor]| linalg::tensorsolve(&regular(&x[0]).reshape([3, 1, 3]), &x[1], None);
    check("tensorsolve", tensorsolve, &[any(&[3, 3]), any(&[3, 1])]);
}

#[test]
fn singular_matrices_and_equal_values() {
    let at = |values: &[f64]| {
        let x = Tensor::from_vec(values.to_vec(), [2, 2], ops_cpu::cpu());
        autograd::Gradient::requires_grad_(&x, true)
    };
    let x = at(&[1.0, 2.0, 2.0, 4.0]);
    assert_gradient(&x, &linalg::det(&x), &[4.0, -2.0, -2.0, 1.0]);
    check(
        "pinv of a singular matrix",
        |x| {
            linalg::pinv(
                &x[0].unsqueeze(1).matmul(&x[1].unsqueeze(0)),
                Tolerances { rtol: Some(1e-6), ..Tolerances::default() },
            )
            .sum()
        },
        &[any(&[3]), any(&[2])],
    );
    let x = at(&[3.0, 0.0, 0.0, 3.0]);
    assert_gradient(&x, &linalg::svdvals(&x), &[1.0, 0.0, 0.0, 1.0]);
    assert_gradient(&x, &linalg::eigvalsh(&x, 'L'), &[1.0, 0.0, 0.0, 1.0]);
    let x = at(&[0.0, 0.0, 0.0, 2.0]);
    assert_gradient(&x, &linalg::matrix_norm(&x, Order::P(2.0), [-2, -1], false), &[0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn decompositions_without_a_derivative() {
    for mode in [QrMode::R, QrMode::Complete] {
        let x = any(&[3, 2]);
        let y = linalg::qr(&x, mode).1.sum();
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| autograd::grad(&[&y], &[&x])));
        assert!(refused.is_err(), "{mode:?}");
    }
}
