//! Activations and their gradients. A curve is one entry of the tables below: its value, and its slope times the gradient;
//! half types compute in `f32`, block by block.

use crate::elementwise::{Block, Elementwise};
use crate::isa::{Kernel, Level, dispatch};
use crate::math::Float;
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype, with_number};
use std::ops::{Add, Div, Mul, Neg, Sub};
use storage::Scalar;
use tensor_core::op::activation::{Activation, Approximate, Curve};
use tensor_core::{DType, Dims, Layout, Result};

/// A curve at one type; `p` are its parameters.
trait Form<T> {
    fn value<L: Level>(x: T, p: [T; 2]) -> T;
    fn pull<L: Level>(g: T, x: T, p: [T; 2]) -> T;
}

/// The curve itself: operands x and two parameters, which lie one after the other.
struct Forward<F, T> {
    x: *const T,
    parameters: *const [T; 2],
    step: usize,
    y: *mut T,
    n: usize,
    form: std::marker::PhantomData<F>,
}

impl<F: Form<T>, T: Number> Kernel for Forward<F, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Forward { x, parameters, step, y, n, .. } = self;
        // SAFETY: the contract of `Block`; each element is read before its place is written. The last operand was made by
        // `run` of two parameters.
        unsafe {
            let p = parameters.read_unaligned();
            if step == 1 && x != y.cast_const() {
                let (x, y) = (std::slice::from_raw_parts(x, n), std::slice::from_raw_parts_mut(y, n));
                for i in 0..n {
                    y[i] = F::value::<L>(x[i], p);
                }
            } else {
                for i in 0..n {
                    y.add(i).write(F::value::<L>(*x.add(i * step), p));
                }
            }
        }
    }
}

unsafe fn forward<F: Form<T>, T: Number>([x, p]: [*const u8; 2], [step, _]: [usize; 2], y: *mut u8, n: usize) {
    let form = std::marker::PhantomData::<F>;
    dispatch(Forward { x: x.cast::<T>(), parameters: p.cast(), step, y: y.cast(), n, form });
}

/// The gradient: operands g, x and the parameters.
struct Backward<F, T> {
    g: *const T,
    x: *const T,
    parameters: *const [T; 2],
    steps: [usize; 2],
    y: *mut T,
    n: usize,
    form: std::marker::PhantomData<F>,
}

impl<F: Form<T>, T: Number> Kernel for Backward<F, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Backward { g, x, parameters, steps: [gs, xs], y, n, .. } = self;
        // SAFETY: as in `Forward`.
        unsafe {
            let p = parameters.read_unaligned();
            if gs == 1 && xs == 1 && g != y.cast_const() {
                let (g, x) = (std::slice::from_raw_parts(g, n), std::slice::from_raw_parts(x, n));
                let y = std::slice::from_raw_parts_mut(y, n);
                for i in 0..n {
                    y[i] = F::pull::<L>(g[i], x[i], p);
                }
            } else {
                for i in 0..n {
                    y.add(i).write(F::pull::<L>(*g.add(i * gs), *x.add(i * xs), p));
                }
            }
        }
    }
}

unsafe fn backward<F: Form<T>, T: Number>([g, x, p]: [*const u8; 3], steps: [usize; 3], y: *mut u8, n: usize) {
    let form = std::marker::PhantomData::<F>;
    let steps = [steps[0], steps[1]];
    dispatch(Backward { g: g.cast::<T>(), x: x.cast(), parameters: p.cast(), steps, y: y.cast(), n, form });
}

/// Both directions of a curve.
type Blocks = (Block<2>, Block<3>);

fn blocks<F: Form<T>, T: Number>() -> Blocks {
    (forward::<F, T>, backward::<F, T>)
}

/// `$name::<T>(curve)`: the kernels of `curve`, where there are any. In an entry, `p` and `q` are the parameters and `L` is the
/// vector level.
macro_rules! table {
    ($name:ident<$t:ident: $bound:path> { $($entry:ident: $($pattern:pat_param)|+ =>
        |$x:ident, $p:ident, $q:ident| $value:expr, |$g:ident| $pull:expr;)* } none { $($none:pat_param)|* }) => {
        fn $name<$t: $bound>(curve: Curve) -> Option<Blocks> {
            match curve {
                $($($pattern)|+ => {
                    struct $entry;
                    impl<$t: $bound> Form<$t> for $entry {
                        #[inline(always)]
                        #[allow(unused_variables, reason = "most curves have fewer parameters")]
                        fn value<L: Level>($x: $t, [$p, $q]: [$t; 2]) -> $t { $value }
                        #[inline(always)]
                        #[allow(unused_variables, reason = "most curves have fewer parameters")]
                        fn pull<L: Level>($g: $t, $x: $t, [$p, $q]: [$t; 2]) -> $t { $pull }
                    }
                    Some(blocks::<$entry, $t>())
                })*
                $($none)|* => None,
            }
        }
    };
}

/// What the formulas need of floats beyond [`Float`].
trait Real:
    Float + Number + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    fn of(number: f64) -> Self;
    fn abs(self) -> Self;
}

macro_rules! real {
    ($($t:ty)*) => { $(
        impl Real for $t {
            #[inline(always)]
            fn of(number: f64) -> $t { number as $t }
            #[inline(always)]
            fn abs(self) -> $t { self.abs() }
        }
    )* };
}
real! { f32 f64 }

/// At least `low` and at most `high`; NaN stays.
#[inline(always)]
fn limited<T: Number>(x: T, low: T, high: T) -> T {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}

/// `g` inside of `low` … `high`, zero on the bounds and outside.
#[inline(always)]
fn inside<T: Number>(g: T, x: T, low: T, high: T) -> T {
    if (x > low) & (x < high) { g } else { T::ZERO }
}

/// Φ(x) + x φ(x).
#[inline(always)]
fn gelu_slope<T: Real, L: Level>(x: T) -> T {
    let half = T::of(0.5);
    let distribution = half * (T::ONE + (x * T::of(std::f64::consts::FRAC_1_SQRT_2)).erf::<L>());
    let density = (-half * x * x).exp::<L>() * T::of(0.398_942_280_401_432_7);
    distribution + x * density
}

/// With t = tanh u: (1 + t + x (1 − t²) u′) / 2.
#[inline(always)]
fn gelu_tanh_slope<T: Real, L: Level>(x: T) -> T {
    let (scale, cubic, half) = (T::of(0.797_884_560_802_865_4), T::of(0.044_715), T::of(0.5));
    let square = x * x;
    let t = (scale * x * (T::ONE + cubic * square)).tanh::<L>();
    let inner = scale * (T::ONE + T::of(3.0) * cubic * square);
    half * (T::ONE + t) + half * x * (T::ONE - t * t) * inner
}

/// With t = tanh(ln(1 + eˣ)) and s = sigmoid x: t + x s (1 − t²).
#[inline(always)]
fn mish_slope<T: Real, L: Level>(x: T) -> T {
    let bounded = if x > T::of(20.0) { T::of(20.0) } else { x };
    let e = bounded.exp::<L>();
    let n = e * (e + T::of(2.0));
    let t = n / (n + T::of(2.0));
    t + x * x.sigmoid::<L>() * (T::ONE - t * t)
}

table! { reals<T: Real> {
    Celu: Curve::Celu { .. } => |x, p, q| x.elu::<L>(p, T::ONE, q), |g| if x > T::ZERO { g } else { g * (x * q).exp::<L>() };
    Elu: Curve::Elu { .. } => |x, p, q| x.elu::<L>(p, T::ONE, q), |g| if x > T::ZERO { g } else { g * p * x.exp::<L>() };
    Gelu: Curve::Gelu { approximate: Approximate::None } => |x, p, q| x.gelu::<L>(), |g| g * gelu_slope::<T, L>(x);
    GeluTanh: Curve::Gelu { approximate: Approximate::Tanh } => |x, p, q| x.gelu_tanh::<L>(), |g| g * gelu_tanh_slope::<T, L>(x);
    Hardshrink: Curve::Hardshrink { .. } => |x, p, q| if (x >= -p) & (x <= p) { T::ZERO } else { x },
        |g| if (x < -p) | (x > p) { g } else { T::ZERO };
    Hardsigmoid: Curve::Hardsigmoid {} => |x, p, q| limited(x + T::of(3.0), T::ZERO, T::of(6.0)) / T::of(6.0),
        |g| if (x > T::of(-3.0)) & (x < T::of(3.0)) { g * T::of(1.0 / 6.0) } else { T::ZERO };
    Hardswish: Curve::Hardswish {} => |x, p, q| x * limited(x + T::of(3.0), T::ZERO, T::of(6.0)) / T::of(6.0),
        |g| if x <= T::of(-3.0) { T::ZERO } else if x >= T::of(3.0) { g } else { g * (x / T::of(3.0) + T::of(0.5)) };
    LeakyRelu: Curve::LeakyRelu { .. } => |x, p, q| if x > T::ZERO { x } else { x * p }, |g| if x > T::ZERO { g } else { g * p };
    LogSigmoid: Curve::LogSigmoid {} => |x, p, q| T::ZERO - (-x).softplus::<L>(T::ONE, T::of(f64::INFINITY)),
        |g| g * (-x).sigmoid::<L>();
    Logit: Curve::Logit { .. } => |x, p, q| {
        // The lower limit goes first, because ε above one half makes it the higher one.
        let x = if p < T::ZERO { x } else if x < p { p } else if x > q { q } else { x };
        (x / (T::ONE - x)).log::<L>()
    }, |g| {
        let (low, high, outside) = if p < T::ZERO { (T::ZERO, T::ONE, T::of(f64::NAN)) } else { (p, q, T::ZERO) };
        if (x >= low) & (x <= high) { g / (x * (T::ONE - x)) } else { outside }
    };
    Mish: Curve::Mish {} => |x, p, q| x.mish::<L>(), |g| g * mish_slope::<T, L>(x);
    Selu: Curve::Selu {} => |x, p, q| x.selu::<L>(), |g| {
        let (alpha, scale) = (T::of(crate::math::SELU.0), T::of(crate::math::SELU.1));
        if x > T::ZERO { g * scale } else { g * (alpha * scale) * x.exp::<L>() }
    };
    Softplus: Curve::Softplus { .. } => |x, p, q| x.softplus::<L>(p, q), |g| if x * p > q { g } else { g * (x * p).sigmoid::<L>() };
    Softshrink: Curve::Softshrink { .. } => |x, p, q| if x > p { x - p } else if x < -p { x + p } else if x.is_nan() { x } else { T::ZERO },
        |g| if (x < -p) | (x > p) { g } else { T::ZERO };
    Softsign: Curve::Softsign {} => |x, p, q| x / (x.abs() + T::ONE), |g| {
        let d = x.abs() + T::ONE;
        g / (d * d)
    };
    Tanhshrink: Curve::Tanhshrink {} => |x, p, q| x - x.tanh::<L>(), |g| {
        let t = x.tanh::<L>();
        g * (t * t)
    };
} none { Curve::Hardtanh { .. } | Curve::Relu6 {} | Curve::Threshold { .. } } }

table! { numbers<T: Number> {
    Hardtanh: Curve::Hardtanh { .. } | Curve::Relu6 {} => |x, p, q| limited(x, p, q), |g| inside(g, x, p, q);
    Threshold: Curve::Threshold { .. } => |x, p, q| if x <= p { q } else { x }, |g| if x <= p { T::ZERO } else { g };
} none {
    Curve::Celu { .. } | Curve::Elu { .. } | Curve::Gelu { .. } | Curve::Hardshrink { .. } | Curve::Hardsigmoid {} | Curve::Hardswish {}
    | Curve::LeakyRelu { .. } | Curve::LogSigmoid {} | Curve::Logit { .. } | Curve::Mish {} | Curve::Selu {} | Curve::Softplus { .. }
    | Curve::Softshrink { .. } | Curve::Softsign {} | Curve::Tanhshrink {}
} }

/// A parameter as `T`: bounds of whole numbers as `clamp` has them, others cast.
fn parameter<T: Number>(curve: Curve, number: f64) -> T {
    match matches!(curve, Curve::Hardtanh { .. }) {
        true => crate::select::bound(number),
        false => T::from_scalar(Scalar::Float(number)),
    }
}

/// Computes the function of the one input x, or the gradient of (g, x).
pub fn run(op: Activation, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let compute = compute_dtype(compute);
    let blocks = match compute {
        DType::F32 => reals::<f32>(op.curve),
        DType::F64 => reals::<f64>(op.curve),
        _ => None,
    };
    let blocks = blocks.or_else(|| with_number!(compute, T => numbers::<T>(op.curve)));
    let (forward, backward) = blocks.expect("the plan lets only dtypes pass that have a kernel");
    let mut words = [0u64; 2];
    with_number!(compute, T => {
        let both = op.curve.parameters().map(|number| parameter::<T>(op.curve, number));
        bytemuck::bytes_of_mut(&mut words)[..2 * size_of::<T>()].copy_from_slice(bytemuck::cast_slice(&both));
    });
    let scalar = Layout::contiguous(Dims::scalar());
    let parameters = Read::number(words.as_ptr().cast(), &scalar, compute);
    match inputs {
        [x] => Elementwise { block: forward, inputs: [compute; 2], output: compute }.run([*x, parameters], out),
        [g, x] => Elementwise { block: backward, inputs: [compute; 3], output: compute }.run([*g, *x, parameters], out),
        _ => unreachable!("{op:?} with {} inputs", inputs.len()),
    }
    Ok(())
}
