//! Derivatives of losses of answers to questions of yes or no. Weights have none, and targets of ±1 have none.

use super::super::{Formula, Gradients, PullAll, Rule, rules};
use tensor_core::op::loss::{Answer, Binary};
use tensor_core::op::{Loss, Reduction};
use tensor_core::{Op, Tensor, or_panic};

pub(super) fn rules(op: Loss) -> &'static [Rule] {
    match op {
        Loss::BinaryGradient(_) => {
            const KEEPS: u8 = crate::kept::INPUT_0 | crate::kept::POSITIONS;
            &[Rule { keeps: KEEPS, formula: Formula::All(twice) }]
        }
        _ => rules![|g, a, positions, op| gradient(own(op), g, a, positions), |g, a, positions, op| scaled(
            own(op),
            g,
            a,
            &positions[1..],
            of_target(own(op), a, positions)
        ),],
    }
}

/// PyTorch's names of the loss's node and of its gradient's. Of logits, it writes the gradient step by step and has no name for it.
pub(super) fn name(answer: Answer) -> [&'static str; 2] {
    match answer {
        Answer::Probability => ["BinaryCrossEntropyBackward0", "BinaryCrossEntropyBackwardBackward0"],
        Answer::Logit => ["BinaryCrossEntropyWithLogitsBackward0", "BinaryCrossEntropyWithLogitsBackwardBackward0"],
        Answer::Score => ["SoftMarginLossBackward0", "SoftMarginLossBackwardBackward0"],
    }
}

fn own(op: &Op) -> Binary {
    match op {
        Op::Loss(Loss::Binary(binary) | Loss::BinaryGradient(binary)) => *binary,
        _ => unreachable!("the rules of losses of answers"),
    }
}

/// `positions` are the target and the weights that there are.
fn gradient(own: Binary, g: &Tensor, x: &Tensor, positions: &[Tensor]) -> Tensor {
    let inputs: Vec<&Tensor> = [g, x].into_iter().chain(positions).collect();
    or_panic(Tensor::apply(Op::Loss(Loss::BinaryGradient(own)), &inputs))
}

/// A number in the shape of `like`.
fn filled(like: &Tensor, number: f64) -> Tensor {
    or_panic(Tensor::try_full_on(like.shape(), number, like.dtype(), like.device()))
}

/// A loss's derivative by something, with its weight, times the gradient of the result.
fn scaled(own: Binary, g: &Tensor, x: &Tensor, weights: &[Tensor], derivative: Tensor) -> Tensor {
    let all = match own.weights(weights).0 {
        Some(weight) => derivative * weight * g,
        None => derivative * g,
    };
    if own.reduction == Reduction::Mean { all / x.numel() as f64 } else { all }
}

/// The derivative of a loss by its target.
fn of_target(own: Binary, x: &Tensor, positions: &[Tensor]) -> Tensor {
    match (own.answer, own.weights(&positions[1..]).1) {
        (Answer::Probability, _) => (-x).log1p() - x.log(),
        (Answer::Logit, None) => -x,
        (Answer::Logit, Some(yes)) => (-x).logsigmoid() - yes * x.logsigmoid(),
        (Answer::Score, _) => filled(x, 0.0),
    }
}

/// A loss's second derivatives: by x twice, and by x and the target.
fn bends(own: Binary, x: &Tensor, positions: &[Tensor]) -> [Tensor; 2] {
    let target = &positions[0];
    match own.answer {
        Answer::Probability => {
            // What PyTorch adds here, and takes for x (1 − x) at least there.
            let (yes, no) = (x + 1e-12, 1.0 - x + 1e-12);
            let product = (x * (1.0 - x)).clamp_min(f64::from(1e-12f32));
            [(x * x - target * x * 2.0 + target) / (yes * no).square(), -product.reciprocal()]
        }
        Answer::Logit => {
            let p = x.sigmoid();
            let bend = &p * (1.0 - &p);
            match own.weights(&positions[1..]).1 {
                None => [bend, filled(x, -1.0)],
                Some(yes) => [bend * ((yes - 1.0) * target + 1.0), (yes - 1.0) * p - yes],
            }
        }
        Answer::Score => {
            let p = (target * x).sigmoid();
            [target.square() * &p * (1.0 - &p), filled(x, 0.0)]
        }
    }
}

/// The gradients of (g, x, target[, …]), h being that of x's gradient.
fn twice(pull: &PullAll<'_>) -> Gradients {
    let (own, h) = (own(pull.op), pull.g);
    let g = pull.kept.get(crate::kept::INPUT_0);
    let [x, positions @ ..] = pull.kept.positions() else { unreachable!("all inputs are kept") };
    // What one in place of g would give, element by element of the result.
    let of_g = pull.wanted[0].then(|| {
        let products = h * gradient(own, &filled(g, 1.0), x, positions);
        if own.reduction == Reduction::None { products } else { products.sum() }
    });
    let pulled = |derivative: Tensor| scaled(own, g, x, &positions[1..], h * derivative);
    let [of_x, of_target] = bends(own, x, positions);
    smallvec::smallvec![of_g, Some(pulled(of_x)), pull.wanted[2].then(|| pulled(of_target))]
}
