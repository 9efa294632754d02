//! Gradients over the root of their mean square.

use crate::fields::fields;
use crate::pointwise::{Pointwise, Rule, Step, negative};
use crate::value::Value;
use tensor_core::op::update::{RmsProp, Update};

/// Gradients over the root of their running mean square (Hinton 2012) or, centered, over their deviation (Graves 2013), as
/// `torch.optim.RMSprop`. State: `step`, `square_avg`, `momentum_buffer` where there is momentum, and `grad_avg` if centered.
///
/// ```
/// use optim::{RMSprop, Optimizer};
/// use tensor::Gradient;
/// let w = tensor::tensor![2.0].requires_grad_(true);
/// let mut optimizer = RMSprop::new([w.clone()], 0.1);
/// (&w * &w).sum().backward();
/// optimizer.step();
/// assert_eq!(w.to_string(), "tensor([1.], requires_grad=True)");
/// ```
pub type RMSprop = Pointwise<RMSpropOptions>;

fields! {
    /// The settings of [`RMSprop`], with PyTorch's defaults.
    pub struct RMSpropOptions {
        /// How much of the running means stays at each step.
        alpha(f64) = 0.99,
        /// What is added to the denominator.
        eps(f64) = 1e-8,
        /// The factor of the parameters that is added to their gradients.
        weight_decay(f64) = 0.0,
        /// How much of the momentum stays at each step.
        momentum(f64) = 0.0,
        /// Whether to divide by the deviation.
        centered(bool) = false,
        /// Whether to climb instead of to descend.
        maximize(bool) = false,
    }
}

impl Rule for RMSpropOptions {
    const NAME: &'static str = "RMSprop";
    const LR: f64 = 1e-2;
    const MEMORY: &'static [&'static str] = &["square_avg", "momentum_buffer", "grad_avg"];
    const SWITCHES: &'static [(&'static str, Value)] =
        &[("capturable", Value::Bool(false)), ("differentiable", Value::Bool(false)), ("foreach", Value::None)];

    fn refusal(&self) -> Option<String> {
        negative("epsilon value", self.eps)
            .or_else(|| negative("momentum value", self.momentum))
            .or_else(|| negative("weight_decay value", self.weight_decay))
            .or_else(|| negative("alpha value", self.alpha))
    }

    fn needs(&self, memory: usize) -> bool {
        [true, self.momentum > 0.0, self.centered][memory]
    }

    fn update(&self, Step { lr, .. }: Step<'_>) -> Update {
        let RMSpropOptions { alpha, eps, weight_decay, momentum, centered, maximize } = *self;
        Update::RmsProp(RmsProp { lr, alpha, eps, weight_decay, momentum, centered, maximize })
    }
}
