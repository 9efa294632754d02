//! Tensors put together, or turned around: copies into parts of the output.

use crate::cast::cast;
use crate::convert;
use crate::memory::{Read, Write};
use tensor_core::op::Join;
use tensor_core::{Layout, Result};

/// Computes a join.
pub fn run(op: Join, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    match op {
        Join::Cat { dim, .. } => {
            let mut start = 0;
            for x in inputs {
                let len = x.layout.shape()[dim as usize];
                let part = out.layout.sliced(dim as usize, start, len, 1);
                if x.layout.numel() > 0 {
                    convert::copy(*x, &out.with_layout(&part));
                }
                start += len;
            }
        }
        Join::Flip { axes } => flip(axes, inputs[0], out),
    }
    Ok(())
}

/// Copies row by row, from the far end of each flipped dimension.
fn flip(axes: u64, x: Read<'_>, out: &Write<'_>) {
    let layout: &Layout = x.layout;
    let size = x.dtype.size();
    let rank = layout.rank();
    let copy = cast(x.dtype, x.dtype);
    let (inner, inner_stride) = if rank == 0 { (1, 1) } else { (layout.shape()[rank - 1], layout.strides()[rank - 1]) };
    let flips_inner = rank > 0 && axes >> (rank - 1) & 1 == 1;
    let rows = layout.numel().checked_div(inner).unwrap_or(0);
    for row in 0..rows {
        let (mut rest, mut from, mut to) = (row, layout.offset(), out.layout.offset());
        for dim in (0..rank.saturating_sub(1)).rev() {
            let index = rest % layout.shape()[dim];
            rest /= layout.shape()[dim];
            let source = if axes >> dim & 1 == 1 { layout.shape()[dim] - 1 - index } else { index };
            from += source * layout.strides()[dim];
            to += index * out.layout.strides()[dim];
        }
        let out_stride = if rank == 0 { 1 } else { out.layout.strides()[rank - 1] };
        if flips_inner {
            for i in 0..inner {
                // SAFETY: single elements of both storages.
                unsafe {
                    let source = x.at(from + (inner - 1 - i) * inner_stride);
                    std::ptr::copy_nonoverlapping(source, out.at(to + i * out_stride), size);
                }
            }
        } else {
            // SAFETY: a row of both operands within their storages.
            unsafe { copy(x.at(from), inner_stride, out.at(to), out_stride, inner) };
        }
    }
}
