//! Random numbers by Philox (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a function of a key and of an
//! element's number, so that they do not depend on how elements are shared out. Each fill takes its key from the generator,
//! which therefore seeds the GPU's numbers, too; they are others than the CPU's.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::Kernel;
use crate::map;
use crate::own::Own;
use crate::unsupported;
use storage::{DType, Scalar};
use tensor_core::op::random::Random;
use tensor_core::op::{Convert, Sort};
use tensor_core::{Device, Generator, Input, Op, Output, Result};

const PHILOX: &str = include_str!("../shaders/philox.wgsl");

/// The bits that a dtype counts exactly.
fn whole_bits(dtype: DType) -> u32 {
    match dtype {
        DType::Bool => 1,
        DType::U8 => 8,
        DType::I8 => 7,
        DType::I16 => 15,
        DType::I32 => 31,
        DType::I64 => 63,
        DType::F16 => 11,
        DType::BF16 => 8,
        DType::F32 => 24,
        DType::F64 => 53,
    }
}

pub(crate) fn run(gpu: &Gpu, what: &Random, generator: &Generator, output: &Output<'_>) -> Result<()> {
    let key = generator.lock().next_u64();
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let kind = Kind::of(output.dtype);
    let mut kernel = Kernel::new(gpu, "random");
    kernel.size("key_low", key as u32 as usize).size("key_high", (key >> 32) as usize);
    // Of whole numbers the distributions are rounded down, as casts do.
    let real = if kind == Kind::F64 { Kind::F64 } else { Kind::F32 };
    let mut number = |name, value: f64| _ = kernel.number(name, real, Scalar::Float(value));
    let (variant, result, expression) = match *what {
        Random::Uniform { low, high } => {
            number("low", low);
            number("high", high);
            (0, real, "uniform_in(i, low(), high())")
        }
        Random::Normal { mean, std } => {
            number("mean", mean);
            number("deviation", std);
            (1, real, "mean() + deviation() * normal(i)")
        }
        Random::Exponential { rate } => {
            number("rate", rate);
            (2, real, "-log_(positive(i)) / rate()")
        }
        Random::Geometric { p } => {
            number("log_rest", (-p).ln_1p());
            (3, real, "max(R(1), ceil(log_(positive(i)) / log_rest()))")
        }
        Random::LogNormal { mean, std } => {
            number("mean", mean);
            number("deviation", std);
            (4, real, "exp_(mean() + deviation() * normal(i))")
        }
        Random::Cauchy { median, sigma } => {
            number("median", median);
            number("sigma", sigma);
            (5, real, "median() + sigma() * tangent(positive(i))")
        }
        Random::Bernoulli { p } => {
            number("p", p);
            (6, Kind::I32, "select(0i, 1i, unit(i) < p())")
        }
        Random::BernoulliOf => (7, Kind::I32, "select(0i, 1i, unit(i) < p(y_at(i)))"),
        Random::Dropout { p } => {
            number("p", p);
            number("kept", 1.0 / (1.0 - p));
            (8, real, "select(kept(), R(0), unit(i) < p())")
        }
        Random::Integers { low, high } => return integers(gpu, key, low, high.wrapping_sub(low) as u64, output),
        Random::AnyInteger => return integers(gpu, key, 0, 1u64 << whole_bits(output.dtype), output),
        Random::Permutation => return permutation(gpu, key, output),
    };
    kernel.variant(variant);
    let own = Input { source: None, layout: output.layout, dtype: output.dtype };
    if matches!(what, Random::BernoulliOf) {
        kernel.read("p", &own, real);
    }
    map::gather(&mut kernel, &[], output, result, || {
        // Where an element's probability lies is asked also where words are written whole.
        text(real) + &format!("fn element(i: u32) -> {} {{ return {expression}; }}\n", result.name())
    })
}

/// The generator and what is drawn from it, real numbers in R.
fn text(real: Kind) -> String {
    let library = if real == Kind::F64 { crate::MATH_DOUBLE } else { crate::MATH };
    let unit = match real {
        Kind::F64 => {
            "
fn unit(i: u32) -> R {
    let w = philox(i);
    return f64(w.x >> 5u) * 1.1102230246251565e-16lf * 67108864.0lf + f64(w.y >> 6u) * 1.1102230246251565e-16lf;
}
fn positive(i: u32) -> R { return R(1) - unit(i); }
fn angle(w: u32) -> R { return f64(w) * 2.3283064365386963e-10lf; }
"
        }
        _ => {
            "
fn unit(i: u32) -> R { return f32(philox(i).x >> 8u) * 5.9604645e-8; }
fn positive(i: u32) -> R { return f32((philox(i).x >> 8u) + 1u) * 5.9604645e-8; }
fn angle(w: u32) -> R { return f32(w >> 8u) * 5.9604645e-8; }
"
        }
    };
    format!("alias R = {};\n", real.name())
        + library
        + PHILOX
        + unit
        + "
fn cos_turn(a: R) -> R { return cos_(a * 6.2831853071795864769); }
fn tangent(u: R) -> R { return tan_(3.1415926535897932385 * (u - 0.5)); }

// [low, high), also where rounding would reach it.
fn uniform_in(i: u32, low: R, high: R) -> R {
    let v = low + (high - low) * unit(i);
    return select(v, low, v >= high && high > low);
}

// Box and Muller 1958.
fn normal(i: u32) -> R { return sqrt(R(-2) * log_(positive(i))) * cos_turn(angle(philox(i).z)); }
"
}

/// Whole numbers: `low` and up, `range` of them, of which zero stands for all of 64 bits.
fn integers(gpu: &Gpu, key: u64, low: i64, range: u64, output: &Output<'_>) -> Result<()> {
    let narrow =
        range > 0 && range <= 1 << 32 && low >= i64::from(i32::MIN) && low + (range as i64 - 1) <= i64::from(i32::MAX);
    let kind = if narrow { Kind::I32 } else { Kind::I64 };
    if !narrow && !gpu.info().int64 {
        return Err(unsupported(gpu, "random numbers of so wide a range", output.dtype));
    }
    let mut kernel = Kernel::new(gpu, "random_integers");
    kernel.variant(u32::from(narrow)).variant(u32::from(range == 0));
    kernel.size("key_low", key as u32 as usize).size("key_high", (key >> 32) as usize);
    kernel.number("low", kind, Scalar::Int(low));
    kernel.size("range_low", range as u32 as usize).size("range_high", (range >> 32) as usize);
    map::gather(&mut kernel, &[], output, kind, || {
        let body = match (narrow, range) {
            (true, range) if range == 1 << 32 => "return low() + bitcast<i32>(w.x);",
            (true, _) => "return low() + bitcast<i32>(w.x % range_low());",
            (false, 0) => "return low() + bitcast<i64>(u64(w.x) | (u64(w.y) << 32u));",
            (false, _) => {
                "let range = u64(range_low()) | (u64(range_high()) << 32u);
    return low() + bitcast<i64>((u64(w.x) | (u64(w.y) << 32u)) % range);"
            }
        };
        format!("{PHILOX}\nfn element(i: u32) -> {} {{\n    let w = philox(i);\n    {body}\n}}\n", kind.name())
    })
}

/// The places that sort random keys.
fn permutation(gpu: &Gpu, key: u64, output: &Output<'_>) -> Result<()> {
    let n = output.layout.numel();
    let keys = Own::new(gpu, &[n], DType::I32)?;
    integers(gpu, key, i64::from(i32::MIN), 1 << 32, &keys.output())?;
    let order = Own::of(gpu, Op::Sort(Sort::Argsort { dim: 0, descending: false }), &[keys.input()], &[n], DType::I64)?;
    let mut target = crate::own::output_as(output, output.layout);
    gpu.run(&Op::Convert(Convert::Copy), DType::I64, &[order.input()], &mut target)
}
