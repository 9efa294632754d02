//! A source with zeros around it, for sweeps that go over it several times: each then reads it as it is, instead of arranging its
//! blocks anew. It knows no factors and no sums.

use super::field::{SLACK, Scratch};
use super::geometry::Axis;
use crate::dense::Shared;
use crate::team;
use crate::vector::Lanes;

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 32 * 1024;

/// `source`, that many planes, with the zeros that results along any of `sweeps` read; the axes are those of the framed source
/// afterwards. `None` if no zeros are read.
///
/// # Safety
/// `source` has `planes` planes of the axes' source places, row-major.
pub unsafe fn frame<T: Lanes>(source: *const T, planes: usize, sweeps: &mut [[Axis; 3]]) -> Option<Scratch> {
    let whole = sweeps.first()?.each_ref().map(|axis| axis.source);
    let (mut before, mut after) = ([0; 3], [0; 3]);
    let used = |axes: &&[Axis; 3]| axes.iter().all(|axis| axis.count > 0 && !axis.shifts.is_empty());
    for axes in sweeps.iter().filter(used) {
        for (i, axis) in axes.iter().enumerate() {
            let end = ((axis.count - 1) * axis.step + axis.reach() + 1).saturating_add_signed(-axis.lead);
            before[i] = before[i].max(axis.lead.max(0) as usize);
            after[i] = after[i].max(end.saturating_sub(axis.source));
        }
    }
    if before == [0; 3] && after == [0; 3] {
        return None;
    }
    let framed: [usize; 3] = std::array::from_fn(|i| before[i] + whole[i] + after[i]);
    for axis in sweeps.iter_mut().flat_map(|axes| axes.iter_mut().zip(0..)) {
        let (axis, i) = axis;
        (axis.source, axis.lead) = (framed[i], axis.lead - before[i] as isize);
    }
    let (from, to): (usize, usize) = (whole.iter().product(), framed.iter().product());
    let mut scratch = Scratch::new::<T>(planes * to + SLACK);
    let shared = Shared((source, scratch.pointer::<T>()));
    team::split(planes, (GRAIN / to.max(1)).max(1), |range| {
        let (source, scratch) = shared.get();
        for plane in range {
            // SAFETY: this plane of the source and its framed copy; rows lie within both.
            unsafe {
                let (source, copy) = (source.add(plane * from), scratch.add(plane * to));
                std::slice::from_raw_parts_mut(copy, to).fill(T::ZERO);
                for row in 0..whole[0] * whole[1] {
                    let (slice, line) = (row / whole[1] + before[0], row % whole[1] + before[1]);
                    let at = (slice * framed[1] + line) * framed[2] + before[2];
                    std::ptr::copy_nonoverlapping(source.add(row * whole[2]), copy.add(at), whole[2]);
                }
            }
        }
    });
    // SAFETY: the room after the last plane.
    unsafe { std::slice::from_raw_parts_mut(scratch.pointer::<T>().add(planes * to), SLACK).fill(T::ZERO) };
    Some(scratch)
}
