//! Derivatives of recurrent layers: one pass back through the steps serves all inputs; the weight's gradient is one product
//! over all steps.

use super::{Formula, Gradients, PullAll, Rule};
use tensor_core::op::Recurrent;
use tensor_core::op::recurrent::{Cell, Layer};
use tensor_core::{Error, ErrorKind, Op, Tensor, or_panic};

const KEEPS: u8 = crate::kept::POSITIONS;

pub(super) fn rules(op: Recurrent) -> &'static [Rule] {
    match op {
        // Never recorded.
        Recurrent::Trace { .. } => &[],
        Recurrent::States(_) => &[Rule { keeps: KEEPS, formula: Formula::All(states) }],
        Recurrent::Backward(_) => &[Rule { keeps: 0, formula: Formula::All(twice) }],
    }
}

pub(super) fn name(op: Recurrent) -> &'static str {
    match op {
        Recurrent::Trace { .. } | Recurrent::States(_) => "MkldnnRnnLayerBackward0",
        Recurrent::Backward(_) => "MkldnnRnnLayerBackwardBackward0",
    }
}

fn twice(_: &PullAll<'_>) -> Gradients {
    let text = "the derivative of a recurrent layer's backward pass is not implemented; write the steps out as single \
                operations where derivatives of derivatives are needed";
    or_panic(Err(Error::new(ErrorKind::Unsupported, text.to_owned())))
}

/// The gradients of (pre, h, weight[, extra]).
fn states(pull: &PullAll<'_>) -> Gradients {
    let Op::Recurrent(Recurrent::States(layer)) = pull.op else { unreachable!("the rule of a layer's states") };
    let [_, first, weight, extra @ .., sizes, trace] = pull.kept.positions() else {
        unreachable!("all inputs are kept")
    };
    let cell = layer.cell;
    let inputs: Vec<&Tensor> = [pull.g, trace, first, weight].into_iter().chain(extra).chain([sizes]).collect();
    let all = or_panic(Tensor::apply(Op::Recurrent(Recurrent::Backward(*layer)), &inputs));
    let (total, count, hidden) = (pull.g.size(1), first.size(0), first.size(1));
    let width = cell.pulled() * hidden;
    let rows = all.narrow(0, 0, total * width).view([total, width]);
    let state = |number: usize| {
        let start = total * width + number * count * hidden;
        all.narrow(0, start as i64, count * hidden).view([count, hidden])
    };
    let lead = (cell.pulled() - cell.gates()) * hidden;
    let pre = rows.narrow(1, lead as i64, cell.gates() * hidden);
    let of_weight = pull.wanted[2].then(|| {
        let product = weight_gradient(*layer, &rows.narrow(1, 0, cell.gates() * hidden), first, trace, sizes);
        match cell {
            // W h + b came first.
            Cell::Gru => tensor_core::op::join::cat(
                &[product.narrow(0, hidden as i64, 2 * hidden), product.narrow(0, 0, hidden)],
                0,
            ),
            Cell::Tanh | Cell::Relu | Cell::Lstm => product,
        }
    });
    let mut grads: Gradients = smallvec::smallvec![Some(pre), Some(state(0)), of_weight];
    match cell {
        Cell::Lstm => grads.push(Some(state(1))),
        Cell::Gru => grads.push(pull.wanted[3].then(|| rows.narrow(1, 0, hidden).sum_dim(0, false))),
        Cell::Tanh | Cell::Relu => {}
    }
    grads
}

/// Σ d hᵀ, h the states before each row's step.
fn weight_gradient(layer: Layer, d: &Tensor, first: &Tensor, trace: &Tensor, sizes: &Tensor) -> Tensor {
    let (total, count, hidden) = (d.size(0), first.size(0), first.size(1));
    let h = trace.narrow(0, 0, total * hidden).view([total, hidden]);
    let sizes = sizes.to_vec::<i64>();
    let product = |d: &Tensor, h: &Tensor| d.t().matmul(h);
    if sizes.iter().all(|size| *size as usize == count) {
        let later = total - count;
        let (own, before, start) = if layer.reverse { (0, count, later) } else { (count, 0, 0) };
        let of_first = product(&d.narrow(0, start as i64, count), first);
        if later == 0 {
            return of_first;
        }
        return product(&d.narrow(0, own as i64, later), &h.narrow(0, before as i64, later)) + of_first;
    }
    // Rows of the first states, then of all steps, in the order of `d`.
    let starts: Vec<i64> = sizes.iter().scan(0, |end, size| Some(std::mem::replace(end, *end + size))).collect();
    let mut rows = Vec::with_capacity(total);
    for (t, size) in sizes.iter().enumerate() {
        let earlier = if layer.reverse { Some(t + 1).filter(|t| *t < sizes.len()) } else { t.checked_sub(1) };
        rows.extend((0..*size).map(|i| match earlier {
            Some(t) if i < sizes[t] => count as i64 + starts[t] + i,
            _ => i,
        }));
    }
    let rows = Tensor::from_vec(rows, [total], d.device());
    product(d, &tensor_core::op::join::cat(&[first.clone(), h], 0).index_select(0, &rows))
}
