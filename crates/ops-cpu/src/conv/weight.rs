//! The gradient with respect to the weight. Images are dealt out to a fixed number of parts, whose sums are added at the end,
//! so that the result does not depend on the number of threads.

use super::dots::Dots;
use super::field::{Arrangement, SLACK, Scratch};
use super::geometry::{Axis, Geometry};
use crate::dense::Shared;
use crate::isa::dispatch;
use crate::team;
use crate::vector::Lanes;

/// Bytes of field and gradient that a block reads.
const BLOCK: usize = 256 << 10;

/// Parts that images are dealt out to, if there are so many.
const PARTS: usize = 8;

/// Result channels that share a field.
const BAND: usize = 64;

/// Computes the gradient of a weight from input `x` and the output's gradient `g`, both row-major.
///
/// # Safety
/// The pointers are valid for what the sizes say.
pub unsafe fn run<T: Lanes>(geometry: &Geometry, x: *const T, g: *const T, out: *mut T) {
    let Geometry { batch, groups, ins, outs, .. } = *geometry;
    let numel = groups * outs * ins * geometry.taps();
    let parts = batch.clamp(1, PARTS);
    // Few images leave work for others in other result channels.
    let bands = if parts * groups < PARTS { outs.div_ceil(BAND).max(1) } else { 1 };
    let band = outs.div_ceil(bands);
    let mut sums = Scratch::new::<T>(if parts == 1 { 0 } else { numel * parts });
    let first = if parts == 1 { out } else { sums.pointer::<T>() };
    let plan = Plan::new::<T>(geometry, band);
    let shared = Shared((x, g, first));
    team::parallel(parts * groups * bands, &|task| {
        let (part, rest) = (task / (groups * bands), task % (groups * bands));
        let (group, channel) = (rest / bands, rest % bands * band);
        let (x, g, sums) = shared.get();
        let count = band.min(outs.saturating_sub(channel));
        let depth = ins * geometry.taps();
        // SAFETY: the sums of this part's channels are this task's alone.
        unsafe {
            let sums = sums.add(part * numel + (group * outs + channel) * depth);
            std::slice::from_raw_parts_mut(sums, count * depth).fill(T::ZERO);
            if count * depth > 0 && geometry.output_plane() > 0 {
                for image in (batch * part / parts)..(batch * (part + 1) / parts) {
                    let item = image * groups + group;
                    let x = x.add(item * ins * geometry.input_plane());
                    let g = g.add((item * outs + channel) * geometry.output_plane());
                    plan.add(x, g, count, sums);
                }
            }
        }
    });
    if parts > 1 {
        let shared = Shared((first.cast_const(), out));
        team::split(numel, 16 << 10, |range| {
            let (sums, out) = shared.get();
            // SAFETY: this range of the result and of each part's sums.
            unsafe {
                let to = std::slice::from_raw_parts_mut(out.add(range.start), range.len());
                to.copy_from_slice(std::slice::from_raw_parts(sums.add(range.start), range.len()));
                for part in 1..parts {
                    let more = std::slice::from_raw_parts(sums.add(part * numel + range.start), range.len());
                    to.iter_mut().zip(more).for_each(|(sum, more)| *sum = sum.plus(*more));
                }
            }
        });
    }
}

/// How one image's places pass: in blocks, with the field arranged like the output's rows.
struct Plan {
    axes: [Axis; 3],
    arrangement: Arrangement,
    height: usize,
    width: usize,
    plane: usize,
}

impl Plan {
    fn new<T>(geometry: &Geometry, band: usize) -> Plan {
        let axes = geometry.axes();
        let [depth, vertical, horizontal] = &axes;
        let lines = geometry.ins * depth.shifts.len() * vertical.phases().len() * horizontal.phases().len() + band;
        let line = lines * size_of::<T>();
        let (height, width) = if vertical.count > 1 {
            let row = line * horizontal.source.max(horizontal.count);
            let reach = vertical.reach() / vertical.step;
            ((BLOCK / row.max(1)).saturating_sub(reach).clamp(1, vertical.count), horizontal.count)
        } else {
            let column = line * (1 + vertical.reach() / vertical.step);
            (1, (BLOCK / column.max(1)).clamp(512, horizontal.count.max(512)).min(horizontal.count))
        };
        let arrangement = Arrangement::new(&axes, geometry.ins, height, width);
        Plan { plane: height * arrangement.pitch + SLACK, axes, arrangement, height, width }
    }

    /// Adds one image's share.
    ///
    /// # Safety
    /// `x` and `g` are the image's channels, `count` of them in `g`, and `sums` theirs.
    unsafe fn add<T: Lanes>(&self, x: *const T, g: *const T, count: usize, sums: *mut T) {
        let [depth, vertical, horizontal] = &self.axes;
        let mut scratch = Scratch::new::<T>(self.arrangement.len() + count * self.plane);
        let field = scratch.pointer::<T>();
        let pitch = self.arrangement.pitch;
        for slice in 0..depth.count {
            for row in (0..vertical.count).step_by(self.height) {
                for column in (0..horizontal.count).step_by(self.width) {
                    let height = self.height.min(vertical.count - row);
                    let width = self.width.min(horizontal.count - column);
                    // SAFETY: the scratch holds the field and after it `count` planes; rows lie in the gradient's channels.
                    unsafe {
                        self.arrangement.fill(x, [slice, row, column], field);
                        let gradient = field.add(self.arrangement.len());
                        for channel in 0..count {
                            let plane = std::slice::from_raw_parts_mut(gradient.add(channel * self.plane), self.plane);
                            for i in 0..height {
                                let at = ((channel * depth.count + slice) * vertical.count + row + i)
                                    * horizontal.count
                                    + column;
                                let line = &mut plane[i * pitch..(i + 1) * pitch];
                                line[..width].copy_from_slice(std::slice::from_raw_parts(g.add(at), width));
                                line[width..].fill(T::ZERO);
                            }
                            plane[height * pitch..].fill(T::ZERO);
                        }
                        dispatch(Dots {
                            gradient: gradient.cast_const(),
                            plane: self.plane,
                            channels: count,
                            field: field.cast_const(),
                            shifts: &self.arrangement.shifts,
                            places: (height - 1) * pitch + width,
                            sums,
                        });
                    }
                }
            }
        }
    }
}
