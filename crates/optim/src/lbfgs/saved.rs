//! What L-BFGS remembers between steps: the differences of its latest gradients and positions, the direction that they suggest, and
//! the saved form of all. It knows neither losses nor line searches.

use super::Walk;
use crate::optimizer::saved_state;
use crate::value::{Dict, Value};
use std::collections::VecDeque;
use tensor::{Error, ErrorKind, Place, Result, Tensor};

/// One remembered iteration: how the gradient (`y`) and the position (`s`) changed, and 1 / (y · s).
struct Pair {
    grads: Tensor,
    step: Tensor,
    inverse: f64,
}

pub(super) struct State {
    pub func_evals: i64,
    pub n_iter: i64,
    pub direction: Option<Tensor>,
    pub length: f64,
    pub previous_grad: Option<Tensor>,
    pub previous_loss: f64,
    pairs: VecDeque<Pair>,
    /// The factor of the unit matrix from which the inverse Hessian is built up.
    scale: f64,
}

impl Default for State {
    fn default() -> State {
        State {
            func_evals: 0,
            n_iter: 0,
            direction: None,
            length: 0.0,
            previous_grad: None,
            previous_loss: 0.0,
            pairs: VecDeque::new(),
            scale: 1.0,
        }
    }
}

impl State {
    /// Remembers the step that led to `grad`, and gives the next direction: minus the gradient times the inverse Hessian, by the
    /// two-loop recursion (Nocedal and Wright 2006, algorithm 7.4).
    pub fn direction(&mut self, walk: &Walk<'_>, grad: &Tensor, history: i64) -> Tensor {
        let (Some(previous), Some(direction)) = (&self.previous_grad, &self.direction) else { return grad.neg() };
        let grads = grad - previous;
        let step = direction * self.length;
        let product = walk.dot(&grads, &step);
        if product > 1e-10 {
            if self.pairs.len() as i64 == history {
                self.pairs.pop_front();
            }
            self.scale = walk.round(product / walk.dot(&grads, &grads));
            self.pairs.push_back(Pair { grads, step, inverse: walk.round(1.0 / product) });
        }
        let next = grad.neg();
        let mut factors = vec![0.0; self.pairs.len()];
        for (pair, factor) in self.pairs.iter().zip(&mut factors).rev() {
            *factor = walk.round(walk.dot(&pair.step, &next) * pair.inverse);
            next.sub_(&(&pair.grads * *factor));
        }
        next.mul_(self.scale);
        for (pair, factor) in self.pairs.iter().zip(factors) {
            let other = walk.round(walk.dot(&pair.grads, &next) * pair.inverse);
            next.add_(&(&pair.step * walk.round(factor - other)));
        }
        next
    }

    pub fn write(&self) -> Dict {
        let mut dict = Dict::new();
        dict.set("func_evals", self.func_evals);
        dict.set("n_iter", self.n_iter);
        let (Some(direction), Some(previous)) = (&self.direction, &self.previous_grad) else { return dict };
        let list = |value: fn(&Pair) -> Value| Value::List(self.pairs.iter().map(value).collect());
        dict.set("d", direction.clone());
        dict.set("t", self.length);
        dict.set("old_dirs", list(|pair| Value::Tensor(pair.grads.clone())));
        dict.set("old_stps", list(|pair| Value::Tensor(pair.step.clone())));
        dict.set("ro", list(|pair| Value::Float(pair.inverse)));
        dict.set("H_diag", self.scale);
        dict.set("prev_flat_grad", previous.clone());
        dict.set("prev_loss", self.previous_loss);
        dict
    }

    /// From the saved state of the first of `params`.
    pub fn read(dict: &Dict, params: &[Tensor], keys: &[String]) -> Result<State> {
        let (Some(key), Some(param)) = (keys.first(), params.first()) else { return Ok(State::default()) };
        let Some(saved) = saved_state(dict, key) else { return Ok(State::default()) };
        let numel: usize = params.iter().map(Tensor::numel).sum();
        let own = |value: &Value| match value {
            Value::Tensor(tensor) if tensor.shape()[..] == [numel] => {
                tensor.detach().try_to(param.dtype())?.try_to(param.device())?.try_clone()
            }
            _ => Err(Error::new(
                ErrorKind::Shape,
                format!("loaded state dict has a vector that does not fit the {numel} elements of the parameters"),
            )),
        };
        let vector = |name: &str| saved.get(name).map(own).transpose();
        let list = |name: &str| saved.get(name).and_then(Value::items).unwrap_or_default();
        let mut pairs = VecDeque::new();
        for ((grads, step), inverse) in list("old_dirs").iter().zip(list("old_stps")).zip(list("ro")) {
            let inverse = inverse.number().unwrap_or_default();
            pairs.push_back(Pair { grads: own(grads)?, step: own(&step)?, inverse });
        }
        let number = |name: &str| saved.number(name).unwrap_or_default();
        Ok(State {
            func_evals: number("func_evals") as i64,
            n_iter: number("n_iter") as i64,
            direction: vector("d")?,
            length: number("t"),
            previous_grad: vector("prev_flat_grad")?,
            previous_loss: number("prev_loss"),
            pairs,
            scale: saved.number("H_diag").unwrap_or(1.0),
        })
    }
}
