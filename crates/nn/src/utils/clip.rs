//! Bounds on gradients before a step.

use tensor::{Gradient, Place, Tensor, autograd::no_grad, python_float, stack, tensor};

tensor::settings! {
    /// How the norm of gradients is taken.
    pub struct GradientNorm {
        /// The power p; infinity is the largest absolute value.
        norm_type: f64 = 2.0,
        /// Whether a norm that is not finite is an error.
        error_if_nonfinite: bool = false,
    }
}

/// The norm of all elements of several tensors, as if they were one vector: `torch.nn.utils.get_total_norm`.
///
/// ```
/// use nn::utils::get_total_norm;
/// use tensor::tensor;
/// assert_eq!(get_total_norm(&[tensor![3.0], tensor![0.0, 4.0]]).item::<f64>(), 5.0);
/// ```
#[track_caller]
pub fn get_total_norm(tensors: &[Tensor]) -> Tensor {
    get_total_norm_with(tensors, |norm| norm)
}

/// [`get_total_norm`] with other settings than the default ones.
///
/// # Panics
/// If the norm is not finite and that shall be an error.
#[track_caller]
pub fn get_total_norm_with(tensors: &[Tensor], settings: impl FnOnce(GradientNorm) -> GradientNorm) -> Tensor {
    let GradientNorm { norm_type, error_if_nonfinite } = settings(GradientNorm::default());
    let Some(first) = tensors.first() else { return tensor(0.0f32) };
    let total = no_grad(|| {
        let norms: Vec<Tensor> = tensors.iter().map(|own| own.norm(norm_type).to(first.device())).collect();
        stack(&norms, 0).norm(norm_type)
    });
    assert!(
        !error_if_nonfinite || total.item::<f64>().is_finite(),
        "The total norm of order {} for gradients from `parameters` is non-finite, so it cannot be clipped. To disable this error \
         and scale the gradients by the non-finite norm anyway, set `error_if_nonfinite=False`",
        python_float(norm_type)
    );
    total
}

/// Scales the gradients of all parameters so that their norm together is at most `max_norm`, and returns what it was:
/// `torch.nn.utils.clip_grad_norm_`. Pascanu et al. (2013), "On the difficulty of training recurrent neural networks".
///
/// ```
/// use nn::utils::clip_grad_norm_;
/// use tensor::{Gradient, tensor_with, requires_grad};
/// let w = tensor_with([1.0, 2.0], requires_grad());
/// (&w * 2.0).sum().backward();
/// assert!((clip_grad_norm_(&[w.clone()], 1.0).item::<f64>() - 8.0f64.sqrt()).abs() < 1e-6);
/// assert!(w.grad().unwrap().norm(2.0).item::<f64>() <= 1.0);
/// ```
#[track_caller]
pub fn clip_grad_norm_(parameters: &[Tensor], max_norm: f64) -> Tensor {
    clip_grad_norm_with_(parameters, max_norm, |norm| norm)
}

/// [`clip_grad_norm_`] with other settings than the default ones.
///
/// # Panics
/// If the norm is not finite and that shall be an error.
#[track_caller]
pub fn clip_grad_norm_with_(
    parameters: &[Tensor],
    max_norm: f64,
    settings: impl FnOnce(GradientNorm) -> GradientNorm,
) -> Tensor {
    let grads = gradients(parameters);
    let total = get_total_norm_with(&grads, settings);
    no_grad(|| {
        let factor = (max_norm / (&total + 1e-6)).clamp_max(1.0);
        grads.iter().for_each(|grad| {
            grad.mul_(factor.to(grad.device()));
        });
    });
    total
}

/// Clamps each element of the gradients to ±`clip_value`: `torch.nn.utils.clip_grad_value_`.
///
/// ```
/// use nn::utils::clip_grad_value_;
/// use tensor::{Gradient, tensor_with, requires_grad};
/// let w = tensor_with([1.0, -2.0], requires_grad());
/// (&w * &w).sum().backward();
/// clip_grad_value_(&[w.clone()], 2.5);
/// assert_eq!(w.grad().unwrap().to_vec::<f32>(), [2.0, -2.5]);
/// ```
#[track_caller]
pub fn clip_grad_value_(parameters: &[Tensor], clip_value: f64) {
    no_grad(|| {
        gradients(parameters).iter().for_each(|grad| {
            grad.clamp_(-clip_value, clip_value);
        });
    });
}

fn gradients(parameters: &[Tensor]) -> Vec<Tensor> {
    parameters.iter().filter_map(Tensor::grad).collect()
}
