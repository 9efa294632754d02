//! Losses of answers to questions of yes or no, one pass over all operands each way. What is the same for all elements, such as a
//! weight that was not given, is a piece full of it.

use super::{GRAIN, pieces, reduced};
use crate::dense::{self, Dense};
use crate::isa::{Kernel, Level, dispatch};
use crate::memory::{Read, Write};
use crate::norm::{Real, lanes};
use std::marker::PhantomData;
use std::ops::Range;
use tensor_core::DType;
use tensor_core::op::Reduction;
use tensor_core::op::loss::{Answer, Binary};

/// What products of a probability and its complement count as at least; PyTorch keeps it in single precision.
const LEAST: f64 = 1e-12f32 as f64;

/// A loss of x for a target, with the weight of yes, and its derivative by x.
trait Curve {
    fn value<T: Real, L: Level>(x: T, target: T, yes: T) -> T;
    fn slope<T: Real, L: Level>(x: T, target: T, yes: T) -> T;
}

struct Probability;
struct Logit;
struct Score;

#[inline(always)]
fn at_least<T: Real>(x: T, least: f64) -> T {
    let least = T::from_f64(least);
    if x < least { least } else { x }
}

impl Curve for Probability {
    #[inline(always)]
    fn value<T: Real, L: Level>(x: T, target: T, _: T) -> T {
        let yes = at_least(x.log::<L>(), -100.0);
        let no = at_least((T::ZERO - x).log1p::<L>(), -100.0);
        (target - T::ONE) * no - target * yes
    }

    #[inline(always)]
    fn slope<T: Real, L: Level>(x: T, target: T, _: T) -> T {
        (x - target) / at_least((T::ONE - x) * x, LEAST)
    }
}

impl Curve for Logit {
    #[inline(always)]
    fn value<T: Real, L: Level>(x: T, target: T, yes: T) -> T {
        let negative = T::ZERO - x;
        let (size, positive) = if x < T::ZERO { (x, negative) } else { (negative, T::ZERO) };
        let softplus = positive + size.exp::<L>().log1p::<L>();
        (T::ONE - target) * x + ((yes - T::ONE) * target + T::ONE) * softplus
    }

    #[inline(always)]
    fn slope<T: Real, L: Level>(x: T, target: T, yes: T) -> T {
        ((yes - T::ONE) * target + T::ONE) * x.sigmoid::<L>() - yes * target
    }
}

impl Curve for Score {
    #[inline(always)]
    fn value<T: Real, L: Level>(x: T, target: T, _: T) -> T {
        (T::ZERO - target * x).exp::<L>().log1p::<L>()
    }

    #[inline(always)]
    fn slope<T: Real, L: Level>(x: T, target: T, _: T) -> T {
        let power = (T::ZERO - target * x).exp::<L>();
        T::ZERO - target * power / (power + T::ONE)
    }
}

/// An operand, piece by piece.
enum Rows<T> {
    Own(Dense<T>),
    /// A piece of one number, which stands everywhere.
    Same(Vec<T>),
}

impl<T: Real> Rows<T> {
    /// `x`, or ones for `len` elements.
    fn of(x: Option<&Read<'_>>, compute: DType, len: usize) -> Rows<T> {
        x.map_or_else(|| Rows::same(T::ONE, len), |x| Rows::Own(Dense::new(x, compute)))
    }

    fn same(x: T, len: usize) -> Rows<T> {
        Rows::Same(vec![x; GRAIN.min(len)])
    }

    fn piece(&self, range: Range<usize>) -> &[T] {
        match self {
            Rows::Own(x) => &x.all()[range],
            Rows::Same(x) => &x[..range.len()],
        }
    }
}

/// The operands of a loss: x, its target, the weight and that of yes.
struct Operands<T>([Rows<T>; 4]);

impl<T: Real> Operands<T> {
    fn of(own: Binary, inputs: &[Read<'_>], compute: DType) -> Operands<T> {
        let (weight, yes) = own.weights(&inputs[2..]);
        let len = inputs[0].layout.numel();
        Operands([Some(&inputs[0]), Some(&inputs[1]), weight, yes].map(|x| Rows::of(x, compute, len)))
    }

    fn piece(&self, range: &Range<usize>) -> [&[T]; 4] {
        self.0.each_ref().map(|rows| rows.piece(range.clone()))
    }
}

/// Calls a function with the curve of an answer as its first type.
macro_rules! by_answer {
    ($answer:expr, $function:ident::<$t:ty>($($argument:expr),*)) => {
        match $answer {
            Answer::Probability => $function::<Probability, $t>($($argument),*),
            Answer::Logit => $function::<Logit, $t>($($argument),*),
            Answer::Score => $function::<Score, $t>($($argument),*),
        }
    };
}

/// The losses, or their sum or mean.
pub fn losses<T: Real>(own: Binary, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    by_answer!(own.answer, losses_of::<T>(own, compute, inputs, out));
}

fn losses_of<C: Curve, T: Real>(own: Binary, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    let operands = Operands::<T>::of(own, inputs, compute);
    let len = inputs[0].layout.numel();
    if own.reduction != Reduction::None {
        return reduced::<T>(own.reduction, len, compute, out, |range| {
            dispatch(Sum { curve: PhantomData::<C>, rows: operands.piece(&range) })
        });
    }
    dense::write::<T>(out, compute, |to| {
        pieces(len, |_, range| {
            // SAFETY: the piece's places, which are this call's alone.
            let to = unsafe { to.part(range.start, range.len()) };
            dispatch(Each { curve: PhantomData::<C>, rows: operands.piece(&range), to });
        });
    });
}

/// The gradient of x.
pub fn gradient<T: Real>(own: Binary, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    by_answer!(own.answer, gradient_of::<T>(own, compute, inputs, out));
}

fn gradient_of<C: Curve, T: Real>(own: Binary, compute: DType, inputs: &[Read<'_>], out: &Write<'_>) {
    let operands = Operands::<T>::of(own, &inputs[1..], compute);
    let len = out.layout.numel();
    let g = Dense::<T>::new(&inputs[0], compute);
    let g = match own.reduction {
        Reduction::None => Rows::Own(g),
        Reduction::Mean => Rows::same(T::from_f64(g.all()[0].to_f64() / len as f64), len),
        Reduction::Sum | Reduction::BatchMean => Rows::same(g.all()[0], len),
    };
    dense::write::<T>(out, compute, |to| {
        pieces(len, |_, range| {
            // SAFETY: the piece's places, which are this call's alone.
            let to = unsafe { to.part(range.start, range.len()) };
            dispatch(Pull { curve: PhantomData::<C>, g: g.piece(range.clone()), rows: operands.piece(&range), to });
        });
    });
}

/// The losses of a piece.
struct Each<'a, C, T> {
    curve: PhantomData<C>,
    rows: [&'a [T]; 4],
    to: &'a mut [T],
}

impl<C: Curve, T: Real> Kernel for Each<'_, C, T> {
    type Output = ();
    const WIDEST: bool = false;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Each { rows: [x, target, weight, yes], to, .. } = self;
        // Not by iterators, whose own loops run without the level's instructions where they are not inlined.
        let n = to.len();
        let (x, target, weight, yes) = (&x[..n], &target[..n], &weight[..n], &yes[..n]);
        for i in 0..n {
            to[i] = C::value::<T, L>(x[i], target[i], yes[i]) * weight[i];
        }
    }
}

/// Their sum.
struct Sum<'a, C, T> {
    curve: PhantomData<C>,
    rows: [&'a [T]; 4],
}

impl<C: Curve, T: Real> Kernel for Sum<'_, C, T> {
    type Output = f64;
    const WIDEST: bool = false;
    #[inline(always)]
    fn run<L: Level>(self) -> f64 {
        const BLOCK: usize = 512;
        let mut block = [T::ZERO; BLOCK];
        let len = self.rows[0].len();
        let [x, target, weight, yes] = self.rows;
        let mut total = 0.0;
        for start in (0..len).step_by(BLOCK) {
            let end = (start + BLOCK).min(len);
            let rows = [&x[start..end], &target[start..end], &weight[start..end], &yes[start..end]];
            Each { curve: self.curve, rows, to: &mut block[..end - start] }.run::<L>();
            total += lanes::total::<T, L>(&block[..end - start]);
        }
        total
    }
}

/// A piece's gradient.
struct Pull<'a, C, T> {
    curve: PhantomData<C>,
    g: &'a [T],
    rows: [&'a [T]; 4],
    to: &'a mut [T],
}

impl<C: Curve, T: Real> Kernel for Pull<'_, C, T> {
    type Output = ();
    const WIDEST: bool = false;
    #[inline(always)]
    fn run<L: Level>(self) {
        let Pull { g, rows: [x, target, weight, yes], to, .. } = self;
        let n = to.len();
        let (g, x, target, weight, yes) = (&g[..n], &x[..n], &target[..n], &weight[..n], &yes[..n]);
        for i in 0..n {
            to[i] = g[i] * weight[i] * C::slope::<T, L>(x[i], target[i], yes[i]);
        }
    }
}
