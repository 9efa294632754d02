//! Optimizers whose rule treats each parameter by itself, in one pass over its memory: the walk over groups and parameters, the memory
//! of each, and its saved form. What the rules are is in `rules`.

use crate::fields::Settings;
use crate::groups::{IntoGroups, ParamGroup, ParamGroups};
use crate::optimizer::{Optimizer, last, read_groups, saved_state, write_groups};
use crate::value::{Dict, Value};
use std::fmt;
use tensor::autograd::set_grad_enabled;
use tensor::{Error, ErrorKind, Gradient, Place, Result, Tensor, full_like, python_float};
use tensor_core::op::update::Update;

/// How many tensors of memory a rule may have.
const MEMORY: usize = 3;

/// A rule by which parameters move: its settings are the struct that implements it.
pub trait Rule: Settings {
    /// The optimizer's name.
    const NAME: &'static str;
    /// PyTorch's default rate.
    const LR: f64;
    /// The names of the tensors of memory, at most three.
    const MEMORY: &'static [&'static str];
    /// Whether the number of steps is remembered.
    const COUNTS: bool = true;
    /// PyTorch's choices among its own implementations, which are printed and saved but change nothing here.
    const SWITCHES: &'static [(&'static str, Value)];

    /// What is wrong with the settings, in PyTorch's words.
    fn refusal(&self) -> Option<String>;

    /// Whether the memory of this index is needed with these settings.
    fn needs(&self, _memory: usize) -> bool {
        true
    }

    /// What all memory starts from, if it is there before the first step.
    fn start(&self) -> Option<f64> {
        None
    }

    /// The step for a parameter.
    fn update(&self, step: Step<'_>) -> Update;
}

/// What a rule is told about a step for one parameter.
pub struct Step<'a> {
    /// The learning rate.
    pub lr: f64,
    /// The number of the step, from 1.
    pub number: u64,
    /// Whether the parameter's memory was made for this step.
    pub first: bool,
    /// The product that [`NAdam`](crate::NAdam) keeps; 1 at first.
    pub product: &'a mut f64,
}

/// What is remembered of a parameter.
#[derive(Clone)]
struct State {
    step: u64,
    product: f64,
    memory: [Option<Tensor>; MEMORY],
    /// Whether the memory was made for the latest step.
    first: bool,
}

impl Default for State {
    fn default() -> State {
        State { step: 0, product: 1.0, memory: [const { None }; MEMORY], first: false }
    }
}

/// An optimizer that moves each parameter by itself: [`SGD`](crate::SGD), [`Adam`](crate::Adam) and most others are this type, each
/// with its rule.
pub struct Pointwise<R: Rule> {
    groups: ParamGroups,
    defaults: Dict,
    /// By parameter, in the order of groups.
    states: Vec<State>,
    /// By parameter, whose state is its own: another's only where a parameter comes twice in a group.
    owners: Vec<usize>,
    rule: R,
}

impl<R: Rule> Pointwise<R> {
    /// An optimizer of these parameters, or groups of them, with PyTorch's defaults. A rate of `None` is PyTorch's default rate.
    ///
    /// # Panics
    /// If there is no parameter, one was computed, or one is in two groups; if the rate is negative.
    #[track_caller]
    pub fn new(params: impl IntoGroups, lr: impl Into<Option<f64>>) -> Self {
        Self::with(params, lr, |settings| settings)
    }

    /// As [`new`](Pointwise::new), with further settings: `SGD::with(params, 0.1, |o| o.momentum(0.9).nesterov(true))`.
    ///
    /// # Panics
    /// As [`new`](Pointwise::new), and for settings outside the values they may have.
    #[track_caller]
    pub fn with(params: impl IntoGroups, lr: impl Into<Option<f64>>, settings: impl FnOnce(R) -> R) -> Self {
        let lr = lr.into().unwrap_or(R::LR);
        let rule = settings(R::default());
        if !(lr >= 0.0) {
            panic!("Invalid learning rate: {}", python_float(lr));
        }
        if let Some(text) = rule.refusal() {
            panic!("{text}");
        }
        let mut defaults = Dict::new();
        defaults.set("lr", lr);
        rule.write(&mut defaults);
        R::SWITCHES.iter().for_each(|(name, value)| defaults.set(name, value.clone()));
        let mut optimizer =
            Pointwise { groups: ParamGroups::new(R::NAME), defaults, states: vec![], owners: vec![], rule };
        let groups = params.into_groups();
        if groups.is_empty() {
            panic!("optimizer got an empty parameter list");
        }
        for group in groups {
            optimizer.add_param_group(group);
        }
        optimizer
    }
}

impl State {
    /// Makes the memory that `rule` needs and that is not there yet; returns whether there was any to make.
    fn complete<R: Rule>(&mut self, rule: &R, param: &Tensor) -> bool {
        let mut made = false;
        for (i, memory) in self.memory.iter_mut().enumerate().take(R::MEMORY.len()) {
            if memory.is_none() && rule.needs(i) {
                *memory = Some(full_like(param, rule.start().unwrap_or(0.0)));
                made = true;
            }
        }
        made
    }

    /// `again` where the parameter has moved in this walk already.
    #[track_caller]
    fn step<R: Rule>(&mut self, rule: &R, lr: f64, param: &Tensor, grad: &Tensor, again: bool) {
        if !again {
            self.first = self.complete(rule, param);
        }
        self.step += 1;
        let update = rule.update(Step { lr, number: self.step, first: self.first, product: &mut self.product });
        let (mut memory, mut count) = ([param; MEMORY], 0);
        for (_, tensor) in self.memory.iter().enumerate().filter(|(i, _)| *i < R::MEMORY.len() && rule.needs(*i)) {
            if let Some(tensor) = tensor {
                memory[count] = tensor;
                count += 1;
            }
        }
        param.update_(update, grad, &memory[..count]);
    }

    /// As PyTorch saves it; `None` before the first step.
    fn write<R: Rule>(&self) -> Option<Dict> {
        let mut dict = Dict::new();
        let count = |value: f64| tensor::full([0i64; 0], value as f32);
        if self.memory.iter().all(Option::is_none) {
            return None;
        }
        if R::COUNTS {
            dict.set("step", count(self.step as f64));
        }
        if self.product != 1.0 {
            dict.set("mu_product", count(self.product));
        }
        for (name, tensor) in R::MEMORY.iter().zip(&self.memory) {
            if let Some(tensor) = tensor {
                dict.set(name, tensor.clone());
            }
        }
        Some(dict)
    }

    /// From its saved form, for `param`.
    fn read<R: Rule>(dict: &Dict, param: &Tensor) -> Result<State> {
        let mut state = State {
            step: dict.number("step").unwrap_or(0.0) as u64,
            product: dict.number("mu_product").unwrap_or(1.0),
            ..State::default()
        };
        for (name, memory) in R::MEMORY.iter().zip(&mut state.memory) {
            if let Some(Value::Tensor(saved)) = dict.get(name) {
                if saved.shape() != param.shape() {
                    let (own, saved) = (param.shape(), saved.shape());
                    let text =
                        format!("loaded state dict has a {name} of size {saved:?} for a parameter of size {own:?}");
                    return Err(Error::new(ErrorKind::Shape, text));
                }
                *memory = Some(saved.detach().try_to(param.dtype())?.try_to(param.device())?.try_clone()?);
            }
        }
        Ok(state)
    }
}

impl<R: Rule> Optimizer for Pointwise<R> {
    #[track_caller]
    fn step(&mut self) {
        let _off = set_grad_enabled(false);
        let shared = self.groups.lock();
        let mut owners = self.owners.iter().copied().enumerate();
        for group in &shared.groups {
            self.rule.read(&group.settings);
            let lr = group.settings.number("lr").unwrap_or(R::LR);
            for (param, (place, owner)) in group.params.iter().zip(&mut owners) {
                if let Some(grad) = param.grad() {
                    self.states[owner].step(&self.rule, lr, param, &grad, owner != place);
                }
            }
        }
    }

    fn param_groups(&self) -> ParamGroups {
        self.groups.clone()
    }

    #[track_caller]
    fn add_param_group(&mut self, mut group: ParamGroup) {
        self.defaults.iter().for_each(|(name, value)| group.settings.set_default(name, value.clone()));
        let (params, owners) = (group.params.clone(), group.owners());
        self.groups.add(group);
        let before = self.states.len();
        self.owners.extend(owners.into_iter().map(|owner| before + owner));
        self.rule.read(&self.defaults);
        for param in &params {
            let mut state = State::default();
            if self.rule.start().is_some() {
                state.complete(&self.rule, param);
            }
            self.states.push(state);
        }
    }

    fn state_dict(&self) -> Dict {
        let mut states = Dict::new();
        for (i, state) in self.states.iter().enumerate() {
            if let Some(dict) = state.write::<R>().filter(|_| self.owners[i] == i) {
                states.set(&last(&self.owners, i).to_string(), dict);
            }
        }
        let mut dict = Dict::new();
        dict.set("state", states);
        dict.set("param_groups", write_groups(&self.groups));
        dict
    }

    fn load_state_dict(&mut self, state: &Dict) -> Result<()> {
        let (groups, keys) = read_groups(&self.groups, state)?;
        let params = groups.iter().flat_map(|group| &group.params);
        let states: Result<Vec<State>> = params
            .zip(&keys)
            .map(|(param, key)| {
                saved_state(state, key).map_or(Ok(State::default()), |saved| State::read::<R>(saved, param))
            })
            .collect();
        self.states = states?;
        self.groups.lock().groups = groups;
        Ok(())
    }
}

impl<R: Rule> fmt::Display for Pointwise<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.groups.fmt(f)
    }
}

impl<R: Rule> fmt::Debug for Pointwise<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text of an argument that may not be negative, if it is: PyTorch's "Invalid … value".
pub(crate) fn negative(what: &str, value: f64) -> Option<String> {
    (!(value >= 0.0)).then(|| format!("Invalid {what}: {}", python_float(value)))
}

/// The texts of Adam's betas and epsilon.
pub(crate) fn adam_refusal(betas: (f64, f64), eps: f64, weight_decay: f64) -> Option<String> {
    let beta = |index: usize, beta: f64| {
        let text = || format!("Invalid beta parameter at index {index}: {}", python_float(beta));
        (!(0.0..1.0).contains(&beta)).then(text)
    };
    negative("epsilon value", eps)
        .or_else(|| beta(0, betas.0))
        .or_else(|| beta(1, betas.1))
        .or_else(|| negative("weight_decay value", weight_decay))
}
