//! Gradients over the root of the sum of their squares.

use crate::fields::fields;
use crate::pointwise::{Pointwise, Rule, Step, negative};
use crate::value::Value;
use tensor_core::op::update::{Adagrad as AdagradStep, Update};

/// Gradients over the root of the sum of their squares (Duchi et al. 2011), as `torch.optim.Adagrad`. State, from the beginning:
/// `step`, `sum`.
///
/// ```
/// use optim::{Adagrad, Optimizer};
/// use tensor::Gradient;
/// let w = tensor::tensor![2.0].requires_grad_(true);
/// let mut optimizer = Adagrad::new([w.clone()], 0.1);
/// (&w * &w).sum().backward();
/// optimizer.step();
/// assert_eq!(w.to_string(), "tensor([1.9000], requires_grad=True)");
/// ```
pub type Adagrad = Pointwise<AdagradOptions>;

fields! {
    /// The settings of [`Adagrad`], with PyTorch's defaults.
    pub struct AdagradOptions {
        /// How fast the rate falls with the number of steps.
        lr_decay(f64) = 0.0,
        /// The factor of the parameters that is added to their gradients.
        weight_decay(f64) = 0.0,
        /// What the sums start from.
        initial_accumulator_value(f64) = 0.0,
        /// What is added to the denominator.
        eps(f64) = 1e-10,
        /// Whether to climb instead of to descend.
        maximize(bool) = false,
    }
}

impl Rule for AdagradOptions {
    const NAME: &'static str = "Adagrad";
    const LR: f64 = 1e-2;
    const MEMORY: &'static [&'static str] = &["sum"];
    const SWITCHES: &'static [(&'static str, Value)] =
        &[("differentiable", Value::Bool(false)), ("foreach", Value::None), ("fused", Value::None)];

    fn refusal(&self) -> Option<String> {
        negative("lr_decay value", self.lr_decay)
            .or_else(|| negative("weight_decay value", self.weight_decay))
            .or_else(|| negative("initial_accumulator_value value", self.initial_accumulator_value))
            .or_else(|| negative("epsilon value", self.eps))
    }

    fn start(&self) -> Option<f64> {
        Some(self.initial_accumulator_value)
    }

    fn update(&self, Step { lr, number: step, .. }: Step<'_>) -> Update {
        let AdagradOptions { lr_decay, weight_decay, eps, maximize, .. } = *self;
        Update::Adagrad(AdagradStep { lr, lr_decay, eps, weight_decay, maximize, step })
    }
}
