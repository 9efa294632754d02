//! Functions of each element, of two elements, choices, and conversions.

use super::{scalar, tolerance};
use conformance::fixture::{Case, Inputs};
use conformance::report::{Deviation, Suite};
use conformance::rule;
use tensor_core::op::{Binary, Convert, Unary};
use tensor_core::{DType, Op, Operand, Result, Tensor};

fn unary(name: &str) -> Unary {
    *Unary::ALL.iter().find(|op| op.name() == name).unwrap_or_else(|| panic!("no function {name}"))
}

fn binary(name: &str) -> Binary {
    *Binary::ALL.iter().find(|op| op.name() == name).unwrap_or_else(|| panic!("no function {name}"))
}

fn run(case: &Case<'_>, inputs: &Inputs) -> Result<Vec<Tensor>> {
    let x: Vec<&Tensor> = inputs.tensors.iter().collect();
    let p = &case.parameters;
    let operand = |at: usize, text: &str| match text {
        "t" => Operand::Tensor(x[at]),
        number => Operand::Number(scalar(number)),
    };
    let done = |result: Result<()>| result.map(|()| x[0].clone());
    let result = match case.operation {
        "unary" => Tensor::apply(Op::Unary(unary(p[0])), &x),
        "unary_" => done(x[0].write(Op::Unary(unary(p[0])), &x)),
        "binary" => binary(p[0]).apply(x[0], Operand::Tensor(x[1])),
        "binary_" => done(x[0].write(Op::Binary(binary(p[0])), &x)),
        "scalar" => binary(p[0]).apply(x[0], Operand::Number(scalar(p[1]))),
        "scalar_" => done(x[0].write(Op::Scalar { op: binary(p[0]), number: scalar(p[1]), reversed: false }, &x)),
        "reversed" => binary(p[0]).apply_reversed(scalar(p[1]), x[0]),
        "where" => {
            let second = operand(1, p[0]);
            let third = operand(if p[0] == "t" { 2 } else { 1 }, p[1]);
            match (second, third) {
                (Operand::Tensor(a), Operand::Tensor(b)) => x[0].try_where(a, b),
                (Operand::Tensor(a), Operand::Number(b)) => x[0].try_where(a, b),
                (Operand::Number(a), Operand::Tensor(b)) => x[0].try_where(a, b),
                (Operand::Number(a), Operand::Number(b)) => x[0].try_where(a, b),
                _ => unreachable!("operands are borrowed"),
            }
        }
        "masked_fill" => x[0].try_masked_fill(x[1], scalar(p[0])),
        "masked_fill_" => x[0].try_masked_fill_(x[1], scalar(p[0])),
        "clamp" => match (p[0], p[1]) {
            ("t", "t") => x[0].try_clamp(x[1], x[2]),
            ("t", _) => x[0].try_clamp_min(x[1]),
            (_, "t") => x[0].try_clamp_max(x[1]),
            ("none", high) => x[0].try_clamp_max(scalar(high)),
            (low, "none") => x[0].try_clamp_min(scalar(low)),
            (low, high) => x[0].try_clamp(scalar(low), scalar(high)),
        },
        "clamp_" => x[0].try_clamp_(scalar(p[0]), scalar(p[1])),
        "nan_to_num" => {
            let number = |text: &str| (text != "none").then(|| scalar(text).to_f64());
            x[0].try_nan_to_num(scalar(p[0]).to_f64(), number(p[1]), number(p[2]))
        }
        "addcmul" => x[0].try_addcmul(x[1], x[2], scalar(p[0])),
        "addcmul_" => x[0].try_addcmul_(x[1], x[2], scalar(p[0])),
        "addcdiv" => x[0].try_addcdiv(x[1], x[2], scalar(p[0])),
        "addcdiv_" => x[0].try_addcdiv_(x[1], x[2], scalar(p[0])),
        "lerp" if p[0] == "t" => x[0].try_lerp(x[1], x[2]),
        "lerp" => x[0].try_lerp(x[1], scalar(p[0])),
        "lerp_" => x[0].try_lerp_(x[1], x[2]),
        "cast" => x[0].try_to_dtype(rule::dtype(p[0])),
        "copy_" => x[0].try_copy_(x[1]),
        "fill_" => x[0].try_fill_(scalar(p[0])),
        "zero_" => x[0].try_zero_(),
        "clone" => Tensor::apply(Op::Convert(Convert::Clone), &x),
        "contiguous" => x[0].try_contiguous(),
        other => panic!("no operation {other}"),
    };
    Ok(vec![result?])
}

fn check(file: &str, deviations: &[Deviation]) {
    let near = |case: &Case<'_>, want: &conformance::fixture::Expected| {
        tolerance(case.operation, case.parameters.first().copied().unwrap_or(""), want.dtype)
    };
    Suite { run: &run, tolerance: &near, checks_layout: &|_| true, deviations }.check(file);
}

#[test]
fn functions_of_each_element() {
    let deviations = [
        Deviation {
            name: "erf of tiny bfloat16",
            reason: "erf(x) is 1.13 x for small x; PyTorch's vector code gives zero for the smallest normal numbers.",
            covers: |case| case.parameters == ["erf"] && case.head.ends_with("bf16:20:-:s:1"),
        },
        Deviation {
            name: "sign of a NaN",
            reason: "What PyTorch's conversion to bfloat16 makes of NaN has one.",
            covers: |case| case.parameters == ["signbit"] && case.head.ends_with("bf16:20:-:s:1"),
        },
        Deviation {
            name: "strides of size-one dimensions",
            reason: "PyTorch composes these of others, on the way losing strides that say nothing.",
            covers: |case| {
                let parts = matches!(case.parameters[0], "isfinite" | "isinf") && case.head.contains("2,1,2,1,2,1,2");
                let angles = matches!(case.parameters[0], "deg2rad" | "rad2deg");
                parts || angles && (case.head.contains("1,3,1,4") || case.head.contains("2,0,3"))
            },
        },
    ];
    check("values.unary.tsv", &deviations);
}

#[test]
fn functions_of_two_elements() {
    let deviations = [Deviation {
        name: "2 ** x keeps its layout",
        reason: "As all functions of a number and a tensor do; in PyTorch this one alone is always row-major.",
        covers: |case| case.operation == "reversed" && case.parameters[0] == "pow" && case.head.contains("1,3@0"),
    }];
    check("values.binary.tsv", &deviations);
}

#[test]
fn promotion() {
    let deviations = [Deviation {
        name: "bool to the power of true",
        reason: "PyTorch refuses powers of bool but for this exponent, which happens to be a shortcut.",
        covers: |case| case.parameters == ["pow", "true"] && case.dtypes() == [DType::Bool],
    }];
    check("values.promotion.tsv", &deviations);
}

#[test]
fn choices() {
    check("values.select.tsv", &[]);
}

#[test]
fn conversions() {
    check("values.convert.tsv", &[]);
}

#[test]
fn functions_of_three_elements() {
    check("values.ternary.tsv", &[]);
}
