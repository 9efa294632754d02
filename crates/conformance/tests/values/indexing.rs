//! Reading and writing at positions: gather and its kin, and `x[…]` in all its forms.

use super::{int, scalar, tolerance};
use conformance::fixture::{Case, Inputs};
use conformance::report::{Deviation, Suite};
use tensor_core::indexing::{Entries, step};
use tensor_core::{At, Ellipsis, IntoIndex, NewAxis, Result, Tensor};

/// An index as the fixture writes it: Python's, but `tK` for input K, `N` for None, and lists with semicolons.
struct Written(Vec<At>);

impl IntoIndex for Written {
    fn entries(self) -> Entries {
        self.0.into()
    }
}

fn written(text: &str, inputs: &[Tensor]) -> Written {
    let entry = |text: &str| -> At {
        if let Some(list) = text.strip_prefix('[') {
            return list.trim_end_matches(']').split(';').map(int).collect::<Vec<i64>>().into();
        }
        if let Some(input) = text.strip_prefix('t') {
            return At::from(&inputs[input.parse::<usize>().expect("an input")]);
        }
        if text.contains(':') {
            let mut parts = text.split(':').map(|part| (!part.is_empty()).then(|| int(part)));
            let (start, end, by) = (parts.next().flatten(), parts.next().flatten(), parts.next().flatten());
            let range = match (start, end) {
                (None, None) => At::from(..),
                (Some(start), None) => At::from(start..),
                (None, Some(end)) => At::from(..end),
                (Some(start), Some(end)) => At::from(start..end),
            };
            return step(range, by.unwrap_or(1));
        }
        match text {
            "..." => Ellipsis.into(),
            "N" => NewAxis.into(),
            position => int(position).into(),
        }
    };
    Written(text.split(',').filter(|part| !part.is_empty()).map(entry).collect())
}

fn run(case: &Case<'_>, inputs: &Inputs) -> Result<Vec<Tensor>> {
    let (x, p) = (&inputs.tensors, &case.parameters);
    let index = || written(p.first().copied().unwrap_or(""), x);
    let dim = || int(p[0]);
    let result = match case.operation {
        "gather" => x[0].try_gather(dim(), &x[1]),
        "index_select" => x[0].try_index_select(dim(), &x[1]),
        "scatter_add" => x[0].try_scatter_add(dim(), &x[1], &x[2]),
        "scatter_add_" => x[0].try_scatter_add_(dim(), &x[1], &x[2]),
        "index_add" => x[0].try_index_add(dim(), &x[1], &x[2]),
        "index_add_" => x[0].try_index_add_(dim(), &x[1], &x[2]),
        "scatter" => x[0].try_scatter(dim(), &x[1], &x[2]),
        "scatter_n" => x[0].try_scatter(dim(), &x[1], scalar(p[1])),
        "scatter_" => x[0].try_scatter_(dim(), &x[1], &x[2]),
        "scatter_reduce" => x[0].try_scatter_reduce(dim(), &x[1], &x[2], p[1], p[2] == "1"),
        "scatter_reduce_" => x[0].try_scatter_reduce_(dim(), &x[1], &x[2], p[1], p[2] == "1"),
        "index_copy" => x[0].try_index_copy(dim(), &x[1], &x[2]),
        "index_copy_" => x[0].try_index_copy_(dim(), &x[1], &x[2]),
        "index_fill" => x[0].try_index_fill(dim(), &x[1], scalar(p[1])),
        "index_fill_" => x[0].try_index_fill_(dim(), &x[1], scalar(p[1])),
        "take" => x[0].try_take(&x[1]),
        "write_" => x[0].try_put_(&x[1], &x[2], p[0] == "1"),
        "take_along_dim" if p.is_empty() => x[0].try_take_along_dim(&x[1], None),
        "take_along_dim" => x[0].try_take_along_dim(&x[1], Some(dim())),
        "masked_scatter" => x[0].try_masked_scatter(&x[1], &x[2]),
        "masked_scatter_" => x[0].try_masked_scatter_(&x[1], &x[2]),
        "embedding" => x[1].try_embedding(&x[0], None),
        "select_scatter" => x[0].try_select_scatter(&x[1], dim(), int(p[1])),
        "slice_scatter" => x[0].try_slice_scatter(&x[1], dim(), int(p[1]), int(p[2]), int(p[3])),
        "nonzero" => x[0].try_nonzero(),
        "masked_select" => x[0].try_masked_select(&x[1]),
        "get" => x[0].try_i(index()),
        "put_" => x[0].try_i_put(index(), &x[1]).map(|()| x[0].clone()),
        "put_n_" => match p[..] {
            [index, number] => x[0].try_i_put(written(index, x), scalar(number)).map(|()| x[0].clone()),
            [number] => x[0].try_i_put(Written(vec![]), scalar(number)).map(|()| x[0].clone()),
            _ => panic!("an index and a number: {p:?}"),
        },
        "index_put" => {
            x[0].try_put_at(p[0].parse().expect("bits"), &x[2..].iter().collect::<Vec<_>>(), &x[1], p[1] == "1")
        }
        // In place through a copy: the method that writes is the crate's own.
        "index_put_" => x[0]
            .try_put_at(p[0].parse().expect("bits"), &x[2..].iter().collect::<Vec<_>>(), &x[1], p[1] == "1")
            .and_then(|y| x[0].try_copy_(&y)),
        other => panic!("no operation {other}"),
    };
    Ok(vec![result?])
}

#[test]
fn reading_and_writing_at_positions() {
    let near = |case: &Case<'_>, want: &conformance::fixture::Expected| tolerance(case.operation, "", want.dtype);
    let deviations: &[Deviation] = &[];
    // Only views have a layout that their users rely on; PyTorch permutes the memory of what it gathers.
    let plain = |case: &Case<'_>| case.operation == "get" && !case.head.contains('t') && !case.head.contains('[');
    Suite { run: &run, tolerance: &near, checks_layout: &plain, deviations }.check("values.index.tsv");
}
