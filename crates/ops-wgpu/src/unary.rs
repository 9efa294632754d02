//! Functions of each element, as expressions in x. What the language gives in single precision alone comes from the libraries of
//! `shaders/`.

use crate::element::Kind;
use crate::elementwise::{function, prelude, result_kind};
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::long;
use crate::map::{self, Argument};
use crate::unsupported;
use storage::DType;
use tensor_core::op::Unary;
use tensor_core::op::unary::Domain;
use tensor_core::{Input, Output, Result};

/// The function's expression for x of `kind`; that of tests is a truth value. `None` where the kind has no such function.
pub(crate) fn expression(op: Unary, kind: Kind) -> Option<&'static str> {
    let is_float = kind.is_float();
    // Whole numbers are what rounding makes of them, finite, and not the subject of functions of real numbers.
    let whole = |text| if is_float { None } else { Some(text) };
    let real = |text| if is_float { Some(text) } else { None };
    let either = |float, int| Some(if is_float { float } else { int });
    match op {
        Unary::Abs => Some("abs(x)"),
        Unary::Acos => real("acos_(x)"),
        Unary::Acosh => real("acosh_(x)"),
        Unary::Asin => real("asin_(x)"),
        Unary::Asinh => real("asinh_(x)"),
        Unary::Atan => real("atan_(x)"),
        Unary::Atanh => real("atanh_(x)"),
        Unary::BitwiseNot => whole("~x"),
        Unary::Ceil => either("ceil(x)", "x"),
        Unary::Cos => real("cos_(x)"),
        Unary::Cosh => real("cosh_(x)"),
        Unary::Deg2rad => either("x * T(0.017453292519943295)", "x"),
        Unary::Digamma => real("digamma_(x)"),
        Unary::Erf => real("erf_(x)"),
        Unary::Erfc => real("erfc_(x)"),
        Unary::Erfinv => real("erfinv_(x)"),
        Unary::Exp => real("exp_(x)"),
        Unary::Exp2 => real("exp2_(x)"),
        Unary::Expm1 => real("expm1_(x)"),
        Unary::Floor => either("floor(x)", "x"),
        Unary::Frac => Some("x - trunc(x)"),
        Unary::IsFinite => either("is_finite(x)", "true"),
        Unary::IsInf => either("is_inf(x)", "false"),
        Unary::IsNan => either("is_nan(x)", "false"),
        Unary::IsNegInf => either("is_inf(x) && is_minus(x)", "false"),
        Unary::IsPosInf => either("is_inf(x) && !is_minus(x)", "false"),
        Unary::Lgamma => real("lgamma_(x)"),
        Unary::Log => real("log_(x)"),
        Unary::Log10 => real("log10_(x)"),
        Unary::Log1p => real("log1p_(x)"),
        Unary::Log2 => real("log2_(x)"),
        Unary::LogicalNot => Some("!nonzero(x)"),
        Unary::Neg => Some("-x"),
        Unary::Rad2deg => either("x * T(57.29577951308232)", "x"),
        Unary::Reciprocal => Some("T(1) / x"),
        Unary::Relu if is_float => Some("max_nan(x, 0.0)"),
        Unary::Relu => Some("max(x, T(0))"),
        Unary::Round => either("round(x)", "x"),
        Unary::Rsqrt => Some("T(1) / sqrt(x)"),
        Unary::Sgn | Unary::Sign => either("select(T(0), T(1), x > T(0)) - select(T(0), T(1), x < T(0))", "sign(x)"),
        Unary::Sigmoid => real("sigmoid_(x)"),
        Unary::Signbit => either("is_minus(x)", "x < T(0)"),
        Unary::Silu => real("x * sigmoid_(x)"),
        Unary::Sin => real("sin_(x)"),
        Unary::Sinc => real("select(sin_pi(x) / (3.1415926535897932385 * x), 1.0, x == 0.0)"),
        Unary::Sinh => real("sinh_(x)"),
        Unary::Sqrt => Some("sqrt(x)"),
        Unary::Tan => real("tan_(x)"),
        Unary::Tanh => real("tanh_(x)"),
        Unary::Trigamma => real("trigamma_(x)"),
        Unary::Trunc => either("trunc(x)", "x"),
    }
}

pub(crate) fn run(gpu: &Gpu, op: Unary, compute: DType, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    let narrow = long::is_narrow(gpu, kind);
    let found = if narrow { long::unary(op) } else { expression(op, kind) };
    let Some(text) = found else {
        return Err(unsupported(gpu, op.name(), compute));
    };
    // The logical inverse of truth values; other types have all their bits inverted.
    let text = if op == Unary::BitwiseNot && compute == DType::Bool { "1 - x" } else { text };
    let test = op.domain() == Domain::Test;
    let mut kernel = Kernel::new(gpu, op.name());
    kernel.by_functions().variant(u32::from(compute == DType::Bool));
    let f = || prelude(gpu, kind, compute) + &function(&["x"], kind, test, text);
    map::elementwise(&mut kernel, &[Argument::new("x", x, kind)], output, result_kind(test, kind), "", f)
}
