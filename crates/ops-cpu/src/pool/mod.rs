//! Pools, image by image: windows are reduced down their columns into one row first, then along that row, each step a loop over
//! neighbouring elements. Half types compute in `f32`.

mod columns;
mod planes;
mod windows;

use crate::dense::{self, Dense, Shared};
use crate::isa::{Baseline, Kernel, dispatch};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype};
use crate::team;
use planes::Plane;
use smallvec::SmallVec;
use tensor_core::op::Pool;
use tensor_core::{DType, Result};
use windows::Windows;

/// Elements below which images are not given away.
const GRAIN: usize = 16 << 10;

/// Computes a pool or a gradient of one.
pub fn run(op: Pool, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let compute = compute_dtype(compute);
    let (from, to) = (&inputs[0].layout.shape()[..], &out.layout.shape()[..]);
    let sides = |shape: &[usize]| [shape[shape.len() - 2], shape[shape.len() - 1]];
    let (input, output) = match op {
        Pool::Max(_) | Pool::MaxIndex(_) | Pool::Mean(_) => (sides(from), sides(to)),
        Pool::MaxGradient(_) | Pool::MeanGradient(_) => (sides(to), sides(from)),
    };
    let (Pool::Max(pooling)
    | Pool::MaxIndex(pooling)
    | Pool::MaxGradient(pooling)
    | Pool::Mean(pooling)
    | Pool::MeanGradient(pooling)) = op;
    let windows: [Windows; 2] = std::array::from_fn(|i| Windows::new(&pooling, i, input[i], output[i]));
    let images: usize = from[..from.len() - 2].iter().product();
    let job = Job { op, windows: &windows, input, output, images, divisor: pooling.divisor as i64 };
    match compute {
        DType::F32 => job.run(compute, f32::LOWEST, inputs, out),
        DType::F64 => job.run(compute, f64::LOWEST, inputs, out),
        // Pools of whole numbers are rare: one kernel for all of them.
        DType::U8 => job.run(DType::I64, 0i64, inputs, out),
        DType::I8 => job.run(DType::I64, i8::LOWEST as i64, inputs, out),
        DType::I16 => job.run(DType::I64, i16::LOWEST as i64, inputs, out),
        DType::I32 => job.run(DType::I64, i32::LOWEST as i64, inputs, out),
        DType::I64 => job.run(DType::I64, i64::LOWEST, inputs, out),
        DType::Bool | DType::F16 | DType::BF16 => unreachable!("refused by the plan, or computed in float32"),
    }
    Ok(())
}

struct Job<'a> {
    op: Pool,
    windows: &'a [Windows; 2],
    input: [usize; 2],
    output: [usize; 2],
    images: usize,
    divisor: i64,
}

impl Job<'_> {
    /// `lowest` is the lowest number of the elements' dtype, of which an empty window's result is made.
    fn run<T: Number>(&self, compute: DType, lowest: T, inputs: &[Read<'_>], out: &Write<'_>) {
        let dense: SmallVec<[Dense<T>; 2]> = inputs.iter().map(|x| Dense::new(x, compute)).collect();
        let operands = [0, 1].map(|i| dense.get(i).map_or(std::ptr::null(), |x| x.all().as_ptr()));
        match self.op {
            Pool::MaxIndex(_) => {
                dense::write::<i64>(out, DType::I64, |y| self.images(operands, lowest, y.start().cast()))
            }
            Pool::Max(_) | Pool::MaxGradient(_) | Pool::Mean(_) | Pool::MeanGradient(_) => {
                dense::write::<T>(out, compute, |y| self.images(operands, lowest, y.start().cast()));
            }
        }
    }

    /// The result is of type `T`, or `int64` for places.
    fn images<T: Number>(&self, [a, b]: [*const T; 2], lowest: T, y: *mut u8) {
        let (input, output) = (self.input[0] * self.input[1], self.output[0] * self.output[1]);
        let shared = Shared((a, b, y));
        let grain = (GRAIN / (input + output).max(1)).max(1);
        team::split(self.images, grain, |range| {
            let (a, b, y) = shared.get();
            for image in range {
                // SAFETY: one image of each operand and of the result, which is this thread's alone.
                unsafe {
                    let read = |start: *const T, len: usize| std::slice::from_raw_parts(start.add(image * len), len);
                    let part = |len: usize| std::slice::from_raw_parts_mut(y.cast::<T>().add(image * len), len);
                    let (from, to, index): (&[T], &mut [T], &mut [i64]) = match self.op {
                        Pool::Max(_) | Pool::Mean(_) => (read(a, input), part(output), &mut []),
                        Pool::MaxIndex(_) => {
                            let index = std::slice::from_raw_parts_mut(y.cast::<i64>().add(image * output), output);
                            (read(a, input), &mut [], index)
                        }
                        Pool::MaxGradient(_) => (read(b, input), part(input), &mut []),
                        Pool::MeanGradient(_) => (&[], part(input), &mut []),
                    };
                    let gradient = match self.op {
                        Pool::MaxGradient(_) | Pool::MeanGradient(_) => read(a, output),
                        Pool::Max(_) | Pool::MaxIndex(_) | Pool::Mean(_) => &[],
                    };
                    let plane = Plane {
                        op: self.op,
                        windows: self.windows,
                        width: self.input[1],
                        divisor: self.divisor,
                        lowest,
                        from,
                        gradient,
                        to,
                        index,
                    };
                    // The loops are long, and pools of other numbers rare: they are not worth copies for each level.
                    if size_of::<T>() == 4 { dispatch(plane) } else { plane.run::<Baseline>() }
                }
            }
        });
    }
}
