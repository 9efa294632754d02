//! How a new tensor shall be: dtype, device, whether its gradient is wanted.

use crate::default_device;
use tensor_core::{DType, Device};

/// What the `…_with` functions take beside a shape: a dtype, a device, or several settings.
///
/// ```
/// use tensor::{Options, dtype::*, zeros_with};
/// assert_eq!(zeros_with([2], float64).dtype(), float64);
/// let w = zeros_with([2, 3], Options::new().dtype(float16).requires_grad(true));
/// assert_eq!(w.to_string(), "tensor([[0., 0., 0.],\n        [0., 0., 0.]], dtype=torch.float16, requires_grad=True)");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    dtype: Option<DType>,
    device: Option<&'static dyn Device>,
    requires_grad: bool,
}

/// Settings with which the new tensor's gradient is wanted: `tensor_with(3.5, requires_grad())`.
pub fn requires_grad() -> Options {
    Options::new().requires_grad(true)
}

impl Options {
    /// The defaults: the function's own dtype, the default device, no gradient.
    pub fn new() -> Options {
        Options::default()
    }

    /// With this dtype.
    pub fn dtype(self, dtype: DType) -> Options {
        Options { dtype: Some(dtype), ..self }
    }

    /// On this device.
    pub fn device(self, device: &'static dyn Device) -> Options {
        Options { device: Some(device), ..self }
    }

    /// With or without a gradient.
    pub fn requires_grad(self, on: bool) -> Options {
        Options { requires_grad: on, ..self }
    }

    pub(crate) fn dtype_or(self, default: DType) -> DType {
        self.dtype.unwrap_or(default)
    }

    pub(crate) fn place(self) -> &'static dyn Device {
        self.device.unwrap_or_else(default_device)
    }

    pub(crate) fn place_or(self, default: &'static dyn Device) -> &'static dyn Device {
        self.device.unwrap_or(default)
    }

    pub(crate) fn wants_grad(self) -> bool {
        self.requires_grad
    }
}

impl From<DType> for Options {
    fn from(dtype: DType) -> Options {
        Options::new().dtype(dtype)
    }
}

impl From<&'static dyn Device> for Options {
    fn from(device: &'static dyn Device) -> Options {
        Options::new().device(device)
    }
}
