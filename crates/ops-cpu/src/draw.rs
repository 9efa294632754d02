//! Connects random fills to tensors: dtypes, and the order of memory in which strided outputs are visited.

use crate::memory::{Read, Write};
use crate::random::{
    IntegerTarget, RandomElement, bernoulli, bernoulli_from, cauchy, dropout_noise, exponential, geometric, log_normal,
    normal, normal_scattered, randint, random, randperm, uniform,
};
use storage::{bf16, f16};
use tensor_core::op::random::Random;
use tensor_core::random::Mt19937;
use tensor_core::{DType, Generator, Layout, Result, bail};

/// Fills `out` with random numbers, visiting it in the order of memory.
pub fn run(what: &Random, generator: &Generator, out: &mut Write<'_>) -> Result<()> {
    let engine = &mut generator.lock();
    match out.dtype {
        DType::Bool => integers::<bool>(what, engine, out),
        DType::U8 => integers::<u8>(what, engine, out),
        DType::I8 => integers::<i8>(what, engine, out),
        DType::I16 => integers::<i16>(what, engine, out),
        DType::I32 => integers::<i32>(what, engine, out),
        DType::I64 => integers::<i64>(what, engine, out),
        DType::F16 => reals::<f16>(what, engine, out),
        DType::BF16 => reals::<bf16>(what, engine, out),
        DType::F32 => reals::<f32>(what, engine, out),
        DType::F64 => reals::<f64>(what, engine, out),
    }
}

fn reals<T: RandomElement + IntegerTarget>(what: &Random, engine: &mut Mt19937, out: &mut Write<'_>) -> Result<()> {
    match *what {
        Random::Uniform { low, high } => in_memory_order(out, |run: &mut [T]| uniform(engine, run, low, high)),
        Random::Normal { mean, std } if out.layout.is_contiguous() => {
            in_memory_order(out, |run: &mut [T]| normal(engine, run, mean, std));
        }
        Random::Normal { mean, std } => in_memory_order(out, |run: &mut [T]| {
            let mut places = run.iter_mut();
            normal_scattered(engine, places.len(), mean, std, |x| {
                *places.next().expect("one place per number") = T::from_f64(x);
            });
        }),
        Random::BernoulliOf => in_memory_order(out, |run: &mut [T]| bernoulli_from(engine, run)),
        Random::Dropout { p } => in_memory_order(out, |run: &mut [T]| dropout_noise(engine, run, p)),
        Random::Exponential { rate } => in_memory_order(out, |run: &mut [T]| exponential(engine, run, rate)),
        Random::Geometric { p } => in_memory_order(out, |run: &mut [T]| geometric(engine, run, p)),
        Random::LogNormal { mean, std } => in_memory_order(out, |run: &mut [T]| log_normal(engine, run, mean, std)),
        Random::Cauchy { median, sigma } => in_memory_order(out, |run: &mut [T]| cauchy(engine, run, median, sigma)),
        Random::Integers { .. } | Random::AnyInteger | Random::Bernoulli { .. } | Random::Permutation => {
            return integers::<T>(what, engine, out);
        }
    }
    Ok(())
}

fn integers<T: IntegerTarget + Copy>(what: &Random, engine: &mut Mt19937, out: &mut Write<'_>) -> Result<()> {
    match *what {
        Random::Integers { low, high } => in_memory_order(out, |run: &mut [T]| randint(engine, run, low, high)),
        Random::AnyInteger => in_memory_order(out, |run: &mut [T]| random(engine, run)),
        Random::Bernoulli { p } => in_memory_order(out, |run: &mut [T]| bernoulli(engine, run, p)),
        Random::Permutation => in_memory_order(out, |run: &mut [T]| randperm(engine, run)),
        Random::Geometric { p } => in_memory_order(out, |run: &mut [T]| {
            for value in run {
                let mut trials = [0.0];
                geometric(engine, &mut trials, p);
                *value = T::from_i64(trials[0] as i64);
            }
        }),
        Random::Uniform { .. }
        | Random::Normal { .. }
        | Random::BernoulliOf
        | Random::Dropout { .. }
        | Random::Exponential { .. }
        | Random::LogNormal { .. }
        | Random::Cauchy { .. } => {
            bail!(Unsupported, "random reals are not implemented for '{}' on the CPU", out.dtype.type_name())
        }
    }
    Ok(())
}

/// Gives `fill` all elements in the order of memory: at once where they have no gaps, else through a buffer.
fn in_memory_order<T: Copy>(out: &mut Write<'_>, mut fill: impl FnMut(&mut [T])) {
    let numel = out.layout.numel();
    if out.layout.is_dense() {
        if out.dtype == DType::Bool {
            // Recycled memory may hold bytes that are no `bool`.
            // SAFETY: the elements are `numel` neighbouring bytes.
            unsafe { out.pointer::<u8>().write_bytes(0, numel) };
        }
        // SAFETY: without gaps the elements are `numel` neighbours from the offset on, valid values of the dtype's type.
        fill(unsafe { std::slice::from_raw_parts_mut(out.pointer::<T>(), numel) });
        return;
    }
    let sorted = sorted(out.layout);
    let dense = Layout::contiguous(sorted.shape().clone());
    let mut words = vec![0u64; (numel * size_of::<T>()).div_ceil(8)];
    // SAFETY: room for `numel` elements, zero bytes being valid for every element type, aligned to 8.
    fill(unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr().cast::<T>(), numel) });
    crate::convert::copy(Read::dense(words.as_ptr().cast(), &dense, out.dtype), &out.with_layout(&sorted));
}

/// The layout with its dimensions from the widest steps to the narrowest.
fn sorted(layout: &Layout) -> Layout {
    let mut order: Vec<usize> = (0..layout.rank()).collect();
    order.sort_by_key(|dim| std::cmp::Reverse(layout.strides()[*dim]));
    layout.permuted(&order)
}
