//! Adam that waits until it knows the variance of its rates.

use crate::fields::fields;
use crate::pointwise::{Pointwise, Rule, Step, adam_refusal};
use crate::value::Value;
use tensor_core::op::update::{RAdam as RAdamStep, Update};

/// Adam whose rates adapt only from the step on at which their variance is bounded, and by how well it is known (Liu et al.
/// 2020), as `torch.optim.RAdam`. State: `step`, `exp_avg`, `exp_avg_sq`.
///
/// ```
/// use optim::{RAdam, Optimizer};
/// use tensor::Gradient;
/// let w = tensor::tensor![2.0].requires_grad_(true);
/// let mut optimizer = RAdam::new([w.clone()], 0.1);
/// (&w * &w).sum().backward();
/// optimizer.step();
/// assert_eq!(w.to_string(), "tensor([1.6000], requires_grad=True)");
/// ```
pub type RAdam = Pointwise<RAdamOptions>;

fields! {
    /// The settings of [`RAdam`], with PyTorch's defaults.
    pub struct RAdamOptions {
        /// How much of the running means of gradients and of their squares stays at each step.
        betas((f64, f64)) = (0.9, 0.999),
        /// What is added to the denominator.
        eps(f64) = 1e-8,
        /// The factor of the parameters that is added to their gradients.
        weight_decay(f64) = 0.0,
        /// Whether the decay acts on the parameters rather than on their gradients.
        decoupled_weight_decay(bool) = false,
        /// Whether to climb instead of to descend.
        maximize(bool) = false,
    }
}

impl Rule for RAdamOptions {
    const NAME: &'static str = "RAdam";
    const LR: f64 = 1e-3;
    const MEMORY: &'static [&'static str] = &["exp_avg", "exp_avg_sq"];
    const SWITCHES: &'static [(&'static str, Value)] =
        &[("capturable", Value::Bool(false)), ("differentiable", Value::Bool(false)), ("foreach", Value::None)];

    fn refusal(&self) -> Option<String> {
        adam_refusal(self.betas, self.eps, self.weight_decay)
    }

    fn update(&self, Step { lr, number: step, .. }: Step<'_>) -> Update {
        let RAdamOptions { betas, eps, weight_decay, decoupled_weight_decay: decoupled, maximize } = *self;
        Update::RAdam(RAdamStep { lr, betas, eps, weight_decay, decoupled, maximize, step })
    }
}
