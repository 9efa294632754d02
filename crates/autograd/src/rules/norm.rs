//! Derivatives of normalizations. Standardizing has the Jacobian J = r (1 − mean − x̂ x̂ᵀ / n) in each group, which is symmetric,
//! so that the gradient of the gradient is made of the same operations; r is one over the root of the variance, x̂ the
//! standardized x, n the number of elements.

use super::{Formula, Gradients, PullAll, Rule, rules};
use tensor_core::op::Norm;
use tensor_core::op::norm::{Over, Standard};
use tensor_core::{Op, Tensor, mode, or_panic};

/// All inputs.
const KEEPS: u8 = crate::kept::INPUT_0 | crate::kept::POSITIONS;

fn own(op: &Op) -> Norm {
    match op {
        Op::Norm(norm) => *norm,
        _ => unreachable!("the rules of normalizations"),
    }
}

fn dim(op: &Op) -> i64 {
    match own(op) {
        Norm::Softmax { dim }
        | Norm::LogSoftmax { dim }
        | Norm::SoftmaxBackward { dim }
        | Norm::LogSoftmaxBackward { dim } => dim as i64,
        Norm::Standard(_) | Norm::StandardInput(_) | Norm::StandardWeight(_) | Norm::StandardAll(_) | Norm::Moments => {
            unreachable!("the rules of softmax")
        }
    }
}

fn standard(op: &Op) -> Standard {
    match own(op) {
        Norm::Standard(standard)
        | Norm::StandardInput(standard)
        | Norm::StandardWeight(standard)
        | Norm::StandardAll(standard) => Standard { given: false, ..standard },
        Norm::Softmax { .. }
        | Norm::LogSoftmax { .. }
        | Norm::SoftmaxBackward { .. }
        | Norm::LogSoftmaxBackward { .. }
        | Norm::Moments => unreachable!("the rules of standardizing"),
    }
}

fn norm(op: Norm, inputs: &[&Tensor]) -> Tensor {
    or_panic(Tensor::apply(Op::Norm(op), inputs))
}

/// The sum along the dimension of softmax, kept with size one.
fn sum(x: &Tensor, op: &Op) -> Tensor {
    if x.ndim() == 0 { x.clone() } else { x.sum_dim(dim(op), true) }
}

pub(super) fn rules(op: Norm) -> &'static [Rule] {
    match op {
        Norm::Softmax { .. } => rules![|g, y, op| norm(Norm::SoftmaxBackward { dim: dim(op) as u8 }, &[g, y])],
        Norm::LogSoftmax { .. } => rules![|g, y, op| norm(Norm::LogSoftmaxBackward { dim: dim(op) as u8 }, &[g, y])],
        Norm::SoftmaxBackward { .. } => {
            rules![|g, b, op| norm(Norm::SoftmaxBackward { dim: dim(op) as u8 }, &[g, b]), |g, a, b, op| g
                * (a - sum(&(a * b), op))
                - a * sum(&(g * b), op)]
        }
        Norm::LogSoftmaxBackward { .. } => {
            rules![|g, b, op| g - sum(&(g * b.exp()), op), |g, a, b, op| -(g * b.exp() * sum(a, op))]
        }
        Norm::Standard(Standard { weighted: false, .. }) => {
            rules![|g, x, op| norm(Norm::StandardInput(standard(op)), &[g, x])]
        }
        Norm::Standard(Standard { weighted: true, .. }) => &[Rule { keeps: KEEPS, formula: Formula::All(weighted) }],
        Norm::StandardInput(Standard { weighted: false, .. }) => {
            rules![|g, b, op| jacobian(g, b, standard(op)), |g, a, b, op| bent(g, a, b, standard(op))]
        }
        Norm::StandardInput(Standard { weighted: true, .. }) => rules![
            |g, b, c, op| jacobian(g, b, standard(op)) * broadcast(c, b, standard(op)),
            |g, a, b, c, op| bent(g, &(a * broadcast(c, b, standard(op))), b, standard(op)),
            |g, a, b, op| over_repeated(&(a * jacobian(g, b, standard(op))), standard(op))
        ],
        Norm::StandardWeight(_) => rules![
            |g, b, op| norm(Norm::Standard(Standard { weighted: true, ..standard(op) }), &[b, g]),
            |g, a, b, op| norm(Norm::StandardInput(Standard { weighted: true, ..standard(op) }), &[a, b, g])
        ],
        // Never recorded.
        Norm::StandardAll(_) | Norm::Moments => &[],
    }
}

/// The gradients of (x, weight[, bias][, moments]). Where they shall have no derivatives themselves, one pass over x and g finds
/// all; the moments have none of their own, because x's gradient accounts for them.
fn weighted(pull: &PullAll<'_>) -> Gradients {
    let (g, op) = (pull.g, pull.op);
    let Norm::Standard(exact) = own(op) else { unreachable!("the rule of standardizing") };
    let x = pull.kept.get(crate::kept::INPUT_0);
    let [weight, others @ ..] = pull.kept.positions() else { unreachable!("all inputs are kept") };
    let plain = standard(op);
    let together = pull.wanted[0] && pull.wanted[1..].contains(&true) && g.dtype() == weight.dtype();
    if !together || mode::is_recording() {
        return pull
            .wanted
            .iter()
            .enumerate()
            .map(|(place, wanted)| match (*wanted, place) {
                (false, _) => None,
                (true, 0) => Some(norm(Norm::StandardInput(plain), &[g, x, weight])),
                (true, 1) => Some(norm(Norm::StandardWeight(plain), &[g, x])),
                (true, _) => Some(over_repeated(g, plain)),
            })
            .collect();
    }
    let mut inputs: Vec<&Tensor> = vec![g, x, weight];
    inputs.extend(others.last().filter(|_| exact.given));
    let all = norm(Norm::StandardAll(exact), &inputs);
    // The large gradient keeps the memory; the small ones are copied out of it.
    let (numel, weights) = (x.numel(), weight.numel());
    let part = |start: usize| Some(all.narrow(0, start as i64, weights).view(weight.shape()).clone_());
    let (of_weight, of_bias) = (part(numel), part(numel + weights));
    smallvec::smallvec![Some(all.into_front(x.shape().clone())), of_weight, of_bias]
}

/// The sum over the dimensions in which a weight is repeated.
fn over_repeated(g: &Tensor, standard: Standard) -> Tensor {
    let dims = standard.over.repeated(g.ndim());
    if dims.is_empty() { g.clone() } else { g.sum_dim(dims, false) }
}

/// A weight in a shape that broadcasts to that of `x`.
fn broadcast(weight: &Tensor, x: &Tensor, standard: Standard) -> Tensor {
    weight.reshape(standard.over.broadcast_shape(x.shape()))
}

/// J v.
fn jacobian(v: &Tensor, x: &Tensor, standard: Standard) -> Tensor {
    norm(Norm::StandardInput(Standard { weighted: false, ..standard }), &[v, x])
}

/// The gradient with respect to x of v · J u.
fn bent(v: &Tensor, u: &Tensor, x: &Tensor, standard: Standard) -> Tensor {
    let plain = Standard { weighted: false, ..standard };
    let rank = x.ndim();
    // The form in which a group is a set of dimensions.
    let (shape, dims): (Vec<usize>, Vec<usize>) = match standard.over {
        Over::Trailing(dims) => (x.shape().to_vec(), (rank - dims as usize..rank).collect()),
        Over::Groups(groups) => {
            let rows = x.shape()[0] * groups as usize;
            (vec![rows, x.numel() / rows.max(1)], vec![1])
        }
        Over::Channels => (x.shape().to_vec(), (0..rank).filter(|dim| *dim != 1).collect()),
    };
    let formed = |x: &Tensor| x.reshape(&shape);
    let mean = |x: &Tensor| x.mean_dim(&dims, true);
    let hat = formed(&norm(Norm::Standard(plain), &[x]));
    let (jv, ju) = (formed(&jacobian(v, x, standard)), formed(&jacobian(u, x, standard)));
    let (v, u, own) = (formed(v), formed(u), formed(x));
    let variance = if standard.centred { own.var_dim(&dims, 0.0, true) } else { mean(&(&own * &own)) };
    let scale = (variance + standard.eps).rsqrt();
    let (along_v, along_u) = (mean(&(&v * &hat)), mean(&(&u * &hat)));
    let shared = mean(&(&v * &u)) - &along_v * &along_u;
    let shared = if standard.centred { shared - mean(&v) * mean(&u) } else { shared };
    let bent = -(&scale * (&scale * hat * shared + along_u * jv + along_v * ju));
    bent.reshape(x.shape())
}

pub(super) fn name(op: Norm) -> &'static str {
    match op {
        Norm::Softmax { .. } => "SoftmaxBackward0",
        Norm::LogSoftmax { .. } => "LogSoftmaxBackward0",
        Norm::SoftmaxBackward { .. } => "SoftmaxBackwardDataBackward0",
        Norm::LogSoftmaxBackward { .. } => "LogSoftmaxBackwardDataBackward0",
        Norm::Standard(Standard { centred: false, .. }) => "FusedRmsNormBackward0",
        Norm::Standard(Standard { over: Over::Trailing(_), .. }) => "NativeLayerNormBackward0",
        Norm::Standard(Standard { over: Over::Groups(_), .. }) => "NativeGroupNormBackward0",
        Norm::Standard(Standard { over: Over::Channels, .. }) => "NativeBatchNormBackward0",
        Norm::StandardInput(_) | Norm::StandardWeight(_) | Norm::StandardAll(_) => "NativeNormBackwardBackward0",
        Norm::Moments => "MomentsBackward0",
    }
}
