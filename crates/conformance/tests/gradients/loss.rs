//! Losses of differences against the same step by step.

use crate::samples::*;
use autograd::Gradient;
use tensor_core::Tensor;
use tensor_core::compose::loss::regression::composed;
use tensor_core::op::Reduction;
use tensor_core::op::loss::Penalty;

const PENALTIES: [Penalty; 3] = [Penalty::Square, Penalty::SmoothL1(0.3), Penalty::Huber(0.4)];
const REDUCTIONS: [Reduction; 3] = [Reduction::None, Reduction::Mean, Reduction::Sum];

fn fused(penalty: Penalty, x: &Tensor, target: &Tensor, reduction: Reduction) -> Tensor {
    match penalty {
        Penalty::Square => x.mse_loss(target, reduction),
        Penalty::SmoothL1(beta) => x.smooth_l1_loss(target, reduction, beta),
        Penalty::Huber(delta) => x.huber_loss(target, reduction, delta),
    }
}

#[test]
fn losses_of_differences_are_what_they_are_step_by_step() {
    // One piece, several pieces, and operands that lie across or broadcast.
    let shapes: [[&[usize]; 2]; 4] = [[&[3, 5], &[3, 5]], [&[200, 211], &[200, 211]], [&[4, 3], &[3]], [&[1], &[2, 3]]];
    for (penalty, reduction) in PENALTIES.into_iter().flat_map(|p| REDUCTIONS.map(|r| (p, r))) {
        for [a, b] in shapes {
            let of = |f: &dyn Fn(&Tensor, &Tensor) -> Tensor| {
                let [x, target] = [any(a), any(b) * 0.7].map(|x| x.detach().requires_grad_(true));
                let y = f(&x, &target);
                let factors: Vec<usize> = y.shape().to_vec();
                (&y * any(&factors)).sum().backward();
                [y.detach(), x.grad().expect("a gradient"), target.grad().expect("a gradient")]
            };
            let found = of(&|x, target| fused(penalty, x, target, reduction));
            let expected = of(&|x, target| composed(x, target, penalty, reduction).expect("fitting shapes"));
            for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
                assert_eq!(found.shape(), expected.shape());
                let scale = expected.abs().max().item::<f64>().max(1.0);
                let worst = (found - expected).abs().max().item::<f64>() / scale;
                assert!(worst < 1e-12, "{penalty:?}, {reduction:?}, {a:?} and {b:?}: {i} is off by {worst:e}");
            }
        }
    }
}

#[test]
fn losses_of_differences_have_both_derivatives() {
    for (penalty, reduction) in PENALTIES.into_iter().flat_map(|p| REDUCTIONS.map(|r| (p, r))) {
        let f = |x: &[Tensor]| fused(penalty, &x[0], &x[1], reduction);
        let inputs = [any(&[2, 3]), any(&[2, 3]) * 0.45 + 0.1].map(|x| x.detach().requires_grad_(true));
        check_each(&format!("{penalty:?}, {reduction:?}"), f, &inputs);
    }
}

#[test]
fn losses_of_differences_go_by_pytorchs_names() {
    let x = any(&[3]).requires_grad_(true);
    let names = PENALTIES.map(|penalty| {
        let y = fused(penalty, &x, &any(&[3]).detach(), Reduction::Mean);
        y.grad_fn().expect("a node").name().into_owned()
    });
    assert_eq!(names, ["MseLossBackward0", "SmoothL1LossBackward0", "HuberLossBackward0"]);
}

#[test]
fn differences_that_are_no_numbers_stay_what_they_are() {
    let x = |values: [f64; 3]| Tensor::from_vec(values.to_vec(), [3], ops_cpu::cpu());
    let (strange, zeros) = (x([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]), x([0.0; 3]));
    for penalty in PENALTIES {
        let x = strange.detach().requires_grad_(true);
        let y = fused(penalty, &x, &zeros, Reduction::None);
        let values = y.detach().to_vec::<f64>();
        assert!(values[0].is_nan() && values[1..] == [f64::INFINITY; 2], "{penalty:?}: {values:?}");
        y.sum().backward();
        assert!(x.grad().expect("a gradient").to_vec::<f64>()[0].is_nan(), "{penalty:?}");
    }
}
