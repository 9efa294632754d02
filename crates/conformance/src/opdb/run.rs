//! Runs samples and judges them: results, then gradients. It knows no operation.

use super::args::Refused;
use super::outcome::{Outcome, difference};
use super::{Call, Case};
use crate::rule;
use autograd::{GradOptions, grad_with};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use tensor_core::{DType, Tensor};

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

/// Runs a sample through `call`; `looseness` says for a name and a dtype by what its tolerances are multiplied.
pub fn run(case: Case, call: Call, looseness: fn(&str, DType) -> f64) -> Report {
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
    let verdict = catch_unwind(AssertUnwindSafe(|| judge(&case, call, looseness(&case.op, case.dtype))));
    QUIET.set(false);
    let verdict = verdict.unwrap_or_else(|payload| match payload.downcast::<Refused>() {
        Ok(refused) => Verdict::Refused(refused.0),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| text.to_string()));
            Verdict::Failed(format!("panicked: {}", text.unwrap_or_default()))
        }
    });
    Report { case, verdict }
}

fn judge(case: &Case, call: Call, looseness: f64) -> Verdict {
    sconce::manual_seed(42);
    let got = call(&case.args);
    let ignored = case.args.ignored();
    if !ignored.is_empty() {
        return Verdict::Failed(format!("arguments passed over: {}", ignored.join(", ")));
    }
    if got.len() != case.want.len() {
        return Verdict::Failed(format!("{} results instead of {}", got.len(), case.want.len()));
    }
    for (i, (got, want)) in got.iter().zip(&case.want).enumerate() {
        if let Some(text) = got.difference(want, case.shape_only, looseness) {
            return Verdict::Failed(format!("result {i}: {text}"));
        }
    }
    match gradients(case, &got, looseness) {
        Some(text) => Verdict::Failed(text),
        None => Verdict::Passed { gradient: case.grads.is_some() },
    }
}

/// What is wrong with the gradients.
fn gradients(case: &Case, got: &[Outcome], looseness: f64) -> Option<String> {
    let wanted = case.grads.as_ref()?;
    let outputs: Vec<&Tensor> = got
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Tensor(x) if x.is_tracked() => Some(x),
            _ => None,
        })
        .collect();
    if outputs.is_empty() {
        return Some("no result has a gradient".into());
    }
    let weights: Vec<Tensor> =
        outputs.iter().map(|x| rule::vector(x.dtype(), "u-1~1", 7, x.numel(), x.device()).reshape(x.shape())).collect();
    let leaves = case.args.leaves();
    if leaves.len() != wanted.len() {
        return Some(format!("{} arguments want gradients, PyTorch has {}", leaves.len(), wanted.len()));
    }
    let leaves: Vec<&Tensor> = leaves.iter().collect();
    let options = GradOptions { grad_outputs: Some(&weights), ..GradOptions::default() };
    let found = match grad_with(&outputs, &leaves, options) {
        Ok(found) => found,
        Err(error) => return Some(format!("backward: {error}")),
    };
    for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        let problem = match (found, wanted) {
            (Some(found), Some(wanted)) => difference(found, wanted, false, looseness),
            (Some(found), None) => found.ne(0.0).any().item::<bool>().then(|| "PyTorch has none".into()),
            (None, Some(wanted)) => wanted.ne(0.0).any().item::<bool>().then(|| "there is none".into()),
            (None, None) => None,
        };
        if let Some(problem) = problem {
            return Some(format!("gradient {i}: {problem}"));
        }
    }
    None
}
