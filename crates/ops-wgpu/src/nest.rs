//! Nested loops over elements that lie differently in several operands: dimensions of size one dropped, the output's narrowest
//! stride innermost, neighbours joined where all operands allow it. It knows no dtypes and no buffers.

use smallvec::SmallVec;
use tensor_core::Layout;

/// One loop: its size, and how far each operand moves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Loop {
    pub(crate) size: usize,
    pub(crate) strides: SmallVec<[usize; 4]>,
}

/// Loops from the outermost to the innermost; at least one.
#[derive(Clone, Debug)]
pub(crate) struct Nest {
    pub(crate) loops: SmallVec<[Loop; 4]>,
    pub(crate) offsets: SmallVec<[usize; 4]>,
}

impl Nest {
    /// The nest over `layouts`, the first of which is the output; the others broadcast to its shape.
    pub(crate) fn new(layouts: &[&Layout]) -> Nest {
        let shape = layouts[0].shape();
        let stride = |layout: &Layout, dim: usize| {
            let lead = shape.len() - layout.rank();
            if dim < lead || layout.shape()[dim - lead] == 1 { 0 } else { layout.strides()[dim - lead] }
        };
        let mut dims: SmallVec<[Loop; 4]> = (0..shape.len())
            .filter(|dim| shape[*dim] != 1)
            .map(|dim| Loop { size: shape[dim], strides: layouts.iter().map(|layout| stride(layout, dim)).collect() })
            .collect();
        dims.sort_by_key(|dim| std::cmp::Reverse(dim.strides[0]));
        let mut loops: SmallVec<[Loop; 4]> = SmallVec::new();
        for dim in dims {
            match loops.last_mut() {
                Some(outer) if outer.strides.iter().zip(&dim.strides).all(|(o, i)| *o == i * dim.size) => {
                    *outer = Loop { size: outer.size * dim.size, strides: dim.strides };
                }
                _ => loops.push(dim),
            }
        }
        if loops.is_empty() {
            loops.push(Loop { size: 1, strides: layouts.iter().map(|_| 1).collect() });
        }
        Nest { loops, offsets: layouts.iter().map(|layout| layout.offset()).collect() }
    }

    /// The nest over one layout in row-major order.
    pub(crate) fn in_order(layout: &Layout) -> Nest {
        let dims = (0..layout.rank()).filter(|dim| layout.shape()[*dim] != 1);
        let mut loops: SmallVec<[Loop; 4]> = SmallVec::new();
        for (size, stride) in dims.map(|dim| (layout.shape()[dim], layout.strides()[dim])) {
            match loops.last_mut() {
                Some(outer) if outer.strides[0] == stride * size => {
                    *outer = Loop { size: outer.size * size, strides: smallvec::smallvec![stride] };
                }
                _ => loops.push(Loop { size, strides: smallvec::smallvec![stride] }),
            }
        }
        if loops.is_empty() {
            loops.push(Loop { size: 1, strides: smallvec::smallvec![1] });
        }
        Nest { loops, offsets: smallvec::smallvec![layout.offset()] }
    }
}
