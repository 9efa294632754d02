//! Derivatives of reading and writing at positions: what was read is added back where it was, what was written is read there.

use super::{Rule, rules};
use tensor_core::op::index::Fold;
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
        Index::Gather { dim, .. }
        | Index::Select { dim }
        | Index::Scatter { dim }
        | Index::ScatterAdd { dim }
        | Index::ScatterReduce { dim, .. }
        | Index::Add { dim }
        | Index::Copy { dim } => dim as i64,
        Index::Rows { .. }
        | Index::RowsAdded { .. }
        | Index::Get { .. }
        | Index::Put { .. }
        | Index::MaskedSelect { .. }
        | Index::MaskedScatter
        | Index::Count
        | Index::NonZero { .. } => unreachable!("no single dimension"),
    }
}

fn dims(op: &Op) -> u64 {
    match index(op) {
        Index::Get { dims, .. } | Index::Put { dims, .. } => dims,
        Index::Gather { .. }
        | Index::Select { .. }
        | Index::Scatter { .. }
        | Index::ScatterAdd { .. }
        | Index::ScatterReduce { .. }
        | Index::Add { .. }
        | Index::Copy { .. }
        | Index::Rows { .. }
        | Index::RowsAdded { .. }
        | Index::MaskedSelect { .. }
        | Index::MaskedScatter
        | Index::Count
        | Index::NonZero { .. } => unreachable!("one dimension, or none"),
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
        Index::Scatter { .. } => {
            rules![|g, b, op| g.scatter(dim(op), b, 0), |g| g.clone(), |g, b, op| g.gather(dim(op), b)]
        }
        Index::ScatterReduce { fold: Fold::Prod, .. } => rules![
            |g, x, b, c, op| {
                let filled = x.masked_fill(&x.eq(0), 1);
                g * filled.scatter_reduce(dim(op), b, c, "prod", true) / filled
            },
            |g| g.clone(),
            |g, x, b, c, y, op| factor(g, [x, b, c, y], dim(op))
        ],
        Index::ScatterReduce { fold: Fold::Max | Fold::Min, .. } => rules![
            |g, x, b, c, y, op| x.eq(y).where_(g / winners([x, b, c, y], dim(op)), 0.0),
            |g| g.clone(),
            |g, x, b, c, y, op| {
                let share = g / winners([x, b, c, y], dim(op));
                c.eq(&y.gather(dim(op), b)).where_(share.gather(dim(op), b), 0.0)
            }
        ],
        Index::Copy { .. } => rules![|g, b, op| g.index_fill(dim(op), b, 0), |g| g.clone(), |g, b, op, input| g
            .index_select(dim(op), &b.reshape(-1))
            .reshape(input.shape())],
        Index::Rows { .. } => rules![|g, b, op, input| {
            let Index::Rows { padding } = index(op) else { unreachable!("the rule of rows") };
            or_panic(Tensor::apply(Op::Index(Index::RowsAdded { count: input.shape()[0], padding }), &[g, b]))
        }],
        Index::RowsAdded { .. } => rules![|g, b, op| {
            let Index::RowsAdded { padding, .. } = index(op) else { unreachable!("the rule of added rows") };
            let rows = b.embedding(g, None);
            if padding < 0 { rows } else { rows.masked_fill(&b.eq(padding).unsqueeze(-1), 0) }
        }],
        Index::Add { .. } => rules![|g| g.clone(), |g| g.clone(), |g, b, op, input| g
            .index_select(dim(op), &b.reshape(-1))
            .reshape(input.shape())],
        Index::Get { .. } => rules![|g, op, input, positions| {
            let at: Vec<&Tensor> = positions.iter().collect();
            or_panic(input.zeros().try_put_at(dims(op), &at, g, true))
        }],
        Index::Put { accumulate: true, .. } => rules![|g| g.clone(), |g, op, positions| or_panic(
            g.try_index_get(dims(op), &positions.iter().collect::<Vec<_>>())
        )],
        Index::Put { accumulate: false, .. } => rules![
            |g, op, positions| {
                let zero = or_panic(Tensor::try_full_on((), 0, g.dtype(), g.device()));
                or_panic(g.try_put_at(dims(op), &positions.iter().collect::<Vec<_>>(), &zero, false))
            },
            |g, op, positions| or_panic(g.try_index_get(dims(op), &positions.iter().collect::<Vec<_>>()))
        ],
        Index::MaskedSelect { .. } => rules![|g, b, input| input.zeros().masked_scatter(b, g)],
        Index::MaskedScatter => rules![|g, b| g.masked_fill(b, 0), |g| g.clone(), |g, b, input| {
            // Elements beyond the mask's places were not used.
            let got = g.masked_select(b);
            if got.shape() == input.shape() { got } else { pad_to(&got, input) }
        }],
        Index::Count | Index::NonZero { .. } => &[],
    }
}

/// How many share the place that each extreme came from.
fn winners([x, b, c, y]: [&Tensor; 4], dim: i64) -> Tensor {
    let own = x.eq(y).to_dtype(y.dtype());
    own.scatter_add(dim, b, &c.eq(&y.gather(dim, b)).to_dtype(y.dtype()))
}

/// The derivative of a product of scattered values: the others' product, found by dividing. Where a value is the only zero at
/// its place, the product is computed again without it; where there are more, it is zero.
fn factor(g: &Tensor, [x, b, c, y]: [&Tensor; 4], dim: i64) -> Tensor {
    let zero = c.eq(0);
    let none = or_panic(Tensor::try_full_on(x.shape(), 0, x.dtype(), x.device()));
    let zeros = none.scatter_add(dim, b, &zero.to_dtype(c.dtype())).gather(dim, b);
    let only = zero.bitwise_and(&zeros.eq(1));
    let without = x.scatter_reduce(dim, b, &c.masked_fill(&only, 1), "prod", true);
    let others = (g * y).gather(dim, b) / c.masked_fill(&zero, 1);
    only.where_((g * without).gather(dim, b), others)
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
        Index::Scatter { .. } => "ScatterBackward0",
        Index::ScatterReduce { .. } => "ScatterReduceBackward0",
        Index::Copy { .. } => "IndexCopyBackward0",
        Index::Rows { .. } => "EmbeddingBackward0",
        Index::RowsAdded { .. } => "EmbeddingDenseBackwardBackward0",
        Index::MaskedSelect { origin: Origin::MaskedSelect, .. } => "MaskedSelectBackward0",
        Index::MaskedSelect { .. } => "IndexBackward0",
        Index::MaskedScatter => "MaskedScatterBackward0",
        Index::Count => "CountNonzeroBackward0",
        Index::ScatterAdd { .. } => "ScatterAddBackward0",
        Index::Add { .. } => "IndexAddBackward0",
        Index::Get { .. } => "IndexBackward0",
        Index::Put { .. } => "IndexPutBackward0",
        Index::NonZero { .. } => "NonzeroBackward0",
    }
}
