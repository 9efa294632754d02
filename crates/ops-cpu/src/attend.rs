//! Attention: a block of queries meets all keys that it sees, its scores become weights while they lie in the cache, and the
//! weights meet the values. Going back, weights are computed again.
//!
//! The formulas of the derivative: T. Dao et al., "FlashAttention" (2022), algorithm 4 of appendix B, whose sums over keys need no
//! cutting here, because a block's scores fit the cache of one core.

use crate::dense::{self, Dense, Places};
use crate::isa::{Kernel, Level, dispatch};
use crate::matmul::product::{self, Floats, Matrix, Real, Room, Target};
use crate::memory::{Read, Write};
use crate::norm::lanes;
use crate::team;
use std::ops::Range;
use tensor_core::op::Attend;
use tensor_core::op::attend::Scores;
use tensor_core::{DType, Result};

/// Queries whose scores are held at a time.
const BLOCK: usize = 64;

/// Pieces of work of a backward pass from which no item is cut into parts, and blocks of queries of which a part has at least so many.
const PIECES: usize = 8;
const LEAST: usize = 4;

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 16 * 1024;

/// Computes attention, or its derivative.
pub fn run(op: Attend, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    match compute {
        DType::F64 => of::<f64>(op, compute, inputs, out),
        _ => of::<f32>(op, compute, inputs, out),
    }
    Ok(())
}

fn of<T: Real>(op: Attend, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    match op {
        Attend::Forward(scores) => {
            let job = Job::<T>::new(scores, inputs);
            let [queries, _, _, values] = job.sizes;
            let blocks = queries.div_ceil(BLOCK);
            dense::write::<T>(out, compute, |y| {
                team::parallel(job.count * blocks, &|i| {
                    let (item, first) = (i / blocks, i % blocks * BLOCK);
                    let rows = BLOCK.min(queries - first);
                    // SAFETY: the block's results, which are this call's alone.
                    let to = unsafe { y.part((item * queries + first) * values, rows * values) };
                    job.forward(item, first, to);
                });
            });
        }
        Attend::Backward(scores) => {
            let job = Job::<T>::new(scores, &inputs[2..]);
            let (g, y) = (Dense::<T>::new(&inputs[0], compute), Dense::<T>::new(&inputs[1], compute));
            dense::write::<T>(out, compute, |to| job.backward(g.all(), y.all(), to));
        }
    }
}

/// A product of `n` by `k` and `k` by `m` elements, written to rows of `m` or added to what is there.
///
/// # Safety
/// The operands can be read, and the result be written by this thread alone.
unsafe fn product<T: Real>(
    room: &mut Room<T>,
    sizes: [usize; 3],
    a: Matrix<T>,
    b: Matrix<T>,
    factor: f64,
    to: &mut [T],
    adds: bool,
) {
    let [n, _, m] = sizes;
    debug_assert!(to.len() >= n * m);
    let to = Target { start: to.as_mut_ptr(), row: m, factor: T::from_f64(factor), adds };
    // SAFETY: the caller vouches for the operands.
    unsafe { product::one::<Floats<T>>(room, sizes, a, b, to, false) }.expect("memory for panels of a block");
}

struct Job<'a, T> {
    scores: Scores,
    /// Query, key, value.
    operands: [Read<'a>; 3],
    mask: Option<Read<'a>>,
    /// Pairs of matrices.
    count: usize,
    /// Queries, keys, the width of both, the width of values.
    sizes: [usize; 4],
    _of: std::marker::PhantomData<T>,
}

impl<'a, T: Real> Job<'a, T> {
    fn new(scores: Scores, inputs: &[Read<'a>]) -> Job<'a, T> {
        let (query, key, value) = (inputs[0], inputs[1], inputs[2]);
        let size = |x: &Read<'_>, from_end: usize| x.layout.shape()[x.layout.shape().len() - from_end];
        let sizes = [size(&query, 2), size(&key, 2), size(&query, 1), size(&value, 1)];
        let shape = query.layout.shape();
        let count = shape[..shape.len() - 2].iter().product();
        Job {
            scores,
            operands: [query, key, value],
            mask: inputs.get(3).copied(),
            count,
            sizes,
            _of: Default::default(),
        }
    }

    /// Where an item of an operand begins, as an index of its storage.
    fn start(x: &Read<'_>, item: usize) -> usize {
        let (shape, strides) = (x.layout.shape(), x.layout.strides());
        let mut rest = item;
        let outer = (0..shape.len() - 2).rev().map(|dim| {
            let at = rest % shape[dim];
            rest /= shape[dim];
            at * strides[dim]
        });
        x.layout.offset() + outer.sum::<usize>()
    }

    fn part(&self, operand: usize, item: usize) -> Matrix<T> {
        let x = &self.operands[operand];
        let strides = x.layout.strides();
        let rank = x.layout.shape().len();
        Matrix { start: x.at(Self::start(x, item)).cast(), row: strides[rank - 2], column: strides[rank - 1] }
    }

    /// The keys that `rows` queries from `first` see between them.
    fn seen(&self, first: usize, rows: usize) -> usize {
        if self.scores.causal { self.sizes[1].min(first + rows) } else { self.sizes[1] }
    }

    /// The powers of a block's scores, row by row, and for each row one over their sum.
    fn powers(&self, room: &mut Room<T>, [item, first, rows]: [usize; 3], weights: &mut [T], factors: &mut [T]) {
        let width = self.sizes[2];
        let seen = self.seen(first, rows);
        let (query, key) = (self.part(0, item).from(first), self.part(1, item));
        // SAFETY: rows of the operands, within their storages.
        unsafe { product(room, [rows, width, seen], query, key.turned(), self.scores.scale, weights, false) };
        for (row, factor) in factors[..rows].iter_mut().enumerate() {
            let scores = &mut weights[row * seen..][..seen];
            self.hide(item, first + row, scores);
            *factor = dispatch(Powers(scores));
        }
    }

    /// Applies the mask to the scores of a query.
    fn hide(&self, item: usize, query: usize, scores: &mut [T]) {
        if self.scores.causal {
            scores.iter_mut().skip(query + 1).for_each(|score| *score = T::LOWEST);
        }
        let Some(mask) = &self.mask else { return };
        let (strides, rank) = (mask.layout.strides(), mask.layout.shape().len());
        let start = Self::start(mask, item) + query * strides[rank - 2];
        for (key, score) in scores.iter_mut().enumerate() {
            let at = mask.at(start + key * strides[rank - 1]);
            // SAFETY: an element of the mask, which is of one of these types.
            unsafe {
                match mask.dtype {
                    DType::Bool => *score = if *at != 0 { *score } else { T::LOWEST },
                    _ => *score = *score + *at.cast::<T>(),
                }
            }
        }
    }

    fn forward(&self, item: usize, first: usize, to: &mut [T]) {
        let values = self.sizes[3];
        let rows = to.len() / values.max(1);
        let seen = self.seen(first, rows);
        let (mut weights, mut room) = (vec![T::ZERO; rows * seen], Room::default());
        let mut factors = [T::ZERO; BLOCK];
        self.powers(&mut room, [item, first, rows], &mut weights, &mut factors);
        let weights = Matrix::rows(weights.as_ptr(), seen);
        // SAFETY: the block's weights, and rows of the values within their storage.
        unsafe { product(&mut room, [rows, seen, values], weights, self.part(2, item), 1.0, to, false) };
        for (row, factor) in to.chunks_exact_mut(values.max(1)).zip(factors) {
            row.iter_mut().for_each(|y| *y = *y * factor);
        }
    }

    /// The gradients of all items. Where those are few, their queries are cut into parts, by shape alone; the gradients of keys and values
    /// that parts after the first have add up to those of the first, in order.
    fn backward(&self, g: &[T], y: &[T], to: Places<T>) {
        let [queries, keys, width, values] = self.sizes;
        let (query, key, value) = (queries * width, keys * width, keys * values);
        let blocks = queries.div_ceil(BLOCK);
        let parts = PIECES.div_ceil(self.count.max(1)).min(blocks / LEAST).max(1);
        let rows = (blocks.div_ceil(parts) * BLOCK).max(1);
        let parts = queries.div_ceil(rows).max(1);
        // Gradients of keys, then of values, of all items.
        let len = self.count * (key + value);
        let mut rest = vec![T::ZERO; (parts - 1) * len];
        let others = Places::of(&mut rest);
        team::parallel(self.count * parts, &|i| {
            let (item, part) = (i / parts, i % parts);
            let (first, end) = (part * rows, queries.min((part + 1) * rows));
            let (own, start) = if part == 0 { (to, self.count * query) } else { (others, (part - 1) * len) };
            // SAFETY: this part's gradients, which are this call's alone.
            let gradients = unsafe {
                [
                    to.part(item * query + first * width, (end - first) * width),
                    own.part(start + item * key, key),
                    own.part(start + self.count * key + item * value, value),
                ]
            };
            self.backward_part(item, first..end, g, y, gradients);
        });
        let rest = &rest[..];
        team::split(if parts > 1 { len } else { 0 }, GRAIN, |range| {
            // SAFETY: each range of the gradients belongs to one call.
            let to = unsafe { to.part(self.count * query + range.start, range.len()) };
            for other in rest.chunks_exact(len) {
                to.iter_mut().zip(&other[range.clone()]).for_each(|(to, x)| *to = *to + *x);
            }
        });
    }

    /// The gradients of some queries of an item, block by block; those of keys and values add up.
    fn backward_part(
        &self,
        item: usize,
        range: Range<usize>,
        g: &[T],
        y: &[T],
        [of_query, of_key, of_value]: [&mut [T]; 3],
    ) {
        let [queries, keys, width, values] = self.sizes;
        of_key.fill(T::ZERO);
        of_value.fill(T::ZERO);
        let rows = BLOCK.min(range.len());
        let (mut weights, mut pulled) = (vec![T::ZERO; rows * keys], vec![T::ZERO; rows * keys]);
        let (mut factors, mut room) = ([T::ZERO; BLOCK], Room::default());
        for first in range.clone().step_by(BLOCK) {
            let rows = BLOCK.min(range.end - first);
            let seen = self.seen(first, rows);
            let at = item * queries + first;
            let (g, y) = (&g[at * values..][..rows * values], &y[at * values..][..rows * values]);
            self.powers(&mut room, [item, first, rows], &mut weights, &mut factors);
            // SAFETY: blocks of this item's operands, within their storages or the buffers.
            unsafe {
                let gradient = Matrix::rows(g.as_ptr(), values);
                product(
                    &mut room,
                    [rows, values, seen],
                    gradient,
                    self.part(2, item).turned(),
                    1.0,
                    &mut pulled,
                    false,
                );
                for (row, factor) in factors[..rows].iter().enumerate() {
                    let (g, y) = (&g[row * values..][..values], &y[row * values..][..values]);
                    let (weights, pulled) = (&mut weights[row * seen..][..seen], &mut pulled[row * seen..][..seen]);
                    dispatch(Pull { g, y, factor: *factor, weights, pulled });
                }
                let (weights, pulled) = (Matrix::rows(weights.as_ptr(), seen), Matrix::rows(pulled.as_ptr(), seen));
                let (scale, query) = (self.scores.scale, self.part(0, item).from(first));
                let own = &mut of_query[(first - range.start) * width..][..rows * width];
                product(&mut room, [rows, seen, width], pulled, self.part(1, item), scale, own, false);
                product(&mut room, [seen, rows, width], pulled.turned(), query, scale, of_key, true);
                product(&mut room, [seen, rows, values], weights.turned(), gradient, 1.0, of_value, true);
            }
        }
    }
}

/// Makes the powers of a row's scores, of which the largest is one, and returns one over their sum; zeros if all are hidden.
struct Powers<'a, T>(&'a mut [T]);

impl<T: Real> Kernel for Powers<'_, T> {
    type Output = T;
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) -> T {
        let largest = lanes::largest(self.0);
        if largest == T::LOWEST && !self.0.iter().any(|score| score.is_nan()) {
            self.0.fill(T::ZERO);
            return T::ZERO;
        }
        T::from_f64(1.0 / lanes::map_sum_in_place(self.0, |score| (score - largest).exp::<L>()))
    }
}

/// Makes weights of powers, and the gradient of the scores of that of the weights.
struct Pull<'a, T> {
    g: &'a [T],
    y: &'a [T],
    factor: T,
    weights: &'a mut [T],
    pulled: &'a mut [T],
}

impl<T: Real> Kernel for Pull<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        // The weights' sum of their gradients is that of the result's elements and its gradient.
        let shared = T::from_f64(lanes::sums(self.g, self.y, |g, y| (g * y, T::ZERO)).0);
        for (weight, pulled) in self.weights.iter_mut().zip(self.pulled) {
            *weight = *weight * self.factor;
            *pulled = *weight * (*pulled - shared);
        }
    }
}
