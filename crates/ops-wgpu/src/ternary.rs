//! Functions of three elements.

use crate::element::Kind;
use crate::elementwise::{function, prelude};
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::long;
use crate::map::{self, Argument};
use crate::unsupported;
use storage::{DType, Scalar};
use tensor_core::op::Ternary;
use tensor_core::{Input, Output, Result};

pub(crate) fn run(gpu: &Gpu, op: Ternary, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    const LERP: &str = "select(a - (a - x) * (T(1) - b), x + b * (a - x), b < T(0.5) && b > T(-0.5))";
    let kind = Kind::of(compute);
    let mut kernel = Kernel::new(gpu, "ternary");
    let all = |names: [&'static str; 3]| -> Vec<Argument<'_>> {
        inputs.iter().zip(names).map(|(input, name)| Argument::new(name, input, kind)).collect()
    };
    let product = match long::is_narrow(gpu, kind) {
        true => "long_plus(x, long_times(value(), long_times(a, b)))",
        false => "x + value() * a * b",
    };
    let (operands, arguments, parameters, expression): (_, _, &[&str], _) = match op {
        Ternary::Addcmul { value } => {
            kernel.by_functions().variant(0).number("value", kind, value);
            (all(["x", "a", "b"]), "", &["x", "a", "b"], product)
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
    let f = || prelude(gpu, kind, compute) + &function(parameters, kind, false, expression);
    map::elementwise(&mut kernel, &operands, output, kind, arguments, f)
}
