//! Tensors to another dtype or device.

use tensor_core::{DType, Device, Result, Tensor, or_panic};

/// Where `to` leads: a dtype, a device, also by its name, or the dtype and device of another tensor.
#[derive(Clone)]
pub struct Destination {
    dtype: Option<DType>,
    device: Option<Result<&'static dyn Device>>,
}

impl Destination {
    /// The same device, whatever the dtype.
    #[must_use]
    pub fn without_dtype(self) -> Destination {
        Destination { dtype: None, ..self }
    }
}

impl From<DType> for Destination {
    fn from(dtype: DType) -> Destination {
        Destination { dtype: Some(dtype), device: None }
    }
}

impl From<&'static dyn Device> for Destination {
    fn from(device: &'static dyn Device) -> Destination {
        Destination { dtype: None, device: Some(Ok(device)) }
    }
}

impl From<&str> for Destination {
    /// The device of that name; where there is none, `to` fails and says why.
    fn from(name: &str) -> Destination {
        Destination { dtype: None, device: Some(crate::device(name)) }
    }
}

impl From<&Tensor> for Destination {
    fn from(other: &Tensor) -> Destination {
        Destination { dtype: Some(other.dtype()), device: Some(Ok(other.device())) }
    }
}

/// Changes of dtype and device, as methods.
pub trait Place: Sized {
    /// This tensor with another dtype or on another device: itself if it is there already, else a copy.
    ///
    /// ```
    /// use tensor::{Place, dtype::*, tensor};
    /// assert_eq!(tensor![3.7, -3.7].to(int64).to_string(), "tensor([ 3, -3])");
    /// assert_eq!(tensor![1.0].to("cpu").device().name(), "cpu");
    /// ```
    ///
    /// # Panics
    /// If the device has no memory for it.
    #[track_caller]
    fn to(&self, destination: impl Into<Destination>) -> Tensor {
        or_panic(self.try_to(destination))
    }

    /// As [`to`](Place::to), but returns failure as an error.
    fn try_to(&self, destination: impl Into<Destination>) -> Result<Tensor>;

    /// This tensor in host memory.
    #[track_caller]
    fn cpu(&self) -> Tensor {
        self.to(crate::cpu())
    }

    /// As `float32`.
    #[track_caller]
    fn float(&self) -> Tensor {
        self.to(DType::F32)
    }

    /// As `float64`.
    #[track_caller]
    fn double(&self) -> Tensor {
        self.to(DType::F64)
    }

    /// As `float16`.
    #[track_caller]
    fn half(&self) -> Tensor {
        self.to(DType::F16)
    }

    /// As `int64`.
    #[track_caller]
    fn long(&self) -> Tensor {
        self.to(DType::I64)
    }

    /// As `int32`.
    #[track_caller]
    fn int(&self) -> Tensor {
        self.to(DType::I32)
    }

    /// As `bool`.
    #[track_caller]
    fn bool(&self) -> Tensor {
        self.to(DType::Bool)
    }
}

impl Place for Tensor {
    fn try_to(&self, destination: impl Into<Destination>) -> Result<Tensor> {
        let Destination { dtype, device } = destination.into();
        let x = match dtype {
            Some(dtype) => self.try_to_dtype(dtype)?,
            None => self.clone(),
        };
        match device {
            Some(device) => x.try_to_device(device?),
            None => Ok(x),
        }
    }
}
