//! Groups of parameters and their settings, which an optimizer shares with the schedulers of its rate. It knows no optimizer: a
//! setting is a value with a name.

use crate::value::{Dict, Value};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tensor::Tensor;

/// Parameters to optimize with settings of their own; what a group does not set is as the optimizer's.
///
/// ```
/// use optim::{Adam, Optimizer, ParamGroup};
/// let (a, b) = (tensor::ones([2]), tensor::ones([3]));
/// let adam = Adam::new(vec![ParamGroup::new([a]).lr(1e-3), ParamGroup::new([b])], 1e-4);
/// let groups = adam.param_groups();
/// assert_eq!(groups.iter().map(|group| group.lr()).collect::<Vec<_>>(), [1e-3, 1e-4]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ParamGroup {
    pub(crate) params: Vec<Tensor>,
    pub(crate) settings: Dict,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident : $ty:ty;)*) => { $(
        $(#[$doc])*
        #[must_use]
        pub fn $name(self, $name: $ty) -> ParamGroup {
            self.set(stringify!($name), $name)
        }
    )* };
}

impl ParamGroup {
    /// A group of these parameters.
    pub fn new(params: impl IntoIterator<Item = Tensor>) -> ParamGroup {
        ParamGroup { params: params.into_iter().collect(), settings: Dict::new() }
    }

    /// Sets any setting of the optimizer's by its name.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> ParamGroup {
        self.settings.set(name, value);
        self
    }

    /// For each parameter the position where it stands first: its own, unless it comes twice.
    pub(crate) fn owners(&self) -> Vec<usize> {
        let first =
            |(i, param): (usize, &Tensor)| self.params[..i].iter().position(|own| own.is_same(param)).unwrap_or(i);
        self.params.iter().enumerate().map(first).collect()
    }

    setters! {
        /// The learning rate.
        lr: f64;
        /// The factor of the parameters that is added to their gradients, or taken from them.
        weight_decay: f64;
        /// How much of the momentum stays at each step.
        momentum: f64;
        /// What the gradient loses on its way into the momentum.
        dampening: f64;
        /// Whether to look ahead by one step of the momentum.
        nesterov: bool;
        /// Whether to climb instead of to descend.
        maximize: bool;
        /// How much of Adam's running means stays at each step.
        betas: (f64, f64);
        /// What is added to the denominator.
        eps: f64;
        /// Whether Adam divides by the largest mean square so far.
        amsgrad: bool;
        /// How much of RMSprop's running means stays at each step.
        alpha: f64;
        /// Whether RMSprop divides by the deviation.
        centered: bool;
        /// How much of Adadelta's running means stays at each step.
        rho: f64;
        /// How fast Adagrad's rate falls.
        lr_decay: f64;
        /// How fast NAdam's momentum grows.
        momentum_decay: f64;
        /// Whether the decay acts on the parameters rather than on their gradients.
        decoupled_weight_decay: bool;
    }
}

/// What an optimizer can be made for: tensors, or groups of them.
pub trait IntoGroups {
    /// The groups; none if there is nothing to optimize.
    fn into_groups(self) -> Vec<ParamGroup>;
}

impl IntoGroups for Vec<ParamGroup> {
    fn into_groups(self) -> Vec<ParamGroup> {
        self
    }
}

impl IntoGroups for ParamGroup {
    fn into_groups(self) -> Vec<ParamGroup> {
        vec![self]
    }
}

impl IntoGroups for Vec<Tensor> {
    fn into_groups(self) -> Vec<ParamGroup> {
        if self.is_empty() { vec![] } else { vec![ParamGroup::new(self)] }
    }
}

impl<const N: usize> IntoGroups for [Tensor; N] {
    fn into_groups(self) -> Vec<ParamGroup> {
        Vec::from(self).into_groups()
    }
}

impl IntoGroups for &[Tensor] {
    fn into_groups(self) -> Vec<ParamGroup> {
        self.to_vec().into_groups()
    }
}

pub(crate) struct Shared {
    /// The optimizer's name, which is printed before its groups.
    name: &'static str,
    pub(crate) groups: Vec<ParamGroup>,
}

/// The groups of an optimizer: a handle, shared with it and with its schedulers.
///
/// ```
/// use optim::{Optimizer, SGD};
/// let sgd = SGD::new([tensor::ones([2])], 0.1);
/// for group in sgd.param_groups().iter() {
///     group.set_lr(group.lr() / 2.0);
///     group.set("momentum", 0.9);
/// }
/// assert_eq!(sgd.param_groups().group(0).lr(), 0.05);
/// ```
#[derive(Clone)]
pub struct ParamGroups(Arc<Mutex<Shared>>);

impl ParamGroups {
    pub(crate) fn new(name: &'static str) -> ParamGroups {
        ParamGroups(Arc::new(Mutex::new(Shared { name, groups: vec![] })))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a group, whose settings are complete.
    ///
    /// A parameter that comes twice in the group moves twice in a step; as in PyTorch that is worth a warning.
    ///
    /// # Panics
    /// If a parameter was computed, or is in a group already.
    #[track_caller]
    pub(crate) fn add(&self, group: ParamGroup) {
        let mut shared = self.lock();
        let refusal = shared.refusal(&group);
        if refusal.is_none() {
            if group.owners().iter().enumerate().any(|(i, owner)| i != *owner) {
                eprintln!(
                    "UserWarning: optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; \
                     see github.com/pytorch/pytorch/issues/40967 for more information"
                );
            }
            shared.groups.push(group);
        }
        drop(shared);
        if let Some(text) = refusal {
            panic!("{text}");
        }
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.lock().groups.len()
    }

    /// Whether there are none; an optimizer has one at least.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The group of this index.
    ///
    /// # Panics
    /// If there are fewer.
    #[track_caller]
    pub fn group(&self, index: usize) -> Group {
        assert!(index < self.len(), "list index out of range");
        Group { groups: self.clone(), index }
    }

    /// All groups in order.
    pub fn iter(&self) -> impl Iterator<Item = Group> + use<> {
        let groups = self.clone();
        (0..self.len()).map(move |index| Group { groups: groups.clone(), index })
    }

    /// Whether these are the groups of the same optimizer.
    pub fn is_same(&self, other: &ParamGroups) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The optimizer's name.
    pub fn name(&self) -> &'static str {
        self.lock().name
    }

    /// Each group's number of this name.
    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        self.iter().map(|group| group.number(name)).collect()
    }
}

impl Shared {
    /// Why a group cannot be added.
    fn refusal(&self, group: &ParamGroup) -> Option<&'static str> {
        use tensor::Gradient;
        let known = |param: &Tensor| self.groups.iter().flat_map(|group| &group.params).any(|own| own.is_same(param));
        for param in &group.params {
            if !param.is_leaf() {
                return Some("can't optimize a non-leaf Tensor");
            }
            if known(param) {
                return Some("some parameters appear in more than one parameter group");
            }
        }
        None
    }
}

/// The optimizer as PyTorch prints it: its name, and the settings of its groups in alphabetical order.
impl fmt::Display for ParamGroups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = self.lock();
        write!(f, "{} (", shared.name)?;
        for (i, group) in shared.groups.iter().enumerate() {
            write!(f, "\nParameter Group {i}\n")?;
            let mut settings: Vec<(&str, &Value)> = group.settings.iter().collect();
            settings.sort_by_key(|(name, _)| *name);
            settings.iter().try_for_each(|(name, value)| writeln!(f, "    {name}: {value}"))?;
        }
        f.write_str(")")
    }
}

impl fmt::Debug for ParamGroups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One group of an optimizer: a handle, as [`ParamGroups`].
#[derive(Clone, Debug)]
pub struct Group {
    groups: ParamGroups,
    index: usize,
}

impl Group {
    /// The parameters.
    pub fn params(&self) -> Vec<Tensor> {
        self.groups.lock().groups[self.index].params.clone()
    }

    /// The setting of this name.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.groups.lock().groups[self.index].settings.get(name).cloned()
    }

    /// Changes a setting; it holds from the next step on.
    pub fn set(&self, name: &str, value: impl Into<Value>) {
        self.groups.lock().groups[self.index].settings.set(name, value);
    }

    /// The learning rate.
    pub fn lr(&self) -> f64 {
        self.number("lr")
    }

    /// Changes the learning rate.
    pub fn set_lr(&self, lr: f64) {
        self.set("lr", lr);
    }

    /// The number of this name.
    ///
    /// # Panics
    /// If the group has no such number.
    #[track_caller]
    pub fn number(&self, name: &str) -> f64 {
        let number = self.groups.lock().groups[self.index].settings.number(name);
        match number {
            Some(number) => number,
            None => panic!("param group {} has no number '{name}'", self.index),
        }
    }
}
