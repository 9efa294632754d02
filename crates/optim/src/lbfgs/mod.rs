//! L-BFGS: steps along directions that the latest gradients suggest. It treats all parameters as one vector, and evaluates the loss
//! as often as it needs.

mod line_search;
mod saved;

use crate::fields::{Settings, fields};
use crate::groups::{IntoGroups, ParamGroup, ParamGroups};
use crate::optimizer::{Optimizer, last, read_groups, write_groups};
use crate::value::{Dict, Value};
use line_search::{Point, strong_wolfe};
use saved::State;
use std::fmt;
use tensor::autograd::{enable_grad, set_grad_enabled};
use tensor::{DType, Gradient, Result, Tensor, cat, python_float};

fields! {
    /// The settings of [`LBFGS`], with PyTorch's defaults.
    pub struct LbfgsOptions {
        /// How many directions a step takes at most.
        max_iter(i64) = 20,
        /// How often a step evaluates the loss at most; 5/4 times `max_iter` if `None`.
        max_eval(into Option<i64>) = None,
        /// The largest part of the gradient at which there is nothing left to do.
        tolerance_grad(f64) = 1e-7,
        /// The least change of loss or parameters.
        tolerance_change(f64) = 1e-9,
        /// How many gradients are remembered.
        history_size(i64) = 100,
        /// `strong_wolfe`, or `None`: each direction is then followed as far as the rate says.
        line_search_fn(Option<String>) = None,
        /// Whether to climb instead of to descend.
        maximize(bool) = false,
    }
}

impl LbfgsOptions {
    /// Searches along each direction for a step length that satisfies the strong Wolfe conditions.
    #[must_use]
    pub fn strong_wolfe(self) -> LbfgsOptions {
        self.line_search_fn(Some("strong_wolfe".into()))
    }
}

/// The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno (Liu and Nocedal 1989), as `torch.optim.LBFGS`. Its step takes
/// a closure, which it calls several times, and its parameters cannot be in several groups. State, of the first parameter:
/// `func_evals`, `n_iter`, `d`, `t`, `old_dirs`, `old_stps`, `ro`, `H_diag`, `prev_flat_grad`, `prev_loss`.
///
/// ```
/// use optim::{LBFGS, Optimizer};
/// use tensor::Gradient;
/// let w = tensor::tensor![2.0].requires_grad_(true);
/// let mut optimizer = LBFGS::with([w.clone()], None, |o| o.strong_wolfe());
/// let loss = optimizer.step_with(|| {
///     w.zero_grad();
///     let loss = (&w - 1.0).square().sum();
///     loss.backward();
///     loss
/// });
/// assert_eq!(loss.item::<f32>(), 1.0);
/// assert!((w.item::<f32>() - 1.0).abs() < 1e-6);
/// ```
pub struct LBFGS {
    groups: ParamGroups,
    state: State,
}

impl LBFGS {
    /// An optimizer of these parameters with PyTorch's defaults. A rate of `None` is PyTorch's default rate, 1.
    ///
    /// # Panics
    /// If there is no parameter, or one was computed; if the rate is negative.
    #[track_caller]
    pub fn new(params: impl IntoGroups, lr: impl Into<Option<f64>>) -> LBFGS {
        LBFGS::with(params, lr, |settings| settings)
    }

    /// As [`new`](LBFGS::new), with further settings: `LBFGS::with(params, 1.0, |o| o.strong_wolfe())`.
    ///
    /// # Panics
    /// As [`new`](LBFGS::new).
    #[track_caller]
    pub fn with(
        params: impl IntoGroups,
        lr: impl Into<Option<f64>>,
        settings: impl FnOnce(LbfgsOptions) -> LbfgsOptions,
    ) -> LBFGS {
        // PyTorch's default is the whole number, and is printed so.
        let lr = lr.into().map_or(Value::Int(1), Value::Float);
        if let Some(lr) = lr.number().filter(|lr| !(*lr >= 0.0)) {
            panic!("Invalid learning rate: {}", python_float(lr));
        }
        let mut settings = settings(LbfgsOptions::default());
        settings.max_eval = settings.max_eval.or(Some((settings.max_iter * 5).div_euclid(4)));
        let mut groups = params.into_groups();
        if groups.is_empty() {
            panic!("optimizer got an empty parameter list");
        }
        if groups.len() != 1 {
            panic!("LBFGS doesn't support per-parameter options (parameter groups)");
        }
        let mut group = groups.remove(0);
        let mut defaults = Dict::new();
        defaults.set("lr", lr);
        settings.write(&mut defaults);
        defaults.iter().for_each(|(name, value)| group.settings.set_default(name, value.clone()));
        let groups = ParamGroups::new("LBFGS");
        groups.add(group);
        LBFGS { groups, state: State::default() }
    }
}

/// One step: the parameters and what it needs of the settings.
struct Walk<'a> {
    params: Vec<Tensor>,
    closure: &'a mut dyn FnMut() -> Tensor,
    sign: f64,
    /// Whether numbers are those of `float32`.
    single: bool,
}

/// The number in a tensor of one element.
fn number(x: &Tensor) -> f64 {
    x.to_dtype(DType::F64).item::<f64>()
}

/// The largest size of an element.
fn largest(x: &Tensor) -> f64 {
    number(&x.abs().max())
}

impl Walk<'_> {
    /// Rounded to the parameters' dtype, as PyTorch's tensors of one number are.
    fn round(&self, x: f64) -> f64 {
        if self.single { x as f32 as f64 } else { x }
    }

    fn dot(&self, a: &Tensor, b: &Tensor) -> f64 {
        number(&a.dot(b))
    }

    /// Evaluates the loss and all gradients, as one vector.
    fn evaluate(&mut self) -> (Tensor, f64, Tensor) {
        let loss = enable_grad(&mut self.closure);
        let grads: Vec<Tensor> = self
            .params
            .iter()
            .map(|param| param.grad().map_or_else(|| tensor::zeros_like(param).flatten(), |grad| grad.flatten()))
            .collect();
        let grad = cat(&grads.iter().collect::<Vec<_>>(), 0);
        let grad = if self.sign < 0.0 { grad.neg() } else { grad };
        let value = self.sign * number(&loss.detach());
        (loss, value, grad)
    }

    /// Moves the parameters along a direction.
    fn go(&self, t: f64, direction: &Tensor) {
        let mut start = 0;
        for param in &self.params {
            let part = direction.narrow(0, start as i64, param.numel()).view_as(param);
            param.add_(&(&part * t));
            start += param.numel();
        }
    }
}

impl Optimizer for LBFGS {
    #[track_caller]
    fn step(&mut self) {
        panic!("LBFGS.step() missing 1 required positional argument: 'closure'");
    }

    #[track_caller]
    fn step_dyn(&mut self, closure: &mut dyn FnMut() -> Tensor) -> Tensor {
        let _off = set_grad_enabled(false);
        let mut settings = LbfgsOptions::default();
        let (params, lr) = {
            let shared = self.groups.lock();
            let group = &shared.groups[0];
            settings.read(&group.settings);
            (group.params.clone(), group.settings.number("lr").unwrap_or(1.0))
        };
        if params.is_empty() {
            return enable_grad(closure);
        }
        let searching = settings.line_search_fn.is_some();
        if settings.line_search_fn.as_deref().is_some_and(|name| name != "strong_wolfe") {
            panic!("only 'strong_wolfe' is supported");
        }
        let sign = if settings.maximize { -1.0 } else { 1.0 };
        let single = params[0].dtype() != DType::F64;
        let mut walk = Walk { params, closure, sign, single };
        let max_eval = settings.max_eval.unwrap_or((settings.max_iter * 5).div_euclid(4));

        let (first_loss, mut loss, mut grad) = walk.evaluate();
        let (mut evaluations, state) = (1, &mut self.state);
        state.func_evals += 1;
        if largest(&grad) <= settings.tolerance_grad {
            return first_loss;
        }
        let mut iterations = 0;
        while iterations < settings.max_iter {
            iterations += 1;
            state.n_iter += 1;
            let direction = state.direction(&walk, &grad, settings.history_size);
            state.direction = Some(direction.clone());
            state.previous_grad = Some(grad.clone_());
            state.previous_loss = loss;
            let length = match state.n_iter {
                1 => walk.round(walk.round(walk.round(1.0 / number(&grad.abs().sum())).min(1.0)) * lr),
                _ => lr,
            };
            state.length = length;
            let slope = walk.dot(&grad, &direction);
            if slope > -settings.tolerance_change {
                break;
            }
            let mut optimal = false;
            let mut further = 0;
            if searching {
                let before: Vec<Tensor> = walk.params.iter().map(Tensor::clone_).collect();
                let start = Point { t: 0.0, loss, grad: grad.clone(), slope };
                let mut evaluate = |t: f64| {
                    walk.go(t, &direction);
                    let (_, loss, grad) = walk.evaluate();
                    walk.params.iter().zip(&before).for_each(|(param, before)| _ = param.copy_(before));
                    let slope = walk.dot(&grad, &direction);
                    Point { t, loss, grad, slope }
                };
                let round = |x: f64| if single { x as f32 as f64 } else { x };
                let (width, tolerance) = (largest(&direction), settings.tolerance_change);
                let most = max_eval - evaluations;
                let (found, count) = strong_wolfe(&mut evaluate, round, start, length, width, tolerance, most);
                further = count;
                (loss, grad, state.length) = (found.loss, found.grad, found.t);
                walk.go(state.length, &direction);
                optimal = largest(&grad) <= settings.tolerance_grad;
            } else {
                walk.go(length, &direction);
                // The loss after the last iteration is for the next step to evaluate.
                if iterations != settings.max_iter {
                    (_, loss, grad) = walk.evaluate();
                    optimal = largest(&grad) <= settings.tolerance_grad;
                    further = 1;
                }
            }
            evaluations += further;
            state.func_evals += further;
            let little = settings.tolerance_change;
            if evaluations >= max_eval
                || optimal
                || largest(&(&direction * state.length)) <= little
                || (loss - state.previous_loss).abs() < little
            {
                break;
            }
        }
        first_loss
    }

    fn param_groups(&self) -> ParamGroups {
        self.groups.clone()
    }

    /// # Panics
    /// Always: there can be one group only.
    #[track_caller]
    fn add_param_group(&mut self, _group: ParamGroup) {
        panic!("LBFGS doesn't support per-parameter options (parameter groups)");
    }

    fn state_dict(&self) -> Dict {
        let (mut dict, mut states) = (Dict::new(), Dict::new());
        if self.state.func_evals > 0 {
            let first = last(&self.groups.lock().groups[0].owners(), 0);
            states.set(&first.to_string(), self.state.write());
        }
        dict.set("state", states);
        dict.set("param_groups", write_groups(&self.groups));
        dict
    }

    fn load_state_dict(&mut self, dict: &Dict) -> Result<()> {
        let (groups, keys) = read_groups(&self.groups, dict)?;
        self.state = State::read(dict, &groups[0].params, &keys)?;
        self.groups.lock().groups = groups;
        Ok(())
    }
}

impl fmt::Display for LBFGS {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.groups.fmt(f)
    }
}

impl fmt::Debug for LBFGS {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
