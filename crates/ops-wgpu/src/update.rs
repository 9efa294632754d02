//! Optimizer steps: parameter and memory move along the gradient in one pass over all of them.

use crate::element::{Kind, lanes};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing};
use crate::map;
use crate::nest::Nest;
use storage::Scalar;
use tensor_core::op::update::{Adam, Sgd, Update};
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
    let (variant, step) = match update {
        Update::Sgd(sgd) => {
            let Sgd { lr, momentum, dampening, weight_decay, nesterov, maximize, first } = sgd;
            number("lr", lr);
            number("momentum", momentum);
            number("intake", 1.0 - dampening);
            number("decay", weight_decay);
            number("sign", if maximize { -1.0 } else { 1.0 });
            (u32::from(first) << 1 | u32::from(nesterov), sgd_text(outputs.len() > 1, first, nesterov))
        }
        Update::Adam(Adam { lr, betas: (one, two), eps, weight_decay, decoupled, maximize, step }) => {
            let correction = |beta: f64| 1.0 - beta.powf(step as f64);
            number("rate", lr / correction(one));
            number("intake", 1.0 - one);
            number("stays", two);
            number("enters", 1.0 - two);
            number("root", correction(two).sqrt());
            number("eps", eps);
            number("keep", if decoupled { 1.0 - lr * weight_decay } else { 1.0 });
            number("decay", if decoupled { 0.0 } else { weight_decay });
            number("sign", if maximize { -1.0 } else { 1.0 });
            (4, adam_text(outputs.len() > 3))
        }
    };
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

fn sgd_text(buffered: bool, first: bool, nesterov: bool) -> String {
    let start = "    let at = p_at(i);\n    let p = p_get(at);\n    var g = g(g_at(i)) * sign() + decay() * p;\n";
    let buffer = match (buffered, first) {
        (false, _) => "",
        (true, true) => "    let m = g;\n    first_put(first_at(i), m);\n",
        (true, false) => {
            "    let m = first_get(first_at(i)) * momentum() + g * intake();\n    first_put(first_at(i), m);\n"
        }
    };
    let turn = match (buffered, nesterov) {
        (false, _) => "",
        (true, true) => "    g = g + m * momentum();\n",
        (true, false) => "    g = m;\n",
    };
    format!("{start}{buffer}{turn}    p_put(at, p - lr() * g);\n")
}

fn adam_text(largest: bool) -> String {
    let most = match largest {
        true => "    let most = max(third_get(third_at(i)), square);\n    third_put(third_at(i), most);\n",
        false => "    let most = square;\n",
    };
    format!(
        "    let at = p_at(i);
    let p = p_get(at) * keep();
    let g = g(g_at(i)) * sign() + decay() * p;
    let before = first_get(first_at(i));
    let mean = before + (g - before) * intake();
    let square = second_get(second_at(i)) * stays() + g * g * enters();
    first_put(first_at(i), mean);
    second_put(second_at(i), square);
{most}    p_put(at, p - rate() * mean / (sqrt(most) / root() + eps()));
"
    )
}
