//! Recurrent layers: sequences are shared between threads, each of which takes its own through all steps; a step is one matrix
//! product and one pass over the gates.

mod cells;

use crate::dense::{self, Dense, Shared};
use crate::isa::dispatch;
use crate::matmul::panels::Panels;
use crate::matmul::product::{self, Floats, Matrix, Operand, Real, Target};
use crate::memory::{Read, Write};
use crate::number::compute_dtype;
use crate::team;
use cells::{Pull, Push};
use std::ops::Range;
use tensor_core::op::Recurrent;
use tensor_core::op::recurrent::{Cell, Layer};
use tensor_core::{DType, Layout, Result};

/// Sequences that go through the steps together.
const TOGETHER: usize = 16;

/// Computes a layer or its derivative.
pub fn run(op: Recurrent, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    match compute_dtype(compute) {
        DType::F64 => of::<f64>(op, DType::F64, inputs, out),
        _ => of::<f32>(op, DType::F32, inputs, out),
    }
}

fn of<T: Real>(op: Recurrent, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    match op {
        Recurrent::Trace { layer, keeps } => trace::<T>(layer, keeps, compute, inputs, out),
        Recurrent::States(_) => {
            let trace = inputs[inputs.len() - 1];
            let rows = Layout::contiguous(out.layout.shape().clone());
            let states = Layout::strided(rows.shape().clone(), rows.strides().clone(), trace.layout.offset());
            crate::convert::copy(trace.with_layout(&states), out);
            Ok(())
        }
        Recurrent::Backward(layer) => backward::<T>(layer, compute, inputs, out),
    }
}

/// The steps of one layer, and where each one's rows begin.
struct Steps {
    reverse: bool,
    sizes: Vec<usize>,
    starts: Vec<usize>,
}

impl Steps {
    fn new(layer: Layer, sizes: &Read<'_>) -> Steps {
        let sizes: Vec<usize> = Dense::<i64>::new(sizes, DType::I64).all().iter().map(|n| *n as usize).collect();
        let starts = sizes.iter().scan(0, |end, size| Some(std::mem::replace(end, *end + size))).collect();
        Steps { reverse: layer.reverse, sizes, starts }
    }

    /// The numbers of the steps in their order.
    fn order(&self, backwards: bool) -> impl Iterator<Item = usize> + use<> {
        let count = self.sizes.len();
        let from_last = self.reverse != backwards;
        (0..count).map(move |i| if from_last { count - 1 - i } else { i })
    }

    /// Where the states before step `t` of some sequences are: the first of them at rows of the trace, from the given one on,
    /// the others, from the returned number on, among the first states.
    fn before(&self, t: usize, sequences: &Range<usize>) -> (usize, usize) {
        let earlier = if self.reverse { Some(t + 1).filter(|t| *t < self.sizes.len()) } else { t.checked_sub(1) };
        match earlier {
            Some(t) => (self.starts[t] + sequences.start, self.sizes[t].clamp(sequences.start, sequences.end)),
            None => (0, sequences.start),
        }
    }
}

/// y [n, m] = (y +) a [n, k] · b, where b is in panels; `lead` are the distances between rows of y and a.
///
/// # Safety
/// Rows of `y` are not used by anybody else, all operands are valid.
unsafe fn product<T: Real>(
    panels: &mut Panels<T>,
    y: *mut T,
    adds: bool,
    a: *const T,
    b: Operand<T>,
    sizes: [usize; 3],
    lead: [usize; 2],
) {
    let to = Target { start: y, row: lead[0], factor: T::ONE, adds };
    // SAFETY: the caller's.
    unsafe {
        let a = product::left::<Floats<T>>(panels, Matrix::rows(a, lead[1]), [sizes[0], sizes[1]], false);
        product::multiply::<Floats<T>>(a.expect("memory for panels of a step"), b, to, sizes, false);
    }
}

/// A weight of `k` rows and `m` columns in panels, once for all steps.
fn panels<T: Real>(
    panels: &mut Panels<T>,
    weight: &[T],
    row: usize,
    column: usize,
    sizes: [usize; 2],
) -> Result<Operand<T>> {
    debug_assert!(weight.len() >= sizes[0] * sizes[1]);
    // SAFETY: the weight has those rows and columns.
    unsafe { product::right::<Floats<T>>(panels, Matrix { start: weight.as_ptr(), row, column }, sizes, true) }
}

fn trace<T: Real>(layer: Layer, keeps: bool, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let cell = layer.cell;
    let all: Vec<Dense<T>> = inputs[..inputs.len() - 1].iter().map(|x| Dense::new(x, compute)).collect();
    let steps = Steps::new(layer, &inputs[inputs.len() - 1]);
    let (total, hidden, gates) = (inputs[0].layout.shape()[0], inputs[1].layout.shape()[1], cell.gates());
    let (pre, first, weight) = (all[0].all(), all[1].all(), all[2].all());
    let extra = all.get(3).map_or(&[][..], Dense::all);
    let kept = cell.kept().max(1) * hidden;
    let mut room = Panels::default();
    let weight = panels(&mut room, weight, 1, hidden, [hidden, gates * hidden])?;
    dense::write::<T>(out, compute, |y| {
        let shared = Shared((y.start(), weight));
        let count = inputs[1].layout.shape()[0];
        team::parallel(count.div_ceil(TOGETHER), &|group| {
            let (y, weight) = shared.get();
            let mut panels = Panels::default();
            let mut scratch = vec![T::ZERO; if keeps && cell.has_extra() { 0 } else { TOGETHER * kept }];
            for t in steps.order(false) {
                let sequences = group * TOGETHER..((group + 1) * TOGETHER).min(steps.sizes[t]);
                if sequences.is_empty() {
                    continue;
                }
                let row = steps.starts[t] + sequences.start;
                let (before, middle) = steps.before(t, &sequences);
                // SAFETY: rows of this group's sequences, which no other one reads or writes, in a trace of `total` rows.
                unsafe {
                    let work = match keeps && cell.has_extra() {
                        true => y.add(cell.states() * total * hidden + row * kept),
                        false => scratch.as_mut_ptr(),
                    };
                    let parts = [sequences.start..middle, middle..sequences.end];
                    for (part, is_later) in parts.into_iter().zip([true, false]).filter(|(part, _)| !part.is_empty()) {
                        let (rows, skipped) = (part.len(), part.start - sequences.start);
                        let row = row + skipped;
                        let state = |plane: usize, first: &[T]| match is_later {
                            true => y.add((plane * total + before) * hidden).cast_const(),
                            false => first.as_ptr().add(part.start * hidden),
                        };
                        let push = Push {
                            cell,
                            hidden,
                            rows,
                            pre: pre[row * gates * hidden..].as_ptr(),
                            work: work.add(skipped * kept),
                            extra: if cell == Cell::Gru { extra.as_ptr() } else { state(1, extra) },
                            before: state(0, first),
                            h: y.add(row * hidden),
                            c: y.add((total + row) * hidden),
                        };
                        push.prepare();
                        let sides = [rows, hidden, gates * hidden];
                        product(&mut panels, push.work, true, push.before, weight, sides, [kept, hidden]);
                        dispatch(push);
                    }
                }
            }
        });
    });
    Ok(())
}

fn backward<T: Real>(layer: Layer, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let cell = layer.cell;
    let all: Vec<Dense<T>> = inputs[..inputs.len() - 1].iter().map(|x| Dense::new(x, compute)).collect();
    let steps = Steps::new(layer, &inputs[inputs.len() - 1]);
    let (total, hidden) = (inputs[0].layout.shape()[1], inputs[2].layout.shape()[1]);
    let (g, trace, first, weight) = (all[0].all(), all[1].all(), all[2].all(), all[3].all());
    let extra = all.get(4).map_or(&[][..], Dense::all);
    let (kept, pulled, count) = (cell.kept() * hidden, cell.pulled() * hidden, inputs[2].layout.shape()[0]);
    // Of a row of gradients of a GRU, W h + b comes first; of the weight, it comes last.
    let split = if cell == Cell::Gru { 2 * hidden } else { cell.gates() * hidden };
    let mut rooms = [Panels::default(), Panels::default()];
    let [room, rest] = &mut rooms;
    let weights = [
        panels(room, weight, hidden, 1, [split, hidden])?,
        panels(rest, &weight[split * hidden..], hidden, 1, [cell.gates() * hidden - split, hidden])?,
    ];
    dense::write::<T>(out, compute, |y| {
        let shared = Shared((y.start(), weights));
        team::parallel(count.div_ceil(TOGETHER), &|group| {
            let (y, weights) = shared.get();
            let mut panels = Panels::default();
            let own = group * TOGETHER..((group + 1) * TOGETHER).min(count);
            // SAFETY: rows of this group's sequences, which no other one reads or writes.
            unsafe {
                let carried = y.add(total * pulled);
                let of_group = |state: usize| carried.add((state * count + own.start) * hidden);
                for state in 0..cell.states() {
                    std::slice::from_raw_parts_mut(of_group(state), own.len() * hidden).fill(T::ZERO);
                }
                for t in steps.order(true) {
                    let sequences = own.start..own.end.min(steps.sizes[t]);
                    if sequences.is_empty() {
                        continue;
                    }
                    let row = steps.starts[t] + sequences.start;
                    let (before, middle) = steps.before(t, &sequences);
                    let parts = [sequences.start..middle, middle..sequences.end];
                    for (part, is_later) in parts.into_iter().zip([true, false]).filter(|(part, _)| !part.is_empty()) {
                        let skipped = part.start - sequences.start;
                        let row = row + skipped;
                        let state = |plane: usize, first: &[T]| match is_later {
                            true => trace.as_ptr().add((plane * total + before) * hidden),
                            false => first.as_ptr().add(part.start * hidden),
                        };
                        dispatch(Pull {
                            cell,
                            hidden,
                            rows: part.len(),
                            g: g.as_ptr().add(row * hidden),
                            g_c: g.as_ptr().wrapping_add((total + row) * hidden),
                            h: trace.as_ptr().add(row * hidden),
                            c: trace.as_ptr().wrapping_add((total + row) * hidden),
                            gates: trace.as_ptr().wrapping_add(cell.states() * total * hidden + row * kept),
                            before: if cell == Cell::Lstm { state(1, extra) } else { state(0, first) },
                            carried: of_group(0).add(skipped * hidden),
                            carried_c: of_group(cell.states() - 1).add(skipped * hidden),
                            pulled: y.add(row * pulled),
                        });
                    }
                    let (d, carried, lead) = (y.add(row * pulled).cast_const(), of_group(0), [hidden, pulled]);
                    let sides = |k: usize| [sequences.len(), k, hidden];
                    if cell == Cell::Gru {
                        product(&mut panels, carried, true, d.add(hidden), weights[0], sides(split), lead);
                        product(&mut panels, carried, true, d, weights[1], sides(hidden), lead);
                    } else {
                        product(&mut panels, carried, false, d, weights[0], sides(split), lead);
                    }
                }
            }
        });
    });
    Ok(())
}
