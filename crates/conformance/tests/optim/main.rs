//! Optimizers and schedulers against PyTorch's: where parameters and rates go, what is printed, and what is refused. The fixtures'
//! format is described in `fixtures/make_optim.py`.

mod lbfgs;
#[path = "../messages/panics.rs"]
mod panics;
mod schedules;
mod steps;
mod texts;

use sconce::optim::*;
use sconce::{DType, Gradient, Tensor, from_vec};

const FIXTURES: &str = include_str!("../../fixtures/optim.tsv");

/// The fixtures of a kind, each as its columns.
fn fixtures(kind: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    FIXTURES.lines().map(|line| line.split('\t').collect::<Vec<_>>()).filter(move |line| line[0] == kind)
}

/// The options of the optimizer, and of the second group.
fn options(text: &str) -> (Dict, Dict) {
    let (mut all, mut second) = (Dict::new(), Dict::new());
    for option in text.split(' ').filter(|option| !option.is_empty()) {
        let (name, value) = option.split_once('=').unwrap();
        let number = |text: &str| text.parse::<f64>();
        let value = match value {
            "True" => Value::Bool(true),
            "False" => Value::Bool(false),
            value => match (value.split_once(','), value.parse::<i64>(), number(value)) {
                (Some((first, second)), ..) => Value::Pair(number(first).unwrap(), number(second).unwrap()),
                (None, Ok(value), _) => Value::Int(value),
                (None, Err(_), Ok(value)) => Value::Float(value),
                (None, Err(_), Err(_)) => Value::Text(value.into()),
            },
        };
        match name.strip_prefix('+') {
            Some(name) => second.set(name, value),
            None => all.set(name, value),
        }
    }
    (all, second)
}

fn numbers(text: &str) -> Vec<f64> {
    text.split(' ').map(|number| number.parse().unwrap()).collect()
}

fn dtype(name: &str) -> DType {
    if name == "float64" { DType::F64 } else { DType::F32 }
}

/// Whether numbers lie within `tolerance` of PyTorch's, relative to those above 1.
#[track_caller]
fn assert_near(own: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(own.len(), expected.len(), "{what}");
    for (own, expected) in own.iter().zip(expected) {
        let apart = (own - expected).abs();
        assert!(apart <= tolerance * expected.abs().max(1.0), "{what}: {own:?}, PyTorch {expected:?}");
    }
}

/// The optimizer of this name and these options, of two parameters in a group each.
fn make(name: &str, text: &str, params: &[Tensor]) -> Box<dyn Optimizer> {
    let (_, second) = options(text);
    let of_second =
        second.iter().fold(ParamGroup::new([params[1].clone()]), |group, (name, value)| group.set(name, value.clone()));
    make_for(name, text, vec![ParamGroup::new([params[0].clone()]), of_second])
}

/// An optimizer of these groups, with the options that are not the second group's alone.
fn make_for(name: &str, text: &str, groups: Vec<ParamGroup>) -> Box<dyn Optimizer> {
    let (all, _) = options(text);
    fn of<R: Rule>(groups: Vec<ParamGroup>, all: Dict) -> Box<dyn Optimizer> {
        let read = |mut settings: R| {
            settings.read(&all);
            settings
        };
        Box::new(Pointwise::<R>::with(groups, all.number("lr"), read))
    }
    let make = match name {
        "SGD" => of::<SgdOptions>,
        "Adam" => of::<AdamOptions>,
        "AdamW" => of::<AdamWOptions>,
        "Adamax" => of::<AdamaxOptions>,
        "NAdam" => of::<NAdamOptions>,
        "RAdam" => of::<RAdamOptions>,
        "RMSprop" => of::<RMSpropOptions>,
        "Adagrad" => of::<AdagradOptions>,
        "Adadelta" => of::<AdadeltaOptions>,
        other => panic!("{other} is no optimizer"),
    };
    make(groups, all)
}

/// The parameters that the fixtures start from.
fn parameters(dtype: DType) -> Vec<Tensor> {
    let numbers =
        |span: std::ops::Range<i32>| from_vec(span.clone().map(|i| (i - 2) as f64 / 2.0).collect(), [span.len()]);
    [0..3, 3..5].map(|span| numbers(span).to_dtype(dtype).requires_grad_(true)).to_vec()
}
