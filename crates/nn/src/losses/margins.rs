//! Losses that ask for a margin.

use super::losses;
use tensor::python_float;
use tensor_core::op::{MultiMargin, TripletMargin};

losses! {
    /// x where the target is 1, and what it lacks to the margin where the target is −1: `torch.nn.HingeEmbeddingLoss`.
    HingeEmbeddingLoss, HingeEmbeddingLossOptions {} {
        /// The margin.
        margin: f64 = 1.0,
    } |self, input, target| input.hinge_embedding_loss(target, self.margin, self.reduction);

    /// What the first input lacks to be above the second by the margin where the target is 1, below where it is −1:
    /// `torch.nn.MarginRankingLoss`.
    MarginRankingLoss, MarginRankingLossOptions {} {
        /// The margin.
        margin: f64 = 0.0,
    } |self, input1, input2, target| input1.margin_ranking_loss(input2, target, self.margin, self.reduction);

    /// What each sample's class lacks to be above each other class by the margin, to a power, averaged over classes:
    /// `torch.nn.MultiMarginLoss`.
    MultiMarginLoss, MultiMarginLossOptions {
        /// A factor for each class.
        weight,
    } {
        /// The power, 1 or 2.
        p: i64 = 1,
        /// The margin.
        margin: f64 = 1.0,
    } |self, input, target| input.multi_margin_loss(target, MultiMargin {
        p: self.p,
        margin: self.margin,
        weight: self.weight.as_ref(),
        reduction: self.reduction,
    }) => check |loss| {
        assert!(loss.p == 1 || loss.p == 2, "only p == 1 and p == 2 supported");
        let rank = loss.weight.as_ref().map_or(1, tensor::Tensor::ndim);
        assert!(rank == 1, "MultiMarginLoss: expected weight to be None or 1D tensor, got {rank}D instead");
    };

    /// What each of a sample's classes (the target's numbers before the first −1) lacks to be above each other class by one:
    /// `torch.nn.MultiLabelMarginLoss`.
    MultiLabelMarginLoss, MultiLabelMarginLossOptions {} {}
    |self, input, target| input.multilabel_margin_loss(target, self.reduction);

    /// Of each sample the mean over classes of the cross entropy of truth values: `torch.nn.MultiLabelSoftMarginLoss`.
    MultiLabelSoftMarginLoss, MultiLabelSoftMarginLossOptions {
        /// A factor for each class.
        weight,
    } {} |self, input, target| input.multilabel_soft_margin_loss(target, self.weight.as_ref(), self.reduction);

    /// ln(1 + exp(−t x)), for targets t of 1 and −1: `torch.nn.SoftMarginLoss`.
    SoftMarginLoss, SoftMarginLossOptions {} {} |self, input, target| input.soft_margin_loss(target, self.reduction);

    /// What the distance of an anchor to a negative lacks to be above that to a positive by the margin:
    /// `torch.nn.TripletMarginLoss`.
    TripletMarginLoss, TripletMarginLossOptions {} {
        /// The margin.
        margin: f64 = 1.0,
        /// The power of the distance.
        p: f64 = 2.0,
        /// Added to each difference.
        eps: f64 = 1e-6,
        /// Whether the negative may also be compared with the positive.
        swap: bool = false,
    } |self, anchor, positive, negative| anchor.triplet_margin_loss(positive, negative, TripletMargin {
        margin: self.margin,
        p: self.p,
        eps: self.eps,
        swap: self.swap,
        reduction: self.reduction,
    }) => check |loss| {
        let margin = loss.margin;
        assert!(
            margin > 0.0,
            "TripletMarginLoss: expected margin to be greater than 0, got {} instead",
            python_float(margin)
        );
    };

    /// One minus the cosine of two vectors where the target is 1; what the cosine is above the margin where it is −1:
    /// `torch.nn.CosineEmbeddingLoss`.
    CosineEmbeddingLoss, CosineEmbeddingLossOptions {} {
        /// The margin.
        margin: f64 = 0.0,
    } |self, input1, input2, target| input1.cosine_embedding_loss(input2, target, self.margin, self.reduction);
}
