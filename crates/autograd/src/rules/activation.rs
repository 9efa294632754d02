//! Derivatives of activations: the gradient is a kernel of its own, and the gradient of that is written with the second
//! derivatives here.

use super::{Rule, rules};
use std::f64::consts::FRAC_2_SQRT_PI;
use tensor_core::op::activation::{Activation, Approximate, Curve};
use tensor_core::{Op, Tensor, or_panic};

fn curve(op: &Op) -> Curve {
    match op {
        Op::Activation(op) => op.curve,
        _ => unreachable!("the rules of activations"),
    }
}

/// `g` times the slope at `x`, in one pass.
fn pull(op: &Op, g: &Tensor, x: &Tensor) -> Tensor {
    or_panic(Tensor::apply(Op::Activation(Activation { curve: curve(op), backward: true }), &[g, x]))
}

pub(super) fn rules(op: Activation) -> &'static [Rule] {
    if !op.backward {
        return rules![|g, x, op| pull(op, g, x)];
    }
    match op.curve {
        Curve::Hardshrink { .. }
        | Curve::Hardsigmoid {}
        | Curve::Hardtanh { .. }
        | Curve::LeakyRelu { .. }
        | Curve::Relu6 {}
        | Curve::Softshrink { .. }
        | Curve::Threshold { .. } => rules![|g, b, op| pull(op, g, b), |_g, input| input.zeros()],
        Curve::Celu { .. }
        | Curve::Elu { .. }
        | Curve::Gelu { .. }
        | Curve::Hardswish {}
        | Curve::LogSigmoid {}
        | Curve::Logit { .. }
        | Curve::Mish {}
        | Curve::Selu {}
        | Curve::Softplus { .. }
        | Curve::Softsign {}
        | Curve::Tanhshrink {} => {
            rules![|g, b, op| pull(op, g, b), |g, a, b, op| g * a * bend(curve(op), b)]
        }
    }
}

/// The second derivative at `x`.
fn bend(curve: Curve, x: &Tensor) -> Tensor {
    // α · exp(x / β) below zero; the exponential of what lies above must not overflow.
    let below = |scale: f64, stretch: f64| x.le(0.0).where_((x.clamp_max(0.0) * stretch).exp() * scale, 0.0);
    match curve {
        Curve::Celu { alpha } => below(1.0 / alpha, 1.0 / alpha),
        Curve::Elu { alpha } => below(alpha, 1.0),
        // αλ, from the source that `selu` names.
        Curve::Selu {} => below(1.758_099_340_847_376_6, 1.0),
        Curve::Gelu { approximate: Approximate::None } => {
            let square = x * x;
            (&square * -0.5).exp() * (FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2 / 2.0) * (2.0 - square)
        }
        Curve::Gelu { approximate: Approximate::Tanh } => {
            let (scale, cubic) = (FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2, 0.044715);
            let square = x * x;
            let t = (x * (&square * cubic + 1.0) * scale).tanh();
            let slope = (&square * (3.0 * cubic) + 1.0) * scale;
            let inner = x * (6.0 * cubic * scale) - &t * &slope * &slope * 2.0;
            (1.0 - &t * &t) * (slope + x * inner * 0.5)
        }
        Curve::Hardswish {} => x.gt(-3.0).bitwise_and(&x.lt(3.0)).to_dtype(x.dtype()) / 3.0,
        Curve::LogSigmoid {} => -(x.sigmoid() * x.neg().sigmoid()),
        Curve::Logit { .. } => {
            let [low, high] = curve.parameters();
            let parts = x * (1.0 - x);
            let bend = (x * 2.0 - 1.0) / (&parts * &parts);
            if low < 0.0 { bend } else { x.ge(low).bitwise_and(&x.le(high)).where_(bend, 0.0) }
        }
        Curve::Mish {} => {
            let s = x.sigmoid();
            let t = or_panic(x.try_softplus(1.0, 20.0)).tanh();
            (1.0 - &t * &t) * &s * (x * (1.0 - &s - t * &s * 2.0) + 2.0)
        }
        Curve::Softplus { beta, threshold } => {
            let s = (x * beta).sigmoid();
            (x * beta).gt(threshold).where_(0.0, &s * (1.0 - &s) * beta)
        }
        Curve::Softsign {} => x.sign() * -2.0 / (x.abs() + 1.0).pow(3),
        Curve::Tanhshrink {} => {
            let t = x.tanh();
            &t * (1.0 - &t * &t) * 2.0
        }
        Curve::Hardshrink { .. }
        | Curve::Hardsigmoid {}
        | Curve::Hardtanh { .. }
        | Curve::LeakyRelu { .. }
        | Curve::Relu6 {}
        | Curve::Softshrink { .. }
        | Curve::Threshold { .. } => unreachable!("{curve:?} is straight"),
    }
}

pub(super) fn name(op: Activation) -> &'static str {
    let (once, twice) = match op.curve {
        Curve::Celu { .. } => ("CeluBackward0", "EluBackwardBackward0"),
        Curve::Elu { .. } | Curve::Selu {} => ("EluBackward0", "EluBackwardBackward0"),
        Curve::Gelu { .. } => ("GeluBackward0", "GeluBackwardBackward0"),
        Curve::Hardshrink { .. } => ("HardshrinkBackward0", "HardshrinkBackwardBackward0"),
        Curve::Hardsigmoid {} => ("HardsigmoidBackward0", "HardsigmoidBackwardBackward0"),
        Curve::Hardswish {} => ("HardswishBackward0", "HardswishBackwardBackward0"),
        Curve::Hardtanh { .. } | Curve::Relu6 {} => ("HardtanhBackward0", "HardtanhBackwardBackward0"),
        Curve::LeakyRelu { .. } => ("LeakyReluBackward0", "LeakyReluBackwardBackward0"),
        Curve::LogSigmoid {} => ("LogSigmoidBackward0", "LogSigmoidBackwardBackward0"),
        Curve::Logit { .. } => ("LogitBackward0", "LogitBackwardBackward0"),
        Curve::Mish {} => ("MishBackward0", "MishBackwardBackward0"),
        Curve::Softplus { .. } => ("SoftplusBackward0", "SoftplusBackwardBackward0"),
        Curve::Softshrink { .. } => ("SoftshrinkBackward0", "SoftshrinkBackwardBackward0"),
        Curve::Softsign {} => ("SoftsignBackward0", "SoftsignBackwardBackward0"),
        Curve::Tanhshrink {} => ("TanhshrinkBackward0", "TanhshrinkBackwardBackward0"),
        Curve::Threshold { .. } => ("ThresholdBackward0", "ThresholdBackwardBackward0"),
    };
    if op.backward { twice } else { once }
}
