//! Tensors of more bytes than a kernel can see: a nest of loops is cut along its outermost loop into parts whose operands each
//! lie within a range that can be bound. It knows no kernels.

use crate::nest::Nest;
use smallvec::SmallVec;

/// What bound ranges start at multiples of, which is enough for every adapter.
const ALIGNMENT: usize = 256;

/// An operand: how many bytes an element has, and whether it lies in the output's memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) size: usize,
    pub(crate) in_output: bool,
}

/// A range of a buffer: its first byte, and how many.
pub(crate) type Window = (u64, u64);

/// Some turns of the outermost loop.
#[derive(Debug)]
pub(crate) struct Part {
    /// The loops, with offsets counted from where each operand's window begins.
    pub(crate) nest: Nest,
    pub(crate) windows: SmallVec<[Window; 4]>,
    pub(crate) numel: usize,
}

/// The parts of `nest`, none of whose windows has more than `most` bytes; all but the last have a multiple of four elements.
/// `None` if single turns need more, or results are read from elsewhere than they are written.
pub(crate) fn cut(nest: &Nest, memories: &[Memory], most: usize) -> Option<Vec<Part>> {
    let inner: usize = nest.loops[1..].iter().map(|each| each.size).product();
    // Elements from the first to behind the last of a turn.
    let extent = |i: usize| 1 + nest.loops[1..].iter().map(|each| (each.size - 1) * each.strides[i]).sum::<usize>();
    let step = |i: usize| nest.loops[0].strides[i];
    let mut turns = nest.loops[0].size;
    for (i, memory) in memories.iter().enumerate() {
        let room = (most.checked_sub(2 * ALIGNMENT)? / memory.size).checked_sub(extent(i))?;
        if let Some(more) = room.checked_div(step(i)) {
            turns = turns.min(more + 1);
        }
        let is_same = nest.offsets[i] == nest.offsets[0]
            && nest.loops.iter().all(|each| each.strides[i] == each.strides[0])
            && memory.size == memories[0].size;
        if memory.in_output && !is_same {
            return None;
        }
    }
    if turns < nest.loops[0].size && !(turns * inner).is_multiple_of(4) {
        turns -= turns % 4;
    }
    if turns == 0 {
        return None;
    }
    let part = |first: usize| {
        let count = turns.min(nest.loops[0].size - first);
        let mut part = Part { nest: nest.clone(), windows: SmallVec::new(), numel: count * inner };
        part.nest.loops[0].size = count;
        for (i, memory) in memories.iter().enumerate() {
            let start = nest.offsets[i] + first * step(i);
            let behind = start + (count - 1) * step(i) + extent(i);
            let from = start * memory.size / ALIGNMENT * ALIGNMENT;
            let bytes = (behind * memory.size - from).next_multiple_of(8);
            part.nest.offsets[i] = start - from / memory.size;
            part.windows.push((from as u64, bytes as u64));
        }
        part
    };
    Some((0..nest.loops[0].size).step_by(turns).map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::{Memory, cut};
    use crate::nest::Nest;
    use tensor_core::Layout;

    #[test]
    fn parts_cover_everything_and_fit() {
        let layout = Layout::contiguous([1001usize, 77].as_slice().into());
        let row = Layout::contiguous([77usize].as_slice().into());
        for layouts in [vec![&layout, &layout], vec![&layout, &layout, &row], vec![&layout]] {
            let nest = Nest::new(&layouts);
            for size in [1usize, 2, 4, 8] {
                let memory = |i: usize| Memory { size: if i == 0 { 1 } else { size }, in_output: false };
                let memories: Vec<Memory> = (0..layouts.len()).map(memory).collect();
                let parts = cut(&nest, &memories, 8192).expect("rows fit");
                assert!(parts.len() > 1);
                assert_eq!(parts.iter().map(|part| part.numel).sum::<usize>(), 77_077);
                let mut done = 0;
                for part in &parts {
                    assert!(part.windows.iter().all(|(from, bytes)| from % 256 == 0 && *bytes <= 8192));
                    assert_eq!(part.windows[0].0 as usize + part.nest.offsets[0], done);
                    assert_eq!(done % 4, 0);
                    done += part.numel;
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_not_cut() {
        let wide = Layout::contiguous([100usize, 1000].as_slice().into());
        let turned = Layout::strided(wide.shape().clone(), [1usize, 100].as_slice().into(), 0);
        let nest = Nest::new(&[&wide, &turned]);
        let memory = Memory { size: 4, in_output: false };
        assert!(cut(&nest, &[memory, memory], 8192).is_none());
    }
}
