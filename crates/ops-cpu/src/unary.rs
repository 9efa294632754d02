//! Functions of each element. A function is one line of the tables below; half types compute in `f32`, block by block.

use crate::elementwise::{Block, Elementwise};
use crate::isa::{Kernel, Level, dispatch};
use crate::math::limited::{Cos, Exp, Limited, Log, Sigmoid, Sin, Tan, map_limited, map_limited_in_place};
use crate::math::{Float, gamma};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype};
use storage::Bool;
use tensor_core::op::Unary;
use tensor_core::{DType, Result, bail};

/// One function at one pair of types.
trait Map {
    type In: Copy;
    type Out: Copy;
    fn map<L: Level>(x: Self::In) -> Self::Out;
}

struct Run<M: Map> {
    x: *const M::In,
    step: usize,
    y: *mut M::Out,
    n: usize,
}

impl<M: Map> Kernel for Run<M> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Run { x, step, y, n } = self;
        // SAFETY: the contract of `Block`: `n` elements on both sides, one if the step is 0, either apart or the same places;
        // in the last case each element is read before it is written.
        unsafe {
            if step == 0 {
                let value = if n > 0 { M::map::<L>(*x) } else { return };
                (0..n).for_each(|i| y.add(i).write(value));
            } else if x.cast::<u8>() == y.cast::<u8>() {
                for i in 0..n {
                    y.add(i).write(M::map::<L>(*y.cast::<M::In>().add(i)));
                }
            } else {
                let (x, y) = (std::slice::from_raw_parts(x, n), std::slice::from_raw_parts_mut(y, n));
                for i in 0..n {
                    y[i] = M::map::<L>(x[i]);
                }
            }
        }
    }
}

unsafe fn block<M: Map>([x]: [*const u8; 1], [step]: [usize; 1], y: *mut u8, n: usize) {
    dispatch(Run::<M> { x: x.cast(), step, y: y.cast(), n });
}

/// Functions whose fast forms hold for a limited range.
struct RunLimited<O, F> {
    x: *const F,
    step: usize,
    y: *mut F,
    n: usize,
    _function: std::marker::PhantomData<O>,
}

impl<O: Limited, F: Float + Number> Kernel for RunLimited<O, F> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        // SAFETY: the contract of `Block`: `n` elements on both sides, one if the step is 0, either apart or the same places.
        unsafe {
            let y = std::slice::from_raw_parts_mut(self.y, self.n);
            if self.step == 0 {
                if let Some(first) = y.first_mut() {
                    map_limited::<L, O, F>(std::slice::from_ref(&*self.x), std::slice::from_mut(first));
                    let value = *first;
                    y.fill(value);
                }
            } else if self.x == self.y.cast_const() {
                map_limited_in_place::<L, O, F>(y);
            } else {
                map_limited::<L, O, F>(std::slice::from_raw_parts(self.x, self.n), y);
            }
        }
    }
}

unsafe fn limited<O: Limited, F: Float + Number>([x]: [*const u8; 1], [step]: [usize; 1], y: *mut u8, n: usize) {
    dispatch(RunLimited::<O, F> { x: x.cast(), step, y: y.cast(), n, _function: std::marker::PhantomData });
}

/// `$name::<T>(op)`: the kernel for `op` from `T` to `T` (or to `$out`), where there is one. `T` has `$bound`, and `L` in an
/// expression is the vector level.
macro_rules! table {
    ($name:ident<$t:ident: $bound:path> -> $out:ty {
        $($op:ident => |$x:ident| $y:expr;)*
    } special { $($special:ident => $block:expr;)* } none { $($none:ident)* }) => {
        fn $name<$t: $bound + Number>(op: Unary) -> Option<Block<1>> {
            match op {
                $(Unary::$op => {
                    struct Function<$t>(std::marker::PhantomData<$t>);
                    impl<$t: $bound + Number> Map for Function<$t> {
                        type In = $t;
                        type Out = $out;
                        #[inline(always)]
                        #[allow(non_camel_case_types, reason = "the level is named L in the table")]
                        fn map<L: Level>($x: $t) -> $out { $y }
                    }
                    Some(block::<Function<$t>>)
                })*
                $(Unary::$special => Some($block),)*
                $(Unary::$none)|* => None,
            }
        }
    };
}

/// What the tables need of floats beyond [`Float`].
trait Real: Float + Number {
    fn abs(self) -> Self;
    fn ceil(self) -> Self;
    fn floor(self) -> Self;
    fn trunc(self) -> Self;
    fn round(self) -> Self;
}

macro_rules! real {
    ($($t:ty)*) => { $(
        impl Real for $t {
            #[inline(always)]
            fn abs(self) -> $t { self.abs() }
            #[inline(always)]
            fn ceil(self) -> $t { self.ceil() }
            #[inline(always)]
            fn floor(self) -> $t { self.floor() }
            #[inline(always)]
            fn trunc(self) -> $t { self.trunc() }
            #[inline(always)]
            fn round(self) -> $t { self.round_ties_even() }
        }
    )* };
}
real! { f32 f64 }

/// A number that a formula names, or a result of double precision.
#[inline(always)]
fn constant<T: Number>(number: f64) -> T {
    T::from_scalar(storage::Scalar::Float(number))
}

table! { floats<T: Real> -> T {
    Abs => |x| x.abs();
    Acos => |x| x.acos::<L>();
    Acosh => |x| x.acosh::<L>();
    Asin => |x| x.asin::<L>();
    Asinh => |x| x.asinh::<L>();
    Atan => |x| x.atan::<L>();
    Atanh => |x| x.atanh::<L>();
    Ceil => |x| x.ceil();
    Cosh => |x| x.cosh::<L>();
    Deg2rad => |x| x.times(constant(std::f64::consts::PI / 180.0));
    Digamma => |x| constant(gamma::digamma(x.to_f64()));
    Erf => |x| x.erf::<L>();
    Erfc => |x| x.erfc::<L>();
    Erfinv => |x| x.erfinv::<L>();
    Exp2 => |x| x.exp2::<L>();
    Expm1 => |x| x.expm1::<L>();
    Floor => |x| x.floor();
    Frac => |x| x.minus(x.trunc());
    Lgamma => |x| constant(gamma::lgamma(x.to_f64()));
    Log10 => |x| x.log10::<L>();
    Log1p => |x| x.log1p::<L>();
    Log2 => |x| x.log2::<L>();
    Neg => |x| x.times(T::ZERO.minus(T::ONE));
    Rad2deg => |x| x.times(constant(180.0 / std::f64::consts::PI));
    Reciprocal => |x| x.reciprocal::<L>();
    Relu => |x| if x < T::ZERO { T::ZERO } else { x };
    Round => |x| x.round();
    Rsqrt => |x| x.rsqrt::<L>();
    Sgn => |x| if x > T::ZERO { T::ONE } else if x < T::ZERO { T::ZERO.minus(T::ONE) } else { T::ZERO };
    Sign => |x| if x > T::ZERO { T::ONE } else if x < T::ZERO { T::ZERO.minus(T::ONE) } else { T::ZERO };
    Silu => |x| x.silu::<L>();
    Sinc => |x| {
        let angle = x.times(constant(std::f64::consts::PI));
        if x == T::ZERO { T::ONE } else { angle.sin::<L>().over(angle) }
    };
    Sinh => |x| x.sinh::<L>();
    Sqrt => |x| x.sqrt::<L>();
    Tanh => |x| x.tanh::<L>();
    Trigamma => |x| gamma::trigamma::<T, L>(x);
    Trunc => |x| x.trunc();
} special {
    Cos => limited::<Cos, T>;
    Exp => limited::<Exp, T>;
    Log => limited::<Log, T>;
    Sigmoid => limited::<Sigmoid, T>;
    Sin => limited::<Sin, T>;
    Tan => limited::<Tan, T>;
} none { BitwiseNot IsFinite IsInf IsNan IsNegInf IsPosInf LogicalNot Signbit } }

/// Whole numbers, and what of it `bool` has.
trait Whole: Number {
    fn not(self) -> Self;
    fn magnitude(self) -> Self;
}

macro_rules! whole {
    ($($t:ty: |$x:ident| $magnitude:expr;)*) => { $(
        impl Whole for $t {
            #[inline(always)]
            fn not(self) -> $t { !self }
            #[inline(always)]
            fn magnitude(self) -> $t { let $x = self; $magnitude }
        }
    )* };
}
whole! { u8: |x| x; i8: |x| x.wrapping_abs(); i16: |x| x.wrapping_abs(); i32: |x| x.wrapping_abs(); i64: |x| x.wrapping_abs(); }

impl Whole for Bool {
    #[inline(always)]
    fn not(self) -> Bool {
        Bool((self.0 == 0) as u8)
    }
    #[inline(always)]
    fn magnitude(self) -> Bool {
        self
    }
}

table! { wholes<T: Whole> -> T {
    Abs => |x| x.magnitude();
    BitwiseNot => |x| x.not();
    Ceil => |x| x;
    Floor => |x| x;
    Neg => |x| T::ZERO.minus(x);
    Relu => |x| x.larger(T::ZERO);
    Round => |x| x;
    Sgn => |x| if x > T::ZERO { T::ONE } else if x < T::ZERO { T::ZERO.minus(T::ONE) } else { T::ZERO };
    Sign => |x| if x > T::ZERO { T::ONE } else if x < T::ZERO { T::ZERO.minus(T::ONE) } else { T::ZERO };
    Trunc => |x| x;
} special {} none { Acos Acosh Asin Asinh Atan Atanh Cos Cosh Deg2rad Digamma Erf Erfc Erfinv Exp Exp2 Expm1 Frac IsFinite IsInf IsNan IsNegInf IsPosInf Lgamma Log Log10 Log1p Log2 LogicalNot Rad2deg Reciprocal Rsqrt Sigmoid Signbit Silu Sin Sinc Sinh Sqrt Tan Tanh Trigamma } }

table! { tests<T: Number> -> Bool {
    IsFinite => |x| Bool(x.to_f64().is_finite() as u8);
    IsInf => |x| Bool(x.to_f64().is_infinite() as u8);
    IsNan => |x| Bool(x.is_nan() as u8);
    IsNegInf => |x| Bool((x.to_f64() == f64::NEG_INFINITY) as u8);
    IsPosInf => |x| Bool((x.to_f64() == f64::INFINITY) as u8);
    LogicalNot => |x| Bool(!x.truth() as u8);
    Signbit => |x| Bool(x.to_f64().is_sign_negative() as u8);
} special {} none { Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Ceil Cos Cosh Deg2rad Digamma Erf Erfc Erfinv Exp Exp2 Expm1 Floor Frac Lgamma Log Log10 Log1p Log2 Neg Rad2deg Reciprocal Relu Round Rsqrt Sgn Sigmoid Sign Silu Sin Sinc Sinh Sqrt Tan Tanh Trigamma Trunc } }

/// Computes `op` of each element of `x`.
pub fn run(op: Unary, compute: DType, x: Read<'_>, out: &Write<'_>) -> Result<()> {
    let compute = compute_dtype(compute);
    let (own, test) = match compute {
        DType::Bool => (wholes::<Bool>(op), tests::<Bool>(op)),
        DType::U8 => (wholes::<u8>(op), tests::<u8>(op)),
        DType::I8 => (wholes::<i8>(op), tests::<i8>(op)),
        DType::I16 => (wholes::<i16>(op), tests::<i16>(op)),
        DType::I32 => (wholes::<i32>(op), tests::<i32>(op)),
        DType::I64 => (wholes::<i64>(op), tests::<i64>(op)),
        DType::F16 | DType::BF16 | DType::F32 => (floats::<f32>(op), tests::<f32>(op)),
        DType::F64 => (floats::<f64>(op), tests::<f64>(op)),
    };
    let (block, output) = match (own, test) {
        (Some(block), _) => (block, compute),
        (None, Some(block)) => (block, DType::Bool),
        (None, None) => bail!(Unsupported, "\"{}_cpu\" not implemented for '{}'", op.name(), compute.type_name()),
    };
    Elementwise { block, inputs: [compute], output }.run([x], out);
    Ok(())
}
