//! What a tensor can say and do about its gradient: the methods of PyTorch's `Tensor`, as a trait.

use crate::engine::{self, Backward};
use crate::extras::HookHandle;
use crate::node::{Kind, Node};
use std::borrow::Cow;
use std::sync::{Arc, PoisonError};
use tensor_core::{Error, ErrorKind, Past, Result, Tensor, bail, or_panic};

/// Gradients of tensors.
///
/// ```
/// use autograd::Gradient;
/// use tensor_core::Tensor;
/// let x = Tensor::from_vec(vec![3.5f32], [1], ops_cpu::cpu()).requires_grad_(true);
/// let y = &x * &x;
/// let z = 2.0 * &y + 3.0;
/// z.backward();
/// assert_eq!(x.grad().unwrap().item::<f32>(), 14.0);
/// ```
pub trait Gradient: Sized {
    /// Whether operations on this tensor are recorded.
    fn requires_grad(&self) -> bool;

    /// Asks for this tensor's gradient, or no longer; returns the tensor itself.
    ///
    /// # Panics
    /// For dtypes other than floats, and if a computed tensor is to require none.
    #[track_caller]
    fn requires_grad_(&self, on: bool) -> Tensor {
        or_panic(self.try_requires_grad_(on))
    }

    /// As [`requires_grad_`](Gradient::requires_grad_), but returns misuse as an error.
    fn try_requires_grad_(&self, on: bool) -> Result<Tensor>;

    /// Whether this tensor was made by the user, not by a recorded operation.
    fn is_leaf(&self) -> bool;

    /// The gradient accumulated so far: of leaves, and of tensors with [`retain_grad`](Gradient::retain_grad).
    fn grad(&self) -> Option<Tensor>;

    /// Replaces the gradient; `None` forgets it.
    ///
    /// # Panics
    /// If the gradient's shape or dtype differs from the tensor's.
    #[track_caller]
    fn set_grad(&self, grad: Option<Tensor>) {
        or_panic(self.try_set_grad(grad))
    }

    /// As [`set_grad`](Gradient::set_grad), but returns misuse as an error.
    fn try_set_grad(&self, grad: Option<Tensor>) -> Result<()>;

    /// Forgets the gradient, as `optimizer.zero_grad()` does.
    fn zero_grad(&self);

    /// Keeps the gradient of a computed tensor too.
    ///
    /// # Panics
    /// If the tensor requires no gradient.
    #[track_caller]
    fn retain_grad(&self) {
        or_panic(self.try_retain_grad())
    }

    /// As [`retain_grad`](Gradient::retain_grad), but returns misuse as an error.
    fn try_retain_grad(&self) -> Result<()>;

    /// Computes the gradients of this single number with respect to all leaves that it depends on, and adds them to their
    /// `.grad`.
    ///
    /// # Panics
    /// If the tensor needs no gradient or has more than one element, if the graph was released by an earlier pass, or if a kept
    /// tensor was written in place.
    #[track_caller]
    fn backward(&self) {
        or_panic(self.try_backward_with(Backward::default()))
    }

    /// As [`backward`](Gradient::backward), with options: `x.backward_with(Backward { retain_graph: true, ..Default::default() })`.
    #[track_caller]
    fn backward_with(&self, options: Backward<'_>) {
        or_panic(self.try_backward_with(options))
    }

    /// As [`backward`](Gradient::backward) of a tensor of any shape, given its own gradient.
    #[track_caller]
    fn backward_from(&self, gradient: &Tensor) {
        or_panic(self.try_backward_with(Backward { gradient: Some(gradient), ..Backward::default() }))
    }

    /// As [`backward_with`](Gradient::backward_with), but returns misuse as an error.
    fn try_backward_with(&self, options: Backward<'_>) -> Result<()>;

    /// Calls `hook` with this tensor's gradient whenever it has been computed; what the hook returns takes its place.
    ///
    /// # Panics
    /// If the tensor requires no gradient.
    #[track_caller]
    fn register_hook(&self, hook: impl Fn(&Tensor) -> Option<Tensor> + Send + Sync + 'static) -> HookHandle {
        or_panic(self.try_register_hook(hook))
    }

    /// As [`register_hook`](Gradient::register_hook), but returns misuse as an error.
    fn try_register_hook(&self, hook: impl Fn(&Tensor) -> Option<Tensor> + Send + Sync + 'static)
    -> Result<HookHandle>;

    /// The recorded operation that made this tensor.
    fn grad_fn(&self) -> Option<GradFn>;

    /// The same memory without a history: writes to it are neither recorded nor refused.
    fn data(&self) -> Tensor;

    /// Forgets how this tensor was made; returns the tensor itself.
    ///
    /// # Panics
    /// For views, whose base would go on watching.
    #[track_caller]
    fn detach_(&self) -> Tensor {
        or_panic(self.try_detach_())
    }

    /// As [`detach_`](Gradient::detach_), but returns misuse as an error.
    fn try_detach_(&self) -> Result<Tensor>;

    /// Gives this tensor a name in drawn graphs, in which only tensors that require gradients appear; returns the tensor
    /// itself.
    fn named(&self, name: &str) -> Tensor;
}

fn node(tensor: &Tensor) -> Option<Arc<Node>> {
    tensor.history().and_then(Node::from_past)
}

fn watched(tensor: &Tensor, what: &str) -> Result<Arc<Node>> {
    Node::of(tensor).ok_or_else(|| Error::new(ErrorKind::Autograd, what))
}

impl Gradient for Tensor {
    fn requires_grad(&self) -> bool {
        self.is_tracked()
    }

    fn try_requires_grad_(&self, on: bool) -> Result<Tensor> {
        let node = node(self);
        if on && !self.dtype().is_floating_point() {
            bail!(Autograd, "only Tensors of floating point dtype can require gradients");
        }
        match node {
            Some(node) if !node.is_leaf() && self.is_tracked() && on => {}
            Some(node) if !node.is_leaf() && self.is_tracked() => bail!(
                Autograd,
                "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph \
                 that doesn't require differentiation use var_no_grad = var.detach()."
            ),
            Some(node) => self.set_history(Some(node as Past), on),
            None if on => self.set_history(Some(Node::leaf(self) as Past), true),
            None => {}
        }
        Ok(self.clone())
    }

    fn is_leaf(&self) -> bool {
        !self.is_tracked() || node(self).is_none_or(|node| node.is_leaf())
    }

    fn grad(&self) -> Option<Tensor> {
        let node = node(self)?;
        match &node.kind {
            Kind::Leaf { grad, .. } => grad.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Kind::Op { .. } | Kind::Custom(_) => node.extras.get()?.retained(),
        }
    }

    fn try_set_grad(&self, grad: Option<Tensor>) -> Result<()> {
        if let Some(grad) = &grad
            && grad.dtype() != self.dtype()
        {
            bail!(
                Autograd,
                "attempting to assign a gradient with dtype '{}' to a tensor with grad_dtype '{}'. The gradient must match the \
                 tensor's dtype",
                grad.dtype().cpp_name(),
                self.dtype().type_name()
            );
        }
        if let Some(grad) = &grad
            && grad.shape() != self.shape()
        {
            bail!(
                Autograd,
                "attempting to assign a gradient of size '{:?}' to a tensor of size '{:?}'. Please ensure that the gradient and the \
                 tensor are the same size",
                grad.shape(),
                self.shape()
            );
        }
        let node = match node(self) {
            Some(node) => node,
            None if grad.is_none() => return Ok(()),
            None => {
                // A gradient may lie with a tensor that requires none.
                let node = Node::leaf(self);
                self.set_history(Some(node.clone() as Past), false);
                node
            }
        };
        match &node.kind {
            Kind::Leaf { grad: slot, .. } => *slot.lock().unwrap_or_else(PoisonError::into_inner) = grad,
            Kind::Op { .. } | Kind::Custom(_) => node.extras().set_retained(grad),
        }
        Ok(())
    }

    fn zero_grad(&self) {
        // Nothing can be wrong with no gradient.
        let _ = self.try_set_grad(None);
    }

    fn try_retain_grad(&self) -> Result<()> {
        let node = watched(self, "can't retain_grad on Tensor that has requires_grad=False")?;
        if !node.is_leaf() {
            node.extras().retain_grad();
        }
        Ok(())
    }

    fn try_backward_with(&self, options: Backward<'_>) -> Result<()> {
        engine::backward(self, options)
    }

    fn try_register_hook(
        &self,
        hook: impl Fn(&Tensor) -> Option<Tensor> + Send + Sync + 'static,
    ) -> Result<HookHandle> {
        let node = watched(self, "cannot register a hook on a tensor that doesn't require gradient")?;
        Ok(node.extras().add_hook(Box::new(hook)))
    }

    fn grad_fn(&self) -> Option<GradFn> {
        Node::of(self).filter(|node| !node.is_leaf()).map(GradFn)
    }

    fn data(&self) -> Tensor {
        self.detach()
    }

    fn try_detach_(&self) -> Result<Tensor> {
        if self.is_view() {
            bail!(Autograd, "Can't detach views in-place. Use detach() instead.");
        }
        // A leaf keeps its gradient.
        self.set_history(node(self).filter(|node| node.is_leaf()).map(|node| node as Past), false);
        Ok(self.clone())
    }

    fn named(&self, name: &str) -> Tensor {
        if let Some(node) = Node::of(self) {
            node.extras().set_name(name.to_string());
        }
        self.clone()
    }
}

/// A recorded operation, as seen from its result.
#[derive(Clone)]
pub struct GradFn(pub(crate) Arc<Node>);

impl GradFn {
    /// PyTorch's name: `MulBackward0`.
    pub fn name(&self) -> Cow<'static, str> {
        self.0.name()
    }

    /// The operations and leaves (`AccumulateGrad`) that made the inputs; `None` where no gradient is wanted.
    pub fn next_functions(&self) -> Vec<Option<GradFn>> {
        self.0.inputs.iter().map(|input| input.clone().map(GradFn)).collect()
    }
}

/// `<MulBackward0>`.
impl std::fmt::Display for GradFn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.name())
    }
}

/// As [`Display`](std::fmt::Display).
impl std::fmt::Debug for GradFn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.name())
    }
}
