//! `einsum` with arbitrary equations: nothing panics, and what is accepted equals plain nested loops over all letters. The loops'
//! reading of the equation is lenient; that bad equations are refused is for tests of messages.
#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use sconce::{Tensor, from_vec, try_einsum};
use std::collections::BTreeMap;

/// What equations are mostly made of, so that some of them are ones.
const PIECES: [&str; 16] = ["a", "b", "c", "d", "A", "z", "a", "b", "c", ",", ",", "->", "...", " ", ".", "1"];

#[derive(Arbitrary, Debug)]
enum Equation {
    Text(String),
    Pieces(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
struct Case {
    equation: Equation,
    /// Up to three operands of up to three dimensions of sizes up to three.
    shapes: Vec<Vec<u8>>,
    backwards: bool,
}

/// A letter, or a dimension under an ellipsis, counted from the last.
type Name = Result<char, usize>;

/// The names of an operand's dimensions.
fn names(subscripts: &str, rank: usize) -> Vec<Name> {
    let dots = subscripts.chars().filter(|c| *c == '*').count();
    let covered = (rank + dots) - subscripts.chars().count();
    subscripts
        .chars()
        .flat_map(|c| if c == '*' { (0..covered).rev().map(Err).collect() } else { vec![Ok(c)] })
        .collect()
}

/// The shape and the elements of the result.
fn expected(equation: &str, operands: &[(Vec<usize>, Vec<f64>)]) -> (Vec<usize>, Vec<f64>) {
    let equation = equation.replace(' ', "").replace("...", "*");
    let (left, right) = equation.split_once("->").map_or((&*equation, None), |(left, right)| (left, Some(right)));
    let named: Vec<Vec<Name>> =
        left.split(',').zip(operands).map(|(text, (shape, _))| names(text, shape.len())).collect();
    let mut sizes: BTreeMap<Name, usize> = BTreeMap::new();
    for (names, (shape, _)) in named.iter().zip(operands) {
        for (name, size) in names.iter().zip(shape) {
            let seen = sizes.entry(*name).or_insert(1);
            *seen = if *seen == 1 { *size } else { *seen };
        }
    }
    let mut dots: Vec<Name> = sizes.keys().copied().filter(Result::is_err).collect();
    dots.reverse();
    let kept: Vec<Name> = match right {
        Some(text) => text.chars().flat_map(|c| if c == '*' { dots.clone() } else { vec![Ok(c)] }).collect(),
        None => {
            let once = |name: &Name| named.iter().flatten().filter(|n| *n == name).count() == 1;
            let letters = sizes.keys().copied().filter(|name| name.is_ok() && once(name));
            dots.iter().copied().chain(letters).collect()
        }
    };
    let summed: Vec<Name> = sizes.keys().copied().filter(|name| !kept.contains(name)).collect();
    let all: Vec<Name> = kept.iter().chain(&summed).copied().collect();
    let shape: Vec<usize> = kept.iter().map(|name| sizes[name]).collect();
    let count: usize = shape.iter().product();
    let inner: usize = summed.iter().map(|name| sizes[name]).product();
    let mut result = vec![0.0; count];
    for step in 0..count * inner {
        let mut at: BTreeMap<Name, usize> = BTreeMap::new();
        let mut rest = step;
        for name in all.iter().rev() {
            at.insert(*name, rest % sizes[name]);
            rest /= sizes[name];
        }
        let mut product = 1.0;
        for (names, (shape, values)) in named.iter().zip(operands) {
            let place = |i: usize| if shape[i] == 1 { 0 } else { at[&names[i]] };
            product *= values[(0..shape.len()).fold(0, |offset, i| offset * shape[i] + place(i))];
        }
        result[step / inner] += product;
    }
    (shape, result)
}

fuzz_target!(|case: Case| {
    let equation = match case.equation {
        Equation::Text(text) => text,
        Equation::Pieces(pieces) => pieces.iter().map(|piece| PIECES[*piece as usize % PIECES.len()]).collect(),
    };
    let mut tensors: Vec<Tensor> = vec![];
    let mut operands = vec![];
    for shape in case.shapes.iter().take(3) {
        let shape: Vec<usize> = shape.iter().take(3).map(|size| *size as usize % 4).collect();
        let count: usize = shape.iter().product();
        // Whole numbers, so that sums are exact in any order.
        let values: Vec<f64> = (0..count).map(|i| ((i * 7 + operands.len() * 3) % 11) as f64 - 4.0).collect();
        let x = from_vec(values.clone(), &shape[..]);
        let order: Vec<i64> = (0..shape.len() as i64).rev().collect();
        tensors.push(if case.backwards { x.permute(&order[..]).contiguous().permute(&order[..]) } else { x });
        operands.push((shape, values));
    }
    if let Ok(result) = try_einsum(&equation, &tensors) {
        let (shape, values) = expected(&equation, &operands);
        assert_eq!(result.shape()[..], shape[..], "the shape of {equation}");
        assert_eq!(result.to_vec::<f64>(), values, "the elements of {equation}");
    }
});
