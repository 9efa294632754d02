//! Functions of each element.

use crate::samples::*;
use tensor_core::op::unary::{Domain, Unary};
use tensor_core::{Op, Tensor, or_panic};

#[test]
fn every_unary_function() {
    for op in Unary::ALL {
        let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Unary(*op), &[&x[0]]));
        match op.domain() {
            Domain::Number | Domain::Any | Domain::Float => {
                for form in FORMS {
                    check(op.name(), f, &[sample(&[2, 3], form, op.samples(), 1)]);
                }
                check(op.name(), f, &[sample(&[], Form::Contiguous, op.samples(), 2)]);
                check(op.name(), f, &[sample(&[0, 3], Form::Contiguous, op.samples(), 3)]);
            }
            Domain::Test => check_flat(op.name(), Tensor::apply(Op::Unary(*op), &[&any(&[2])])),
            // Of whole numbers there is no derivative to ask for.
            Domain::Bits => assert!(Tensor::apply(Op::Unary(*op), &[&any(&[2])]).is_err()),
        }
    }
}

#[test]
fn both_sides_of_kinks() {
    let x = |values: Vec<f64>| Tensor::from_vec(values.clone(), values.len(), ops_cpu::cpu());
    use autograd::Gradient;
    let z = x(vec![-1.5, 0.0, 2.0]).requires_grad_(true);
    assert_gradient(&z, &z.relu(), &[0.0, 0.0, 1.0]);
    assert_gradient(&z, &z.abs(), &[-1.0, 0.0, 1.0]);
    assert_gradient(&z, &z.sign(), &[0.0; 3]);
    check("relu below zero", |x| x[0].relu(), &[sample(&[4], Form::Contiguous, -2.0..-0.1, 4)]);
    check("frac above zero", |x| x[0].frac(), &[sample(&[4], Form::Contiguous, 1.1..1.9, 4)]);
}
