//! Elementary functions for kernels, written so that a loop over them becomes vector code on every [`Level`].
//!
//! [`Float`] has one method for each. The f32 ones are this module's own: worst errors are 0.5 to 2.5 units of the
//! last place (the gelus' more), over all arguments, as listed in the crate's test `math_accuracy`. The f64 ones
//! come from the standard library, the crate `libm` and stable formulas. All keep NaN, signed zeros, infinities and
//! numbers below the smallest normal one. It does not know tensors; f16 and bf16 go through f32.

mod activation;
mod arithmetic;
mod double;
mod error_function;
mod exp;
pub mod gamma;
mod hyperbolic;
mod inverse_trig;
pub mod limited;
mod log;
mod power;
mod single;
mod trig;
mod wide;

use crate::isa::Level;

/// A float type with the elementary functions. Each is always inlined and takes the level of the loop around it.
///
/// ```
/// use ops_cpu::isa::{Kernel, Level, dispatch};
/// use ops_cpu::math::Float;
///
/// struct Sigmoid<'a, F>(&'a mut [F]);
/// impl<F: Float> Kernel for Sigmoid<'_, F> {
///     type Output = ();
///     #[inline(always)]
///     fn run<L: Level>(self) {
///         for x in self.0 {
///             *x = x.sigmoid::<L>();
///         }
///     }
/// }
///
/// let mut xs = [0.0f32, 2.0];
/// dispatch(Sigmoid(&mut xs));
/// assert_eq!(xs, [0.5, 0.8807971]);
/// ```
pub trait Float: Copy + PartialOrd + Send + Sync + 'static {
    /// The largest |x| for which [`sin_within`](Float::sin_within) and its like hold.
    const TRIG_LIMIT: Self;
    /// Whether |x| is above [`TRIG_LIMIT`](Float::TRIG_LIMIT); false for NaN.
    fn is_beyond_trig_limit(self) -> bool;
    /// Whether [`exp_within`](Float::exp_within) and its like do not hold: e^x or e^-x is no normal number, or comes near to that.
    fn is_beyond_exp_limit(self) -> bool;
    /// Whether [`log_within`](Float::log_within) does not hold: this is no positive normal number.
    fn is_beyond_log_limit(self) -> bool;

    /// e^x.
    fn exp<L: Level>(self) -> Self;
    /// 2^x.
    fn exp2<L: Level>(self) -> Self;
    /// e^x - 1, accurate near 0.
    fn expm1<L: Level>(self) -> Self;
    /// The natural logarithm: -∞ at 0, NaN below.
    fn log<L: Level>(self) -> Self;
    /// The logarithm to base 2.
    fn log2<L: Level>(self) -> Self;
    /// The logarithm to base 10.
    fn log10<L: Level>(self) -> Self;
    /// ln(1 + x), accurate near 0.
    fn log1p<L: Level>(self) -> Self;
    /// The arc sine.
    fn asin<L: Level>(self) -> Self;
    /// The arc cosine.
    fn acos<L: Level>(self) -> Self;
    /// The arc tangent.
    fn atan<L: Level>(self) -> Self;
    /// The hyperbolic sine.
    fn sinh<L: Level>(self) -> Self;
    /// The hyperbolic cosine.
    fn cosh<L: Level>(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh<L: Level>(self) -> Self;
    /// The inverse of the hyperbolic sine.
    fn asinh<L: Level>(self) -> Self;
    /// The inverse of the hyperbolic cosine: NaN below 1.
    fn acosh<L: Level>(self) -> Self;
    /// The inverse of the hyperbolic tangent: ±∞ at ±1, NaN beyond.
    fn atanh<L: Level>(self) -> Self;
    /// 1 / (1 + e^-x).
    fn sigmoid<L: Level>(self) -> Self;
    /// x sigmoid(x); NaN at -∞, as in PyTorch.
    fn silu<L: Level>(self) -> Self;
    /// x tanh(ln(1 + e^x)); NaN at -∞, as in PyTorch.
    fn mish<L: Level>(self) -> Self;
    /// The error function, 2/√π ∫₀ˣ e^(-t²) dt.
    fn erf<L: Level>(self) -> Self;
    /// 1 - erf x, accurate in the tail.
    fn erfc<L: Level>(self) -> Self;
    /// x Φ(x), Φ the normal distribution's; within 7 units of the last place in f32, tail included. NaN at -∞, as
    /// in PyTorch.
    fn gelu<L: Level>(self) -> Self;
    /// PyTorch's `approximate="tanh"`: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. The relative error grows in the
    /// negative tail, where the result goes to 0 (in f32 by about 0.25 |x|³ units of the last place). NaN at -∞, as
    /// in PyTorch.
    fn gelu_tanh<L: Level>(self) -> Self;

    /// [`exp`](Float::exp) up to its limit (beyond it a value without meaning), bit for bit;
    /// [`limited::map_limited`] makes loops of it that hold everywhere.
    fn exp_within<L: Level>(self) -> Self;
    /// [`log`](Float::log) up to its limit, likewise.
    fn log_within<L: Level>(self) -> Self;
    /// [`sigmoid`](Float::sigmoid) up to the exponential's limit, likewise.
    fn sigmoid_within<L: Level>(self) -> Self;
    /// The sine for |x| ≤ [`TRIG_LIMIT`](Float::TRIG_LIMIT) (elsewhere a value without meaning), free of branches;
    /// [`limited::map_limited`] makes loops of it that hold everywhere.
    fn sin_within<L: Level>(self) -> Self;
    /// The cosine for |x| ≤ [`TRIG_LIMIT`](Float::TRIG_LIMIT), as [`sin_within`](Float::sin_within).
    fn cos_within<L: Level>(self) -> Self;
    /// The tangent for |x| ≤ [`TRIG_LIMIT`](Float::TRIG_LIMIT), as [`sin_within`](Float::sin_within).
    fn tan_within<L: Level>(self) -> Self;
    /// The sine. Its branch keeps loops from becoming vector code; see [`limited::map_limited`].
    fn sin<L: Level>(self) -> Self;
    /// The cosine. Its branch keeps loops from becoming vector code; see [`limited::map_limited`].
    fn cos<L: Level>(self) -> Self;
    /// The tangent. Its branch keeps loops from becoming vector code; see [`limited::map_limited`].
    fn tan<L: Level>(self) -> Self;

    /// The angle of the point (x, y), where `self` is y: from -π to π, with the signs of zeros and infinities as in
    /// IEEE 754.
    fn atan2<L: Level>(self, x: Self) -> Self;
    /// `self` to the power `y`, with the special cases of IEEE 754's `pow`.
    fn pow<L: Level>(self, y: Self) -> Self;
    /// ln(1 + e^(βx)) / β, and x itself where βx is above `threshold` (PyTorch's defaults: 1 and 20).
    fn softplus<L: Level>(self, beta: Self, threshold: Self) -> Self;
    /// `scale` · x above 0, else `alpha` · `scale` · (e^(`input_scale` · x) - 1). ELU has both scales 1; CELU has
    /// `input_scale` 1/α and `scale` 1.
    fn elu<L: Level>(self, alpha: Self, scale: Self, input_scale: Self) -> Self;
    /// [`elu`](Float::elu) with the α and scale of self-normalizing networks (Klambauer et al. 2017).
    fn selu<L: Level>(self) -> Self;
    /// The inverse of erf: ±∞ at ±1, NaN beyond. Not vector code.
    fn erfinv<L: Level>(self) -> Self;
    /// The square root.
    fn sqrt<L: Level>(self) -> Self;
    /// 1 / √x.
    fn rsqrt<L: Level>(self) -> Self;
    /// 1 / x.
    fn reciprocal<L: Level>(self) -> Self;
}

/// α and scale of SELU (Klambauer et al. 2017, "Self-Normalizing Neural Networks").
pub(crate) const SELU: (f64, f64) = (1.673_263_242_354_377_2, 1.050_700_987_355_480_5);
