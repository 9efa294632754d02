//! Lanes are places: a register of the output's gradient times the places of the input that one tap reads from there. It does not know
//! how images are dealt out.

use super::Planes;
use super::dots::Dots;
use crate::conv::field::{Arrangement, SLACK, Scratch};
use crate::conv::geometry::{Axis, Geometry};
use crate::isa::dispatch;
use crate::vector::Lanes;
use std::ops::Range;

/// Bytes of field and gradient that a block reads.
const BLOCK: usize = 256 << 10;

/// How one image's places pass: in blocks, with the field arranged like the output's rows.
pub struct Plan {
    axes: [Axis; 3],
    arrangement: Arrangement,
    height: usize,
    width: usize,
    plane: usize,
}

impl Plan {
    /// For `band` result channels at a time.
    pub fn new<T>(geometry: &Geometry, band: usize) -> Plan {
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

    /// Adds the share of some images.
    ///
    /// # Safety
    /// As [`super::Method::add`].
    pub unsafe fn add<T: Lanes>(&self, geometry: &Geometry, planes: &Planes<T>, images: Range<usize>, sums: *mut T) {
        let mut scratch = Scratch::new::<T>(self.arrangement.len() + planes.count * self.plane);
        for image in images {
            let (x, g) = (planes.input(geometry, image), planes.gradient(geometry, image));
            // SAFETY: the caller's; the scratch holds the field and after it a plane for each channel.
            unsafe { self.image(x, g, planes.count, scratch.pointer(), sums) };
        }
    }

    /// # Safety
    /// `x` and `g` are the image's channels, `count` of them in `g`, and `sums` theirs; `field` has room for a field and their planes.
    unsafe fn image<T: Lanes>(&self, x: *const T, g: *const T, count: usize, field: *mut T, sums: *mut T) {
        let [depth, vertical, horizontal] = &self.axes;
        let pitch = self.arrangement.pitch;
        for slice in 0..depth.count {
            for row in (0..vertical.count).step_by(self.height) {
                for column in (0..horizontal.count).step_by(self.width) {
                    let height = self.height.min(vertical.count - row);
                    let width = self.width.min(horizontal.count - column);
                    // SAFETY: the caller's; rows lie in the gradient's channels.
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
