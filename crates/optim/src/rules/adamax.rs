//! Adam with the largest gradient in place of the mean square.

use crate::fields::fields;
use crate::pointwise::{Pointwise, Rule, Step, adam_refusal};
use crate::value::Value;
use tensor_core::op::update::{Adamax as AdamaxStep, Update};

/// Adam with the largest gradient so far, which fades, in place of the mean square (Kingma and Ba 2015, section 7), as
/// `torch.optim.Adamax`. State: `step`, `exp_avg`, `exp_inf`.
///
/// ```
/// use optim::{Adamax, Optimizer};
/// use tensor::Gradient;
/// let w = tensor::tensor![2.0].requires_grad_(true);
/// let mut optimizer = Adamax::new([w.clone()], 0.1);
/// (&w * &w).sum().backward();
/// optimizer.step();
/// assert_eq!(w.to_string(), "tensor([1.9000], requires_grad=True)");
/// ```
pub type Adamax = Pointwise<AdamaxOptions>;

fields! {
    /// The settings of [`Adamax`], with PyTorch's defaults.
    pub struct AdamaxOptions {
        /// How much of the running mean of gradients and of the largest of them stays at each step.
        betas((f64, f64)) = (0.9, 0.999),
        /// What is added to the size of each gradient.
        eps(f64) = 1e-8,
        /// The factor of the parameters that is added to their gradients.
        weight_decay(f64) = 0.0,
        /// Whether to climb instead of to descend.
        maximize(bool) = false,
    }
}

impl Rule for AdamaxOptions {
    const NAME: &'static str = "Adamax";
    const LR: f64 = 2e-3;
    const MEMORY: &'static [&'static str] = &["exp_avg", "exp_inf"];
    const SWITCHES: &'static [(&'static str, Value)] =
        &[("capturable", Value::Bool(false)), ("differentiable", Value::Bool(false)), ("foreach", Value::None)];

    fn refusal(&self) -> Option<String> {
        adam_refusal(self.betas, self.eps, self.weight_decay)
    }

    fn update(&self, Step { lr, number: step, .. }: Step<'_>) -> Update {
        let AdamaxOptions { betas, eps, weight_decay, maximize } = *self;
        Update::Adamax(AdamaxStep { lr, betas, eps, weight_decay, maximize, step })
    }
}
