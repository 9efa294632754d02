//! Optimizer steps against PyTorch's optimizers, in every floating dtype and layout, and what they refuse.

use autograd::{Gradient, no_grad};
use tensor_core::op::update::{Adadelta, Adagrad, Adam, Adamax, NAdam, RAdam, RmsProp, Sgd, Update};
use tensor_core::{DType, ErrorKind, Tensor};

const CASES: &str = include_str!("../../fixtures/update.tsv");
const COUNT: usize = 5;

fn numbers(f: impl Fn(f64) -> f64) -> Tensor {
    Tensor::from_vec((0..COUNT).map(|i| f(i as f64)).collect(), [COUNT], ops_cpu::cpu())
}

fn zeros(count: usize) -> Vec<Tensor> {
    (0..count).map(|_| numbers(|_| 0.0)).collect()
}

/// The optimizer's step number `step`, and how many tensors of memory it has.
fn update(name: &str, options: &str, step: u64) -> (Update, usize) {
    let value = |key: &str| options.split(' ').find_map(|option| option.strip_prefix(&format!("{key}=")));
    let number = |key: &str, default: f64| value(key).map_or(default, |value| value.parse().unwrap());
    let flag = |key: &str| value(key) == Some("True");
    let betas = value("betas").map_or((0.9, 0.999), |betas| {
        let (first, second) = betas.split_once(',').unwrap();
        (first.parse().unwrap(), second.parse().unwrap())
    });
    let (lr, maximize, decoupled) = (0.1, flag("maximize"), flag("decoupled_weight_decay"));
    let (weight_decay, eps) = (number("weight_decay", 0.0), number("eps", 1e-8));
    let momentum = number("momentum", 0.0);
    match name {
        "SGD" => {
            let (dampening, nesterov) = (number("dampening", 0.0), flag("nesterov"));
            let sgd = Sgd { lr, momentum, dampening, weight_decay, nesterov, maximize, first: step == 1 };
            (Update::Sgd(sgd), (momentum != 0.0) as usize)
        }
        "Adam" | "AdamW" => {
            let decoupled = name == "AdamW";
            let weight_decay = number("weight_decay", if decoupled { 0.01 } else { 0.0 });
            let adam = Adam { lr, betas, eps, weight_decay, decoupled, maximize, step };
            (Update::Adam(adam), 2 + flag("amsgrad") as usize)
        }
        "Adamax" => (Update::Adamax(Adamax { lr, betas, eps, weight_decay, maximize, step }), 2),
        "NAdam" => {
            let momentum_decay = number("momentum_decay", 0.004);
            let nadam =
                NAdam { lr, betas, eps, weight_decay, momentum_decay, decoupled, maximize, step, mu_product: 1.0 };
            // PyTorch keeps the product in single precision.
            let mu_product = (1..=step).fold(1.0f32, |product, step| product * nadam.momentum(step) as f32) as f64;
            (Update::NAdam(NAdam { mu_product, ..nadam }), 2)
        }
        "RAdam" => (Update::RAdam(RAdam { lr, betas, eps, weight_decay, decoupled, maximize, step }), 2),
        "RMSprop" => {
            let (alpha, centered) = (number("alpha", 0.99), flag("centered"));
            let rmsprop = RmsProp { lr, alpha, eps, weight_decay, momentum, centered, maximize };
            (Update::RmsProp(rmsprop), 1 + (momentum > 0.0) as usize + centered as usize)
        }
        "Adagrad" => {
            let (lr_decay, eps) = (number("lr_decay", 0.0), number("eps", 1e-10));
            (Update::Adagrad(Adagrad { lr, lr_decay, eps, weight_decay, maximize, step }), 1)
        }
        "Adadelta" => {
            let (rho, eps) = (number("rho", 0.9), number("eps", 1e-6));
            (Update::Adadelta(Adadelta { lr, rho, eps, weight_decay, maximize }), 2)
        }
        other => panic!("{other} is no optimizer"),
    }
}

/// Walks through all cases with parameters in the form that `form` gives them.
fn walk(form: impl Fn(&Tensor) -> Tensor, tolerance: f64) {
    for line in CASES.lines() {
        let [name, options, steps] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let parameter = form(&numbers(f64::sin));
        let memory: Vec<Tensor> = zeros(update(name, options, 1).1).iter().map(&form).collect();
        for (i, expected) in steps.split(';').enumerate() {
            let step = i as u64 + 1;
            let gradient = form(&numbers(|i| (3.0 * i + step as f64).cos()));
            parameter.update_(update(name, options, step).0, &gradient, &memory.iter().collect::<Vec<_>>());
            let own = parameter.to_dtype(DType::F64).to_vec::<f64>();
            for (own, expected) in own.iter().zip(expected.split(' ').map(|x| x.parse::<f64>().unwrap())) {
                assert!(
                    (own - expected).abs() <= tolerance,
                    "{name} {options}, step {step}: {own}, PyTorch {expected}"
                );
            }
        }
    }
}

#[test]
fn parameters_move_as_pytorch_moves_them() {
    walk(Tensor::clone_, 1e-14);
}

#[test]
fn in_every_floating_dtype() {
    walk(|x| x.to_dtype(DType::F32), 1e-6);
    // Each step rounds the parameter and the memory.
    walk(|x| x.to_dtype(DType::F16), 5e-3);
    walk(|x| x.to_dtype(DType::BF16), 3e-2);
}

#[test]
fn in_every_layout() {
    // Every second column of a wider matrix.
    walk(|x| x.unsqueeze(1).repeat([1, 4]).select(1, 2), 1e-14);
}

#[test]
fn long_parameters_move_as_short_ones() {
    let long = |x: &Tensor| x.repeat([20_000]);
    let (short, memory) = (numbers(f64::sin), zeros(2));
    let (parameter, remembered): (_, Vec<Tensor>) = (long(&short), memory.iter().map(long).collect());
    let gradient = numbers(f64::cos);
    let adam = Update::Adam(Adam::default());
    short.update_(adam, &gradient, &memory.iter().collect::<Vec<_>>());
    parameter.update_(adam, &long(&gradient), &remembered.iter().collect::<Vec<_>>());
    assert_eq!(parameter.to_vec::<f64>(), long(&short).to_vec::<f64>());
    assert_eq!(remembered[1].to_vec::<f64>(), long(&memory[1]).to_vec::<f64>());
}

#[test]
fn misuse_is_an_error_that_says_what_to_do() {
    let (w, g, memory) = (numbers(f64::sin), numbers(f64::cos), zeros(2));
    let sgd = Update::Sgd(Sgd::default());
    let adam = Update::Adam(Adam::default());
    let refused = |w: &Tensor, update, g: &Tensor, memory: &[&Tensor], kind, text: &str| {
        let error = w.try_update_(update, g, memory).unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains(text), "{error}");
    };
    refused(&w, adam, &g, &[], ErrorKind::Value, "Expected 2 to 3 tensors of memory");
    refused(&w, sgd, &g.narrow(0, 0, 2), &[], ErrorKind::Shape, "[5], but got [2]");
    refused(&w, sgd, &g.to_dtype(DType::F32), &[], ErrorKind::DType, "float64, but got");
    let whole = w.to_dtype(DType::I64);
    refused(&whole, sgd, &whole, &[], ErrorKind::DType, "Only Tensors of floating point");
    refused(&w, sgd, &w, &[], ErrorKind::Overlap, "must not share storage");
    refused(&w, adam, &g, &[&memory[0], &memory[0]], ErrorKind::Overlap, "must not share storage");
    let leaf = numbers(f64::sin).requires_grad_(true);
    refused(&leaf, sgd, &g, &[], ErrorKind::Autograd, "a leaf Variable that requires grad");
    refused(&(&leaf * 1.0), sgd, &g, &[], ErrorKind::Autograd, "call it under no_grad");
    let before = leaf.version();
    no_grad(|| leaf.update_(sgd, &g, &[]));
    assert_eq!(leaf.version(), before + 1);
}
