//! What PyTorch calls the node that each operation leaves, and what gradients it gives, in float32, against
//! `fixtures/autograd.tsv`. Each case of the fixture stands in exactly one of the tables here.

mod elementwise;
mod positions;
mod reductions;
mod shapes;

use autograd::Gradient;
use conformance::fixture_text;
use std::collections::BTreeMap;
use tensor_core::{DType, Tensor};

/// A case's name and the same computation in Rust.
type Case = (&'static str, fn(&[Tensor]) -> Tensor);

/// `2,3:1.0 2.0 …`.
fn tensor(text: &str) -> Tensor {
    let (shape, values) = text.split_once(':').expect("a shape and elements");
    let shape: Vec<usize> =
        shape.split(',').filter(|size| !size.is_empty()).map(|size| size.parse().unwrap()).collect();
    let values: Vec<f32> = values.split(' ').filter(|v| !v.is_empty()).map(|v| v.parse().unwrap()).collect();
    Tensor::from_vec(values, shape, ops_cpu::cpu())
}

/// The gradient that the fixture lets flow into a result.
fn seed_for(y: &Tensor) -> Tensor {
    let values = (0..y.numel()).map(|i| 0.5 + ((7 * i + 3) % 11) as f64 / 11.0).collect();
    Tensor::from_vec(values, y.shape(), y.device()).to_dtype(y.dtype())
}

/// What is wrong with one case, if anything.
fn compare(case: fn(&[Tensor]) -> Tensor, line: &[&str]) -> Result<(), String> {
    let [_, node, kinds, inputs, gradients] = line[..] else { return Err("a malformed line".into()) };
    let inputs: Vec<Tensor> =
        inputs.split(';').zip(kinds.chars()).map(|(text, kind)| tensor(text).requires_grad_(kind == 'v')).collect();
    let y = case(&inputs);
    let name = y.grad_fn().map_or("none".into(), |grad_fn| grad_fn.name());
    if name != node {
        return Err(format!("is <{name}>, in PyTorch <{node}>"));
    }
    y.backward_from(&seed_for(&y));
    for (x, expected) in inputs.iter().filter(|x| x.requires_grad()).zip(gradients.split(';').map(tensor)) {
        let Some(found) = x.grad() else { return Err("an input has no gradient".into()) };
        if found.shape() != expected.shape() || found.dtype() != DType::F32 {
            return Err(format!("a gradient of shape {:?}, dtype {}", found.shape(), found.dtype()));
        }
        let (found, expected) = (found.to_vec::<f32>(), expected.to_vec::<f32>());
        // Both round a few operations in float32, in their own order.
        let near = |(a, b): (&f32, &f32)| (a - b).abs() <= 4e-6 * b.abs().max(1.0);
        if !found.iter().zip(&expected).all(near) {
            return Err(format!("gradient {found:?}, in PyTorch {expected:?}"));
        }
    }
    Ok(())
}

#[test]
fn nodes_and_gradients_are_pytorchs() {
    let tables = [elementwise::CASES, elementwise::IN_PLACE, reductions::CASES, positions::CASES, shapes::CASES];
    let mut cases: BTreeMap<&str, fn(&[Tensor]) -> Tensor> = BTreeMap::new();
    for (name, case) in tables.into_iter().flatten() {
        assert!(cases.insert(name, *case).is_none(), "{name} stands in two places");
    }
    let fixture = fixture_text("autograd.tsv");
    let mut failures = vec![];
    for line in fixture.lines() {
        let line: Vec<&str> = line.split('\t').collect();
        let outcome = match cases.remove(line[0]) {
            Some(case) => compare(case, &line),
            None => Err("is in no table".into()),
        };
        failures.extend(outcome.err().map(|why| format!("{}: {why}", line[0])));
    }
    failures.extend(cases.keys().map(|name| format!("{name}: is not in the fixture")));
    assert!(failures.is_empty(), "{} cases differ:\n{}", failures.len(), failures.join("\n"));
}
