//! Blocks of images as columns, and columns added up to images, row by row: each element of the block reads or writes the
//! image's rows at a shift of its own. Half types add up in `f32`.

use crate::dense::{self, Dense};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype};
use crate::team;
use std::ops::Range;
use storage::{Bool, Pod};
use tensor_core::op::Fold;
use tensor_core::op::fold::Blocks;
use tensor_core::{DType, Result};

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 16 * 1024;

/// Computes columns or images.
pub fn run(op: Fold, x: Read<'_>, out: &Write<'_>) -> Result<()> {
    if out.layout.numel() == 0 {
        return Ok(());
    }
    match op {
        Fold::Columns(blocks) => {
            let form = Form::new(blocks, x.layout.shape()[0] * x.layout.shape()[1]);
            // Elements move as bits, so that only their size matters.
            match out.dtype.size() {
                1 => form.columns::<u8>(&x, out),
                2 => form.columns::<u16>(&x, out),
                4 => form.columns::<u32>(&x, out),
                _ => form.columns::<u64>(&x, out),
            }
        }
        Fold::Images(blocks) => {
            let form = Form::new(blocks, out.layout.shape()[0] * out.layout.shape()[1]);
            match compute_dtype(x.dtype) {
                DType::Bool => form.images::<Bool>(DType::Bool, &x, out),
                DType::F64 => form.images::<f64>(DType::F64, &x, out),
                _ => form.images::<f32>(DType::F32, &x, out),
            }
        }
    }
    Ok(())
}

/// One dimension of image and blocks.
#[derive(Clone, Copy)]
struct Line {
    size: usize,
    count: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
    dilation: usize,
}

impl Line {
    /// The blocks whose element `tap` lies inside the image, and its place in the first of them.
    fn inside(&self, tap: usize) -> (Range<usize>, usize) {
        let shift = tap * self.dilation;
        let first = self.padding.saturating_sub(shift).div_ceil(self.stride).min(self.count);
        let last = (self.size + self.padding).saturating_sub(shift).div_ceil(self.stride).clamp(first, self.count);
        (first..last, (first * self.stride + shift).saturating_sub(self.padding))
    }
}

struct Form {
    planes: usize,
    lines: [Line; 2],
}

impl Form {
    fn new(blocks: Blocks, planes: usize) -> Form {
        let counts = blocks.counts();
        let lines = std::array::from_fn(|i| Line {
            size: blocks.size[i] as usize,
            count: counts[i] as usize,
            kernel: blocks.kernel[i] as usize,
            stride: blocks.stride[i] as usize,
            padding: blocks.padding[i] as usize,
            dilation: blocks.dilation[i] as usize,
        });
        Form { planes, lines }
    }

    fn columns<T: Pod + Send + Sync>(&self, x: &Read<'_>, out: &Write<'_>) {
        let dense: Dense<T> = Dense::new(x, x.dtype);
        let from = dense.all();
        let [high, wide] = &self.lines;
        let (image, row) = (high.size * wide.size, high.count * wide.count);
        let taps = high.kernel * wide.kernel;
        dense::write::<T>(out, out.dtype, |places| {
            team::split(self.planes * taps, (GRAIN / row).max(1), |range| {
                for line in range {
                    // SAFETY: one row of the result, which is this thread's alone.
                    let to = unsafe { places.part(line * row, row) };
                    let (plane, tap) = (line / taps, line % taps);
                    let from = &from[plane * image..(plane + 1) * image];
                    let (rows, top) = high.inside(tap / wide.kernel);
                    let (middle, left) = wide.inside(tap % wide.kernel);
                    to[..rows.start * wide.count].fill(T::zeroed());
                    to[rows.end * wide.count..].fill(T::zeroed());
                    for (i, block) in rows.enumerate() {
                        let to = &mut to[block * wide.count..(block + 1) * wide.count];
                        to[..middle.start].fill(T::zeroed());
                        to[middle.end..].fill(T::zeroed());
                        if middle.is_empty() {
                            continue;
                        }
                        let from = &from[(top + i * high.stride) * wide.size + left..];
                        let to = &mut to[middle.clone()];
                        if wide.stride == 1 {
                            to.copy_from_slice(&from[..to.len()]);
                        } else {
                            to.iter_mut().zip(from.iter().step_by(wide.stride)).for_each(|(to, x)| *to = *x);
                        }
                    }
                }
            });
        });
    }

    fn images<T: Number>(&self, compute: DType, x: &Read<'_>, out: &Write<'_>) {
        let dense: Dense<T> = Dense::new(x, compute);
        let from = dense.all();
        let [high, wide] = &self.lines;
        let (image, row) = (high.size * wide.size, high.count * wide.count);
        let taps = high.kernel * wide.kernel;
        dense::write::<T>(out, compute, |places| {
            team::split(self.planes, (GRAIN / (taps * row + image)).max(1), |range| {
                for plane in range {
                    // SAFETY: one image of the result, which is this thread's alone.
                    let to = unsafe { places.part(plane * image, image) };
                    to.fill(T::ZERO);
                    for tap in 0..taps {
                        let from = &from[(plane * taps + tap) * row..][..row];
                        let (rows, top) = high.inside(tap / wide.kernel);
                        let (middle, left) = wide.inside(tap % wide.kernel);
                        if middle.is_empty() {
                            continue;
                        }
                        for (i, block) in rows.enumerate() {
                            let from = &from[block * wide.count..][middle.clone()];
                            let to = &mut to[(top + i * high.stride) * wide.size + left..];
                            if wide.stride == 1 {
                                to.iter_mut().zip(from).for_each(|(to, x)| *to = to.plus(*x));
                            } else {
                                let to = to.iter_mut().step_by(wide.stride);
                                to.zip(from).for_each(|(to, x)| *to = to.plus(*x));
                            }
                        }
                    }
                }
            });
        });
    }
}
