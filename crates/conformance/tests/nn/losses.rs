//! The losses of `fixtures/nn_sequence.jsonl` by their Python text. They are compared as all modules are.

use crate::cases::{Case, case};
use sconce::nn::*;
use sconce::prelude::tensor;

fn reduction(text: &str) -> Reduction {
    match text {
        "none" => Reduction::None,
        "mean" => Reduction::Mean,
        "sum" => Reduction::Sum,
        "batchmean" => Reduction::BatchMean,
        other => panic!("reduction {other}"),
    }
}

/// The loss of a line.
#[rustfmt::skip]
pub fn made(module: &str) -> Option<Box<dyn Case>> {
    let (head, tail) = module.split_once("reduction='")?;
    let r = reduction(tail.trim_end_matches("')"));
    Some(match head {
        "MSELoss(" => case(MSELoss::with(|l| l.reduction(r)), |m, i| vec![m.forward(i.get("x"), i.get("y"))]),
        "L1Loss(" => case(L1Loss::with(|l| l.reduction(r)), |m, i| vec![m.forward(i.get("x"), i.get("y"))]),
        "SmoothL1Loss(beta=0.7, " => case(
            SmoothL1Loss::with(|l| l.beta(0.7).reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("y"))],
        ),
        "HuberLoss(delta=0.7, " => case(
            HuberLoss::with(|l| l.delta(0.7).reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("y"))],
        ),
        "CrossEntropyLoss(" => case(
            CrossEntropyLoss::with(|l| l.reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("a"))],
        ),
        "CrossEntropyLoss(ignore_index=1, label_smoothing=0.1, " => case(
            CrossEntropyLoss::with(|l| l.ignore_index(1).label_smoothing(0.1).reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("a"))],
        ),
        "NLLLoss(weight=torch.tensor([0.5, 1.0, 2.0]), " => case(
            NLLLoss::with(|l| l.weight(tensor![0.5, 1.0, 2.0]).reduction(r)),
            |m, i| vec![m.forward(&i.get("x").log_softmax(1), i.get("a"))],
        ),
        "BCELoss(" => case(
            BCELoss::with(|l| l.reduction(r)),
            |m, i| vec![m.forward(&i.get("x").sigmoid(), &i.get("y").sigmoid())],
        ),
        "BCEWithLogitsLoss(pos_weight=torch.tensor([0.5, 1.0, 2.0]), " => case(
            BCEWithLogitsLoss::with(|l| l.pos_weight(tensor![0.5, 1.0, 2.0]).reduction(r)),
            |m, i| vec![m.forward(i.get("x"), &i.get("y").sigmoid())],
        ),
        "KLDivLoss(log_target=True, " => case(
            KLDivLoss::with(|l| l.log_target(true).reduction(r)),
            |m, i| vec![m.forward(&i.get("x").log_softmax(1), &i.get("y").log_softmax(1))],
        ),
        "PoissonNLLLoss(full=True, " => case(
            PoissonNLLLoss::with(|l| l.full(true).reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("a"))],
        ),
        "GaussianNLLLoss(full=True, " => case(
            GaussianNLLLoss::with(|l| l.full(true).reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("y"), &i.get("z").exp())],
        ),
        "HingeEmbeddingLoss(" => case(
            HingeEmbeddingLoss::with(|l| l.reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("a"))],
        ),
        "MarginRankingLoss(margin=0.5, " => case(
            MarginRankingLoss::with(|l| l.margin(0.5).reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("y"), i.get("a"))],
        ),
        "MultiMarginLoss(p=2, " => case(
            MultiMarginLoss::with(|l| l.p(2).reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("a"))],
        ),
        "MultiLabelMarginLoss(" => case(
            MultiLabelMarginLoss::with(|l| l.reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("a"))],
        ),
        "MultiLabelSoftMarginLoss(" => case(
            MultiLabelSoftMarginLoss::with(|l| l.reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("a"))],
        ),
        "SoftMarginLoss(" => case(
            SoftMarginLoss::with(|l| l.reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("a"))],
        ),
        "TripletMarginLoss(swap=True, " => case(
            TripletMarginLoss::with(|l| l.swap(true).reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("y"), i.get("z"))],
        ),
        "CosineEmbeddingLoss(margin=0.2, " => case(
            CosineEmbeddingLoss::with(|l| l.margin(0.2).reduction(r)),
            |m, i| vec![m.forward(i.get("x"), i.get("y"), i.get("a"))],
        ),
        "CTCLoss(" => case(
            CTCLoss::with(|l| l.reduction(r)),
            |m, i| vec![m.forward(&i.get("x").log_softmax(2), i.get("a"), i.get("b"), i.get("c"))],
        ),
        _ => return None,
    })
}
