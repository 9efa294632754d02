//! Joining, turning around, and views.

use super::{int, list, tolerance};
use conformance::fixture::{Case, Inputs};
use conformance::report::{Deviation, Suite};
use tensor_core::op::join::{try_cat, try_stack};
use tensor_core::{Result, Tensor};

fn run(case: &Case<'_>, inputs: &Inputs) -> Result<Vec<Tensor>> {
    let (x, p) = (&inputs.tensors[0], &case.parameters);
    let at = |k: usize| int(p[k]);
    let numbers = |k: usize| list(p.get(k).copied().unwrap_or(""));
    let sizes = |k: usize| numbers(k).into_iter().map(|size| size as usize).collect::<Vec<_>>();
    let one = match case.operation {
        "cat" => try_cat(&inputs.tensors, at(0)),
        "stack" => try_stack(&inputs.tensors, at(0)),
        "flip" if p[0] == ".." => x.try_flip(..),
        "flip" => x.try_flip(numbers(0)),
        "view" => x.try_view(numbers(0)),
        "reshape" => x.try_reshape(numbers(0)),
        "expand" => x.try_expand(numbers(0)),
        "permute" => x.try_permute(numbers(0)),
        "flatten" => x.try_flatten(),
        "flatten_dims" => x.try_flatten_dims(at(0), at(1)),
        "squeeze" if p.is_empty() => x.try_squeeze(),
        "squeeze" => x.try_squeeze_dim(numbers(0)),
        "unsqueeze" => x.try_unsqueeze(at(0)),
        "t" => x.try_t(),
        "mt" => x.try_mt(),
        "transpose" => x.try_transpose(at(0), at(1)),
        "movedim" => x.try_movedim(at(0), at(1)),
        "select" => x.try_select(at(0), at(1)),
        "slice" if p.len() == 3 => x.try_slice(at(0), at(1), i64::MAX, at(2)),
        "slice" => x.try_slice(at(0), at(1), at(2), at(3)),
        "narrow" => x.try_narrow(at(0), at(1), at(2) as usize),
        // Without dimensions, sizes and strides are empty and only the offset is written.
        "as_strided" if p.len() == 1 => x.try_as_strided((), (), at(0) as usize),
        "as_strided" => x.try_as_strided(numbers(0), numbers(1), at(2) as usize),
        "split" => return x.try_split(at(0) as usize, at(1)),
        "split_sizes" => return x.try_split_sizes(&sizes(0), at(1)),
        "chunk" => return x.try_chunk(at(0) as usize, at(1)),
        "unbind" => return x.try_unbind(at(0)),
        other => panic!("no operation {other}"),
    };
    Ok(vec![one?])
}

fn check(file: &str, deviations: &[Deviation]) {
    let near = |case: &Case<'_>, want: &conformance::fixture::Expected| tolerance(case.operation, "", want.dtype);
    Suite { run: &run, tolerance: &near, checks_layout: &|_| true, deviations }.check(file);
}

#[test]
fn joining() {
    check("values.join.tsv", &[]);
}

#[test]
fn views() {
    check("values.view.tsv", &[]);
}
