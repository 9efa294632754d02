//! Derivatives of losses. Of classes, the gradient is linear in that of the result, and of logits it is a multiple of their softmax in
//! each row, less as much at the target.

mod binary;
mod difference;

use super::{Formula, Gradients, PullAll, Rule, rules};
use tensor_core::op::loss::Classes;
use tensor_core::op::{Loss, Reduction};
use tensor_core::{Op, Tensor, or_panic};

pub(super) fn rules(op: Loss) -> &'static [Rule] {
    match op {
        Loss::Classes(_) => rules![|g, a, positions, op| gradient(own(op), g, a, positions), |_g, input| input.zeros()],
        Loss::ClassesGradient(_) => {
            const KEEPS: u8 = crate::kept::INPUT_0 | crate::kept::POSITIONS;
            &[Rule { keeps: KEEPS, formula: Formula::All(twice) }]
        }
        Loss::Difference(_) | Loss::DifferenceGradient(_) => difference::rules(op),
        Loss::Binary(_) | Loss::BinaryGradient(_) => binary::rules(op),
    }
}

pub(super) fn name(op: Loss) -> &'static str {
    match op {
        Loss::Classes(_) => "NllLossBackward0",
        Loss::ClassesGradient(_) => "NllLossBackwardBackward0",
        Loss::Difference(difference) => difference::name(difference.penalty)[0],
        Loss::DifferenceGradient(difference) => difference::name(difference.penalty)[1],
        Loss::Binary(binary) => binary::name(binary.answer)[0],
        Loss::BinaryGradient(binary) => binary::name(binary.answer)[1],
    }
}

fn own(op: &Op) -> Classes {
    match op {
        Op::Loss(Loss::Classes(classes) | Loss::ClassesGradient(classes)) => *classes,
        _ => unreachable!("the rules of losses of classes"),
    }
}

/// `positions` are the target and, where there is one, the weight.
fn gradient(classes: Classes, g: &Tensor, x: &Tensor, positions: &[Tensor]) -> Tensor {
    let inputs: Vec<&Tensor> = [g, x].into_iter().chain(positions).collect();
    or_panic(Tensor::apply(Op::Loss(Loss::ClassesGradient(classes)), &inputs))
}

/// The gradients of (g, x, target[, weight]), h being that of x's gradient.
fn twice(pull: &PullAll<'_>) -> Gradients {
    let (classes, h) = (own(pull.op), pull.g);
    let g = pull.kept.get(crate::kept::INPUT_0);
    let [x, others @ ..] = pull.kept.positions() else { unreachable!("all inputs are kept") };
    let dim = (x.ndim() > 1) as i64;
    // What one in place of g would give, element by element of the result.
    let of_g = pull.wanted[0].then(|| {
        let unit = or_panic(Tensor::try_full_on(g.shape(), 1, g.dtype(), g.device()));
        let products = h * gradient(classes, &unit, x, others);
        if classes.reduction == Reduction::None { products.sum_dim(dim, false) } else { products.sum() }
    });
    let of_x = pull.wanted[1].then(|| {
        if !classes.logits {
            return or_panic(Tensor::try_full_on(x.shape(), 0, x.dtype(), x.device()));
        }
        // The factor of a row's softmax is what stands, negative, at the target's place for log-probabilities.
        let factor = -gradient(Classes { logits: false, ..classes }, g, x, others).sum_dim(dim, true);
        let p = x.softmax(dim);
        factor * &p * (h - (h * &p).sum_dim(dim, true))
    });
    smallvec::smallvec![of_g, of_x]
}
