//! Choices between values.

use crate::samples::*;
use tensor_core::op::Select;
use tensor_core::{Op, Scalar, Tensor, or_panic};

/// One operation of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Select; 6] = [
    Select::Where,
    Select::MaskedFill(Scalar::Float(7.5)),
    Select::Triangle { upper: true, diagonal: 1 },
    Select::Triangle { upper: false, diagonal: 0 },
    Select::Clamp { min: -0.5, max: 0.75 },
    Select::NanToNum { nan: 1.0, posinf: 2.0, neginf: 3.0 },
];

fn mask(shape: &[usize]) -> Tensor {
    plain(shape, Form::Contiguous, -1.0..1.0, 21).gt(0.0)
}

#[test]
fn every_choice() {
    for op in KINDS {
        let what = format!("{op:?}");
        match op {
            Select::Where => {
                let shapes: &[[&[usize]; 3]] = &[
                    [&[2, 3], &[2, 3], &[2, 3]],
                    [&[3], &[2, 1], &[2, 3]],
                    [&[2, 1], &[], &[3]],
                    [&[], &[2], &[2]],
                    [&[0], &[1], &[1]],
                ];
                for [condition, a, b] in shapes {
                    let condition = mask(condition);
                    let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Select(op), &[&condition, &x[0], &x[1]]));
                    check_each(&what, f, &[any(a), sample(b, Form::Transposed, -1.0..1.0, 22)]);
                }
            }
            Select::MaskedFill(_) => {
                for (shape, masked) in [(&[2, 3][..], &[2, 3][..]), (&[2, 3], &[3]), (&[3], &[2, 3]), (&[], &[])] {
                    let mask = mask(masked);
                    for form in FORMS {
                        let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Select(op), &[&x[0], &mask]));
                        check(&what, f, &[sample(shape, form, -1.0..1.0, 23)]);
                    }
                }
            }
            Select::Triangle { .. } => {
                for form in FORMS {
                    let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Select(op), &[&x[0]]));
                    check(&what, f, &[sample(&[2, 3, 4], form, -1.0..1.0, 26)]);
                }
            }
            Select::Clamp { .. } | Select::NanToNum { .. } => {
                for form in FORMS {
                    let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Select(op), &[&x[0]]));
                    check(&what, f, &[sample(&[3, 3], form, -2.0..2.0, 24)]);
                }
            }
        }
    }
}

#[test]
fn one_bound_and_numbers_for_tensors() {
    let x = || sample(&[3, 3], Form::Contiguous, -2.0..2.0, 25);
    check("clamp_min", |x| x[0].clamp_min(0.2), &[x()]);
    check("clamp_max", |x| x[0].clamp_max(0.2), &[x()]);
    let bounds =
        || [x(), sample(&[3], Form::Contiguous, -1.0..0.0, 26), sample(&[3, 1], Form::Contiguous, 0.0..1.0, 27)];
    check_each("clamp with tensors", |x| x[0].clamp(&x[1], &x[2]), &bounds());
    check(
        "clamp with a tensor",
        |x| x[0].clamp(-0.3, &x[2]) * x[0].clamp_min(&x[1]) * x[0].clamp_max(&x[2]),
        &bounds(),
    );
    let condition = mask(&[3, 3]);
    check("where with a number", |x| condition.where_(&x[0], 0.0), &[x()]);
    check("where with a number first", |x| condition.where_(0.0, &x[0]), &[x()]);
    // The bounds themselves are outside, as in PyTorch 2.15.
    let edge = Tensor::from_vec(vec![-1.0f64, 0.0, 1.0], [3], ops_cpu::cpu());
    let edge = autograd::Gradient::requires_grad_(&edge, true);
    assert_gradient(&edge, &edge.clamp(-1.0, 0.0), &[0.0; 3]);
    assert_gradient(&edge, &edge.clamp_min(0.0), &[0.0, 0.0, 1.0]);
    assert_gradient(&edge, &edge.clamp_max(0.0), &[1.0, 0.0, 0.0]);
}
