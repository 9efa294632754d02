//! Activations and their gradients.

use super::{scalar, tolerance};
use conformance::fixture::{Case, Inputs};
use conformance::report::{Deviation, Suite};
use tensor_core::op::activation::{Activation, Approximate, Curve};
use tensor_core::{DType, Op, Result, Tensor};

/// A curve as a fixture writes it: its name and its parameters.
fn curve(parameters: &[&str]) -> Curve {
    let number = |at: usize| scalar(parameters[at]).to_f64();
    match parameters[0] {
        "celu" => Curve::Celu { alpha: number(1) },
        "elu" => Curve::Elu { alpha: number(1) },
        "gelu" if parameters[1] == "tanh" => Curve::Gelu { approximate: Approximate::Tanh },
        "gelu" => Curve::Gelu { approximate: Approximate::None },
        "hardshrink" => Curve::Hardshrink { lambda: number(1) },
        "hardtanh" => Curve::Hardtanh { min_val: number(1), max_val: number(2) },
        "leaky_relu" => Curve::LeakyRelu { negative_slope: number(1) },
        "logit" => Curve::Logit { eps: (parameters[1] != "none").then(|| number(1)) },
        "softplus" => Curve::Softplus { beta: number(1), threshold: number(2) },
        "softshrink" => Curve::Softshrink { lambda: number(1) },
        "threshold" => Curve::Threshold { threshold: number(1), value: number(2) },
        name => *Curve::SAMPLES.iter().find(|curve| curve.name() == name).unwrap_or_else(|| panic!("no curve {name}")),
    }
}

fn run(case: &Case<'_>, inputs: &Inputs) -> Result<Vec<Tensor>> {
    let x: Vec<&Tensor> = inputs.tensors.iter().collect();
    let op =
        Op::Activation(Activation { curve: curve(&case.parameters), backward: case.operation.ends_with("backward") });
    if case.operation.ends_with('_') {
        x[0].write(op, &x)?;
        return Ok(vec![x[0].clone()]);
    }
    Ok(vec![Tensor::apply(op, &x)?])
}

/// Whether the first input is of a half type.
fn half(case: &Case<'_>) -> bool {
    matches!(case.dtypes()[0], DType::F16 | DType::BF16)
}

const DEVIATIONS: &[Deviation] = &[
    Deviation {
        name: "parameters in single precision",
        reason: "PyTorch's gradients of these two take 1/α and 1/6 as float32, also in float64.",
        covers: |case| {
            let function = case.parameters[0];
            case.dtypes()[0] == DType::F64
                && case.operation == "activation_backward"
                && matches!(function, "celu" | "hardsigmoid")
        },
    },
    Deviation {
        name: "gradients at NaN in the half types",
        reason: "PyTorch's vector code for float32 and its scalar code for these differ in what NaN compares as.",
        covers: |case| half(case) && case.operation == "activation_backward" && case.head.contains(":s:1"),
    },
    Deviation {
        name: "logit of the half types",
        reason: "Rounded once; PyTorch rounds x / (1 − x) in between.",
        covers: |case| half(case) && case.parameters[0] == "logit",
    },
    Deviation {
        name: "softshrink to zero",
        reason: "Plus zero, as PyTorch's vector code; its scalar code keeps the sign.",
        covers: |case| {
            let scalar = half(case) || case.first_layout().is_some_and(|x| x.1.is_some());
            scalar && case.operation == "activation" && case.parameters[0] == "softshrink"
        },
    },
    Deviation {
        name: "softsign and tanhshrink in one step",
        reason: "PyTorch composes them: half types are rounded in between, x + 1 overflows in whole numbers, and the gradient at \
                 infinity is inf / inf.",
        covers: |case| {
            let composed = matches!(case.parameters[0], "softsign" | "tanhshrink");
            composed && (half(case) || case.dtypes()[0].is_integer() || case.head.contains(":s:1"))
        },
    },
    Deviation {
        name: "strides",
        reason: "These keep their layout as every function of each element; PyTorch makes logsigmoid row-major, and composes \
                 hardtanh, on the way losing strides that say nothing.",
        covers: |case| {
            matches!(case.parameters[0], "hardtanh" | "logsigmoid" | "relu6" | "softsign")
                && case.first_layout().is_some_and(|x| x.1.is_some())
        },
    },
];

#[test]
fn curves_and_their_gradients() {
    let near = |case: &Case<'_>, want: &conformance::fixture::Expected| {
        tolerance(case.operation, case.parameters.first().copied().unwrap_or(""), want.dtype)
    };
    // PyTorch composes some gradients, and with them their strides.
    let layout = |case: &Case<'_>| case.operation != "activation_backward";
    Suite { run: &run, tolerance: &near, checks_layout: &layout, deviations: DEVIATIONS }
        .check("values.activation.tsv");
}
