//! Connectionist temporal classification, whose first derivative is PyTorch's behind a `log_softmax`, and whose second one is refused.

use crate::samples::*;
use autograd::{Tolerance, gradcheck};
use std::panic::AssertUnwindSafe;
use tensor_core::op::{CtcLoss, Reduction};

#[test]
fn every_reduction() {
    let x = any(&[5, 3, 4]);
    let rows = positions(&[1, 2, 1, 3, 3, 1, 2, 0, 0], &[3, 3]);
    let joined = positions(&[1, 2, 1, 3, 3, 2], &[6]);
    let (inputs, lengths) = (positions(&[5, 4, 3], &[3]), positions(&[3, 2, 1], &[3]));
    for reduction in [Reduction::None, Reduction::Mean, Reduction::Sum] {
        for (blank, targets) in [(0, &rows), (0, &joined)] {
            let options = CtcLoss { blank, reduction, zero_infinity: false };
            let f = |x: &[tensor_core::Tensor]| x[0].log_softmax(2).ctc_loss(targets, &inputs, &lengths, options);
            gradcheck(f, &[x.clone()], Tolerance::default()).unwrap();
        }
    }
}

#[test]
fn impossible_labels_have_no_gradient_where_they_count_as_zero() {
    let x = any(&[2, 1, 3]);
    let (targets, two) = (positions(&[1, 1], &[1, 2]), positions(&[2], &[1]));
    let options = CtcLoss { reduction: Reduction::Sum, zero_infinity: true, ..CtcLoss::default() };
    let loss = x.log_softmax(2).ctc_loss(&targets, &two, &two, options);
    assert_eq!(loss.detach().item::<f64>(), 0.0);
    assert_gradient(&x, &loss, &[0.0; 6]);
    let infinite = x.detach().log_softmax(2).ctc_loss(&targets, &two, &two, CtcLoss::default());
    assert_eq!(infinite.item::<f64>(), f64::INFINITY);
}

#[test]
fn the_second_derivative_is_refused() {
    let x = any(&[2, 1, 3]);
    let (targets, one, two) = (positions(&[1], &[1, 1]), positions(&[1], &[1]), positions(&[2], &[1]));
    let loss = x.log_softmax(2).ctc_loss(&targets, &two, &one, CtcLoss::default());
    let options = autograd::GradOptions { create_graph: true, ..autograd::GradOptions::default() };
    let first = autograd::grad_with(&[&loss], &[&x], options).unwrap().remove(0).unwrap();
    assert!(std::panic::catch_unwind(AssertUnwindSafe(|| autograd::grad(&[&first.sum()], &[&x]))).is_err());
}
