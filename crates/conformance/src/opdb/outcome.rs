//! Results: tensors and what else operations return. It knows no operation.

use super::json::{Json, tensor};
use crate::compare::{bits, value};
use tensor_core::{DType, Tensor};

/// One result.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A tensor.
    Tensor(Tensor),
    /// A number or a truth.
    Number(f64),
    /// Something without a value to compare.
    Nothing,
}

impl Outcome {
    pub(super) fn parse(json: &Json) -> Outcome {
        match json {
            Json::Object(fields) if fields.contains_key("t") => Outcome::Tensor(tensor(json)),
            Json::Object(fields) if fields.contains_key("f") => {
                Outcome::Number(json["f"].as_str().expect("a text").parse().expect("a number"))
            }
            Json::Number(number) => Outcome::Number(number.as_f64().expect("a number")),
            Json::Bool(truth) => Outcome::Number(*truth as u8 as f64),
            _ => Outcome::Nothing,
        }
    }

    /// What is not as PyTorch has it; `None` if nothing.
    pub(super) fn difference(&self, want: &Outcome, shape_only: bool, judge: &Judge<'_>) -> Option<String> {
        match (self, want) {
            (Outcome::Tensor(got), Outcome::Tensor(want)) => difference(got, want, shape_only, judge),
            (Outcome::Number(got), Outcome::Number(want)) => {
                let same = got == want || (got.is_nan() && want.is_nan());
                (!same).then(|| format!("{got} instead of {want}"))
            }
            (Outcome::Nothing, Outcome::Nothing) => None,
            (got, want) => Some(format!("{got:?} instead of {want:?}")),
        }
    }
}

/// Relative and absolute tolerance: those of `torch.testing.assert_close`.
fn tolerance(dtype: DType) -> (f64, f64) {
    match dtype {
        DType::F16 => (1e-3, 1e-5),
        DType::BF16 => (1.6e-2, 1e-5),
        DType::F32 => (1.3e-6, 1e-5),
        DType::F64 => (1e-7, 1e-7),
        DType::Bool | DType::U8 | DType::I8 | DType::I16 | DType::I32 | DType::I64 => (0.0, 0.0),
    }
}

/// When two numbers are near enough.
pub(super) struct Judge<'a> {
    /// Widens the tolerance.
    pub(super) looseness: f64,
    /// The same in double precision, where there is such a thing. Sums that nearly cancel leave as much as their rounding, on either
    /// side: a number beyond the tolerance of PyTorch's is right if it is within that of this one, or not twice as far from it as PyTorch's
    /// farthest: which of two orders of a sum is nearer is luck, the size of their errors is not.
    pub(super) truth: &'a dyn Fn() -> Option<Tensor>,
}

/// What of a tensor is not as PyTorch has it.
pub(super) fn difference(got: &Tensor, want: &Tensor, shape_only: bool, judge: &Judge<'_>) -> Option<String> {
    if got.dtype() != want.dtype() || got.shape() != want.shape() {
        let about = |x: &Tensor| format!("{}{:?}", x.dtype().name(), x.shape());
        return Some(format!("{} instead of {}", about(got), about(want)));
    }
    if shape_only {
        return None;
    }
    let dtype = want.dtype();
    let (relative, absolute) = tolerance(dtype);
    let (ours, theirs) = (bits(got), bits(want));
    let apart = |i: &usize| {
        let (x, y) = (value(dtype, ours[*i]), value(dtype, theirs[*i]));
        let near = (x - y).abs() <= judge.looseness * (absolute + relative * y.abs());
        !(ours[*i] == theirs[*i] || x == y || (x.is_nan() && y.is_nan()) || (near && y.is_finite()))
    };
    let mut all: Vec<usize> = (0..theirs.len()).filter(apart).collect();
    if !all.is_empty()
        && let Some(truth) = (judge.truth)().filter(|truth| truth.shape() == want.shape())
    {
        let exact: Vec<f64> = bits(&truth).into_iter().map(|bits| value(DType::F64, bits)).collect();
        let off = |list: &[u64], i: usize| (value(dtype, list[i]) - exact[i]).abs();
        let worst = (0..exact.len()).map(|i| off(&theirs, i)).filter(|off| off.is_finite()).fold(0.0, f64::max);
        all.retain(|i| !(off(&ours, *i) <= (2.0 * worst).max(absolute + relative * exact[*i].abs())));
    }
    let i = *all.first()?;
    let (x, y) = (value(dtype, ours[i]), value(dtype, theirs[i]));
    Some(format!("{} of {} elements differ, first [{i}]: {x:?} instead of {y:?}", all.len(), theirs.len()))
}

/// What calls in the tables may return.
pub trait IntoOutcome {
    /// As a list of results.
    fn outcomes(self) -> Vec<Outcome>;
}

impl IntoOutcome for Tensor {
    fn outcomes(self) -> Vec<Outcome> {
        vec![Outcome::Tensor(self)]
    }
}

impl IntoOutcome for Vec<Outcome> {
    fn outcomes(self) -> Vec<Outcome> {
        self
    }
}

impl IntoOutcome for Vec<Tensor> {
    fn outcomes(self) -> Vec<Outcome> {
        self.into_iter().map(Outcome::Tensor).collect()
    }
}

macro_rules! numbers {
    ($($t:ty)*) => { $(
        impl IntoOutcome for $t {
            fn outcomes(self) -> Vec<Outcome> { vec![Outcome::Number(self as i64 as f64)] }
        }
    )* };
}
numbers! { bool i64 usize }

impl IntoOutcome for f64 {
    fn outcomes(self) -> Vec<Outcome> {
        vec![Outcome::Number(self)]
    }
}

macro_rules! tuples {
    ($(($($name:ident)*))*) => { $(
        #[allow(non_snake_case, reason = "one name serves as type and variable")]
        impl<$($name: IntoOutcome),*> IntoOutcome for ($($name,)*) {
            fn outcomes(self) -> Vec<Outcome> {
                let ($($name,)*) = self;
                [$($name.outcomes()),*].into_iter().flatten().collect()
            }
        }
    )* };
}
tuples! { (A B) (A B C) (A B C D) }
