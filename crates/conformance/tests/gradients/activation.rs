//! Activations.

use crate::samples::*;
use tensor_core::op::activation::{Activation, Approximate, Curve};
use tensor_core::{Op, Tensor, or_panic};

/// Every curve, also with other parameters than the table's.
fn curves() -> Vec<Curve> {
    let more = [
        Curve::Celu { alpha: 0.7 },
        Curve::Elu { alpha: -0.6 },
        Curve::Gelu { approximate: Approximate::Tanh },
        Curve::LeakyRelu { negative_slope: -0.4 },
        Curve::Logit { eps: Some(0.2) },
        Curve::Softplus { beta: 2.5, threshold: 3.0 },
    ];
    Curve::SAMPLES.iter().copied().chain(more).collect()
}

#[test]
fn every_curve() {
    for curve in curves() {
        let range = if matches!(curve, Curve::Logit { .. }) { 0.05..0.95 } else { -3.4..3.4 };
        let what = format!("{curve:?}");
        let f = |x: &[Tensor]| or_panic(Tensor::apply(Op::Activation(Activation { curve, backward: false }), &[&x[0]]));
        for form in FORMS {
            check(&what, f, &[sample(&[3, 4], form, range.clone(), 91)]);
        }
        check(&what, f, &[sample(&[], Form::Contiguous, range.clone(), 92)]);
        check(&what, f, &[sample(&[0, 3], Form::Contiguous, range.clone(), 93)]);
        // The gradient's own kernel, as a function of both of its inputs.
        let f = |x: &[Tensor]| {
            or_panic(Tensor::apply(Op::Activation(Activation { curve, backward: true }), &[&x[0], &x[1]]))
        };
        for form in FORMS {
            check_each(&what, f, &[any(&[3, 4]), sample(&[3, 4], form, range.clone(), 94)]);
        }
        check_each(&what, f, &[any(&[4]), sample(&[3, 1], Form::Contiguous, range, 95)]);
    }
}

#[test]
fn in_place() {
    check("elu_", |x| x[0].sin().elu_(1.5) * &x[0], &[any(&[2, 3])]);
    check("leaky_relu_", |x| x[0].sin().leaky_relu_(0.1) * &x[0], &[any(&[2, 3])]);
}
