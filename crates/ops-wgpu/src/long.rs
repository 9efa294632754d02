//! Whole numbers of 64 bits on adapters that lack them (browsers, many phones): they lie in two words, which functions treat
//! as one number. It knows which functions of elements can be expressed so; kernels that go without any arithmetic, or use
//! these functions alone, say so (`Kernel::by_functions`), and others are refused.

use crate::element::{Kind, is_nonzero};
use crate::gpu::Gpu;
use tensor_core::op::{Binary, Unary};

const LONG: &str = include_str!("../shaders/long.wgsl");
const LONG_NARROW: &str = include_str!("../shaders/long_narrow.wgsl");

/// Whether numbers of `kind` are two words on this adapter.
pub(crate) fn is_narrow(gpu: &Gpu, kind: Kind) -> bool {
    kind == Kind::I64 && !gpu.info().int64
}

/// The type `Long` and its functions.
pub(crate) fn library(gpu: &Gpu) -> &'static str {
    if gpu.info().int64 { LONG } else { LONG_NARROW }
}

const LIMITED: &str = "
fn limited(x: T, low: T, high: T) -> T {
    let y = select(x, low, long_less(x, low));
    return select(y, high, long_less(high, y));
}
";

/// What element-wise families share, as `elementwise::prelude` is for other kinds.
pub(crate) fn prelude() -> String {
    format!("alias T = Long;\nfn nonzero(x: T) -> bool {{ return {}; }}\n{LIMITED}", is_nonzero("x", Kind::I64))
}

/// The function's expression for x in two words.
pub(crate) fn unary(op: Unary) -> Option<&'static str> {
    match op {
        Unary::Abs => Some("long_size(x)"),
        Unary::BitwiseNot => Some("~x"),
        Unary::Ceil | Unary::Floor | Unary::Round | Unary::Trunc => Some("x"),
        Unary::IsFinite => Some("true"),
        Unary::IsInf | Unary::IsNan | Unary::IsNegInf | Unary::IsPosInf => Some("false"),
        Unary::LogicalNot => Some("!is_set(x)"),
        Unary::Neg => Some("negated(x)"),
        Unary::Relu => Some("select(x, T(0), is_below_zero(x))"),
        Unary::Sgn | Unary::Sign => Some("long_sign(x)"),
        Unary::Signbit => Some("is_below_zero(x)"),
        Unary::Acos
        | Unary::Acosh
        | Unary::Asin
        | Unary::Asinh
        | Unary::Atan
        | Unary::Atanh
        | Unary::Cos
        | Unary::Cosh
        | Unary::Deg2rad
        | Unary::Digamma
        | Unary::Erf
        | Unary::Erfc
        | Unary::Erfinv
        | Unary::Exp
        | Unary::Exp2
        | Unary::Expm1
        | Unary::Frac
        | Unary::Lgamma
        | Unary::Log
        | Unary::Log10
        | Unary::Log1p
        | Unary::Log2
        | Unary::Rad2deg
        | Unary::Reciprocal
        | Unary::Rsqrt
        | Unary::Sigmoid
        | Unary::Silu
        | Unary::Sin
        | Unary::Sinc
        | Unary::Sinh
        | Unary::Sqrt
        | Unary::Tan
        | Unary::Tanh
        | Unary::Trigamma => None,
    }
}

/// The function's expression for a and b in two words.
pub(crate) fn binary(op: Binary) -> Option<&'static str> {
    match op {
        Binary::Add => Some("long_plus(a, b)"),
        Binary::BitwiseAnd => Some("a & b"),
        Binary::BitwiseLeftShift => Some("long_up(a, b)"),
        Binary::BitwiseOr => Some("a | b"),
        Binary::BitwiseRightShift => Some("long_down(a, b)"),
        Binary::BitwiseXor => Some("a ^ b"),
        Binary::Div => Some("long_quotient(a, b)"),
        Binary::Eq => Some("all(a == b)"),
        Binary::FloorDivide => Some("long_floor_quotient(a, b)"),
        Binary::Fmax | Binary::Maximum => Some("select(a, b, long_less(a, b))"),
        Binary::Fmin | Binary::Minimum => Some("select(a, b, long_less(b, a))"),
        Binary::Fmod => Some("long_left(a, b)"),
        Binary::Gcd => Some("long_gcd(a, b)"),
        Binary::Ge => Some("!long_less(a, b)"),
        Binary::Gt => Some("long_less(b, a)"),
        Binary::Heaviside => Some("select(select(T(0), widened(1), long_less(T(0), a)), b, !is_set(a))"),
        Binary::Lcm => Some("long_lcm(a, b)"),
        Binary::Le => Some("!long_less(b, a)"),
        Binary::LogicalAnd => Some("is_set(a) && is_set(b)"),
        Binary::LogicalOr => Some("is_set(a) || is_set(b)"),
        Binary::LogicalXor => Some("is_set(a) != is_set(b)"),
        Binary::Lt => Some("long_less(a, b)"),
        Binary::Mul => Some("long_times(a, b)"),
        Binary::Ne => Some("any(a != b)"),
        Binary::Pow => Some("long_pow(a, b)"),
        Binary::Remainder => Some("long_remainder(a, b)"),
        Binary::Sub => Some("long_minus(a, b)"),
        Binary::Atan2
        | Binary::Copysign
        | Binary::Hypot
        | Binary::LogAddExp
        | Binary::LogAddExp2
        | Binary::Nextafter
        | Binary::SpecialZeta
        | Binary::Xlogy => None,
    }
}
