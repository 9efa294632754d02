//! Steps as large as the latest ones for gradients as large as the latest ones.

use crate::fields::fields;
use crate::pointwise::{Pointwise, Rule, Step, negative};
use crate::value::Value;
use tensor::python_float;
use tensor_core::op::update::{Adadelta as AdadeltaStep, Update};

/// Gradients over the root of their running mean square, times that of the latest steps (Zeiler 2012), as `torch.optim.Adadelta`.
/// State: `step`, `square_avg`, `acc_delta`.
///
/// ```
/// use optim::{Adadelta, Optimizer};
/// use tensor::Gradient;
/// let w = tensor::tensor![2.0].requires_grad_(true);
/// let mut optimizer = Adadelta::new([w.clone()], None);
/// (&w * &w).sum().backward();
/// optimizer.step();
/// assert_eq!(w.to_string(), "tensor([1.9968], requires_grad=True)");
/// ```
pub type Adadelta = Pointwise<AdadeltaOptions>;

fields! {
    /// The settings of [`Adadelta`], with PyTorch's defaults.
    pub struct AdadeltaOptions {
        /// How much of the running means stays at each step.
        rho(f64) = 0.9,
        /// What is added under both roots.
        eps(f64) = 1e-6,
        /// The factor of the parameters that is added to their gradients.
        weight_decay(f64) = 0.0,
        /// Whether to climb instead of to descend.
        maximize(bool) = false,
    }
}

impl Rule for AdadeltaOptions {
    const NAME: &'static str = "Adadelta";
    const LR: f64 = 1.0;
    const MEMORY: &'static [&'static str] = &["square_avg", "acc_delta"];
    const SWITCHES: &'static [(&'static str, Value)] =
        &[("capturable", Value::Bool(false)), ("differentiable", Value::Bool(false)), ("foreach", Value::None)];

    fn refusal(&self) -> Option<String> {
        (!(0.0..=1.0).contains(&self.rho))
            .then(|| format!("Invalid rho value: {}", python_float(self.rho)))
            .or_else(|| negative("epsilon value", self.eps))
            .or_else(|| negative("weight_decay value", self.weight_decay))
    }

    fn update(&self, Step { lr, .. }: Step<'_>) -> Update {
        let AdadeltaOptions { rho, eps, weight_decay, maximize } = *self;
        Update::Adadelta(AdadeltaStep { lr, rho, eps, weight_decay, maximize })
    }
}
