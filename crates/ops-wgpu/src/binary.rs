//! Functions of two elements, as expressions in a and b.

use crate::element::Kind;
use crate::elementwise::{function, prelude, result_kind};
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::long;
use crate::map::{self, Argument};
use crate::unsupported;
use storage::{DType, Scalar};
use tensor_core::op::Binary;
use tensor_core::op::binary::Domain;
use tensor_core::{Input, Output, Result};

/// The function's expression for a and b of `kind`, elements of `dtype`; that of tests is a truth value. `None` where the kind
/// has no such function.
pub(crate) fn expression(op: Binary, kind: Kind, dtype: DType) -> Option<&'static str> {
    let (is_float, is_bool) = (kind.is_float(), dtype == DType::Bool);
    let real = |text| if is_float { Some(text) } else { None };
    let whole = |text| if is_float { None } else { Some(text) };
    let either = |float, int| Some(if is_float { float } else { int });
    match op {
        // Of truth values the sum is what is stored of it: whether it differs from zero.
        Binary::Add => Some("a + b"),
        Binary::Atan2 => real("atan2_(a, b)"),
        Binary::BitwiseAnd => whole("a & b"),
        Binary::BitwiseLeftShift => whole("select(a << u32(b), T(0), b < T(0) || b >= T(width()))"),
        Binary::BitwiseOr => whole("a | b"),
        Binary::BitwiseRightShift => whole("a >> u32(select(b, T(width() - 1), b < T(0) || b >= T(width())))"),
        Binary::BitwiseXor => whole("a ^ b"),
        Binary::Copysign => real("with_sign(a, b)"),
        Binary::Div => Some("a / b"),
        Binary::Eq => Some("a == b"),
        Binary::FloorDivide if is_float => Some("floor_divide_(a, b)"),
        Binary::FloorDivide => Some("a / b - select(T(0), T(1), a % b != T(0) && (a < T(0)) != (b < T(0)))"),
        Binary::Fmax => either("select(max_nan(a, b), select(b, a, is_nan(b)), is_nan(a) || is_nan(b))", "max(a, b)"),
        Binary::Fmin => either("select(min_nan(a, b), select(b, a, is_nan(b)), is_nan(a) || is_nan(b))", "min(a, b)"),
        Binary::Fmod if is_float => Some("fmod_(a, b)"),
        Binary::Fmod => Some("a % b"),
        Binary::Gcd => whole("gcd(a, b)"),
        Binary::Ge => Some("a >= b"),
        Binary::Gt => Some("a > b"),
        Binary::Heaviside => Some("select(select(T(0), T(1), a > T(0)), b, a == T(0))"),
        Binary::Hypot => either("hypot_(a, b)", "sqrt(a * a + b * b)"),
        Binary::Lcm => whole("lcm(a, b)"),
        Binary::Le => Some("a <= b"),
        Binary::LogAddExp => real("logaddexp_(a, b)"),
        Binary::LogAddExp2 => real("logaddexp2_(a, b)"),
        Binary::LogicalAnd => Some("nonzero(a) && nonzero(b)"),
        Binary::LogicalOr => Some("nonzero(a) || nonzero(b)"),
        Binary::LogicalXor => Some("nonzero(a) != nonzero(b)"),
        Binary::Lt => Some("a < b"),
        Binary::Maximum => either("max_nan(a, b)", "max(a, b)"),
        Binary::Minimum => either("min_nan(a, b)", "min(a, b)"),
        Binary::Mul => Some("a * b"),
        Binary::Ne if is_float => Some("a != b || is_nan(a) || is_nan(b)"),
        Binary::Ne => Some("a != b"),
        Binary::Nextafter => real("nextafter_(a, b)"),
        Binary::Pow if is_bool => Some("a | (1 - b)"),
        Binary::Pow if is_float => Some("pow_(a, b)"),
        Binary::Pow => whole("pow_int(a, b)"),
        Binary::Remainder if is_float => Some("remainder_(a, b)"),
        Binary::Remainder => Some("a % b + select(T(0), b, a % b != T(0) && (a < T(0)) != (b < T(0)))"),
        Binary::SpecialZeta => real("zeta_(a, b)"),
        Binary::Sub => Some("a - b"),
        Binary::Xlogy => real("select(select(a * log_(b), 0.0, a == 0.0), b, is_nan(b))"),
    }
}

/// Functions of whole numbers that the expressions use, in the type T.
pub(crate) const WHOLE: &str = "
fn gcd(a: T, b: T) -> T {
    var x = abs(a);
    var y = abs(b);
    while (y != T(0)) {
        let r = x % y;
        x = y;
        y = r;
    }
    return x;
}

fn lcm(a: T, b: T) -> T {
    let g = gcd(a, b);
    if (g == T(0)) { return T(0); }
    return abs(a / g * b);
}

fn pow_int(a: T, b: T) -> T {
    if (b < T(0)) {
        if (a == T(1)) { return T(1); }
        if (a == T(-1)) { return select(T(1), T(-1), (b & T(1)) != T(0)); }
        return T(0);
    }
    var base = a;
    var left = b;
    var y = T(1);
    while (left > T(0)) {
        if ((left & T(1)) == T(1)) { y *= base; }
        base *= base;
        left = left >> 1u;
    }
    return y;
}
";

/// The same for the adapter at hand.
fn found(gpu: &Gpu, op: Binary, kind: Kind, dtype: DType) -> Option<&'static str> {
    if long::is_narrow(gpu, kind) { long::binary(op) } else { expression(op, kind, dtype) }
}

pub(crate) fn run(gpu: &Gpu, op: Binary, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    let Some(text) = found(gpu, op, kind, compute) else {
        return Err(unsupported(gpu, op.name(), compute));
    };
    let test = op.domain() == Domain::Test;
    let mut kernel = Kernel::new(gpu, op.name());
    kernel.by_functions().variant(compute as u32);
    let f = || prelude(gpu, kind, compute) + &function(&["a", "b"], kind, test, text);
    let operands = [Argument::new("a", &inputs[0], kind), Argument::new("b", &inputs[1], kind)];
    map::elementwise(&mut kernel, &operands, output, result_kind(test, kind), "", f)
}

/// With a number in the place of one operand.
pub(crate) fn run_scalar(
    gpu: &Gpu,
    op: Binary,
    (number, reversed): (Scalar, bool),
    compute: DType,
    x: &Input<'_>,
    output: &Output<'_>,
) -> Result<()> {
    let kind = Kind::of(compute);
    let Some(text) = found(gpu, op, kind, compute) else {
        return Err(unsupported(gpu, op.name(), compute));
    };
    let test = op.domain() == Domain::Test;
    let mut kernel = Kernel::new(gpu, op.name());
    kernel.by_functions().variant(compute as u32).variant(1 + u32::from(reversed));
    kernel.number("number", kind, number);
    let parameters = if reversed { ["b", "a"] } else { ["a", "b"] };
    let f = || prelude(gpu, kind, compute) + &function(&parameters, kind, test, text);
    map::elementwise(&mut kernel, &[Argument::new("x", x, kind)], output, result_kind(test, kind), ", number()", f)
}
