//! The gradient with respect to the weight. Images are dealt out to a number of parts that depends on sizes alone, whose sums are
//! added at the end, so that the result does not depend on the number of threads.

mod channels;
mod dots;
mod outer;
mod places;

use super::field::Scratch;
use super::geometry::Geometry;
use crate::dense::Shared;
use crate::team;
use crate::vector::Lanes;
use std::ops::Range;

/// Pieces of work, if there are so many.
const PIECES: usize = 8;

/// Sums of all parts together: they stay in the caches.
const SUMS: usize = 1 << 20;

/// Result channels that share a field, at least.
const BAND: usize = 64;

/// Computes the gradient of a weight from input `x` and the output's gradient `g`, both row-major.
///
/// # Safety
/// The pointers are valid for what the sizes say.
pub unsafe fn run<T: Lanes>(geometry: &Geometry, x: *const T, g: *const T, out: *mut T) {
    let Geometry { batch, groups, ins, outs, .. } = *geometry;
    let depth = ins * geometry.taps();
    let numel = groups * outs * depth;
    let parts = batch.clamp(1, PIECES).min((SUMS / numel.max(1)).max(1));
    // Few images, or many sums, leave work for others in other result channels.
    let bands = PIECES.div_ceil(parts * groups.max(1)).min(outs.div_ceil(BAND)).max(1);
    let band = outs.div_ceil(bands).next_multiple_of(if bands == 1 { 1 } else { BAND });
    let bands = outs.div_ceil(band.max(1)).max(1);
    let mut sums = Scratch::new::<T>(if parts == 1 { 0 } else { numel * parts });
    let first = if parts == 1 { out } else { sums.pointer::<T>() };
    let method = Method::new::<T>(geometry, band);
    let shared = Shared((x, g, first));
    team::parallel(parts * groups * bands, &|task| {
        let (part, rest) = (task / (groups * bands), task % (groups * bands));
        let (group, channel) = (rest / bands, rest % bands * band);
        let (x, g, sums) = shared.get();
        let count = band.min(outs.saturating_sub(channel));
        let images = (batch * part / parts)..(batch * (part + 1) / parts);
        let planes = Planes { group, channel, count, x, g };
        // SAFETY: the sums of this part's channels are this task's alone.
        unsafe {
            let sums = sums.add(part * numel + (group * outs + channel) * depth);
            std::slice::from_raw_parts_mut(sums, count * depth).fill(T::ZERO);
            if count * depth > 0 && geometry.output_plane() > 0 && !images.is_empty() {
                method.add(geometry, &planes, images, sums);
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

/// Some result channels of one group.
struct Planes<T> {
    group: usize,
    /// The first one, and how many.
    channel: usize,
    count: usize,
    /// All of the input and of the output's gradient.
    x: *const T,
    g: *const T,
}

impl<T> Planes<T> {
    /// The group's input of an image.
    fn input(&self, geometry: &Geometry, image: usize) -> *const T {
        let item = image * geometry.groups + self.group;
        self.x.wrapping_add(item * geometry.ins * geometry.input_plane())
    }

    /// The gradient of the first of the channels of an image.
    fn gradient(&self, geometry: &Geometry, image: usize) -> *const T {
        let item = image * geometry.groups + self.group;
        self.g.wrapping_add((item * geometry.outs + self.channel) * geometry.output_plane())
    }
}

/// What the lanes of a register are.
#[allow(clippy::large_enum_variant, reason = "one is made for a whole convolution")]
enum Method {
    /// Result channels: no sum ever has to be brought together from its lanes.
    Channels(channels::Plan),
    /// Places, where channels are few.
    Places(places::Plan),
}

impl Method {
    fn new<T: Lanes>(geometry: &Geometry, band: usize) -> Method {
        match 4 * geometry.outs > 3 * outer::lanes::<T>() {
            true => Method::Channels(channels::Plan::new::<T>(geometry)),
            false => Method::Places(places::Plan::new::<T>(geometry, band)),
        }
    }

    /// Adds the share of some images to the sums, for each channel one per tap.
    ///
    /// # Safety
    /// The planes are of the geometry's sizes, and the sums are theirs and this call's alone.
    unsafe fn add<T: Lanes>(&self, geometry: &Geometry, planes: &Planes<T>, images: Range<usize>, sums: *mut T) {
        // SAFETY: the caller's.
        unsafe {
            match self {
                Method::Channels(plan) => plan.add(geometry, planes, images, sums),
                Method::Places(plan) => plan.add(geometry, planes, images, sums),
            }
        }
    }
}
