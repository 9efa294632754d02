//! The gamma function's kin in f64, with the methods of the Cephes library, as PyTorch has them. Not vector code.

use super::Float;
use crate::isa::Level;
use crate::number::Number;
use std::f64::consts::PI;

/// ln |Γ(x)|.
pub fn lgamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The derivative of ln Γ: by reflection below zero, by recurrence up to 10 and by its asymptotic series from there.
pub fn digamma(x: f64) -> f64 {
    const PSI_10: f64 = 2.251_752_589_066_721_2;
    const SERIES: [f64; 7] = [
        8.333_333_333_333_333e-2,
        -2.109_279_609_279_609_3e-2,
        7.575_757_575_757_576e-3,
        -4.166_666_666_666_667e-3,
        3.968_253_968_253_968e-3,
        -8.333_333_333_333_333e-3,
        8.333_333_333_333_333e-2,
    ];
    if x == 0.0 {
        return f64::INFINITY.copysign(-x);
    }
    if x < 0.0 {
        let fraction = x.fract();
        return if fraction == 0.0 || x.is_infinite() {
            f64::NAN
        } else {
            digamma(1.0 - x) - PI / (PI * fraction).tan()
        };
    }
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below -= 1.0 / x;
        x += 1.0;
    }
    if x == 10.0 {
        return below + PSI_10;
    }
    let z = 1.0 / (x * x);
    let series = if x < 1e17 { z * SERIES.iter().fold(0.0, |sum, c| sum * z + c) } else { 0.0 };
    below + x.ln() - 0.5 / x - series
}

/// The derivative of [`digamma`], by reflection below one half, recurrence and the asymptotic series. It is computed in its
/// own type, because PyTorch's is: near the poles f32 is far from the true value, and the same for both.
#[inline(always)]
pub fn trigamma<T: Float + Number, L: Level>(x: T) -> T {
    let number = |x: f64| T::from_scalar(storage::Scalar::Float(x));
    let reflected = x < number(0.5);
    let (mut x, mut sum) = (x, T::ZERO);
    if reflected {
        let sine = number(PI).times(x).sin::<L>();
        sum = T::ZERO.minus(number(PI).times(number(PI)).over(sine.times(sine)));
        x = T::ONE.minus(x);
    }
    for _ in 0..6 {
        sum = sum.plus(T::ONE.over(x.times(x)));
        x = x.plus(T::ONE);
    }
    let z = T::ONE.over(x.times(x));
    let series = number(1.0 / 30.0).minus(z.times(number(1.0 / 42.0)));
    let series = z.times(number(1.0 / 6.0).minus(z.times(series)));
    sum = sum.plus(T::ONE.plus(T::ONE.over(x.plus(x))).plus(series).over(x));
    if reflected { T::ZERO.minus(sum) } else { sum }
}

/// Hurwitz' zeta function, Σ (q + k)⁻ˣ over k ≥ 0: some terms, then Euler and Maclaurin's formula.
pub fn zeta(x: f64, q: f64) -> f64 {
    const SERIES: [f64; 12] = [
        12.0,
        -720.0,
        30_240.0,
        -1_209_600.0,
        47_900_160.0,
        -1.892_437_580_318_379_2e9,
        7.472_424_96e10,
        -2.950_130_727_918_164e12,
        1.164_678_281_435_006_7e14,
        -4.597_978_722_407_473e15,
        1.815_210_540_194_354_7e17,
        -7.166_165_256_175_667e18,
    ];
    let small = f64::EPSILON / 2.0;
    if x == 1.0 {
        return f64::INFINITY;
    }
    if x < 1.0 {
        return f64::NAN;
    }
    if q <= 0.0 {
        if q == q.floor() {
            return f64::INFINITY;
        }
        if x != x.floor() {
            return f64::NAN;
        }
    }
    let (mut sum, mut a, mut b, mut count) = (q.powf(-x), q, 0.0, 0);
    while count < 9 || a <= 9.0 {
        count += 1;
        a += 1.0;
        b = a.powf(-x);
        sum += b;
        if b.abs() < small * sum.abs() {
            return sum;
        }
    }
    sum += b * a / (x - 1.0) - 0.5 * b;
    let (w, mut factor, mut k) = (a, 1.0, 0.0);
    for c in SERIES {
        factor *= x + k;
        b /= w;
        let term = factor * b / c;
        sum += term;
        if (term / sum).abs() < small {
            return sum;
        }
        factor *= x + k + 1.0;
        b /= w;
        k += 2.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-14 * b.abs(), "{a} is not {b}");
        near(digamma(1.0), -0.577_215_664_901_532_9);
        near(digamma(-0.5), 0.036_489_973_978_576_52);
        near(zeta(2.0, 1.0), PI * PI / 6.0);
        near(zeta(4.0, 0.5), 15.0 * PI.powi(4) / 90.0);
        near(lgamma(0.5), 0.572_364_942_924_700_1);
        assert!(digamma(-3.0).is_nan() && digamma(0.0) == f64::NEG_INFINITY && zeta(2.0, -1.0).is_infinite());
    }
}
