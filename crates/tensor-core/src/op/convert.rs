//! The same values in another place or type: `to`, `clone`, `contiguous`, `copy_`, `fill_`.

use super::{Op, Plan};
use crate::twins::twins;
use crate::{DType, Device, IntoShape, Layout, Result, Tensor, bail, mode, same_device, shape};
use storage::Scalar;

/// A conversion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Convert {
    /// The input's values as another dtype.
    Cast(DType),
    /// A copy of the input in the order of its dimensions in memory.
    Clone,
    /// A row-major copy of the input.
    Contiguous,
    /// The input's values, written over the output's.
    Copy,
    /// The input's values on another device. Operations run on one device: where the values are moved, nothing
    /// runs, and a device that is asked all the same copies.
    Move,
    /// No input; every element is the number.
    Fill(Scalar),
}

impl Convert {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let of = |x: &Tensor, layout: Layout, dtype| Plan { layout, dtype, compute: x.dtype() };
        Ok(match (self, inputs) {
            (Convert::Cast(dtype), [x]) => of(x, x.layout().preserved(), dtype),
            (Convert::Clone | Convert::Copy | Convert::Move, [x]) => of(x, x.layout().preserved(), x.dtype()),
            (Convert::Contiguous, [x]) => of(x, Layout::contiguous(x.shape().clone()), x.dtype()),
            (Convert::Fill(_), []) => Plan::new(crate::Dims::scalar(), DType::F32),
            (
                Convert::Cast(_)
                | Convert::Clone
                | Convert::Copy
                | Convert::Contiguous
                | Convert::Move
                | Convert::Fill(_),
                _,
            ) => unreachable!("{self:?} with {} inputs", inputs.len()),
        })
    }
}

/// An error if `number` lies outside the range of `dtype`. Fractions may be lost, `bool` takes everything, and an unsigned type
/// takes negative whole numbers by their two's complement (`c10::overflows`).
pub(crate) fn check_fits(number: Scalar, dtype: DType) -> Result<()> {
    let name = match dtype {
        DType::U8 => "uint8_t",
        DType::I8 => "int8_t",
        DType::I16 => "int16_t",
        DType::I64 => "int64_t",
        other => other.cpp_name(),
    };
    check_fits_as(number, dtype, name)
}

/// As [`check_fits`], with the dtype's name in the text.
pub(crate) fn check_fits_as(number: Scalar, dtype: DType, name: &str) -> Result<()> {
    let (least, most): (i64, i64) = match dtype {
        DType::Bool | DType::F64 => return Ok(()),
        DType::U8 if number.is_floating_point() => (0, u8::MAX as i64),
        DType::U8 => (-(u8::MAX as i64), u8::MAX as i64),
        DType::I8 => (i8::MIN as i64, i8::MAX as i64),
        DType::I16 => (i16::MIN as i64, i16::MAX as i64),
        DType::I32 => (i32::MIN as i64, i32::MAX as i64),
        DType::I64 => (i64::MIN, i64::MAX),
        DType::F16 | DType::BF16 | DType::F32 => {
            let most = match dtype {
                DType::F16 => storage::f16::MAX.to_f64(),
                DType::BF16 => storage::bf16::MAX.to_f64(),
                _ => f32::MAX as f64,
            };
            let x = number.to_f64();
            if x.is_finite() && x.abs() > most {
                bail!(Value, "value cannot be converted to type {name} without overflow");
            }
            return Ok(());
        }
    };
    let fits = match number {
        Scalar::Bool(_) => true,
        Scalar::Int(i) => (least..=most).contains(&i),
        Scalar::Float(x) => x >= least as f64 && x <= most as f64,
    };
    if !fits {
        bail!(Value, "value cannot be converted to type {name} without overflow");
    }
    Ok(())
}

impl Tensor {
    /// A tensor of `shape` filled with `value`, on `device`.
    pub fn try_full_on(
        shape: impl IntoShape,
        value: impl Into<Scalar>,
        dtype: DType,
        device: &'static dyn Device,
    ) -> Result<Tensor> {
        let value = value.into();
        check_fits(value, dtype)?;
        let plan = Plan::new(crate::shape::checked_shape(&shape)?, dtype);
        Tensor::create(Op::fill(value), &plan, device)
    }

    /// A copy on the same device without a history, in the order of memory.
    pub(crate) fn try_clone_data(&self) -> Result<Tensor> {
        let _pause = mode::Recording::set(false);
        Tensor::apply(Op::Convert(Convert::Clone), &[self])
    }

    /// This tensor on `device`: itself if it is there already, else a copy, through which gradients flow back.
    pub fn try_to_device(&self, device: &'static dyn Device) -> Result<Tensor> {
        if same_device(self.device(), device) {
            return Ok(self.clone());
        }
        self.apply_move(device)
    }
}

twins! {
    /// This tensor as `dtype`: itself if it is one already, else a copy. Reals lose their fraction on the way to whole
    /// numbers; anything but zero becomes `true`.
    ///
    /// ```
    /// # use tensor_core::{DType, Tensor};
    /// let x = Tensor::from_vec(vec![1.9f32, -1.9], [2], ops_cpu::cpu());
    /// assert_eq!(x.to_dtype(DType::I64).to_vec::<i64>(), [1, -1]);
    /// ```
    pub fn to_dtype | try_to_dtype(self, dtype: DType) -> Tensor {
        if self.dtype() == dtype {
            return Ok(self.clone());
        }
        Tensor::apply(Op::Convert(Convert::Cast(dtype)), &[self])
    }

    /// A copy with memory of its own, recorded as PyTorch's `clone` is.
    ///
    /// (Rust's `clone` of a tensor is another handle to the same tensor.)
    pub fn clone_ | try_clone(self) -> Tensor {
        Tensor::apply(Op::Convert(Convert::Clone), &[self])
    }

    /// This tensor with its elements in row-major order: itself if they are, else a copy.
    pub fn contiguous | try_contiguous(self) -> Tensor {
        if self.is_contiguous() {
            return Ok(self.clone());
        }
        Tensor::apply(Op::Convert(Convert::Contiguous), &[self])
    }

    /// Writes the elements of `source`, broadcast and converted, over this tensor's; returns the tensor itself.
    ///
    /// # Errors
    /// If `source` does not broadcast to this shape, or the tensor may not be written in place.
    pub fn copy_ | try_copy_(self, source: &Tensor) -> Tensor {
        let source = match source.shape() == self.shape() {
            true => source.clone(),
            false => source.try_expand(shape::broadcast(self.shape(), source.shape())?)?,
        };
        if same_device(source.device(), self.device()) {
            self.write(Op::Convert(Convert::Copy), &[&source])?;
        } else {
            self.write(Op::Convert(Convert::Copy), &[&source.try_to_device(self.device())?])?;
        }
        Ok(self.clone())
    }

    /// Sets every element to `value`; returns the tensor itself.
    ///
    /// # Errors
    /// If the dtype's range does not reach to `value`, or the tensor may not be written in place.
    pub fn fill_ | try_fill_ [S: Into<Scalar>] (self, value: S) -> Tensor {
        let value = value.into();
        check_fits(value, self.dtype())?;
        self.write(Op::fill(value), &[])?;
        Ok(self.clone())
    }

    /// Sets every element to zero; returns the tensor itself.
    pub fn zero_ | try_zero_(self) -> Tensor {
        self.try_fill_(0)
    }
}
