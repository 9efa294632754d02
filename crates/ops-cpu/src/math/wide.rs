//! [`Float`] for f64: the standard library's functions, `libm`'s error functions, and stable formulas for the rest.
//! Accuracy comes first here; only square roots and reciprocals become vector code.

use std::f64::consts::FRAC_1_SQRT_2;

use super::{Float, SELU, error_function};
use crate::isa::Level;

macro_rules! from_std {
    ($($name:ident = $std:ident),+) => {$(
        #[inline(always)]
        fn $name<L: Level>(self) -> f64 {
            f64::$std(self)
        }
    )+};
}

/// x times the sigmoid of t, for t of the sign of x; NaN at -∞, as in PyTorch.
#[inline(always)]
fn gated(x: f64, t: f64) -> f64 {
    let e = (-t.abs()).exp();
    (if x < 0.0 { x * e } else { x }) / (1.0 + e)
}

impl Float for f64 {
    const TRIG_LIMIT: f64 = f64::INFINITY;

    #[inline(always)]
    fn is_beyond_trig_limit(self) -> bool {
        false
    }

    #[inline(always)]
    fn is_beyond_exp_limit(self) -> bool {
        false
    }

    #[inline(always)]
    fn is_beyond_log_limit(self) -> bool {
        false
    }

    from_std! {
        exp = exp, exp_within = exp, log_within = ln, exp2 = exp2, expm1 = exp_m1, log = ln, log2 = log2, log10 = log10, log1p = ln_1p,
        asin = asin, acos = acos, atan = atan, sinh = sinh, cosh = cosh, tanh = tanh,
        atanh = atanh, sin = sin, sin_within = sin, cos = cos, cos_within = cos, tan = tan,
        tan_within = tan, sqrt = sqrt, reciprocal = recip
    }

    // The standard library's overflow from half the largest number on.
    #[inline(always)]
    fn asinh<L: Level>(self) -> f64 {
        libm::asinh(self)
    }
    #[inline(always)]
    fn acosh<L: Level>(self) -> f64 {
        libm::acosh(self)
    }
    #[inline(always)]
    fn sigmoid<L: Level>(self) -> f64 {
        let e = (-self.abs()).exp();
        (if self < 0.0 { e } else { 1.0 }) / (1.0 + e)
    }
    #[inline(always)]
    fn sigmoid_within<L: Level>(self) -> f64 {
        self.sigmoid::<L>()
    }
    #[inline(always)]
    fn silu<L: Level>(self) -> f64 {
        gated(self, self)
    }
    #[inline(always)]
    fn mish<L: Level>(self) -> f64 {
        let e = self.min(40.0).exp();
        let n = e * (e + 2.0);
        if self > 40.0 { self } else { self * (n / (n + 2.0)) }
    }
    #[inline(always)]
    fn erf<L: Level>(self) -> f64 {
        libm::erf(self)
    }
    #[inline(always)]
    fn erfc<L: Level>(self) -> f64 {
        libm::erfc(self)
    }
    #[inline(always)]
    fn gelu<L: Level>(self) -> f64 {
        self * (0.5 * libm::erfc(-self * FRAC_1_SQRT_2))
    }
    #[inline(always)]
    fn gelu_tanh<L: Level>(self) -> f64 {
        const SLOPE: f64 = 1.595_769_121_605_730_7; // 2 √(2/π)
        gated(self, SLOPE * self * (1.0 + 0.044715 * self * self))
    }
    #[inline(always)]
    fn atan2<L: Level>(self, x: f64) -> f64 {
        f64::atan2(self, x)
    }
    #[inline(always)]
    fn pow<L: Level>(self, y: f64) -> f64 {
        self.powf(y)
    }
    #[inline(always)]
    fn softplus<L: Level>(self, beta: f64, threshold: f64) -> f64 {
        let z = self * beta;
        let above = if z < 0.0 { 0.0 } else { z };
        if z > threshold { self } else { (above + (-z.abs()).exp().ln_1p()) / beta }
    }
    #[inline(always)]
    fn elu<L: Level>(self, alpha: f64, scale: f64, input_scale: f64) -> f64 {
        if self <= 0.0 { (self * input_scale).exp_m1() * (alpha * scale) } else { self * scale }
    }
    #[inline(always)]
    fn selu<L: Level>(self) -> f64 {
        Float::elu::<L>(self, SELU.0, SELU.1, 1.0)
    }
    fn erfinv<L: Level>(self) -> f64 {
        error_function::erfinv(self)
    }
    #[inline(always)]
    fn rsqrt<L: Level>(self) -> f64 {
        1.0 / f64::sqrt(self)
    }
}
