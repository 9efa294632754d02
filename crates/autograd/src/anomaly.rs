//! Anomaly mode: every operation remembers where it was called, and backward stops at the first NaN.

use crate::node::Node;
use std::cell::Cell;
use tensor_core::{Result, Tensor, bail};

thread_local! {
    static ENABLED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread looks for anomalies.
#[inline]
pub fn is_anomaly_enabled() -> bool {
    ENABLED.get()
}

/// Runs `body` in anomaly mode: operations record a backtrace (slow), and a backward pass that meets NaN returns an error
/// that names the operation and where it was called.
///
/// ```
/// use autograd::{Backward, Gradient, detect_anomaly};
/// use tensor_core::Tensor;
/// let x = Tensor::from_vec(vec![0.0f32], [1], ops_cpu::cpu()).requires_grad_(true);
/// let error = detect_anomaly(|| (x.sqrt() * 0.0).try_backward_with(Backward::default())).unwrap_err();
/// assert!(error.text().starts_with("Function 'SqrtBackward0' returned nan values in its 0th output."));
/// ```
pub fn detect_anomaly<T>(body: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            ENABLED.set(self.0);
        }
    }
    let _restore = Restore(ENABLED.replace(true));
    body()
}

/// In anomaly mode, an error if the gradient that `node` made for input `place` has a NaN.
#[inline]
pub(crate) fn check(node: &Node, place: usize, grad: &Tensor) -> Result<()> {
    if !is_anomaly_enabled() || !grad.detach().isnan().any().item::<bool>() {
        return Ok(());
    }
    let trace = node.extras.get().and_then(|extras| extras.trace()).unwrap_or(
        "No forward pass information available. Enable detect anomaly during forward pass for more information.",
    );
    bail!(
        Autograd,
        "Function '{}' returned nan values in its {place}th output.\nThe operation was called here:\n{trace}",
        node.name()
    )
}
