//! Position tensors, read and checked. It does not know what is done at the positions.

use super::GRAIN;
use crate::dense::Shared;
use crate::memory::Read;
use crate::nest::Nest;
use crate::team;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use tensor_core::op::index::Index;
use tensor_core::{DType, Dims, Error, ErrorKind, Layout, Result, bail};

/// The position at `place` of an index tensor of `int64` or `int32`.
#[inline]
pub fn position(index: &Read<'_>, place: usize) -> i64 {
    let at = index.at(place);
    // SAFETY: an element of the index tensor.
    unsafe {
        match index.dtype {
            DType::I32 => at.cast::<i32>().read_unaligned() as i64,
            _ => at.cast::<i64>().read_unaligned(),
        }
    }
}

/// A position within `size`; if `wraps`, a negative one counts from the end. Positions outside have no value.
#[inline]
pub fn within(position: i64, size: usize, wraps: bool) -> Option<usize> {
    let position = if wraps && position < 0 { position + size as i64 } else { position };
    (position >= 0 && (position as usize) < size).then_some(position as usize)
}

/// Adds to each of `places`, which are in row-major order of `shape`, the position there times `stride`. The index tensor
/// broadcasts to the shape.
///
/// # Errors
/// With the text that `outside` makes of a position that is not within `size`.
pub fn add_places(
    places: &mut [usize],
    shape: &Dims,
    index: &Read<'_>,
    (size, stride): (usize, usize),
    wraps: bool,
    outside: impl Fn(i64) -> String,
) -> Result<()> {
    let nest = Nest::new([&Layout::contiguous(shape.clone()), &index.layout.expanded(shape)?]);
    let to = Shared(places.as_mut_ptr());
    // The place of one position outside, plus one.
    let wrong = AtomicUsize::new(0);
    team::split(places.len(), GRAIN, |range| {
        nest.rows(range, |row| {
            let mut bad = None;
            for i in 0..row.len {
                let from = row.at[1] + i * row.strides[1];
                match within(position(index, from), size, wraps) {
                    // SAFETY: element `row.at[0] + i` of the list is this range's alone.
                    Some(p) => unsafe { *to.get().add(row.at[0] + i * row.strides[0]) += p * stride },
                    None => bad = Some(from),
                }
            }
            if let Some(from) = bad {
                wrong.store(from + 1, Relaxed);
            }
        })
    });
    match wrong.into_inner() {
        0 => Ok(()),
        place => Err(Error::new(ErrorKind::Index, outside(position(index, place - 1)))),
    }
}

/// What PyTorch says of a position outside a dimension.
pub fn outside(op: Index, position: i64, dim: usize, size: usize) -> String {
    match op {
        Index::Select { .. } | Index::Rows { .. } | Index::RowsAdded { .. } => "index out of range in self".into(),
        Index::Copy { .. } => {
            format!("index_copy_(): index {position} is out of bounds for dimension {dim} with size {size}")
        }
        Index::Gather { .. }
        | Index::Scatter { .. }
        | Index::ScatterAdd { .. }
        | Index::ScatterReduce { .. }
        | Index::Add { .. }
        | Index::Get { .. }
        | Index::Put { .. }
        | Index::MaskedSelect { .. }
        | Index::MaskedScatter
        | Index::Count
        | Index::NonZero { .. } => format!("index {position} is out of bounds for dimension {dim} with size {size}"),
    }
}

/// The error of an element-wise operation that met a position outside.
pub fn fail(op: Index, position: i64, dim: usize, size: usize) -> Result<()> {
    bail!(Index, "{}", outside(op, position, dim, size))
}
