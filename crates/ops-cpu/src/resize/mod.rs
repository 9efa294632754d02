//! Images in other sizes, row by row: the rows that an output's row is made of are added into one first, then each element is
//! picked from that. Derivatives go the same way back, image by image. Half types compute in `f32`.

mod taps;

pub use taps::cubic;

use crate::dense::{self, Dense, Places};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype};
use crate::team;
use std::ops::Range;
use taps::Taps;
use tensor_core::op::Resize;
use tensor_core::op::resize::Resizing;
use tensor_core::{DType, Result};

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 16 * 1024;

/// Computes images in another size, or their gradient.
pub fn run(op: Resize, x: Read<'_>, out: &Write<'_>) -> Result<()> {
    if out.layout.numel() == 0 {
        return Ok(());
    }
    match compute_dtype(x.dtype) {
        DType::F64 => resize::<f64>(op, DType::F64, |x| x, |x| x, &x, out),
        // Bytes, which only move, are exact in float32.
        _ => resize::<f32>(op, DType::F32, |x| x as f32 as f64, |x| x as f32, &x, out),
    }
    Ok(())
}

fn resize<T: Number>(
    op: Resize,
    compute: DType,
    round: fn(f64) -> f64,
    narrow: fn(f64) -> T,
    x: &Read<'_>,
    out: &Write<'_>,
) {
    let (Resize::Forward(resizing) | Resize::Gradient(resizing)) = op;
    let dims = resizing.dims as usize;
    let sides = |shape: &[usize], i: usize| match (i + dims).checked_sub(3) {
        Some(_) => shape[shape.len() + i - 3],
        None => 1,
    };
    // Fewer than three dimensions stand last, after dimensions of size one, which stay.
    let same = Resizing { scale: 0.0, ..resizing };
    let taps: [Taps<T>; 3] = std::array::from_fn(|i| {
        let (a, b) = (sides(x.layout.shape(), i), sides(out.layout.shape(), i));
        let sizes = if let Resize::Forward(_) = op { (a, b) } else { (b, a) };
        let used = if i + dims < 3 { &same } else { &resizing };
        Taps::new(used, sizes, round, narrow)
    });
    let dense: Dense<T> = Dense::new(x, compute);
    let [d, h, w] = &taps;
    let (input, output) = (d.input * h.input * w.input, d.output * h.output * w.output);
    let images = x.layout.shape()[..x.layout.rank() - dims].iter().product::<usize>();
    dense::write::<T>(out, compute, |places| {
        let backward = matches!(op, Resize::Gradient(_));
        let work = |range| dispatch(Rows { taps: &taps, from: dense.all(), places, range, backward });
        match backward {
            true => team::split(images, (GRAIN / (input + output)).max(1), work),
            false => team::split(images * d.output * h.output, (GRAIN / (w.input + w.output)).max(1), work),
        }
    });
}

/// Rows of the output, or images of the gradient.
struct Rows<'a, T> {
    taps: &'a [Taps<T>; 3],
    from: &'a [T],
    places: Places<T>,
    range: Range<usize>,
    backward: bool,
}

impl<T: Number> Kernel for Rows<'_, T> {
    type Output = ();
    // Memory sets the pace.
    const WIDEST: bool = false;
    #[inline(always)]
    fn run<L: Level>(self) {
        if self.backward { self.gradients() } else { self.images() }
    }
}

impl<T: Number> Rows<'_, T> {
    #[inline(always)]
    fn images(self) {
        let [d, h, w] = self.taps;
        let mut sum = vec![T::ZERO; w.input];
        for line in self.range.clone() {
            // SAFETY: one row of the result, which is this thread's alone.
            let to = unsafe { self.places.part(line * w.output, w.output) };
            let (rest, oh) = (line / h.output, line % h.output);
            let (image, od) = (rest / d.output, rest % d.output);
            let row = |id: usize, ih: usize| {
                let start = ((image * d.input + id) * h.input + ih) * w.input;
                &self.from[start..start + w.input]
            };
            if d.per == 1 {
                let from = row(d.at[od] as usize, h.at[oh] as usize);
                to.iter_mut().zip(&w.at).for_each(|(to, at)| *to = from[*at as usize]);
                continue;
            }
            let mut first = true;
            for (id, wd) in d.of(od) {
                for (ih, wh) in h.of(oh) {
                    let weight = wd.times(wh);
                    // Rows without weight need not be read.
                    if weight == T::ZERO {
                        continue;
                    }
                    let both = sum.iter_mut().zip(row(id, ih));
                    match first {
                        true => both.for_each(|(to, x)| *to = x.times(weight)),
                        false => both.for_each(|(to, x)| *to = to.plus(x.times(weight))),
                    }
                    first = false;
                }
            }
            match w.per {
                2 => pick::<T, 2>(w, &sum, to),
                _ => pick::<T, 4>(w, &sum, to),
            }
        }
    }

    #[inline(always)]
    fn gradients(self) {
        let [d, h, w] = self.taps;
        let (image, rows) = (d.input * h.input * w.input, d.output * h.output);
        let mut sum = vec![T::ZERO; w.input];
        for plane in self.range.clone() {
            // SAFETY: one image of the result, which is this thread's alone.
            let to = unsafe { self.places.part(plane * image, image) };
            to.fill(T::ZERO);
            for line in 0..rows {
                let g = &self.from[(plane * rows + line) * w.output..][..w.output];
                let (od, oh) = (line / h.output, line % h.output);
                sum.fill(T::ZERO);
                for (tap, g) in w.at.chunks_exact(w.per).zip(w.weights.chunks_exact(w.per)).zip(g) {
                    tap.0.iter().zip(tap.1).for_each(|(at, weight)| {
                        let to = &mut sum[*at as usize];
                        *to = to.plus(g.times(*weight));
                    });
                }
                for (id, wd) in d.of(od) {
                    for (ih, wh) in h.of(oh) {
                        let weight = wd.times(wh);
                        if weight == T::ZERO {
                            continue;
                        }
                        let to = &mut to[(id * h.input + ih) * w.input..][..w.input];
                        to.iter_mut().zip(&sum).for_each(|(to, g)| *to = to.plus(g.times(weight)));
                    }
                }
            }
        }
    }
}

/// Elements of a row as weighted sums of `N` of another.
#[inline(always)]
fn pick<T: Number, const N: usize>(taps: &Taps<T>, from: &[T], to: &mut [T]) {
    let (at, weights) = (taps.at.chunks_exact(N), taps.weights.chunks_exact(N));
    for ((to, at), weights) in to.iter_mut().zip(at).zip(weights) {
        let mut sum = from[at[0] as usize].times(weights[0]);
        for i in 1..N {
            sum = sum.plus(from[at[i] as usize].times(weights[i]));
        }
        *to = sum;
    }
}
