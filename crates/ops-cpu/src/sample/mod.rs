//! Images read at the places of a grid: the elements and weights of some places are found once and serve all channels, a register of
//! places at a time. Half types compute in `f32`.

mod axis;

use crate::dense::{self, Dense, Places};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::number::compute_dtype;
use crate::team;
use crate::vector::{Lanes, Vector};
use axis::{Axis, OUTSIDE, Real};
use std::ops::Range;
use tensor_core::op::Sample;
use tensor_core::op::sample::Sampling;
use tensor_core::{DType, Error, ErrorKind, Result};

/// Places that are worked on together.
const BLOCK: usize = 128;
/// Places whose elements and weights serve all channels: they and an image of some size fit into the first-level cache together.
const LIST: usize = 512;
/// Pieces of work, if there are so many.
const PIECES: usize = 8;
/// Channels that share the places' elements and weights in the images' gradient.
const CHANNELS: usize = 8;

/// Computes images at places, or a derivative of that.
pub fn run(op: Sample, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    if out.layout.numel() == 0 {
        return Ok(());
    }
    match compute_dtype(compute) {
        DType::F64 => sample::<f64>(op, DType::F64, inputs, out),
        _ => sample::<f32>(op, DType::F32, inputs, out),
    }
}

fn sample<T: Real + Lanes>(op: Sample, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let dense: Vec<Dense<T>> = inputs.iter().map(|x| Dense::new(x, compute)).collect();
    let shape = |i: usize| &inputs[i].layout.shape()[..];
    let (images, grid) = match op {
        Sample::Forward(_) => (shape(0), 1),
        Sample::Image(_) => (&out.layout.shape()[..], 1),
        Sample::Grid(_) => (shape(1), 2),
    };
    let (Sample::Forward(sampling) | Sample::Image(sampling) | Sample::Grid(sampling)) = op;
    let rank = images.len() - 2;
    let size = std::array::from_fn(|i| if i + rank < 3 { 1 } else { images[i + rank - 1] });
    let points = shape(grid)[1..=rank].iter().product();
    let image: usize = size.iter().product();
    if i32::try_from(image).is_err() {
        let text = format!("grid_sample: expected images of at most 2147483647 elements, but got {image}");
        return Err(Error::new(ErrorKind::Unsupported, text));
    }
    let job = Job { sampling, rank, size, channels: images[1], points, grid: dense[grid].all(), image };
    // Into how many parts the places and the channels of an image are cut.
    let cut = match op {
        Sample::Image(_) => [1, job.channels.div_ceil(CHANNELS)],
        Sample::Grid(_) => [job.points.div_ceil(BLOCK), 1],
        Sample::Forward(_) => {
            let lists = job.points.div_ceil(LIST);
            // Few places leave work for others in other channels.
            [lists, PIECES.div_ceil(images[0] * lists).min(job.channels)]
        }
    };
    dense::write::<T>(out, compute, |places| {
        team::parallel(images[0] * cut[0] * cut[1], &|i| {
            let (i, channels) = (i / cut[1], part(job.channels, cut[1], i % cut[1]));
            let (n, points) = (i / cut[0], part(job.points, cut[0], i % cut[0]));
            dispatch(Part {
                job: &job,
                op,
                n,
                points,
                channels,
                inputs: [dense[0].all(), dense[grid - 1].all()],
                places,
            });
        });
    });
    Ok(())
}

/// Part `i` of `parts` nearly equal ones of `count` things.
fn part(count: usize, parts: usize, i: usize) -> Range<usize> {
    count * i / parts..count * (i + 1) / parts
}

/// Some places and channels of one image.
struct Part<'a, T> {
    job: &'a Job<'a, T>,
    op: Sample,
    n: usize,
    points: Range<usize>,
    channels: Range<usize>,
    /// What is computed from, without the grid; of one operand, that twice.
    inputs: [&'a [T]; 2],
    places: Places<T>,
}

impl<T: Real + Lanes> Kernel for Part<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Part { job, op, n, points, channels, inputs, places } = self;
        match op {
            Sample::Forward(_) => job.forward::<L>(n, points, channels, inputs[0], places),
            Sample::Image(_) => job.image(n, channels, inputs[0], places),
            Sample::Grid(_) => job.grid(n, points, inputs, places),
        }
    }
}

struct Job<'a, T> {
    sampling: Sampling,
    /// Spatial dimensions.
    rank: usize,
    /// The images' size; two dimensions stand last.
    size: [usize; 3],
    channels: usize,
    /// Places of an image.
    points: usize,
    /// The grid's numbers.
    grid: &'a [T],
    /// Elements of an image.
    image: usize,
}

impl<T: Real + Lanes> Job<'_, T> {
    /// What a place of image `n` reads along depth, height and width.
    #[inline(always)]
    fn axes(&self, n: usize, point: usize) -> [Axis<T>; 3] {
        let numbers = &self.grid[(n * self.points + point) * self.rank..][..self.rank];
        let [depth, height, width] = self.size;
        let deep = if self.rank == 3 { Axis::new(&self.sampling, numbers[2], depth) } else { Axis::none() };
        [deep, Axis::new(&self.sampling, numbers[1], height), Axis::new(&self.sampling, numbers[0], width)]
    }

    /// Visits (element of an image, places in the lists of the three axes) for all elements inside.
    #[inline(always)]
    fn each(&self, [z, y, x]: &[Axis<T>; 3], mut visit: impl FnMut(usize, [usize; 3])) {
        for k in (0..z.count).filter(|k| z.at[*k] != OUTSIDE) {
            for j in (0..y.count).filter(|j| y.at[*j] != OUTSIDE) {
                let row = (z.at[k] * self.size[1] + y.at[j]) * self.size[2];
                for i in (0..x.count).filter(|i| x.at[*i] != OUTSIDE) {
                    visit(row + x.at[i], [k, j, i]);
                }
            }
        }
    }

    /// The elements and weights of some places: all in one list, and where each place's begin.
    #[inline(always)]
    fn taps(&self, n: usize, range: Range<usize>) -> (Vec<(u32, T)>, Vec<usize>) {
        let (mut taps, mut starts) = (vec![], vec![0]);
        for point in range {
            let axes = self.axes(n, point);
            self.each(&axes, |at, [k, j, i]| {
                let weight = axes[0].weight[k].times(axes[1].weight[j]).times(axes[2].weight[i]);
                taps.push((at as u32, weight));
            });
            starts.push(taps.len());
        }
        (taps, starts)
    }

    #[inline(always)]
    fn forward<L: Level>(&self, n: usize, points: Range<usize>, channels: Range<usize>, from: &[T], places: Places<T>) {
        let taps = self.lists(n, points.clone());
        let lanes = T::Register::<L>::LANES;
        for channel in channels {
            let plane = n * self.channels + channel;
            let from = from[plane * self.image..][..self.image].as_ptr();
            // SAFETY: these places of one channel, which are this thread's alone.
            let to = unsafe { places.part(plane * self.points + points.start, points.len()) };
            for first in (0..to.len()).step_by(lanes) {
                let mut sum = T::Register::<L>::splat(T::ZERO);
                for (at, weight) in &taps {
                    // SAFETY: lists are as long as the longest registers together; elements lie in the image.
                    unsafe {
                        let element = T::Register::<L>::gather(from, at.as_ptr().add(first));
                        sum = element.mul_add(T::Register::<L>::load(weight.as_ptr().add(first)), sum);
                    }
                }
                let to = &mut to[first..];
                // SAFETY: so many places there are.
                unsafe {
                    match to.len() < lanes {
                        true => sum.store_first(to.as_mut_ptr(), to.len()),
                        false => sum.store(to.as_mut_ptr()),
                    }
                }
            }
        }
    }

    /// The elements and weights of some places, a list for each of the elements that every place has; -1 for one outside, and for
    /// places that there are not.
    #[inline(always)]
    fn lists(&self, n: usize, range: Range<usize>) -> Vec<([i32; LIST], [T; LIST])> {
        let mut lists = vec![];
        for (i, point) in range.enumerate() {
            let axes = self.axes(n, point);
            let [z, y, x] = &axes;
            if i == 0 {
                lists = vec![([-1; LIST], [T::ZERO; LIST]); z.count * y.count * x.count];
            }
            // All elements of a place, the last dimension fastest; those outside leave their lists as they are.
            let mut list = lists.iter_mut();
            for (k, deep) in z.at.iter().zip(z.weight).take(z.count) {
                for (j, down) in y.at.iter().zip(y.weight).take(y.count) {
                    for (at, across) in x.at.iter().zip(x.weight).take(x.count) {
                        let (elements, weights) = list.next().expect("a list for each");
                        if *k != OUTSIDE && *j != OUTSIDE && *at != OUTSIDE {
                            elements[i] = ((k * self.size[1] + j) * self.size[2] + at) as i32;
                            weights[i] = deep.times(down).times(across);
                        }
                    }
                }
            }
        }
        lists
    }

    #[inline(always)]
    fn image(&self, n: usize, channels: Range<usize>, g: &[T], places: Places<T>) {
        let first = n * self.channels + channels.start;
        // SAFETY: these channels of one image, which are this thread's alone.
        let to = unsafe { places.part(first * self.image, channels.len() * self.image) };
        to.fill(T::ZERO);
        for start in (0..self.points).step_by(BLOCK) {
            let range = start..(start + BLOCK).min(self.points);
            let (taps, starts) = self.taps(n, range.clone());
            for (i, to) in to.chunks_exact_mut(self.image).enumerate() {
                let g = &g[(first + i) * self.points..][range.clone()];
                for (g, ends) in g.iter().zip(starts.windows(2)) {
                    for (at, weight) in &taps[ends[0]..ends[1]] {
                        let to = &mut to[*at as usize];
                        *to = to.plus(g.times(*weight));
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn grid(&self, n: usize, range: Range<usize>, [g, from]: [&[T]; 2], places: Places<T>) {
        for point in range {
            let axes = self.axes(n, point);
            // For each element the derivatives along width, height and depth.
            let mut taps = [(0usize, [T::ZERO; 3]); 16];
            let mut count = 0;
            self.each(&axes, |at, place| {
                let of = |i: usize, along: usize| {
                    let axis = &axes[i];
                    if i == along { axis.slope[place[i]] } else { axis.weight[place[i]] }
                };
                taps[count] = (at, [2, 1, 0].map(|along| of(0, along).times(of(1, along)).times(of(2, along))));
                count += 1;
            });
            let mut sums = [T::ZERO; 3];
            for plane in n * self.channels..(n + 1) * self.channels {
                let g = g[plane * self.points + point];
                let from = &from[plane * self.image..][..self.image];
                for (at, slopes) in &taps[..count] {
                    let both = from[*at].times(g);
                    sums.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum = sum.plus(both.times(*slope)));
                }
            }
            // SAFETY: one place's numbers, which are this thread's alone.
            let to = unsafe { places.part((n * self.points + point) * self.rank, self.rank) };
            to.copy_from_slice(&sums[..self.rank]);
        }
    }
}
