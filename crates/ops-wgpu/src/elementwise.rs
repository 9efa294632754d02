//! Operations whose output's elements each come from elements at the same place: which function, in which kind, of which
//! operands. How operands lie is for `map.rs`, what a function is for its family's file.

use crate::element::{Kind, is_nonzero};
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use crate::{activation, binary, unary, unsupported};
use storage::{DType, Scalar};
use tensor_core::op::activation::{Activation, Curve};
use tensor_core::op::binary::Domain as BinaryDomain;
use tensor_core::op::unary::Domain as UnaryDomain;
use tensor_core::op::{Binary, Select, Ternary, Unary};
use tensor_core::{Input, Output, Result};

/// The functions that expressions may use, with T the kind that is computed in.
fn prelude(kind: Kind, dtype: DType) -> String {
    let mut text = format!(
        "alias T = {};\nfn nonzero(x: T) -> bool {{ return {}; }}\nfn width() -> i32 {{ return {}; }}\n",
        kind.name(),
        is_nonzero("x", kind),
        dtype.size() * 8
    );
    text += activation::LIMITED;
    match kind {
        Kind::F32 => {
            text += crate::MATH;
            text += activation::CURVES;
        }
        Kind::I32 | Kind::I64 => text += binary::WHOLE,
        Kind::F64 => {}
    }
    text
}

/// The function `f` of `parameters` that gives `expression`, as a truth value or as a number.
fn function(parameters: &[&str], kind: Kind, test: bool, expression: &str) -> String {
    let parameters: Vec<String> = parameters.iter().map(|name| format!("{name}: {}", kind.name())).collect();
    let (result, expression) = match test {
        true => ("i32", format!("select(0i, 1i, {expression})")),
        false => (kind.name(), expression.to_string()),
    };
    format!("fn f({}) -> {result} {{ return {expression}; }}\n", parameters.join(", "))
}

fn result_kind(test: bool, kind: Kind) -> Kind {
    if test { Kind::I32 } else { kind }
}

pub(crate) fn unary(gpu: &Gpu, op: Unary, compute: DType, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    let Some(expression) = unary::expression(op, kind) else {
        return Err(unsupported(gpu, op.name(), compute));
    };
    // The logical inverse of truth values; other types have all their bits inverted.
    let expression = if op == Unary::BitwiseNot && compute == DType::Bool { "1 - x" } else { expression };
    let test = op.domain() == UnaryDomain::Test;
    let mut kernel = Kernel::new(gpu, op.name());
    kernel.variant(u32::from(compute == DType::Bool));
    let f = || prelude(kind, compute) + &function(&["x"], kind, test, expression);
    map::elementwise(&mut kernel, &[Argument::new("x", x, kind)], output, result_kind(test, kind), "", f)
}

pub(crate) fn binary(gpu: &Gpu, op: Binary, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    let Some(expression) = binary::expression(op, kind, compute) else {
        return Err(unsupported(gpu, op.name(), compute));
    };
    let test = op.domain() == BinaryDomain::Test;
    let mut kernel = Kernel::new(gpu, op.name());
    kernel.variant(compute as u32);
    let f = || prelude(kind, compute) + &function(&["a", "b"], kind, test, expression);
    let operands = [Argument::new("a", &inputs[0], kind), Argument::new("b", &inputs[1], kind)];
    map::elementwise(&mut kernel, &operands, output, result_kind(test, kind), "", f)
}

pub(crate) fn scalar(
    gpu: &Gpu,
    op: Binary,
    (number, reversed): (Scalar, bool),
    compute: DType,
    x: &Input<'_>,
    output: &Output<'_>,
) -> Result<()> {
    let kind = Kind::of(compute);
    let Some(expression) = binary::expression(op, kind, compute) else {
        return Err(unsupported(gpu, op.name(), compute));
    };
    let test = op.domain() == BinaryDomain::Test;
    let mut kernel = Kernel::new(gpu, op.name());
    kernel.variant(compute as u32).variant(1 + u32::from(reversed));
    kernel.number("number", kind, number);
    let parameters = if reversed { ["b", "a"] } else { ["a", "b"] };
    let f = || prelude(kind, compute) + &function(&parameters, kind, test, expression);
    map::elementwise(&mut kernel, &[Argument::new("x", x, kind)], output, result_kind(test, kind), ", number()", f)
}

pub(crate) fn activation(
    gpu: &Gpu,
    op: Activation,
    compute: DType,
    inputs: &[Input<'_>],
    output: &Output<'_>,
) -> Result<()> {
    let kind = Kind::of(compute);
    let Some((number, value, pull)) = activation::expressions(op.curve, kind) else {
        return Err(unsupported(gpu, op.curve.name(), compute));
    };
    let mut kernel = Kernel::new(gpu, "activation");
    kernel.variant(number);
    let whole = |number: f64| match op.curve {
        Curve::Hardtanh { .. } if !kind.is_float() => bound(number, compute),
        _ => Scalar::Float(number),
    };
    let [p, q] = op.curve.parameters();
    kernel.number("p_", kind, whole(p)).number("q_", kind, whole(q));
    let arguments = ", p_(), q_()";
    match inputs {
        [x] => {
            let f = || prelude(kind, compute) + &function(&["x", "p", "q"], kind, false, value);
            map::elementwise(&mut kernel, &[Argument::new("x", x, kind)], output, kind, arguments, f)
        }
        [g, x] => {
            kernel.variant(1);
            let f = || prelude(kind, compute) + &function(&["g", "x", "p", "q"], kind, false, pull);
            let operands = [Argument::new("g", g, kind), Argument::new("x", x, kind)];
            map::elementwise(&mut kernel, &operands, output, kind, arguments, f)
        }
        _ => unreachable!("{op:?} with {} inputs", inputs.len()),
    }
}

/// A limit as a number that every element of `dtype` can be compared to.
fn bound(number: f64, dtype: DType) -> Scalar {
    if dtype.is_floating_point() {
        return Scalar::Float(number);
    }
    // The nearest number of the computing kind: infinite limits are no limits.
    match Kind::of(dtype) {
        Kind::I64 => Scalar::Int(number as i64),
        _ => Scalar::Int(i64::from(number as i32)),
    }
}

pub(crate) fn select(gpu: &Gpu, op: Select, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    let name = kind.name();
    match op {
        Select::Where => {
            let mut kernel = Kernel::new(gpu, "where");
            let operands = [
                Argument::new("c", &inputs[0], Kind::I32),
                Argument::new("a", &inputs[1], kind),
                Argument::new("b", &inputs[2], kind),
            ];
            let f = || format!("fn f(c: i32, a: {name}, b: {name}) -> {name} {{ return select(b, a, c != 0); }}\n");
            map::elementwise(&mut kernel, &operands, output, kind, "", f)
        }
        Select::MaskedFill(number) => {
            let mut kernel = Kernel::new(gpu, "masked_fill");
            kernel.number("number", kind, number);
            let operands = [Argument::new("x", &inputs[0], kind), Argument::new("mask", &inputs[1], Kind::I32)];
            let f = || format!("fn f(x: {name}, mask: i32) -> {name} {{ return select(x, number(), mask != 0); }}\n");
            map::elementwise(&mut kernel, &operands, output, kind, "", f)
        }
        Select::Clamp { min, max } => {
            let mut kernel = Kernel::new(gpu, "clamp");
            kernel.number("low", kind, bound(min, compute)).number("high", kind, bound(max, compute));
            let f = || prelude(kind, compute) + &function(&["x"], kind, false, "limited(x, low(), high())");
            map::elementwise(&mut kernel, &[Argument::new("x", &inputs[0], kind)], output, kind, "", f)
        }
        Select::NanToNum { nan, posinf, neginf } => {
            if kind == Kind::F64 {
                return Err(unsupported(gpu, "nan_to_num", compute));
            }
            let mut kernel = Kernel::new(gpu, "nan_to_num");
            for (name, number) in [("for_nan", nan), ("for_inf", posinf), ("for_minus", neginf)] {
                kernel.number(name, kind, Scalar::Float(number));
            }
            let expression = match kind {
                Kind::F32 => "select(select(x, select(for_inf(), for_minus(), is_minus(x)), is_inf(x)), for_nan(), is_nan(x))",
                Kind::I32 | Kind::I64 | Kind::F64 => "x",
            };
            let f = || prelude(kind, compute) + &function(&["x"], kind, false, expression);
            map::elementwise(&mut kernel, &[Argument::new("x", &inputs[0], kind)], output, kind, "", f)
        }
        Select::Triangle { upper, diagonal } => {
            let shape = output.layout.shape();
            let (rows, columns) = (shape[shape.len() - 2], shape[shape.len() - 1]);
            let mut kernel = Kernel::new(gpu, "triangle");
            kernel.variant(u32::from(upper)).size("rows", rows).size("columns", columns);
            kernel.int("diagonal", diagonal.clamp(-(rows as i64) - 1, columns as i64 + 1));
            let x = Argument::new("x", &inputs[0], kind);
            let kept = if upper { ">=" } else { "<=" };
            map::gather(&mut kernel, &[x], output, kind, || {
                format!(
                    "fn element(i: u32) -> {name} {{\n    let column = i32(i % columns());\n    let row = i32((i / columns()) % rows());\n    \
                     if (column - row {kept} diagonal()) {{ return x(x_at(i)); }}\n    return {name}(0);\n}}\n"
                )
            })
        }
    }
}

pub(crate) fn ternary(gpu: &Gpu, op: Ternary, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    const LERP: &str = "select(a - (a - x) * (T(1) - b), x + b * (a - x), b < T(0.5) && b > T(-0.5))";
    let kind = Kind::of(compute);
    let mut kernel = Kernel::new(gpu, "ternary");
    let all = |names: [&'static str; 3]| -> Vec<Argument<'_>> {
        inputs.iter().zip(names).map(|(input, name)| Argument::new(name, input, kind)).collect()
    };
    let (operands, arguments, parameters, expression): (_, _, &[&str], _) = match op {
        Ternary::Addcmul { value } => {
            kernel.variant(0).number("value", kind, value);
            (all(["x", "a", "b"]), "", &["x", "a", "b"], "x + value() * a * b")
        }
        Ternary::Addcdiv { value } => {
            kernel.variant(1).number("value", kind, value);
            (all(["x", "a", "b"]), "", &["x", "a", "b"], "x + value() * (a / b)")
        }
        Ternary::Lerp => {
            kernel.variant(2);
            (all(["x", "a", "b"]), "", &["x", "a", "b"], LERP)
        }
        Ternary::LerpBy { weight } => {
            kernel.variant(3).number("weight", kind, Scalar::Float(weight));
            (all(["x", "a", ""]), ", weight()", &["x", "a", "b"], LERP)
        }
    };
    if !kind.is_float() && matches!(op, Ternary::Lerp | Ternary::LerpBy { .. }) {
        return Err(unsupported(gpu, "lerp", compute));
    }
    let f = || prelude(kind, compute) + &function(parameters, kind, false, expression);
    map::elementwise(&mut kernel, &operands, output, kind, arguments, f)
}

/// The input's values in the output's place and type. Of `bool`s from numbers that is whether they differ from zero.
pub(crate) fn copy(gpu: &Gpu, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(x.dtype);
    let mut kernel = Kernel::new(gpu, "copy");
    let f = || format!("fn f(x: {k}) -> {k} {{ return x; }}\n", k = kind.name());
    map::elementwise(&mut kernel, &[Argument::new("x", x, kind)], output, kind, "", f)
}

pub(crate) fn fill(gpu: &Gpu, number: Scalar, output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(output.dtype);
    let number = match (output.dtype, number) {
        (DType::Bool, number) => Scalar::Bool(number.to_bool()),
        (_, number) => number,
    };
    let mut kernel = Kernel::new(gpu, "fill");
    kernel.number("number", kind, number);
    let f = || format!("fn f() -> {} {{ return number(); }}\n", kind.name());
    map::elementwise(&mut kernel, &[], output, kind, "", f)
}
