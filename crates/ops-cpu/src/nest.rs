//! The loop nest of an element-wise operation: dimensions in the order of the output's memory, neighbours merged where all
//! operands allow it. It knows strides, not bytes or operations.

use smallvec::SmallVec;
use std::ops::Range;
use tensor_core::Layout;

/// Loops over the elements of an output and `N` inputs. Operand 0 is the output.
pub struct Nest<const N: usize> {
    /// Sizes and strides, outermost first; at least one loop.
    pub(crate) loops: SmallVec<[Loop<N>; 4]>,
    pub(crate) offsets: [usize; N],
    numel: usize,
}

/// One loop: how often it turns, and how far each operand then moves.
#[derive(Clone, Copy)]
pub(crate) struct Loop<const N: usize> {
    pub(crate) size: usize,
    pub(crate) strides: [usize; N],
}

/// A run of elements along the innermost loop: where each operand begins, how far apart its elements are, how many.
pub struct Row<const N: usize> {
    /// Positions of the first elements.
    pub at: [usize; N],
    /// Distances between elements.
    pub strides: [usize; N],
    /// Number of elements.
    pub len: usize,
}

impl<const N: usize> Nest<N> {
    /// The nest over `layouts`, the first of which is the output; the others broadcast to its shape.
    pub fn new(layouts: [&Layout; N]) -> Nest<N> {
        let shape = layouts[0].shape();
        let stride = |operand: usize, dim: usize| {
            let layout = layouts[operand];
            let lead = shape.len() - layout.rank();
            if dim < lead || layout.shape()[dim - lead] == 1 { 0 } else { layout.strides()[dim - lead] }
        };
        let mut dims: SmallVec<[Loop<N>; 4]> = (0..shape.len())
            .filter(|dim| shape[*dim] != 1)
            .map(|dim| Loop { size: shape[dim], strides: std::array::from_fn(|operand| stride(operand, dim)) })
            .collect();
        // A handful of dimensions, mostly in order: the standard library's sort is not worth its copy for every `N`.
        for i in 1..dims.len() {
            let mut at = i;
            while at > 0 && dims[at - 1].strides[0] < dims[at].strides[0] {
                dims.swap(at - 1, at);
                at -= 1;
            }
        }
        let mut loops: SmallVec<[Loop<N>; 4]> = SmallVec::new();
        for dim in dims {
            match loops.last_mut() {
                Some(outer) if (0..N).all(|i| outer.strides[i] == dim.strides[i] * dim.size) => {
                    *outer = Loop { size: outer.size * dim.size, strides: dim.strides };
                }
                _ => loops.push(dim),
            }
        }
        if loops.is_empty() {
            loops.push(Loop { size: 1, strides: [1; N] });
        }
        Nest { loops, offsets: layouts.map(Layout::offset), numel: layouts[0].numel() }
    }

    /// The number of elements.
    pub fn numel(&self) -> usize {
        self.numel
    }

    /// Distances between the elements of a row.
    pub fn row_strides(&self) -> [usize; N] {
        self.loops[self.loops.len() - 1].strides
    }

    /// The one row that holds all elements, if there is no loop around it.
    pub fn only_row(&self) -> Option<Row<N>> {
        match self.loops[..] {
            [Loop { size, strides }] => Some(Row { at: self.offsets, strides, len: size }),
            _ => None,
        }
    }

    /// Visits the elements numbered `range`, row by row.
    #[inline]
    pub fn rows(&self, range: Range<usize>, mut visit: impl FnMut(Row<N>)) {
        self.visit(range, &mut visit);
    }

    /// The loops exist once, not once for every visitor: a call costs little against a row.
    fn visit(&self, range: Range<usize>, visit: &mut dyn FnMut(Row<N>)) {
        if range.is_empty() {
            return;
        }
        let (inner, outer) = self.loops.split_last().expect("at least one loop");
        let mut index: SmallVec<[usize; 4]> = smallvec::smallvec![0; outer.len()];
        let mut at = self.offsets;
        let mut first = range.start % inner.size;
        let mut rest = range.start / inner.size;
        for (dim, i) in outer.iter().zip(&mut index).rev() {
            *i = rest % dim.size;
            rest /= dim.size;
            (0..N).for_each(|k| at[k] += *i * dim.strides[k]);
        }
        let mut left = range.len();
        loop {
            let len = left.min(inner.size - first);
            let begin = std::array::from_fn(|k| at[k] + first * inner.strides[k]);
            visit(Row { at: begin, strides: inner.strides, len });
            left -= len;
            first = 0;
            if left == 0 {
                return;
            }
            for (dim, i) in outer.iter().zip(&mut index).rev() {
                *i += 1;
                (0..N).for_each(|k| at[k] += dim.strides[k]);
                if *i < dim.size {
                    break;
                }
                *i = 0;
                (0..N).for_each(|k| at[k] -= dim.size * dim.strides[k]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensor_core::Dims;

    #[test]
    fn any_cut_visits_every_element_once() {
        let base = Layout::contiguous(Dims::from(&[4, 3, 5][..]));
        let output = base.permuted(&[1, 2, 0]);
        let input = Layout::contiguous(Dims::from(&[5, 1][..]));
        let nest = Nest::new([&output, &input]);
        let mut whole = vec![];
        nest.rows(0..60, |row| {
            (0..row.len).for_each(|i| whole.push((row.at[0] + i * row.strides[0], row.at[1] + i * row.strides[1])))
        });
        let mut cut = vec![];
        for range in [0..7, 7..8, 8..31, 31..60] {
            nest.rows(range, |row| {
                (0..row.len).for_each(|i| cut.push((row.at[0] + i * row.strides[0], row.at[1] + i * row.strides[1])))
            });
        }
        assert_eq!(whole, cut);
        let mut places: Vec<usize> = whole.iter().map(|pair| pair.0).collect();
        places.sort_unstable();
        assert_eq!(places, (0..60).collect::<Vec<_>>());
        for (out, input) in whole {
            assert_eq!(input, out % 5, "the middle dimension of the base is the first one of the input");
        }
    }
}
