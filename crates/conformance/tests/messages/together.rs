//! Elements put back, labels over steps, covariances, choices and different slices: arguments that do not fit.

use crate::names::*;
use tensor_core::compose::covariance::Cov;
use tensor_core::op::{CtcLoss, MaxUnpool, TripletMarginWithDistance};

misuses! {
    "torch.nn.functional.max_unpool2d(f(1, 2, 2, 2), n(1, 2, 2, 2) * 17, 2)" Index: f([1, 2, 2, 2]).max_unpool2d(&(n([1, 2, 2, 2]) * 17), 2, MaxUnpool::default()), f([1, 2, 2, 2]).try_max_unpool2d(&(n([1, 2, 2, 2]) * 17), 2, MaxUnpool::default());
    "torch.nn.functional.max_unpool2d(f(1, 2, 2, 2), n(1, 2, 2, 3), 2)" Shape: f([1, 2, 2, 2]).max_unpool2d(&n([1, 2, 2, 3]), 2, MaxUnpool::default()), f([1, 2, 2, 2]).try_max_unpool2d(&n([1, 2, 2, 3]), 2, MaxUnpool::default());
    "torch.nn.functional.max_unpool2d(f(1, 2, 2, 2), f(1, 2, 2, 2), 2)" DType: f([1, 2, 2, 2]).max_unpool2d(&f([1, 2, 2, 2]), 2, MaxUnpool::default()), f([1, 2, 2, 2]).try_max_unpool2d(&f([1, 2, 2, 2]), 2, MaxUnpool::default());
    "torch.nn.functional.max_unpool2d(f(1, 2, 2, 2), n(1, 2, 2, 2), 2, output_size=(9, 9))" Value: f([1, 2, 2, 2]).max_unpool2d(&n([1, 2, 2, 2]), 2, MaxUnpool { output_size: Some(&[9, 9]), ..MaxUnpool::default() }), f([1, 2, 2, 2]).try_max_unpool2d(&n([1, 2, 2, 2]), 2, MaxUnpool { output_size: Some(&[9, 9]), ..MaxUnpool::default() });
    "torch.nn.functional.max_unpool1d(f(2), n(2), 2)" Shape: f([2]).max_unpool1d(&n([2]), 2, MaxUnpool::default()), f([2]).try_max_unpool1d(&n([2]), 2, MaxUnpool::default());
    "torch.nn.functional.ctc_loss(f(4, 2, 3), n(2, 2), n(3) * 4, n(2) * 2)" Shape: f([4, 2, 3]).ctc_loss(&n([2, 2]), &(n([3]) * 4), &(n([2]) * 2), CtcLoss::default()), f([4, 2, 3]).try_ctc_loss(&n([2, 2]), &(n([3]) * 4), &(n([2]) * 2), CtcLoss::default());
    "torch.nn.functional.ctc_loss(f(4, 2, 3), n(2, 2), n(2) * 4, n(3) * 2)" Shape: f([4, 2, 3]).ctc_loss(&n([2, 2]), &(n([2]) * 4), &(n([3]) * 2), CtcLoss::default()), f([4, 2, 3]).try_ctc_loss(&n([2, 2]), &(n([2]) * 4), &(n([3]) * 2), CtcLoss::default());
    "torch.nn.functional.ctc_loss(f(4, 2, 3), n(2, 2), n(2) * 5, n(2) * 2)" Value: f([4, 2, 3]).ctc_loss(&n([2, 2]), &(n([2]) * 5), &(n([2]) * 2), CtcLoss::default()), f([4, 2, 3]).try_ctc_loss(&n([2, 2]), &(n([2]) * 5), &(n([2]) * 2), CtcLoss::default());
    "torch.nn.functional.ctc_loss(f(4, 2, 3), n(2, 2), n(2) * 4, n(2) * 3)" Shape: f([4, 2, 3]).ctc_loss(&n([2, 2]), &(n([2]) * 4), &(n([2]) * 3), CtcLoss::default()), f([4, 2, 3]).try_ctc_loss(&n([2, 2]), &(n([2]) * 4), &(n([2]) * 3), CtcLoss::default());
    "torch.nn.functional.ctc_loss(f(4, 2, 3), n(2, 2), n(2) * 4, n(2) * 2, blank=3)" Value: f([4, 2, 3]).ctc_loss(&n([2, 2]), &(n([2]) * 4), &(n([2]) * 2), CtcLoss { blank: 3, ..CtcLoss::default() }), f([4, 2, 3]).try_ctc_loss(&n([2, 2]), &(n([2]) * 4), &(n([2]) * 2), CtcLoss { blank: 3, ..CtcLoss::default() });
    "torch.nn.functional.ctc_loss(f(4, 2, 3), n(3), n(2) * 4, n(2) * 2)" Shape: f([4, 2, 3]).ctc_loss(&n([3]), &(n([2]) * 4), &(n([2]) * 2), CtcLoss::default()), f([4, 2, 3]).try_ctc_loss(&n([3]), &(n([2]) * 4), &(n([2]) * 2), CtcLoss::default());
    "torch.nn.functional.ctc_loss(f(4, 2, 3), n(3, 2), n(2) * 4, n(2) * 2)" Shape: f([4, 2, 3]).ctc_loss(&n([3, 2]), &(n([2]) * 4), &(n([2]) * 2), CtcLoss::default()), f([4, 2, 3]).try_ctc_loss(&n([3, 2]), &(n([2]) * 4), &(n([2]) * 2), CtcLoss::default());
    "torch.nn.functional.ctc_loss(f(4, 2, 3).half(), n(2, 2), n(2) * 4, n(2) * 2)" DType: f([4, 2, 3]).to_dtype(float16).ctc_loss(&n([2, 2]), &(n([2]) * 4), &(n([2]) * 2), CtcLoss::default()), f([4, 2, 3]).to_dtype(float16).try_ctc_loss(&n([2, 2]), &(n([2]) * 4), &(n([2]) * 2), CtcLoss::default());
    "torch.nn.functional.ctc_loss(f(4, 2, 3), n(2, 2), f(2) * 4, n(2) * 2)" DType: f([4, 2, 3]).ctc_loss(&n([2, 2]), &(f([2]) * 4), &(n([2]) * 2), CtcLoss::default()), f([4, 2, 3]).try_ctc_loss(&n([2, 2]), &(f([2]) * 4), &(n([2]) * 2), CtcLoss::default());
    "torch.nn.functional.ctc_loss(f(4, 2, 3), n(2, 2), -n(2), n(2) * 2)" Value: f([4, 2, 3]).ctc_loss(&n([2, 2]), &(-n([2])), &(n([2]) * 2), CtcLoss::default()), f([4, 2, 3]).try_ctc_loss(&n([2, 2]), &(-n([2])), &(n([2]) * 2), CtcLoss::default());
    "torch.nn.functional.ctc_loss(f(4, 2, 3), n(2, 2), n(2) * 4, -n(2))" Value: f([4, 2, 3]).ctc_loss(&n([2, 2]), &(n([2]) * 4), &(-n([2])), CtcLoss::default()), f([4, 2, 3]).try_ctc_loss(&n([2, 2]), &(n([2]) * 4), &(-n([2])), CtcLoss::default());
    "torch.nn.functional.triplet_margin_with_distance_loss(f(2, 3), f(2, 3), f(2, 3), margin=-1)" Value: f([2, 3]).triplet_margin_with_distance_loss(&f([2, 3]), &f([2, 3]), |a: &Tensor, b: &Tensor| (a - b).abs(), TripletMarginWithDistance { margin: -1.0, ..TripletMarginWithDistance::default() }), f([2, 3]).try_triplet_margin_with_distance_loss(&f([2, 3]), &f([2, 3]), |a: &Tensor, b: &Tensor| (a - b).abs(), TripletMarginWithDistance { margin: -1.0, ..TripletMarginWithDistance::default() });
    "torch.nn.functional.triplet_margin_with_distance_loss(f(2, 3), f(2, 3), f(3))" Shape: f([2, 3]).triplet_margin_with_distance_loss(&f([2, 3]), &f([3]), |a: &Tensor, b: &Tensor| (a - b).abs(), TripletMarginWithDistance::default()), f([2, 3]).try_triplet_margin_with_distance_loss(&f([2, 3]), &f([3]), |a: &Tensor, b: &Tensor| (a - b).abs(), TripletMarginWithDistance::default());
    "f(2, 3, 4).cov()" Shape: f([2, 3, 4]).cov(Cov::default()), f([2, 3, 4]).try_cov(Cov::default());
    "f(3, 4).cov(fweights=n(3))" Shape: f([3, 4]).cov(Cov { fweights: Some(&n([3])), ..Cov::default() }), f([3, 4]).try_cov(Cov { fweights: Some(&n([3])), ..Cov::default() });
    "f(3, 4).cov(fweights=f(4))" DType: f([3, 4]).cov(Cov { fweights: Some(&f([4])), ..Cov::default() }), f([3, 4]).try_cov(Cov { fweights: Some(&f([4])), ..Cov::default() });
    "f(3, 4).cov(aweights=n(4))" DType: f([3, 4]).cov(Cov { aweights: Some(&n([4])), ..Cov::default() }), f([3, 4]).try_cov(Cov { aweights: Some(&n([4])), ..Cov::default() });
    "f(3, 4).cov(fweights=n(4, 1))" Shape: f([3, 4]).cov(Cov { fweights: Some(&n([4, 1])), ..Cov::default() }), f([3, 4]).try_cov(Cov { fweights: Some(&n([4, 1])), ..Cov::default() });
    "f(3, 4).cov(aweights=-f(4))" Value: f([3, 4]).cov(Cov { aweights: Some(&-f([4])), ..Cov::default() }), f([3, 4]).try_cov(Cov { aweights: Some(&-f([4])), ..Cov::default() });
    "f(3, 4).cov(fweights=-n(4))" Value: f([3, 4]).cov(Cov { fweights: Some(&-n([4])), ..Cov::default() }), f([3, 4]).try_cov(Cov { fweights: Some(&-n([4])), ..Cov::default() });
    "f(3, 4).cov(aweights=f(4) * 0)" Value: f([3, 4]).cov(Cov { aweights: Some(&zeros([4])), ..Cov::default() }), f([3, 4]).try_cov(Cov { aweights: Some(&zeros([4])), ..Cov::default() });
    "b(3, 4).cov()" DType: b([3, 4]).cov(Cov::default()), b([3, 4]).try_cov(Cov::default());
    "f(2, 3, 4).corrcoef()" Shape: f([2, 3, 4]).corrcoef(), f([2, 3, 4]).try_corrcoef();
    "torch.vander(f(2, 3))" Shape: f([2, 3]).vander(None, false), f([2, 3]).try_vander(None, false);
    "torch.vander(f(2), -1)" Value: f([2]).vander(Some(-1), false), f([2]).try_vander(Some(-1), false);
    "torch.combinations(f(2, 3))" Shape: f([2, 3]).combinations(2, false), f([2, 3]).try_combinations(2, false);
    "torch.combinations(f(3), -1)" Value: f([3]).combinations(-1, false), f([3]).try_combinations(-1, false);
    "f(2, 3).unique(dim=2)" Dim: f([2, 3]).unique_dim(2), f([2, 3]).try_unique_dim(2);
    "f(2, 0, 3).unique(dim=0)" Shape: f([2, 0, 3]).unique_dim(0), f([2, 0, 3]).try_unique_dim(0);
    "f().unique(dim=0)" Dim: f([]).unique_dim(0), f([]).try_unique_dim(0);
    "f(2, 0, 3).unique_consecutive(dim=0)" Shape: f([2, 0, 3]).unique_consecutive_dim(0), f([2, 0, 3]).try_unique_consecutive_dim(0);
    "n(2).to(int32).cumsum_(2)" Dim: n([2]).to_dtype(int32).cumsum_(2), n([2]).to_dtype(int32).try_cumsum_(2);
}
