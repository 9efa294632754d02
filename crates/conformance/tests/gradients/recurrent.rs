//! Recurrent layers against PyTorch's, against the same steps written out as single operations, values and gradients, and against finite
//! differences. Their second derivative is refused.

use crate::samples::*;
use autograd::{Backward, Gradient, Tolerance, gradcheck};
use tensor_core::Tensor;
use tensor_core::op::RnnOptions;
use tensor_core::op::join::{cat, stack};
use tensor_core::op::recurrent::Cell;

const CELLS: [Cell; 4] = [Cell::Tanh, Cell::Relu, Cell::Lstm, Cell::Gru];

/// One step as PyTorch documents it.
fn step(cell: Cell, x: &Tensor, states: &[Tensor], p: &[Tensor]) -> Vec<Tensor> {
    let a = x.matmul(&p[0].t()) + &p[2];
    let w = states[0].matmul(&p[1].t()) + &p[3];
    match cell {
        Cell::Tanh => vec![(a + w).tanh()],
        Cell::Relu => vec![(a + w).relu()],
        Cell::Lstm => {
            let gates = (a + w).chunk(4, 1);
            let (i, f, o) = (gates[0].sigmoid(), gates[1].sigmoid(), gates[3].sigmoid());
            let c = f * &states[1] + i * gates[2].tanh();
            vec![o * c.tanh(), c]
        }
        Cell::Gru => {
            let (a, w) = (a.chunk(3, 1), w.chunk(3, 1));
            let (r, z) = ((&a[0] + &w[0]).sigmoid(), (&a[1] + &w[1]).sigmoid());
            let n = (&a[2] + r * &w[2]).tanh();
            vec![(1.0 - &z) * n + z * &states[0]]
        }
    }
}

/// All layers and directions; sequence `i` has `lengths[i]` steps. The output is that of all steps that exist, in the packed
/// order.
fn written_out(
    cell: Cell,
    x: &Tensor,
    hx: &[Tensor],
    p: &[Tensor],
    layers: usize,
    directions: usize,
    lengths: &[usize],
) -> Vec<Tensor> {
    let steps = x.size(0);
    let mut x: Vec<Vec<Tensor>> = (0..lengths.len())
        .map(|i| (0..steps).map(|t| x.select(0, t as i64).narrow(0, i as i64, 1)).collect())
        .collect();
    let mut ends = vec![vec![]; cell.states()];
    for layer in 0..layers {
        let mut output = vec![vec![vec![]; steps]; lengths.len()];
        for direction in 0..directions {
            let number = layer * directions + direction;
            let mut last = vec![vec![]; cell.states()];
            for (i, length) in lengths.iter().enumerate() {
                let first = |h: &Tensor| h.select(0, number as i64).narrow(0, i as i64, 1);
                let mut states: Vec<Tensor> = hx.iter().map(first).collect();
                for t in 0..*length {
                    let t = if direction == 1 { length - 1 - t } else { t };
                    states = step(cell, &x[i][t], &states, &p[number * 4..number * 4 + 4]);
                    output[i][t].push(states[0].clone());
                }
                last.iter_mut().zip(states).for_each(|(last, state)| last.push(state));
            }
            ends.iter_mut().zip(last).for_each(|(ends, last)| ends.push(cat(&last, 0)));
        }
        for (x, output) in x.iter_mut().zip(output) {
            *x = output.iter().filter(|both| !both.is_empty()).map(|both| cat(both, 1)).collect();
        }
    }
    let rows: Vec<Tensor> = (0..steps).flat_map(|t| x.iter().filter_map(move |x| x.get(t).cloned())).collect();
    std::iter::once(cat(&rows, 0)).chain(ends.iter().map(|ends| stack(ends, 0))).collect()
}

fn rows(output: &Tensor) -> Tensor {
    let width = output.size(-1);
    output.reshape([output.numel() / width, width])
}

/// The network's results: rows of outputs, then last states.
fn fused(
    cell: Cell,
    x: &Tensor,
    sizes: Option<&Tensor>,
    hx: &[Tensor],
    p: &[Tensor],
    options: RnnOptions,
) -> Vec<Tensor> {
    let (one, two);
    match (cell, sizes) {
        (Cell::Lstm, None) => two = Some(x.lstm((&hx[0], &hx[1]), p, options)),
        (Cell::Lstm, Some(sizes)) => two = Some(x.lstm_packed(sizes, (&hx[0], &hx[1]), p, options)),
        _ => two = None,
    }
    if let Some((output, h, c)) = two {
        return vec![rows(&output), h, c];
    }
    one = match (cell, sizes) {
        (Cell::Tanh, None) => x.rnn_tanh(&hx[0], p, options),
        (Cell::Tanh, Some(sizes)) => x.rnn_tanh_packed(sizes, &hx[0], p, options),
        (Cell::Relu, None) => x.rnn_relu(&hx[0], p, options),
        (Cell::Relu, Some(sizes)) => x.rnn_relu_packed(sizes, &hx[0], p, options),
        (_, None) => x.gru(&hx[0], p, options),
        (_, Some(sizes)) => x.gru_packed(sizes, &hx[0], p, options),
    };
    vec![rows(&one.0), one.1]
}

fn parameters(cell: Cell, features: usize, hidden: usize, layers: usize, directions: usize) -> Vec<Tensor> {
    let gates = cell.gates() * hidden;
    let mut all = vec![];
    for number in 0..layers * directions {
        let width = if number < directions { features } else { directions * hidden };
        for (i, shape) in [&[gates, width][..], &[gates, hidden], &[gates], &[gates]].into_iter().enumerate() {
            all.push(sample(shape, Form::Contiguous, -0.7..0.7, 100 + (number * 4 + i) as u64));
        }
    }
    all
}

/// A sum over all elements in which each result has a gradient of its own.
fn weigh(all: &[Tensor]) -> Tensor {
    let terms = all.iter().zip(1..).map(|(y, i)| (y * (y + i as f64)).sum());
    terms.reduce(|a, b| a + b).expect("at least one")
}

/// Results and gradients of both agree.
fn assert_same(what: &str, ours: &[Tensor], expected: &[Tensor], inputs: &[&Tensor]) {
    let near = |a: &Tensor, b: &Tensor| a.shape() == b.shape() && (a - b).abs().max().item::<f64>() < 1e-12;
    for (i, (a, b)) in ours.iter().zip(expected).enumerate() {
        assert!(near(a, b), "{what}: result {i} is {a}, not {b}");
    }
    let (a, b) = (autograd::grad(&[&weigh(ours)], inputs), autograd::grad(&[&weigh(expected)], inputs));
    for (i, (a, b)) in a.iter().zip(&b).enumerate() {
        assert!(near(a, b), "{what}: gradient {i} is {a}, not {b}");
    }
}

#[test]
fn all_steps_as_written_out() {
    // More sequences than go through the steps together.
    let (steps, count, features, hidden) = (3, 18, 2, 3);
    for cell in CELLS {
        for (layers, directions) in [(1, 1), (1, 2), (2, 2)] {
            let x = sample(&[steps, count, features], Form::Sliced, -1.0..1.0, 1);
            let hx: Vec<Tensor> = (0..cell.states() as u64)
                .map(|i| sample(&[layers * directions, count, hidden], Form::Transposed, -0.9..0.9, 2 + i))
                .collect();
            let p = parameters(cell, features, hidden, layers, directions);
            let options = RnnOptions { num_layers: layers, bidirectional: directions == 2, ..RnnOptions::default() };
            let inputs: Vec<&Tensor> = [&x].into_iter().chain(&hx).chain(&p).collect();
            let what = format!("{cell:?} of {layers} layers, {directions} directions");
            let expected = written_out(cell, &x, &hx, &p, layers, directions, &vec![steps; count]);
            assert_same(&what, &fused(cell, &x, None, &hx, &p, options), &expected, &inputs);
            let quiet: Vec<Tensor> = hx.iter().map(Tensor::detach).collect();
            let params: Vec<Tensor> = p.iter().map(Tensor::detach).collect();
            let plain = fused(cell, &x.detach(), None, &quiet, &params, options);
            assert!(
                plain
                    .iter()
                    .zip(&expected)
                    .all(|(a, b)| (a - b).abs().max().item::<f64>() < 1e-12 && !a.requires_grad())
            );
        }
    }
}

#[test]
fn packed_sequences() {
    let lengths = [4, 3, 3, 1];
    let sizes = Tensor::from_vec(vec![4i64, 3, 3, 1], [4], ops_cpu::cpu());
    let (features, hidden) = (2, 3);
    for cell in CELLS {
        for directions in [1, 2] {
            let x = sample(&[4, 4, features], Form::Contiguous, -1.0..1.0, 1);
            let rows: Vec<Tensor> = sizes
                .to_vec::<i64>()
                .iter()
                .enumerate()
                .map(|(t, n)| x.select(0, t as i64).narrow(0, 0, *n as usize))
                .collect();
            let hx: Vec<Tensor> = (0..cell.states() as u64)
                .map(|i| sample(&[directions, 4, hidden], Form::Contiguous, -0.9..0.9, 2 + i))
                .collect();
            let p = parameters(cell, features, hidden, 1, directions);
            let options = RnnOptions { bidirectional: directions == 2, ..RnnOptions::default() };
            let inputs: Vec<&Tensor> = [&x].into_iter().chain(&hx).chain(&p).collect();
            let expected = written_out(cell, &x, &hx, &p, 1, directions, &lengths);
            let ours = fused(cell, &cat(&rows, 0), Some(&sizes), &hx, &p, options);
            assert_same(&format!("packed {cell:?}, {directions} directions"), &ours, &expected, &inputs);
        }
    }
}

#[test]
fn finite_differences_and_one_input_alone() {
    for cell in CELLS {
        let x = sample(&[2, 2, 2], Form::Contiguous, -1.0..1.0, 1);
        let hx: Vec<Tensor> =
            (0..cell.states() as u64).map(|i| sample(&[1, 2, 2], Form::Contiguous, -0.9..0.9, 2 + i)).collect();
        let all: Vec<Tensor> = [x].into_iter().chain(hx).chain(parameters(cell, 2, 2, 1, 1)).collect();
        let run = |all: &[Tensor]| {
            let (hx, p) = all[1..].split_at(cell.states());
            let results = fused(cell, &all[0], None, hx, p, RnnOptions::default());
            cat(&results.iter().map(|y| y.flatten()).collect::<Vec<_>>(), 0)
        };
        let check = |inputs: &[Tensor]| {
            gradcheck(run, inputs, Tolerance::default()).unwrap_or_else(|e| panic!("{cell:?}: {e}"))
        };
        check(&all);
        for asking in 0..all.len() {
            let some = all.iter().enumerate().map(|(i, x)| if i == asking { x.clone() } else { x.detach() });
            check(&some.collect::<Vec<_>>());
        }
        let loss = run(&all).sum();
        loss.backward_with(Backward { create_graph: true, ..Backward::default() });
        let first = all[0].grad().expect("the first derivative");
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| first.sum().backward()));
        assert!(refused.is_err(), "{cell:?}");
        all.iter().for_each(|x| x.set_grad(None));
    }
}

/// The inputs that `make_recurrent.py` describes.
fn numbers(shape: &[usize], k: usize) -> Tensor {
    let count: usize = shape.iter().product();
    let all: Vec<f64> = (0..count).map(|i| 0.8 * (0.7 * i as f64 + k as f64).sin()).collect();
    Tensor::from_vec(all, shape, ops_cpu::cpu()).requires_grad_(true)
}

#[test]
fn as_pytorchs() {
    let (features, hidden, layers) = (2, 3, 2);
    let sizes = Tensor::from_vec(vec![4i64, 3, 1], [3], ops_cpu::cpu());
    let mut expected = include_str!("../../fixtures/recurrent.tsv").lines();
    for (name, cell) in ["RNN_TANH", "RNN_RELU", "LSTM", "GRU"].into_iter().zip(CELLS) {
        for directions in [1, 2] {
            for packed in [false, true] {
                let x = numbers(if packed { &[8, 2] } else { &[3, 4, 2] }, 1);
                let hx: Vec<Tensor> =
                    (0..cell.states()).map(|k| numbers(&[layers * directions, 4, hidden], 2 + k)).collect();
                let p: Vec<Tensor> = parameters(cell, features, hidden, layers, directions)
                    .iter()
                    .enumerate()
                    .map(|(k, p)| numbers(p.shape(), 10 + k))
                    .collect();
                let options =
                    RnnOptions { num_layers: layers, bidirectional: directions == 2, ..RnnOptions::default() };
                let results = fused(cell, &x, packed.then_some(&sizes), &hx, &p, options);
                let inputs: Vec<&Tensor> = [&x].into_iter().chain(&hx).chain(&p).collect();
                let grads = autograd::grad(&[&weigh(&results)], &inputs);
                let case = format!("{name} {directions} {}", if packed { "packed" } else { "whole" });
                for (what, all) in [("result", results), ("gradient", grads)] {
                    for (i, found) in all.iter().enumerate() {
                        let line = expected.next().expect("a line for each tensor");
                        let values = line
                            .strip_prefix(&format!("{case}\t{what} {i}\t"))
                            .expect("the same cases in the same order");
                        let values: Vec<f64> = values.split(' ').map(|v| v.parse().expect("a number")).collect();
                        let found = found.to_vec::<f64>();
                        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-11 * (1.0 + b.abs());
                        assert!(
                            found.len() == values.len() && found.iter().zip(&values).all(near),
                            "{case}, {what} {i}: {found:?} is not {values:?}"
                        );
                    }
                }
            }
        }
    }
    assert_eq!(expected.next(), None);
}
