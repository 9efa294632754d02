//! Derivatives of reading and writing at positions: what was read is added back where it was, what was written is read there.

use super::{Rule, rules};
use tensor_core::op::{Index, Origin};
use tensor_core::{Op, Tensor, or_panic};

fn index(op: &Op) -> Index {
    match op {
        Op::Index(index) => *index,
        _ => unreachable!("the rules of index operations"),
    }
}

fn dim(op: &Op) -> i64 {
    match index(op) {
        Index::Gather { dim, .. } | Index::Select { dim } | Index::ScatterAdd { dim } | Index::Add { dim } => {
            dim as i64
        }
        Index::Get { .. } | Index::Put { .. } | Index::NonZero { .. } => unreachable!("no single dimension"),
    }
}

fn dims(op: &Op) -> u64 {
    match index(op) {
        Index::Get { dims, .. } | Index::Put { dims, .. } => dims,
        Index::Gather { .. }
        | Index::Select { .. }
        | Index::ScatterAdd { .. }
        | Index::Add { .. }
        | Index::NonZero { .. } => {
            unreachable!("one dimension")
        }
    }
}

pub(super) fn rules(op: Index) -> &'static [Rule] {
    match op {
        Index::Gather { .. } => rules![|g, b, op, input| input.zeros().scatter_add(dim(op), b, g)],
        Index::Select { .. } => rules![|g, b, op, input| {
            if input.shape().is_empty() {
                return g.reshape(());
            }
            input.zeros().index_add(dim(op), &b.reshape(-1), g)
        }],
        Index::ScatterAdd { .. } => rules![|g| g.clone(), |g| g.clone(), |g, b, op, input| {
            // Only the part of the source that has a position was added.
            let got = g.gather(dim(op), b);
            if got.shape() == input.shape() { got } else { pad_to(&got, input) }
        }],
        Index::Add { .. } => rules![|g| g.clone(), |g| g.clone(), |g, b, op, input| g
            .index_select(dim(op), &b.reshape(-1))
            .reshape(input.shape())],
        Index::Get { .. } => rules![|g, op, input, positions| {
            let at: Vec<&Tensor> = positions.iter().collect();
            or_panic(input.zeros().try_index_put(dims(op), &at, g, true))
        }],
        Index::Put { accumulate: true, .. } => rules![|g| g.clone(), |g, op, positions| or_panic(
            g.try_index_get(dims(op), &positions.iter().collect::<Vec<_>>())
        )],
        Index::Put { accumulate: false, .. } => rules![
            |g, op, positions| {
                let zero = or_panic(Tensor::try_full_on((), 0, g.dtype(), g.device()));
                or_panic(g.try_index_put(dims(op), &positions.iter().collect::<Vec<_>>(), &zero, false))
            },
            |g, op, positions| or_panic(g.try_index_get(dims(op), &positions.iter().collect::<Vec<_>>()))
        ],
        Index::NonZero { .. } => &[],
    }
}

/// `part` in the corner of zeros in the input's shape.
fn pad_to(part: &Tensor, input: super::Input<'_>) -> Tensor {
    let whole = input.zeros();
    let corner = part.shape().iter().enumerate().fold(whole.clone(), |x, (dim, size)| x.narrow(dim as i64, 0, *size));
    corner.copy_(part);
    whole
}

pub(super) fn name(op: Index) -> &'static str {
    match op {
        Index::Gather { origin: Origin::Max, .. } => "MaxBackward0",
        Index::Gather { origin: Origin::Min, .. } => "MinBackward0",
        Index::Gather { origin: Origin::Cummax, .. } => "CummaxBackward0",
        Index::Gather { origin: Origin::Cummin, .. } => "CumminBackward0",
        Index::Gather { origin: Origin::Sort, .. } => "SortBackward0",
        Index::Gather { origin: Origin::Topk, .. } => "TopkBackward0",
        Index::Gather { origin: Origin::Kthvalue, .. } => "KthvalueBackward0",
        Index::Gather { origin: Origin::Median, .. } => "MedianBackward1",
        Index::Gather { origin: Origin::NanMedian, .. } => "NanmedianBackward1",
        Index::Gather { .. } => "GatherBackward0",
        Index::Select { .. } => "IndexSelectBackward0",
        Index::ScatterAdd { .. } => "ScatterAddBackward0",
        Index::Add { .. } => "IndexAddBackward0",
        Index::Get { origin: Origin::MaskedSelect, .. } => "MaskedSelectBackward0",
        Index::Get { .. } => "IndexBackward0",
        Index::Put { .. } => "IndexPutBackward0",
        Index::NonZero { .. } => "NonzeroBackward0",
    }
}
