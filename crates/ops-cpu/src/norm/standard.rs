//! Standardizing: the mean and the variance of each group of elements, recomputed wherever they are needed, because a group
//! lies in the cache and what was not kept was not written either.

use super::{Real, columns, lanes};
use crate::dense::{self, Dense, Places};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::team;
use tensor_core::op::norm::{Over, Standard};
use tensor_core::{DType, Layout};

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 8 * 1024;

/// Elements of a block whose moments are found at once.
const BLOCK: usize = 4096;

/// Where the elements of each group lie: in runs of neighbours, each with a weight of its own (or, over trailing dimensions,
/// a weight for each element of the single run).
#[derive(Clone, Copy)]
pub struct Groups {
    /// How many groups there are.
    pub count: usize,
    /// Runs per group.
    runs: usize,
    /// Elements per run.
    pub len: usize,
    /// From the beginning of a group to that of the next one, and from run to run.
    group_step: usize,
    run_step: usize,
    /// Weights repeat after so many groups; each group has so many.
    period: usize,
    /// Weights of a group.
    pub weights: usize,
    /// Whether the weight belongs to an element of the run instead of a run.
    pub each: bool,
}

impl Groups {
    /// The groups of an input of that layout.
    pub fn new(over: Over, layout: &Layout) -> Groups {
        let (shape, numel) = (layout.shape(), layout.numel());
        match over {
            Over::Trailing(dims) => {
                let len: usize = shape[shape.len() - dims as usize..].iter().product();
                let count = numel.checked_div(len).unwrap_or(0);
                Groups { count, runs: 1, len, group_step: len, run_step: 0, period: 1, weights: len, each: true }
            }
            Over::Groups(groups) => {
                let len: usize = shape[2..].iter().product();
                let (period, weights) = (groups as usize, shape[1] / groups as usize);
                let count = if numel == 0 { 0 } else { shape[0] * period };
                Groups {
                    count,
                    runs: weights,
                    len,
                    group_step: weights * len,
                    run_step: len,
                    period,
                    weights,
                    each: false,
                }
            }
            Over::Channels => {
                let len: usize = shape[2..].iter().product();
                let count = if numel == 0 { 0 } else { shape[1] };
                let run_step = shape[1] * len;
                Groups {
                    count,
                    runs: shape[0],
                    len,
                    group_step: len,
                    run_step,
                    period: shape[1],
                    weights: 1,
                    each: false,
                }
            }
        }
    }

    /// Elements per group.
    pub fn numel(self) -> usize {
        self.runs * self.len
    }

    /// The runs of group `i`: where each begins, and the place of its weight.
    #[inline(always)]
    pub fn runs(self, i: usize) -> impl Iterator<Item = (usize, usize)> {
        let first = i % self.period * self.weights;
        let own = (self.weights > 1) as usize;
        (0..self.runs).map(move |run| (i * self.group_step + run * self.run_step, first + run * own))
    }

    /// Mean (0 if not centred) and variance of group `i`: those of blocks that lie in the first-level cache, merged by the formula of
    /// Chan, Golub and LeVeque (1979), so that memory is read once.
    #[inline(always)]
    pub fn moments<T: Real, L: Level>(self, x: &[T], i: usize, centred: bool) -> (f64, f64) {
        let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
        for (at, _) in self.runs(i) {
            for block in x[at..at + self.len].chunks(BLOCK) {
                if !centred {
                    squares += lanes::squares::<T, L>(block, T::ZERO);
                    count += block.len() as f64;
                    continue;
                }
                let own = block.len() as f64;
                let own_mean = lanes::total::<T, L>(block) / own;
                let shift = T::from_f64(own_mean);
                let own_squares = lanes::squares::<T, L>(block, shift);
                let apart = own_mean - mean;
                let share = own / (count + own);
                // In this order the first block, before which the count is zero, adds nothing even where a square would overflow.
                squares += own_squares + apart * (apart * (count * share));
                mean += apart * share;
                count += own;
            }
        }
        (mean, squares / count)
    }

    /// The moments as they were given, means before variances, or found.
    #[inline(always)]
    pub fn moments_or<T: Real, L: Level>(self, given: Option<&[T]>, x: &[T], i: usize, centred: bool) -> (f64, f64) {
        match given {
            Some(given) => (given[i].to_f64(), given[self.count + i].to_f64()),
            None => self.moments::<T, L>(x, i, centred),
        }
    }

    /// Shares the groups among the threads.
    pub fn split(self, work: impl Fn(std::ops::Range<usize>) + Sync) {
        team::split(self.count, (GRAIN / self.numel().max(1)).max(1), work);
    }
}

/// Weight or bias, in the type of the computation.
pub fn parameter<T: Real>(inputs: &[Read<'_>], at: usize, there: bool, compute: DType) -> Option<Dense<T>> {
    there.then(|| Dense::new(&inputs[at], compute))
}

/// The standardized elements, times weight, plus bias.
pub fn forward<T: Real>(standard: Standard, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    let groups = Groups::new(standard.over, inputs[0].layout);
    let x = Dense::<T>::new(&inputs[0], compute);
    let weight = parameter::<T>(inputs, 1, standard.weighted, compute);
    let given = parameter::<T>(inputs, inputs.len() - 1, standard.given, compute);
    let bias = parameter::<T>(inputs, 2, inputs.len() - standard.given as usize > 2, compute);
    let given = given.as_ref().map(Dense::all);
    let (weight, bias) = (weight.as_ref().map(Dense::all), bias.as_ref().map(Dense::all));
    dense::write::<T>(out, compute, |y| {
        if standard.over == Over::Channels && groups.len == 1 {
            return columns::forward(standard, x.all(), weight, bias, y, groups.count);
        }
        groups.split(|range| {
            let x = x.all();
            dispatch(Forward { standard, groups, x, weight, bias, given, y, start: range.start, end: range.end });
        });
    });
}

struct Forward<'a, T> {
    standard: Standard,
    groups: Groups,
    x: &'a [T],
    weight: Option<&'a [T]>,
    bias: Option<&'a [T]>,
    given: Option<&'a [T]>,
    y: Places<T>,
    start: usize,
    end: usize,
}

impl<T: Real> Kernel for Forward<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Forward { standard, groups, x, weight, bias, given, y, .. } = self;
        for i in self.start..self.end {
            let (mean, variance) = groups.moments_or::<T, L>(given, x, i, standard.centred);
            let (mean, scale) = (T::from_f64(mean), T::from_f64(1.0 / (variance + standard.eps).sqrt()));
            for (at, place) in groups.runs(i) {
                let x = &x[at..at + groups.len];
                // SAFETY: groups are apart, and each belongs to one range.
                let y = unsafe { y.part(at, groups.len) };
                match (groups.each, weight, bias) {
                    (true, Some(weight), Some(bias)) => {
                        for (((y, x), weight), bias) in y.iter_mut().zip(x).zip(weight).zip(bias) {
                            *y = (*x - mean) * scale * *weight + *bias;
                        }
                    }
                    (true, Some(weight), None) => {
                        for ((y, x), weight) in y.iter_mut().zip(x).zip(weight) {
                            *y = (*x - mean) * scale * *weight;
                        }
                    }
                    _ => {
                        let scale = weight.map_or(scale, |weight| scale * weight[place]);
                        let bias = bias.map_or(T::ZERO, |bias| bias[place]);
                        for (y, x) in y.iter_mut().zip(x) {
                            *y = (*x - mean) * scale + bias;
                        }
                    }
                }
            }
        }
    }
}

/// The gradient of x, from that of the result (`inputs[0]`), x and the weight.
pub fn input<T: Real>(standard: Standard, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    let groups = Groups::new(standard.over, out.layout);
    let (g, x) = (Dense::<T>::new(&inputs[0], compute), Dense::<T>::new(&inputs[1], compute));
    let weight = parameter::<T>(inputs, 2, standard.weighted, compute);
    let weight = weight.as_ref().map(Dense::all);
    dense::write::<T>(out, compute, |to| {
        let (g, x) = (g.all(), x.all());
        if standard.over == Over::Channels && groups.len == 1 {
            return columns::input(standard, g, x, weight, to, groups.count);
        }
        groups.split(|range| {
            dispatch(Input { standard, groups, g, x, weight, to, start: range.start, end: range.end });
        });
    });
}

struct Input<'a, T> {
    standard: Standard,
    groups: Groups,
    g: &'a [T],
    x: &'a [T],
    weight: Option<&'a [T]>,
    to: Places<T>,
    start: usize,
    end: usize,
}

impl<T: Real> Kernel for Input<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Input { standard, groups, g, x, weight, to, .. } = self;
        let (len, count) = (groups.len, groups.numel() as f64);
        let each = weight.filter(|_| groups.each);
        let of = |place: usize| weight.filter(|_| !groups.each).map_or(T::ONE, |weight| weight[place]);
        for i in self.start..self.end {
            let (mean, variance) = groups.moments::<T, L>(x, i, standard.centred);
            let scale = 1.0 / (variance + standard.eps).sqrt();
            let mean = T::from_f64(mean);
            let (mut sum, mut product) = (0.0, 0.0);
            for (at, place) in groups.runs(i) {
                let (g, x) = (&g[at..at + len], &x[at..at + len]);
                let (s, p) = match each {
                    Some(weight) => lanes::sums_of_three(g, x, weight, |g, x, w| (g * w, g * w * (x - mean))),
                    None => lanes::sums(g, x, |g, x| (g, g * (x - mean))),
                };
                sum += s * of(place).to_f64();
                product += p * of(place).to_f64();
            }
            let level = T::from_f64(if standard.centred { scale * sum / count } else { 0.0 });
            let slope = T::from_f64(scale * scale * scale * product / count);
            let scale = T::from_f64(scale);
            for (at, place) in groups.runs(i) {
                let (g, x) = (&g[at..at + len], &x[at..at + len]);
                // SAFETY: groups are apart, and each belongs to one range.
                let to = unsafe { to.part(at, len) };
                match each {
                    Some(weight) => {
                        for (((to, g), x), w) in to.iter_mut().zip(g).zip(x).zip(weight) {
                            *to = *g * *w * scale - level - (*x - mean) * slope;
                        }
                    }
                    None => {
                        let scale = scale * of(place);
                        for ((to, g), x) in to.iter_mut().zip(g).zip(x) {
                            *to = *g * scale - level - (*x - mean) * slope;
                        }
                    }
                }
            }
        }
    }
}

/// The gradient of the weight, from that of the result (`inputs[0]`) and x.
pub fn weight<T: Real>(standard: Standard, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    let groups = Groups::new(standard.over, inputs[1].layout);
    let (g, x) = (Dense::<T>::new(&inputs[0], compute), Dense::<T>::new(&inputs[1], compute));
    let (g, x) = (g.all(), x.all());
    // How many partial sums there are of each weight depends on the shape alone.
    let (parts, width) = match standard.over {
        Over::Trailing(_) => (groups.count.div_ceil(ROWS).min(32), groups.len),
        Over::Groups(_) => (groups.count, groups.weights),
        Over::Channels => (groups.count, 1),
    };
    let mut sums = vec![0.0f64; parts * width];
    let places = Places::of(&mut sums);
    if standard.over == Over::Channels && groups.len == 1 {
        columns::weight(standard, g, x, places, groups.count);
    } else if groups.each {
        let rows = groups.count.div_ceil(parts.max(1));
        team::parallel(parts, &|part| {
            // SAFETY: each part has its own sums.
            let sums = unsafe { places.part(part * width, width) };
            let (start, end) = (part * rows, groups.count.min((part + 1) * rows));
            dispatch(WeightEach { standard, groups, g, x, sums, start, end });
        });
    } else {
        groups.split(|range| {
            for i in range {
                // SAFETY: each group has its own sums.
                let sums = unsafe { places.part(i * width, width) };
                dispatch(WeightRuns { standard, groups, g, x, sums, i });
            }
        });
    }
    dense::write::<T>(out, compute, |to| {
        // SAFETY: the only part.
        add_parts(&mut sums, unsafe { to.part(0, out.layout.numel()) });
    });
}

/// Adds the partial sums, of which those of one weight lie as many places apart as there are weights.
pub fn add_parts<T: Real>(sums: &mut [f64], ends: &mut [T]) {
    let (totals, others) = sums.split_at_mut(ends.len().min(sums.len()));
    for others in others.chunks(ends.len().max(1)) {
        totals.iter_mut().zip(others).for_each(|(total, other)| *total += other);
    }
    ends.fill(T::ZERO);
    ends.iter_mut().zip(totals).for_each(|(end, total)| *end = T::from_f64(*total));
}

/// Rows whose products add up in the rows' own type.
const ROWS: usize = 32;

struct WeightEach<'a, T> {
    standard: Standard,
    groups: Groups,
    g: &'a [T],
    x: &'a [T],
    sums: &'a mut [f64],
    start: usize,
    end: usize,
}

impl<T: Real> Kernel for WeightEach<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let WeightEach { standard, groups, g, x, sums, start, end } = self;
        let mut few = vec![T::ZERO; groups.len];
        for first in (start..end).step_by(ROWS) {
            few.fill(T::ZERO);
            for i in first..end.min(first + ROWS) {
                let (mean, variance) = groups.moments::<T, L>(x, i, standard.centred);
                let (mean, scale) = (T::from_f64(mean), T::from_f64(1.0 / (variance + standard.eps).sqrt()));
                let at = i * groups.len;
                for ((few, g), x) in few.iter_mut().zip(&g[at..at + groups.len]).zip(&x[at..at + groups.len]) {
                    *few = *few + *g * ((*x - mean) * scale);
                }
            }
            for (sum, few) in sums.iter_mut().zip(&few) {
                *sum += few.to_f64();
            }
        }
    }
}

struct WeightRuns<'a, T> {
    standard: Standard,
    groups: Groups,
    g: &'a [T],
    x: &'a [T],
    sums: &'a mut [f64],
    i: usize,
}

impl<T: Real> Kernel for WeightRuns<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let WeightRuns { standard, groups, g, x, sums, i } = self;
        let (mean, variance) = groups.moments::<T, L>(x, i, standard.centred);
        let (mean, scale) = (T::from_f64(mean), 1.0 / (variance + standard.eps).sqrt());
        for (run, (at, _)) in groups.runs(i).enumerate() {
            let (g, x) = (&g[at..at + groups.len], &x[at..at + groups.len]);
            let (product, _) = lanes::sums(g, x, |g, x| (g * (x - mean), T::ZERO));
            sums[if sums.len() == 1 { 0 } else { run }] += product * scale;
        }
    }
}

/// The mean and the variance of each channel, as two rows.
pub fn moments<T: Real>(compute: DType, x: &Read<'_>, out: &Write<'_>) {
    let groups = Groups::new(Over::Channels, x.layout);
    let x = Dense::<T>::new(x, compute);
    dense::write::<T>(out, compute, |to| {
        if groups.len == 1 {
            return columns::moments(x.all(), to, groups.count);
        }
        groups.split(|range| {
            for i in range {
                let (mean, variance) = dispatch(Moments { groups, x: x.all(), i });
                // SAFETY: each channel has its own places.
                unsafe {
                    to.part(i, 1)[0] = T::from_f64(mean);
                    to.part(groups.count + i, 1)[0] = T::from_f64(variance);
                }
            }
        });
    });
}

struct Moments<'a, T> {
    groups: Groups,
    x: &'a [T],
    i: usize,
}

impl<T: Real> Kernel for Moments<'_, T> {
    type Output = (f64, f64);
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) -> (f64, f64) {
        self.groups.moments::<T, L>(self.x, self.i, true)
    }
}
