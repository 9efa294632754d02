//! Many elements into one. Dimensions are sorted into kept and reduced ones; blocks of elements are converted to the type of
//! the computation and folded by a [`Fold`]. Work is cut by shapes only, so results do not depend on the number of threads.

mod folds;
mod position;
mod spread;

use crate::cast::cast;
use crate::memory::{Read, Write};
use crate::number::compute_dtype;
use crate::team;
use folds::{Fold, Rows};
use smallvec::SmallVec;
use std::sync::{Mutex, PoisonError};
use tensor_core::op::reduce::{Reduce, ReduceKind};
use tensor_core::{DType, Layout, Result};

/// Elements that are converted and folded at a time.
const BLOCK: usize = 1024;

/// Elements that are folded at a time where none needs to be converted: a good part of the first-level cache.
const DIRECT: usize = 4096;

/// Elements of one output from which they are cut into parts, so that several threads can fold them.
const LONG: usize = 64 * 1024;

/// Outputs from which there is work for all threads without cutting any.
const MANY: usize = 64;

/// The loops of a reduction: strides of the input over kept and reduced dimensions.
pub(crate) struct Loops {
    /// Sizes, input strides and output strides of the kept dimensions, outermost first, merged where neighbours allow it.
    kept: SmallVec<[(usize, usize, usize); 4]>,
    /// Sizes and input strides of the reduced dimensions, outermost first, merged where neighbours allow it.
    reduced: SmallVec<[(usize, usize); 4]>,
    /// Elements per output.
    count: usize,
}

impl Loops {
    fn new(reduce: Reduce, input: &Layout, output: &Layout) -> Loops {
        let mut kept: SmallVec<[(usize, usize, usize); 4]> = SmallVec::new();
        let mut reduced: SmallVec<[(usize, usize); 4]> = SmallVec::new();
        let mut position = 0;
        for (dim, (size, stride)) in input.shape().iter().zip(&input.strides()[..]).enumerate() {
            if reduce.axes >> dim & 1 == 0 {
                let to = output.strides()[if reduce.keepdim { dim } else { position }];
                position += 1;
                match kept.last_mut() {
                    Some(outer) if outer.1 == size * stride && outer.2 == size * to => {
                        *outer = (outer.0 * size, *stride, to);
                    }
                    _ => kept.push((*size, *stride, to)),
                }
            } else {
                match reduced.last_mut() {
                    Some(outer) if outer.1 == size * stride => *outer = (outer.0 * size, *stride),
                    _ => reduced.push((*size, *stride)),
                }
            }
        }
        let count = reduce.count(input.shape());
        Loops { kept, reduced, count }
    }

    /// Positions, relative to the start, of output number `i` in the input and the output.
    fn output(&self, mut i: usize) -> (usize, usize) {
        let (mut from, mut to) = (0, 0);
        for (size, input, output) in self.kept.iter().rev() {
            from += i % size * input;
            to += i % size * output;
            i /= size;
        }
        (from, to)
    }

    /// Visits the reduced elements of one output in row-major order, as runs (position, stride, length); none if there are none,
    /// because the positions where they would be are not in the storage.
    fn runs(&self, mut visit: impl FnMut(usize, usize, usize)) {
        if self.reduced.iter().any(|(size, _)| *size == 0) {
            return;
        }
        let Some(((inner, stride), outer)) = self.reduced.split_last() else { return visit(0, 1, 1) };
        if outer.is_empty() {
            return visit(0, *stride, *inner);
        }
        let turns: usize = outer.iter().map(|(size, _)| size).product();
        for turn in 0..turns {
            let (mut rest, mut at) = (turn, 0);
            for (size, stride) in outer.iter().rev() {
                at += rest % size * stride;
                rest /= size;
            }
            visit(at, *stride, *inner);
        }
    }
}

/// Feeds one output's elements to `visit` in blocks of the computing type, without copying where they lie that way already.
fn blocks<T: Copy>(x: &Read<'_>, compute: DType, loops: &Loops, from: usize, mut visit: impl FnMut(&[T])) {
    if x.dtype == compute && loops.reduced.last().is_none_or(|(_, stride)| *stride == 1) {
        return loops.runs(|at, _, len| {
            // SAFETY: neighbouring elements of the run, within the input's storage, of the stored type of `compute`.
            let run = unsafe { std::slice::from_raw_parts(x.at(from + at).cast::<T>(), len) };
            run.chunks(DIRECT).for_each(&mut visit);
        });
    }
    let convert = cast(x.dtype, compute);
    let mut buffer = [const { std::mem::MaybeUninit::<T>::uninit() }; BLOCK];
    loops.runs(|at, stride, len| {
        for start in (0..len).step_by(BLOCK) {
            let n = BLOCK.min(len - start);
            let source = x.at(from + at + start * stride);
            // SAFETY: `n` elements of the run, within the input's storage, into the buffer.
            unsafe { convert(source, stride, buffer.as_mut_ptr().cast(), 1, n) };
            // SAFETY: `n` initialized elements of type `T`, the stored type of `compute`.
            visit(unsafe { std::slice::from_raw_parts(buffer.as_ptr().cast::<T>(), n) });
        }
    });
}

/// Runs `work` for every output, given its positions in input and output.
fn each_output(loops: &Loops, x: &Read<'_>, out: &Write<'_>, work: impl Fn(usize, *mut u8) + Sync) {
    let outputs: usize = loops.kept.iter().map(|(size, ..)| size).product();
    let grain = (16 * 1024 / loops.count.max(1)).max(1);
    team::split(outputs, grain, |range| {
        for i in range {
            let (from, to) = loops.output(i);
            work(x.layout.offset() + from, out.at(out.layout.offset() + to));
        }
    });
}

/// Folds all reduced elements of each output.
fn fold<F: Fold>(make: impl Fn() -> F + Sync, compute: DType, reduce: Reduce, x: Read<'_>, out: &Write<'_>) {
    let loops = Loops::new(reduce, x.layout, out.layout);
    let convert = cast(F::OUTPUT.unwrap_or(compute), out.dtype);
    let finish = |fold: F, place: *mut u8| {
        let value = fold.finish(loops.count);
        // SAFETY: one value of the fold's type to its place in the output.
        unsafe { convert((&raw const value).cast(), 1, place, 1, 1) };
    };
    // Where the kept dimensions are the dense ones, whole rows are folded side by side.
    let columns = loops.kept.last().filter(|(_, stride, _)| *stride == 1).map_or(1, |(size, ..)| *size);
    let strided = loops.reduced.last().is_some_and(|(size, stride)| *stride != 1 && *size > 1);
    if strided && columns >= 8 && F::SIDE_BY_SIDE {
        return side_by_side(&make, compute, &loops, &x, out, finish);
    }
    let outputs: usize = loops.kept.iter().map(|(size, ..)| size).product();
    if outputs < MANY && loops.count >= 2 * LONG {
        return in_parts(&make, compute, &loops, &x, out, finish);
    }
    each_output(&loops, &x, out, |from, place| {
        let mut fold = make();
        blocks(&x, compute, &loops, from, |block: &[F::In]| fold.block(block));
        finish(fold, place);
    });
}

/// Folds long outputs in parts, cut by the reduced dimensions' sizes alone, and merges the parts in their order.
fn in_parts<F: Fold>(
    make: &(impl Fn() -> F + Sync),
    compute: DType,
    loops: &Loops,
    x: &Read<'_>,
    out: &Write<'_>,
    finish: impl Fn(F, *mut u8) + Sync,
) {
    // The outermost dimension that is worth a cut; those around it give parts of their own.
    let inside = |dim: usize| loops.reduced[dim + 1..].iter().map(|(size, _)| size).product::<usize>();
    let cut = (0..loops.reduced.len()).find(|dim| inside(*dim) < LONG).expect("the last dimension has nothing inside");
    let (size, stride) = loops.reduced[cut];
    let len = (LONG / inside(cut)).max(1);
    let around = &loops.reduced[..cut];
    let turns: usize = around.iter().map(|(size, _)| size).product();
    let (per_turn, outputs) = (size.div_ceil(len), loops.kept.iter().map(|(size, ..)| size).product::<usize>());
    let parts = turns * per_turn;
    let folded: Vec<Mutex<Option<F>>> = (0..outputs * parts).map(|_| Mutex::new(None)).collect();
    let slot = |i: usize| folded[i].lock().unwrap_or_else(PoisonError::into_inner);
    team::parallel(outputs * parts, &|job| {
        let (mut rest, start) = (job % parts / per_turn, job % per_turn * len);
        let mut at = x.layout.offset() + loops.output(job / parts).0 + start * stride;
        for (size, stride) in around.iter().rev() {
            at += rest % size * stride;
            rest /= size;
        }
        let mut reduced: SmallVec<[(usize, usize); 4]> = loops.reduced[cut..].into();
        reduced[0].0 = len.min(size - start);
        let part = Loops { kept: SmallVec::new(), reduced, count: 0 };
        let mut fold = make();
        blocks(x, compute, &part, at, |block: &[F::In]| fold.block(block));
        *slot(job) = Some(fold);
    });
    for output in 0..outputs {
        let of_output = (output * parts..(output + 1) * parts).filter_map(|i| slot(i).take());
        let whole = of_output.reduce(|mut whole, part| {
            whole.merge(part);
            whole
        });
        finish(whole.expect("at least one part"), out.at(out.layout.offset() + loops.output(output).1));
    }
}

/// Folds neighbouring outputs together: each row of the input adds one element to each of them.
fn side_by_side<F: Fold>(
    make: &(impl Fn() -> F + Sync),
    compute: DType,
    loops: &Loops,
    x: &Read<'_>,
    out: &Write<'_>,
    finish: impl Fn(F, *mut u8) + Sync,
) {
    /// Columns side by side, at most.
    const WIDTH: usize = 1024;
    let (columns, _, out_stride) = *loops.kept.last().expect("at least the columns");
    // Long stretches of each row, as long as there is work for several threads. Columns do not know of each other, so that
    // the width does not show in the result.
    let width = columns.div_ceil(4).next_multiple_of(64).min(WIDTH);
    let rows: usize = loops.kept[..loops.kept.len() - 1].iter().map(|(size, ..)| size).product();
    let tiles = columns.div_ceil(width);
    let convert = cast(x.dtype, compute);
    team::parallel(rows * tiles, &|job| {
        let start = job % tiles * width;
        let width = width.min(columns - start);
        let (from, to) = loops.output(job / tiles * columns + start);
        let mut folds: Vec<F> = (0..width).map(|_| make()).collect();
        let mut buffer = [const { std::mem::MaybeUninit::<F::In>::uninit() }; WIDTH];
        loops.runs(|at, stride, len| {
            let source = x.at(x.layout.offset() + from + at);
            if x.dtype == compute {
                // SAFETY: rows of neighbouring elements of the input, of the stored type of `compute`.
                F::lines(&mut folds, unsafe { Rows::new(source.cast::<F::In>(), stride, width, len) });
                return;
            }
            for row in 0..len {
                let source = x.at(x.layout.offset() + from + at + row * stride);
                // SAFETY: `width` neighbouring elements of the input into the buffer.
                unsafe { convert(source, 1, buffer.as_mut_ptr().cast(), 1, width) };
                // SAFETY: `width` initialized elements.
                F::line(&mut folds, unsafe { std::slice::from_raw_parts(buffer.as_ptr().cast(), width) });
            }
        });
        for (i, fold) in folds.into_iter().enumerate() {
            finish(fold, out.at(out.layout.offset() + to + i * out_stride));
        }
    });
}

/// With the type that a comparison is computed in: one for all whole numbers and `bool`, whose reductions are rare.
macro_rules! with_wide {
    ($compute:ident, $t:ident => $body:expr) => {
        match $compute {
            DType::F64 => {
                type $t = f64;
                $body
            }
            DType::F32 => {
                type $t = f32;
                $body
            }
            _ => {
                type $t = i64;
                let $compute = DType::I64;
                $body
            }
        }
    };
}

/// Computes a reduction.
pub fn run(reduce: Reduce, compute: DType, x: Read<'_>, out: &Write<'_>) -> Result<()> {
    let compute = compute_dtype(compute);
    match reduce.kind {
        ReduceKind::Sum => match compute {
            DType::F64 => fold(folds::SumF64::default, compute, reduce, x, out),
            DType::F32 | DType::F16 | DType::BF16 => fold(folds::SumF32::default, compute, reduce, x, out),
            _ => fold(folds::SumWhole::default, DType::I64, reduce, x, out),
        },
        ReduceKind::Mean => match compute {
            DType::F64 => fold(folds::Mean::<folds::SumF64>::default, compute, reduce, x, out),
            _ => fold(folds::Mean::<folds::SumF32>::default, compute, reduce, x, out),
        },
        ReduceKind::Prod => match compute {
            DType::F64 => fold(|| folds::Product(1.0f64), compute, reduce, x, out),
            DType::F32 | DType::F16 | DType::BF16 => fold(|| folds::Product(1.0f32), compute, reduce, x, out),
            _ => fold(|| folds::Product(1i64), DType::I64, reduce, x, out),
        },
        ReduceKind::Max => {
            with_wide!(compute, T => fold(folds::Extreme::<T, true>::default, compute, reduce, x, out))
        }
        ReduceKind::Min => {
            with_wide!(compute, T => fold(folds::Extreme::<T, false>::default, compute, reduce, x, out))
        }
        ReduceKind::ArgMax => with_wide!(compute, T => position::run::<T, true>(compute, reduce, x, out)),
        ReduceKind::ArgMin => with_wide!(compute, T => position::run::<T, false>(compute, reduce, x, out)),
        // What a number is as `bool` is for the conversion to say.
        ReduceKind::Any => fold(folds::Any::default, DType::Bool, reduce, x, out),
        ReduceKind::All => fold(folds::All::default, DType::Bool, reduce, x, out),
        ReduceKind::Var { correction } => spread(correction, false, compute, reduce, x, out),
        ReduceKind::Std { correction } => spread(correction, true, compute, reduce, x, out),
    }
    Ok(())
}

fn spread(correction: f64, root: bool, compute: DType, reduce: Reduce, x: Read<'_>, out: &Write<'_>) {
    match compute {
        DType::F64 => fold(|| spread::Spread::<f64>::new(correction, root), compute, reduce, x, out),
        _ => fold(|| spread::Spread::<f32>::new(correction, root), compute, reduce, x, out),
    }
}

/// Whether any element is zero.
pub(crate) fn any_zero(x: &Read<'_>) -> bool {
    let every = Loops {
        kept: SmallVec::new(),
        reduced: x.layout.shape().iter().copied().zip(x.layout.strides().iter().copied()).collect(),
        count: x.layout.numel(),
    };
    let mut found = false;
    if x.layout.numel() > 0 {
        blocks(x, DType::Bool, &every, x.layout.offset(), |block: &[storage::Bool]| {
            found |= block.iter().any(|truth| truth.0 == 0);
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_visited_where_nothing_is() {
        let [input, output] = [[3, 0, 3], [1, 1, 1]].map(|shape| Layout::contiguous(shape.into_iter().collect()));
        for axes in [0b010, 0b011, 0b110, 0b111] {
            let loops = Loops::new(Reduce { kind: ReduceKind::Sum, axes, keepdim: true }, &input, &output);
            loops.runs(|at, _, len| panic!("{len} elements at {at} of a tensor that has none"));
        }
    }
}
