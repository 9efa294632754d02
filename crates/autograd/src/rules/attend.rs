//! Derivatives of attention: one pass over blocks of queries finds all gradients. Where they shall have derivatives themselves, the
//! same is written in products of whole matrices.

use super::{Formula, Gradients, PullAll, Rule};
use tensor_core::compose::attention;
use tensor_core::op::Attend;
use tensor_core::{Op, Tensor, mode, or_panic};

pub(super) fn rules(op: Attend) -> &'static [Rule] {
    match op {
        Attend::Forward(_) => {
            &[Rule { keeps: crate::kept::POSITIONS | crate::kept::OUTPUT, formula: Formula::All(forward) }]
        }
        // Never recorded.
        Attend::Backward(_) => &[],
    }
}

pub(super) fn name(op: Attend) -> &'static str {
    match op {
        Attend::Forward(_) | Attend::Backward(_) => "ScaledDotProductFlashAttentionForCpuBackward0",
    }
}

/// The gradients of (query, key, value[, mask]).
fn forward(pull: &PullAll<'_>) -> Gradients {
    let Op::Attend(Attend::Forward(scores)) = *pull.op else { unreachable!("the rule of attention") };
    let [query, key, value, mask @ ..] = pull.kept.positions() else { unreachable!("all inputs are kept") };
    let g = pull.g;
    if mode::is_recording() {
        let weights = or_panic(attention::weights(query, key, mask.first(), scores));
        let pulled = g.matmul(&value.mt());
        let of_scores = &weights * (&pulled - (&pulled * &weights).sum_dim(-1, true)) * scores.scale;
        let (of_query, of_key) = (of_scores.matmul(key), of_scores.mt().matmul(query));
        return smallvec::smallvec![Some(of_query), Some(of_key), Some(weights.mt().matmul(g))];
    }
    let y = pull.kept.get(crate::kept::OUTPUT);
    let inputs: Vec<&Tensor> = [g, y, query, key, value].into_iter().chain(mask).collect();
    let all = or_panic(Tensor::apply(Op::Attend(Attend::Backward(scores)), &inputs));
    let mut start = 0;
    let mut part = |x: &Tensor| {
        let part = all.narrow(0, start, x.numel()).view(x.shape());
        start += x.numel() as i64;
        Some(part)
    };
    smallvec::smallvec![part(query), part(key), part(value)]
}
