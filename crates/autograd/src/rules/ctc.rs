//! The derivative of connectionist temporal classification. As in PyTorch, it has none itself.

use super::{Formula, Gradients, PullAll, Rule, rules};
use tensor_core::op::Ctc;
use tensor_core::{Error, ErrorKind, Op, Tensor, or_panic};

pub(super) fn rules(op: Ctc) -> &'static [Rule] {
    match op {
        Ctc::Loss { .. } => rules![|g, positions, op| gradient(op, g, positions)],
        Ctc::Gradient { .. } => &[Rule { keeps: 0, formula: Formula::All(twice) }],
    }
}

pub(super) fn name(op: Ctc) -> &'static str {
    match op {
        Ctc::Loss { .. } => "CtcLossBackward0",
        Ctc::Gradient { .. } => "CtcLossBackwardBackward0",
    }
}

fn gradient(op: &Op, g: &Tensor, kept: &[Tensor]) -> Tensor {
    let Op::Ctc(Ctc::Loss { blank, zero_infinity }) = *op else { unreachable!("the rule of the loss") };
    let inputs: Vec<&Tensor> = [g].into_iter().chain(kept).collect();
    or_panic(Tensor::apply(Op::Ctc(Ctc::Gradient { blank, zero_infinity }), &inputs))
}

fn twice(_: &PullAll<'_>) -> Gradients {
    let text = "derivative for aten::_ctc_loss_backward is not implemented";
    or_panic(Err(Error::new(ErrorKind::Unsupported, text.to_owned())))
}
