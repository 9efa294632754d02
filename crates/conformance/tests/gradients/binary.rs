//! Functions of two elements, and of an element and a number.

use crate::samples::*;
use autograd::Gradient;
use std::ops::Range;
use tensor_core::op::Binary;
use tensor_core::{Op, Scalar, Tensor, or_panic};

/// Whether an operation's derivative is not to be seen by differences of both arguments.
fn is_special(op: Binary) -> bool {
    matches!(op, Binary::Nextafter | Binary::SpecialZeta)
}

/// Where to differentiate: ranges of the left and right operand; `None` for functions without a derivative.
fn ranges(op: Binary) -> Option<(Range<f64>, Range<f64>)> {
    match op {
        Binary::Add | Binary::Sub | Binary::Mul | Binary::Maximum | Binary::Minimum => Some((-2.0..2.0, -2.0..2.0)),
        Binary::Atan2 => Some((-2.0..2.0, 0.5..2.0)),
        Binary::Copysign | Binary::Fmax | Binary::Fmin | Binary::LogAddExp | Binary::LogAddExp2 => {
            Some((-2.0..2.0, -2.0..2.0))
        }
        Binary::Div => Some((-2.0..2.0, -2.0..-0.4)),
        Binary::Hypot => Some((-2.0..2.0, 0.5..2.0)),
        Binary::Xlogy => Some((-2.0..2.0, 0.5..2.0)),
        // The quotient stays between two whole numbers.
        Binary::FloorDivide | Binary::Fmod | Binary::Remainder => Some((3.8..4.3, -1.75..-1.55)),
        Binary::Pow => Some((0.5..2.0, -1.5..2.5)),
        Binary::Gcd | Binary::Heaviside | Binary::Lcm => None,
        Binary::BitwiseLeftShift | Binary::BitwiseRightShift => None,
        // A step to a neighbour is below what differences see, and of zeta only one argument has a derivative.
        Binary::Nextafter | Binary::SpecialZeta => None,
        Binary::BitwiseAnd | Binary::BitwiseOr | Binary::BitwiseXor => None,
        Binary::Eq | Binary::Ge | Binary::Gt | Binary::Le | Binary::Lt | Binary::Ne => None,
        Binary::LogicalAnd | Binary::LogicalOr | Binary::LogicalXor => None,
    }
}

fn is_for_bits(op: Binary) -> bool {
    use tensor_core::op::binary::Domain;
    matches!(op.domain(), Domain::Bits | Domain::Whole)
}

#[test]
fn every_binary_function_of_two_tensors() {
    let shapes: &[(&[usize], &[usize])] = &[
        (&[2, 3], &[2, 3]),
        (&[2, 3], &[3]),
        (&[2, 1], &[1, 3]),
        (&[], &[2, 2]),
        (&[3], &[]),
        (&[2, 1, 2], &[3, 1]),
        (&[0, 3], &[3]),
    ];
    for op in Binary::ALL {
        let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Binary(*op), &[&x[0], &x[1]]));
        let Some((left, right)) = ranges(*op) else {
            if !is_for_bits(*op) && !is_special(*op) {
                check_flat(op.name(), Tensor::apply(Op::Binary(*op), &[&any(&[2]), &any(&[2])]));
            }
            continue;
        };
        for (a, b) in shapes {
            let inputs =
                [sample(a, Form::Contiguous, left.clone(), 11), sample(b, Form::Contiguous, right.clone(), 12)];
            check_each(op.name(), f, &inputs);
        }
        for (first, second) in
            [(Form::Transposed, Form::Contiguous), (Form::Sliced, Form::Expanded), (Form::Transposed, Form::Transposed)]
        {
            let inputs = [sample(&[2, 3], first, left.clone(), 13), sample(&[2, 3], second, right.clone(), 14)];
            check(op.name(), f, &inputs);
        }
    }
}

#[test]
fn every_binary_function_with_a_number() {
    for op in Binary::ALL {
        for reversed in [false, true] {
            let apply = |x: &Tensor, number: f64| {
                Tensor::apply(Op::Scalar { op: *op, number: Scalar::Float(number), reversed }, &[x])
            };
            let what = format!("{} with a number, reversed: {reversed}", op.name());
            let Some((left, right)) = ranges(*op) else {
                if !is_for_bits(*op) && !is_special(*op) {
                    check_flat(&what, apply(&any(&[2]), 1.0));
                }
                continue;
            };
            let (own, other) = if reversed { (right, left) } else { (left, right) };
            let number = other.start * 0.4 + other.end * 0.6;
            for form in FORMS {
                check(&what, |x| or_panic(apply(&x[0], number)), &[sample(&[2, 3], form, own.clone(), 15)]);
            }
            check(&what, |x| or_panic(apply(&x[0], number)), &[sample(&[], Form::Contiguous, own, 16)]);
        }
    }
    // A quotient with the number on the left is composed.
    check("1 / x", |x| 1.0 / &x[0], &[sample(&[3], Form::Contiguous, 0.5..2.0, 17)]);
}

#[test]
fn operands_that_are_one_tensor() {
    for op in Binary::ALL {
        // Ties, quotients of one and the like have no derivative.
        if matches!(op, Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Pow | Binary::Atan2) {
            let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Binary(*op), &[&x[0], &x[0]]));
            check(op.name(), f, &[sample(&[3], Form::Contiguous, 0.5..2.0, 18)]);
        }
    }
}

#[test]
fn points_where_formulas_need_care() {
    let vector = |values: &[f64]| Tensor::from_vec(values.to_vec(), values.len(), ops_cpu::cpu()).requires_grad_(true);
    // Equal extremes share the gradient.
    let (a, b) = (vector(&[1.0, 2.0, 3.0]), vector(&[1.0, 5.0, -3.0]));
    assert_gradient(&a, &a.maximum(&b), &[0.5, 0.0, 1.0]);
    assert_gradient(&b, &a.maximum(&b), &[0.5, 1.0, 0.0]);
    assert_gradient(&a, &a.minimum(&b), &[0.5, 1.0, 0.0]);
    // Powers at zero.
    let (base, power) = (vector(&[0.0, 0.0, 0.0, 2.0]), vector(&[0.0, 1.0, 2.0, 0.0]));
    assert_gradient(&base, &base.pow(&power), &[0.0, 1.0, 0.0, 0.0]);
    assert_gradient(&power, &base.pow(&power), &[0.0, 0.0, 0.0, 2f64.ln()]);
    assert_gradient(&base, &base.pow(0), &[0.0; 4]);
    assert_gradient(&base, &base.pow(1), &[1.0; 4]);
    assert_gradient(&base, &base.pow(2), &[0.0, 0.0, 0.0, 4.0]);
    // The second derivative of x² is 2 also at zero.
    let x = vector(&[0.0, -1.5]);
    let options = autograd::GradOptions { create_graph: true, ..Default::default() };
    let first = autograd::grad_with(&[&x.pow(2).sum()], &[&x], options).unwrap().remove(0).unwrap();
    assert_gradient(&x, &first, &[2.0, 2.0]);
    check("powers of negative numbers", |x| x[0].pow(3), &[sample(&[3], Form::Contiguous, -2.0..-0.5, 19)]);
}

#[test]
fn neighbours_and_zeta() {
    let vector = |values: &[f64]| Tensor::from_vec(values.to_vec(), values.len(), ops_cpu::cpu()).requires_grad_(true);
    let (a, b) = (vector(&[1.0, 2.0]), vector(&[3.0, 1.0]));
    assert_gradient(&a, &a.nextafter(&b), &[1.0, 1.0]);
    assert_gradient(&b, &a.nextafter(&b), &[0.0, 0.0]);
    for n in 0..3 {
        check("polygamma", |x| x[0].polygamma(n), &[sample(&[5], Form::Contiguous, 0.6..3.0, 20)]);
    }
    let exponent = plain(&[3], Form::Contiguous, 2.0..3.0, 21);
    check("zeta", |x| exponent.special_zeta(&x[0]), &[sample(&[3], Form::Contiguous, 0.6..3.0, 22)]);
    // Kinks.
    assert_gradient(&a, &(&a - 1.0).copysign(-2.0), &[0.0, -1.0]);
    let zero = vector(&[0.0, 0.0, 2.0]);
    assert_gradient(&zero, &zero.xlogy(2.0), &[2f64.ln(); 3]);
    assert_gradient(&zero, &zero.sinc(), &[0.0, 0.0, 0.5]);
}
