//! Every operation against PyTorch 2.15: values, dtypes, shapes, strides, and whether memory is shared, on shapes × layouts ×
//! dtypes, from committed fixtures. One file per group of families says how a fixture's operation is called; this one holds
//! what they share: parsing of parameters and the tolerances.

mod activation;
mod conv;
mod coverage;
mod elementwise;
mod examples;
mod indexing;
mod large;
mod long;
mod moving;
mod order;
mod reductions;
mod update;

use conformance::compare::Tolerance;
use tensor_core::{DType, Scalar};

/// A number as it stands in a fixture: `true`, `3`, `2.5`, `-inf`.
fn scalar(text: &str) -> Scalar {
    match text {
        "true" => Scalar::Bool(true),
        "false" => Scalar::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(whole) => Scalar::Int(whole),
            Err(_) => Scalar::Float(text.parse().unwrap_or_else(|_| panic!("{text:?} is no number"))),
        },
    }
}

/// Whole numbers separated by commas.
fn list(text: &str) -> Vec<i64> {
    text.split(',').filter(|part| !part.is_empty()).map(|part| part.parse().expect("a number")).collect()
}

/// A whole number.
fn int(text: &str) -> i64 {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
}

/// The tolerances, all in one place: operation, dtype of the result → how near.
///
/// Results that IEEE 754 or the operation's definition fixes are exact. Functions that PyTorch takes from SLEEF or MKL and
/// this library computes itself are each within 1 to 2 units of the true value, so up to 4 apart. In the half types both
/// compute in `f32` and round once, so that they differ by one unit at most. Sums differ by their order; what they may lose
/// is a multiple of the dtype's precision at the size of their terms.
fn tolerance(operation: &str, function: &str, dtype: DType) -> Tolerance {
    let half = matches!(dtype, DType::F16 | DType::BF16);
    let near = |ulps: f64| Tolerance::Near { ulps: if half { 1.0 } else { ulps }, absolute: 0.0 };
    // Half the precision of what sums accumulate in.
    let epsilon = match dtype {
        DType::F16 | DType::BF16 | DType::F32 => 2f64.powi(-24),
        DType::F64 => 2f64.powi(-53),
        _ => return Tolerance::Exact,
    };
    // Terms are of size 10 or so; the errors of n roundings grow as √n, and the longest sums have 50,000 terms.
    let sum = |size: f64| Tolerance::Near { ulps: if half { 1.0 } else { 4.0 }, absolute: size * epsilon };
    match (operation, function) {
        (
            "unary" | "unary_",
            "acos" | "acosh" | "asin" | "asinh" | "atan" | "atanh" | "cos" | "cosh" | "erf" | "erfc" | "exp" | "exp2"
            | "expm1" | "log" | "log10" | "log1p" | "log2" | "sigmoid" | "silu" | "sin" | "sinh" | "tan" | "tanh",
        ) => near(4.0),
        // A square root is exact by IEEE 754, but PyTorch's vector code rounds its last bit as it falls.
        ("unary" | "unary_", "rsqrt" | "reciprocal" | "sqrt") => near(1.0),
        ("unary" | "unary_", "erfinv" | "sinc") => near(4.0),
        // The square of a sine of either library's last bit: twice one unit, and the roundings of a square and a quotient.
        ("unary" | "unary_", "trigamma") => near(4.0),
        // Around their zeros PyTorch's lose digits.
        ("unary" | "unary_", "digamma" | "lgamma") => {
            Tolerance::Near { ulps: if half { 1.0 } else { 16.0 }, absolute: 4.0 * epsilon }
        }
        ("binary" | "binary_" | "scalar" | "scalar_" | "reversed", "atan2" | "hypot" | "pow" | "xlogy") => near(4.0),
        ("binary" | "binary_", "logaddexp" | "logaddexp2") => {
            Tolerance::Near { ulps: if half { 1.0 } else { 4.0 }, absolute: 2.0 * epsilon }
        }
        // PyTorch sums it in the dtype itself.
        ("binary" | "binary_" | "scalar" | "scalar_" | "reversed", "special_zeta") => near(64.0),
        // A product and a sum, which PyTorch's compiler may fuse.
        ("addcmul" | "addcmul_" | "addcdiv" | "addcdiv_" | "lerp" | "lerp_", _) => {
            Tolerance::Near { ulps: if half { 1.0 } else { 2.0 }, absolute: 64.0 * epsilon }
        }
        // PyTorch divides a number by a tensor as reciprocal times number.
        ("reversed", "div") => near(2.0),
        // Straight lines are exact but for a product's rounding; the others are exponentials and sums of them.
        (
            "activation" | "activation_",
            "hardshrink" | "hardtanh" | "leaky_relu" | "relu6" | "softshrink" | "softsign" | "threshold",
        ) => Tolerance::Exact,
        // PyTorch's is not exact in the tail.
        ("activation", "gelu") => Tolerance::Near { ulps: if half { 1.0 } else { 8.0 }, absolute: 4.0 * epsilon },
        ("activation" | "activation_", _) => Tolerance::Near { ulps: if half { 1.0 } else { 8.0 }, absolute: epsilon },
        ("activation_backward", _) => Tolerance::Near { ulps: if half { 1.0 } else { 8.0 }, absolute: 8.0 * epsilon },
        ("sum", _) => sum(1024.0),
        ("mean", _) => sum(64.0),
        // PyTorch rounds products of the half types along the way.
        ("prod", _) => Tolerance::Near { ulps: if half { 8.0 } else { 64.0 }, absolute: 0.0 },
        ("var" | "std", _) => near(64.0),
        ("matmul" | "mm" | "bmm" | "mv" | "dot", _) => sum(2048.0),
        _ => Tolerance::Exact,
    }
}
