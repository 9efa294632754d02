//! Tensors as text: connects `display/`, which knows PyTorch's rules, to the tensor.

use crate::display::{PrintOptions, Printable, Value, repr};
use crate::{Result, Tensor};
use std::fmt;
use storage::Scalar;

impl Tensor {
    /// The text that PyTorch prints, with options of your own.
    ///
    /// ```
    /// use tensor_core::{Tensor, display::PrintOptions};
    /// let x = Tensor::from_vec(vec![1.0f32, 2.5], [2], ops_cpu::cpu());
    /// assert_eq!(x.repr(&PrintOptions::default()), "tensor([1.0000, 2.5000])");
    /// assert_eq!(format!("{x:.1}"), "tensor([1.0, 2.5])");
    /// ```
    pub fn repr(&self, options: &PrintOptions) -> String {
        self.try_repr(options).unwrap_or_else(|error| format!("tensor(<{error}>)"))
    }

    fn try_repr(&self, options: &PrintOptions) -> Result<String> {
        let away = !self.device().is_host();
        let copy;
        let host = if away {
            // Only the device can reach the elements; bring all of them over once.
            copy = self.host_bytes()?;
            Some(&copy)
        } else {
            None
        };
        let dense = crate::Layout::contiguous(self.shape().clone());
        let value = |index: &[usize]| {
            let number = match host {
                Some(bytes) => {
                    Ok(crate::read::number(self.dtype(), &bytes[dense.position(index) * self.element_size()..]))
                }
                None => self.number_at(index),
            };
            match number {
                Ok(Scalar::Bool(b)) => Value::Bool(b),
                Ok(Scalar::Int(i)) => Value::Int(i),
                Ok(Scalar::Float(x)) => Value::Float(x),
                Err(_) => Value::Float(f64::NAN),
            }
        };
        let mut printable = Printable::new(self.shape(), self.dtype().name(), &value);
        printable.device = away.then(|| self.device().name());
        let past = if self.is_tracked() { self.history() } else { None };
        let name = past.as_ref().filter(|past| !past.is_leaf()).map(|past| past.name());
        printable.grad_fn = name.as_deref();
        printable.requires_grad = past.is_some();
        Ok(repr(&printable, options))
    }
}

/// PyTorch's text; a precision (`{:.2}`) sets the digits after the point.
impl fmt::Display for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut options = PrintOptions::default();
        if let Some(precision) = f.precision() {
            options.precision = precision.min(u16::MAX as usize) as u16;
        }
        f.write_str(&self.repr(&options))
    }
}

/// As [`Display`](fmt::Display).
impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
