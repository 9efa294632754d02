//! Losses of answers to questions of yes or no, against the same step by step, and where PyTorch's gradient is not that of the
//! formula.

use crate::samples::*;
use autograd::Gradient;
use tensor_core::compose::loss::binary::composed;
use tensor_core::op::loss::Answer;
use tensor_core::op::{BceWithLogits, Reduction};
use tensor_core::{DType, Tensor};

#[test]
fn probabilities_of_exactly_zero_and_one() {
    let x = |values: &[f64]| Tensor::from_vec(values.to_vec(), values.len(), ops_cpu::cpu());
    let p = x(&[0.0, 0.0, 1.0, 1.0, 0.5, 1e-13]).requires_grad_(true);
    let target = x(&[0.0, 1.0, 0.0, 1.0, 0.2, 1.0]);
    let losses = p.binary_cross_entropy(&target, None, Reduction::None);
    assert_eq!(losses.detach().to_vec::<f64>()[..4], [0.0, 100.0, 100.0, 0.0]);
    // PyTorch's: (x − t) over x (1 − x), which counts as at least 10⁻¹² as single precision has it.
    let least = f64::from(1e-12f32);
    assert_gradient(&p, &losses, &[0.0, -1.0 / least, 1.0 / least, 0.0, 1.2, (1e-13 - 1.0) / least]);
}

#[test]
fn second_derivatives_at_the_ends_are_pytorchs() {
    // What PyTorch gives for the target 0.25: the gradient of x, and its derivatives by x and by the target.
    let expected = [
        (0.0, [-250000000998.9507, 2.4999999999949997e23, -1000000000000.0]),
        (1.0, [750000002996.852, 7.499999999985e23, -1000000000000.0]),
        (1e-14, [-250000000998.9407, 2.4507401235124002e23, -1000000000000.0]),
        (0.3, [0.23809523809523805, 4.308390022634707, -4.761904761904762]),
    ];
    for (at, expected) in expected {
        let [x, t] = [at, 0.25].map(|v| Tensor::from_vec(vec![v], [1], ops_cpu::cpu()).requires_grad_(true));
        let options = autograd::GradOptions { create_graph: true, ..autograd::GradOptions::default() };
        let loss = x.binary_cross_entropy(&t, None, Reduction::Sum);
        let slope = autograd::grad_with(&[&loss], &[&x], options).expect("a graph").remove(0).expect("a gradient");
        let bends = autograd::grad(&[&slope], &[&x, &t]);
        let found = [&slope, &bends[0], &bends[1]].map(|x| x.item::<f64>());
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-8, "at {at}: {found} instead of {expected}");
        }
    }
}

const ANSWERS: [Answer; 3] = [Answer::Probability, Answer::Logit, Answer::Score];
const REDUCTIONS: [Reduction; 3] = [Reduction::None, Reduction::Mean, Reduction::Sum];

/// An answer and a target that fit, from any numbers.
fn operands(answer: Answer, x: &Tensor, target: &Tensor) -> [Tensor; 2] {
    match answer {
        Answer::Probability => [x.sigmoid(), target.sigmoid()],
        Answer::Logit => [x * 4.0, target.sigmoid()],
        Answer::Score => [x * 4.0, target.detach().sign()],
    }
}

fn fused(
    answer: Answer,
    x: &Tensor,
    target: &Tensor,
    [weight, pos_weight]: [Option<&Tensor>; 2],
    reduction: Reduction,
) -> Tensor {
    match answer {
        Answer::Probability => x.binary_cross_entropy(target, weight, reduction),
        Answer::Logit => x.binary_cross_entropy_with_logits(target, BceWithLogits { weight, reduction, pos_weight }),
        Answer::Score => x.soft_margin_loss(target, reduction),
    }
}

/// Which weights a loss can have.
fn weights<'a>(answer: Answer, weight: &'a Tensor, yes: &'a Tensor) -> Vec<[Option<&'a Tensor>; 2]> {
    let all = [[None, None], [Some(weight), None], [None, Some(yes)], [Some(weight), Some(yes)]];
    let count = match answer {
        Answer::Score => 1,
        Answer::Probability => 2,
        Answer::Logit => 4,
    };
    all[..count].to_vec()
}

/// The loss, and the gradients of x and of the target.
fn pulled(dtype: DType, sizes: &[usize], f: impl Fn(&Tensor, &Tensor) -> Tensor) -> Vec<Option<Tensor>> {
    let [x, target] = [any(sizes), any(sizes) * 0.7].map(|x| x.detach().to_dtype(dtype).requires_grad_(true));
    let y = f(&x, &target);
    let factors: Vec<usize> = y.shape().to_vec();
    (&y * any(&factors).to_dtype(dtype)).sum().backward();
    vec![Some(y.detach()), x.grad(), target.grad()]
}

#[test]
fn losses_of_answers_are_what_they_are_step_by_step() {
    // One piece and several, and weights that broadcast.
    for (answer, reduction) in ANSWERS.into_iter().flat_map(|a| REDUCTIONS.map(|r| (a, r))) {
        for sizes in [&[3, 5][..], &[170, 201], &[]] {
            let last = sizes.last().copied().unwrap_or(1);
            let (weight, yes) =
                (any(&sizes[sizes.len().min(1)..]).detach().abs(), any(&[last][..sizes.len().min(1)]).detach().abs());
            for (dtype, bound) in [(DType::F64, 1e-12), (DType::F32, 2e-5)] {
                let [weight, yes] = [&weight, &yes].map(|w| w.to_dtype(dtype));
                for weights in weights(answer, &weight, &yes) {
                    let found = pulled(dtype, sizes, |x, target| {
                        let [x, target] = operands(answer, x, target);
                        fused(answer, &x, &target, weights, reduction)
                    });
                    let expected = pulled(dtype, sizes, |x, target| {
                        let [x, target] = operands(answer, x, target);
                        composed(&x, &target, answer, weights[0], weights[1], reduction).expect("fitting shapes")
                    });
                    for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
                        assert_eq!(found.is_some(), expected.is_some(), "{answer:?}: {i}");
                        let (Some(found), Some(expected)) = (found, expected) else { continue };
                        assert_eq!(found.shape(), expected.shape());
                        let scale = expected.abs().max().item::<f64>().max(1.0);
                        let worst = (found - expected).abs().max().item::<f64>() / scale;
                        let which = weights.map(|w| w.is_some());
                        assert!(
                            worst < bound,
                            "{answer:?}, {reduction:?}, weights {which:?}, {sizes:?}: {i} is off by {worst:e}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn halves_are_rounded_once() {
    for answer in ANSWERS {
        let [x, target] = operands(answer, &any(&[40]).detach(), &any(&[40]).detach()).map(|x| x.to_dtype(DType::F16));
        let found = fused(answer, &x, &target, [None, None], Reduction::None);
        let wide = fused(answer, &x.to_dtype(DType::F32), &target.to_dtype(DType::F32), [None, None], Reduction::None);
        assert_eq!(found.dtype(), DType::F16);
        assert_eq!(
            found.to_dtype(DType::F32).to_vec::<f32>(),
            wide.to_dtype(DType::F16).to_dtype(DType::F32).to_vec::<f32>()
        );
    }
}

#[test]
fn losses_of_answers_have_both_derivatives() {
    let (weight, yes) = (any(&[2, 3]).detach().abs() + 0.1, any(&[3]).detach().abs() + 0.1);
    for (answer, reduction) in ANSWERS.into_iter().flat_map(|a| REDUCTIONS.map(|r| (a, r))) {
        for weights in weights(answer, &weight, &yes) {
            let inputs = operands(answer, &any(&[2, 3]).detach(), &any(&[2, 3]).detach());
            let (target, watched) = (&inputs[1], if answer == Answer::Score { 1 } else { 2 });
            let f = |x: &[Tensor]| fused(answer, &x[0], x.get(1).unwrap_or(target), weights, reduction);
            let watched: Vec<Tensor> = inputs[..watched].iter().map(|x| x.detach().requires_grad_(true)).collect();
            check_each(&format!("{answer:?}, {reduction:?}, {:?}", weights.map(|w| w.is_some())), f, &watched);
        }
    }
}

#[test]
fn losses_of_answers_go_by_pytorchs_names() {
    let names = ANSWERS.map(|answer| {
        let [x, target] = operands(answer, &any(&[3]).detach(), &any(&[3]).detach());
        let y = fused(answer, &x.requires_grad_(true), &target, [None, None], Reduction::Mean);
        y.grad_fn().expect("a node").name().into_owned()
    });
    assert_eq!(
        names,
        ["BinaryCrossEntropyBackward0", "BinaryCrossEntropyWithLogitsBackward0", "SoftMarginLossBackward0"]
    );
}
