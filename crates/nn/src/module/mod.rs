//! What every layer and network is: a tree of modules with named parameters and buffers. It knows no particular layer.

mod containers;
mod hooks;
mod member;
mod mode;
mod repr;
mod state;
mod summary;
mod walk;

pub use self::containers::{ModuleDict, ModuleList, Sequential};
pub use self::hooks::{ForwardHook, observe, register_module_forward_hook};
pub use self::member::{BufferField, Field, Member, MemberMut};
pub use self::mode::Mode;
pub use self::repr::{python_tuple, repr};
pub use self::state::{StateDict, StateDictError};
pub use self::summary::{Summary, summary, summary_of};
use tensor::{Destination, Gradient, Tensor};

/// A part of a network: `torch.nn.Module`. Derive it for a struct whose fields are modules, and give the struct a
/// [`Forward`]:
///
/// ```
/// use nn::{Forward, Linear, Module};
/// use tensor::{Tensor, rand};
///
/// #[derive(Module)]
/// struct Net {
///     hidden: Linear,
///     output: Linear,
/// }
///
/// impl Forward for Net {
///     fn forward(&self, x: &Tensor) -> Tensor {
///         self.output.forward(&self.hidden.forward(x).relu())
///     }
/// }
///
/// let net = Net { hidden: Linear::new(4, 8), output: Linear::new(8, 3) };
/// assert_eq!(net.forward(&rand([2, 4])).shape(), &[2, 3]);
/// assert_eq!(net.parameters().len(), 4);
/// println!("{net}");
/// ```
///
/// A field of type `Tensor` is a parameter, one marked with `#[buffer]` a buffer; [`Mode`] says whether the module is being
/// trained. All names are made of the fields' names, as in PyTorch: `hidden.weight`.
pub trait Module: Send + Sync {
    /// The name of the type, as printed.
    fn type_name(&self) -> &'static str;

    /// Calls `visit` with each member and its name, in the order of the fields.
    fn members<'a>(&'a self, visit: &mut dyn FnMut(&str, Member<'a>));

    /// As [`members`](Module::members), with what may be replaced.
    fn members_mut(&mut self, visit: &mut dyn FnMut(&str, MemberMut<'_>));

    /// What stands in the brackets of the printed form.
    fn extra_repr(&self) -> String {
        String::new()
    }

    /// All parameters of this module and those in it, each once.
    fn parameters(&self) -> Vec<Tensor> {
        walk::parameters(self.as_dyn()).into_iter().map(|(_, parameter)| parameter).collect()
    }

    /// All parameters with their names, each once: `0.weight`.
    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        walk::parameters(self.as_dyn())
    }

    /// All buffers (what is saved but not trained) of this module and those in it.
    fn buffers(&self) -> Vec<Tensor> {
        walk::buffers(self.as_dyn()).into_iter().map(|(_, buffer)| buffer).collect()
    }

    /// All buffers with their names.
    fn named_buffers(&self) -> Vec<(String, Tensor)> {
        walk::buffers(self.as_dyn())
    }

    /// This module, called `""`, and all modules in it with their names, each before those in it.
    fn named_modules(&self) -> Vec<(String, &dyn Module)> {
        walk::modules(self.as_dyn())
    }

    /// The modules directly in this one with their names.
    fn named_children(&self) -> Vec<(String, &dyn Module)> {
        walk::children(self.as_dyn())
    }

    /// The number of elements of all parameters; only of those that are trained, if `trainable`.
    fn parameter_count(&self, trainable: bool) -> usize {
        let parameters = self.parameters();
        parameters.iter().filter(|parameter| !trainable || parameter.requires_grad()).map(Tensor::numel).sum()
    }

    /// Sets all modules in this one to training, as they are when new.
    fn train(&self) {
        self.set_training(true);
    }

    /// Sets all modules in this one to evaluation: no dropout, batch normalization by the running statistics.
    fn eval(&self) {
        self.set_training(false);
    }

    /// [`train`](Module::train) or [`eval`](Module::eval).
    fn set_training(&self, training: bool) {
        walk::modes(self.as_dyn(), &mut |mode| mode.set(training));
    }

    /// Whether this module is being trained: false if anything in it is set to evaluation.
    fn is_training(&self) -> bool {
        let mut training = true;
        walk::modes(self.as_dyn(), &mut |mode| training &= mode.get());
        training
    }

    /// Takes all gradients away.
    fn zero_grad(&self) {
        self.parameters().iter().for_each(|parameter| {
            parameter.set_grad(None);
        });
    }

    /// Whether the parameters' gradients are wanted: `net.features.requires_grad_(false)` freezes a part.
    #[track_caller]
    fn requires_grad_(&self, on: bool) {
        self.parameters().iter().for_each(|parameter| {
            parameter.requires_grad_(on);
        });
    }

    /// Calls `f` with every module in this one and last with this one itself.
    fn apply(&self, f: &mut dyn FnMut(&dyn Module)) {
        walk::apply(self.as_dyn(), f);
    }

    /// This module with its parameters and buffers on another device, or the floating-point ones in another dtype. Make the
    /// optimizer afterwards: it keeps the parameters that it was given.
    ///
    /// ```
    /// use nn::{Linear, Module};
    /// use tensor::dtype::*;
    /// let layer = Linear::new(2, 2).to(float64);
    /// assert_eq!(layer.weight.dtype(), float64);
    /// ```
    #[track_caller]
    #[must_use = "`to` takes the module and gives it back"]
    fn to(mut self, destination: impl Into<Destination>) -> Self
    where
        Self: Sized,
    {
        let destination = destination.into();
        walk::move_all(&mut self, &destination);
        self
    }

    /// All parameters and buffers by name. They are the module's own, not copies: see [`StateDict::copied`].
    fn state_dict(&self) -> StateDict {
        state::of(self.as_dyn())
    }

    /// Copies the values of `state` into the parameters and buffers of the same names.
    ///
    /// # Errors
    /// If names are missing or unexpected, or shapes differ, with PyTorch's report. Nothing is copied then.
    fn load_state_dict(&self, state: &StateDict) -> Result<(), StateDictError> {
        state::load(self.as_dyn(), state, true).map(|_| ())
    }

    /// As [`load_state_dict`](Module::load_state_dict), but lets names be missing or unexpected, and returns which.
    ///
    /// # Errors
    /// If shapes differ.
    fn load_state_dict_partly(&self, state: &StateDict) -> Result<StateDictError, StateDictError> {
        state::load(self.as_dyn(), state, false)
    }

    /// This module as an object: `self`.
    fn as_dyn(&self) -> &dyn Module;
}

/// A module from one tensor to one tensor.
#[diagnostic::on_unimplemented(
    note = "give it `impl Forward for {Self} {{ fn forward(&self, x: &Tensor) -> Tensor {{ … }} }}`"
)]
pub trait Forward: Module {
    /// The module's output.
    #[track_caller]
    fn forward(&self, input: &Tensor) -> Tensor;
}

/// `tensor` as a parameter: a leaf whose gradient is wanted. `torch.nn.Parameter`.
///
/// ```
/// use tensor::{Gradient, zeros};
/// assert!(nn::parameter(zeros([3])).requires_grad());
/// ```
#[track_caller]
pub fn parameter(tensor: Tensor) -> Tensor {
    tensor.detach().requires_grad_(true)
}
