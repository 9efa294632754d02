//! Functions of three elements, each in one pass; half types compute in `f32`, block by block.

use crate::elementwise::{Block, Elementwise};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype, with_number};
use storage::Scalar;
use tensor_core::op::Ternary;
use tensor_core::{DType, Dims, Layout, Result};

/// One function at one type; `v` is its number, where it has one.
trait Mix<T> {
    fn mix(x: T, a: T, b: T, v: T) -> T;
}

struct Run<M, T> {
    x: [*const T; 4],
    steps: [usize; 4],
    y: *mut T,
    n: usize,
    mix: std::marker::PhantomData<M>,
}

impl<M: Mix<T>, T: Number> Kernel for Run<M, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() >= 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Run { x: [x, a, b, v], steps, y, n, .. } = self;
        if n == 0 {
            return;
        }
        // SAFETY: the contract of `Block`; each element is read before its place is written, and of `v` there is one.
        unsafe {
            let v = *v;
            match steps {
                [1, 1, 1, _] if x != y.cast_const() => {
                    let (x, a) = (std::slice::from_raw_parts(x, n), std::slice::from_raw_parts(a, n));
                    let (b, y) = (std::slice::from_raw_parts(b, n), std::slice::from_raw_parts_mut(y, n));
                    for i in 0..n {
                        y[i] = M::mix(x[i], a[i], b[i], v);
                    }
                }
                [1, 1, 1, _] => {
                    let (a, b) = (std::slice::from_raw_parts(a, n), std::slice::from_raw_parts(b, n));
                    for i in 0..n {
                        y.add(i).write(M::mix(*y.add(i), a[i], b[i], v));
                    }
                }
                [1, 1, 0, _] => {
                    let (a, b) = (std::slice::from_raw_parts(a, n), *b);
                    for i in 0..n {
                        y.add(i).write(M::mix(*x.add(i), a[i], b, v));
                    }
                }
                [s, t, u, _] => {
                    for i in 0..n {
                        y.add(i).write(M::mix(*x.add(i * s), *a.add(i * t), *b.add(i * u), v));
                    }
                }
            }
        }
    }
}

/// With a number as the fourth operand.
unsafe fn with_value<M: Mix<T>, T: Number>(x: [*const u8; 4], steps: [usize; 4], y: *mut u8, n: usize) {
    dispatch(Run { x: x.map(|x| x.cast::<T>()), steps, y: y.cast(), n, mix: std::marker::PhantomData::<M> });
}

/// Without one.
unsafe fn alone<M: Mix<T>, T: Number>([x, a, b]: [*const u8; 3], [s, t, u]: [usize; 3], y: *mut u8, n: usize) {
    let operands = [x, a, b, x].map(|x| x.cast::<T>());
    dispatch(Run { x: operands, steps: [s, t, u, 0], y: y.cast(), n, mix: std::marker::PhantomData::<M> });
}

macro_rules! mixes {
    ($($name:ident => |$x:ident, $a:ident, $b:ident, $v:ident| $y:expr;)*) => { $(
        struct $name;
        impl<T: Number> Mix<T> for $name {
            #[inline(always)]
            fn mix($x: T, $a: T, $b: T, $v: T) -> T { $y }
        }
    )* };
}

mixes! {
    Addcmul => |x, a, b, v| x.plus(v.times(a).times(b));
    Addcdiv => |x, a, b, v| x.plus(v.times(a).over(b));
    // From the nearer end, so that both ends are met exactly.
    Lerp => |x, a, b, _v| {
        let (way, rest) = (a.minus(x), T::ONE.minus(b));
        let half = T::from_scalar(Scalar::Float(0.5));
        if (b < half) & (b > T::ZERO.minus(half)) { x.plus(b.times(way)) } else { a.minus(way.times(rest)) }
    };
}

/// Computes `op`.
pub fn run(op: Ternary, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let compute = compute_dtype(compute);
    let scalar = Layout::contiguous(Dims::scalar());
    let mut word = [0u64];
    let number = match op {
        Ternary::Addcmul { value } | Ternary::Addcdiv { value } => value,
        Ternary::LerpBy { weight } => Scalar::Float(weight),
        Ternary::Lerp => Scalar::Int(0),
    };
    crate::select::write_number(&mut word, compute, number);
    let number = Read::number(word.as_ptr().cast(), &scalar, compute);
    let weighted = |block: Block<3>, weight: Read<'_>| {
        Elementwise { block, inputs: [compute; 3], output: compute }.run([inputs[0], inputs[1], weight], out);
    };
    let valued = |block: Block<4>| {
        let operands = [inputs[0], inputs[1], inputs[2], number];
        Elementwise { block, inputs: [compute; 4], output: compute }.run(operands, out);
    };
    match op {
        Ternary::Addcmul { .. } => valued(with_number!(compute, T => with_value::<Addcmul, T>)),
        Ternary::Addcdiv { .. } => valued(with_number!(compute, T => with_value::<Addcdiv, T>)),
        Ternary::Lerp => weighted(with_number!(compute, T => alone::<Lerp, T>), inputs[2]),
        Ternary::LerpBy { .. } => weighted(with_number!(compute, T => alone::<Lerp, T>), number),
    }
    Ok(())
}
