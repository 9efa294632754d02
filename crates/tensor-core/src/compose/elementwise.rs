//! Functions of each element and of two that are others in disguise.

use crate::op::Binary;
use crate::twins::twins;
use crate::{DType, IntoOperand, Operand, Scalar, Tensor, bail};

/// How a quotient is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards zero.
    Trunc,
    /// Down.
    Floor,
}

twins! {
    /// The square, x².
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![3.0f32, -4.0], [2], ops_cpu::cpu());
    /// assert_eq!(x.square().to_vec::<f32>(), [9.0, 16.0]);
    /// ```
    pub fn square | try_square(self) -> Tensor {
        self.try_pow(2)
    }

    /// [`square`](Tensor::square) in place; returns the tensor itself.
    pub fn square_ | try_square_(self) -> Tensor {
        self.try_pow_(2)
    }

    /// The tensor itself, +x.
    ///
    /// # Errors
    /// For `bool`.
    pub fn positive | try_positive(self) -> Tensor {
        if self.dtype() == DType::Bool {
            bail!(DType, "The `+` operator, on a bool tensor is not supported.");
        }
        Ok(self.clone())
    }

    /// The nearest multiple of 10^(−`decimals`). PyTorch's `round(decimals=…)`.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![0.126f64, 17.0], [2], ops_cpu::cpu());
    /// assert_eq!(x.round_decimals(2).to_vec::<f64>(), [0.13, 17.0]);
    /// ```
    ///
    /// # Errors
    /// For whole numbers and `bool`.
    pub fn round_decimals | try_round_decimals(self, decimals: i32) -> Tensor {
        if !self.dtype().is_floating_point() {
            bail!(DType, "\"round_cpu\" not implemented for '{}'", self.dtype().type_name());
        }
        if decimals == 0 {
            return self.try_round();
        }
        // Half types are rounded once, at the end.
        let wide = if self.dtype() == DType::F64 { DType::F64 } else { DType::F32 };
        let (x, power) = (self.try_to_dtype(wide)?, 10f64.powi(decimals.abs()));
        let rounded = match decimals {
            1.. => x.try_mul(power)?.try_round()?.try_div(power)?,
            _ => x.try_div(power)?.try_round()?.try_mul(power)?,
        };
        rounded.try_to_dtype(self.dtype())
    }

    /// The `n`-th derivative of [`digamma`](Tensor::digamma).
    ///
    /// # Errors
    /// If `n` is negative.
    pub fn polygamma | try_polygamma(self, n: i64) -> Tensor {
        if n < 0 {
            bail!(Value, "polygamma(n, x) does not support negative n.");
        }
        match n {
            0 => return self.try_digamma(),
            1 => return self.try_trigamma(),
            _ => {}
        }
        let own = self.dtype().to_float();
        let wide = if own == DType::F64 { DType::F64 } else { DType::F32 };
        let factorial: f64 = (1..=n).map(|k| k as f64).product();
        let factor = if n % 2 == 1 { factorial } else { -factorial };
        let zeta = Binary::SpecialZeta.apply_reversed(Scalar::Float(n as f64 + 1.0), &self.try_to_dtype(wide)?)?;
        zeta.try_mul(factor)?.try_to_dtype(own)
    }

    /// Another name of [`div`](Tensor::div).
    pub fn true_divide | try_true_divide [B: IntoOperand] (self, other: B) -> Tensor {
        self.try_div(other)
    }

    /// The quotient, rounded. PyTorch's `div(rounding_mode=…)`.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::Rounding};
    /// let x = Tensor::from_vec(vec![-7i64, 7], [2], ops_cpu::cpu());
    /// assert_eq!(x.div_rounded(2, Rounding::Trunc).to_vec::<i64>(), [-3, 3]);
    /// assert_eq!(x.div_rounded(2, Rounding::Floor).to_vec::<i64>(), [-4, 3]);
    /// ```
    ///
    /// # Errors
    /// For two `bool`s, and if a whole number is divided by zero.
    pub fn div_rounded | try_div_rounded [B: IntoOperand] (self, other: B, rounding_mode: Rounding) -> Tensor {
        let other = other.operand();
        let promoted = match &other {
            Operand::Tensor(other) => self.dtype().promote_ranked(self.ndim(), other.dtype(), other.ndim()),
            Operand::Owned(other) => self.dtype().promote_ranked(self.ndim(), other.dtype(), other.ndim()),
            Operand::Number(number) => self.dtype().promote_scalar(*number),
        };
        match rounding_mode {
            _ if promoted == DType::Bool => {
                let mode = if rounding_mode == Rounding::Trunc { "trunc" } else { "floor" };
                bail!(DType, "\"div_{mode}_cpu\" not implemented for 'Bool'")
            }
            Rounding::Floor => Binary::FloorDivide.apply(self, other),
            Rounding::Trunc if promoted.is_floating_point() => Binary::Div.apply(self, other)?.try_trunc(),
            Rounding::Trunc => {
                let other = match other {
                    Operand::Tensor(other) => other.clone(),
                    Operand::Owned(other) => other,
                    Operand::Number(number) => Tensor::try_full_on((), number, promoted, self.device())?,
                };
                self.try_sub(&self.try_fmod(&other)?)?.try_floor_divide(&other)
            }
        }
    }

    /// `other` − `alpha` · self: a difference the other way round.
    ///
    /// # Errors
    /// For `bool`; if `alpha` is a real number and the tensors are whole.
    pub fn rsub | try_rsub [B: IntoOperand, S: Into<Scalar>] (self, other: B, alpha: S) -> Tensor {
        let alpha = alpha.into();
        if alpha.is_floating_point() && !self.dtype().is_floating_point() {
            bail!(DType, "For integral input tensors, argument alpha must not be a floating point number.");
        }
        let scaled = if alpha.to_f64() == 1.0 { self.clone() } else { self.try_mul(alpha)? };
        match other.operand() {
            Operand::Tensor(other) => other.try_sub(&scaled),
            Operand::Owned(other) => other.try_sub(&scaled),
            Operand::Number(number) => Binary::Sub.apply_reversed(number, &scaled),
        }
    }

    /// The power in double precision, whatever the dtypes.
    pub fn float_power | try_float_power [B: IntoOperand] (self, exponent: B) -> Tensor {
        let base = self.try_to_dtype(DType::F64)?;
        match exponent.operand() {
            Operand::Tensor(exponent) => base.try_pow(&exponent.try_to_dtype(DType::F64)?),
            Operand::Owned(exponent) => base.try_pow(&exponent.try_to_dtype(DType::F64)?),
            Operand::Number(number) => base.try_pow(number.to_f64()),
        }
    }

    /// [`float_power`](Tensor::float_power) in place; returns the tensor itself.
    ///
    /// # Errors
    /// If the tensor is not `float64`.
    pub fn float_power_ | try_float_power_ [B: IntoOperand] (self, exponent: B) -> Tensor {
        if self.dtype() != DType::F64 {
            bail!(
                DType,
                "the base given to float_power_ has dtype {} but the operation's result requires dtype Double",
                self.dtype().type_name()
            );
        }
        match exponent.operand() {
            Operand::Tensor(exponent) => self.try_pow_(&exponent.try_to_dtype(DType::F64)?),
            Operand::Owned(exponent) => self.try_pow_(&exponent.try_to_dtype(DType::F64)?),
            Operand::Number(number) => self.try_pow_(number.to_f64()),
        }
    }

    /// x · 2^other.
    pub fn ldexp | try_ldexp(self, other: &Tensor) -> Tensor {
        let own = self.dtype().promote_ranked(self.ndim(), other.dtype(), other.ndim()).to_float();
        let factor = Binary::Pow.apply_reversed(Scalar::Float(2.0), &other.try_to_dtype(own)?)?;
        self.try_to_dtype(own)?.try_mul(&factor)
    }

    /// [`ldexp`](Tensor::ldexp) in place; returns the tensor itself.
    pub fn ldexp_ | try_ldexp_(self, other: &Tensor) -> Tensor {
        self.try_copy_(&self.try_ldexp(other)?)
    }
}
