//! Whether tensors are near each other or the same.

use crate::twins::twins;
use crate::{DType, Tensor, bail};

twins! {
    /// Where |self − other| ≤ atol + rtol · |other|, or both are the same; with `equal_nan` also where both are NaN. PyTorch's
    /// defaults are 1e-5, 1e-8 and false.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let a = Tensor::from_vec(vec![1.0f32, 2.0], [2], ops_cpu::cpu());
    /// let b = Tensor::from_vec(vec![1.000001f32, 2.1], [2], ops_cpu::cpu());
    /// assert_eq!(a.isclose(&b, 1e-5, 1e-8, false).to_vec::<bool>(), [true, false]);
    /// ```
    ///
    /// # Errors
    /// If the dtypes differ, the shapes do not broadcast, or a tolerance is negative.
    pub fn isclose | try_isclose(self, other: &Tensor, rtol: f64, atol: f64, equal_nan: bool) -> Tensor {
        if self.dtype() != other.dtype() {
            bail!(DType, "{} did not match {}", self.dtype().type_name(), other.dtype().type_name());
        }
        for (name, tolerance) in [("rtol", rtol), ("atol", atol)] {
            // NaN is no tolerance either.
            if !matches!(tolerance.partial_cmp(&0.0), Some(std::cmp::Ordering::Greater | std::cmp::Ordering::Equal)) {
                bail!(Value, "{name} must be greater than or equal to zero, but got {tolerance}");
            }
        }
        let mut close = self.try_eq(other)?;
        if equal_nan && self.dtype().is_floating_point() {
            close = close.try_bitwise_or(&self.try_isnan()?.try_bitwise_and(&other.try_isnan()?)?)?;
        }
        if rtol == 0.0 && atol == 0.0 {
            return Ok(close);
        }
        let float = |x: &Tensor| x.try_to_dtype(x.dtype().to_float());
        let (a, b) = (float(self)?, float(other)?);
        let allowed = b.try_mul(rtol)?.try_abs()?.try_add(atol)?;
        let distance = a.try_sub(&b)?.try_abs()?;
        close.try_bitwise_or(&distance.try_isfinite()?.try_bitwise_and(&distance.try_le(&allowed)?)?)
    }

    /// Whether [`isclose`](Tensor::isclose) holds everywhere.
    pub fn allclose | try_allclose(self, other: &Tensor, rtol: f64, atol: f64, equal_nan: bool) -> bool {
        self.try_isclose(other, rtol, atol, equal_nan)?.try_all()?.try_item::<bool>()
    }

    /// Whether both have one shape and the same elements.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0], [2], ops_cpu::cpu());
    /// assert!(x.equal(&x) && !x.equal(&x.reshape([1, 2])));
    /// ```
    pub fn equal | try_equal(self, other: &Tensor) -> bool {
        Ok(self.shape() == other.shape() && self.try_eq(other)?.try_all()?.try_item::<bool>()?)
    }

    /// True everywhere: there are no complex numbers here.
    pub fn isreal | try_isreal(self) -> Tensor {
        Tensor::try_full_on(self.shape(), true, DType::Bool, self.device())
    }
}
