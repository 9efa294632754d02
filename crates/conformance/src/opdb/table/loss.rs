//! Losses and distances.

use super::table;
use crate::opdb::Args;
use tensor_core::DType;
use tensor_core::op::{BceWithLogits, CrossEntropy, MultiMargin, NllLoss, Reduction, TripletMargin};

fn reduction(a: &Args) -> Reduction {
    let known = [
        ("none", Reduction::None),
        ("mean", Reduction::Mean),
        ("sum", Reduction::Sum),
        ("batchmean", Reduction::BatchMean),
    ];
    let asked = a.text_or(9, "reduction", "mean");
    known.iter().find(|(name, _)| *name == asked).expect("a reduction").1
}

table! {
    "dist" => |a| a.x().dist(a.t(1, "other"), a.float_or(2, "p", 2.0));
    "nn.functional.pdist" => |a| a.x().pdist(a.float_or(1, "p", 2.0));
    "nn.functional.binary_cross_entropy" => |a| {
        a.x().binary_cross_entropy(a.t(1, "target"), a.opt_t(2, "weight"), reduction(a))
    };
    "nn.functional.binary_cross_entropy_with_logits" => |a| {
        let (weight, pos_weight) = (a.opt_t(2, "weight"), a.opt_t(5, "pos_weight"));
        let options = BceWithLogits { weight, reduction: reduction(a), pos_weight };
        a.x().binary_cross_entropy_with_logits(a.t(1, "target"), options)
    };
    "nn.functional.cosine_embedding_loss" => |a| {
        a.x().cosine_embedding_loss(a.t(1, "input2"), a.t(2, "target"), a.float_or(3, "margin", 0.0), reduction(a))
    };
    "nn.functional.cosine_similarity" => |a| {
        a.x().cosine_similarity(a.t(1, "x2"), a.int_or(2, "dim", 1), a.float_or(3, "eps", 1e-8))
    };
    "nn.functional.cross_entropy" => |a| a.x().cross_entropy(a.t(1, "target"), CrossEntropy {
        weight: a.opt_t(2, "weight"),
        ignore_index: a.int_or(4, "ignore_index", -100),
        reduction: reduction(a),
        label_smoothing: a.float_or(7, "label_smoothing", 0.0),
    });
    "nn.functional.gaussian_nll_loss" => |a| {
        let (full, eps) = (a.bool_or(3, "full", false), a.float_or(4, "eps", 1e-6));
        a.x().gaussian_nll_loss(a.t(1, "target"), a.t(2, "var"), full, eps, reduction(a))
    };
    "nn.functional.hinge_embedding_loss" => |a| {
        a.x().hinge_embedding_loss(a.t(1, "target"), a.float_or(2, "margin", 1.0), reduction(a))
    };
    "nn.functional.huber_loss" => |a| a.x().huber_loss(a.t(1, "target"), reduction(a), a.float_or(3, "delta", 1.0));
    "nn.functional.kl_div" => |a| a.x().kl_div(a.t(1, "target"), reduction(a), a.bool_or(5, "log_target", false));
    "nn.functional.l1_loss" => |a| a.x().l1_loss(a.t(1, "target"), reduction(a));
    "nn.functional.margin_ranking_loss" => |a| {
        a.x().margin_ranking_loss(a.t(1, "input2"), a.t(2, "target"), a.float_or(3, "margin", 0.0), reduction(a))
    };
    "nn.functional.mse_loss" => |a| a.x().mse_loss(a.t(1, "target"), reduction(a));
    "nn.functional.multi_margin_loss" => |a| a.x().multi_margin_loss(a.t(1, "target"), MultiMargin {
        p: a.int_or(2, "p", 1),
        margin: a.float_or(3, "margin", 1.0),
        weight: a.opt_t(4, "weight"),
        reduction: reduction(a),
    });
    "nn.functional.multilabel_margin_loss" => |a| a.x().multilabel_margin_loss(a.t(1, "target"), reduction(a));
    "nn.functional.multilabel_soft_margin_loss" => |a| {
        a.x().multilabel_soft_margin_loss(a.t(1, "target"), a.opt_t(2, "weight"), reduction(a))
    };
    "nn.functional.nll_loss" => |a| a.x().nll_loss(a.t(1, "target"), NllLoss {
        weight: a.opt_t(2, "weight"),
        ignore_index: a.int_or(4, "ignore_index", -100),
        reduction: reduction(a),
    });
    "nn.functional.normalize" => |a| {
        a.x().normalize(a.float_or(1, "p", 2.0), a.int_or(2, "dim", 1), a.float_or(3, "eps", 1e-12))
    };
    "nn.functional.pairwise_distance" => |a| {
        let (p, eps) = (a.float_or(2, "p", 2.0), a.float_or(3, "eps", 1e-6));
        a.x().pairwise_distance(a.t(1, "x2"), p, eps, a.bool_or(4, "keepdim", false))
    };
    "nn.functional.poisson_nll_loss" => |a| {
        let (log_input, full) = (a.bool_or(2, "log_input", true), a.bool_or(3, "full", false));
        a.x().poisson_nll_loss(a.t(1, "target"), log_input, full, a.float_or(5, "eps", 1e-8), reduction(a))
    };
    "nn.functional.smooth_l1_loss" => |a| {
        a.x().smooth_l1_loss(a.t(1, "target"), reduction(a), a.float_or(5, "beta", 1.0))
    };
    "nn.functional.soft_margin_loss" => |a| {
        let powers = || -(a.x().to_dtype(DType::F64) * a.t(1, "target").to_dtype(DType::F64));
        // e^11.09 is float16's largest number.
        if a.x().dtype() == DType::F16 && a.x().numel() > 0 && powers().max().item::<f64>() > 11.0 {
            a.refuse("losses whose powers do not fit into float16, where PyTorch's become infinite");
        }
        a.x().soft_margin_loss(a.t(1, "target"), reduction(a))
    };
    "nn.functional.triplet_margin_loss" => |a| a.x().triplet_margin_loss(a.t(1, "positive"), a.t(2, "negative"), TripletMargin {
        margin: a.float_or(3, "margin", 1.0),
        p: a.float_or(4, "p", 2.0),
        eps: a.float_or(5, "eps", 1e-6),
        swap: a.bool_or(6, "swap", false),
        reduction: reduction(a),
    });
}
