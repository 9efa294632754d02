//! Adam, and AdamW, whose decay acts on the parameters.

use crate::fields::fields;
use crate::pointwise::{Pointwise, Rule, Step, adam_refusal};
use crate::value::Value;
use tensor_core::op::update::{Adam as AdamStep, Update};

/// Adam (Kingma and Ba 2015), and AMSGrad, as `torch.optim.Adam`. State: `step`, `exp_avg`, `exp_avg_sq`, and `max_exp_avg_sq` for
/// AMSGrad.
///
/// ```
/// use optim::{Adam, Optimizer};
/// use tensor::Gradient;
/// let w = tensor::tensor![2.0].requires_grad_(true);
/// let mut optimizer = Adam::new([w.clone()], 0.1);
/// (&w * &w).sum().backward();
/// optimizer.step();
/// assert_eq!(w.to_string(), "tensor([1.9000], requires_grad=True)");
/// ```
pub type Adam = Pointwise<AdamOptions>;

fields! {
    /// The settings of [`Adam`], with PyTorch's defaults.
    pub struct AdamOptions {
        /// How much of the running means of gradients and of their squares stays at each step.
        betas((f64, f64)) = (0.9, 0.999),
        /// What is added to the denominator.
        eps(f64) = 1e-8,
        /// The factor of the parameters that is added to their gradients.
        weight_decay(f64) = 0.0,
        /// Whether to divide by the largest mean square so far (Reddi et al. 2018).
        amsgrad(bool) = false,
        /// Whether to climb instead of to descend.
        maximize(bool) = false,
        /// Whether the decay acts on the parameters rather than on their gradients.
        decoupled_weight_decay(bool) = false,
    }
}

/// Adam whose weight decay acts on the parameters rather than on their gradients (Loshchilov and Hutter 2019), as
/// `torch.optim.AdamW`. State: as of [`Adam`].
///
/// ```
/// use optim::{AdamW, Optimizer};
/// use tensor::Gradient;
/// let w = tensor::tensor![2.0].requires_grad_(true);
/// let mut optimizer = AdamW::new([w.clone()], 0.1);
/// (&w * &w).sum().backward();
/// optimizer.step();
/// assert_eq!(w.to_string(), "tensor([1.8980], requires_grad=True)");
/// ```
pub type AdamW = Pointwise<AdamWOptions>;

fields! {
    /// The settings of [`AdamW`], with PyTorch's defaults.
    pub struct AdamWOptions {
        /// How much of the running means of gradients and of their squares stays at each step.
        betas((f64, f64)) = (0.9, 0.999),
        /// What is added to the denominator.
        eps(f64) = 1e-8,
        /// The factor of the parameters that they lose at each step, times the rate.
        weight_decay(f64) = 0.01,
        /// Whether to divide by the largest mean square so far (Reddi et al. 2018).
        amsgrad(bool) = false,
        /// Whether to climb instead of to descend.
        maximize(bool) = false,
    }
}

/// What the two share: all but their names, their switches, and on what the decay acts.
macro_rules! rule {
    ($options:ident $name:literal |$self:ident| $decoupled:expr; $($switch:literal: $value:expr),*) => {
        impl Rule for $options {
            const NAME: &'static str = $name;
            const LR: f64 = 1e-3;
            const MEMORY: &'static [&'static str] = &["exp_avg", "exp_avg_sq", "max_exp_avg_sq"];
            const SWITCHES: &'static [(&'static str, Value)] = &[
                ("capturable", Value::Bool(false)),
                ("differentiable", Value::Bool(false)),
                ("foreach", Value::None),
                ("fused", Value::None),
                $(($switch, $value)),*
            ];

            fn refusal(&self) -> Option<String> {
                adam_refusal(self.betas, self.eps, self.weight_decay)
            }

            fn needs(&self, memory: usize) -> bool {
                memory < 2 || self.amsgrad
            }

            fn update(&$self, Step { lr, number: step, .. }: Step<'_>) -> Update {
                let $options { betas, eps, weight_decay, maximize, .. } = *$self;
                Update::Adam(AdamStep { lr, betas, eps, weight_decay, decoupled: $decoupled, maximize, step })
            }
        }
    };
}

rule! { AdamOptions "Adam" |self| self.decoupled_weight_decay; }
rule! { AdamWOptions "AdamW" |self| true; "decoupled_weight_decay": Value::Bool(true) }
