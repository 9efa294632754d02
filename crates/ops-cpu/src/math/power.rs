//! Powers in f32 through an f64 logarithm and exponential, with the special cases of IEEE 754's `pow`. The error is
//! at most 0.51 units of the last place.

use super::arithmetic::nearest_64;
use super::double::{exp2, ln_near_one};
use super::log::split;
use crate::isa::Level;

#[inline(always)]
pub(super) fn pow<L: Level>(x: f32, y: f32) -> f32 {
    let a = x.abs();
    let (e, f) = split(a);
    let log = f64::from(e) + ln_near_one::<L>(f64::from(f)) * std::f64::consts::LOG2_E;
    let log = if a < f32::INFINITY { log } else { f64::from(a) };
    let log = if a == 0.0 { f64::NEG_INFINITY } else { log };
    let exponent = f64::from(y);
    // (-1)^±∞ is 1, where ∞ · 0 would not be.
    let t = if a == 1.0 && !y.is_nan() { 0.0 } else { exponent * log };
    let size = exp2::<L>(t) as f32;

    // From 2²⁴ on every f32 is an even integer, infinity included.
    let near = if exponent.abs() < 33_554_432.0 { exponent } else { 0.0 };
    let (whole, bits) = nearest_64(near);
    let negative = x.is_sign_negative() && bits & 1 != 0 && whole == near;
    let signed = if negative { -size } else { size };
    let complex = x < 0.0 && a < f32::INFINITY && whole != near;
    let power = if complex { f32::NAN } else { signed };
    if y == 0.0 || x == 1.0 { 1.0 } else { power }
}
