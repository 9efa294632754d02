//! Reductions: dimensions that are not there, nothing to reduce, dtypes without a mean.

use crate::names::*;

misuses! {
    "f(2, 3).sum(2)" Dim: f([2, 3]).sum_dim(2, false), f([2, 3]).try_sum_dim(2, false);
    "f(2, 3).sum(-3)" Dim: f([2, 3]).sum_dim(-3, false), f([2, 3]).try_sum_dim(-3, false);
    "f(2, 3).sum((0, 0))" Dim: f([2, 3]).sum_dim([0, 0], false), f([2, 3]).try_sum_dim([0, 0], false);
    "f(2, 3).sum((1, -1))" Dim: f([2, 3]).sum_dim([1, -1], false), f([2, 3]).try_sum_dim([1, -1], false);
    "f(2, 3).sum(2**63 - 1)" Dim: f([2, 3]).sum_dim(i64::MAX, false), f([2, 3]).try_sum_dim(i64::MAX, false);
    "f(2, 3).sum(-2**63)" Dim: f([2, 3]).sum_dim(i64::MIN, false), f([2, 3]).try_sum_dim(i64::MIN, false);
    "f(2, 3).mean(2)" Dim: f([2, 3]).mean_dim(2, false), f([2, 3]).try_mean_dim(2, false);
    "n(2, 3).mean()" DType: n([2, 3]).mean(), n([2, 3]).try_mean();
    "n(2, 3).mean(0)" DType: n([2, 3]).mean_dim(0, false), n([2, 3]).try_mean_dim(0, false);
    "b(2).mean()" DType: b([2]).mean(), b([2]).try_mean();
    "n(2).mean(5)" DType: n([2]).mean_dim(5, false), n([2]).try_mean_dim(5, false);
    "f(2, 3).prod(2)" Dim: f([2, 3]).prod_dim(2, false), f([2, 3]).try_prod_dim(2, false);
    "f(0).prod()" fine: f([0]).prod();
    "f(0).sum()" fine: f([0]).sum();
    "f(0).mean()" fine: f([0]).mean();
    "f(0, 3).prod(0)" fine: f([0, 3]).prod_dim(0, false);
    "f(2, 3).any(2)" Dim: f([2, 3]).any_dim(2, false), f([2, 3]).try_any_dim(2, false);
    "f(2, 3).all((0, 0))" Dim: f([2, 3]).all_dim([0, 0], false), f([2, 3]).try_all_dim([0, 0], false);
    "f(0).all()" fine: f([0]).all();
    "f(2, 3).amax(2)" Dim: f([2, 3]).amax(2, false), f([2, 3]).try_amax(2, false);
    "f(2, 3).amax((0, 0))" Dim: f([2, 3]).amax([0, 0], false), f([2, 3]).try_amax([0, 0], false);
    "f(0).amax()" Shape: f([0]).amax(.., false), f([0]).try_amax(.., false);
    "f(0, 3).amax(0)" Index: f([0, 3]).amax(0, false), f([0, 3]).try_amax(0, false);
    "f(0, 3).amax(1)" fine: f([0, 3]).amax(1, false);
    "f(0, 3).amin((0, 1))" Index: f([0, 3]).amin([0, 1], false), f([0, 3]).try_amin([0, 1], false);
    "f(2, 0).amin(1)" Index: f([2, 0]).amin(1, false), f([2, 0]).try_amin(1, false);
    "f(0).max()" Shape: f([0]).max(), f([0]).try_max();
    "f(0).min()" Shape: f([0]).min(), f([0]).try_min();
    "f(2, 0).max()" Shape: f([2, 0]).max(), f([2, 0]).try_max();
    "f(0, 3).max(0)" Index: f([0, 3]).max_dim(0, false), f([0, 3]).try_max_dim(0, false);
    "f(0, 3).max(1)" fine: f([0, 3]).max_dim(1, false);
    "f(0, 3).min(0)" Index: f([0, 3]).min_dim(0, false), f([0, 3]).try_min_dim(0, false);
    "f(2, 3).max(2)" Dim: f([2, 3]).max_dim(2, false), f([2, 3]).try_max_dim(2, false);
    "f(2, 3).min(-3)" Dim: f([2, 3]).min_dim(-3, false), f([2, 3]).try_min_dim(-3, false);
    "f().max(1)" Dim: f([]).max_dim(1, false), f([]).try_max_dim(1, false);
    "f(0).argmax()" Shape: f([0]).argmax(), f([0]).try_argmax();
    "f(0).argmin()" Shape: f([0]).argmin(), f([0]).try_argmin();
    "f(0, 3).argmax(0)" Index: f([0, 3]).argmax_dim(0, false), f([0, 3]).try_argmax_dim(0, false);
    "f(0, 3).argmax(1)" fine: f([0, 3]).argmax_dim(1, false);
    "f(2, 0).argmin(1)" Index: f([2, 0]).argmin_dim(1, false), f([2, 0]).try_argmin_dim(1, false);
    "f(2, 3).argmax(2)" Dim: f([2, 3]).argmax_dim(2, false), f([2, 3]).try_argmax_dim(2, false);
    "f(2, 3).argmin(-3)" Dim: f([2, 3]).argmin_dim(-3, false), f([2, 3]).try_argmin_dim(-3, false);
    "f().argmax(1)" Dim: f([]).argmax_dim(1, false), f([]).try_argmax_dim(1, false);
    "b(2).argmax()" DType: b([2]).argmax(), b([2]).try_argmax();
    "b(2).argmin(0)" DType: b([2]).argmin_dim(0, false), b([2]).try_argmin_dim(0, false);
    "b(2).max(0)" fine: b([2]).max_dim(0, false);
    "n(2).var()" DType: n([2]).var(), n([2]).try_var();
    "n(2).std()" DType: n([2]).std(), n([2]).try_std();
    "b(2).std(0, correction=1)" DType: b([2]).std_dim(0, 1.0, false), b([2]).try_std_dim(0, 1.0, false);
    "f(2, 3).var(2, correction=1)" Dim: f([2, 3]).var_dim(2, 1.0, false), f([2, 3]).try_var_dim(2, 1.0, false);
    "f(2, 3).std((0, 0), correction=1)" Dim:
        f([2, 3]).std_dim([0, 0], 1.0, false), f([2, 3]).try_std_dim([0, 0], 1.0, false);
    "f(0).std()" fine: f([0]).std();
    "f(2, 3).std((0, 2**40), correction=1)" Dim:
        f([2, 3]).std_dim([0, 1i64 << 40], 1.0, false), f([2, 3]).try_std_dim([0, 1i64 << 40], 1.0, false);
}
