//! Adam with Nesterov's look ahead.

use crate::fields::fields;
use crate::pointwise::{Pointwise, Rule, Step, adam_refusal, negative};
use crate::value::Value;
use tensor_core::op::update::{NAdam as NAdamStep, Update};

/// Adam that looks ahead by one step of its momentum (Dozat 2016), as `torch.optim.NAdam`. State: `step`, `mu_product`, `exp_avg`,
/// `exp_avg_sq`.
///
/// ```
/// use optim::{NAdam, Optimizer};
/// use tensor::Gradient;
/// let w = tensor::tensor![2.0].requires_grad_(true);
/// let mut optimizer = NAdam::new([w.clone()], 0.1);
/// (&w * &w).sum().backward();
/// optimizer.step();
/// assert_eq!(w.to_string(), "tensor([1.8944], requires_grad=True)");
/// ```
pub type NAdam = Pointwise<NAdamOptions>;

fields! {
    /// The settings of [`NAdam`], with PyTorch's defaults.
    pub struct NAdamOptions {
        /// How much of the running means of gradients and of their squares stays at each step.
        betas((f64, f64)) = (0.9, 0.999),
        /// What is added to the denominator.
        eps(f64) = 1e-8,
        /// The factor of the parameters that is added to their gradients.
        weight_decay(f64) = 0.0,
        /// How fast the momentum grows to its full size.
        momentum_decay(f64) = 4e-3,
        /// Whether the decay acts on the parameters rather than on their gradients.
        decoupled_weight_decay(bool) = false,
        /// Whether to climb instead of to descend.
        maximize(bool) = false,
    }
}

impl Rule for NAdamOptions {
    const NAME: &'static str = "NAdam";
    const LR: f64 = 2e-3;
    const MEMORY: &'static [&'static str] = &["exp_avg", "exp_avg_sq"];
    const SWITCHES: &'static [(&'static str, Value)] =
        &[("capturable", Value::Bool(false)), ("differentiable", Value::Bool(false)), ("foreach", Value::None)];

    fn refusal(&self) -> Option<String> {
        adam_refusal(self.betas, self.eps, self.weight_decay)
            .or_else(|| negative("momentum_decay value", self.momentum_decay))
    }

    fn update(&self, Step { lr, number: step, product, .. }: Step<'_>) -> Update {
        let NAdamOptions { betas, eps, weight_decay, momentum_decay, decoupled_weight_decay: decoupled, maximize } =
            *self;
        let rule =
            NAdamStep { lr, betas, eps, weight_decay, momentum_decay, decoupled, maximize, step, mu_product: *product };
        // PyTorch keeps the product in single precision, whatever the parameter's.
        *product = (*product as f32 * rule.momentum(step) as f32) as f64;
        Update::NAdam(NAdamStep { mu_product: *product, ..rule })
    }
}
