//! The pools of one image. It does not know how many images there are.

use super::columns::{Numbered, Phases, fold, fold_largest, fold_taps, spread};
use super::windows::{Window, Windows};
use crate::isa::{Kernel, Level};
use crate::number::Number;
use tensor_core::op::Pool;

/// One image's part of the work.
pub struct Plane<'a, T> {
    /// The pool.
    pub op: Pool,
    /// The windows along height and width.
    pub windows: &'a [Windows; 2],
    /// The image's width.
    pub width: usize,
    /// What sums are divided by; zero for the number of elements.
    pub divisor: i64,
    /// The lowest number of the elements' dtype.
    pub lowest: T,
    /// The image; empty where no values are needed.
    pub from: &'a [T],
    /// The output's gradient, where one is asked for.
    pub gradient: &'a [T],
    /// The result.
    pub to: &'a mut [T],
    /// The result, if it is places.
    pub index: &'a mut [i64],
}

impl<T: Number> Kernel for Plane<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        match self.op {
            Pool::Max(_) => self.max(),
            Pool::Mean(_) => self.mean(),
            Pool::MeanGradient(_) => self.mean_gradient(),
            Pool::MaxIndex(_) => {
                let count = self.windows[1].all.len();
                let width = self.width;
                let (windows, from, lowest, index) = (self.windows, self.from, self.lowest, self.index);
                largest(windows, from, lowest, width, |row, places| {
                    let index = &mut index[row * count..][..count];
                    index.iter_mut().zip(places).for_each(|(to, place)| *to = *place as i64);
                });
            }
            Pool::MaxGradient(_) => {
                let count = self.windows[1].all.len();
                let (windows, from, to, gradient) = (self.windows, self.from, self.to, self.gradient);
                if windows.iter().all(Windows::are_pairs) {
                    return squares(from, to, gradient, self.width);
                }
                to.fill(T::ZERO);
                largest(windows, from, self.lowest, self.width, |row, places| {
                    let gradient = &gradient[row * count..][..count];
                    for (g, place) in gradient.iter().zip(places) {
                        let to = &mut to[*place];
                        *to = to.plus(*g);
                    }
                });
            }
        }
    }
}

impl<T: Number> Plane<'_, T> {
    #[inline(always)]
    fn line(&self, window: &Window, tap: usize) -> &[T] {
        let row = window.start + tap * self.windows[0].dilation - self.windows[0].lead;
        &self.from[row * self.width..(row + 1) * self.width]
    }

    #[inline(always)]
    fn max(self) {
        let [vertical, horizontal] = self.windows;
        let count = horizontal.all.len();
        let mut row = vec![self.lowest; horizontal.reach.max(horizontal.lead + self.width)];
        let mut phases = Phases::new(horizontal, row.len(), self.lowest);
        for (o, window) in vertical.all.iter().enumerate() {
            let middle = &mut row[horizontal.lead..][..self.width];
            match window.last - window.first {
                0 => middle.fill(self.lowest),
                lines => fold(middle, lines, |k| self.line(window, window.first + k), T::larger),
            }
            let out = &mut self.to[o * count..(o + 1) * count];
            if let Some((2, 2)) = horizontal.even.filter(|_| horizontal.dilation == 1) {
                out.iter_mut().zip(row.chunks_exact(2)).for_each(|(to, pair)| *to = pair[0].larger(pair[1]));
                continue;
            }
            phases.sort(&row);
            fold_taps(horizontal, &phases, out, T::larger);
        }
    }

    /// The number by which the sum of one window of each dimension is divided.
    #[inline(always)]
    fn divisors(&self, vertical: &Window) -> Vec<T> {
        let of = |number: i64| T::from_scalar(storage::Scalar::Int(number.max(1)));
        let all = self.windows[1].all.iter();
        if self.divisor != 0 {
            let fixed = T::from_scalar(storage::Scalar::Int(self.divisor));
            return all.map(|_| fixed).collect();
        }
        all.map(|horizontal| of((vertical.count * horizontal.count) as i64)).collect()
    }

    #[inline(always)]
    fn mean(self) {
        let [vertical, horizontal] = self.windows;
        let count = horizontal.all.len();
        let mut row = vec![T::ZERO; horizontal.reach.max(horizontal.lead + self.width)];
        let mut phases = Phases::new(horizontal, row.len(), T::ZERO);
        let mut divisors = vec![];
        let mut counted = usize::MAX;
        for (o, window) in vertical.all.iter().enumerate() {
            let middle = &mut row[horizontal.lead..][..self.width];
            middle.fill(T::ZERO);
            for tap in window.first..window.last {
                middle.iter_mut().zip(self.line(window, tap)).for_each(|(to, x)| *to = to.plus(*x));
            }
            if window.count != counted {
                divisors = self.divisors(window);
                counted = window.count;
            }
            let out = &mut self.to[o * count..(o + 1) * count];
            phases.sort(&row);
            fold_taps(horizontal, &phases, out, T::plus);
            out.iter_mut().zip(&divisors).for_each(|(sum, divisor)| *sum = sum.over(*divisor));
        }
    }

    #[inline(always)]
    fn mean_gradient(self) {
        let [vertical, horizontal] = self.windows;
        let count = horizontal.all.len();
        let mut row = vec![T::ZERO; horizontal.reach.max(horizontal.lead + self.width)];
        let mut phases = Phases::new(horizontal, row.len(), T::ZERO);
        let mut parts = vec![T::ZERO; count];
        self.to.fill(T::ZERO);
        for (o, window) in vertical.all.iter().enumerate() {
            let gradient = &self.gradient[o * count..(o + 1) * count];
            let divisors = self.divisors(window);
            parts.iter_mut().zip(gradient.iter().zip(&divisors)).for_each(|(to, (g, n))| *to = g.over(*n));
            if horizontal.even == Some((2, 2)) {
                row.chunks_exact_mut(2).zip(&parts).for_each(|(pair, part)| pair.fill(*part));
            } else {
                spread(horizontal, &parts, &mut phases);
                phases.unsort(&mut row);
            }
            let middle = &row[horizontal.lead..][..self.width];
            for tap in window.first..window.last {
                let line = window.start + tap * vertical.dilation - vertical.lead;
                let to = &mut self.to[line * self.width..(line + 1) * self.width];
                to.iter_mut().zip(middle).for_each(|(to, x)| *to = to.plus(*x));
            }
        }
    }
}

/// The gradient of the largest of two by two elements, side by side: every element is written once.
#[inline(always)]
fn squares<T: Number>(from: &[T], to: &mut [T], gradient: &[T], width: usize) {
    let rows = from.chunks_exact(2 * width).zip(to.chunks_exact_mut(2 * width)).zip(gradient.chunks_exact(width / 2));
    for ((from, to), gradient) in rows {
        let ((above, below), (to_above, to_below)) = (from.split_at(width), to.split_at_mut(width));
        squares_of_lines([above, below], to_above, to_below, gradient);
    }
}

/// [`squares`] of two lines. As arguments of a function of their own the compiler knows that they are apart.
#[inline(always)]
fn squares_of_lines<T: Number>([above, below]: [&[T]; 2], to_above: &mut [T], to_below: &mut [T], gradient: &[T]) {
    let windows = gradient.len();
    let (above, below) = (&above[..2 * windows], &below[..2 * windows]);
    let (to_above, to_below) = (&mut to_above[..2 * windows], &mut to_below[..2 * windows]);
    for i in 0..windows {
        // The first among equals but the last NaN, as `largest` finds it.
        let wins = |new: T, best: T| (new > best) | new.is_nan();
        let second = wins(above[2 * i + 1], above[2 * i]);
        let best = if second { above[2 * i + 1] } else { above[2 * i] };
        let third = wins(below[2 * i], best);
        let best = if third { below[2 * i] } else { best };
        let fourth = wins(below[2 * i + 1], best);
        let g = gradient[i];
        let at = |is: bool| if is { g } else { T::ZERO };
        to_above[2 * i] = at(!second & !third & !fourth);
        to_above[2 * i + 1] = at(second & !third & !fourth);
        to_below[2 * i] = at(third & !fourth);
        to_below[2 * i + 1] = at(fourth);
    }
}

/// Finds the largest element of each window, the first among equals but the last NaN, and visits each row of windows with the places of
/// their elements.
#[inline(always)]
fn largest<T: Number>(
    [vertical, horizontal]: &[Windows; 2],
    from: &[T],
    lowest: T,
    width: usize,
    mut visit: impl FnMut(usize, &[usize]),
) {
    let count = horizontal.all.len();
    let reach = horizontal.reach.max(horizontal.lead + width);
    // The largest of each column of a row of windows, and of each window; and the tap that it is, numbered through the rows of the
    // window: columns count the taps of column zero.
    let (mut columns, mut best) = (vec![lowest; reach], vec![lowest; count]);
    // What is outside comes after every tap.
    let (mut lines, mut taken) = (vec![u32::MAX / 2; reach], vec![0u32; count]);
    let offset =
        |tap: usize| tap / horizontal.taps * vertical.dilation * width + tap % horizontal.taps * horizontal.dilation;
    let offsets: Vec<usize> = (0..vertical.taps * horizontal.taps).map(offset).collect();
    let before = vertical.lead * width + horizontal.lead;
    let (mut values, mut numbers) =
        (Phases::new(horizontal, reach, lowest), Phases::new(horizontal, reach, u32::MAX / 2));
    // Lines of the image have numbers only as a whole.
    let zeros = vec![0u32; width];
    let mut places = vec![0; count];
    for (o, window) in vertical.all.iter().enumerate() {
        let inside = horizontal.lead..horizontal.lead + width;
        let (middle, numbered) = (&mut columns[inside.clone()], &mut lines[inside]);
        if window.first < window.last {
            fold_largest(middle, numbered, window.last - window.first, |k| -> Numbered<'_, T> {
                let tap = window.first + k;
                let line = window.start + tap * vertical.dilation - vertical.lead;
                (&from[line * width..(line + 1) * width], &zeros, (tap * horizontal.taps) as u32)
            });
        } else {
            middle.fill(lowest);
        }
        values.sort(&columns);
        numbers.sort(&lines);
        if let Some((_, kernel)) = horizontal.even {
            let tap =
                |tap| -> Numbered<'_, T> { (values.tap(horizontal, tap), numbers.tap(horizontal, tap), tap as u32) };
            fold_largest(&mut best, &mut taken, kernel, tap);
        } else {
            for i in 0..count {
                let (x, number) = (values.window(horizontal, i), numbers.window(horizontal, i));
                let tap = |tap: usize| -> Numbered<'_, T> { (&x[tap..tap + 1], &number[tap..tap + 1], tap as u32) };
                fold_largest(&mut best[i..i + 1], &mut taken[i..i + 1], x.len(), tap);
            }
        }
        let line = window.start * width;
        for ((place, taken), beside) in places.iter_mut().zip(&taken).zip(&horizontal.all) {
            // A window between whose taps the whole image lies has no element; its number is the lowest.
            let offset = offsets.get(*taken as usize).copied().unwrap_or(before);
            *place = (line + beside.start + offset).wrapping_sub(before).min(from.len() - 1);
        }
        visit(o, &places);
    }
}
