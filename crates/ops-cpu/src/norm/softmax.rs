//! Softmax, its logarithm, and their derivatives: row by row where the dimension is the last one, else blocks of neighbouring
//! columns side by side.

use super::{Real, lanes};
use crate::dense::{self, Dense, Places};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::slices::{Slices, WIDTH};
use tensor_core::DType;

/// Softmax, or its logarithm if `LOG`.
pub fn forward<T: Real, const LOG: bool>(dim: usize, compute: DType, x: &Read<'_>, out: &Write<'_>) {
    if out.layout.numel() == 0 {
        return;
    }
    let shape = Slices::new(dim, x.layout);
    let x = Dense::<T>::new(x, compute);
    dense::write::<T>(out, compute, |y| {
        let rows = |start, end| dispatch(Rows::<T, LOG> { x: x.all(), y, start, end, count: shape.count });
        let tile = |at, width| dispatch(Tile::<T, LOG> { x: x.all(), y, at, width, shape });
        shape.each(rows, tile);
    });
}

struct Rows<'a, T, const LOG: bool> {
    x: &'a [T],
    y: Places<T>,
    start: usize,
    end: usize,
    count: usize,
}

impl<T: Real, const LOG: bool> Kernel for Rows<'_, T, LOG> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        for row in self.start..self.end {
            let x = &self.x[row * self.count..][..self.count];
            // SAFETY: each row belongs to one range.
            let y = unsafe { self.y.part(row * self.count, self.count) };
            let largest = lanes::largest(x);
            if LOG {
                let sum = lanes::sum(x, |x| (x - largest).exp::<L>());
                let shift = T::from_f64(sum).log::<L>();
                for (y, x) in y.iter_mut().zip(x) {
                    *y = *x - largest - shift;
                }
            } else {
                let sum = lanes::map_sum(x, y, |x| (x - largest).exp::<L>());
                let factor = T::from_f64(1.0 / sum);
                for y in y {
                    *y = *y * factor;
                }
            }
        }
    }
}

struct Tile<'a, T, const LOG: bool> {
    x: &'a [T],
    y: Places<T>,
    at: usize,
    width: usize,
    shape: Slices,
}

impl<T: Real, const LOG: bool> Kernel for Tile<'_, T, LOG> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Tile { x, y, at, width, shape: Slices { count, inner, .. } } = self;
        let (largest, mut sums) = (lanes::largest_of_columns(&x[at..], count, inner, width), [T::ZERO; WIDTH]);
        let (largest, sums) = (&largest[..width], &mut sums[..width]);
        for i in 0..count {
            // SAFETY: the lines of different tiles and slices are apart.
            let y = unsafe { y.part(at + i * inner, width) };
            for (((y, x), largest), sum) in y.iter_mut().zip(&x[at + i * inner..][..width]).zip(largest).zip(&mut *sums)
            {
                let power = (*x - *largest).exp::<L>();
                *sum = *sum + power;
                *y = if LOG { *x - *largest } else { power };
            }
        }
        for sum in &mut *sums {
            *sum = if LOG { sum.log::<L>() } else { T::ONE / *sum };
        }
        for i in 0..count {
            // SAFETY: as above.
            let y = unsafe { y.part(at + i * inner, width) };
            for (y, sum) in y.iter_mut().zip(&*sums) {
                *y = if LOG { *y - *sum } else { *y * *sum };
            }
        }
    }
}

/// The gradient of the argument from that of the result (`inputs[0]`) and the result (`inputs[1]`).
pub fn backward<T: Real, const LOG: bool>(dim: usize, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    if out.layout.numel() == 0 {
        return;
    }
    let shape = Slices::new(dim, out.layout);
    let (g, y) = (Dense::<T>::new(&inputs[0], compute), Dense::<T>::new(&inputs[1], compute));
    dense::write::<T>(out, compute, |to| {
        let (g, y) = (g.all(), y.all());
        let rows = |start, end| dispatch(BackwardRows::<T, LOG> { g, y, to, start, end, count: shape.count });
        let tile = |at, width| dispatch(BackwardTile::<T, LOG> { g, y, to, at, width, shape });
        shape.each(rows, tile);
    });
}

struct BackwardRows<'a, T, const LOG: bool> {
    g: &'a [T],
    y: &'a [T],
    to: Places<T>,
    start: usize,
    end: usize,
    count: usize,
}

/// The gradient of one element, given the row's sum.
#[inline(always)]
fn pulled<T: Real, L: Level, const LOG: bool>(g: T, y: T, sum: T) -> T {
    if LOG { g - y.exp::<L>() * sum } else { y * (g - sum) }
}

impl<T: Real, const LOG: bool> Kernel for BackwardRows<'_, T, LOG> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let count = self.count;
        for row in self.start..self.end {
            let (g, y) = (&self.g[row * count..][..count], &self.y[row * count..][..count]);
            let sum = match LOG {
                true => lanes::total::<T, L>(g),
                false => lanes::sums(g, y, |g, y| (g * y, T::ZERO)).0,
            };
            let sum = T::from_f64(sum);
            // SAFETY: each row belongs to one range.
            let to = unsafe { self.to.part(row * count, count) };
            for ((to, g), y) in to.iter_mut().zip(g).zip(y) {
                *to = pulled::<T, L, LOG>(*g, *y, sum);
            }
        }
    }
}

struct BackwardTile<'a, T, const LOG: bool> {
    g: &'a [T],
    y: &'a [T],
    to: Places<T>,
    at: usize,
    width: usize,
    shape: Slices,
}

impl<T: Real, const LOG: bool> Kernel for BackwardTile<'_, T, LOG> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let BackwardTile { g, y, to, at, width, shape: Slices { count, inner, .. } } = self;
        let mut sums = [T::ZERO; WIDTH];
        let sums = &mut sums[..width];
        for i in 0..count {
            let (g, y) = (&g[at + i * inner..][..width], &y[at + i * inner..][..width]);
            for ((sum, g), y) in sums.iter_mut().zip(g).zip(y) {
                *sum = *sum + if LOG { *g } else { *g * *y };
            }
        }
        for i in 0..count {
            let (g, y) = (&g[at + i * inner..][..width], &y[at + i * inner..][..width]);
            // SAFETY: the lines of different tiles and slices are apart.
            let to = unsafe { to.part(at + i * inner, width) };
            for (((to, g), y), sum) in to.iter_mut().zip(g).zip(y).zip(&*sums) {
                *to = pulled::<T, L, LOG>(*g, *y, *sum);
            }
        }
    }
}
