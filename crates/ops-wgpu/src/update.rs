//! Optimizer steps: parameter and memory move along the gradient in one pass over all of them.

use crate::element::{Kind, lanes};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing};
use crate::map;
use crate::nest::Nest;
use storage::Scalar;
use tensor_core::op::update::{Adadelta, Adam, Adamax, RmsProp, Sgd, Update, correction};
use tensor_core::{Input, Layout, Output, Result};

const NAMES: [&str; 4] = ["p", "first", "second", "third"];

pub(crate) fn run(gpu: &Gpu, update: Update, gradient: &Input<'_>, outputs: &[Output<'_>]) -> Result<()> {
    let numel = outputs[0].layout.numel();
    if numel == 0 {
        return Ok(());
    }
    let kind = Kind::of(gradient.dtype);
    let mut kernel = Kernel::new(gpu, "update");
    for (output, name) in outputs.iter().zip(NAMES) {
        let writing = if lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared };
        kernel.write(name, output, kind, writing);
    }
    kernel.read("g", gradient, kind);
    let mut number = |name, value: f64| _ = kernel.number(name, kind, Scalar::Float(value));
    let (variant, step) = rule(update, outputs.len() - 1, &mut number);
    kernel.variant(variant);
    let layouts: Vec<&Layout> = outputs.iter().map(|output| output.layout).chain([gradient.layout]).collect();
    let nest = Nest::new(&layouts);
    map::declare(&mut kernel, "nest_", &nest);
    kernel.run_each(numel, || {
        let names = NAMES.iter().take(outputs.len()).chain(&["g"]).enumerate();
        let places = names.map(|(i, name)| map::position(&format!("{name}_at"), "nest_", &nest, i, layouts.len()));
        format!("alias T = {};\n{}\nfn each(i: u32) {{\n{step}}}\n", kind.name(), places.collect::<String>())
    })
}

/// What a rule computes at an element whose parameter is `p` and whose gradient is `g`, after the numbers that it uses; and a number
/// that tells this text from the others.
fn rule(update: Update, memories: usize, number: &mut dyn FnMut(&'static str, f64)) -> (u32, String) {
    match update {
        Update::Sgd(Sgd { lr, momentum, dampening, weight_decay, nesterov, maximize, first }) => {
            let start = intake(maximize, weight_decay, None, number);
            number("lr", lr);
            number("momentum", momentum);
            number("enters", 1.0 - dampening);
            let buffer = match (memories, first) {
                (0, _) => "",
                (_, true) => "let m = g; first_put(first_at(i), m);\n",
                (_, false) => {
                    "let m = first_get(first_at(i)) * momentum() + g * enters(); first_put(first_at(i), m);\n"
                }
            };
            let turn = match (memories, nesterov) {
                (0, _) => "",
                (_, true) => "g = g + m * momentum();\n",
                (_, false) => "g = m;\n",
            };
            let text = format!("{start}{buffer}{turn}p_put(at, p - lr() * g);\n");
            (u32::from(first) << 1 | u32::from(nesterov), text)
        }
        Update::Adam(Adam { lr, betas, eps, weight_decay, decoupled, maximize, step }) => {
            let start = intake(maximize, weight_decay, decoupled.then_some(lr), number);
            let means = means(betas, number);
            number("rate", lr / correction(betas.0, step));
            number("root", correction(betas.1, step).sqrt());
            number("eps", eps);
            let most = match memories {
                3 => "let most = max(third_get(third_at(i)), square); third_put(third_at(i), most);\n",
                _ => "let most = square;\n",
            };
            (4, format!("{start}{means}{most}p_put(at, p - rate() * mean / (sqrt(most) / root() + eps()));\n"))
        }
        Update::Adamax(Adamax { lr, betas, eps, weight_decay, maximize, step }) => {
            let start = intake(maximize, weight_decay, None, number);
            let mean = mean("first", betas.0, number);
            number("stays", betas.1);
            number("rate", lr / correction(betas.0, step));
            number("eps", eps);
            let text = format!(
                "{start}{mean}let largest = max(second_get(second_at(i)) * stays(), abs(g) + eps());
                second_put(second_at(i), largest);
                p_put(at, p - rate() * mean / largest);\n"
            );
            (5, text)
        }
        Update::NAdam(nadam) => {
            let start = intake(nadam.maximize, nadam.weight_decay, nadam.decoupled.then_some(nadam.lr), number);
            let means = means(nadam.betas, number);
            let (along_gradient, along_mean) = nadam.rates();
            number("along_gradient", along_gradient);
            number("along_mean", along_mean);
            number("corrected", correction(nadam.betas.1, nadam.step));
            number("eps", nadam.eps);
            let text = format!(
                "{start}{means}let root = sqrt(square / corrected()) + eps();
                p_put(at, p - along_gradient() * g / root - along_mean() * mean / root);\n"
            );
            (6, text)
        }
        Update::RAdam(radam) => {
            let start = intake(radam.maximize, radam.weight_decay, radam.decoupled.then_some(radam.lr), number);
            let means = means(radam.betas, number);
            number("lr", radam.lr);
            number("corrected", correction(radam.betas.0, radam.step));
            let mut adapted = "";
            if let Some(rectification) = radam.rectification() {
                number("root", correction(radam.betas.1, radam.step).sqrt());
                number("rectification", rectification);
                number("eps", radam.eps);
                adapted = " * (root() / (sqrt(square) + eps())) * rectification()";
            }
            let variant = 7 + u32::from(!adapted.is_empty());
            (variant, format!("{start}{means}p_put(at, p - mean / corrected() * lr(){adapted});\n"))
        }
        Update::RmsProp(RmsProp { lr, alpha, eps, weight_decay, momentum, centered, maximize }) => {
            let start = intake(maximize, weight_decay, None, number);
            let square = squares("first", alpha, number);
            number("lr", lr);
            number("eps", eps);
            let buffered = momentum > 0.0;
            let under = match (buffered, centered) {
                (_, false) => "let under = square;\n".into(),
                (buffered, true) => {
                    let mean = mean(if buffered { "third" } else { "second" }, alpha, number);
                    format!("{mean}let under = square - mean * mean;\n")
                }
            };
            let along = match buffered {
                false => "p_put(at, p - lr() * g / (sqrt(under) + eps()));\n",
                true => {
                    number("momentum", momentum);
                    "let m = second_get(second_at(i)) * momentum() + g / (sqrt(under) + eps());
                    second_put(second_at(i), m);
                    p_put(at, p - lr() * m);\n"
                }
            };
            (9 + u32::from(buffered) + 2 * u32::from(centered), format!("{start}{square}{under}{along}"))
        }
        Update::Adagrad(adagrad) => {
            let start = intake(adagrad.maximize, adagrad.weight_decay, None, number);
            number("rate", adagrad.rate());
            number("eps", adagrad.eps);
            let text = format!(
                "{start}let sum = first_get(first_at(i)) + g * g;
                first_put(first_at(i), sum);
                p_put(at, p - rate() * g / (sqrt(sum) + eps()));\n"
            );
            (13, text)
        }
        Update::Adadelta(Adadelta { lr, rho, eps, weight_decay, maximize }) => {
            let start = intake(maximize, weight_decay, None, number);
            let square = squares("first", rho, number);
            number("lr", lr);
            number("eps", eps);
            let text = format!(
                "{start}{square}let before = second_get(second_at(i));
                let delta = sqrt(before + eps()) / sqrt(square + eps()) * g;
                second_put(second_at(i), before * stays() + enters() * delta * delta);
                p_put(at, p - lr() * delta);\n"
            );
            (14, text)
        }
    }
}

/// The parameter and the gradient as the rule takes them; `decoupled` is the rate where the decay acts on the parameter.
fn intake(maximize: bool, decay: f64, decoupled: Option<f64>, number: &mut dyn FnMut(&'static str, f64)) -> String {
    number("sign", if maximize { -1.0 } else { 1.0 });
    number("decay", if decoupled.is_some() { 0.0 } else { decay });
    number("keep", decoupled.map_or(1.0, |lr| 1.0 - lr * decay));
    "let at = p_at(i);\nlet p = p_get(at) * keep();\nvar g = g(g_at(i)) * sign() + decay() * p;\n".into()
}

/// The running mean of gradients as `mean`, kept in the memory of this name.
fn mean(memory: &str, stays: f64, number: &mut dyn FnMut(&'static str, f64)) -> String {
    number("enters_mean", 1.0 - stays);
    format!(
        "let before_mean = {memory}_get({memory}_at(i));
        let mean = before_mean + (g - before_mean) * enters_mean();
        {memory}_put({memory}_at(i), mean);\n"
    )
}

/// The running mean of the squares of gradients as `square`, kept in the memory of this name.
fn squares(memory: &str, stays: f64, number: &mut dyn FnMut(&'static str, f64)) -> String {
    number("stays", stays);
    number("enters", 1.0 - stays);
    format!(
        "let square = {memory}_get({memory}_at(i)) * stays() + enters() * g * g;
        {memory}_put({memory}_at(i), square);\n"
    )
}

/// The running means of gradients and of their squares, as `mean` and `square`.
fn means(betas: (f64, f64), number: &mut dyn FnMut(&'static str, f64)) -> String {
    let mean = mean("first", betas.0, number);
    mean + &squares("second", betas.1, number)
}
