//! Standardizing the columns of a matrix, as batch normalization of vectors does: neighbouring columns side by side, their
//! statistics as doubles.

use super::Real;
use crate::dense::Places;
use crate::isa::{Kernel, Level, dispatch};
use crate::team;
use tensor_core::op::norm::Standard;

/// Columns side by side.
const WIDTH: usize = 64;

/// What is done with a tile of columns once its statistics are known.
enum Task<'a, T> {
    Forward { weight: Option<&'a [T]>, bias: Option<&'a [T]>, y: Places<T> },
    Input { g: &'a [T], weight: Option<&'a [T]>, to: Places<T>, sums: Option<[Places<f64>; 2]> },
    Weight { g: &'a [T], to: Places<f64> },
    Moments { to: Places<T> },
}

struct Tile<'a, T> {
    task: &'a Task<'a, T>,
    x: &'a [T],
    eps: f64,
    columns: usize,
    start: usize,
}

impl<T: Real> Kernel for Tile<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Tile { task, x, eps, columns, start } = self;
        let width = WIDTH.min(columns - start);
        let rows = x.len() / columns;
        let count = rows as f64;
        let line = |i: usize| i * columns + start..i * columns + start + width;
        let (mut mean, mut squares) = ([0.0f64; WIDTH], [0.0f64; WIDTH]);
        let (mean, squares) = (&mut mean[..width], &mut squares[..width]);
        for i in 0..rows {
            for (mean, x) in mean.iter_mut().zip(&x[line(i)]) {
                *mean += x.to_f64();
            }
        }
        mean.iter_mut().for_each(|mean| *mean /= count);
        for i in 0..rows {
            for ((square, mean), x) in squares.iter_mut().zip(&*mean).zip(&x[line(i)]) {
                *square += (x.to_f64() - mean) * (x.to_f64() - mean);
            }
        }
        let mut scale = [0.0f64; WIDTH];
        for (scale, square) in scale.iter_mut().zip(&*squares) {
            *scale = 1.0 / (square / count + eps).sqrt();
        }
        let of = |parameter: &Option<&[T]>, k: usize, default: f64| {
            parameter.map_or(default, |parameter| parameter[start + k].to_f64())
        };
        match task {
            Task::Forward { weight, bias, y } => {
                let (mut factor, mut shift) = ([0.0f64; WIDTH], [0.0f64; WIDTH]);
                for k in 0..width {
                    factor[k] = scale[k] * of(weight, k, 1.0);
                    shift[k] = of(bias, k, 0.0);
                }
                for i in 0..rows {
                    // SAFETY: tiles are apart.
                    let y = unsafe { y.part(i * columns + start, width) };
                    for ((((y, x), mean), factor), shift) in
                        y.iter_mut().zip(&x[line(i)]).zip(&*mean).zip(&factor).zip(&shift)
                    {
                        *y = T::from_f64((x.to_f64() - mean) * factor + shift);
                    }
                }
            }
            Task::Input { g, weight, to, sums: parameters } => {
                let (mut sums, mut products) = ([0.0f64; WIDTH], [0.0f64; WIDTH]);
                add_products(g, x, mean, &mut sums, &mut products, rows, line);
                if let Some([of_weights, of_biases]) = parameters {
                    // SAFETY: tiles are apart.
                    let (weights, biases) = unsafe { (of_weights.part(start, width), of_biases.part(start, width)) };
                    for k in 0..width {
                        weights[k] = products[k] * scale[k];
                        biases[k] = sums[k];
                    }
                }
                let mut factor = [0.0f64; WIDTH];
                for k in 0..width {
                    factor[k] = scale[k] * of(weight, k, 1.0);
                    sums[k] *= factor[k] / count;
                    products[k] *= factor[k] * scale[k] * scale[k] / count;
                }
                for i in 0..rows {
                    // SAFETY: tiles are apart.
                    let to = unsafe { to.part(i * columns + start, width) };
                    for (k, ((to, g), x)) in to.iter_mut().zip(&g[line(i)]).zip(&x[line(i)]).enumerate() {
                        let value = g.to_f64() * factor[k] - sums[k] - (x.to_f64() - mean[k]) * products[k];
                        *to = T::from_f64(value);
                    }
                }
            }
            Task::Weight { g, to } => {
                let (mut sums, mut products) = ([0.0f64; WIDTH], [0.0f64; WIDTH]);
                add_products(g, x, mean, &mut sums, &mut products, rows, line);
                // SAFETY: tiles are apart.
                let to = unsafe { to.part(start, width) };
                for (k, to) in to.iter_mut().enumerate() {
                    *to = products[k] * scale[k];
                }
            }
            Task::Moments { to } => {
                // SAFETY: tiles are apart.
                let (means, variances) = unsafe { (to.part(start, width), to.part(columns + start, width)) };
                for k in 0..width {
                    means[k] = T::from_f64(mean[k]);
                    variances[k] = T::from_f64(squares[k] / count);
                }
            }
        }
    }
}

/// The sums, over each column, of g and of g times the distance of x from its mean.
#[inline(always)]
fn add_products<T: Real>(
    g: &[T],
    x: &[T],
    mean: &[f64],
    sums: &mut [f64],
    products: &mut [f64],
    rows: usize,
    line: impl Fn(usize) -> std::ops::Range<usize>,
) {
    for i in 0..rows {
        let of_x = x[line(i)].iter().zip(mean).zip(&mut *sums).zip(&mut *products);
        for (g, (((x, mean), sum), product)) in g[line(i)].iter().zip(of_x) {
            *sum += g.to_f64();
            *product += g.to_f64() * (x.to_f64() - mean);
        }
    }
}

fn each<T: Real>(task: Task<'_, T>, x: &[T], eps: f64, columns: usize) {
    team::parallel(columns.div_ceil(WIDTH), &|tile| {
        dispatch(Tile { task: &task, x, eps, columns, start: tile * WIDTH });
    });
}

/// As the function of this name in `standard`.
pub fn forward<T: Real>(
    standard: Standard,
    x: &[T],
    weight: Option<&[T]>,
    bias: Option<&[T]>,
    y: Places<T>,
    columns: usize,
) {
    each(Task::Forward { weight, bias, y }, x, standard.eps, columns);
}

/// As the function of this name in `standard`.
pub fn input<T: Real>(standard: Standard, g: &[T], x: &[T], weight: Option<&[T]>, to: Places<T>, columns: usize) {
    each(Task::Input { g, weight, to, sums: None }, x, standard.eps, columns);
}

/// As the function of this name in `backward`.
#[expect(clippy::too_many_arguments, reason = "operands and results of one operation")]
pub fn all<T: Real>(
    standard: Standard,
    g: &[T],
    x: &[T],
    weight: &[T],
    to: Places<T>,
    of_weights: Places<f64>,
    of_biases: Places<f64>,
    columns: usize,
) {
    let sums = Some([of_weights, of_biases]);
    each(Task::Input { g, weight: Some(weight), to, sums }, x, standard.eps, columns);
}

/// As the function of this name in `standard`.
pub fn weight<T: Real>(standard: Standard, g: &[T], x: &[T], to: Places<f64>, columns: usize) {
    each(Task::Weight { g, to }, x, standard.eps, columns);
}

/// As the function of this name in `standard`.
pub fn moments<T: Real>(x: &[T], to: Places<T>, columns: usize) {
    each(Task::Moments { to }, x, 0.0, columns);
}
