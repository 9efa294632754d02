//! Losses: shapes that do not fit, classes that do not exist, parameters outside of what they may be.

use crate::names::*;
use tensor_core::op::{BceWithLogits, CrossEntropy, MultiMargin, NllLoss, Reduction, TripletMargin};

misuses! {
    "torch.nn.functional.mse_loss(f(2), f(3))" Shape: f([2]).mse_loss(&f([3]), Reduction::Mean), f([2]).try_mse_loss(&f([3]), Reduction::Mean);
    "torch.nn.functional.smooth_l1_loss(f(2), f(2), beta=-1)" Value: f([2]).smooth_l1_loss(&f([2]), Reduction::Mean, -1.0), f([2]).try_smooth_l1_loss(&f([2]), Reduction::Mean, -1.0);
    "torch.nn.functional.huber_loss(f(2), f(2), delta=0)" Value: f([2]).huber_loss(&f([2]), Reduction::Mean, 0.0), f([2]).try_huber_loss(&f([2]), Reduction::Mean, 0.0);
    "torch.nn.functional.mse_loss(f(2), f(2), reduction='batchmean')" Value: f([2]).mse_loss(&f([2]), Reduction::BatchMean), f([2]).try_mse_loss(&f([2]), Reduction::BatchMean);
    "torch.nn.functional.nll_loss(f(2, 3), at(0, 1, 2))" Shape: f([2, 3]).nll_loss(&at([0, 1, 2]), NllLoss::default()), f([2, 3]).try_nll_loss(&at([0, 1, 2]), NllLoss::default());
    "torch.nn.functional.nll_loss(f(2, 3), at(0, 3))" Index: f([2, 3]).nll_loss(&at([0, 3]), NllLoss::default()), f([2, 3]).try_nll_loss(&at([0, 3]), NllLoss::default());
    "torch.nn.functional.nll_loss(f(2, 3), at(0, -1))" Index: f([2, 3]).nll_loss(&at([0, -1]), NllLoss::default()), f([2, 3]).try_nll_loss(&at([0, -1]), NllLoss::default());
    "torch.nn.functional.nll_loss(f(2, 3), at(0, 1).to(int32))" DType: f([2, 3]).nll_loss(&at([0, 1]).to_dtype(int32), NllLoss::default()), f([2, 3]).try_nll_loss(&at([0, 1]).to_dtype(int32), NllLoss::default());
    "torch.nn.functional.nll_loss(f(2, 3), at(0, 1), weight=f(2))" Shape: f([2, 3]).nll_loss(&at([0, 1]), NllLoss { weight: Some(&f([2])), ..NllLoss::default() }), f([2, 3]).try_nll_loss(&at([0, 1]), NllLoss { weight: Some(&f([2])), ..NllLoss::default() });
    "torch.nn.functional.nll_loss(f(2, 3, 4), n(2, 5))" Shape: f([2, 3, 4]).nll_loss(&n([2, 5]), NllLoss::default()), f([2, 3, 4]).try_nll_loss(&n([2, 5]), NllLoss::default());
    "torch.nn.functional.nll_loss(f(3), at(3))" Index: f([3]).nll_loss(&at([3]), NllLoss::default()), f([3]).try_nll_loss(&at([3]), NllLoss::default());
    "torch.nn.functional.cross_entropy(f(2, 3), at(0, 1, 2))" Shape: f([2, 3]).cross_entropy(&at([0, 1, 2]), CrossEntropy::default()), f([2, 3]).try_cross_entropy(&at([0, 1, 2]), CrossEntropy::default());
    "torch.nn.functional.cross_entropy(f(2, 3), at(0, 3))" Index: f([2, 3]).cross_entropy(&at([0, 3]), CrossEntropy::default()), f([2, 3]).try_cross_entropy(&at([0, 3]), CrossEntropy::default());
    "torch.nn.functional.cross_entropy(f(2, 3), at(0, -1))" Index: f([2, 3]).cross_entropy(&at([0, -1]), CrossEntropy::default()), f([2, 3]).try_cross_entropy(&at([0, -1]), CrossEntropy::default());
    "torch.nn.functional.cross_entropy(f(2, 3), at(0, 1).to(int32))" DType: f([2, 3]).cross_entropy(&at([0, 1]).to_dtype(int32), CrossEntropy::default()), f([2, 3]).try_cross_entropy(&at([0, 1]).to_dtype(int32), CrossEntropy::default());
    "torch.nn.functional.cross_entropy(f(2, 3), at(0, 1), weight=f(2))" Shape: f([2, 3]).cross_entropy(&at([0, 1]), CrossEntropy { weight: Some(&f([2])), ..CrossEntropy::default() }), f([2, 3]).try_cross_entropy(&at([0, 1]), CrossEntropy { weight: Some(&f([2])), ..CrossEntropy::default() });
    "torch.nn.functional.cross_entropy(f(2, 3, 4), n(2, 5))" Shape: f([2, 3, 4]).cross_entropy(&n([2, 5]), CrossEntropy::default()), f([2, 3, 4]).try_cross_entropy(&n([2, 5]), CrossEntropy::default());
    "torch.nn.functional.cross_entropy(f(3), at(3))" Index: f([3]).cross_entropy(&at([3]), CrossEntropy::default()), f([3]).try_cross_entropy(&at([3]), CrossEntropy::default());
    "torch.nn.functional.cross_entropy(f(2, 3), at(0, 1), label_smoothing=1.5)" Value: f([2, 3]).cross_entropy(&at([0, 1]), CrossEntropy { label_smoothing: 1.5, ..CrossEntropy::default() }), f([2, 3]).try_cross_entropy(&at([0, 1]), CrossEntropy { label_smoothing: 1.5, ..CrossEntropy::default() });
    "torch.nn.functional.binary_cross_entropy(f(2) * 2, f(2))" Value: (f([2]) * 2).binary_cross_entropy(&f([2]), None, Reduction::Mean), (f([2]) * 2).try_binary_cross_entropy(&f([2]), None, Reduction::Mean);
    "torch.nn.functional.binary_cross_entropy(f(2), f(3))" Shape: f([2]).binary_cross_entropy(&f([3]), None, Reduction::Mean), f([2]).try_binary_cross_entropy(&f([3]), None, Reduction::Mean);
    "torch.nn.functional.binary_cross_entropy(f(2), f(2).to(float64))" DType: f([2]).binary_cross_entropy(&f([2]).to_dtype(float64), None, Reduction::Mean), f([2]).try_binary_cross_entropy(&f([2]).to_dtype(float64), None, Reduction::Mean);
    "torch.nn.functional.binary_cross_entropy(f(2), f(2), leaf(2))" Autograd: f([2]).binary_cross_entropy(&f([2]), Some(&leaf([2])), Reduction::Mean), f([2]).try_binary_cross_entropy(&f([2]), Some(&leaf([2])), Reduction::Mean);
    "torch.nn.functional.binary_cross_entropy(f(2), f(2), f(3))" Shape: f([2]).binary_cross_entropy(&f([2]), Some(&f([3])), Reduction::Mean), f([2]).try_binary_cross_entropy(&f([2]), Some(&f([3])), Reduction::Mean);
    "torch.nn.functional.binary_cross_entropy(f(2), f(2), f(1, 2))" Shape: f([2]).binary_cross_entropy(&f([2]), Some(&f([1, 2])), Reduction::Mean), f([2]).try_binary_cross_entropy(&f([2]), Some(&f([1, 2])), Reduction::Mean);
    "torch.nn.functional.binary_cross_entropy_with_logits(f(2), f(3))" Shape: f([2]).binary_cross_entropy_with_logits(&f([3]), BceWithLogits::default()), f([2]).try_binary_cross_entropy_with_logits(&f([3]), BceWithLogits::default());
    "torch.nn.functional.binary_cross_entropy_with_logits(f(2), f(2), leaf(2))" Autograd: f([2]).binary_cross_entropy_with_logits(&f([2]), BceWithLogits { weight: Some(&leaf([2])), ..BceWithLogits::default() }), f([2]).try_binary_cross_entropy_with_logits(&f([2]), BceWithLogits { weight: Some(&leaf([2])), ..BceWithLogits::default() });
    "torch.nn.functional.binary_cross_entropy_with_logits(f(2), f(2), pos_weight=leaf(2))" Autograd: f([2]).binary_cross_entropy_with_logits(&f([2]), BceWithLogits { pos_weight: Some(&leaf([2])), ..BceWithLogits::default() }), f([2]).try_binary_cross_entropy_with_logits(&f([2]), BceWithLogits { pos_weight: Some(&leaf([2])), ..BceWithLogits::default() });
    "torch.nn.functional.binary_cross_entropy_with_logits(f(2), f(2), f(3))" Shape: f([2]).binary_cross_entropy_with_logits(&f([2]), BceWithLogits { weight: Some(&f([3])), ..BceWithLogits::default() }), f([2]).try_binary_cross_entropy_with_logits(&f([2]), BceWithLogits { weight: Some(&f([3])), ..BceWithLogits::default() });
    "torch.nn.functional.soft_margin_loss(f(2), leaf(2))" Autograd: f([2]).soft_margin_loss(&leaf([2]), Reduction::Mean), f([2]).try_soft_margin_loss(&leaf([2]), Reduction::Mean);
    "torch.nn.functional.soft_margin_loss(f(2), f(3))" Shape: f([2]).soft_margin_loss(&f([3]), Reduction::Mean), f([2]).try_soft_margin_loss(&f([3]), Reduction::Mean);
    "torch.nn.functional.gaussian_nll_loss(f(2), f(2), -f(2))" Value: f([2]).gaussian_nll_loss(&f([2]), &-f([2]), false, 1e-6, Reduction::Mean), f([2]).try_gaussian_nll_loss(&f([2]), &-f([2]), false, 1e-6, Reduction::Mean);
    "torch.nn.functional.gaussian_nll_loss(f(2, 3), f(2, 3), f(3))" Shape: f([2, 3]).gaussian_nll_loss(&f([2, 3]), &f([3]), false, 1e-6, Reduction::Mean), f([2, 3]).try_gaussian_nll_loss(&f([2, 3]), &f([3]), false, 1e-6, Reduction::Mean);
    "torch.nn.functional.multi_margin_loss(f(2, 3), at(0, 3))" Index: f([2, 3]).multi_margin_loss(&at([0, 3]), MultiMargin::default()), f([2, 3]).try_multi_margin_loss(&at([0, 3]), MultiMargin::default());
    "torch.nn.functional.multi_margin_loss(f(2, 3), at(0, 1), p=3)" Value: f([2, 3]).multi_margin_loss(&at([0, 1]), MultiMargin { p: 3, ..MultiMargin::default() }), f([2, 3]).try_multi_margin_loss(&at([0, 1]), MultiMargin { p: 3, ..MultiMargin::default() });
    "torch.nn.functional.multilabel_margin_loss(f(2, 3), n(2, 2))" Shape: f([2, 3]).multilabel_margin_loss(&n([2, 2]), Reduction::Mean), f([2, 3]).try_multilabel_margin_loss(&n([2, 2]), Reduction::Mean);
    "torch.nn.functional.multilabel_margin_loss(f(2, 3), n(2, 3) * 3)" Index: f([2, 3]).multilabel_margin_loss(&(n([2, 3]) * 3), Reduction::Mean), f([2, 3]).try_multilabel_margin_loss(&(n([2, 3]) * 3), Reduction::Mean);
    "torch.nn.functional.triplet_margin_loss(f(2), f(2), f(2), margin=-1)" Value: f([2]).triplet_margin_loss(&f([2]), &f([2]), TripletMargin { margin: -1.0, ..TripletMargin::default() }), f([2]).try_triplet_margin_loss(&f([2]), &f([2]), TripletMargin { margin: -1.0, ..TripletMargin::default() });
    "torch.nn.functional.cosine_embedding_loss(f(2, 3), f(2, 3), f())" Shape: f([2, 3]).cosine_embedding_loss(&f([2, 3]), &f([]), 0.0, Reduction::Mean), f([2, 3]).try_cosine_embedding_loss(&f([2, 3]), &f([]), 0.0, Reduction::Mean);
    "torch.nn.functional.cosine_similarity(f(2), f(3), 0)" Shape: f([2]).cosine_similarity(&f([3]), 0, 1e-8), f([2]).try_cosine_similarity(&f([3]), 0, 1e-8);
    "torch.nn.functional.pairwise_distance(f(2, 3), f(2, 4))" Shape: f([2, 3]).pairwise_distance(&f([2, 4]), 2.0, 1e-6, false), f([2, 3]).try_pairwise_distance(&f([2, 4]), 2.0, 1e-6, false);
    "torch.nn.functional.normalize(f(2))" Dim: f([2]).normalize(2.0, 1, 1e-12), f([2]).try_normalize(2.0, 1, 1e-12);
}
