//! Padding, row by row: what stands before, a copied run, what stands after. The derivative of mirrored, repeated and wrapped
//! ends gathers for each row of the input the rows that came from it. Half types add up in `f32`.

use crate::dense::{self, Dense};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype};
use crate::select::write_number;
use crate::team;
use smallvec::SmallVec;
use std::ops::Range;
use storage::Pod;
use tensor_core::op::Pad;
use tensor_core::op::pad::{Edge, Ends};
use tensor_core::{DType, Dims, Result};

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 32 * 1024;

/// Computes a padding or the derivative of one.
pub fn run(op: Pad, x: Read<'_>, out: &Write<'_>) -> Result<()> {
    if out.layout.numel() == 0 {
        return Ok(());
    }
    if let Ends::Gradient(edge) = op.ends {
        let form = Form::new(op, out.layout.shape(), Some(edge));
        match compute_dtype(x.dtype) {
            DType::F64 => form.gather::<f64>(DType::F64, &x, out),
            _ => form.gather::<f32>(DType::F32, &x, out),
        }
        return Ok(());
    }
    let edge = if let Ends::Inside(edge) = op.ends { Some(edge) } else { None };
    let form = Form::new(op, x.layout.shape(), edge);
    // Elements move as bits, so that only their size matters.
    match out.dtype.size() {
        1 => form.spread::<u8>(op, &x, out),
        2 => form.spread::<u16>(op, &x, out),
        4 => form.spread::<u32>(op, &x, out),
        _ => form.spread::<u64>(op, &x, out),
    }
    Ok(())
}

/// One dimension: which element of the input each element of the output is, the longest run of neighbours among them known.
struct Line {
    input: usize,
    output: usize,
    /// Elements before the run.
    lead: usize,
    /// The input's first element in the run.
    skip: usize,
    /// Elements of the run.
    len: usize,
    before: i64,
    edge: Option<Edge>,
}

impl Line {
    fn new([before, after]: [i32; 2], input: usize, edge: Option<Edge>) -> Line {
        let (before, after) = (before as i64, after as i64);
        let skip = (-before).clamp(0, input as i64) as usize;
        let len = input.saturating_sub(skip).saturating_sub((-after).max(0) as usize);
        let output = (input as i64 + before + after) as usize;
        // Where one end takes away more than there is, nothing of the input is left.
        let lead = (before.max(0) as usize).min(output);
        Line { input, output, lead, skip, len: len.min(output - lead), before, edge }
    }

    /// The element of the input; nothing where a number stands.
    fn source(&self, at: usize) -> Option<usize> {
        let place = at as i64 - self.before;
        let last = self.input as i64 - 1;
        let inside = match self.edge {
            None => return (self.lead..self.lead + self.len).contains(&at).then(|| at - self.lead + self.skip),
            Some(Edge::Reflect) if place > last => 2 * last - place,
            Some(Edge::Reflect) => place.abs(),
            Some(Edge::Replicate) => place.clamp(0, last),
            Some(Edge::Circular) => {
                (at as i64 - self.lead as i64).rem_euclid(self.len.max(1) as i64) + self.skip as i64
            }
        };
        Some(inside as usize)
    }
}

/// A padding as rows of a stack of matrices: the innermost dimension that is padded, with all after it, makes a row.
struct Form {
    /// How often the dimensions before the padded ones repeat.
    outer: usize,
    lines: [Line; 3],
    /// Elements after the padded dimensions.
    inner: usize,
    /// The element of a row of the input that each element of a row of the output is; zero where a number stands.
    sources: Vec<usize>,
}

impl Form {
    /// The form for an input of `shape`.
    fn new(op: Pad, shape: &Dims, edge: Option<Edge>) -> Form {
        let (first, rank) = (op.first as usize, shape.len());
        let padded = &shape[first..rank.min(first + 3)];
        // Fewer than three dimensions stand last, after dimensions of size one.
        let missing = 3 - padded.len();
        let lines: [Line; 3] = std::array::from_fn(|i| match i.checked_sub(missing) {
            Some(i) => Line::new(op.sides[i], padded[i], edge),
            None => Line::new([0; 2], 1, edge),
        });
        let outer = shape[..first].iter().product();
        let inner = shape[rank.min(first + 3)..].iter().product();
        let sources = (0..lines[2].output).map(|at| lines[2].source(at).unwrap_or(0)).collect();
        Form { outer, lines, inner, sources }
    }

    /// The row of the input from which row `row` of the output comes.
    fn source_row(&self, row: usize) -> Option<usize> {
        let [a, b, _] = &self.lines;
        let (rest, ib) = (row / b.output, row % b.output);
        let (outer, ia) = (rest / a.output, rest % a.output);
        Some((outer * a.input + a.source(ia)?) * b.input + b.source(ib)?)
    }

    fn spread<T: Pod + Send + Sync>(&self, op: Pad, x: &Read<'_>, out: &Write<'_>) {
        let mut word = [0u64];
        write_number(&mut word, out.dtype, op.number());
        let number: T = first_element(&word);
        let dense: Dense<T> = Dense::new(x, x.dtype);
        let (from, row) = (dense.all(), self.lines[2].output * self.inner);
        dense::write::<T>(out, out.dtype, |places| {
            team::split(out.layout.numel(), GRAIN, |range| {
                // SAFETY: ranges are disjoint.
                let mut to = unsafe { places.part(range.start, range.len()) };
                let mut at = range.start;
                while !to.is_empty() {
                    let (number_of_row, start) = (at / row, at % row);
                    let (part, rest) = std::mem::take(&mut to).split_at_mut((row - start).min(range.end - at));
                    let source = self.source_row(number_of_row);
                    at += part.len();
                    self.fill(source.map(|source| self.input_row(from, source)), start, number, part);
                    to = rest;
                }
            });
        });
    }

    fn input_row<'a, T>(&self, from: &'a [T], row: usize) -> &'a [T] {
        let len = self.lines[2].input * self.inner;
        &from[row * len..(row + 1) * len]
    }

    /// Writes the elements of a row of the output from `start` on.
    fn fill<T: Copy>(&self, from: Option<&[T]>, start: usize, number: T, to: &mut [T]) {
        let line = &self.lines[2];
        let Some(from) = from else { return to.fill(number) };
        let run = line.lead * self.inner..(line.lead + line.len) * self.inner;
        let clipped = |range: Range<usize>| {
            let clip = |place: usize| place.clamp(start, start + to.len()) - start;
            clip(range.start)..clip(range.end)
        };
        let (before, middle, after) =
            (clipped(0..run.start), clipped(run.clone()), clipped(run.end..line.output * self.inner));
        let first = line.skip * self.inner + (start + middle.start).saturating_sub(run.start);
        for ends in [before, after] {
            match line.edge {
                None => to[ends].fill(number),
                // Elements from inside are those of the last dimensions: nothing comes after them.
                Some(_) => {
                    let sources = &self.sources[start + ends.start..start + ends.end];
                    to[ends].iter_mut().zip(sources).for_each(|(to, source)| *to = from[*source]);
                }
            }
        }
        if !middle.is_empty() {
            let len = middle.len();
            to[middle].copy_from_slice(&from[first..first + len]);
        }
    }

    fn gather<T: Number>(&self, compute: DType, g: &Read<'_>, out: &Write<'_>) {
        let dense: Dense<T> = Dense::new(g, compute);
        let from = dense.all();
        let [a, b, c] = &self.lines;
        // For each row of the input, the rows of the output that came from it.
        let inverse = |line: &Line| {
            let mut all: Vec<SmallVec<[usize; 2]>> = vec![SmallVec::new(); line.input];
            (0..line.output).for_each(|at| all[line.source(at).unwrap_or(0)].push(at));
            all
        };
        let (of_a, of_b) = (inverse(a), inverse(b));
        let ends: Vec<[usize; 2]> =
            (0..c.lead).chain(c.lead + c.len..c.output).map(|at| [at, self.sources[at]]).collect();
        dense::write::<T>(out, compute, |places| {
            team::split(self.outer * a.input * b.input, (GRAIN / c.output.max(1)).max(1), |range| {
                for row in range {
                    // SAFETY: one row of the result, which is this thread's alone.
                    let to = unsafe { places.part(row * c.input, c.input) };
                    to.fill(T::ZERO);
                    let (rest, ib) = (row / b.input, row % b.input);
                    let (outer, ia) = (rest / a.input, rest % a.input);
                    for ja in &of_a[ia] {
                        for jb in &of_b[ib] {
                            let start = ((outer * a.output + ja) * b.output + jb) * c.output;
                            let g = &from[start..start + c.output];
                            let run = to[c.skip..c.skip + c.len].iter_mut();
                            run.zip(&g[c.lead..]).for_each(|(to, g)| *to = to.plus(*g));
                            ends.iter().for_each(|[at, to_at]| to[*to_at] = to[*to_at].plus(g[*at]));
                        }
                    }
                }
            });
        });
    }
}

/// The first element of a word's bytes.
fn first_element<T: Pod>(word: &[u64; 1]) -> T {
    let mut element = T::zeroed();
    // SAFETY: plain bytes of a type that is no wider than the word.
    unsafe { std::ptr::copy_nonoverlapping(word.as_ptr().cast::<u8>(), (&raw mut element).cast(), size_of::<T>()) };
    element
}
