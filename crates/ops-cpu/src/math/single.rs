//! [`Float`] for f32: names the function of this module behind each method. It does not know their formulas.

use super::{Float, SELU, activation, error_function, exp, hyperbolic, inverse_trig, log, power, trig};
use crate::isa::Level;

macro_rules! from_module {
    ($($module:ident: $($name:ident),+;)+) => {$($(
        #[inline(always)]
        fn $name<L: Level>(self) -> f32 {
            $module::$name::<L>(self)
        }
    )+)+};
}

macro_rules! limited {
    ($($name:ident, $within:ident;)+) => {$(
        #[inline(always)]
        fn $within<L: Level>(self) -> f32 {
            trig::$name::<L>(self)
        }
        #[inline(always)]
        fn $name<L: Level>(self) -> f32 {
            if self.is_beyond_trig_limit() { f32::$name(self) } else { trig::$name::<L>(self) }
        }
    )+};
}

impl Float for f32 {
    const TRIG_LIMIT: f32 = trig::LIMIT;

    #[inline(always)]
    fn is_beyond_trig_limit(self) -> bool {
        self.abs() > trig::LIMIT
    }

    #[inline(always)]
    fn is_beyond_exp_limit(self) -> bool {
        exp::is_beyond_limit(self)
    }

    #[inline(always)]
    fn is_beyond_log_limit(self) -> bool {
        log::is_beyond_limit(self)
    }

    from_module! {
        exp: exp, exp_within, exp2, expm1;
        log: log, log_within, log2, log10, log1p;
        inverse_trig: asin, acos, atan;
        hyperbolic: sinh, cosh, tanh, asinh, acosh, atanh;
        activation: sigmoid, sigmoid_within, silu, mish, gelu, gelu_tanh;
        error_function: erf, erfc;
    }

    limited! {
        sin, sin_within;
        cos, cos_within;
        tan, tan_within;
    }

    #[inline(always)]
    fn atan2<L: Level>(self, x: f32) -> f32 {
        inverse_trig::atan2::<L>(self, x)
    }
    #[inline(always)]
    fn pow<L: Level>(self, y: f32) -> f32 {
        power::pow::<L>(self, y)
    }
    #[inline(always)]
    fn softplus<L: Level>(self, beta: f32, threshold: f32) -> f32 {
        activation::softplus::<L>(self, beta, threshold)
    }
    #[inline(always)]
    fn elu<L: Level>(self, alpha: f32, scale: f32, input_scale: f32) -> f32 {
        activation::elu::<L>(self, alpha, scale, input_scale)
    }
    #[inline(always)]
    fn selu<L: Level>(self) -> f32 {
        activation::elu::<L>(self, SELU.0 as f32, SELU.1 as f32, 1.0)
    }
    fn erfinv<L: Level>(self) -> f32 {
        error_function::erfinv(f64::from(self)) as f32
    }
    #[inline(always)]
    fn sqrt<L: Level>(self) -> f32 {
        f32::sqrt(self)
    }
    #[inline(always)]
    fn rsqrt<L: Level>(self) -> f32 {
        1.0 / f32::sqrt(self)
    }
    #[inline(always)]
    fn reciprocal<L: Level>(self) -> f32 {
        1.0 / self
    }
}
