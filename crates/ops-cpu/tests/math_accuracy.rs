//! Accuracy of the f32 functions at every level that this processor has, against f64 values of the standard library
//! and `libm`: a million bit patterns over all of f32, two million numbers where things happen, and special values.
//! Errors are in units of the last place (ulp) of the exact value; `cargo test --test math_accuracy -- --nocapture`
//! prints the worst.

use std::f64::consts::FRAC_1_SQRT_2;
use std::marker::PhantomData;

use ops_cpu::isa::{Baseline, Kernel, Level};
use ops_cpu::math::Float;
use ops_cpu::math::limited::{Cos, Exp, Limited, Log, Sigmoid, Sin, Tan, map_limited, map_limited_in_place};

/// A function of two arguments (the second is ignored by functions of one).
trait Function {
    const NAME: &'static str;
    /// The largest error allowed, in ulp, with fused multiply-add and without.
    const BOUNDS: [f64; 2];
    fn single<L: Level>(x: f32, y: f32) -> f32;
    fn exact(x: f64, y: f64) -> f64;
}

struct Map<'a, T>(&'a [(f32, f32)], &'a mut [f32], PhantomData<T>);

impl<T: Function> Kernel for Map<'_, T> {
    type Output = bool;
    #[inline(always)]
    fn run<L: Level>(self) -> bool {
        for ((x, y), out) in self.0.iter().zip(self.1) {
            *out = T::single::<L>(*x, *y);
        }
        L::FMA
    }
}

/// What runs a kernel at one level.
type Runner<K> = (&'static str, fn(K) -> <K as Kernel>::Output);

fn levels<K: Kernel>() -> Vec<Runner<K>> {
    let mut all: Vec<Runner<K>> = vec![("baseline", |k| k.run::<Baseline>())];
    #[cfg(target_arch = "x86_64")]
    {
        use ops_cpu::isa::{Avx2, Avx512};
        #[target_feature(enable = "avx2,fma")]
        fn avx2<K: Kernel>(k: K) -> K::Output {
            k.run::<Avx2>()
        }
        #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
        fn avx512<K: Kernel>(k: K) -> K::Output {
            k.run::<Avx512>()
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the processor has just confirmed the instructions.
            all.push(("avx2", |k| unsafe { avx2(k) }));
            if ["avx512f", "avx512vl", "avx512dq", "avx512bw"].iter().all(|f| has(f)) {
                // SAFETY: as above.
                all.push(("avx512", |k| unsafe { avx512(k) }));
            }
        }
    }
    all
}

#[cfg(target_arch = "x86_64")]
fn has(feature: &str) -> bool {
    match feature {
        "avx512f" => is_x86_feature_detected!("avx512f"),
        "avx512vl" => is_x86_feature_detected!("avx512vl"),
        "avx512dq" => is_x86_feature_detected!("avx512dq"),
        _ => is_x86_feature_detected!("avx512bw"),
    }
}

/// The error of `got` in ulp; infinite where a NaN, a sign or an infinity is wrong.
fn error(got: f32, exact: f64) -> f64 {
    if got.is_nan() || exact.is_nan() {
        return if got.is_nan() && exact.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if got.is_sign_negative() != exact.is_sign_negative() || (exact.is_infinite() && got.is_finite()) {
        return f64::INFINITY;
    }
    if got == exact as f32 && (got.is_infinite() || exact == 0.0) {
        return 0.0;
    }
    // An infinity stands for the first power of two that f32 does not have.
    let value = if got.is_infinite() { 2f64.powi(128).copysign(exact) } else { f64::from(got) };
    let exact = exact.clamp(-(2f64.powi(128)), 2f64.powi(128));
    let exponent = ((exact.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    (value - exact).abs() / 2f64.powi(exponent.clamp(-126, 127) - 23)
}

const SPECIAL: [f32; 34] = [
    0.0,
    1e-45,
    1e-40,
    f32::MIN_POSITIVE,
    1e-30,
    1e-20,
    2.9e-8,
    6e-8,
    1.2e-7,
    2.4e-4,
    0.25,
    0.5,
    0.70710677,
    0.9999999,
    1.0,
    1.0000001,
    std::f32::consts::SQRT_2,
    1.5,
    2.0,
    3.0,
    14.6,
    20.0,
    88.72283,
    88.72284,
    89.41598,
    103.97208,
    125.0,
    8388607.5,
    8388609.0,
    16777215.0,
    3.3e38,
    f32::MAX,
    f32::INFINITY,
    f32::NAN,
];

fn samples(two: bool) -> Vec<(f32, f32)> {
    if two {
        let specials = SPECIAL.iter().flat_map(|x| SPECIAL.iter().map(move |y| (*x, *y)));
        let signed = specials.flat_map(|(x, y)| [(x, y), (-x, y), (x, -y), (-x, -y)]);
        let mut state = 1u64;
        let mut word = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 32) as u32
        };
        let unit = |w: u32| (w >> 8) as f32 / 16_777_216.0;
        let any = (0..700_000).map(|_| (f32::from_bits(word()), f32::from_bits(word()))).collect::<Vec<_>>();
        let near = (0..700_000).map(|_| (unit(word()) * 4.0, unit(word()) * 160.0 - 80.0)).collect::<Vec<_>>();
        let whole = (0..100_000).map(|_| (unit(word()) * -9.0, (word() % 64) as f32 - 32.0)).collect::<Vec<_>>();
        return signed.chain(any).chain(near).chain(whole).collect();
    }
    let specials = SPECIAL.iter().flat_map(|x| [*x, -x]);
    let patterns = (0..=u32::MAX).step_by(4001).map(f32::from_bits);
    let dense = [1.5f32, 20.0, 110.0, 30_000.0];
    let dense = dense.iter().flat_map(|m| (-250_000..=250_000).map(move |i| m * (i as f32 / 250_000.0)));
    specials.chain(patterns).chain(dense).map(|x| (x, 0.0)).collect()
}

fn check<T: Function>(xs: &[(f32, f32)]) {
    let exact: Vec<f64> = xs.iter().map(|(x, y)| T::exact(f64::from(*x), f64::from(*y))).collect();
    let mut failures = String::new();
    for i in 0..levels::<Map<T>>().len() {
        let (level, run) = levels::<Map<T>>()[i];
        let mut got = vec![0.0; xs.len()];
        let fused = run(Map(xs, &mut got, PhantomData));
        let errors = got.iter().zip(&exact).map(|(got, exact)| error(*got, *exact));
        let (at, worst) = errors.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        let bound = T::BOUNDS[usize::from(!fused)];
        let (x, y) = xs[at];
        let line = format!("{:10} {level:9} {worst:.3} ulp at ({x:e}, {y:e}): {:e}, {:e}", T::NAME, got[at], exact[at]);
        println!("{line}");
        if worst.is_nan() || worst > bound {
            failures += &format!("{line}; allowed {bound}\n");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

macro_rules! functions {
    ($($name:ident($x:ident, $y:ident) $two:literal $fma:literal $base:literal: $single:expr, $exact:expr;)+) => {$(
        #[test]
        fn $name() {
            struct T;
            impl Function for T {
                const NAME: &'static str = stringify!($name);
                const BOUNDS: [f64; 2] = [$fma, $base];
                #[inline(always)]
                fn single<L: Level>($x: f32, $y: f32) -> f32 {
                    _ = $y;
                    $single
                }
                fn exact($x: f64, $y: f64) -> f64 {
                    _ = $y;
                    $exact
                }
            }
            check::<T>(&samples($two));
        }
    )+};
}

fn sigmoid_64(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    (if x < 0.0 { e } else { 1.0 }) / (1.0 + e)
}

fn nan_at_negative_infinity(x: f64, y: f64) -> f64 {
    if x == f64::NEG_INFINITY { f64::NAN } else { y }
}

fn gelu_tanh_64(x: f64) -> f64 {
    let u = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3));
    nan_at_negative_infinity(x, x * sigmoid_64(2.0 * u))
}

fn softplus_64(x: f64, beta: f64) -> f64 {
    let z = x * beta;
    if z > 20.0 { x } else { (z.max(0.0) + (-z.abs()).exp().ln_1p()) / beta }
}

fn mish_64(x: f64) -> f64 {
    let e = x.min(40.0).exp();
    x * (e * (e + 2.0) / (e * (e + 2.0) + 2.0))
}

fn elu_64(x: f64, alpha: f64, scale: f64) -> f64 {
    if x <= 0.0 { x.exp_m1() * (alpha * scale) } else { x * scale }
}

const SELU: (f32, f32) = (1.673_263_2, 1.050_701);

functions! {
    exp(x, y) false 1.1 1.1: Float::exp::<L>(x), x.exp();
    exp2(x, y) false 1.0 1.25: Float::exp2::<L>(x), x.exp2();
    expm1(x, y) false 1.75 1.75: Float::expm1::<L>(x), x.exp_m1();
    log(x, y) false 1.0 1.0: Float::log::<L>(x), x.ln();
    log2(x, y) false 1.1 2.0: Float::log2::<L>(x), x.log2();
    log10(x, y) false 1.1 2.0: Float::log10::<L>(x), x.log10();
    log1p(x, y) false 1.6 1.6: Float::log1p::<L>(x), x.ln_1p();
    sin(x, y) false 1.6 1.6: Float::sin::<L>(x), x.sin();
    cos(x, y) false 1.6 1.6: Float::cos::<L>(x), x.cos();
    tan(x, y) false 1.6 1.6: Float::tan::<L>(x), x.tan();
    asin(x, y) false 2.5 2.5: Float::asin::<L>(x), x.asin();
    acos(x, y) false 1.25 1.25: Float::acos::<L>(x), x.acos();
    atan(x, y) false 1.5 1.5: Float::atan::<L>(x), x.atan();
    sinh(x, y) false 1.75 1.75: Float::sinh::<L>(x), x.sinh();
    cosh(x, y) false 1.5 1.5: Float::cosh::<L>(x), x.cosh();
    tanh(x, y) false 1.1 1.1: Float::tanh::<L>(x), x.tanh();
    asinh(x, y) false 0.51 0.51: Float::asinh::<L>(x), x.asinh();
    acosh(x, y) false 0.51 0.51: Float::acosh::<L>(x), x.acosh();
    atanh(x, y) false 0.51 0.51: Float::atanh::<L>(x), x.atanh();
    sigmoid(x, y) false 2.0 2.0: Float::sigmoid::<L>(x), sigmoid_64(x);
    silu(x, y) false 2.5 2.5: Float::silu::<L>(x), nan_at_negative_infinity(x, x * sigmoid_64(x));
    mish(x, y) false 2.5 2.5: Float::mish::<L>(x), mish_64(x);
    erf(x, y) false 1.1 1.25: Float::erf::<L>(x), libm::erf(x);
    erfc(x, y) false 0.51 0.51: Float::erfc::<L>(x), libm::erfc(x);
    erfinv(x, y) false 0.51 0.51: Float::erfinv::<L>(x), Float::erfinv::<Baseline>(x);
    gelu(x, y) false 7.0 7.0: Float::gelu::<L>(x), x * (0.5 * libm::erfc(-x * FRAC_1_SQRT_2));
    gelu_tanh(x, y) false 4.0 4.0: Float::gelu_tanh::<L>(x.max(-1.0)), gelu_tanh_64(x.max(-1.0));
    gelu_tanh_tail(x, y) false 320.0 320.0: Float::gelu_tanh::<L>(x), gelu_tanh_64(x);
    softplus(x, y) false 2.5 2.5: Float::softplus::<L>(x, 1.0, 20.0), softplus_64(x, 1.0);
    softplus_beta(x, y) false 2.5 2.5: Float::softplus::<L>(x, 0.5, 20.0), softplus_64(x, 0.5);
    elu(x, y) false 1.1 1.1: Float::elu::<L>(x, 1.0, 1.0, 1.0), elu_64(x, 1.0, 1.0);
    selu(x, y) false 2.0 2.0: Float::selu::<L>(x), elu_64(x, f64::from(SELU.0), f64::from(SELU.1));
    sqrt(x, y) false 0.5 0.5: Float::sqrt::<L>(x), x.sqrt();
    rsqrt(x, y) false 1.5 1.5: Float::rsqrt::<L>(x), 1.0 / x.sqrt();
    reciprocal(x, y) false 0.5 0.5: Float::reciprocal::<L>(x), 1.0 / x;
    atan2(x, y) true 2.5 2.5: Float::atan2::<L>(x, y), x.atan2(y);
    pow(x, y) true 0.51 0.51: Float::pow::<L>(x, y), x.powf(y);
}

/// Runs one of the loops with a fast form over blocks with and without large arguments.
struct Loop<'a, O>(&'a [f32], &'a mut [f32], PhantomData<O>);

impl<O: Limited> Kernel for Loop<'_, O> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        map_limited::<L, O, f32>(self.0, self.1);
        let mut copy = self.0.to_vec();
        map_limited_in_place::<L, O, f32>(&mut copy);
        assert!(copy.iter().zip(self.1).all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())));
    }
}

/// Writes the fast form and the other one of each argument.
struct Forms<'a, O>(&'a [f32], &'a mut [[f32; 2]], PhantomData<O>);

impl<O: Limited> Kernel for Forms<'_, O> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        for (x, y) in self.0.iter().zip(self.1) {
            *y = [O::within::<L, f32>(*x), O::anywhere::<L, f32>(*x)];
        }
    }
}

fn check_loop<O: Limited>(exact: fn(f64) -> f64) {
    // A whole block within every limit, and what the limits are about.
    let mut xs: Vec<f32> = (0..5000).map(|i| i as f32 * 0.37 - 900.0).collect();
    xs[..1024].iter_mut().enumerate().for_each(|(i, x)| *x = (i as f32 + 0.5) * 0.08);
    xs[1024..1100].iter_mut().enumerate().for_each(|(i, x)| *x = f32::from_bits(1 << (i % 31) | (i as u32 / 31) << 31));
    xs[700] = 3e9;
    xs[2100] = f32::NEG_INFINITY;
    xs[2101] = -30_001.0;
    xs[4000] = f32::NAN;
    for i in 0..levels::<Loop<O>>().len() {
        let (level, run) = levels::<Loop<O>>()[i];
        let mut ys = vec![0.0; xs.len()];
        run(Loop(&xs, &mut ys, PhantomData));
        for (x, y) in xs.iter().zip(ys) {
            assert!(error(y, exact(f64::from(*x))) <= 2.0, "{level}: {x} gave {y}");
        }
        let within: Vec<f32> = xs.iter().copied().filter(|x| !O::is_beyond(*x) && !x.is_nan()).collect();
        assert!(within.len() > 1000);
        let (_, run) = levels::<Forms<O>>()[i];
        let mut forms = vec![[0.0; 2]; within.len()];
        run(Forms(&within, &mut forms, PhantomData));
        for (x, [fast, other]) in within.iter().zip(forms) {
            assert_eq!(fast.to_bits(), other.to_bits(), "{level}: {x} gave {fast} and {other}");
        }
    }
}

#[test]
fn loops_with_a_limit_hold_everywhere() {
    check_loop::<Exp>(f64::exp);
    check_loop::<Log>(f64::ln);
    check_loop::<Sigmoid>(sigmoid_64);
    check_loop::<Sin>(f64::sin);
    check_loop::<Cos>(f64::cos);
    check_loop::<Tan>(f64::tan);
}

#[test]
fn f64_functions_agree_with_known_values() {
    // Values to 17 digits by mpmath, at 50 digits of working precision.
    let close = |got: f64, expected: f64| {
        assert!((got - expected).abs() <= 2e-15 * expected.abs(), "{got:e} should be {expected:e}");
    };
    close(Float::sigmoid::<Baseline>(-3.0f64), 0.04742587317756678);
    close(Float::sigmoid::<Baseline>(0.75f64), 0.679178699175393);
    close(Float::sigmoid::<Baseline>(2.0f64), 0.8807970779778824);
    close(Float::silu::<Baseline>(-3.0f64), -0.14227761953270035);
    close(Float::silu::<Baseline>(0.75f64), 0.5093840243815447);
    close(Float::silu::<Baseline>(2.0f64), 1.7615941559557649);
    close(Float::mish::<Baseline>(-3.0f64), -0.14564746127562458);
    close(Float::mish::<Baseline>(0.75f64), 0.6100183352182934);
    close(Float::mish::<Baseline>(2.0f64), 1.9439589595339946);
    close(Float::gelu::<Baseline>(-3.0f64), -0.0040496940948902835);
    close(Float::gelu::<Baseline>(0.75f64), 0.5800294857173488);
    close(Float::gelu::<Baseline>(2.0f64), 1.9544997361036416);
    close(Float::gelu_tanh::<Baseline>(-3.0f64), -0.0036373920817730186);
    close(Float::gelu_tanh::<Baseline>(0.75f64), 0.5799605551656203);
    close(Float::gelu_tanh::<Baseline>(2.0f64), 1.954597694087775);
    close(Float::selu::<Baseline>(-3.0f64), -1.670568728767112);
    close(Float::selu::<Baseline>(0.75f64), 0.7880257405166103);
    close(Float::selu::<Baseline>(2.0f64), 2.101401974710961);
    close(Float::softplus::<Baseline>(-20.0f64, 2.0, 20.0), 2.1241771276457944e-18);
    close(Float::softplus::<Baseline>(0.3f64, 2.0, 20.0), 0.5187439752429428);
    close(Float::erf::<Baseline>(-0.5f64), -0.5204998778130465);
    close(Float::erf::<Baseline>(1.25f64), 0.9229001282564583);
    close(Float::erfc::<Baseline>(3.5f64), 7.430983723414128e-07);
    close(Float::erfc::<Baseline>(10.0f64), 2.088487583762545e-45);
    close(Float::erfinv::<Baseline>(1e-12f64), 8.86226925452758e-13);
    close(Float::erfinv::<Baseline>(0.3f64), 0.2724627147267544);
    close(Float::erfinv::<Baseline>(-0.75f64), -0.8134198475976185);
    close(Float::erfinv::<Baseline>(0.999f64), 2.3267537655135246);
    close(Float::erfinv::<Baseline>(0.9999999999f64), 4.572824958544925);
    assert!(Float::erfinv::<Baseline>(1.5f64).is_nan() && Float::erfinv::<Baseline>(1.0f64) == f64::INFINITY);
    assert!(Float::silu::<Baseline>(f64::NAN).is_nan() && Float::softplus::<Baseline>(f64::NAN, 1.0, 20.0).is_nan());
}
