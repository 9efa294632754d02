//! Losses of answers to questions of yes or no, each in one operation, and the same step by step.

use super::Reduction;
use crate::op::Loss;
use crate::op::loss::{Answer, Binary};
use crate::{Op, Result, Tensor, bail, mode, shape};

/// Says no to what PyTorch gives no derivative for.
fn fixed(answer: Answer, name: &str, x: &Tensor) -> Result<Tensor> {
    if mode::is_recording() && x.is_tracked() {
        let function = match answer {
            Answer::Probability => "binary_cross_entropy",
            Answer::Logit => "binary_cross_entropy_with_logits",
            Answer::Score => "soft_margin_loss",
        };
        bail!(
            Autograd,
            "The function '{function}' is not differentiable with respect to argument '{name}'. This input cannot have \
             requires_grad True."
        );
    }
    Ok(x.detach())
}

/// That a weight's shape broadcasts with the target's, in the words of `torch.broadcast_shapes`.
fn meet(target: &[usize], weight: &[usize]) -> Result<()> {
    for (back, (own, other)) in target.iter().rev().zip(weight.iter().rev()).enumerate() {
        if *own != 1 && *other != 1 && own != other {
            let place = back + 1;
            bail!(
                Shape,
                "Attempting to broadcast a dimension of length {other} at -{place}! Mismatching argument at index 1 had \
                 torch.Size({weight:?}); but expected shape should be broadcastable to {target:?}"
            );
        }
    }
    Ok(())
}

/// The losses in one operation, or step by step where that has nothing to offer: whole numbers, no elements.
pub(super) fn loss(
    x: &Tensor,
    target: &Tensor,
    answer: Answer,
    weight: Option<&Tensor>,
    pos_weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    let target = &if answer == Answer::Score { fixed(answer, "target", target)? } else { target.clone() };
    let sizes = shape::broadcast(x.shape(), target.shape())?;
    let dtype = x.dtype().promote_ranked(x.ndim(), target.dtype(), target.ndim());
    let fitting = |x: &Tensor| {
        let x = x.try_to_dtype(dtype)?;
        if x.shape()[..] == sizes[..] { Ok(x) } else { x.try_expand(sizes.clone()) }
    };
    let weighing = |name: &str, weight: Option<&Tensor>| -> Result<Option<Tensor>> {
        let Some(weight) = weight else { return Ok(None) };
        let weight = fixed(answer, name, weight)?;
        if answer == Answer::Probability {
            meet(&sizes, weight.shape())?;
        }
        let all = shape::broadcast(&sizes, weight.shape())?;
        if all[..] != sizes[..] {
            bail!(Shape, "output with shape {sizes:?} doesn't match the broadcast shape {all:?}");
        }
        Ok(Some(fitting(&weight)?))
    };
    let (weight, pos_weight) = (weighing("weight", weight)?, weighing("pos_weight", pos_weight)?);
    if !dtype.is_floating_point() || sizes.iter().product::<usize>() == 0 || reduction == Reduction::BatchMean {
        return composed(x, target, answer, weight.as_ref(), pos_weight.as_ref(), reduction);
    }
    let own = Binary { answer, weight: weight.is_some(), pos_weight: pos_weight.is_some(), reduction };
    let (x, target) = (fitting(x)?, fitting(target)?);
    let inputs: Vec<&Tensor> = [&x, &target].into_iter().chain(&weight).chain(&pos_weight).collect();
    Tensor::apply(Op::Loss(Loss::Binary(own)), &inputs)
}

/// What the operation computes, in operations that have all derivatives.
pub fn composed(
    x: &Tensor,
    target: &Tensor,
    answer: Answer,
    weight: Option<&Tensor>,
    pos_weight: Option<&Tensor>,
    reduction: Reduction,
) -> Result<Tensor> {
    let losses = match answer {
        Answer::Probability => {
            let yes = x.try_log()?.try_clamp_min(-100.0)?;
            let no = x.try_neg()?.try_log1p()?.try_clamp_min(-100.0)?;
            target.try_sub(1.0)?.try_mul(&no)?.try_sub(&target.try_mul(&yes)?)?
        }
        Answer::Logit => {
            let mut log = x.try_logsigmoid()?;
            if let Some(factor) = pos_weight {
                log = log.try_mul(&factor.try_sub(1.0)?.try_mul(target)?.try_add(1.0)?)?;
            }
            target.try_rsub(1.0, 1)?.try_mul(x)?.try_sub(&log)?
        }
        Answer::Score => target.try_neg()?.try_mul(x)?.try_exp()?.try_log1p()?,
    };
    reduction.of(match weight {
        Some(weight) => losses.try_mul(weight)?,
        None => losses,
    })
}
