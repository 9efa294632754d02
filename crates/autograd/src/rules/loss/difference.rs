//! Derivatives of losses of differences: of the target they are the negatives of those of x.

use super::super::{Formula, Gradients, PullAll, Rule, rules};
use tensor_core::op::loss::{Difference, Penalty};
use tensor_core::op::{Loss, Reduction};
use tensor_core::{Op, Tensor, or_panic};

pub(super) fn rules(op: Loss) -> &'static [Rule] {
    match op {
        Loss::DifferenceGradient(_) => {
            const KEEPS: u8 = crate::kept::INPUT_0 | crate::kept::INPUT_1 | crate::kept::INPUT_2;
            &[Rule { keeps: KEEPS, formula: Formula::All(twice) }]
        }
        _ => rules![|g, a, b, op| gradient(own(op), g, a, b), |g, a, b, op| -gradient(own(op), g, a, b)],
    }
}

/// PyTorch's names of the loss's node and of its gradient's.
pub(super) fn name(penalty: Penalty) -> [&'static str; 2] {
    match penalty {
        Penalty::Square => ["MseLossBackward0", "MseLossBackwardBackward0"],
        Penalty::SmoothL1(_) => ["SmoothL1LossBackward0", "SmoothL1LossBackwardBackward0"],
        Penalty::Huber(_) => ["HuberLossBackward0", "HuberLossBackwardBackward0"],
    }
}

fn own(op: &Op) -> Difference {
    match op {
        Op::Loss(Loss::Difference(difference) | Loss::DifferenceGradient(difference)) => *difference,
        _ => unreachable!("the rules of losses of differences"),
    }
}

fn gradient(difference: Difference, g: &Tensor, x: &Tensor, target: &Tensor) -> Tensor {
    or_panic(Tensor::apply(Op::Loss(Loss::DifferenceGradient(difference)), &[g, x, target]))
}

/// The gradients of (g, x, target), h being that of x's gradient.
fn twice(pull: &PullAll<'_>) -> Gradients {
    let (own, h) = (own(pull.op), pull.g);
    let [g, x, target] =
        [crate::kept::INPUT_0, crate::kept::INPUT_1, crate::kept::INPUT_2].map(|bit| pull.kept.get(bit));
    // What one in place of g would give, element by element of the result.
    let of_g = pull.wanted[0].then(|| {
        let unit = or_panic(Tensor::try_full_on(g.shape(), 1, g.dtype(), g.device()));
        let products = h * gradient(own, &unit, x, target);
        if own.reduction == Reduction::None { products } else { products.sum() }
    });
    let d = x - target;
    let bend = match own.penalty {
        Penalty::Square => h * 2.0,
        Penalty::SmoothL1(beta) => (h / beta).masked_fill(&d.abs().ge(beta), 0.0),
        Penalty::Huber(delta) => h.masked_fill(&d.abs().gt(delta), 0.0),
    };
    let of_x = bend * g;
    let of_x = if own.reduction == Reduction::Mean { of_x / x.numel() as f64 } else { of_x };
    let of_target = pull.wanted[2].then(|| -&of_x);
    smallvec::smallvec![of_g, Some(of_x), of_target]
}
