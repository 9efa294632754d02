//! Loops over functions whose fast form holds only up to a limit: whole blocks take the fast form, and blocks with
//! an argument beyond it the form for all arguments. It does not know the functions' formulas.

use super::Float;
use crate::isa::Level;

/// A function with a fast form up to a limit, where it is the same as the form for all arguments, bit for bit.
pub trait Limited {
    /// Whether the fast form does not hold for `x`.
    fn is_beyond<F: Float>(x: F) -> bool;
    /// The fast form.
    fn within<L: Level, F: Float>(x: F) -> F;
    /// The form for all arguments.
    fn anywhere<L: Level, F: Float>(x: F) -> F;
}

macro_rules! limited {
    ($($(#[$doc:meta])* $name:ident: $beyond:ident, $within:ident, $anywhere:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl Limited for $name {
            #[inline(always)]
            fn is_beyond<F: Float>(x: F) -> bool {
                x.$beyond()
            }
            #[inline(always)]
            fn within<L: Level, F: Float>(x: F) -> F {
                x.$within::<L>()
            }
            #[inline(always)]
            fn anywhere<L: Level, F: Float>(x: F) -> F {
                x.$anywhere::<L>()
            }
        }
    )*};
}

limited! {
    /// The exponential.
    Exp: is_beyond_exp_limit, exp_within, exp;
    /// The natural logarithm.
    Log: is_beyond_log_limit, log_within, log;
    /// The logistic function.
    Sigmoid: is_beyond_exp_limit, sigmoid_within, sigmoid;
    /// The sine.
    Sin: is_beyond_trig_limit, sin_within, sin;
    /// The cosine.
    Cos: is_beyond_trig_limit, cos_within, cos;
    /// The tangent.
    Tan: is_beyond_trig_limit, tan_within, tan;
}

const BLOCK: usize = 512;

#[inline(always)]
fn all_within<O: Limited, F: Float>(xs: &[F]) -> bool {
    !xs.iter().fold(false, |beyond, x| beyond | O::is_beyond(*x))
}

/// Writes the function of each element of `xs` into `ys`, which has the same length.
///
/// ```
/// use ops_cpu::{isa::Baseline, math::limited::{Sin, map_limited}};
/// let mut ys = [0.0f32; 2];
/// map_limited::<Baseline, Sin, f32>(&[0.5, 1e9], &mut ys);
/// assert_eq!(ys, [0.47942555, 0.5458434]);
/// ```
#[inline(always)]
pub fn map_limited<L: Level, O: Limited, F: Float>(xs: &[F], ys: &mut [F]) {
    for (xs, ys) in xs.chunks(BLOCK).zip(ys.chunks_mut(BLOCK)) {
        if all_within::<O, F>(xs) {
            for (x, y) in xs.iter().zip(ys) {
                *y = O::within::<L, F>(*x);
            }
        } else {
            for (x, y) in xs.iter().zip(ys) {
                *y = O::anywhere::<L, F>(*x);
            }
        }
    }
}

/// Replaces each element of `xs` by the function of it.
#[inline(always)]
pub fn map_limited_in_place<L: Level, O: Limited, F: Float>(xs: &mut [F]) {
    for xs in xs.chunks_mut(BLOCK) {
        if all_within::<O, F>(xs) {
            for x in xs {
                *x = O::within::<L, F>(*x);
            }
        } else {
            for x in xs {
                *x = O::anywhere::<L, F>(*x);
            }
        }
    }
}
