//! Losses of differences, one pass over both operands each way. Pieces are cut by size alone, and their sums add up in order.

use super::{pieces, reduced};
use crate::dense::{self, Dense};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::norm::{Real, lanes};
use tensor_core::DType;
use tensor_core::op::Reduction;
use tensor_core::op::loss::{Difference, Penalty};

/// A penalty: a multiple of d² inside of the border, a line beyond it. They meet there.
#[derive(Clone, Copy)]
struct Curve<T> {
    /// NaN, which no number reaches, if there is none.
    border: T,
    half: T,
    square: T,
    line: T,
}

impl<T: Real> Curve<T> {
    fn of(penalty: Penalty) -> Curve<T> {
        let (border, square, line) = match penalty {
            Penalty::Square => (f64::NAN, 1.0, 0.0),
            Penalty::SmoothL1(beta) => (beta, 0.5 / beta, 1.0),
            Penalty::Huber(delta) => (delta, 0.5, delta),
        };
        let [border, half, square, line] = [border, border / 2.0, square, line].map(T::from_f64);
        Curve { border, half, square, line }
    }

    #[inline(always)]
    fn value(self, d: T) -> T {
        let size = if d < T::ZERO { T::ZERO - d } else { d };
        if size >= self.border { self.line * (size - self.half) } else { self.square * d * d }
    }

    #[inline(always)]
    fn slope(self, d: T) -> T {
        let (size, line) = if d < T::ZERO { (T::ZERO - d, T::ZERO - self.line) } else { (d, self.line) };
        if size >= self.border { line } else { (self.square + self.square) * d }
    }
}

/// The losses, or their sum or mean.
pub fn losses<T: Real>(own: Difference, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    let curve = Curve::<T>::of(own.penalty);
    let [x, target] = [0, 1].map(|i| Dense::<T>::new(&inputs[i], compute));
    let (x, target) = (x.all(), target.all());
    if own.reduction == Reduction::None {
        return dense::write::<T>(out, compute, |to| {
            pieces(x.len(), |_, range| {
                // SAFETY: the piece's places, which are this call's alone.
                let to = unsafe { to.part(range.start, range.len()) };
                dispatch(Each { curve, x: &x[range.clone()], target: &target[range], to });
            });
        });
    }
    reduced::<T>(own.reduction, x.len(), compute, out, |range| {
        dispatch(Sum { curve, x: &x[range.clone()], target: &target[range] })
    });
}

/// The gradient of x.
pub fn gradient<T: Real>(own: Difference, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    let curve = Curve::<T>::of(own.penalty);
    let [g, x, target] = [0, 1, 2].map(|i| Dense::<T>::new(&inputs[i], compute));
    let (g, x, target) = (g.all(), x.all(), target.all());
    dense::write::<T>(out, compute, |to| {
        pieces(x.len(), |_, range| {
            // SAFETY: the piece's places, which are this call's alone.
            let to = unsafe { to.part(range.start, range.len()) };
            let (x, target) = (&x[range.clone()], &target[range.clone()]);
            match own.reduction {
                Reduction::None => dispatch(PullEach { curve, g: &g[range], x, target, to }),
                Reduction::Mean => {
                    dispatch(Pull { curve, g: T::from_f64(g[0].to_f64() / out.layout.numel() as f64), x, target, to });
                }
                Reduction::Sum | Reduction::BatchMean => dispatch(Pull { curve, g: g[0], x, target, to }),
            }
        });
    });
}

/// The losses of a piece.
struct Each<'a, T> {
    curve: Curve<T>,
    x: &'a [T],
    target: &'a [T],
    to: &'a mut [T],
}

impl<T: Real> Kernel for Each<'_, T> {
    type Output = ();
    const WIDEST: bool = false;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Each { curve, x, target, to } = self;
        to.iter_mut().zip(x.iter().zip(target)).for_each(|(to, (x, target))| *to = curve.value(*x - *target));
    }
}

/// Their sum.
struct Sum<'a, T> {
    curve: Curve<T>,
    x: &'a [T],
    target: &'a [T],
}

impl<T: Real> Kernel for Sum<'_, T> {
    type Output = f64;
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) -> f64 {
        let curve = self.curve;
        lanes::sums(self.x, self.target, |x, target| (curve.value(x - target), T::ZERO)).0
    }
}

/// A piece's gradient, from a factor for each element.
struct PullEach<'a, T> {
    curve: Curve<T>,
    g: &'a [T],
    x: &'a [T],
    target: &'a [T],
    to: &'a mut [T],
}

impl<T: Real> Kernel for PullEach<'_, T> {
    type Output = ();
    const WIDEST: bool = false;
    #[inline(always)]
    fn run<L: Level>(self) {
        let PullEach { curve, g, x, target, to } = self;
        let pairs = to.iter_mut().zip(g).zip(x.iter().zip(target));
        pairs.for_each(|((to, g), (x, target))| *to = *g * curve.slope(*x - *target));
    }
}

/// A piece's gradient, from one factor.
struct Pull<'a, T> {
    curve: Curve<T>,
    g: T,
    x: &'a [T],
    target: &'a [T],
    to: &'a mut [T],
}

impl<T: Real> Kernel for Pull<'_, T> {
    type Output = ();
    const WIDEST: bool = size_of::<T>() == 4;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Pull { curve, g, x, target, to } = self;
        to.iter_mut().zip(x.iter().zip(target)).for_each(|(to, (x, target))| *to = g * curve.slope(*x - *target));
    }
}
