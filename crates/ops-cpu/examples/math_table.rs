//! Prints the time of each elementary function over a million elements, in one thread, and its ratio to relu (the
//! limit of memory). A function that is not vector code, or that calls one that is not, stands out by its ratio.
//! `SCONCE_ISA=baseline cargo run --release --example math_table` shows another level.

use std::hint::black_box;
use std::marker::PhantomData;
use std::time::Instant;

use ops_cpu::isa::{Kernel, Level, dispatch, isa};
use ops_cpu::math::Float;
use ops_cpu::math::limited::{Cos, Sin, Tan, map_limited};

trait Function {
    fn map<L: Level>(xs: &[f32], ys: &mut [f32]);
}

struct Map<'a, T>(&'a [f32], &'a mut [f32], PhantomData<T>);

impl<T: Function> Kernel for Map<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        T::map::<L>(self.0, self.1);
    }
}

/// Microseconds of the fastest of several runs.
fn time<T: Function>(xs: &[f32], ys: &mut [f32]) -> f64 {
    let run = |ys: &mut [f32]| {
        let start = Instant::now();
        dispatch(Map(black_box(xs), ys, PhantomData::<T>));
        start.elapsed().as_secs_f64() * 1e6
    };
    (0..15).map(|_| run(ys)).fold(f64::INFINITY, f64::min)
}

macro_rules! table {
    ($xs:ident, $ys:ident, $relu:ident, { $($name:ident($x:ident): $value:expr,)+ }, loops { $($loop:ident)+ }) => {
        $({
            struct T;
            impl Function for T {
                #[inline(always)]
                fn map<L: Level>(xs: &[f32], ys: &mut [f32]) {
                    for ($x, y) in xs.iter().copied().zip(ys) {
                        *y = $value;
                    }
                }
            }
            let us = time::<T>(&$xs, &mut $ys);
            if $relu == 0.0 {
                $relu = us;
            }
            println!("{:12} {us:9.1} {:7.2}", stringify!($name), us / $relu);
        })+
        $({
            struct T;
            impl Function for T {
                #[inline(always)]
                fn map<L: Level>(xs: &[f32], ys: &mut [f32]) {
                    map_limited::<L, $loop, f32>(xs, ys);
                }
            }
            let us = time::<T>(&$xs, &mut $ys);
            println!("{:12} {us:9.1} {:7.2}", stringify!($loop), us / $relu);
        })+
    };
}

fn main() {
    let xs: Vec<f32> = (0..1 << 20).map(|i| (i % 4001) as f32 / 500.0 - 4.0).collect();
    let mut ys = vec![0.0; xs.len()];
    let mut relu = 0.0;
    println!("{:?}\nfunction        µs / 1M  / relu", isa());
    table!(xs, ys, relu, {
        relu(x): if x < 0.0 { 0.0 } else { x },
        exp(x): Float::exp::<L>(x),
        exp2(x): Float::exp2::<L>(x),
        expm1(x): Float::expm1::<L>(x),
        log(x): Float::log::<L>(x),
        log2(x): Float::log2::<L>(x),
        log10(x): Float::log10::<L>(x),
        log1p(x): Float::log1p::<L>(x),
        asin(x): Float::asin::<L>(x),
        acos(x): Float::acos::<L>(x),
        atan(x): Float::atan::<L>(x),
        atan2(x): Float::atan2::<L>(x, 1.5 - x),
        sinh(x): Float::sinh::<L>(x),
        cosh(x): Float::cosh::<L>(x),
        tanh(x): Float::tanh::<L>(x),
        asinh(x): Float::asinh::<L>(x),
        acosh(x): Float::acosh::<L>(x),
        atanh(x): Float::atanh::<L>(x),
        sigmoid(x): Float::sigmoid::<L>(x),
        silu(x): Float::silu::<L>(x),
        mish(x): Float::mish::<L>(x),
        erf(x): Float::erf::<L>(x),
        erfc(x): Float::erfc::<L>(x),
        gelu(x): Float::gelu::<L>(x),
        gelu_tanh(x): Float::gelu_tanh::<L>(x),
        softplus(x): Float::softplus::<L>(x, 1.0, 20.0),
        elu(x): Float::elu::<L>(x, 1.0, 1.0, 1.0),
        selu(x): Float::selu::<L>(x),
        pow(x): Float::pow::<L>(x, 2.5),
        sqrt(x): Float::sqrt::<L>(x),
        rsqrt(x): Float::rsqrt::<L>(x),
        reciprocal(x): Float::reciprocal::<L>(x),
        erfinv(x): Float::erfinv::<L>(x),
    }, loops { Sin Cos Tan });
}
