//! Optimizer steps as data: how a parameter and the optimizer's memory of it move along a gradient, in one pass over all of them.
//! When a step is taken, and with which rate, is the optimizer's to know.

use crate::twins::twins;
use crate::{Tensor, bail};

/// One step of an optimizer for one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Update {
    /// Gradient descent, with momentum where there is memory for it: `[momentum_buffer]`.
    Sgd(Sgd),
    /// Adam and its variants; memory `[exp_avg, exp_avg_sq]`, and `max_exp_avg_sq` behind them for AMSGrad.
    Adam(Adam),
}

/// Stochastic gradient descent as `torch.optim.SGD`; PyTorch's defaults but for the rate, which it asks for (0.001).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// The learning rate.
    pub lr: f64,
    /// How much of the buffer stays at each step. The buffer is the update's memory; without memory there is no momentum.
    pub momentum: f64,
    /// What the gradient loses on its way into the buffer.
    pub dampening: f64,
    /// The factor of the parameter that is added to its gradient.
    pub weight_decay: f64,
    /// Whether to look ahead by one step of the buffer (Sutskever et al. 2013).
    pub nesterov: bool,
    /// Whether to climb instead of to descend.
    pub maximize: bool,
    /// Whether the buffer is still empty: it then becomes the gradient.
    pub first: bool,
}

impl Default for Sgd {
    fn default() -> Self {
        Sgd {
            lr: 0.001,
            momentum: 0.0,
            dampening: 0.0,
            weight_decay: 0.0,
            nesterov: false,
            maximize: false,
            first: false,
        }
    }
}

/// Adam (Kingma and Ba 2015) as `torch.optim.Adam`, whose defaults these are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// The learning rate.
    pub lr: f64,
    /// How much of the running means of gradients and of their squares stays at each step.
    pub betas: (f64, f64),
    /// What is added to the denominator.
    pub eps: f64,
    /// The factor of the parameter that is added to its gradient, or taken from the parameter itself.
    pub weight_decay: f64,
    /// Whether the decay acts on the parameter (AdamW, Loshchilov and Hutter 2019) rather than on its gradient.
    pub decoupled: bool,
    /// Whether to climb instead of to descend.
    pub maximize: bool,
    /// The number of this step, from 1, which corrects the means' start from zero.
    pub step: u64,
}

impl Default for Adam {
    fn default() -> Self {
        Adam {
            lr: 0.001,
            betas: (0.9, 0.999),
            eps: 1e-8,
            weight_decay: 0.0,
            decoupled: false,
            maximize: false,
            step: 1,
        }
    }
}

impl Update {
    /// How many tensors of memory the step may have.
    fn memories(&self) -> std::ops::RangeInclusive<usize> {
        match self {
            Update::Sgd(_) => 0..=1,
            Update::Adam(_) => 2..=3,
        }
    }
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
