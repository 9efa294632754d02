//! Lanes are result channels: what a tap reads at a place times the gradients of all channels there, which are brought next to each
//! other for it. It does not know how images are dealt out.

use super::Planes;
use super::outer::{self, Outer};
use crate::conv::field::{Arrangement, Scratch};
use crate::conv::geometry::{Axis, Geometry};
use crate::isa::dispatch;
use crate::turn::turn;
use crate::vector::Lanes;
use smallvec::SmallVec;
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
        let (lanes, taps) = (outer::lanes::<T>(), self.arrangement.shifts.len());
        let channels = planes.count.next_multiple_of(lanes);
        let mut rooms = Rooms {
            fields: Scratch::new::<T>(if self.direct { 0 } else { self.images * self.arrangement.len() }),
            turned: Scratch::new::<T>(PLACES.div_ceil(self.width) * self.width * channels),
            sums: Scratch::new::<T>(taps * channels),
            channels,
        };
        // SAFETY: both have so many elements. Gradients of channels that are not there stay zero.
        unsafe {
            std::slice::from_raw_parts_mut(rooms.sums.pointer::<T>(), taps * channels).fill(T::ZERO);
            let turned = PLACES.div_ceil(self.width) * self.width * channels;
            std::slice::from_raw_parts_mut(rooms.turned.pointer::<T>(), turned).fill(T::ZERO);
        }
        for first in images.clone().step_by(self.images) {
            let images = self.images.min(images.end - first);
            for slice in 0..depth.count {
                for row in (0..vertical.count).step_by(self.height) {
                    for column in (0..horizontal.count).step_by(self.width) {
                        let height = self.height.min(vertical.count - row);
                        let width = self.width.min(horizontal.count - column);
                        let block = Block { first, images, at: [slice, row, column], height, width };
                        // SAFETY: the caller's.
                        unsafe { self.block(geometry, planes, &block, &mut rooms) };
                    }
                }
            }
        }
        // SAFETY: for each tap `channels` sums, of which `count` are turned; the caller vouches for their places.
        unsafe {
            let from = (rooms.sums.start::<T>().cast(), channels);
            turn(size_of::<T>(), from, (sums.cast(), taps), taps, planes.count);
        }
    }

    /// Adds the share of a block.
    ///
    /// # Safety
    /// As [`Plan::add`].
    unsafe fn block<T: Lanes>(&self, geometry: &Geometry, planes: &Planes<T>, block: &Block, rooms: &mut Rooms) {
        let [depth, vertical, horizontal] = &self.axes;
        let &Block { first, images, at: [slice, row, column], height, width } = block;
        let at = [slice * depth.step, row * vertical.step, column * horizontal.step];
        let (field, apart) = if self.direct {
            let image = geometry.groups * geometry.ins * geometry.input_plane();
            (planes.input(geometry, first).wrapping_add(Arrangement::start(&self.dense, at)), image)
        } else {
            for i in 0..images {
                let to = rooms.fields.pointer::<T>().wrapping_add(i * self.arrangement.len());
                // SAFETY: the image's channels; there is room for so many fields.
                unsafe { self.arrangement.fill(planes.input(geometry, first + i), at, to) };
            }
            (rooms.fields.start::<T>(), self.arrangement.len())
        };
        // Lines of all images, some at a time.
        let together = (PLACES / width).max(1);
        for start in (0..images * height).step_by(together) {
            let numbers = start..(images * height).min(start + together);
            let line = |i: usize| i / height * apart + i % height * vertical.step * self.arrangement.pitch;
            let lines: SmallVec<[usize; 16]> = numbers.clone().map(line).collect();
            // SAFETY: the caller's.
            unsafe { self.turned(geometry, planes, block, numbers, rooms) };
            dispatch(Outer {
                field,
                shifts: &self.arrangement.shifts,
                lines: &lines,
                width,
                step: horizontal.step,
                gradient: rooms.turned.start::<T>(),
                channels: rooms.channels,
                sums: rooms.sums.pointer::<T>(),
            });
        }
    }

    /// Brings the gradients of some of a block's lines into panels of channels.
    ///
    /// # Safety
    /// As [`Plan::add`].
    unsafe fn turned<T: Lanes>(
        &self,
        geometry: &Geometry,
        planes: &Planes<T>,
        block: &Block,
        lines: Range<usize>,
        rooms: &mut Rooms,
    ) {
        let [_, vertical, horizontal] = &self.axes;
        let &Block { first, at: [slice, row, column], height, width, .. } = block;
        let (lanes, panel, plane) = (outer::lanes::<T>(), outer::panel::<T>(), geometry.output_plane());
        let mut at = lines.start;
        while at < lines.end {
            // Lines that are neighbours: those of one image, if they are whole rows.
            let (image, i) = (at / height, at % height);
            let run = if width == horizontal.count { (lines.end - at).min(height - i) } else { 1 };
            let start = (slice * vertical.count + row + i) * horizontal.count + column;
            let from = planes.gradient(geometry, first + image).wrapping_add(start);
            for channel in (0..planes.count).step_by(panel) {
                let there = panel.min(planes.count - channel);
                let wide = there.next_multiple_of(lanes);
                let to = channel * lines.len() * width + (at - lines.start) * width * wide;
                // SAFETY: lines lie in the gradient's planes, and panels of these lines in their room.
                unsafe {
                    let from = from.add(channel * plane).cast();
                    let to = rooms.turned.pointer::<T>().add(to).cast();
                    turn(size_of::<T>(), (from, plane), (to, wide), there, run * width);
                }
            }
            at += run;
        }
    }
}

/// Results whose places are arranged at a time: some rows of one image, or several small images.
struct Block {
    /// The first image, and how many.
    first: usize,
    images: usize,
    /// The first result along each dimension.
    at: [usize; 3],
    height: usize,
    width: usize,
}

/// A task's own memory.
struct Rooms {
    fields: Scratch,
    turned: Scratch,
    /// For each tap a sum per channel.
    sums: Scratch,
    /// Channels, as many as whole registers have.
    channels: usize,
}

/// The axis with results wherever there can be one between its first and its last.
fn every_place(axis: &Axis) -> Axis {
    Axis { count: axis.count.saturating_sub(1) * axis.step + 1, step: 1, ..axis.clone() }
}
