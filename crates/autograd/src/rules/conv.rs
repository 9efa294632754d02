//! Derivatives of convolutions: of the three sums of products (output, input's gradient, weight's gradient) each is the
//! derivative of the two others.

use super::{Input, Rule, rules};
use tensor_core::op::Conv;
use tensor_core::op::conv::Window;
use tensor_core::{Op, Tensor, or_panic};

fn window(op: &Op) -> Window {
    let Op::Conv(conv) = *op else { unreachable!("the rules of convolutions") };
    match conv {
        Conv::Forward(window) | Conv::Input(window) | Conv::Weight(window) => window,
    }
}

/// The convolution of `x` where only places up to the wanted size were used: a padded transposed convolution has more.
fn forward(op: &Op, x: &Tensor, weight: &Tensor, wanted: Input<'_>) -> Tensor {
    let y = or_panic(window(op).try_forward(x, weight, None));
    (2..y.ndim()).fold(y, |y, dim| match wanted.shape()[dim] {
        size if size < y.shape()[dim] => y.narrow(dim as i64, 0, size),
        _ => y,
    })
}

fn input(op: &Op, g: &Tensor, weight: &Tensor, wanted: Input<'_>) -> Tensor {
    or_panic(window(op).try_input(g, weight, wanted.shape()))
}

fn weight(op: &Op, x: &Tensor, g: &Tensor, wanted: Input<'_>) -> Tensor {
    or_panic(window(op).try_weight(x, g, wanted.shape()))
}

/// The sum over everything but channels.
fn bias(g: &Tensor) -> Tensor {
    let others: Vec<usize> = (0..g.ndim()).filter(|dim| *dim != 1).collect();
    g.sum_dim(&others, false)
}

pub(super) fn rules(op: Conv) -> &'static [Rule] {
    match op {
        Conv::Forward(_) => {
            rules![|g, b, op, input| self::input(op, g, b, input), |g, a, op, input| weight(op, a, g, input), |g| bias(
                g
            ),]
        }
        Conv::Input(_) => {
            rules![|g, b, op, input| forward(op, g, b, input), |g, a, op, input| weight(op, g, a, input), |g| bias(g),]
        }
        Conv::Weight(_) => {
            rules![|g, b, op, input| self::input(op, b, g, input), |g, a, op, input| forward(op, a, g, input),]
        }
    }
}

pub(super) fn name(op: Conv) -> &'static str {
    match op {
        Conv::Forward(_) | Conv::Input(_) => "ConvolutionBackward0",
        Conv::Weight(_) => "ConvolutionBackwardBackward0",
    }
}
