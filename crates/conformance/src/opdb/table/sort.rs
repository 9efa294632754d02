//! Order: sorting, choosing, searching, counting.

use super::table;
use crate::opdb::{Args, IntoOutcome, Outcome};
use tensor_core::op::reduce::Extreme;
use tensor_core::{DType, Tensor, Unique};

/// The dimension and the direction of sorting; stable it always is.
fn sorting(a: &Args) -> (i64, bool) {
    let (dim, descending) = (a.int_or(1, "dim", -1), a.bool_or(2, "descending", false));
    a.bool_or(9, "stable", true);
    (dim, descending)
}

fn pair(found: Extreme) -> Vec<Outcome> {
    (found.values, found.indices).outcomes()
}

/// As [`pair`], where there are no equal elements: which of them is chosen PyTorch leaves open.
fn pair_of_different(a: &Args, found: Extreme) -> Vec<Outcome> {
    if !a.x().dtype().is_floating_point() {
        a.refuse("the choice among equal elements");
    }
    pair(found)
}

/// The parts of the result that are asked for.
fn different(a: &Args, consecutive: bool) -> Vec<Outcome> {
    a.bool_or(9, "sorted", true);
    let (inverse, counts) = (a.bool_or(9, "return_inverse", false), a.bool_or(9, "return_counts", false));
    let (plain, full): (Tensor, Unique) = match a.opt_int(9, "dim") {
        Some(dim) => {
            let full = if consecutive { a.x().unique_consecutive_dim(dim) } else { a.x().unique_dim(dim) };
            (full.values.clone(), full)
        }
        None if consecutive => (a.x().unique_consecutive(), a.x().unique_consecutive_full()),
        None => (a.x().unique(), a.x().unique_full()),
    };
    let mut found = vec![plain];
    found.extend(inverse.then_some(full.inverse));
    found.extend(counts.then_some(full.counts));
    found.outcomes()
}

fn narrowed(a: &Args, positions: Tensor) -> Tensor {
    if a.bool_or(9, "out_int32", false) { positions.to_dtype(DType::I32) } else { positions }
}

fn searched(a: &Args) -> Tensor {
    let right = a.bool_or(9, "right", false) || a.text_or(9, "side", "left") == "right";
    let sorted = match a.opt_t(9, "sorter") {
        Some(sorter) => a.x().gather(-1, sorter),
        None => a.x().clone(),
    };
    let values = match a.opt_t(1, "input") {
        Some(values) => values.clone(),
        None => a.number_like_input(1, "input"),
    };
    narrowed(a, sorted.searchsorted(&values, right))
}

table! {
    "argsort" => |a| { let (dim, descending) = sorting(a); a.x().argsort(dim, descending) };
    "bincount" => |a| a.x().bincount(a.opt_t(1, "weights"), a.int_or(2, "minlength", 0) as usize);
    "bucketize" => |a| { let at = a.x().bucketize(a.t(1, "boundaries"), a.bool_or(3, "right", false)); narrowed(a, at) };
    "histc" => |a| {
        if a.x().dtype().size() == 2 {
            a.refuse("histograms of the half types, whose intervals PyTorch finds in half arithmetic");
        }
        a.x().histc(a.int_or(1, "bins", 100) as usize, a.float_or(2, "min", 0.0), a.float_or(3, "max", 0.0))
    };
    "isin" => |a| a.x().isin(a.t(1, "test_elements"));
    "kthvalue" => |a| {
        let (k, dim) = (a.int(1, "k") as usize, a.int_or(2, "dim", -1));
        pair_of_different(a, a.x().kthvalue(k, dim, a.bool_or(3, "keepdim", false)))
    };
    "median" => |a| match a.opt_int(1, "dim") {
        Some(dim) => pair(a.x().median_dim(dim, a.bool_or(2, "keepdim", false))),
        None => a.x().median().outcomes(),
    };
    "mode" => |a| pair(a.x().mode(a.int_or(1, "dim", -1), a.bool_or(2, "keepdim", false)));
    "msort" => |a| a.x().msort();
    "nanmedian" => |a| match a.opt_int(1, "dim") {
        Some(dim) => pair(a.x().nanmedian_dim(dim, a.bool_or(2, "keepdim", false))),
        None => a.x().nanmedian().outcomes(),
    };
    "nn.functional.one_hot" => |a| a.x().one_hot(a.int_or(1, "num_classes", -1));
    "searchsorted" => |a| searched(a);
    "sort" => |a| { let (dim, descending) = sorting(a); pair(a.x().sort(dim, descending)) };
    "topk" => |a| {
        a.bool_or(4, "sorted", true);
        let (k, dim) = (a.int(1, "k") as usize, a.int_or(2, "dim", -1));
        pair_of_different(a, a.x().topk(k, dim, a.bool_or(3, "largest", true)))
    };
    "unique" => |a| different(a, false);
    "unique_consecutive" => |a| different(a, true);
}
