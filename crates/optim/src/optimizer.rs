//! What all optimizers do. How parameters move is each one's own.

use crate::fields::Field;
use crate::groups::{ParamGroup, ParamGroups};
use crate::value::{Dict, Value};
use std::fmt;
use tensor::autograd::enable_grad;
use tensor::{Error, ErrorKind, Gradient, Result, Tensor};

/// Moves parameters along their gradients, as `torch.optim.Optimizer`. Printed, it is what PyTorch prints of it.
///
/// ```
/// use optim::{Optimizer, SGD};
/// use tensor::{Gradient, autograd::no_grad};
/// let w = tensor::ones([2]).requires_grad_(true);
/// let mut optimizer = SGD::new([w.clone()], 0.5);
/// optimizer.zero_grad();
/// (&w * &w).sum().backward();
/// optimizer.step();
/// assert_eq!(w.detach().to_vec::<f32>(), [0.0, 0.0]);
/// ```
pub trait Optimizer: fmt::Display {
    /// Moves all parameters that have a gradient by one step.
    ///
    /// # Panics
    /// If the optimizer needs to evaluate the loss ([`LBFGS`](crate::LBFGS)); if a parameter cannot be written.
    #[track_caller]
    fn step(&mut self);

    /// Computes the loss and its gradients by `closure`, with recording on, and moves the parameters; returns the first loss that
    /// `closure` returned.
    ///
    /// # Panics
    /// As [`step`](Optimizer::step).
    #[track_caller]
    fn step_dyn(&mut self, closure: &mut dyn FnMut() -> Tensor) -> Tensor {
        let loss = enable_grad(closure);
        self.step();
        loss
    }

    /// As [`step_dyn`](Optimizer::step_dyn), for any closure: PyTorch's `optimizer.step(closure)`.
    ///
    /// ```
    /// use optim::{Optimizer, SGD};
    /// use tensor::Gradient;
    /// let w = tensor::ones([1]).requires_grad_(true);
    /// let mut optimizer = SGD::new([w.clone()], 0.5);
    /// let loss = optimizer.step_with(|| {
    ///     w.zero_grad();
    ///     let loss = (&w * 3.0).sum();
    ///     loss.backward();
    ///     loss
    /// });
    /// assert_eq!((loss.item::<f32>(), w.item::<f32>()), (3.0, -0.5));
    /// ```
    #[track_caller]
    fn step_with(&mut self, mut closure: impl FnMut() -> Tensor) -> Tensor
    where
        Self: Sized,
    {
        self.step_dyn(&mut closure)
    }

    /// Forgets the gradients of all parameters, as PyTorch's `zero_grad()`.
    fn zero_grad(&self) {
        let groups = self.param_groups();
        groups.lock().groups.iter().flat_map(|group| &group.params).for_each(Gradient::zero_grad);
    }

    /// Sets the gradients that there are to zeros: PyTorch's `zero_grad(set_to_none=False)`. Unlike without gradients, parameters
    /// then still move where there is momentum or decay.
    fn zero_grad_in_place(&self) {
        let groups = self.param_groups();
        for param in groups.lock().groups.iter().flat_map(|group| &group.params) {
            let Some(grad) = param.grad() else { continue };
            let zeros = if grad.requires_grad() { grad.detach() } else { grad };
            zeros.zero_();
            param.set_grad(Some(zeros));
        }
    }

    /// The groups of parameters: a handle, through which settings can be read and changed.
    fn param_groups(&self) -> ParamGroups;

    /// Adds parameters; what the group does not set is as the optimizer's.
    ///
    /// # Panics
    /// If a parameter was computed, or is in a group already.
    #[track_caller]
    fn add_param_group(&mut self, group: ParamGroup);

    /// All that the optimizer remembers, in the structure of PyTorch's: `state`, by the index of the parameter, and `param_groups`.
    /// Tensors are handles, not copies.
    fn state_dict(&self) -> Dict;

    /// Takes over what another optimizer of the same kind, with as many parameters, remembered. Tensors are copied, to the dtype and
    /// device of their parameters.
    ///
    /// # Errors
    /// If the groups differ in number or size, or the state of a parameter does not fit it; the optimizer is then as it was.
    fn load_state_dict(&mut self, state: &Dict) -> Result<()>;
}

macro_rules! through {
    ($($ty:ty)*) => { $(
        impl<O: Optimizer + ?Sized> Optimizer for $ty {
            fn step(&mut self) { (**self).step() }
            fn step_dyn(&mut self, closure: &mut dyn FnMut() -> Tensor) -> Tensor { (**self).step_dyn(closure) }
            fn param_groups(&self) -> ParamGroups { (**self).param_groups() }
            fn add_param_group(&mut self, group: ParamGroup) { (**self).add_param_group(group) }
            fn state_dict(&self) -> Dict { (**self).state_dict() }
            fn load_state_dict(&mut self, state: &Dict) -> Result<()> { (**self).load_state_dict(state) }
        }
    )* };
}
through! { Box<O> &mut O }

/// The last position of an owner: that by which PyTorch saves a parameter that comes twice.
pub(crate) fn last(owners: &[usize], owner: usize) -> usize {
    owners.iter().rposition(|own| *own == owner).unwrap_or(owner)
}

/// The groups as `state_dict` writes them: settings, and the parameters as their indices.
pub(crate) fn write_groups(groups: &ParamGroups) -> Value {
    let mut next = 0;
    let shared = groups.lock();
    let packed = shared.groups.iter().map(|group| {
        let mut dict = group.settings.clone();
        let owners = group.owners();
        let indices = owners.iter().map(|owner| Value::Int((next + last(&owners, *owner)) as i64));
        dict.set("params", indices.collect::<Vec<_>>());
        next += owners.len();
        Value::Dict(dict)
    });
    Value::List(packed.collect())
}

/// The groups that take the place of these, read from a saved state, and for each parameter the key of its saved state.
///
/// # Errors
/// If groups differ in number or size.
pub(crate) fn read_groups(groups: &ParamGroups, state: &Dict) -> Result<(Vec<ParamGroup>, Vec<String>)> {
    let error = |text: &str| Error::new(ErrorKind::Value, text);
    let saved = state.get("param_groups").and_then(Value::items).unwrap_or_default();
    let shared = groups.lock();
    if saved.len() != shared.groups.len() {
        return Err(error("loaded state dict has a different number of parameter groups"));
    }
    let (mut read, mut keys) = (vec![], vec![]);
    for (group, saved) in shared.groups.iter().zip(saved) {
        let Value::Dict(saved) = saved else {
            return Err(error("loaded state dict contains a group without settings"));
        };
        let params = saved.get("params").and_then(Value::items).unwrap_or_default();
        if params.len() != group.params.len() {
            return Err(error(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
            ));
        }
        keys.extend(params.iter().map(Value::to_string));
        let mut settings = group.settings.clone();
        for (name, value) in saved.iter().filter(|(name, _)| *name != "params") {
            // A pair may have become a dictionary of its positions.
            let pair = matches!(settings.get(name), Some(Value::Pair(..))).then(|| Field::from_value(value)).flatten();
            settings.set(name, pair.map_or(value.clone(), |(first, second)| Value::Pair(first, second)));
        }
        read.push(ParamGroup { params: group.params.clone(), settings });
    }
    Ok((read, keys))
}

/// The saved state of the parameter of this key.
pub(crate) fn saved_state<'a>(state: &'a Dict, key: &str) -> Option<&'a Dict> {
    match state.get("state")? {
        Value::Dict(states) => match states.get(key)? {
            Value::Dict(state) => Some(state),
            _ => None,
        },
        _ => None,
    }
}
