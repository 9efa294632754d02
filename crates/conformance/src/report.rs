//! Runs the cases of a fixture and says at the end what differed: all failures at once, so that one mistake that shows in a
//! hundred cases is seen as one. It knows no operation.

use crate::compare::{Tolerance, difference};
use crate::fixture::{Case, Expected, Inputs};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tensor_core::{Result, Tensor};

/// Failures that are written out; of the others the number is given.
const SHOWN: usize = 60;

/// A deliberate difference from PyTorch: a name, which cases it covers, and why it is so.
pub struct Deviation {
    /// A short name.
    pub name: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Whether a case is covered.
    pub covers: fn(&Case<'_>) -> bool,
}

/// What a suite of values consists of.
pub struct Suite<'a> {
    /// Computes a case.
    pub run: &'a dyn Fn(&Case<'_>, &Inputs) -> Result<Vec<Tensor>>,
    /// How near the results have to be.
    pub tolerance: &'a dyn Fn(&Case<'_>, &Expected) -> Tolerance,
    /// Whether strides, offset and sharing of memory are compared too.
    pub checks_layout: &'a dyn Fn(&Case<'_>) -> bool,
    /// The deliberate differences; each has to occur.
    pub deviations: &'a [Deviation],
}

impl Suite<'_> {
    /// Runs all cases of a fixture file.
    ///
    /// # Panics
    /// If a case differs that no deviation covers, or a deviation covers no case that differs.
    pub fn check(&self, file: &str) {
        let text = crate::fixture_text(file);
        let cases = Case::parse_all(&text);
        assert!(!cases.is_empty(), "{file} has no cases");
        let mut failures = vec![];
        let mut deviated: BTreeMap<&str, usize> = BTreeMap::new();
        for case in &cases {
            let Some(failure) = self.failure(case) else { continue };
            match self.deviations.iter().find(|deviation| (deviation.covers)(case)) {
                Some(deviation) => *deviated.entry(deviation.name).or_default() += 1,
                None => failures.push(format!("{}\n    {failure}", case.head.replace('\t', " | "))),
            }
        }
        let shown = failures.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
        assert!(failures.is_empty(), "{file}: {} of {} cases differ\n{shown}", failures.len(), cases.len());
        for deviation in self.deviations {
            assert!(deviated.contains_key(deviation.name), "{file}: the deviation {:?} does not occur", deviation.name);
        }
        println!("{file}: {} cases, of which {deviated:?} differ deliberately", cases.len());
    }

    /// What is wrong with one case.
    fn failure(&self, case: &Case<'_>) -> Option<String> {
        let inputs = case.inputs(ops_cpu::cpu());
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.run)(case, &inputs)));
        let got = match (outcome, &case.results) {
            (Err(payload), _) => {
                let text = payload.downcast_ref::<String>().cloned();
                return Some(format!("panicked: {}", text.unwrap_or_default()));
            }
            (Ok(Err(_)), None) => return None,
            (Ok(Err(error)), Some(_)) => return Some(format!("error: {error}")),
            (Ok(Ok(_)), None) => return Some("PyTorch refuses".into()),
            (Ok(Ok(got)), Some(_)) => got,
        };
        let want = case.results.as_ref().expect("just seen");
        if case.operation.ends_with('_') {
            return difference(&inputs.storages[0], &want[0], (self.tolerance)(case, &want[0]));
        }
        if got.len() != want.len() {
            return Some(format!("{} results instead of {}", got.len(), want.len()));
        }
        let compare = |(got, want): (&Tensor, &Expected)| {
            difference(got, want, (self.tolerance)(case, want)).or_else(|| {
                let first = inputs.tensors.first().filter(|_| (self.checks_layout)(case))?;
                layout_difference(got, want, first)
            })
        };
        got.iter().zip(want).find_map(compare)
    }
}

/// What differs in strides, offset, or sharing of memory. An empty tensor has no elements that its offset could find.
fn layout_difference(got: &Tensor, want: &Expected, first: &Tensor) -> Option<String> {
    if got.stride()[..] != want.strides[..] {
        return Some(format!("strides {:?} instead of {:?} (shape {:?})", got.stride(), want.strides, want.shape));
    }
    if got.numel() > 0 && got.storage_offset() != want.offset {
        return Some(format!("offset {} instead of {}", got.storage_offset(), want.offset));
    }
    if got.numel() > 0 && got.shares_storage(first) != want.shares {
        return Some(format!("shares memory with the input: {} instead of {}", got.shares_storage(first), want.shares));
    }
    None
}
