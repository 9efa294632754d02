//! The rules of optimizers, one element at a time: where the parameter and the optimizer's memory stand after a step. The order of
//! operations is that of PyTorch's implementation for single tensors. They know neither loops nor threads.

use super::{OPERANDS, Step};
use crate::isa::Level;
use crate::math::Float;
use crate::number::Number;

/// What all rules do to a gradient before they use it.
#[derive(Clone, Copy)]
pub(super) struct Intake<T> {
    /// −1 to climb.
    pub sign: T,
    /// What of the parameter is added.
    pub decay: Option<T>,
    /// What stays of the parameter, where decay is decoupled.
    pub keep: Option<T>,
}

impl<T: Number> Intake<T> {
    /// The parameter and the gradient to go on with.
    #[inline(always)]
    fn take(self, p: T, g: T) -> (T, T) {
        let p = self.keep.map_or(p, |keep| p.times(keep));
        let g = g.times(self.sign);
        (p, self.decay.map_or(g, |decay| g.plus(p.times(decay))))
    }
}

/// A running mean: what stays of it, and what enters, 1 − `stays`.
#[derive(Clone, Copy)]
pub(super) struct Mean<T> {
    pub stays: T,
    pub enters: T,
    /// Whether more enters than stays; rounding errors are then smaller from the other end.
    pub far: bool,
}

impl<T: Number> Mean<T> {
    /// The mean with `x` in it, as `lerp_` computes it.
    #[inline(always)]
    fn of(self, mean: T, x: T) -> T {
        let way = x.minus(mean);
        if self.far { x.minus(way.times(self.stays)) } else { mean.plus(way.times(self.enters)) }
    }

    /// The mean of squares with that of `x` in it, as `mul_` and `addcmul_` compute it.
    #[inline(always)]
    fn of_squares(self, mean: T, x: T) -> T {
        mean.times(self.stays).plus(self.enters.times(x).times(x))
    }
}

/// Gradient descent; `M`: with a buffer of momentum.
#[derive(Clone, Copy)]
pub(super) struct Descent<T, const M: bool> {
    pub intake: Intake<T>,
    pub rate: T,
    pub momentum: T,
    pub enters: T,
    pub nesterov: bool,
    pub first: bool,
}

impl<T: Number, const M: bool> Step<T> for Descent<T, M> {
    const OPERANDS: usize = 2 + M as usize;
    #[inline(always)]
    fn step<L: Level>(self, [p, g, buffer, u, v]: [T; OPERANDS]) -> [T; OPERANDS] {
        let (p, g) = self.intake.take(p, g);
        let mut along = g;
        let mut after = buffer;
        if M {
            after = if self.first { g } else { buffer.times(self.momentum).plus(g.times(self.enters)) };
            along = if self.nesterov { g.plus(after.times(self.momentum)) } else { after };
        }
        [p.minus(along.times(self.rate)), g, after, u, v]
    }
}

/// Adam; `M`: with the largest mean of squares so far.
#[derive(Clone, Copy)]
pub(super) struct Moments<T, const M: bool> {
    pub intake: Intake<T>,
    pub first: Mean<T>,
    pub second: Mean<T>,
    /// The rate over the first correction.
    pub rate: T,
    /// The square root of the second correction.
    pub root: T,
    pub eps: T,
}

impl<T: Float + Number, const M: bool> Step<T> for Moments<T, M> {
    const OPERANDS: usize = 4 + M as usize;
    #[inline(always)]
    fn step<L: Level>(self, [p, g, mean, square, largest]: [T; OPERANDS]) -> [T; OPERANDS] {
        let (p, g) = self.intake.take(p, g);
        let mean = self.first.of(mean, g);
        let square = self.second.of_squares(square, g);
        let largest = if M { largest.larger(square) } else { largest };
        let root = Float::sqrt::<L>(if M { largest } else { square });
        let p = p.minus(self.rate.times(mean).over(root.over(self.root).plus(self.eps)));
        [p, g, mean, square, largest]
    }
}

/// Adamax.
#[derive(Clone, Copy)]
pub(super) struct Largest<T> {
    pub intake: Intake<T>,
    pub first: Mean<T>,
    /// What stays of the largest gradient.
    pub stays: T,
    /// The rate over the correction.
    pub rate: T,
    pub eps: T,
}

impl<T: Float + Number> Step<T> for Largest<T> {
    const OPERANDS: usize = 4;
    #[inline(always)]
    fn step<L: Level>(self, [p, g, mean, largest, v]: [T; OPERANDS]) -> [T; OPERANDS] {
        let (p, g) = self.intake.take(p, g);
        let mean = self.first.of(mean, g);
        let size = g.larger(T::ZERO.minus(g)).plus(self.eps);
        let largest = largest.times(self.stays).larger(size);
        [p.minus(self.rate.times(mean).over(largest)), g, mean, largest, v]
    }
}

/// NAdam.
#[derive(Clone, Copy)]
pub(super) struct Ahead<T> {
    pub intake: Intake<T>,
    pub first: Mean<T>,
    pub second: Mean<T>,
    /// How far to go along the gradient, and how far along the mean.
    pub rates: [T; 2],
    /// The second correction.
    pub correction: T,
    pub eps: T,
}

impl<T: Float + Number> Step<T> for Ahead<T> {
    const OPERANDS: usize = 4;
    #[inline(always)]
    fn step<L: Level>(self, [p, g, mean, square, v]: [T; OPERANDS]) -> [T; OPERANDS] {
        let (p, g) = self.intake.take(p, g);
        let mean = self.first.of(mean, g);
        let square = self.second.of_squares(square, g);
        let root = Float::sqrt::<L>(square.over(self.correction)).plus(self.eps);
        let p = p.minus(self.rates[0].times(g).over(root)).minus(self.rates[1].times(mean).over(root));
        [p, g, mean, square, v]
    }
}

/// RAdam.
#[derive(Clone, Copy)]
pub(super) struct Rectified<T> {
    pub intake: Intake<T>,
    pub first: Mean<T>,
    pub second: Mean<T>,
    pub rate: T,
    /// The first correction.
    pub correction: T,
    /// The root of the second correction, and the rectification, where the rate is adaptive.
    pub adaptive: Option<[T; 2]>,
    pub eps: T,
}

impl<T: Float + Number> Step<T> for Rectified<T> {
    const OPERANDS: usize = 4;
    #[inline(always)]
    fn step<L: Level>(self, [p, g, mean, square, v]: [T; OPERANDS]) -> [T; OPERANDS] {
        let (p, g) = self.intake.take(p, g);
        let mean = self.first.of(mean, g);
        let square = self.second.of_squares(square, g);
        let mut along = mean.over(self.correction).times(self.rate);
        if let Some([root, rectification]) = self.adaptive {
            let adapted = root.over(Float::sqrt::<L>(square).plus(self.eps));
            along = along.times(adapted).times(rectification);
        }
        [p.minus(along), g, mean, square, v]
    }
}

/// RMSprop; `M`: with a buffer of momentum, `C`: centered.
#[derive(Clone, Copy)]
pub(super) struct RootMeanSquare<T, const M: bool, const C: bool> {
    pub intake: Intake<T>,
    pub mean: Mean<T>,
    pub rate: T,
    pub momentum: T,
    pub eps: T,
}

impl<T: Float + Number, const M: bool, const C: bool> Step<T> for RootMeanSquare<T, M, C> {
    const OPERANDS: usize = 3 + M as usize + C as usize;
    #[inline(always)]
    fn step<L: Level>(self, [p, g, square, u, v]: [T; OPERANDS]) -> [T; OPERANDS] {
        let (p, g) = self.intake.take(p, g);
        let (mut buffer, mut mean) = if M { (u, v) } else { (v, u) };
        let square = self.mean.of_squares(square, g);
        let mut under = square;
        if C {
            mean = self.mean.of(mean, g);
            under = square.minus(mean.times(mean));
        }
        let root = Float::sqrt::<L>(under).plus(self.eps);
        let p = if M {
            buffer = buffer.times(self.momentum).plus(g.over(root));
            p.minus(buffer.times(self.rate))
        } else {
            p.minus(self.rate.times(g).over(root))
        };
        let (u, v) = if M { (buffer, mean) } else { (mean, buffer) };
        [p, g, square, u, v]
    }
}

/// Adagrad.
#[derive(Clone, Copy)]
pub(super) struct SumOfSquares<T> {
    pub intake: Intake<T>,
    pub rate: T,
    pub eps: T,
}

impl<T: Float + Number> Step<T> for SumOfSquares<T> {
    const OPERANDS: usize = 3;
    #[inline(always)]
    fn step<L: Level>(self, [p, g, sum, u, v]: [T; OPERANDS]) -> [T; OPERANDS] {
        let (p, g) = self.intake.take(p, g);
        let sum = sum.plus(g.times(g));
        let root = Float::sqrt::<L>(sum).plus(self.eps);
        [p.minus(self.rate.times(g).over(root)), g, sum, u, v]
    }
}

/// Adadelta.
#[derive(Clone, Copy)]
pub(super) struct LatestSteps<T> {
    pub intake: Intake<T>,
    pub mean: Mean<T>,
    pub rate: T,
    pub eps: T,
}

impl<T: Float + Number> Step<T> for LatestSteps<T> {
    const OPERANDS: usize = 4;
    #[inline(always)]
    fn step<L: Level>(self, [p, g, square, deltas, v]: [T; OPERANDS]) -> [T; OPERANDS] {
        let (p, g) = self.intake.take(p, g);
        let square = self.mean.of_squares(square, g);
        let root = |x: T| Float::sqrt::<L>(x.plus(self.eps));
        let delta = root(deltas).over(root(square)).times(g);
        let deltas = self.mean.of_squares(deltas, delta);
        [p.minus(delta.times(self.rate)), g, square, deltas, v]
    }
}
