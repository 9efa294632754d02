//! Normalizations: softmax along every dimension, standardizing over every kind of group, and their derivatives' derivatives.

use crate::samples::*;
use tensor_core::op::Norm;
use tensor_core::op::norm::{BatchNorm, Over, Standard};
use tensor_core::{Op, Tensor, or_panic};

const ROWS: Standard = Standard { over: Over::Trailing(1), eps: 0.1, centred: true, weighted: true, given: false };

/// One operation of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Norm; 9] = [
    Norm::Softmax { dim: 1 },
    Norm::LogSoftmax { dim: 1 },
    Norm::SoftmaxBackward { dim: 1 },
    Norm::LogSoftmaxBackward { dim: 1 },
    Norm::Standard(ROWS),
    Norm::StandardInput(ROWS),
    Norm::StandardWeight(ROWS),
    Norm::StandardAll(ROWS),
    Norm::Moments,
];

fn run(op: Norm) -> impl Fn(&[Tensor]) -> Tensor {
    move |x| or_panic(Tensor::apply(Op::Norm(op), &x.iter().collect::<Vec<_>>()))
}

#[test]
fn every_normalization() {
    for op in KINDS {
        let what = format!("{op:?}");
        for form in FORMS {
            let x = sample(&[2, 3, 2], form, -1.0..1.0, 71);
            let g = sample(&[2, 3, 2], form, -1.0..1.0, 72);
            match op {
                Norm::Softmax { .. } | Norm::LogSoftmax { .. } => {
                    for dim in 0..3 {
                        match op {
                            Norm::Softmax { .. } => check(&what, run(Norm::Softmax { dim }), &[x.clone()]),
                            _ => check(&what, run(Norm::LogSoftmax { dim }), &[x.clone()]),
                        }
                    }
                }
                Norm::SoftmaxBackward { .. } | Norm::LogSoftmaxBackward { .. } => check_each(&what, run(op), &[g, x]),
                Norm::Standard(standard) => each_group(standard, |standard, weight| {
                    check_each(&what, run(Norm::Standard(standard)), &[x.clone(), any(weight), any(weight)]);
                    check_each(&what, run(Norm::Standard(standard)), &[x.clone(), any(weight)]);
                    let plain = Standard { weighted: false, ..standard };
                    check(&what, run(Norm::Standard(plain)), &[x.clone()]);
                }),
                Norm::StandardInput(standard) => each_group(standard, |standard, weight| {
                    check_each(&what, run(Norm::StandardInput(standard)), &[g.clone(), x.clone(), any(weight)]);
                    let plain = Standard { weighted: false, ..standard };
                    check_each(&what, run(Norm::StandardInput(plain)), &[g.clone(), x.clone()]);
                }),
                Norm::StandardWeight(standard) => each_group(standard, |standard, _| {
                    check_each(&what, run(Norm::StandardWeight(standard)), &[g.clone(), x.clone()]);
                }),
                Norm::StandardAll(_) => check_flat(&what, Tensor::apply(Op::Norm(op), &[&g, &x, &any(&[2])])),
                Norm::Moments => check_flat(&what, Tensor::apply(Op::Norm(op), &[&x])),
            }
        }
    }
}

/// Every way of forming groups of a [2, 3, 2] tensor, with the shape of its weight.
fn each_group(standard: Standard, mut with: impl FnMut(Standard, &[usize])) {
    for centred in [true, false] {
        let standard = Standard { centred, ..standard };
        with(standard, &[2]);
        with(Standard { over: Over::Trailing(2), ..standard }, &[3, 2]);
        with(Standard { over: Over::Trailing(3), ..standard }, &[2, 3, 2]);
    }
    with(Standard { over: Over::Groups(1), ..standard }, &[3]);
    with(Standard { over: Over::Groups(3), ..standard }, &[3]);
    with(Standard { over: Over::Channels, ..standard }, &[3]);
}

#[test]
fn as_users_call_them() {
    let parameters = |x: &[Tensor]| (x[1].clone(), x[2].clone());
    let inputs = || [any(&[4, 3]), any(&[3]), any(&[3])];
    check_each("layer_norm", |x| x[0].layer_norm(3, Some(&x[1]), Some(&x[2]), 1e-2), &inputs());
    check("layer_norm, bias alone", |x| x[0].layer_norm(3, None, Some(&x[1]), 1e-2), &inputs()[..2]);
    check_each("rms_norm", |x| x[0].rms_norm(3, Some(&x[1]), Some(1e-2)), &inputs()[..2]);
    check_each("group_norm", |x| x[0].group_norm(1, Some(&x[1]), Some(&x[2]), 1e-2), &inputs());
    for training in [true, false] {
        let f = |x: &[Tensor]| {
            let (weight, bias) = parameters(x);
            let options =
                BatchNorm { weight: Some(&weight), bias: Some(&bias), training, eps: 1e-2, ..BatchNorm::default() };
            let mean = Tensor::from_vec(vec![0.5f64, -0.5, 0.0], [3], ops_cpu::cpu());
            x[0].batch_norm(Some(&mean), Some(&(&mean + 1.0)), options)
        };
        check_each("batch_norm of vectors", f, &inputs());
        check_each("batch_norm", f, &[any(&[2, 3, 2]), any(&[3]), any(&[3])]);
    }
    let f = |x: &[Tensor]| {
        let options = BatchNorm { weight: Some(&x[1]), training: true, eps: 1e-2, ..BatchNorm::default() };
        x[0].instance_norm(None, None, options)
    };
    check_each("instance_norm", f, &[any(&[2, 3, 3]), any(&[3])]);
    check("softmax of a number", |x| x[0].softmax(0), &[any(&[])]);
    check("log_softmax of a number", |x| x[0].log_softmax(0), &[any(&[])]);
}
