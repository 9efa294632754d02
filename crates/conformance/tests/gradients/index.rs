//! Reading and writing at positions.

use crate::samples::*;
use autograd::Gradient;
use tensor_core::op::index::Fold;
use tensor_core::op::{Index, Origin};
use tensor_core::{NewAxis, Op, Tensor, or_panic};

/// One operation of each kind. The match below has no wildcard: a new kind needs a sample.
const KINDS: [Index; 18] = [
    Index::Gather { dim: 1, origin: Origin::Itself },
    Index::Select { dim: 1 },
    Index::ScatterAdd { dim: 1 },
    Index::Add { dim: 1 },
    Index::Scatter { dim: 1 },
    Index::ScatterReduce { dim: 1, fold: Fold::Prod },
    Index::ScatterReduce { dim: 1, fold: Fold::Max },
    Index::ScatterReduce { dim: 1, fold: Fold::Min },
    Index::Copy { dim: 1 },
    Index::Rows { padding: -1 },
    Index::RowsAdded { count: 4, padding: 2 },
    Index::MaskedSelect { count: 4, origin: Origin::Itself },
    Index::MaskedScatter,
    Index::Count,
    Index::Get { dims: 0b11, origin: Origin::Itself },
    Index::Put { dims: 0b11, accumulate: true },
    Index::Put { dims: 0b11, accumulate: false },
    Index::NonZero { count: 6 },
];

#[test]
fn every_operation_at_positions() {
    for op in KINDS {
        let what = format!("{op:?}");
        let run = |inputs: &[&Tensor]| Tensor::apply(Op::Index(op), inputs);
        for form in FORMS {
            let x = sample(&[2, 3], form, 0.2..1.0, 61);
            match op {
                Index::Gather { .. } => {
                    for at in [positions(&[0, 2, 2, 1, 1, 0, 0, 2], &[2, 4]), positions(&[1, 1], &[1, 2])] {
                        check(&what, |x| or_panic(run(&[&x[0], &at])), &[x.clone()]);
                    }
                }
                Index::Select { .. } => {
                    let at = positions(&[2, 0, 2, 2], &[4]);
                    check(&what, |x| or_panic(run(&[&x[0], &at])), &[x.clone()]);
                    let at = at.to_dtype(tensor_core::DType::I32);
                    check(&what, |x| or_panic(run(&[&x[0], &at])), &[x]);
                }
                Index::ScatterAdd { .. } => {
                    let at = positions(&[0, 2, 2, 1], &[2, 2]);
                    let f = |x: &[Tensor]| or_panic(run(&[&x[0], &at, &x[1]]));
                    check_each(&what, f, &[x.clone(), any(&[2, 2])]);
                    // The source may be larger than the positions.
                    check(&what, f, &[x, sample(&[3, 4], Form::Transposed, -1.0..1.0, 62)]);
                }
                Index::Scatter { .. } | Index::ScatterReduce { .. } => {
                    // What is written twice without being combined depends on the order; it has no derivative.
                    let twice = if op == (Index::Scatter { dim: 1 }) { 0 } else { 2 };
                    let at = positions(&[twice, 2, 2, 1], &[2, 2]);
                    let f = |x: &[Tensor]| or_panic(run(&[&x[0], &at, &x[1]]));
                    // Equal values that meet have no second derivative.
                    let form = if form == Form::Expanded { Form::Sliced } else { form };
                    check_each(&what, f, &[x, sample(&[2, 2], form, 0.1..1.4, 70)]);
                }
                Index::Copy { .. } => {
                    let at = positions(&[2, 0], &[2]);
                    let f = |x: &[Tensor]| or_panic(run(&[&x[0], &at, &x[1]]));
                    check_each(&what, f, &[x, sample(&[2, 2], form, -1.0..1.0, 67)]);
                }
                Index::Rows { .. } => {
                    let at = positions(&[1, 0, 1, 1], &[2, 2]);
                    check(&what, |x| or_panic(run(&[&x[0], &at])), &[x]);
                }
                Index::RowsAdded { .. } => {
                    let at = positions(&[3, 3], &[2]);
                    check(&what, |x| or_panic(run(&[&x[0], &at])), &[x.clone()]);
                    let padded = positions(&[2, 0], &[2]);
                    check(&what, |x| or_panic(run(&[&x[0], &padded])), &[x]);
                }
                Index::MaskedSelect { .. } => {
                    let mask = positions(&[1, 0, 1, 1, 0, 1], &[2, 3]).ne(0);
                    check(&what, |x| or_panic(run(&[&x[0], &mask])), &[x]);
                }
                Index::MaskedScatter => {
                    let mask = positions(&[1, 0, 1, 1, 0, 1], &[2, 3]).ne(0);
                    let f = |x: &[Tensor]| or_panic(run(&[&x[0], &mask, &x[1]]));
                    check_each(&what, f, &[x.clone(), any(&[4])]);
                    check(&what, f, &[x, sample(&[6], form, -1.0..1.0, 68)]);
                }
                Index::Count => check_flat(&what, run(&[&x])),
                Index::Add { .. } => {
                    let at = positions(&[2, 0, 2, 1], &[4]);
                    let f = |x: &[Tensor]| or_panic(run(&[&x[0], &at, &x[1]]));
                    check_each(&what, f, &[x, sample(&[2, 4], form, -1.0..1.0, 63)]);
                }
                Index::Get { .. } => {
                    let at = [positions(&[0, 1, -1, 1], &[4]), positions(&[2], &[1])];
                    check(&what, |x| or_panic(run(&[&x[0], &at[0], &at[1]])), &[x]);
                }
                Index::Put { accumulate, .. } => {
                    // What is put twice without being added depends on the order; it has no derivative.
                    let columns = if accumulate { [2, 2, 0] } else { [2, 1, 0] };
                    let at = [positions(&[1, 1, 0], &[3]), positions(&columns, &[3])];
                    let f = |x: &[Tensor]| or_panic(run(&[&x[0], &x[1], &at[0], &at[1]]));
                    check_each(&what, f, &[x, sample(&[3], form, -1.0..1.0, 64)]);
                }
                Index::NonZero { .. } => check_flat(&what, run(&[&x])),
            }
        }
    }
}

#[test]
fn all_dimensions_and_single_numbers() {
    let x = || any(&[2, 3, 2]);
    for dim in 0..3 {
        let at = positions(&[1, 0], &[2]);
        check("index_select", |x| x[0].index_select(dim, &at), &[x()]);
        let source: Vec<usize> = (0..3).map(|i| if i == dim { 2 } else { [2, 3, 2][i as usize] }).collect();
        check("index_add", |x| x[0].index_add(dim, &at, &x[1]), &[x(), any(&source)]);
        let corner = positions(&[1, 0, 0, 1], &[2, 2, 1]);
        check("gather", |x| x[0].gather(dim, &corner), &[x()]);
        check("scatter_add", |x| x[0].scatter_add(dim, &corner, &x[1]), &[x(), any(&[2, 2, 1])]);
    }
    let zero = positions(&[0], &[]);
    check("gather of a number", |x| x[0].gather(0, &zero), &[any(&[])]);
    check("index_select of a number", |x| x[0].index_select(0, &zero), &[any(&[])]);
    check("masked_select of a number", |x| x[0].masked_select(&x[0].detach().gt(-9.0)), &[any(&[])]);
    let none = positions(&[], &[0]);
    check("index_select of nothing", |x| x[0].index_select(0, &none), &[any(&[2, 3])]);
    check("gather of nothing", |x| x[0].gather(1, &positions(&[], &[2, 0])), &[any(&[2, 3])]);
}

#[test]
fn indexing_as_written() {
    let x = || any(&[3, 2, 4]);
    let (rows, columns) = (positions(&[0, 2, 2], &[3]), positions(&[3, 1], &[2, 1]));
    check("x[rows]", |x| x[0].i(&rows), &[x()]);
    check("x[:, [1, 0]]", |x| x[0].i((.., [1, 0])), &[x()]);
    check("x[rows, :, columns]", |x| x[0].i((&rows, .., &columns)), &[x()]);
    check("x[rows, 0]", |x| x[0].i((&rows, 0)), &[x()]);
    check("x[rows, 0, columns]", |x| x[0].i((&rows, 0, &columns)), &[x()]);
    check("x[1, None, :, 1:3]", |x| x[0].i((1, NewAxis, .., 1..3)), &[x()]);
    let mask = plain(&[3, 2], Form::Contiguous, -1.0..1.0, 65).gt(0.0);
    check("x[mask]", |x| x[0].i(&mask), &[x()]);
    check("masked_select, broadcast", |x| x[0].masked_select(&mask.unsqueeze(2)), &[x()]);
    check("masked_select, expanding", |x| x[0].masked_select(&mask), &[any(&[2])]);
}

#[test]
fn written_at_positions() {
    let base = |x: &[Tensor]| x[0].sin();
    let inputs = |shape: &[usize]| [any(&[3, 4]), any(shape)];
    let rows = positions(&[2, 0], &[2]);
    let put = |what: &str, shape: &[usize], write: &dyn Fn(&Tensor, &Tensor)| {
        let f = |x: &[Tensor]| {
            let b = base(x);
            write(&b, &x[1]);
            &b * &b
        };
        check_each(what, f, &inputs(shape));
    };
    put("b[1] = v", &[4], &|b, v| b.i_put(1, v));
    put("b[1:, ::2] = v", &[2], &|b, v| b.i_put((1.., tensor_core::indexing::step(.., 2)), v));
    put("b[rows] = v", &[2, 4], &|b, v| b.i_put(&rows, v));
    put("b[rows, 1:3] = v", &[2], &|b, v| b.i_put((&rows, 1..3), v));
    put("b[mask] = v", &[], &|b, v| b.i_put(&b.detach().gt(0.0), v));
    put("b[:, 0] = b[:, 1] * v", &[3], &|b, v| b.i_put((.., 0), b.i((.., 1)).clone_() + v));
    put("b.t()[1] += v", &[3], &|b, v| drop(b.t().select(0, 1).add_(v)));
    put("b[0].view(2, 2).mul_(v)", &[2], &|b, v| drop(b.select(0, 0).view([2, 2]).mul_(v)));
    put("index_add_", &[2, 4], &|b, v| drop(b.index_add_(0, &rows, v)));
    let at = positions(&[0, 0, 3], &[1, 3]);
    put("scatter_add_", &[1, 3], &|b, v| drop(b.scatter_add_(1, &at, v)));
}

#[test]
fn scattered_and_reduced() {
    let at = positions(&[0, 2, 2, 1, 1, 1], &[2, 3]);
    for reduce in ["sum", "prod", "mean", "amax", "amin"] {
        for include_self in [true, false] {
            let f = |x: &[Tensor]| x[0].scatter_reduce(1, &at, &x[1], reduce, include_self);
            check_each(reduce, f, &[any(&[2, 4]), sample(&[3, 3], Form::Transposed, 0.2..1.0, 69)]);
        }
    }
    // One zero among factors, in the tensor or in the source.
    let zero = |x: &Tensor, place: usize| {
        let at = positions(&[place as i64], &[1]);
        x.detach().index_fill(1, &at, 0.0).requires_grad_(true)
    };
    let f = |x: &[Tensor]| x[0].scatter_reduce(1, &at, &x[1], "prod", true);
    let once = |what: &str, inputs: &[Tensor]| {
        let near = autograd::gradcheck(f, inputs, autograd::Tolerance::default());
        assert!(near.is_ok(), "{what}: {near:?}");
    };
    once("zero in the tensor", &[zero(&any(&[2, 4]), 2), any(&[2, 3])]);
    once("zero in the source", &[any(&[2, 4]), zero(&any(&[2, 3]), 0)]);
}

#[test]
fn composed_positions() {
    let at = positions(&[0, -1, 2, 2], &[2, 2]);
    check("take", |x| x[0].take(&at), &[sample(&[2, 3], Form::Transposed, -1.0..1.0, 81)]);
    let once = positions(&[0, -1, 2], &[3]);
    check("put", |x| x[0].put(&once, &x[1], false), &[any(&[2, 3]), any(&[3])]);
    check("put, adding", |x| x[0].put(&at, &x[1], true), &[any(&[2, 3]), any(&[4])]);
    let turned = sample(&[2, 3], Form::Transposed, -1.0..1.0, 82);
    check("put into a transposed tensor", |x| x[0].put(&once, &x[1], false), &[turned, any(&[3])]);
    let rows = positions(&[1, 0], &[2]);
    check("index_fill", |x| x[0].index_fill(1, &rows, 2.0), &[any(&[2, 3])]);
    check("index_fill by a tensor", |x| x[0].index_fill(0, &rows, &x[1]), &[any(&[3, 2]), any(&[])]);
    let ranks = positions(&[1, 0, 0], &[1, 3]);
    check("take_along_dim", |x| x[0].take_along_dim(&ranks, Some(0)), &[any(&[2, 1])]);
    check("take_along_dim of all", |x| x[0].take_along_dim(&ranks, None), &[any(&[2, 2])]);
    check("select_scatter", |x| x[0].select_scatter(&x[1], 1, -1), &[any(&[2, 3]), any(&[2])]);
    check("slice_scatter", |x| x[0].slice_scatter(&x[1], 1, 0, 3, 2), &[any(&[2, 3]), any(&[2, 2])]);
    let words = positions(&[2, 0, 2], &[3]);
    check("embedding with padding", |x| words.embedding(&x[0], Some(1)) * &x[1], &[any(&[3, 2]), any(&[3, 2])]);
    let mask = plain(&[3], Form::Contiguous, -1.0..1.0, 83).gt(0.0);
    check("masked_scatter, broadcast", |x| x[0].masked_scatter(&mask, &x[1]), &[any(&[2, 3]), any(&[6])]);
}
