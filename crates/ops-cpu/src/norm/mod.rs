//! Normalization: each row (or group, or channel) is passed over several times while it lies in the cache, and once in memory.
//! Rows are computed as a whole, so results do not depend on the number of threads.

mod backward;
mod columns;
pub mod lanes;
mod softmax;
mod standard;

use crate::math::Float;
use crate::memory::{Read, Write};
use crate::number::compute_dtype;
use crate::vector::Lanes;
use std::ops::{Add, Div, Mul, Sub};
use tensor_core::op::Norm;
use tensor_core::{DType, Result};

/// The floats in which rows are normalized and recurrent layers run.
pub trait Real:
    Float + Lanes + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// From a double.
    fn from_f64(number: f64) -> Self;
}

impl Real for f32 {
    #[inline(always)]
    fn from_f64(number: f64) -> f32 {
        number as f32
    }
}

impl Real for f64 {
    #[inline(always)]
    fn from_f64(number: f64) -> f64 {
        number
    }
}

/// Computes a normalization or its derivative.
pub fn run(op: Norm, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    // What is no float has no elements, or the plan would have refused it.
    match compute_dtype(compute) {
        DType::F64 => of::<f64>(op, DType::F64, inputs, out),
        _ => of::<f32>(op, DType::F32, inputs, out),
    }
    Ok(())
}

fn of<T: Real>(op: Norm, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    match op {
        Norm::Softmax { dim } => softmax::forward::<T, false>(dim as usize, compute, &inputs[0], out),
        Norm::LogSoftmax { dim } => softmax::forward::<T, true>(dim as usize, compute, &inputs[0], out),
        Norm::SoftmaxBackward { dim } => softmax::backward::<T, false>(dim as usize, compute, inputs, out),
        Norm::LogSoftmaxBackward { dim } => softmax::backward::<T, true>(dim as usize, compute, inputs, out),
        Norm::Standard(standard) => standard::forward::<T>(standard, compute, inputs, out),
        Norm::StandardInput(standard) => standard::input::<T>(standard, compute, inputs, out),
        Norm::StandardAll(standard) => backward::all::<T>(standard, compute, inputs, out),
        Norm::StandardWeight(standard) => standard::weight::<T>(standard, compute, inputs, out),
        Norm::Moments => standard::moments::<T>(compute, &inputs[0], out),
    }
}
