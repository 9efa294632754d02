//! Choices between values: `where`, `masked_fill`, `clamp`, `nan_to_num`, triangles.

use crate::element::Kind;
use crate::elementwise::{function, prelude};
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use storage::{DType, Scalar};
use tensor_core::op::Select;
use tensor_core::{Input, Output, Result};

/// A limit as a number that every element of `dtype` can be compared to.
pub(crate) fn bound(number: f64, dtype: DType) -> Scalar {
    if dtype.is_floating_point() {
        return Scalar::Float(number);
    }
    // The nearest number of the computing kind: infinite limits are no limits.
    match Kind::of(dtype) {
        Kind::I64 => Scalar::Int(number as i64),
        _ => Scalar::Int(i64::from(number as i32)),
    }
}

pub(crate) fn run(gpu: &Gpu, op: Select, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    let name = kind.name();
    match op {
        Select::Where => {
            let mut kernel = Kernel::new(gpu, "where");
            kernel.by_functions();
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
            kernel.by_functions().number("number", kind, number);
            let operands = [Argument::new("x", &inputs[0], kind), Argument::new("mask", &inputs[1], Kind::I32)];
            let f = || format!("fn f(x: {name}, mask: i32) -> {name} {{ return select(x, number(), mask != 0); }}\n");
            map::elementwise(&mut kernel, &operands, output, kind, "", f)
        }
        Select::Clamp { min, max } => {
            let mut kernel = Kernel::new(gpu, "clamp");
            kernel.by_functions().number("low", kind, bound(min, compute)).number("high", kind, bound(max, compute));
            let f = || prelude(gpu, kind, compute) + &function(&["x"], kind, false, "limited(x, low(), high())");
            map::elementwise(&mut kernel, &[Argument::new("x", &inputs[0], kind)], output, kind, "", f)
        }
        Select::NanToNum { nan, posinf, neginf } => {
            let mut kernel = Kernel::new(gpu, "nan_to_num");
            for (name, number) in [("for_nan", nan), ("for_inf", posinf), ("for_minus", neginf)] {
                kernel.number(name, kind, Scalar::Float(number));
            }
            let expression = match kind {
                Kind::F32 | Kind::F64 => {
                    "select(select(x, select(for_inf(), for_minus(), is_minus(x)), is_inf(x)), for_nan(), is_nan(x))"
                }
                Kind::I32 | Kind::I64 => "x",
            };
            let f = || prelude(gpu, kind, compute) + &function(&["x"], kind, false, expression);
            map::elementwise(&mut kernel, &[Argument::new("x", &inputs[0], kind)], output, kind, "", f)
        }
        Select::Triangle { upper, diagonal } => {
            let shape = output.layout.shape();
            let (rows, columns) = (shape[shape.len() - 2], shape[shape.len() - 1]);
            let mut kernel = Kernel::new(gpu, "triangle");
            kernel.by_functions().variant(u32::from(upper)).size("rows", rows).size("columns", columns);
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
