//! Inputs with all kinds of layout, and the check of one function at given inputs. It knows no operation.

use autograd::{Gradient, Tolerance, gradcheck, gradgradcheck};
use std::ops::Range;
use tensor_core::{Tensor, or_panic};

/// Numbers that look random, evenly spread over `range`, but not within 0.03 of a half or a whole: steps and kinks lie there.
fn numbers(count: usize, range: Range<f64>, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678_9ABC_DEF0;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        range.start + (range.end - range.start) * ((state >> 11) as f64 / (1u64 << 53) as f64)
    };
    let clear = |x: &f64| ((x * 2.0).round() / 2.0 - x).abs() > 0.03;
    (0..count).map(|_| std::iter::repeat_with(&mut draw).find(clear).expect("an endless supply")).collect()
}

/// How a sample lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Row-major.
    Contiguous,
    /// With the first dimension running fastest.
    Transposed,
    /// Every second row and column of something larger, not from its start.
    Sliced,
    /// The last dimension repeated without copying.
    Expanded,
}

/// Every form.
pub const FORMS: [Form; 4] = [Form::Contiguous, Form::Transposed, Form::Sliced, Form::Expanded];

/// Double-precision numbers from `range` in the given shape and form, without a history.
pub fn plain(shape: &[usize], form: Form, range: Range<f64>, seed: u64) -> Tensor {
    let fill = |shape: &[usize]| {
        let count = shape.iter().product();
        Tensor::from_vec(numbers(count, range.clone(), seed), shape, ops_cpu::cpu())
    };
    let rank = shape.len();
    let x = match form {
        Form::Contiguous => fill(shape),
        Form::Transposed => {
            let turned: Vec<usize> = shape.iter().rev().copied().collect();
            fill(&turned).permute((0..rank).rev().collect::<Vec<_>>())
        }
        Form::Sliced => {
            let wide: Vec<usize> = shape.iter().map(|size| size * 2 + 1).collect();
            (0..rank).fold(fill(&wide), |x, dim| x.slice(dim as i64, 1, i64::MAX, 2))
        }
        Form::Expanded => match shape.split_last() {
            Some((_, lead)) => fill(&[lead, &[1]].concat()).expand(shape),
            None => fill(shape),
        },
    };
    x.detach()
}

/// As [`plain`], requiring a gradient.
pub fn sample(shape: &[usize], form: Form, range: Range<f64>, seed: u64) -> Tensor {
    plain(shape, form, range, seed).requires_grad_(true)
}

/// A row-major sample from −1 … 1.
pub fn any(shape: &[usize]) -> Tensor {
    sample(shape, Form::Contiguous, -1.0..1.0, shape.iter().sum::<usize>() as u64 + 5)
}

/// Positions.
pub fn positions(values: &[i64], shape: &[usize]) -> Tensor {
    Tensor::from_vec(values.to_vec(), shape, ops_cpu::cpu())
}

/// Checks first and second derivatives of `f` at `inputs`.
#[track_caller]
pub fn check(what: &str, f: impl Fn(&[Tensor]) -> Tensor, inputs: &[Tensor]) {
    let shapes: Vec<_> = inputs.iter().map(|x| (&x.shape()[..], &x.stride()[..])).collect();
    if let Err(error) = gradcheck(&f, inputs, Tolerance::default()) {
        panic!("first derivative of {what} at {shapes:?}: {error}");
    }
    if let Err(error) = gradgradcheck(&f, inputs, Tolerance::default()) {
        panic!("second derivative of {what} at {shapes:?}: {error}");
    }
}

/// As [`check`] with each input alone requiring a gradient, too: what a rule keeps depends on who asks.
#[track_caller]
pub fn check_each(what: &str, f: impl Fn(&[Tensor]) -> Tensor, inputs: &[Tensor]) {
    check(what, &f, inputs);
    for asking in 0..inputs.len() {
        let some: Vec<Tensor> =
            inputs.iter().enumerate().map(|(i, x)| if i == asking { x.clone() } else { x.detach() }).collect();
        check(what, &f, &some);
    }
}

/// Asserts that the result is not watched although its inputs are.
#[track_caller]
pub fn check_flat(what: &str, y: tensor_core::Result<Tensor>) {
    assert!(!or_panic(y).requires_grad(), "{what} has no derivative but is recorded");
}

/// Asserts that the gradient of `y.sum()` with respect to `x` is as PyTorch has it.
#[track_caller]
pub fn assert_gradient(x: &Tensor, y: &Tensor, expected: &[f64]) {
    let grad = autograd::grad(&[&y.sum()], &[x]).remove(0).to_vec::<f64>();
    let near = grad.len() == expected.len() && grad.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
    assert!(near, "{grad:?} is not {expected:?}");
}
