//! Losses. Of predicted classes: of logits, a row's powers are summed while it lies in the cache; going back they are computed once
//! more, straight into the gradient. Samples are cut by shape alone, and parts of a sum add up in order.

mod binary;
mod difference;

use crate::dense::{self, Dense, Places};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::norm::{Real, lanes};
use crate::number::compute_dtype;
use crate::slices::WIDTH;
use crate::team;
use std::ops::Range;
use tensor_core::op::loss::Classes;
use tensor_core::op::{Loss, Reduction};
use tensor_core::{DType, Error, ErrorKind, Result};

/// Elements that one thread takes at a time.
const GRAIN: usize = 16 * 1024;

/// Computes a loss, or its derivative.
///
/// # Errors
/// If a class does not exist.
pub fn run(op: Loss, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    match compute_dtype(compute) {
        DType::F64 => of::<f64>(op, DType::F64, inputs, out),
        _ => of::<f32>(op, DType::F32, inputs, out),
    }
}

fn of<T: Real>(op: Loss, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let (classes, g, inputs) = match op {
        Loss::Classes(classes) => (classes, None, inputs),
        Loss::ClassesGradient(classes) => (classes, Some(Dense::<T>::new(&inputs[0], compute)), &inputs[1..]),
        Loss::Difference(own) => {
            difference::losses::<T>(own, compute, inputs, out);
            return Ok(());
        }
        Loss::DifferenceGradient(own) => {
            difference::gradient::<T>(own, compute, inputs, out);
            return Ok(());
        }
        Loss::Binary(own) => {
            binary::losses::<T>(own, compute, inputs, out);
            return Ok(());
        }
        Loss::BinaryGradient(own) => {
            binary::gradient::<T>(own, compute, inputs, out);
            return Ok(());
        }
    };
    let x = Dense::<T>::new(&inputs[0], compute);
    let target = Dense::<i64>::new(&inputs[1], DType::I64);
    let weight = inputs.get(2).map(|weight| Dense::<T>::new(weight, compute));
    let shape = inputs[0].layout.shape();
    let dim = (shape.len() > 1) as usize;
    let count = shape[dim];
    let job = Job {
        classes,
        x: x.all(),
        target: target.all(),
        weight: weight.as_ref().map(Dense::all),
        count,
        inner: shape[dim + 1..].iter().product(),
    };
    job.check()?;
    match &g {
        None => job.losses(compute, out),
        Some(g) => dense::write::<T>(out, compute, |to| job.gradient(g.all(), to)),
    }
    Ok(())
}

/// Has `work` done for each piece of `len` elements.
fn pieces(len: usize, work: impl Fn(usize, Range<usize>) + Sync) {
    team::parallel(len.div_ceil(GRAIN), &|i| work(i, i * GRAIN..((i + 1) * GRAIN).min(len)));
}

/// Writes the sum or the mean of `len` losses, of which `sum` gives those of a piece.
fn reduced<T: Real>(
    reduction: Reduction,
    len: usize,
    compute: DType,
    out: &Write<'_>,
    sum: impl Fn(Range<usize>) -> f64 + Sync,
) {
    let mut sums = vec![0.0; len.div_ceil(GRAIN)];
    let places = Places::of(&mut sums);
    pieces(len, |i, range| {
        // SAFETY: each piece has its own sum.
        unsafe { places.part(i, 1)[0] = sum(range) };
    });
    let sum: f64 = sums.iter().sum();
    let result = if reduction == Reduction::Mean { sum / len as f64 } else { sum };
    dense::write::<T>(out, compute, |to| {
        // SAFETY: the only element.
        unsafe { to.part(0, 1)[0] = T::from_f64(result) };
    });
}

struct Job<'a, T> {
    classes: Classes,
    x: &'a [T],
    target: &'a [i64],
    weight: Option<&'a [T]>,
    /// Classes.
    count: usize,
    /// Places of a sample, which lie side by side.
    inner: usize,
}

impl<T: Real> Job<'_, T> {
    fn check(&self) -> Result<()> {
        let outside = |class: &&i64| **class != self.classes.ignore_index && !(0..self.count as i64).contains(*class);
        match self.target.iter().find(outside) {
            Some(class) => Err(Error::new(ErrorKind::Index, format!("Target {class} is out of bounds."))),
            None => Ok(()),
        }
    }

    /// The class at a place, and its weight; none if it does not count.
    fn class(&self, place: usize) -> Option<(usize, T)> {
        let class = self.target[place];
        let counts = class != self.classes.ignore_index;
        counts.then(|| (class as usize, self.weight.map_or(T::ONE, |weight| weight[class as usize])))
    }

    /// The weights of all places.
    fn total(&self) -> f64 {
        (0..self.target.len()).filter_map(|place| self.class(place)).map(|(_, weight)| weight.to_f64()).sum()
    }

    /// Pieces of neighbouring places of one sample, or of several samples with one place each.
    fn pieces(&self) -> (usize, impl Fn(usize) -> Range<usize> + Sync) {
        let (places, inner) = (self.target.len(), self.inner.max(1));
        let many = (GRAIN / self.count.max(1)).max(1);
        let width = if inner == 1 { many } else { WIDTH.min(inner) };
        let (line, lines) = if inner == 1 { (places, 1) } else { (inner, places / inner) };
        let per_line = line.div_ceil(width);
        (per_line * lines, move |i: usize| {
            let start = i / per_line * line + i % per_line * width;
            start..(start + width).min((i / per_line + 1) * line)
        })
    }

    fn losses(&self, compute: DType, out: &Write<'_>) {
        let (count, piece) = self.pieces();
        if self.classes.reduction == Reduction::None {
            return dense::write::<T>(out, compute, |to| {
                team::parallel(count, &|i| {
                    let range = piece(i);
                    // SAFETY: the piece's places, which are this call's alone.
                    let to = unsafe { to.part(range.start, range.len()) };
                    self.piece(range, |k, loss| to[k] = T::from_f64(loss));
                });
            });
        }
        let mut sums = vec![0.0; count];
        let places = Places::of(&mut sums);
        team::parallel(count, &|i| {
            // SAFETY: each piece has its own sum.
            let sum = unsafe { &mut places.part(i, 1)[0] };
            self.piece(piece(i), |_, loss| *sum += loss);
        });
        let sum: f64 = sums.iter().sum();
        let mean = self.classes.reduction == Reduction::Mean;
        dense::write::<T>(out, compute, |to| {
            // SAFETY: the only element.
            unsafe { to.part(0, 1)[0] = T::from_f64(if mean { sum / self.total() } else { sum }) };
        });
    }

    /// Visits the losses of a piece.
    fn piece(&self, range: Range<usize>, mut visit: impl FnMut(usize, f64)) {
        let (count, inner) = (self.count, self.inner);
        let first = self.first(range.start);
        let mut shifts = [0.0; WIDTH];
        if self.classes.logits && inner > 1 {
            dispatch(Columns { x: &self.x[first..], count, inner, shifts: &mut shifts[..range.len()] });
        }
        for (k, place) in range.clone().enumerate() {
            let row = self.first(place);
            let loss = self.class(place).map_or(0.0, |(class, weight)| {
                let shift = match (self.classes.logits, inner) {
                    (false, _) => 0.0,
                    (true, 1) => dispatch(Row(&self.x[row..][..count])),
                    (true, _) => shifts[k],
                };
                (shift - self.x[row + class * inner].to_f64()) * weight.to_f64()
            });
            visit(k, loss);
        }
    }

    /// Where the first class of a place stands.
    fn first(&self, place: usize) -> usize {
        place / self.inner * self.inner * self.count + place % self.inner
    }

    fn gradient(&self, g: &[T], to: Places<T>) {
        let (total, (pieces, piece)) = (self.total(), self.pieces());
        let of_place = |place: usize| match self.classes.reduction {
            Reduction::None => g[place],
            Reduction::Mean => T::from_f64(g[0].to_f64() / total),
            Reduction::Sum | Reduction::BatchMean => g[0],
        };
        team::parallel(pieces, &|i| {
            let range = piece(i);
            let (count, inner) = (self.count, self.inner);
            let mut factors = [T::ZERO; WIDTH];
            if inner == 1 {
                // SAFETY: the rows of the piece, which are this call's alone.
                let to = unsafe { to.part(range.start * count, range.len() * count) };
                for (place, to) in range.zip(to.chunks_exact_mut(count.max(1))) {
                    let class = self.class(place);
                    let factor = class.map_or(T::ZERO, |(_, weight)| weight * of_place(place));
                    match (self.classes.logits, class.is_some()) {
                        (true, true) => dispatch(PullRow { x: &self.x[place * count..][..count], to, factor }),
                        _ => to.fill(T::ZERO),
                    }
                    class.into_iter().for_each(|(class, _)| to[class] = to[class] - factor);
                }
                return;
            }
            let first = self.first(range.start);
            let factors = &mut factors[..range.len()];
            for (factor, place) in factors.iter_mut().zip(range.clone()) {
                *factor = self.class(place).map_or(T::ZERO, |(_, weight)| weight * of_place(place));
            }
            // SAFETY: lines of different pieces are apart.
            let line = |class: usize| unsafe { to.part(first + class * inner, range.len()) };
            if self.classes.logits {
                let x = &self.x[first..];
                dispatch(PullColumns { x, count, inner, factors, line });
            } else {
                (0..count).for_each(|class| line(class).fill(T::ZERO));
            }
            for (k, place) in range.clone().enumerate() {
                let class = self.class(place);
                class.into_iter().for_each(|(class, _)| line(class)[k] = line(class)[k] - factors[k]);
            }
        });
    }
}

/// The logarithm of the sum of a row's powers.
struct Row<'a, T>(&'a [T]);

impl<T: Real> Kernel for Row<'_, T> {
    type Output = f64;
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) -> f64 {
        let largest = lanes::largest(self.0);
        let sum = lanes::sum(self.0, |x| (x - largest).exp::<L>());
        largest.to_f64() + T::from_f64(sum).log::<L>().to_f64()
    }
}

/// As [`Row`], of columns side by side.
struct Columns<'a, T> {
    x: &'a [T],
    count: usize,
    inner: usize,
    shifts: &'a mut [f64],
}

impl<T: Real> Kernel for Columns<'_, T> {
    type Output = ();
    // Rows are the usual case.
    const WIDEST: bool = false;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Columns { x, count, inner, shifts } = self;
        let width = shifts.len();
        let largest = lanes::largest_of_columns(x, count, inner, width);
        let mut sums = [T::ZERO; WIDTH];
        for class in 0..count {
            let x = &x[class * inner..][..width];
            for ((sum, x), largest) in sums.iter_mut().zip(x).zip(&largest) {
                *sum = *sum + (*x - *largest).exp::<L>();
            }
        }
        for ((shift, sum), largest) in shifts.iter_mut().zip(sums).zip(largest) {
            *shift = largest.to_f64() + sum.log::<L>().to_f64();
        }
    }
}

/// A row's softmax times a factor.
struct PullRow<'a, T> {
    x: &'a [T],
    to: &'a mut [T],
    factor: T,
}

impl<T: Real> Kernel for PullRow<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let largest = lanes::largest(self.x);
        let sum = lanes::map_sum(self.x, self.to, |x| (x - largest).exp::<L>());
        let factor = self.factor * T::from_f64(1.0 / sum);
        self.to.iter_mut().for_each(|y| *y = *y * factor);
    }
}

/// As [`PullRow`], of columns side by side.
struct PullColumns<'a, T, F> {
    x: &'a [T],
    count: usize,
    inner: usize,
    factors: &'a [T],
    line: F,
}

impl<'a, T: Real, F: Fn(usize) -> &'a mut [T]> Kernel for PullColumns<'a, T, F> {
    type Output = ();
    const WIDEST: bool = false;
    #[inline(always)]
    fn run<L: Level>(self) {
        let PullColumns { x, count, inner, factors, line } = self;
        let width = factors.len();
        let largest = lanes::largest_of_columns(x, count, inner, width);
        let mut sums = [T::ZERO; WIDTH];
        for class in 0..count {
            let columns = line(class).iter_mut().zip(&x[class * inner..][..width]).zip(&largest).zip(&mut sums);
            for (((to, x), largest), sum) in columns {
                *to = (*x - *largest).exp::<L>();
                *sum = *sum + *to;
            }
        }
        for (sum, factor) in sums.iter_mut().zip(factors) {
            *sum = *factor / *sum;
        }
        for class in 0..count {
            line(class).iter_mut().zip(&sums).for_each(|(to, factor)| *to = *to * *factor);
        }
    }
}
