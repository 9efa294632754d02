//! Convolutions and their gradients. Floats sweep over arranged blocks of the source with all taps of a tile in registers; whole
//! numbers take plain loops. Half types convert to `f32` and back, so that sums accumulate in `f32`.

mod factors;
mod field;
mod frame;
mod geometry;
mod plain;
mod planes;
mod sweep;
mod tile;
mod weave;
mod weight;

use crate::dense::{self, Dense};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype};
use crate::vector::Lanes;
use factors::{Factor, Factors};
use geometry::{Axis, Geometry, Residue};
use sweep::{Job, Part};
use tensor_core::op::Conv;
use tensor_core::{DType, Result};

/// Computes a convolution or a gradient of one.
pub fn run(op: Conv, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let shape = |i: usize| &inputs[i].layout.shape()[..];
    let geometry = match &op {
        Conv::Forward(window) => Geometry::new(window, shape(0), out.layout.shape(), shape(1)),
        Conv::Input(window) => Geometry::new(window, out.layout.shape(), shape(0), shape(1)),
        Conv::Weight(window) => Geometry::new(window, shape(0), shape(1), out.layout.shape()),
    };
    match compute_dtype(compute) {
        DType::F32 => with::<f32>(compute, inputs, out, |operands, y| float(op, &geometry, operands, y)),
        DType::F64 => with::<f64>(compute, inputs, out, |operands, y| float(op, &geometry, operands, y)),
        DType::U8 => with::<u8>(compute, inputs, out, |operands, y| plain::run(op, &geometry, operands, y)),
        DType::I8 => with::<i8>(compute, inputs, out, |operands, y| plain::run(op, &geometry, operands, y)),
        DType::I16 => with::<i16>(compute, inputs, out, |operands, y| plain::run(op, &geometry, operands, y)),
        DType::I32 => with::<i32>(compute, inputs, out, |operands, y| plain::run(op, &geometry, operands, y)),
        DType::I64 => with::<i64>(compute, inputs, out, |operands, y| plain::run(op, &geometry, operands, y)),
        DType::Bool | DType::F16 | DType::BF16 => unreachable!("refused by the plan, or computed in float32"),
    }
    Ok(())
}

/// Calls `kernel` with row-major operands of type `T`, null for those that are not there, and the places of the result.
fn with<T: Number>(compute: DType, inputs: &[Read<'_>], out: &Write<'_>, kernel: impl FnOnce([*const T; 3], *mut T)) {
    let compute = compute_dtype(compute);
    let dense: Vec<Dense<T>> = inputs.iter().map(|x| Dense::new(x, compute)).collect();
    let operands = std::array::from_fn(|i| dense.get(i).map_or(std::ptr::null(), |x| x.all().as_ptr()));
    dense::write::<T>(out, compute, |y| kernel(operands, y.start()));
}

/// The operands have the sizes that the plan has checked.
fn float<T: Lanes>(op: Conv, geometry: &Geometry, [a, b, bias]: [*const T; 3], y: *mut T) {
    // SAFETY: operands and result are row-major and of the geometry's sizes.
    unsafe {
        match op {
            Conv::Forward(_) => forward(geometry, a, b, bias, y),
            Conv::Input(_) => input(geometry, a, b, bias, y),
            Conv::Weight(_) => weight::run(geometry, a, b, y),
        }
    }
}

/// # Safety
/// As in [`float`].
unsafe fn forward<T: Lanes>(geometry: &Geometry, x: *const T, weight: *const T, bias: *const T, y: *mut T) {
    let Geometry { groups, ins, outs, output, .. } = *geometry;
    let taps: Vec<usize> = (0..geometry.taps()).collect();
    let depth = ins * taps.len();
    let factor = Factor { group: outs * depth, result: depth, channel: taps.len(), taps: &taps };
    // SAFETY: the weight is [groups · outs, ins, taps]; sizes are the caller's.
    unsafe {
        let factors = Factors::pack(weight, &factor, groups, outs, ins);
        sweep::run(&Job {
            parts: &[Part { axes: geometry.axes(), factors, start: 0 }],
            batch: geometry.batch,
            groups,
            channels: ins,
            results: outs,
            source: x,
            beyond: 0,
            bias,
            out: y,
            plane: geometry.output_plane(),
            distances: [output[1] * output[2], output[2], 1],
        });
    }
}

/// The gradient with respect to the input: one sweep over the output's gradient for each set of places that read it alike.
///
/// # Safety
/// As in [`float`].
unsafe fn input<T: Lanes>(geometry: &Geometry, g: *const T, weight: *const T, bias: *const T, x: *mut T) {
    let Geometry { groups, ins, outs, input, kernel, stride, .. } = *geometry;
    let inner = geometry.taps();
    let row = [input[1] * input[2], input[2], 1];
    let residues: [Vec<Residue>; 3] = std::array::from_fn(|i| {
        let rests = 0..stride[i].min(input[i] + geometry.padding[i]);
        rests.map(|rest| geometry.residue(i, rest)).filter(|residue| residue.axis.count > 0).collect()
    });
    // The sweeps, last dimension fastest.
    let mut all = vec![];
    for d in &residues[0] {
        for h in &residues[1] {
            all.extend(residues[2].iter().map(|w| [d, h, w]));
        }
    }
    let mut axes: Vec<[Axis; 3]> = all.iter().map(|parts| parts.map(|part| part.axis.clone())).collect();
    let framed = match all.len() {
        0 | 1 => None,
        // SAFETY: the output's gradient has the sizes of the geometry, which are those of every residue's source.
        _ => unsafe { frame::frame(g, geometry.batch * groups * outs, &mut axes) },
    };
    let (source, beyond) = framed.as_ref().map_or((g, 0), |framed| (framed.start::<T>(), field::SLACK));
    let together = residues[2].len().max(1);
    for (all, axes) in all.chunks(together).zip(axes.chunks(together)) {
        let parts: Vec<Part<T>> = all
            .iter()
            .zip(axes)
            .map(|(parts, axes)| {
                let mut taps = vec![];
                for i in &parts[0].taps {
                    for j in &parts[1].taps {
                        taps.extend(parts[2].taps.iter().map(|k| (i * kernel[1] + j) * kernel[2] + k));
                    }
                }
                let factor = Factor { group: outs * ins * inner, result: inner, channel: ins * inner, taps: &taps };
                // SAFETY: the weight is [groups · outs, ins, taps].
                let factors = unsafe { Factors::pack(weight, &factor, groups, ins, outs) };
                Part { axes: axes.clone(), factors, start: parts[2].start }
            })
            .collect();
        // SAFETY: sizes are the caller's.
        unsafe {
            sweep::run(&Job {
                parts: &parts,
                batch: geometry.batch,
                groups,
                channels: outs,
                results: ins,
                source,
                beyond,
                bias,
                out: x.wrapping_add(all[0][0].start * row[0] + all[0][1].start * row[1]),
                plane: geometry.input_plane(),
                distances: std::array::from_fn(|i| stride[i] * row[i]),
            });
        }
    }
}
