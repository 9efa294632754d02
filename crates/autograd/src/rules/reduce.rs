//! Derivatives of reductions: the gradient spreads back over the reduced dimensions.

use super::{Input, Rule, rules};
use tensor_core::op::reduce::{Reduce, ReduceKind};
use tensor_core::shape::ALL_AXES;
use tensor_core::{Op, Tensor};

fn reduce(op: &Op) -> Reduce {
    match op {
        Op::Reduce(reduce) => *reduce,
        _ => unreachable!("the rules of reductions"),
    }
}

/// A result of a reduction with its reduced dimensions put back, as size one.
fn restore(value: &Tensor, reduce: Reduce, input: Input<'_>) -> Tensor {
    if reduce.keepdim || value.ndim() == 0 {
        return value.clone();
    }
    value.reshape(Reduce { keepdim: true, ..reduce }.output_shape(input.shape()))
}

/// The gradient at every reduced element.
fn spread(g: &Tensor, op: &Op, input: Input<'_>) -> Tensor {
    restore(g, reduce(op), input).expand(input.shape())
}

pub(super) fn rules(op: Reduce) -> &'static [Rule] {
    match op.kind {
        ReduceKind::Sum => rules![|g, op, input| spread(g, op, input)],
        ReduceKind::Mean => {
            rules![|g, op, input| spread(&(g / reduce(op).count(input.shape()) as f64), op, input)]
        }
        ReduceKind::Prod => rules![|g, x, op, input| prod(g, x, reduce(op), input)],
        // Equal extremes share the gradient.
        ReduceKind::Max | ReduceKind::Min => rules![|g, x, y, op, input| {
            let r = reduce(op);
            let y = restore(y, r, input);
            let chosen = x.eq(&y).bitwise_or(&x.isnan().bitwise_and(&y.isnan())).to_dtype(g.dtype());
            let count = Tensor::apply(Op::Reduce(Reduce { kind: ReduceKind::Sum, keepdim: true, ..r }), &[&chosen]);
            restore(g, r, input) * (chosen / tensor_core::or_panic(count))
        }],
        ReduceKind::Var { .. } => rules![|g, x, op, input| {
            let r = reduce(op);
            let ReduceKind::Var { correction } = r.kind else { unreachable!("the rule of the variance") };
            let divisor = r.count(input.shape()) as f64 - correction;
            restore(g, r, input) * (centred(x, r) * (2.0 / divisor))
        }],
        ReduceKind::Std { .. } => rules![|g, x, y, op, input| {
            let r = reduce(op);
            let ReduceKind::Std { correction } = r.kind else { unreachable!("the rule of the deviation") };
            let divisor = r.count(input.shape()) as f64 - correction;
            let scale = (g / (y * divisor)).masked_fill(&y.eq(0.0), 0.0);
            restore(&scale, r, input) * centred(x, r)
        }],
        ReduceKind::ArgMax | ReduceKind::ArgMin | ReduceKind::Any | ReduceKind::All => &[],
    }
}

/// The distances from the mean.
fn centred(x: &Tensor, r: Reduce) -> Tensor {
    let mean = Tensor::apply(Op::Reduce(Reduce { kind: ReduceKind::Mean, keepdim: true, ..r }), &[x]);
    x - tensor_core::or_panic(mean)
}

/// The derivative of a product: at each element the product of all others, found without dividing, so that zeros are right and
/// the formula has derivatives itself. The reduced dimensions come last as one; the others are multiplied in by doubling
/// windows from the left and from the right.
fn prod(g: &Tensor, x: &Tensor, r: Reduce, input: Input<'_>) -> Tensor {
    let rank = input.shape().len();
    if rank == 0 {
        return g.clone();
    }
    let reduced = |dim: &usize| r.axes >> dim & 1 == 1;
    let order: Vec<usize> = (0..rank).filter(|dim| !reduced(dim)).chain((0..rank).filter(reduced)).collect();
    let kept: Vec<usize> = (0..rank).filter(|dim| !reduced(dim)).map(|dim| input.shape()[dim]).collect();
    let count = r.count(input.shape());
    let rows: usize = kept.iter().product();
    let flat = x.permute(&order).reshape([rows, count]);
    let before = products_before(&flat);
    let after = products_before(&flat.flip(1)).flip(1);
    let others = before * after * g.reshape([rows, 1]);
    let shape: Vec<usize> = order.iter().map(|dim| input.shape()[*dim]).collect();
    let mut inverse = vec![0; rank];
    order.iter().enumerate().for_each(|(place, dim)| inverse[*dim] = place);
    others.reshape(shape).permute(&inverse)
}

/// In each row, the product of all elements to the left of each.
fn products_before(rows: &Tensor) -> Tensor {
    let count = rows.shape()[1];
    let ones = |width: usize| {
        let one = Tensor::try_full_on([rows.shape()[0], width], 1, rows.dtype(), rows.device());
        tensor_core::or_panic(one)
    };
    let shift = |x: &Tensor, by: usize| {
        let by = by.min(count);
        tensor_core::op::join::cat(&[ones(by), x.narrow(1, 0, count - by)], 1)
    };
    let mut window = shift(rows, 1);
    let mut width = 1;
    while width < count {
        window = &window * shift(&window, width);
        width *= 2;
    }
    window
}

pub(super) fn name(op: Reduce) -> &'static str {
    let all = op.axes == ALL_AXES && !op.keepdim;
    match (op.kind, all) {
        (ReduceKind::Sum, true) => "SumBackward0",
        (ReduceKind::Sum, false) => "SumBackward1",
        (ReduceKind::Mean, true) => "MeanBackward0",
        (ReduceKind::Mean, false) => "MeanBackward1",
        (ReduceKind::Prod, true) => "ProdBackward0",
        (ReduceKind::Prod, false) => "ProdBackward1",
        (ReduceKind::Max, true) => "MaxBackward1",
        (ReduceKind::Max, false) => "AmaxBackward0",
        (ReduceKind::Min, true) => "MinBackward1",
        (ReduceKind::Min, false) => "AminBackward0",
        (ReduceKind::Var { .. }, _) => "VarBackward0",
        (ReduceKind::Std { .. }, _) => "StdBackward0",
        (ReduceKind::ArgMax, _) => "ArgmaxBackward0",
        (ReduceKind::ArgMin, _) => "ArgminBackward0",
        (ReduceKind::Any, _) => "AnyBackward0",
        (ReduceKind::All, _) => "AllBackward0",
    }
}
