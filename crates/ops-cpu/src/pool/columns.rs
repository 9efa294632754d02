//! Loops over all windows of a row at once: each tap of every window together, so that windows that overlap or stand side by
//! side become vector code. It knows no images.

use super::windows::Windows;
use crate::number::Number;

/// A row whose elements are sorted by their place between the beginnings of two windows: one tap of all windows is a run of
/// neighbours.
pub struct Phases<T> {
    sorted: Vec<T>,
    len: usize,
    stride: usize,
}

impl<T: Copy> Phases<T> {
    /// For rows of `reach` elements.
    pub fn new(windows: &Windows, reach: usize, blank: T) -> Phases<T> {
        let stride = windows.even.map_or(1, |(stride, _)| stride);
        let len = reach.div_ceil(stride);
        Phases { sorted: vec![blank; len * stride], len, stride }
    }

    /// Sorts a row into it.
    #[inline(always)]
    pub fn sort(&mut self, row: &[T]) {
        let (len, stride) = (self.len, self.stride);
        if stride == 1 {
            return self.sorted[..row.len()].copy_from_slice(row);
        }
        if stride == 2 {
            let (even, odd) = self.sorted.split_at_mut(len);
            let pairs = row.chunks_exact(2);
            pairs.remainder().iter().for_each(|last| even[len - 1] = *last);
            pairs.zip(even.iter_mut().zip(odd)).for_each(|(pair, (even, odd))| (*even, *odd) = (pair[0], pair[1]));
            return;
        }
        for (phase, to) in self.sorted.chunks_exact_mut(len).enumerate() {
            to.iter_mut().zip(row[phase.min(row.len())..].iter().step_by(stride)).for_each(|(to, x)| *to = *x);
        }
    }

    /// Writes the elements to the places of a row.
    #[inline(always)]
    pub fn unsort(&self, row: &mut [T]) {
        let (len, stride) = (self.len, self.stride);
        if stride == 2 {
            let (even, odd) = self.sorted.split_at(len);
            let mut pairs = row.chunks_exact_mut(2);
            (&mut pairs).zip(even.iter().zip(odd)).for_each(|(pair, (even, odd))| (pair[0], pair[1]) = (*even, *odd));
            pairs.into_remainder().iter_mut().for_each(|last| *last = even[len - 1]);
            return;
        }
        for (phase, from) in self.sorted.chunks_exact(len).enumerate() {
            let start = phase.min(row.len());
            row[start..].iter_mut().step_by(stride).zip(from).for_each(|(to, x)| *to = *x);
        }
    }

    /// The elements of one tap of evenly spaced windows.
    #[inline(always)]
    pub fn tap(&self, windows: &Windows, tap: usize) -> &[T] {
        let shift = tap * windows.dilation;
        &self.sorted[shift % self.stride * self.len + shift / self.stride..][..windows.all.len()]
    }

    /// The elements of window `i` of windows that adapt.
    #[inline(always)]
    pub fn window(&self, windows: &Windows, i: usize) -> &[T] {
        let window = &windows.all[i];
        &self.sorted[window.start..][..window.last]
    }

    #[inline(always)]
    fn tap_mut(&mut self, windows: &Windows, tap: usize) -> &mut [T] {
        let shift = tap * windows.dilation;
        &mut self.sorted[shift % self.stride * self.len + shift / self.stride..][..windows.all.len()]
    }
}

/// Folds the taps of each window of a row.
#[inline(always)]
pub fn fold_taps<T: Copy>(windows: &Windows, row: &Phases<T>, results: &mut [T], join: impl Fn(T, T) -> T) {
    if let Some((_, kernel)) = windows.even {
        return fold(results, kernel, |tap| row.tap(windows, tap), join);
    }
    for (i, to) in results.iter_mut().enumerate() {
        let taps = row.window(windows, i).iter().copied();
        // Windows that adapt have an element each.
        taps.reduce(&join).into_iter().for_each(|result| *to = result);
    }
}

/// Folds lines (of an image, or of the taps of windows) element by element into results. Two lines are taken at a time: where a
/// loop keeps its result or takes the one new element, compilers write it under a mask, which some processors do very slowly.
#[inline(always)]
pub fn fold<'a, T: Copy + 'a>(
    results: &mut [T],
    count: usize,
    line: impl Fn(usize) -> &'a [T],
    join: impl Fn(T, T) -> T,
) {
    let odd = count % 2;
    if odd == 1 {
        results.copy_from_slice(line(0));
    } else {
        let lines = line(0).iter().zip(line(1));
        results.iter_mut().zip(lines).for_each(|(to, (x, y))| *to = join(*x, *y));
    }
    for k in (2 - odd..count).step_by(2) {
        let lines = line(k).iter().zip(line(k + 1));
        results.iter_mut().zip(lines).for_each(|(to, (x, y))| *to = join(join(*to, *x), *y));
    }
}

/// A line of elements, their numbers, and what is added to these.
pub type Numbered<'a, T> = (&'a [T], &'a [u32], u32);

/// [`fold`] of numbered elements to the largest: the one of the lowest number among equals, but the last NaN. As arguments of their own
/// the results are known to be apart.
#[inline(always)]
pub fn fold_largest<'a, T: Number + 'a>(
    results: &mut [T],
    numbers: &mut [u32],
    count: usize,
    line: impl Fn(usize) -> Numbered<'a, T>,
) {
    let pick = |(best, taken): (T, u32), (x, number): (T, u32)| {
        let equal = (x == best) & (number < taken);
        let nan = x.is_nan() & (!best.is_nan() | (number > taken));
        let wins = (x > best) | equal | nan;
        (if wins { x } else { best }, if wins { number } else { taken })
    };
    let pairs = |k: usize| {
        let ((a, n, a_add), (b, m, b_add)) = (line(k), line(k + 1));
        let a = a.iter().zip(n).map(move |(x, number)| (*x, number + a_add));
        a.zip(b.iter().zip(m).map(move |(x, number)| (*x, number + b_add)))
    };
    let odd = count % 2;
    let places = results.iter_mut().zip(&mut *numbers);
    if odd == 1 {
        let (first, own, add) = line(0);
        let first = first.iter().zip(own).map(|(x, number)| (*x, number + add));
        places.zip(first).for_each(|((to, taken), first)| (*to, *taken) = first);
    } else {
        places.zip(pairs(0)).for_each(|((to, taken), (a, b))| (*to, *taken) = pick(a, b));
    }
    for k in (2 - odd..count).step_by(2) {
        let places = results.iter_mut().zip(&mut *numbers);
        places.zip(pairs(k)).for_each(|((to, taken), (a, b))| (*to, *taken) = pick(pick((*to, *taken), a), b));
    }
}

/// To each element of a row, the sum of the parts of all windows that it is in.
#[inline(always)]
pub fn spread<T: Number>(windows: &Windows, parts: &[T], row: &mut Phases<T>) {
    row.sorted.fill(T::ZERO);
    let Some((_, kernel)) = windows.even else {
        for (part, window) in parts.iter().zip(&windows.all) {
            row.sorted[window.start..][..window.last].iter_mut().for_each(|to| *to = to.plus(*part));
        }
        return;
    };
    for tap in 0..kernel {
        row.tap_mut(windows, tap).iter_mut().zip(parts).for_each(|(to, part)| *to = to.plus(*part));
    }
}
