//! Reductions and matrix products.

use super::{int, list, tolerance};
use conformance::fixture::{Case, Inputs};
use conformance::report::{Deviation, Suite};
use tensor_core::{DType, Result, Tensor};

fn run(case: &Case<'_>, inputs: &Inputs) -> Result<Vec<Tensor>> {
    let (x, p) = (&inputs.tensors[0], &case.parameters);
    let keepdim = || p[1] == "1";
    let dim = || int(p[0]);
    let correction = || p[2].parse::<f64>().expect("a number");
    /// Calls a method over the dimensions that a parameter names.
    macro_rules! over {
        ($method:ident $(, $more:expr)*) => {
            if p[0] == ".." { x.$method(.. $(, $more)*) } else { x.$method(list(p[0]) $(, $more)*) }
        };
    }
    let result = match (case.operation, p.len()) {
        ("sum", 0) => x.try_sum(),
        ("mean", 0) => x.try_mean(),
        ("any", 0) => x.try_any(),
        ("all", 0) => x.try_all(),
        ("max", 0) => x.try_max(),
        ("min", 0) => x.try_min(),
        ("prod", 0) => x.try_prod(),
        ("argmax", 0) => x.try_argmax(),
        ("argmin", 0) => x.try_argmin(),
        ("var", 0) => x.try_var(),
        ("std", 0) => x.try_std(),
        ("sum", _) => over!(try_sum_dim, keepdim()),
        ("mean", _) => over!(try_mean_dim, keepdim()),
        ("any", _) => over!(try_any_dim, keepdim()),
        ("all", _) => over!(try_all_dim, keepdim()),
        ("amax", _) => over!(try_amax, keepdim()),
        ("amin", _) => over!(try_amin, keepdim()),
        ("var", _) => over!(try_var_dim, correction(), keepdim()),
        ("std", _) => over!(try_std_dim, correction(), keepdim()),
        ("prod", _) => x.try_prod_dim(dim(), keepdim()),
        ("argmax", _) => x.try_argmax_dim(dim(), keepdim()),
        ("argmin", _) => x.try_argmin_dim(dim(), keepdim()),
        ("max_dim", _) => return x.try_max_dim(dim(), keepdim()).map(|top| vec![top.values, top.indices]),
        ("min_dim", _) => return x.try_min_dim(dim(), keepdim()).map(|top| vec![top.values, top.indices]),
        ("matmul", _) => x.try_matmul(&inputs.tensors[1]),
        ("mm", _) => x.try_mm(&inputs.tensors[1]),
        ("bmm", _) => x.try_bmm(&inputs.tensors[1]),
        ("mv", _) => x.try_mv(&inputs.tensors[1]),
        ("dot", _) => x.try_dot(&inputs.tensors[1]),
        (other, _) => panic!("no operation {other}"),
    };
    Ok(vec![result?])
}

/// Strides are not compared: results here are always row-major, where PyTorch's sometimes follow a permuted input.
fn check(file: &str, deviations: &[Deviation]) {
    let near = |case: &Case<'_>, want: &conformance::fixture::Expected| tolerance(case.operation, "", want.dtype);
    Suite { run: &run, tolerance: &near, checks_layout: &|_| false, deviations }.check(file);
}

#[test]
fn reductions() {
    let deviations = [
        Deviation {
            name: "means that do not overflow",
            reason: "Sums accumulate in float64 here, so that the mean of numbers near the largest one is finite.",
            covers: |case| case.operation == "mean" && case.head.contains(":20,20:-:s:"),
        },
        Deviation {
            name: "spread of float64 near the largest number",
            reason: "Where squares overflow, infinity or NaN comes out, depending on the order of the sums.",
            covers: |case| matches!(case.operation, "var" | "std") && case.head.contains("f64:19,9:-:s:"),
        },
    ];
    check("values.reduce.tsv", &deviations);
}

#[test]
fn products() {
    let deviations = [Deviation {
        name: "products of bool",
        reason: "PyTorch refuses them too, but not where an operand is empty.",
        covers: |case| case.dtypes()[0] == DType::Bool,
    }];
    check("values.products.tsv", &deviations);
}
