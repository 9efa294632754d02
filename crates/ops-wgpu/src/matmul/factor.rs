//! One of a product's factors: the left one's rows and the right one's columns run *across* the product, its other index
//! runs along the sum. So both are read by the same text.

use super::{PARTS, strides};
use crate::element::{Kind, View};
use std::fmt::Write;
use tensor_core::Input;

pub(super) struct Factor<'a> {
    pub(super) name: &'static str,
    pub(super) input: &'a Input<'a>,
    /// Rows of the left factor, columns of the right one; the function that tells it.
    pub(super) size: usize,
    pub(super) bound: &'static str,
    /// Strides across the product, along the sum, and from batch to batch.
    across: usize,
    deep: usize,
    batch: usize,
}

impl<'a> Factor<'a> {
    pub(super) fn left(input: &'a Input<'a>) -> Factor<'a> {
        let ([across, deep, batch], rank) = (strides(input.layout), input.layout.rank());
        Factor { name: "a", input, size: input.layout.shape()[rank - 2], bound: "n", across, deep, batch }
    }

    pub(super) fn right(input: &'a Input<'a>) -> Factor<'a> {
        let ([deep, across, batch], rank) = (strides(input.layout), input.layout.rank());
        Factor { name: "b", input, size: input.layout.shape()[rank - 1], bound: "m", across, deep, batch }
    }

    /// Whether neighbours in memory follow each other along the sum.
    pub(super) fn is_deep(&self) -> bool {
        self.deep <= self.across
    }

    /// The parameters behind `x_strides`.
    pub(super) fn parameters(&self) -> [usize; 4] {
        [self.across, self.deep, self.batch, self.input.layout.offset()]
    }

    /// Whether four neighbours always lie together where the device can read them at once, sums having `k` products.
    pub(super) fn is_in_quads(&self, k: usize, batches: usize) -> bool {
        let (across, deep) = ((self.across, self.size), (self.deep, k));
        let (fast, slow) = if self.is_deep() { (deep, across) } else { (across, deep) };
        self.input.source.is_some() && is_in_quads(fast, [slow, (self.batch, batches)], self.input.layout.offset())
    }

    /// How it is seen by a kernel that computes in `kind` and reads four neighbours at once.
    pub(super) fn view(&self, kind: Kind, k: usize, batches: usize) -> View {
        match Kind::of(self.input.dtype) == kind && self.is_in_quads(k, batches) {
            true => View::Quads,
            false => View::Elements,
        }
    }

    /// Which block of four by four an invocation brings into the strip, `lane` being its number among all those of a strip of
    /// `tile` by some depth. Along the sum two of them read 32 bytes in a row; across, all read in a row.
    pub(super) fn block(&self, tile: usize) -> String {
        let quads = tile / 4;
        match self.is_deep() {
            true => format!(
                "vec2<u32>((lane / 2u) % {quads}u, lane % 2u + lane / {tile_pairs}u * 2u) * 4u",
                tile_pairs = 2 * quads
            ),
            false => format!("vec2<u32>(lane % {quads}u, lane / {quads}u) * 4u"),
        }
    }

    /// The function `x_load` that gives a block of four by four `number`s: for each of four steps along the sum four neighbours
    /// across the product, zeros where there are none. What is seen in quads it reads so, and turns it if it lies along the sum.
    pub(super) fn load(&self, view: View, number: &str) -> String {
        let Factor { name, bound, .. } = self;
        let (is_deep, mut text) = (self.is_deep(), String::new());
        for i in 0..4 {
            if view == View::Elements {
                for (j, part) in PARTS.iter().enumerate() {
                    _ = writeln!(
                        text,
                        "    if (across + {j}u < {bound}() && deep + {i}u < k()) {{ v{i}.{part} = \
                         {name}(start + (across + {j}u) * {name}_strides(0u) + (deep + {i}u) * {name}_strides(1u)); }}"
                    );
                }
                continue;
            }
            // A quad that begins where there are elements ends there, too.
            let (across, deep) = if is_deep { (i, 0) } else { (0, i) };
            _ = writeln!(
                text,
                "    if (across + {across}u < {bound}() && deep + {deep}u < k()) {{ v{i} = \
                 {name}_quad((start + (across + {across}u) * {name}_strides(0u) + (deep + {deep}u) * {name}_strides(1u)) / 4u); }}"
            );
        }
        let block = match is_deep && view != View::Elements {
            true => PARTS.map(|part| format!("vec4<{number}>(v0.{part}, v1.{part}, v2.{part}, v3.{part})")).join(", "),
            false => "v0, v1, v2, v3".to_string(),
        };
        let zero: String = (0..4).map(|i| format!("    var v{i} = vec4<{number}>();\n")).collect();
        format!(
            "fn {name}_load(start: u32, across: u32, deep: u32) -> array<vec4<{number}>, 4> {{\n{zero}{text}    \
             return array<vec4<{number}>, 4>({block});\n}}\n"
        )
    }
}

/// Whether quads along a dimension of stride one, given as stride and size, begin and end where the others and the offset do.
pub(super) fn is_in_quads((stride, size): (usize, usize), others: [(usize, usize); 2], offset: usize) -> bool {
    let aligned = |(stride, size): (usize, usize)| size == 1 || stride.is_multiple_of(4);
    stride == 1 && size.is_multiple_of(4) && offset.is_multiple_of(4) && others.into_iter().all(aligned)
}
