//! Running totals along every dimension, both ways.

use crate::samples::*;
use tensor_core::op::scan::{Scan, ScanKind};
use tensor_core::{Op, Tensor, or_panic};

#[test]
fn every_running_total_both_ways() {
    for kind in ScanKind::ALL {
        for dim in 0..3 {
            for reverse in [false, true] {
                let op = Op::Scan(Scan { kind: *kind, dim, reverse });
                let what = format!("{kind:?} along {dim}, reverse: {reverse}");
                let f = |x: &[Tensor]| or_panic(Tensor::apply(op, &x.iter().collect::<Vec<_>>()));
                for form in FORMS {
                    let x = sample(&[2, 3, 2], form, -1.0..1.0, 81);
                    match kind {
                        ScanKind::Sum | ScanKind::Prod | ScanKind::LogSumExp => check(&what, f, &[x]),
                        ScanKind::Linear => check_each(&what, f, &[x, sample(&[2, 3, 2], form, -1.0..1.0, 82)]),
                        ScanKind::ArgMax | ScanKind::ArgMin => check_flat(&what, Tensor::apply(op, &[&x])),
                    }
                }
            }
        }
    }
}

#[test]
fn products_with_zeros_and_single_numbers() {
    let x = Tensor::from_vec(vec![2.0f64, 0.0, 3.0, 0.0, 0.0, 1.5, 0.5, 2.0], [2, 4], ops_cpu::cpu());
    let x = autograd::Gradient::requires_grad_(&x, true);
    check("cumprod with zeros", |x| x[0].cumprod(1), &[x.clone()]);
    assert_gradient(&x, &x.cumprod(1), &[1.0, 8.0, 0.0, 0.0, 4.75, 0.0, 0.0, 0.0]);
    check("cumsum of a number", |x| x[0].cumsum(0), &[any(&[])]);
    check("cumprod of a number", |x| x[0].cumprod(0), &[any(&[])]);
    check("logcumsumexp of a number", |x| x[0].logcumsumexp(0), &[any(&[])]);
    check("cumsum of nothing", |x| x[0].cumsum(1), &[any(&[2, 0])]);
    check("cumprod of nothing", |x| x[0].cumprod(0), &[any(&[2, 0])]);
}

#[test]
fn running_extremes_and_differences() {
    for dim in [0, 1, -1] {
        check("cummax", |x| x[0].cummax(dim).values, &[any(&[3, 4])]);
        check("cummin", |x| x[0].cummin(dim).values.exp(), &[any(&[3, 4])]);
        check("diff", |x| x[0].diff(2, dim, None, None), &[any(&[3, 4])]);
    }
    let f = |x: &[Tensor]| x[0].diff(1, 0, Some(&x[1]), Some(&x[2])).exp();
    check_each("diff between others", f, &[any(&[3]), any(&[1]), any(&[2])]);
}
