//! Runs a kernel over all elements of an output and its broadcast inputs: straight through where everything is contiguous and
//! of the right type, else block by block through small buffers, converted and gathered on the way. It knows no kernel.

use crate::cast::cast;
use crate::memory::{Read, Write, fetch};
use crate::nest::{Nest, Row};
use crate::stream::Stream;
use crate::team;
use crate::tiles::{SIDE, Tile, Tiles};
use crate::turn::turn;
use std::mem::MaybeUninit;
use tensor_core::DType;

/// A kernel over `n` elements: inputs that advance by one element or (step 0) stay, to a contiguous output. The output may be
/// exactly the first input, if their types have the same size; otherwise they are apart.
///
/// # Safety
/// All pointers are valid for that many elements of the kernel's types.
pub type Block<const N: usize> = unsafe fn(x: [*const u8; N], steps: [usize; N], y: *mut u8, n: usize);

/// A kernel and the types it works in.
#[derive(Clone, Copy)]
pub struct Elementwise<const N: usize> {
    /// The loop.
    pub block: Block<N>,
    /// What it reads.
    pub inputs: [DType; N],
    /// What it writes.
    pub output: DType,
}

/// Elements that pass through the buffers at a time: all buffers stay in the first-level cache.
const BLOCK: usize = 512;

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 32 * 1024;

#[repr(align(64))]
#[derive(Clone, Copy)]
struct Buffer([u8; BLOCK * 8]);

impl<const N: usize> Elementwise<N> {
    /// Computes every element of `out` from `inputs`.
    #[inline]
    pub fn run(self, inputs: [Read<'_>; N], out: &Write<'_>) {
        // Contiguous operands of as many elements as the output differ from it at most in dimensions of size one; an operand of
        // one element stays.
        let numel = out.layout.numel();
        let straight = out.dtype == self.output
            && out.layout.is_contiguous()
            && (0..N).all(|i| {
                let x = &inputs[i];
                let same = x.layout.is_contiguous() && x.layout.numel() == numel;
                x.dtype == self.inputs[i] && (same || x.layout.numel() == 1)
            });
        if straight && numel <= GRAIN {
            let x = inputs.map(|x| x.at(x.layout.offset()));
            let steps = inputs.map(|x| (x.layout.numel() == numel) as usize);
            // SAFETY: the layouts are contiguous and within their locked storages, of the kernel's types; of an operand of one
            // element no second one is read.
            unsafe { (self.block)(x, steps, out.at(out.layout.offset()), numel) };
        } else {
            self.run_general(inputs, out);
        }
    }

    #[inline(never)]
    fn run_general(self, inputs: [Read<'_>; N], out: &Write<'_>) {
        match N {
            1 => self.run_nest::<2>(inputs, out),
            2 => self.run_nest::<3>(inputs, out),
            3 => self.run_nest::<4>(inputs, out),
            _ => self.run_nest::<5>(inputs, out),
        }
    }

    /// `M` is N + 1: the output and the inputs.
    fn run_nest<const M: usize>(self, inputs: [Read<'_>; N], out: &Write<'_>) {
        debug_assert_eq!(M, N + 1);
        let nest = Nest::<M>::new(std::array::from_fn(|i| if i == 0 { out.layout } else { inputs[i - 1].layout }));
        if let Some(tiles) = Tiles::of(&nest) {
            let grain = GRAIN / (SIDE * SIDE);
            team::split(tiles.count(), grain, |range| tiles.visit(range, |tile| self.run_tile(&inputs, out, tile)));
            return;
        }
        // Decided once: rows of a broadcast operand may be short, and there are many.
        let strides = nest.row_strides();
        let (direct, steps) = (self.is_direct(&inputs, out, strides), std::array::from_fn(|i| strides[i + 1]));
        let run = |out: &Write<'_>, row: Row<M>| {
            if direct {
                let x = std::array::from_fn(|i| inputs[i].at(row.at[i + 1]));
                // SAFETY: the row lies within the locked storages, of the kernel's types, with steps of 0 or 1.
                unsafe { (self.block)(x, steps, out.at(row.at[0]), row.len) };
            } else {
                self.run_row(&inputs, out, row);
            }
        };
        let (numel, size) = (nest.numel(), out.dtype.size());
        let apart = inputs.iter().all(|x| x.at(0) != out.at(0).cast_const());
        if apart && Stream::is_worth(numel * size) && out.layout.is_dense() {
            team::split(numel, GRAIN, |range| {
                let mut stream = Stream::to(out.at(out.layout.offset() + range.start));
                nest.rows(range, |Row { at, strides, len }| {
                    let operands = std::array::from_fn(|i| {
                        let each = if strides[i + 1] == 1 { inputs[i].dtype.size() } else { 0 };
                        (inputs[i].at(at[i + 1]), each)
                    });
                    // SAFETY: the output has its elements in this order, nothing else looks at them, and the kernel writes all.
                    unsafe {
                        stream.write::<N>(len, size, operands, |start, place, len| {
                            let at = std::array::from_fn(|k| if k == 0 { 0 } else { at[k] + start * strides[k] });
                            run(&Write::dense(place, out.layout, out.dtype), Row { at, strides, len });
                        });
                    }
                });
            });
        } else {
            team::split(numel, GRAIN, |range| nest.rows(range, |row| run(out, row)));
        }
    }

    /// Whether rows of these strides need no buffers.
    fn is_direct<const M: usize>(&self, inputs: &[Read<'_>; N], out: &Write<'_>, strides: [usize; M]) -> bool {
        let reads = |i: usize| inputs[i].dtype == self.inputs[i] && strides[i + 1] <= 1;
        out.dtype == self.output && strides[0] == 1 && (0..N).all(reads)
    }

    /// Rows of a tile, the operands that lie across it turned into a buffer before.
    fn run_tile<const M: usize>(&self, inputs: &[Read<'_>; N], out: &Write<'_>, tile: Tile<M>) {
        let mut turned = [const { MaybeUninit::<[u64; SIDE * SIDE]>::uninit() }; N];
        let (mut operands, Tile { mut at, mut along, mut across, rows, len }) = (*inputs, tile);
        // What lies along is on its way while the rest is turned; to ask for the output as well gains nothing.
        for (input, k) in inputs.iter().zip(1..).filter(|(_, k)| along[*k] == 1) {
            (0..rows).for_each(|row| fetch(input.at(at[k] + row * across[k]), len * input.dtype.size()));
        }
        for i in 0..N {
            let (input, k) = (&inputs[i], i + 1);
            if across[k] != 1 || along[k] <= 1 {
                continue;
            }
            let (start, size) = (turned[i].as_mut_ptr().cast::<u8>(), input.dtype.size());
            // SAFETY: the tile lies within the operand's storage, and the buffer has room for a tile of the widest type.
            unsafe { turn(size, (input.at(at[k]), along[k]), (start, SIDE), len, rows) };
            operands[i] = input.copied(start, SIDE * SIDE * size, input.dtype);
            (at[k], along[k], across[k]) = (0, 1, SIDE);
        }
        for row in 0..rows {
            let begin = std::array::from_fn(|k| at[k] + row * across[k]);
            self.run_row(&operands, out, Row { at: begin, strides: along, len });
        }
    }

    fn run_row<const M: usize>(&self, inputs: &[Read<'_>; N], out: &Write<'_>, row: Row<M>) {
        let direct_out = out.dtype == self.output && (row.strides[0] == 1 || row.len == 1);
        let direct: [bool; N] =
            std::array::from_fn(|i| inputs[i].dtype == self.inputs[i] && (row.strides[i + 1] <= 1 || row.len == 1));
        if direct_out && direct.iter().all(|direct| *direct) {
            let x = std::array::from_fn(|i| inputs[i].at(row.at[i + 1]));
            let steps = std::array::from_fn(|i| row.strides[i + 1].min(1));
            // SAFETY: the row lies within the locked storages, of the kernel's types, with steps of 0 or 1.
            unsafe { (self.block)(x, steps, out.at(row.at[0]), row.len) };
            return;
        }
        let mut buffers = [Buffer([0; BLOCK * 8]); N];
        let mut result = Buffer([0; BLOCK * 8]);
        for start in (0..row.len).step_by(BLOCK) {
            let n = BLOCK.min(row.len - start);
            let mut steps = [1; N];
            let x = std::array::from_fn(|i| {
                let (input, stride) = (&inputs[i], row.strides[i + 1]);
                let from = input.at(row.at[i + 1] + start * stride);
                if direct[i] {
                    steps[i] = stride.min(1);
                    return from;
                }
                steps[i] = (stride != 0) as usize;
                let count = if stride == 0 { 1 } else { n };
                // SAFETY: at most `BLOCK` elements of at most 8 bytes from the row into the buffer.
                unsafe { cast(input.dtype, self.inputs[i])(from, stride, buffers[i].0.as_mut_ptr(), 1, count) };
                buffers[i].0.as_ptr()
            });
            let to = out.at(row.at[0] + start * row.strides[0]);
            let y = if direct_out { to } else { result.0.as_mut_ptr() };
            // SAFETY: `n` elements in the buffers or, where direct, in the locked storages.
            unsafe { (self.block)(x, steps, y, n) };
            if !direct_out {
                // SAFETY: `n` elements from the buffer to their places in the row.
                unsafe { cast(self.output, out.dtype)(y, 1, to, row.strides[0], n) };
            }
        }
    }
}
