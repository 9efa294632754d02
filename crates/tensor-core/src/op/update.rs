//! Optimizer steps as data: how a parameter and the optimizer's memory of it move along a gradient, in one pass over all of them.
//! When a step is taken, and with which rate, is the optimizer's to know.

use crate::twins::twins;
use crate::{Tensor, bail};

/// Defines the rules: for each its text, PyTorch's default rate, and its further settings with their defaults; how many tensors of
/// memory a step has follows.
macro_rules! rules {
    ($(
        $(#[$doc:meta])*
        $name:ident($lr:literal) { $($(#[$field_doc:meta])* $field:ident : $ty:ty = $default:expr,)* }
        memory($rule:ident) $memories:expr;
    )*) => {
        /// One step of an optimizer for one parameter.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum Update { $($(#[$doc])* $name($name),)* }

        impl Update {
            /// How many tensors of memory the step may have.
            fn memories(&self) -> std::ops::RangeInclusive<usize> {
                match self { $(Update::$name($rule) => $memories,)* }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq)]
            pub struct $name {
                /// The learning rate.
                pub lr: f64,
                /// The factor of the parameter that is added to its gradient.
                pub weight_decay: f64,
                /// Whether to climb instead of to descend.
                pub maximize: bool,
                $($(#[$field_doc])* pub $field: $ty,)*
            }

            impl Default for $name {
                fn default() -> Self {
                    $name { lr: $lr, weight_decay: 0.0, maximize: false, $($field: $default,)* }
                }
            }
        )*
    };
}

rules! {
    /// Gradient descent as `torch.optim.SGD`, with momentum where there is memory for it: `[momentum_buffer]`.
    Sgd(0.001) {
        /// How much of the buffer stays at each step. The buffer is the update's memory; without memory there is no momentum.
        momentum: f64 = 0.0,
        /// What the gradient loses on its way into the buffer.
        dampening: f64 = 0.0,
        /// Whether to look ahead by one step of the buffer (Sutskever et al. 2013).
        nesterov: bool = false,
        /// Whether the buffer is still empty: it then becomes the gradient.
        first: bool = false,
    } memory(_rule) 0..=1;

    /// Adam (Kingma and Ba 2015) as `torch.optim.Adam`; memory `[exp_avg, exp_avg_sq]`, and `max_exp_avg_sq` behind them for AMSGrad.
    Adam(0.001) {
        /// How much of the running means of gradients and of their squares stays at each step.
        betas: (f64, f64) = (0.9, 0.999),
        /// What is added to the denominator.
        eps: f64 = 1e-8,
        /// Whether the decay acts on the parameter (AdamW, Loshchilov and Hutter 2019) rather than on its gradient.
        decoupled: bool = false,
        /// The number of this step, from 1, which corrects the means' start from zero.
        step: u64 = 1,
    } memory(_rule) 2..=3;

    /// Adam with the largest gradient in place of the mean square (section 7 of the same paper), as `torch.optim.Adamax`; memory
    /// `[exp_avg, exp_inf]`.
    Adamax(0.002) {
        /// How much of the running mean of gradients and of the largest of them stays at each step.
        betas: (f64, f64) = (0.9, 0.999),
        /// What is added to the size of each gradient.
        eps: f64 = 1e-8,
        /// The number of this step, from 1.
        step: u64 = 1,
    } memory(_rule) 2..=2;

    /// Adam that looks ahead (Dozat 2016), as `torch.optim.NAdam`; memory `[exp_avg, exp_avg_sq]`.
    NAdam(0.002) {
        /// How much of the running means of gradients and of their squares stays at each step.
        betas: (f64, f64) = (0.9, 0.999),
        /// What is added to the denominator.
        eps: f64 = 1e-8,
        /// How fast the momentum grows to its full size.
        momentum_decay: f64 = 0.004,
        /// Whether the decay acts on the parameter rather than on its gradient.
        decoupled: bool = false,
        /// The number of this step, from 1.
        step: u64 = 1,
        /// The product of the [momenta](NAdam::momentum) of all steps, this one included.
        mu_product: f64 = 1.0,
    } memory(_rule) 2..=2;

    /// Adam without adaptive rates for as long as their variance is unknown (Liu et al. 2020), as `torch.optim.RAdam`; memory
    /// `[exp_avg, exp_avg_sq]`.
    RAdam(0.001) {
        /// How much of the running means of gradients and of their squares stays at each step.
        betas: (f64, f64) = (0.9, 0.999),
        /// What is added to the denominator.
        eps: f64 = 1e-8,
        /// Whether the decay acts on the parameter rather than on its gradient.
        decoupled: bool = false,
        /// The number of this step, from 1.
        step: u64 = 1,
    } memory(_rule) 2..=2;

    /// Gradients over the root of their mean square (Hinton's lecture 6e of 2012), as `torch.optim.RMSprop`; memory `[square_avg]`,
    /// then `momentum_buffer` if there is momentum, then `grad_avg` if centered.
    RmsProp(0.01) {
        /// How much of the running means stays at each step.
        alpha: f64 = 0.99,
        /// What is added to the root.
        eps: f64 = 1e-8,
        /// How much of the buffer stays at each step.
        momentum: f64 = 0.0,
        /// Whether to take the variance in place of the mean square (Graves 2013).
        centered: bool = false,
    } memory(rule) {
        let count = 1 + usize::from(rule.momentum > 0.0) + usize::from(rule.centered);
        count..=count
    };

    /// Gradients over the root of the sum of their squares (Duchi et al. 2011), as `torch.optim.Adagrad`; memory `[sum]`.
    Adagrad(0.01) {
        /// How fast the rate falls with the number of steps.
        lr_decay: f64 = 0.0,
        /// What is added to the root.
        eps: f64 = 1e-10,
        /// The number of this step, from 1.
        step: u64 = 1,
    } memory(_rule) 1..=1;

    /// Steps as large as the latest ones for gradients as large as the latest ones (Zeiler 2012), as `torch.optim.Adadelta`; memory
    /// `[square_avg, acc_delta]`.
    Adadelta(1.0) {
        /// How much of the running means stays at each step.
        rho: f64 = 0.9,
        /// What is added under both roots.
        eps: f64 = 1e-6,
    } memory(_rule) 2..=2;
}

impl NAdam {
    /// The momentum of step number `step`: β₁ (1 − ½ 0.96^(step ψ)), where ψ is the momentum's decay (PyTorch's schedule).
    pub fn momentum(&self, step: u64) -> f64 {
        self.betas.0 * (1.0 - 0.5 * 0.96f64.powf(step as f64 * self.momentum_decay))
    }

    /// How far to go along the gradient, and how far along the mean of gradients.
    pub fn rates(&self) -> (f64, f64) {
        let next = self.momentum(self.step + 1);
        let along_gradient = self.lr * (1.0 - self.momentum(self.step)) / (1.0 - self.mu_product);
        (along_gradient, self.lr * next / (1.0 - self.mu_product * next))
    }
}

impl RAdam {
    /// What the rate is multiplied with where it is adaptive; `None` where the variance is still unknown, as there are fewer than
    /// five degrees of freedom.
    pub fn rectification(&self) -> Option<f64> {
        let (stays, step) = (self.betas.1, self.step as f64);
        let power = stays.powf(step);
        let most = 2.0 / (1.0 - stays) - 1.0;
        let length = most - 2.0 * step * power / (1.0 - power);
        let rectified = (length - 4.0) * (length - 2.0) * most / ((most - 4.0) * (most - 2.0) * length);
        (length > 5.0).then(|| rectified.sqrt())
    }
}

impl Adagrad {
    /// The rate of this step.
    pub fn rate(&self) -> f64 {
        self.lr / (1.0 + (self.step as f64 - 1.0) * self.lr_decay)
    }
}

/// What the mean of `step` numbers, each with the weight 1 − `stays`, lacks to one: 1 − `stays`^`step`.
pub fn correction(stays: f64, step: u64) -> f64 {
    1.0 - stays.powf(step as f64)
}

twins! {
    /// Moves this parameter, in place, by one step of an optimizer along `gradient`, and the optimizer's `memory` of it with it, in
    /// one pass over the memory of all. Call it under `no_grad`. Half types compute in `float32`.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::update::{Sgd, Update}};
    /// let numbers = |x: [f32; 2]| Tensor::from_vec(x.to_vec(), [2], ops_cpu::cpu());
    /// let (w, g, momentum) = (numbers([1.0, 2.0]), numbers([1.0, -1.0]), numbers([2.0, 0.0]));
    /// w.update_(Update::Sgd(Sgd { lr: 0.5, momentum: 0.5, ..Sgd::default() }), &g, &[&momentum]);
    /// assert_eq!((w.to_vec::<f32>(), momentum.to_vec::<f32>()), (vec![0.0, 2.5], vec![2.0, -1.0]));
    /// ```
    ///
    /// # Errors
    /// If shapes or dtypes differ, the dtype is not a floating one, the number of tensors of memory is not the step's, tensors share
    /// memory, or the write would have to be recorded.
    pub fn update_ | try_update_(self, update: Update, gradient: &Tensor, memory: &[&Tensor]) -> Tensor {
        if !update.memories().contains(&memory.len()) {
            let (least, most) = update.memories().into_inner();
            bail!(Value, "Expected {least} to {most} tensors of memory for {update:?}, but got {}", memory.len());
        }
        if !self.dtype().is_floating_point() {
            bail!(DType, "Only Tensors of floating point can be moved by an optimizer, but got {}", self.dtype().type_name());
        }
        for other in std::iter::once(&gradient).chain(memory) {
            if other.shape() != self.shape() {
                bail!(Shape, "Expected tensors of the parameter's shape {:?}, but got {:?}", self.shape(), other.shape());
            }
            if other.dtype() != self.dtype() {
                bail!(DType, "Expected tensors of the parameter's dtype {}, but got {}", self.dtype(), other.dtype());
            }
        }
        self.write_update(&update, gradient, memory)?;
        Ok(self.clone())
    }
}
