//! Lanes are result channels: what a tap reads at a place times the gradients of all channels there, which are brought next to each
//! other for it. It does not know how images are dealt out.

use super::Planes;
use super::outer::{self, Outer};
use crate::conv::field::{Arrangement, Scratch};
use crate::conv::geometry::{Axis, Geometry};
use crate::isa::dispatch;
use crate::turn::turn;
use crate::vector::Lanes;
use std::ops::Range;

/// Places whose gradients are turned at a time: those of a panel's channels stay in the first-level cache while all taps pass.
const PLACES: usize = 128;

/// Places of a line at most.
const WIDTH: usize = 256;

/// Bytes of field that are arranged at a time.
const BLOCK: usize = 256 << 10;

/// How images pass: some rows of one at a time, or several small ones.
pub struct Plan {
    /// The output's axes, and the same for results at every place of the source, of which the former are some.
    axes: [Axis; 3],
    dense: [Axis; 3],
    arrangement: Arrangement,
    /// Whether the source is read as it is.
    direct: bool,
    images: usize,
    height: usize,
    width: usize,
}

impl Plan {
    /// For all channels of the geometry.
    pub fn new<T>(geometry: &Geometry) -> Plan {
        let axes = geometry.axes();
        let dense = axes.each_ref().map(every_place);
        let direct = dense.iter().all(Axis::is_direct);
        let [_, vertical, horizontal] = &axes;
        let width = horizontal.count.div_ceil(horizontal.count.div_ceil(WIDTH).max(1)).max(1);
        let row =
            geometry.ins * axes[0].shifts.len() * (horizontal.source.min(width * horizontal.step) + horizontal.reach());
        let rows = (BLOCK / size_of::<T>() / row.max(1)).saturating_sub(vertical.reach()) / vertical.step;
        let height = if direct { vertical.count } else { rows.clamp(1, vertical.count.max(1)) };
        let images = PLACES.div_ceil((height * width).max(1)).max(1);
        let arrangement = match direct {
            true => Arrangement::direct(&dense, geometry.ins),
            false => Arrangement::new(
                &dense,
                geometry.ins,
                (height - 1) * vertical.step + 1,
                (width - 1) * horizontal.step + 1,
            ),
        };
        Plan { axes, dense, arrangement, direct, images, height, width }
    }

    /// Adds the share of some images.
    ///
    /// # Safety
    /// As [`super::Method::add`].
    pub unsafe fn add<T: Lanes>(&self, geometry: &Geometry, planes: &Planes<T>, images: Range<usize>, sums: *mut T) {
        let [depth, vertical, horizontal] = &self.axes;
        let (lanes, panel) = (outer::lanes::<T>(), outer::panel::<T>());
        let channels = planes.count.next_multiple_of(lanes);
        let taps = self.arrangement.shifts.len();
        let room = if self.direct { 0 } else { self.images * self.arrangement.len() };
        let mut fields = Scratch::new::<T>(room);
        let most = PLACES.div_ceil(self.width) * self.width;
        let mut turned = Scratch::new::<T>(most * channels);
        let mut wide = Scratch::new::<T>(taps * channels);
        // SAFETY: the sums have so many elements.
        unsafe { std::slice::from_raw_parts_mut(wide.pointer::<T>(), taps * channels).fill(T::ZERO) };
        if channels > planes.count {
            // SAFETY: so has the room for gradients. Channels that are not there stay zero.
            unsafe { std::slice::from_raw_parts_mut(turned.pointer::<T>(), most * channels).fill(T::ZERO) };
        }
        let mut lines = vec![];
        for first in images.clone().step_by(self.images) {
            let count = self.images.min(images.end - first);
            for slice in 0..depth.count {
                for row in (0..vertical.count).step_by(self.height) {
                    for column in (0..horizontal.count).step_by(self.width) {
                        let height = self.height.min(vertical.count - row);
                        let width = self.width.min(horizontal.count - column);
                        let at = [slice * depth.step, row * vertical.step, column * horizontal.step];
                        let (field, apart) = if self.direct {
                            let image = geometry.groups * geometry.ins * geometry.input_plane();
                            (planes.input(geometry, first).wrapping_add(Arrangement::start(&self.dense, at)), image)
                        } else {
                            for i in 0..count {
                                let to = fields.pointer::<T>().wrapping_add(i * self.arrangement.len());
                                // SAFETY: the image's channels; there is room for so many fields.
                                unsafe { self.arrangement.fill(planes.input(geometry, first + i), at, to) };
                            }
                            (fields.start::<T>(), self.arrangement.len())
                        };
                        // Lines of all images, some at a time.
                        let together = (PLACES / width).max(1);
                        for line in (0..count * height).step_by(together) {
                            let end = (count * height).min(line + together);
                            lines.clear();
                            for i in line..end {
                                let (image, i) = (i / height, i % height);
                                lines.push(image * apart + i * vertical.step * self.arrangement.pitch);
                            }
                            let mut at = line;
                            while at < end {
                                // Lines that are neighbours: those of one image, if they are whole rows.
                                let (image, i) = (at / height, at % height);
                                let run = if width == horizontal.count { (end - at).min(height - i) } else { 1 };
                                let start = (slice * vertical.count + row + i) * horizontal.count + column;
                                let from = planes.gradient(geometry, first + image).wrapping_add(start);
                                for channel in (0..planes.count).step_by(panel) {
                                    let there = panel.min(planes.count - channel);
                                    let wide = there.next_multiple_of(lanes);
                                    let to = channel * (end - line) * width + (at - line) * width * wide;
                                    let plane = geometry.output_plane();
                                    // SAFETY: lines lie in the gradient's planes, and panels of these lines in their room.
                                    unsafe {
                                        let from = from.add(channel * plane).cast();
                                        let to = turned.pointer::<T>().add(to).cast();
                                        turn(size_of::<T>(), (from, plane), (to, wide), there, run * width);
                                    }
                                }
                                at += run;
                            }
                            dispatch(Outer {
                                field,
                                shifts: &self.arrangement.shifts,
                                lines: &lines,
                                width,
                                step: horizontal.step,
                                gradient: turned.start::<T>(),
                                channels,
                                sums: wide.pointer::<T>(),
                            });
                        }
                    }
                }
            }
        }
        // SAFETY: for each tap `channels` sums, of which `count` are turned; the caller vouches for their places.
        unsafe { turn(size_of::<T>(), (wide.start::<T>().cast(), channels), (sums.cast(), taps), taps, planes.count) };
    }
}

/// The axis with results wherever there can be one between its first and its last.
fn every_place(axis: &Axis) -> Axis {
    Axis { count: axis.count.saturating_sub(1) * axis.step + 1, step: 1, ..axis.clone() }
}
