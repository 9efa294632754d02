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

/// Every column's positions.
fn columns<T: Number + Key, P: Packed>(op: Sort, x: &[T], shape: Slices, chosen: usize, y: Places<i64>) {
    shape.columns(4, |range| {
        let (mut keys, mut spare) = (Vec::<P>::with_capacity(shape.count), Vec::<P>::new());
        for i in range {
            let from = shape.column(i, shape.count);
            let pack = |descending| Pack { x, from, shape, descending };
            let found: &[P] = match op {
                Sort::Argsort { descending, .. } => {
                    dispatch(pack(descending).into(&mut keys));
                    radix::sort(&mut keys, &mut spare, T::BYTES);
                    &keys
                }
                Sort::Top { k, largest, .. } => {
                    dispatch(pack(largest).into(&mut keys));
                    select::first(&mut keys, &mut spare, k);
                    &spare
                }
                Sort::Kth { k, .. } => {
                    dispatch(pack(false).into(&mut keys));
                    std::slice::from_ref(keys.select_nth_unstable(k).1)
                }
                Sort::Median { skip_nan, .. } => {
                    dispatch(pack(false).into(&mut keys));
                    std::slice::from_ref(select::median(&mut keys, skip_nan, |at| x[from + at * shape.inner].is_nan()))
                }
                Sort::Search { .. } => unreachable!("not by columns"),
            };
            let to = shape.column(i, chosen);
            for (place, key) in found.iter().take(chosen).enumerate() {
                // SAFETY: each column of the result belongs to one range.
                unsafe { y.part(to + place * shape.inner, 1)[0] = key.position() as i64 };
            }
        }
    });
}

/// Copies a column out as keys.
struct Pack<'a, T> {
    x: &'a [T],
    from: usize,
    shape: Slices,
    descending: bool,
}

struct PackInto<'a, T, P> {
    pack: Pack<'a, T>,
    keys: &'a mut Vec<P>,
}

impl<'a, T> Pack<'a, T> {
    fn into<P>(self, keys: &'a mut Vec<P>) -> PackInto<'a, T, P> {
        PackInto { pack: self, keys }
    }
}

impl<T: Key, P: Packed> Kernel for PackInto<'_, T, P> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let PackInto { pack: Pack { x, from, shape: Slices { count, inner, .. }, descending }, keys } = self;
        // Turned around, the order of equal elements must not turn with it: only the key does.
        let turn = if descending { T::ALL_BITS } else { 0 };
        keys.clear();
        if inner == 1 {
            keys.extend(x[from..from + count].iter().enumerate().map(|(i, x)| P::pack(x.key() ^ turn, i)));
        } else {
            keys.extend((0..count).map(|i| P::pack(x[from + i * inner].key() ^ turn, i)));
        }
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
