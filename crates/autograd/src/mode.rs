//! Whether this thread records: `no_grad` and its like, as closures and as guards.

use tensor_core::mode::{Recording, is_recording};

/// Runs `body` without recording: results need no gradient, and leaves may be written in place.
///
/// ```
/// use autograd::{Gradient, no_grad};
/// use tensor_core::Tensor;
/// let w = Tensor::from_vec(vec![1.0f32], [1], ops_cpu::cpu()).requires_grad_(true);
/// no_grad(|| w.sub_(0.5));
/// assert_eq!(w.detach().item::<f32>(), 0.5);
/// ```
pub fn no_grad<T>(body: impl FnOnce() -> T) -> T {
    let _off = Recording::set(false);
    body()
}

/// Runs `body` with recording, also within [`no_grad`].
pub fn enable_grad<T>(body: impl FnOnce() -> T) -> T {
    let _on = Recording::set(true);
    body()
}

/// Recording on or off until the returned guard is dropped.
pub fn set_grad_enabled(on: bool) -> Recording {
    Recording::set(on)
}

/// Another name of [`no_grad`], for code that only evaluates.
pub fn inference_mode<T>(body: impl FnOnce() -> T) -> T {
    no_grad(body)
}

/// Whether this thread records.
pub fn is_grad_enabled() -> bool {
    is_recording()
}
