//! Order along a dimension: each column is copied out as keys, whole numbers that have the order of the elements, with the
//! positions in their low bits. So all keys differ, equal elements keep their order, and any method of sorting is stable.

mod key;
mod radix;
mod select;

use crate::dense::{self, Dense, Places};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::number::{Number, compute_dtype, with_number};
use crate::slices::Slices;
use crate::team;
use key::{Key, Packed};
use tensor_core::op::Sort;
use tensor_core::{DType, Result};

/// Computes positions by order.
pub fn run(op: Sort, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let compute = compute_dtype(compute);
    with_number!(compute, T => of::<T>(op, compute, inputs, out));
    Ok(())
}

fn of<T: Number + Key>(op: Sort, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    let x = Dense::<T>::new(&inputs[0], compute);
    let dim = match op {
        Sort::Argsort { dim, .. } | Sort::Top { dim, .. } | Sort::Kth { dim, .. } | Sort::Median { dim, .. } => dim,
        Sort::Search { right } => {
            let values = Dense::<T>::new(&inputs[1], compute);
            return search(x.all(), inputs[0].layout.shape().last().copied(), values.all(), right, inputs, out);
        }
    };
    let shape = Slices::new(dim as usize, inputs[0].layout);
    let chosen = out.layout.shape().get(dim as usize).copied().unwrap_or(1);
    dense::write::<i64>(out, DType::I64, |y| {
        // Wide elements, and positions that do not fit 32 bits, take wide keys.
        match T::BYTES <= 4 && shape.count <= u32::MAX as usize {
            true => columns::<T, u64>(op, x.all(), shape, chosen, y),
            false => columns::<T, u128>(op, x.all(), shape, chosen, y),
        }
    });
}

/// Columns that are copied out together where they do not lie in rows: as many as share a cache line.
const TOGETHER: usize = 16;

/// Every column's positions.
fn columns<T: Number + Key, P: Packed>(op: Sort, x: &[T], shape: Slices, chosen: usize, y: Places<i64>) {
    let Slices { slices, count, inner } = shape;
    let groups = inner.div_ceil(TOGETHER);
    let grain = (2048 / (count * inner.min(TOGETHER)).max(1)).max(1);
    team::split(slices * groups, grain, |range| {
        let mut work = Column { keys: Vec::<P>::with_capacity(count), spare: vec![] };
        let (mut block, mut places) = (vec![T::ZERO; if inner == 1 { 0 } else { count * TOGETHER }], vec![]);
        for group in range {
            let (slice, start) = (group / groups, group % groups * TOGETHER);
            let (from, to) = (slice * count * inner + start, slice * chosen * inner + start);
            if inner == 1 {
                // SAFETY: each row of the result belongs to one range.
                let y = unsafe { y.part(to, chosen) };
                work.positions(op, &x[from..from + count], y);
                continue;
            }
            let width = TOGETHER.min(inner - start);
            for i in 0..count {
                for (k, x) in x[from + i * inner..][..width].iter().enumerate() {
                    block[k * count + i] = *x;
                }
            }
            places.resize(chosen * width, 0);
            for k in 0..width {
                work.positions(op, &block[k * count..][..count], &mut places[k * chosen..][..chosen]);
            }
            for i in 0..chosen {
                // SAFETY: each group's columns belong to one range.
                let y = unsafe { y.part(to + i * inner, width) };
                for (k, y) in y.iter_mut().enumerate() {
                    *y = places[k * chosen + i];
                }
            }
        }
    });
}

/// The memory that one column after the other is worked on in.
struct Column<P> {
    keys: Vec<P>,
    spare: Vec<P>,
}

impl<P: Packed> Column<P> {
    /// The positions of one column.
    fn positions<T: Number + Key>(&mut self, op: Sort, x: &[T], y: &mut [i64]) {
        let Column { keys, spare } = self;
        let mut pack = |descending| dispatch(Pack { x, descending, keys: &mut *keys });
        let found: &[P] = match op {
            Sort::Argsort { descending, .. } => {
                pack(descending);
                radix::sort(keys, spare, T::BYTES);
                keys
            }
            Sort::Top { k, largest, .. } => {
                pack(largest);
                select::first(keys, spare, k);
                spare
            }
            Sort::Kth { k, .. } => {
                pack(false);
                std::slice::from_ref(keys.select_nth_unstable(k).1)
            }
            Sort::Median { skip_nan, .. } => {
                pack(false);
                std::slice::from_ref(select::median(keys, skip_nan, |at| x[at].is_nan()))
            }
            Sort::Search { .. } => unreachable!("not by columns"),
        };
        for (y, key) in y.iter_mut().zip(found) {
            *y = key.position() as i64;
        }
    }
}

/// Makes keys of a column.
struct Pack<'a, T, P> {
    x: &'a [T],
    descending: bool,
    keys: &'a mut Vec<P>,
}

impl<T: Key, P: Packed> Kernel for Pack<'_, T, P> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        // Turned around, the order of equal elements must not turn with it: only the key does.
        let turn = if self.descending { T::ALL_BITS } else { 0 };
        self.keys.clear();
        self.keys.extend(self.x.iter().enumerate().map(|(i, x)| P::pack(x.key() ^ turn, i)));
    }
}

/// Where values belong in sorted sequences.
fn search<T: Number>(
    sequences: &[T],
    count: Option<usize>,
    values: &[T],
    right: bool,
    inputs: &[Read<'_>],
    out: &Write<'_>,
) {
    let count = count.unwrap_or(1);
    let per_sequence = match inputs[0].layout.rank() {
        0 | 1 => values.len(),
        _ => inputs[1].layout.shape().last().copied().unwrap_or(1),
    };
    dense::write::<i64>(out, DType::I64, |y| {
        team::split(values.len(), 512, |range| {
            // SAFETY: each value belongs to one range.
            let y = unsafe { y.part(range.start, range.len()) };
            for (y, i) in y.iter_mut().zip(range) {
                let sequence = &sequences[i / per_sequence * count..][..count];
                // Written so that NaN belongs behind everything.
                let value = values[i];
                let is_before = |x: &T| if right { !(*x > value) } else { !(*x >= value) };
                *y = sequence.partition_point(is_before) as i64;
            }
        });
    });
}
