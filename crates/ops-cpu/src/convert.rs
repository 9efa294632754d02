//! The same values in another place or type.

use crate::cast::cast;
use crate::elementwise::{Block, Elementwise};
use crate::memory::{Read, Write};
use crate::nest::{Nest, Row};
use crate::select::write_number;
use crate::stream::Stream;
use crate::team;
use crate::tiles::{SIDE, Tile, Tiles};
use crate::turn::turn;
use std::mem::MaybeUninit;
use storage::Scalar;

const GRAIN: usize = 32 * 1024;

/// Copies `x` into `out`, converting if the dtypes differ.
pub fn copy(x: Read<'_>, out: &Write<'_>) {
    let numel = out.layout.numel();
    let convert = cast(x.dtype, out.dtype);
    if x.layout.is_contiguous()
        && out.layout.is_contiguous()
        && x.layout.shape() == out.layout.shape()
        && numel <= GRAIN
    {
        // SAFETY: contiguous elements of the given types within their storages.
        unsafe { convert(x.at(x.layout.offset()), 1, out.at(out.layout.offset()), 1, numel) };
        return;
    }
    let nest = Nest::new([out.layout, x.layout]);
    if let Some(tiles) = Tiles::of(&nest) {
        let grain = GRAIN / (SIDE * SIDE);
        team::split(tiles.count(), grain, |range| tiles.visit(range, |tile| copy_tile(&x, out, tile)));
        return;
    }
    let size = out.dtype.size();
    if Stream::is_worth(numel * size) && out.layout.is_dense() && x.at(0) != out.at(0).cast_const() {
        team::split(numel, GRAIN, |range| {
            let mut stream = Stream::to(out.at(out.layout.offset() + range.start));
            nest.rows(range, |Row { at, strides, len }| {
                let operand = (x.at(at[1]), if strides[1] == 1 { x.dtype.size() } else { 0 });
                // SAFETY: the output has its elements in this order, and nothing else looks at them; a row of the operand within
                // its storage.
                unsafe {
                    stream.write(len, size, [operand], |start, place, n| {
                        convert(x.at(at[1] + start * strides[1]), strides[1], place, 1, n);
                    });
                }
            });
        });
        return;
    }
    team::split(numel, GRAIN, |range| {
        nest.rows(range, |row| {
            // SAFETY: a row of both operands within their storages.
            unsafe { convert(x.at(row.at[1]), row.strides[1], out.at(row.at[0]), row.strides[0], row.len) };
        });
    });
}

/// A tile of an operand that may lie across the output.
fn copy_tile(x: &Read<'_>, out: &Write<'_>, tile: Tile<2>) {
    let Tile { at, along, across, rows, len } = tile;
    let (from, to, convert) = (x.at(at[1]), out.at(at[0]), cast(x.dtype, out.dtype));
    // SAFETY: the tile lies within both storages, and the buffer has room for one of the widest type.
    unsafe {
        if (across[1], along[0]) != (1, 1) {
            for row in 0..rows {
                let (from, to) = (x.at(at[1] + row * across[1]), out.at(at[0] + row * across[0]));
                convert(from, along[1], to, along[0], len);
            }
        } else if x.dtype == out.dtype {
            turn(x.dtype.size(), (from, along[1]), (to, across[0]), len, rows);
        } else {
            let mut turned = MaybeUninit::<[u64; SIDE * SIDE]>::uninit();
            let start = turned.as_mut_ptr().cast::<u8>();
            turn(x.dtype.size(), (from, along[1]), (start, SIDE), len, rows);
            for row in 0..rows {
                let from = start.add(row * SIDE * x.dtype.size());
                convert(from, 1, out.at(at[0] + row * across[0]), 1, len);
            }
        }
    }
}

unsafe fn repeat<T: Copy>([x]: [*const u8; 1], _: [usize; 1], y: *mut u8, n: usize) {
    // SAFETY: the contract of `Block`.
    unsafe { std::slice::from_raw_parts_mut(y.cast::<T>(), n).fill(*x.cast::<T>()) };
}

/// Sets every element of `out` to `number`.
#[inline]
pub fn fill(number: Scalar, out: &Write<'_>) {
    let dtype = out.dtype;
    let mut word = [0u64];
    write_number(&mut word, dtype, number);
    let (block, numel): (Block<1>, usize) = match dtype.size() {
        1 => (repeat::<u8>, out.layout.numel()),
        2 => (repeat::<u16>, out.layout.numel()),
        4 => (repeat::<u32>, out.layout.numel()),
        _ => (repeat::<u64>, out.layout.numel()),
    };
    if out.layout.is_contiguous() && numel <= GRAIN {
        // SAFETY: contiguous elements within the storage.
        unsafe { block([word.as_ptr().cast()], [0], out.at(out.layout.offset()), numel) };
        return;
    }
    let scalar = tensor_core::Layout::contiguous(tensor_core::Dims::scalar());
    let number = Read::number(word.as_ptr().cast(), &scalar, dtype);
    Elementwise { block, inputs: [dtype], output: dtype }.run([number], out);
}
