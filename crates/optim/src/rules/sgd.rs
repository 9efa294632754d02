//! Gradient descent, with and without momentum.

use crate::fields::fields;
use crate::pointwise::{Pointwise, Rule, Step, negative};
use crate::value::Value;
use tensor_core::op::update::{Sgd, Update};

/// Stochastic gradient descent with momentum and weight decay, as `torch.optim.SGD`, where the rate multiplies the momentum
/// (Sutskever et al. 2013 add the gradient with the rate in it). State: `momentum_buffer`, where there is momentum.
///
/// ```
/// use optim::{SGD, Optimizer};
/// use tensor::Gradient;
/// let w = tensor::tensor![2.0].requires_grad_(true);
/// let mut optimizer = SGD::with([w.clone()], 0.1, |o| o.momentum(0.9));
/// (&w * &w).sum().backward();
/// optimizer.step();
/// assert_eq!(w.to_string(), "tensor([1.6000], requires_grad=True)");
/// ```
pub type SGD = Pointwise<SgdOptions>;

fields! {
    /// The settings of [`SGD`], with PyTorch's defaults.
    pub struct SgdOptions {
        /// How much of the momentum stays at each step.
        momentum(f64) = 0.0,
        /// What the gradient loses on its way into the momentum.
        dampening(f64) = 0.0,
        /// The factor of the parameters that is added to their gradients.
        weight_decay(f64) = 0.0,
        /// Whether to look ahead by one step of the momentum.
        nesterov(bool) = false,
        /// Whether to climb instead of to descend.
        maximize(bool) = false,
    }
}

impl Rule for SgdOptions {
    const NAME: &'static str = "SGD";
    const LR: f64 = 1e-3;
    const MEMORY: &'static [&'static str] = &["momentum_buffer"];
    const COUNTS: bool = false;
    const SWITCHES: &'static [(&'static str, Value)] =
        &[("differentiable", Value::Bool(false)), ("foreach", Value::None), ("fused", Value::None)];

    fn refusal(&self) -> Option<String> {
        let lacking = self.nesterov && (self.momentum <= 0.0 || self.dampening != 0.0);
        negative("momentum value", self.momentum)
            .or_else(|| negative("weight_decay value", self.weight_decay))
            .or_else(|| lacking.then(|| "Nesterov momentum requires a momentum and zero dampening".into()))
    }

    fn needs(&self, _memory: usize) -> bool {
        self.momentum != 0.0
    }

    fn update(&self, Step { lr, first, .. }: Step<'_>) -> Update {
        let SgdOptions { momentum, dampening, weight_decay, nesterov, maximize } = *self;
        Update::Sgd(Sgd { lr, momentum, dampening, weight_decay, nesterov, maximize, first })
    }
}
