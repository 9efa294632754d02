//! Many elements into one, and positions.

use super::table;
use crate::opdb::{Args, IntoOutcome, Outcome};
use tensor_core::compose::covariance::Cov;
use tensor_core::{DType, Scalar, Tensor};

/// The dimensions, all of them if none is named; and whether they stay.
fn dims(a: &Args) -> (Vec<i64>, bool) {
    (a.opt_ints(1, "dim").unwrap_or_default(), a.bool_or(2, "keepdim", false))
}

/// The input in the dtype that is asked for, if one is.
fn typed(a: &Args, i: usize) -> Tensor {
    match a.opt_dtype(i, "dtype") {
        Some(dtype) => a.x().to_dtype(dtype),
        None => a.x().clone(),
    }
}

/// Over one dimension with positions, over everything without, or of two tensors.
fn extreme(a: &Args, largest: bool) -> Vec<Outcome> {
    if let Some(other) = a.opt_t(1, "other") {
        return if largest { a.x().maximum(other) } else { a.x().minimum(other) }.outcomes();
    }
    match a.opt_int(1, "dim") {
        None => if largest { a.x().max() } else { a.x().min() }.outcomes(),
        Some(dim) => {
            let keepdim = a.bool_or(2, "keepdim", false);
            let found = if largest { a.x().max_dim(dim, keepdim) } else { a.x().min_dim(dim, keepdim) };
            (found.values, found.indices).outcomes()
        }
    }
}

fn position(a: &Args, largest: bool) -> Tensor {
    match (a.opt_int(1, "dim"), a.bool_or(2, "keepdim", false), largest) {
        (Some(dim), keepdim, true) => a.x().argmax_dim(dim, keepdim),
        (Some(dim), keepdim, false) => a.x().argmin_dim(dim, keepdim),
        (None, false, true) => a.x().argmax(),
        (None, false, false) => a.x().argmin(),
        (None, true, _) => {
            let flat = if largest { a.x().argmax() } else { a.x().argmin() };
            flat.reshape(vec![1i64; a.x().ndim()])
        }
    }
}

/// Variance or deviation; the mean with it where that is asked for.
fn spread(a: &Args, root: bool) -> Tensor {
    spread_and_mean(a, root).0
}

fn spread_and_mean(a: &Args, root: bool) -> (Tensor, Tensor) {
    // The older form has `unbiased` where the newer one has the dimensions.
    let old = a.count() > 1 && matches!(a.opt_scalar(1, "unbiased"), Some(Scalar::Bool(_)));
    let unbiased = if old { a.bool_or(1, "unbiased", true) } else { a.bool_or(2, "unbiased", true) };
    let correction = a.opt_float(9, "correction").unwrap_or(unbiased as u8 as f64);
    let dim = if old { None } else { a.opt_ints(1, "dim") }.unwrap_or_default();
    let keepdim = a.bool_or(9, "keepdim", false);
    if root { a.x().std_mean(dim, correction, keepdim) } else { a.x().var_mean(dim, correction, keepdim) }
}

fn quantiles(a: &Args, skip_nan: bool) -> Tensor {
    if a.text_or(9, "interpolation", "linear") != "linear" {
        a.refuse("quantiles that are not interpolated linearly");
    }
    let q = match a.opt_t(1, "q") {
        Some(q) => q.clone(),
        None => a.number_like_input(1, "q"),
    };
    let (dim, keepdim) = (a.opt_int(2, "dim"), a.bool_or(3, "keepdim", false));
    if skip_nan { a.x().nanquantile(&q, dim, keepdim) } else { a.x().quantile(&q, dim, keepdim) }
}

/// A norm of vectors, as the older function has it: by a number or a name.
fn norm(a: &Args) -> Tensor {
    let p = match a.opt_text(1, "p") {
        None => a.float_or(1, "p", 2.0),
        Some("fro") => 2.0,
        Some(_) => a.refuse("norms of matrices"),
    };
    a.x().norm_dim(p, a.opt_ints(2, "dim").unwrap_or_default(), a.bool_or(3, "keepdim", false))
}

fn product(a: &Args) -> Tensor {
    let x = typed(a, 9);
    match a.opt_int(1, "dim") {
        Some(dim) => x.prod_dim(dim, a.bool_or(2, "keepdim", false)),
        None => x.prod(),
    }
}

table! {
    "all" => |a| { let (dim, keepdim) = dims(a); a.x().all_dim(dim, keepdim) };
    "amax" => |a| { let (dim, keepdim) = dims(a); a.x().amax(dim, keepdim) };
    "amin" => |a| { let (dim, keepdim) = dims(a); a.x().amin(dim, keepdim) };
    "aminmax" => |a| a.x().aminmax(a.opt_int(1, "dim"), a.bool_or(2, "keepdim", false));
    "any" => |a| { let (dim, keepdim) = dims(a); a.x().any_dim(dim, keepdim) };
    "argmax" => |a| position(a, true);
    "argmin" => |a| position(a, false);
    "count_nonzero" => |a| a.x().count_nonzero(a.opt_ints(1, "dim").unwrap_or_default());
    "linalg.vector_norm" => |a| {
        let (dim, keepdim) = (a.opt_ints(2, "dim").unwrap_or_default(), a.bool_or(3, "keepdim", false));
        typed(a, 4).norm_dim(a.float_or(1, "ord", 2.0), dim, keepdim)
    };
    "max" => |a| extreme(a, true);
    "mean" => |a| { let (dim, keepdim) = dims(a); typed(a, 9).mean_dim(dim, keepdim) };
    "min" => |a| extreme(a, false);
    "nanmean" => |a| { let (dim, keepdim) = dims(a); typed(a, 9).nanmean(dim, keepdim) };
    "nanquantile" => |a| quantiles(a, true);
    "nansum" => |a| { let (dim, keepdim) = dims(a); typed(a, 9).nansum(dim, keepdim) };
    "norm" => |a| norm(a);
    "nonzero" => |a| match a.bool_or(9, "as_tuple", false) {
        // A number counts as a vector of one.
        true if a.x().ndim() == 0 => a.x().unsqueeze(0).nonzero().unbind(1),
        true => a.x().nonzero().unbind(1),
        false => vec![a.x().nonzero()],
    };
    "prod" => |a| product(a);
    "quantile" => |a| quantiles(a, false);
    "std" => |a| spread(a, true);
    "std_mean" => |a| spread_and_mean(a, true);
    "sum" => |a| { let (dim, keepdim) = dims(a); typed(a, 9).sum_dim(dim, keepdim) };
    "var" => |a| spread(a, false);
    "var_mean" => |a| spread_and_mean(a, false);
    "item" => |a| match a.x().dtype().is_floating_point() {
        true => a.x().item::<f64>(),
        false => a.x().to_dtype(DType::I64).item::<i64>() as f64,
    };
    "corrcoef" => |a| a.x().corrcoef();
    "cov" => |a| a.x().cov(Cov {
        correction: a.int_or(1, "correction", 1),
        fweights: a.opt_t(2, "fweights"),
        aweights: a.opt_t(3, "aweights"),
    });
}
