//! Activations and their slopes, as expressions in x, the parameters p and q, and the gradient g.

use crate::element::Kind;
use crate::elementwise::{function, prelude};
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map::{self, Argument};
use crate::select::bound;
use crate::unsupported;
use storage::{DType, Scalar};
use tensor_core::op::Activation;
use tensor_core::op::activation::{Approximate, Curve};
use tensor_core::{Input, Output, Result};

/// The curve's number among shaders, its value, and g times its slope. `None` where `kind` has no such curve.
pub(crate) fn expressions(curve: Curve, kind: Kind) -> Option<(u32, &'static str, &'static str)> {
    let real = |number, value, pull| kind.is_float().then_some((number, value, pull));
    match curve {
        Curve::Celu { .. } => real(0, "select(p * expm1_(x * q), x, x > 0.0)", "select(g * exp_(x * q), g, x > 0.0)"),
        Curve::Elu { .. } => real(1, "select(p * expm1_(x), x, x > 0.0)", "select(g * p * exp_(x), g, x > 0.0)"),
        Curve::Gelu { approximate: Approximate::None } => real(
            2,
            "0.5 * x * (1.0 + erf_(x * 0.70710678118654752440))",
            "g * (0.5 * (1.0 + erf_(x * 0.70710678118654752440)) + x * exp_(-0.5 * x * x) * 0.39894228040143267794)",
        ),
        Curve::Gelu { approximate: Approximate::Tanh } => real(3, "gelu_tanh(x)", "g * gelu_tanh_slope(x)"),
        Curve::Hardshrink { .. } => real(4, "select(x, 0.0, x >= -p && x <= p)", "select(0.0, g, x < -p || x > p)"),
        Curve::Hardsigmoid {} => {
            real(5, "limited(x + 3.0, 0.0, 6.0) / 6.0", "select(0.0, g * 0.16666666666666666667, x > -3.0 && x < 3.0)")
        }
        Curve::Hardswish {} => real(
            6,
            "x * limited(x + 3.0, 0.0, 6.0) / 6.0",
            "select(select(g * (x / 3.0 + 0.5), g, x >= 3.0), 0.0, x <= -3.0)",
        ),
        Curve::LeakyRelu { .. } => real(7, "select(x * p, x, x > 0.0)", "select(g * p, g, x > 0.0)"),
        Curve::LogSigmoid {} => real(8, "-softplus_(-x)", "g * sigmoid_(-x)"),
        Curve::Logit { .. } => real(9, "logit(x, p, q)", "logit_pull(g, x, p, q)"),
        Curve::Mish {} => real(10, "x * mish_factor(x)", "g * mish_slope(x)"),
        Curve::Selu {} => real(
            11,
            "1.0507009873554804934 * select(1.6732632423543772848 * expm1_(x), x, x > 0.0)",
            "g * 1.0507009873554804934 * select(1.6732632423543772848 * exp_(x), 1.0, x > 0.0)",
        ),
        Curve::Softplus { .. } => {
            real(12, "select(softplus_(x * p) / p, x, x * p > q)", "select(g * sigmoid_(x * p), g, x * p > q)")
        }
        Curve::Softshrink { .. } => real(
            13,
            "select(select(select(0.0, x, is_nan(x)), x + p, x < -p), x - p, x > p)",
            "select(0.0, g, x < -p || x > p)",
        ),
        Curve::Softsign {} => real(14, "x / (abs(x) + 1.0)", "g / ((abs(x) + 1.0) * (abs(x) + 1.0))"),
        Curve::Tanhshrink {} => real(15, "x - tanh_(x)", "g * tanh_(x) * tanh_(x)"),
        Curve::Hardtanh { .. } | Curve::Relu6 {} => Some((16, "limited(x, p, q)", "select(T(0), g, x > p && x < q)")),
        Curve::Threshold { .. } => Some((17, "select(x, q, x <= p)", "select(g, T(0), x <= p)")),
    }
}

/// The limits that leave NaN as it is, for every kind.
pub(crate) const LIMITED: &str = "
fn limited(x: T, low: T, high: T) -> T {
    let y = select(x, low, x < low);
    return select(y, high, y > high);
}
";

/// What the longer curves are made of.
pub(crate) const CURVES: &str = "
fn gelu_tanh(x: T) -> T {
    return 0.5 * x * (1.0 + tanh_(0.79788456080286535588 * x * (1.0 + 0.044715 * x * x)));
}

fn gelu_tanh_slope(x: T) -> T {
    let t = tanh_(0.79788456080286535588 * x * (1.0 + 0.044715 * x * x));
    return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * 0.79788456080286535588 * (1.0 + 0.134145 * x * x);
}

// tanh(ln(1 + e^x)) as a quotient of polynomials in e^x.
fn mish_factor(x: T) -> T {
    let e = exp_(min_nan(x, 20.0));
    let n = e * (e + 2.0);
    return n / (n + 2.0);
}

fn mish_slope(x: T) -> T {
    let t = mish_factor(x);
    return t + x * sigmoid_(x) * (1.0 - t * t);
}

// The lower limit goes first, because one above a half makes it the higher one.
fn logit(x: T, p: T, q: T) -> T {
    var y = x;
    if (p >= 0.0) {
        if (x < p) { y = p; } else if (x > q) { y = q; }
    }
    return log_(y / (1.0 - y));
}

fn logit_pull(g: T, x: T, p: T, q: T) -> T {
    let is_limited = p >= 0.0;
    let low = select(T(0), p, is_limited);
    let high = select(T(1), q, is_limited);
    if (x >= low && x <= high) { return g / (x * (1.0 - x)); }
    return select(nan(), 0.0, is_limited);
}
";

pub(crate) fn run(gpu: &Gpu, op: Activation, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    let Some((number, value, pull)) = expressions(op.curve, kind) else {
        return Err(unsupported(gpu, op.curve.name(), compute));
    };
    let mut kernel = Kernel::new(gpu, "activation");
    kernel.variant(number);
    let is_bounds = matches!(op.curve, Curve::Hardtanh { .. }) && !kind.is_float();
    let whole = |number: f64| if is_bounds { bound(number, compute) } else { Scalar::Float(number) };
    let [p, q] = op.curve.parameters();
    kernel.number("p_", kind, whole(p)).number("q_", kind, whole(q));
    let arguments = ", p_(), q_()";
    match inputs {
        [x] => {
            let f = || prelude(gpu, kind, compute) + &function(&["x", "p", "q"], kind, false, value);
            map::elementwise(&mut kernel, &[Argument::new("x", x, kind)], output, kind, arguments, f)
        }
        [g, x] => {
            kernel.variant(1);
            let f = || prelude(gpu, kind, compute) + &function(&["g", "x", "p", "q"], kind, false, pull);
            let operands = [Argument::new("g", g, kind), Argument::new("x", x, kind)];
            map::elementwise(&mut kernel, &operands, output, kind, arguments, f)
        }
        _ => unreachable!("{op:?} with {} inputs", inputs.len()),
    }
}
