//! Runs samples and judges them: results, then gradients. It knows no operation.

use super::args::{Args, Refused};
use super::outcome::{Judge, Outcome, difference};
use super::{Call, Case};
use crate::rule;
use autograd::{GradOptions, grad_with};
use std::cell::{Cell, LazyCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use tensor_core::{DType, Device, Tensor};

thread_local! {
    /// Panics are verdicts here; nobody wants to read their traces.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What became of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As in PyTorch.
    Passed {
        /// Whether gradients were compared, too.
        gradient: bool,
    },
    /// It asks for something that is deliberately not there.
    Refused(&'static str),
    /// The device has no kernel for it, and says so.
    Unsupported(String),
    /// What is wrong.
    Failed(String),
}

/// A case's verdict.
pub struct Report {
    /// The case.
    pub case: Case,
    /// What became of it.
    pub verdict: Verdict,
}

/// Runs a sample through `call` on `device`; `looseness` says for a name and a dtype by what its tolerances are multiplied.
pub fn run(case: Case, call: Call, looseness: fn(&str, DType) -> f64, device: &'static dyn Device) -> Report {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info)
            }
        }));
    });
    QUIET.set(true);
    let verdict = catch_unwind(AssertUnwindSafe(|| judge(&case, call, looseness(&case.op, case.dtype), device)));
    QUIET.set(false);
    let verdict = verdict.unwrap_or_else(|payload| match payload.downcast::<Refused>() {
        Ok(refused) => Verdict::Refused(refused.0),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| text.to_string()));
            let text = text.unwrap_or_default();
            match lacks_kernel(&text) {
                true => Verdict::Unsupported(text),
                false => Verdict::Failed(format!("panicked: {text}")),
            }
        }
    });
    Report { case, verdict }
}

/// Whether an error is a GPU's word that it has no such kernel.
fn lacks_kernel(text: &str) -> bool {
    text.contains("is not supported on gpu:")
}

/// What an operation returns, and the gradients of its arguments.
struct Found {
    results: Vec<Outcome>,
    /// None where none are wanted; an error where there are none.
    gradients: Option<Result<Vec<Option<Tensor>>, String>>,
}

impl Found {
    fn of(case: &Case, args: &Args, call: Call) -> Found {
        sconce::manual_seed(42);
        let results = call(args);
        let gradients = case.grads.as_ref().map(|wanted| gradients(&results, args, wanted.len()));
        Found { results, gradients }
    }

    /// With all tensors on the host, where they are compared.
    fn at_home(self) -> Found {
        let home = |x: &Tensor| x.detach().try_to_device(sconce::cpu()).unwrap_or_else(|error| panic!("{error}"));
        let results = self.results.iter().map(|outcome| match outcome {
            Outcome::Tensor(x) if !x.device().is_host() => Outcome::Tensor(home(x)),
            other => other.clone(),
        });
        let gradients = self.gradients.map(|found| found.map(|all| all.iter().map(|x| x.as_ref().map(home)).collect()));
        Found { results: results.collect(), gradients }
    }

    fn result(&self, i: usize) -> Option<Tensor> {
        match self.results.get(i) {
            Some(Outcome::Tensor(x)) => Some(x.clone()),
            _ => None,
        }
    }

    fn gradient(&self, i: usize) -> Option<Tensor> {
        self.gradients.as_ref()?.as_ref().ok()?.get(i)?.clone()
    }
}

fn judge(case: &Case, call: Call, looseness: f64, device: &'static dyn Device) -> Verdict {
    let away = (!device.is_host()).then(|| case.args.on(device));
    let args = away.as_ref().unwrap_or(&case.args);
    let got = Found::of(case, args, call);
    let got = if device.is_host() { got } else { got.at_home() };
    let ignored = args.ignored();
    if !ignored.is_empty() {
        return Verdict::Failed(format!("arguments passed over: {}", ignored.join(", ")));
    }
    if got.results.len() != case.want.len() {
        return Verdict::Failed(format!("{} results instead of {}", got.results.len(), case.want.len()));
    }
    let double = LazyCell::new(|| (case.dtype == DType::F32).then(|| Found::of(case, &case.args.in_double(), call)));
    for (i, (own, want)) in got.results.iter().zip(&case.want).enumerate() {
        let truth = || double.as_ref()?.result(i);
        if let Some(text) = own.difference(want, case.shape_only, &Judge { looseness, truth: &truth }) {
            return Verdict::Failed(format!("result {i}: {text}"));
        }
    }
    let Some((wanted, found)) = case.grads.as_ref().zip(got.gradients.as_ref()) else {
        return Verdict::Passed { gradient: false };
    };
    let found = match found {
        Ok(found) => found,
        Err(text) if lacks_kernel(text) => return Verdict::Unsupported(text.clone()),
        Err(text) => return Verdict::Failed(text.clone()),
    };
    for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        let truth = || double.as_ref()?.gradient(i);
        let problem = match (found, wanted) {
            (Some(found), Some(wanted)) => difference(found, wanted, false, &Judge { looseness, truth: &truth }),
            (Some(found), None) => found.ne(0.0).any().item::<bool>().then(|| "PyTorch has none".into()),
            (None, Some(wanted)) => wanted.ne(0.0).any().item::<bool>().then(|| "there is none".into()),
            (None, None) => None,
        };
        if let Some(problem) = problem {
            return Verdict::Failed(format!("gradient {i}: {problem}"));
        }
    }
    Verdict::Passed { gradient: true }
}

/// The gradients of the weighted sum of all results.
fn gradients(results: &[Outcome], args: &Args, wanted: usize) -> Result<Vec<Option<Tensor>>, String> {
    let outputs: Vec<&Tensor> = results
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Tensor(x) if x.is_tracked() => Some(x),
            _ => None,
        })
        .collect();
    if outputs.is_empty() {
        return Err("no result has a gradient".into());
    }
    let weights: Vec<Tensor> =
        outputs.iter().map(|x| rule::vector(x.dtype(), "u-1~1", 7, x.numel(), x.device()).reshape(x.shape())).collect();
    let leaves = args.leaves();
    if leaves.len() != wanted {
        return Err(format!("{} arguments want gradients, PyTorch has {wanted}", leaves.len()));
    }
    let leaves: Vec<&Tensor> = leaves.iter().collect();
    let options = GradOptions { grad_outputs: Some(&weights), ..GradOptions::default() };
    grad_with(&outputs, &leaves, options).map_err(|error| format!("backward: {error}"))
}
