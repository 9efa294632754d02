//! Whether a layer is being trained or used.

use std::fmt::{Debug, Formatter, Result};
use std::sync::atomic::{AtomicBool, Ordering};

/// The field of a layer that behaves differently in training: `training` of `torch.nn.Module`. A new one says yes;
/// [`train`](super::Module::train) and [`eval`](super::Module::eval) of any module around it change it.
///
/// ```
/// use nn::{Forward, Mode, Module};
/// use tensor::{Noise, Tensor, ones};
///
/// #[derive(Module)]
/// struct Blur {
///     strength: f64,
///     training: Mode,
/// }
/// impl Forward for Blur {
///     fn forward(&self, x: &Tensor) -> Tensor {
///         x.dropout(self.strength, self.training.get())
///     }
/// }
///
/// let blur = Blur { strength: 0.5, training: Mode::default() };
/// blur.eval();
/// assert_eq!(blur.forward(&ones([2])).to_vec::<f32>(), [1.0, 1.0]);
/// ```
pub struct Mode(AtomicBool);

impl Mode {
    /// Whether the layer is being trained.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets whether the layer is being trained.
    pub fn set(&self, training: bool) {
        self.0.store(training, Ordering::Relaxed);
    }
}

impl Default for Mode {
    fn default() -> Mode {
        Mode(AtomicBool::new(true))
    }
}

impl Clone for Mode {
    fn clone(&self) -> Mode {
        Mode(AtomicBool::new(self.get()))
    }
}

impl Debug for Mode {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(if self.get() { "training" } else { "evaluation" })
    }
}
