//! Functions with a derivative of their own: PyTorch's `torch.autograd.Function`.

use crate::kept::{TWICE, release};
use crate::mode::no_grad;
use crate::node::{Dying, Inputs, Kind, Node};
use std::sync::{Arc, Mutex, PoisonError};
use tensor_core::{Error, ErrorKind, Past, Result, Tensor, bail};

/// A function of tensors with its derivative.
///
/// ```
/// use autograd::{Context, Function, Gradient, apply};
/// use tensor_core::{Result, Tensor};
///
/// struct Cube;
/// impl Function for Cube {
///     fn name(&self) -> &str { "Cube" }
///     fn forward(&self, ctx: &mut Context, inputs: &[&Tensor]) -> Result<Tensor> {
///         ctx.save_for_backward(inputs);
///         inputs[0].try_pow(3)
///     }
///     fn backward(&self, ctx: &Context, g: &Tensor) -> Result<Vec<Option<Tensor>>> {
///         let x = &ctx.saved_tensors()[0];
///         Ok(vec![Some(g * (x * x * 3.0))])
///     }
/// }
///
/// let x = Tensor::from_vec(vec![2.0f32], [1], ops_cpu::cpu()).requires_grad_(true);
/// apply(Cube, &[&x]).backward();
/// assert_eq!(x.grad().unwrap().item::<f32>(), 12.0);
/// ```
pub trait Function: Send + Sync + 'static {
    /// The name in printed graphs, to which `Backward` is added.
    fn name(&self) -> &str;

    /// The value. What it computes is not recorded.
    fn forward(&self, ctx: &mut Context, inputs: &[&Tensor]) -> Result<Tensor>;

    /// The gradients of the inputs, in order, from the gradient `g` of the result; `None` where there is none. Written in
    /// tensor operations, it has derivatives itself.
    fn backward(&self, ctx: &Context, g: &Tensor) -> Result<Vec<Option<Tensor>>>;
}

/// What a function's forward pass leaves for its backward one.
#[derive(Default)]
pub struct Context {
    saved: Vec<(Tensor, u32)>,
    needs_input_grad: Vec<bool>,
}

impl Context {
    /// Keeps tensors for the backward pass; that they are not written in place meanwhile is checked.
    pub fn save_for_backward(&mut self, tensors: &[&Tensor]) {
        self.saved = tensors.iter().map(|tensor| ((*tensor).clone(), tensor.version())).collect();
    }

    /// What was kept.
    pub fn saved_tensors(&self) -> Vec<Tensor> {
        self.saved.iter().map(|(tensor, _)| tensor.clone()).collect()
    }

    /// For each input, whether its gradient is wanted.
    pub fn needs_input_grad(&self) -> &[bool] {
        &self.needs_input_grad
    }
}

pub(crate) struct CustomNode {
    function: Box<dyn Function>,
    context: Mutex<Option<Arc<Context>>>,
}

impl CustomNode {
    pub(crate) fn name(&self) -> String {
        format!("{}Backward", self.function.name())
    }

    /// The gradients of the inputs.
    pub(crate) fn pull(&self, node: &Arc<Node>, g: &Tensor, retain: bool) -> Result<Vec<Option<Tensor>>> {
        // Not locked while the function runs: it may itself run backward through this node.
        let context = {
            let mut slot = self.context.lock().unwrap_or_else(PoisonError::into_inner);
            if retain { slot.clone() } else { slot.take() }
        };
        let Some(context) = context else { return Err(Error::new(ErrorKind::Autograd, TWICE)) };
        for (tensor, version) in &context.saved {
            if tensor.version() != *version {
                bail!(
                    Autograd,
                    "one of the variables needed for gradient computation has been modified by an inplace operation: \
                     [torch.{}Tensor {:?}] is at version {}; expected version {version} instead.",
                    tensor.dtype().type_name(),
                    tensor.shape(),
                    tensor.version()
                );
            }
        }
        let grads = self.function.backward(&context, g)?;
        if grads.len() != node.inputs.len() {
            bail!(
                Autograd,
                "function {} returned an incorrect number of gradients (expected {}, got {})",
                self.name(),
                node.inputs.len(),
                grads.len()
            );
        }
        Ok(grads)
    }

    /// Moves the nodes of kept tensors into `dying`.
    pub(crate) fn dismantle(&mut self, dying: &mut Dying) {
        let context = self.context.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(context) = context.and_then(Arc::into_inner) {
            context.saved.into_iter().for_each(|(tensor, _)| release(tensor, dying));
        }
    }
}

/// Applies a [`Function`] to `inputs`.
///
/// # Panics
/// Where its `forward` returns an error.
#[track_caller]
pub fn apply(function: impl Function, inputs: &[&Tensor]) -> Tensor {
    tensor_core::or_panic(try_apply(function, inputs))
}

/// As [`apply`], but returns errors.
pub fn try_apply(function: impl Function, inputs: &[&Tensor]) -> Result<Tensor> {
    let nodes: Inputs = inputs.iter().map(|input| Node::of(input)).collect();
    let mut context = Context { needs_input_grad: nodes.iter().map(Option::is_some).collect(), ..Context::default() };
    let output = no_grad(|| function.forward(&mut context, inputs))?;
    // The result may be an input, or a tensor from elsewhere, handed through; its own history must stay.
    let is_input = inputs.iter().any(|input| input.is_same(&output));
    let output = if is_input || output.own_history().is_some() { output.detach() } else { output };
    if crate::is_grad_enabled() && nodes.iter().any(Option::is_some) && output.dtype().is_floating_point() {
        let custom = CustomNode { function: Box::new(function), context: Mutex::new(Some(Arc::new(context))) };
        let node = Node::new(&output, nodes, Kind::Custom(Box::new(custom)));
        output.set_history(Some(node as Past), true);
    }
    Ok(output)
}
