//! The error function, its complement and its inverse. Worst errors, in units of the last place, are in the tests.

use std::f64::consts::{LOG2_E, PI};

use super::arithmetic::{at_most, fma, poly};
use super::double::exp2;
use super::exp::reduced;
use crate::isa::Level;

/// erf in f32: an odd polynomial up to 1; beyond, 1 - erfc x with a polynomial for -ln(erfc x) / x (both minimax by
/// Remez, relative errors 2⁻²⁹ and 2⁻³¹ of the result).
#[inline(always)]
pub(super) fn erf<L: Level>(x: f32) -> f32 {
    let a = at_most(x.abs(), 4.0);
    let z = a * a;
    let p = poly!(
        L,
        z,
        0.128_379_17,
        -0.376_126_26,
        0.112_835_79,
        -0.026_853_347,
        0.005_187_162,
        -0.000_799_785_3,
        7.806_904e-5
    );
    let near = fma::<L, _>(a, p, a);
    let p = poly!(
        L,
        a,
        -1.128_694_3,
        -0.634_969_7,
        -0.106_530_54,
        0.024_009_764,
        -0.003_757_322_7,
        0.000_350_551_97,
        -1.395_826_3e-5
    );
    let (m, n) = reduced::<L>(a * p);
    let far = 1.0 - super::arithmetic::raise(1.0 + m, n);
    // NaN is near.
    (if a >= 1.0 { far } else { near }).copysign(x)
}

/// erfc in f32, exact in the tail: e^(-x²) times a polynomial in (|x| - 4) / (|x| + 4), in f64 (minimax by Remez,
/// relative error 2⁻³²).
#[inline(always)]
pub(super) fn erfc<L: Level>(x: f32) -> f32 {
    let a = f64::from(at_most(x.abs(), 10.5));
    let q = (a - 4.0) / (a + 4.0);
    let p = poly!(
        L,
        q,
        0.136_999_457_614_965,
        -0.259_068_049_238_192_54,
        0.218_719_681_495_290_34,
        -0.164_257_788_154_118_7,
        0.108_963_094_901_391_78,
        -0.063_108_333_042_743_85,
        0.031_299_808_089_662_64,
        -0.012_839_735_505_344_117,
        0.004_058_690_756_404_497,
        -0.000_815_163_309_719_014_4,
        -2.830_903_690_435_999_6e-5,
        0.000_101_493_270_008_296_86
    );
    let tail = exp2::<L>(-a * a * LOG2_E) * p;
    (if x < 0.0 { 2.0 - tail } else { tail }) as f32
}

/// The inverse of erf in f64: a rational start (as PyTorch's `calc_erfinv`), then Halley steps on erf, or on erfc
/// where 1 - |y| is the better known.
pub(super) fn erfinv(y: f64) -> f64 {
    let a = y.abs();
    if a >= 1.0 || a.is_nan() {
        return if a == 1.0 { f64::INFINITY.copysign(y) } else { f64::NAN };
    }
    let mut x = if a <= 0.7 {
        let z = a * a;
        let above = ((-0.140_543_331 * z + 0.914_624_893) * z - 1.645_349_621) * z + 0.886_226_899;
        let below = (((0.012_229_801 * z - 0.329_097_515) * z + 1.442_710_462) * z - 2.118_377_725) * z + 1.0;
        a * above / below
    } else {
        let z = (-((1.0 - a) / 2.0).ln()).sqrt();
        let above = ((1.641_345_311 * z + 3.429_567_803) * z - 1.624_906_493) * z - 1.970_840_454;
        above / ((1.637_067_8 * z + 3.543_889_2) * z + 1.0)
    };
    for _ in 0..2 {
        let error = if a <= 0.7 { libm::erf(x) - a } else { (1.0 - a) - libm::erfc(x) };
        let step = error / (2.0 / PI.sqrt() * (-x * x).exp());
        x -= step / (1.0 + x * step);
    }
    // Below, the steps would divide an error that is rounding alone.
    if a < 1e-8 { y * (PI.sqrt() / 2.0) } else { x.copysign(y) }
}
