//! Reading and writing at positions given by tensors. Positions are checked before or as they are read; elements move as bits,
//! except where they are combined. Writes at one place happen in the order of the positions, whatever the number of threads.

mod combine;
mod elements;
mod masked;
mod positions;
mod slices;

use crate::convert;
use crate::memory::{Read, Write};
use tensor_core::op::index::Index;
use tensor_core::{Dims, Layout, Result};

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 16 * 1024;

/// Size and stride of a dimension; a number counts as a vector of one.
fn extent(layout: &Layout, dim: usize) -> (usize, usize) {
    if layout.rank() == 0 { (1, 0) } else { (layout.shape()[dim], layout.strides()[dim]) }
}

/// The strides of `layout` with that of `dim` zero; `rank` of them, also where a number meets a vector.
fn strides_across(layout: &Layout, dim: usize, rank: usize) -> Dims {
    let mut strides = layout.strides().clone();
    if let Some(stride) = strides.get_mut(dim) {
        *stride = 0;
    }
    if strides.len() == rank { strides } else { Dims::filled(rank, 0) }
}

/// Computes an operation at positions. `in_place`: the output is the first input.
pub fn run(op: Index, in_place: bool, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let begin = |x: Read<'_>| {
        if !in_place {
            convert::copy(x, out);
        }
    };
    match op {
        Index::Gather { dim, .. } => elements::gather(dim as usize, inputs[0], inputs[1], out),
        Index::Select { dim } => slices::select(dim as usize, inputs[0], inputs[1], out),
        Index::Rows { .. } => slices::rows(inputs[0], inputs[1], out),
        Index::RowsAdded { padding, .. } => slices::rows_added(padding, inputs[0], inputs[1], out),
        Index::Scatter { .. } | Index::ScatterAdd { .. } | Index::ScatterReduce { .. } => {
            elements::check(op, inputs[1], out)?;
            begin(inputs[0]);
            elements::scatter(op, inputs[1], inputs[2], out);
            Ok(())
        }
        Index::Add { dim } | Index::Copy { dim } => {
            let moves = slices::Moves::along(dim as usize, op, &inputs[1], &inputs[2], out)?;
            begin(inputs[0]);
            moves.write(matches!(op, Index::Add { .. }), &inputs[2], out);
            Ok(())
        }
        Index::Get { dims, .. } => {
            slices::Moves::reading(dims, &inputs[0], &inputs[1..], out)?.read(&inputs[0], out);
            Ok(())
        }
        Index::Put { dims, accumulate } => {
            let moves = slices::Moves::writing(dims, &inputs[1], &inputs[2..], out)?;
            begin(inputs[0]);
            moves.write(accumulate, &inputs[1], out);
            Ok(())
        }
        Index::MaskedSelect { .. } => masked::select(&inputs[0], &inputs[1], out),
        Index::MaskedScatter => {
            let counts = masked::Counts::new(&inputs[1]);
            counts.check_source(inputs[2].layout.numel())?;
            begin(inputs[0]);
            counts.scatter(&inputs[1], &inputs[2], out);
            Ok(())
        }
        Index::Count => {
            let total = masked::Counts::new(&inputs[0]).total() as i64;
            // SAFETY: the output is one `int64`.
            unsafe { out.pointer::<i64>().write_unaligned(total) };
            Ok(())
        }
        Index::NonZero { .. } => masked::nonzero(&inputs[0], out),
    }
}
