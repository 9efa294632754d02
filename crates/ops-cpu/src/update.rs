//! Optimizer steps: a parameter, its gradient and the optimizer's memory pass through the caches once. Half types compute in
//! `f32`, block by block.

use crate::cast::cast;
use crate::isa::{Kernel, Level, dispatch};
use crate::math::Float;
use crate::memory::{Read, Write};
use crate::nest::{Nest, Row};
use crate::number::{Number, compute_dtype};
use crate::team;
use std::mem::MaybeUninit;
use storage::Scalar;
use tensor_core::op::update::{Adam, Sgd, Update};
use tensor_core::{DType, Result};

/// Elements that pass through the buffers at a time.
const BLOCK: usize = 512;

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 16 * 1024;

/// A parameter, its gradient and three tensors of memory, the most that a step has.
const OPERANDS: usize = 5;

/// One step at one type: `x` is the parameter, its gradient, and the memory.
trait Step<T>: Copy + Sync {
    /// How many operands there are; those beyond are not touched.
    const OPERANDS: usize;
    /// The numbers after the step; the gradient's place is ignored.
    fn step<L: Level>(self, x: [T; OPERANDS]) -> [T; OPERANDS];
}

/// Gradient descent; `M`: with a buffer of momentum.
#[derive(Clone, Copy)]
struct Descent<T, const M: bool> {
    rate: T,
    momentum: T,
    intake: T,
    decay: Option<T>,
    sign: T,
    nesterov: bool,
    first: bool,
}

impl<T: Number, const M: bool> Step<T> for Descent<T, M> {
    const OPERANDS: usize = 2 + M as usize;
    #[inline(always)]
    fn step<L: Level>(self, [p, g, buffer, u, v]: [T; OPERANDS]) -> [T; OPERANDS] {
        let mut g = g.times(self.sign);
        if let Some(decay) = self.decay {
            g = g.plus(p.times(decay));
        }
        let mut along = g;
        let mut after = buffer;
        if M {
            after = if self.first { g } else { buffer.times(self.momentum).plus(g.times(self.intake)) };
            along = if self.nesterov { g.plus(after.times(self.momentum)) } else { after };
        }
        [p.minus(along.times(self.rate)), g, after, u, v]
    }
}

/// Adam; `M`: with the largest mean of squares so far.
#[derive(Clone, Copy)]
struct Moments<T, const M: bool> {
    /// The rate over the first correction.
    rate: T,
    /// 1 − β₁, β₂ and 1 − β₂.
    weights: [T; 3],
    /// The square root of the second correction.
    root: T,
    eps: T,
    /// What stays of the parameter, where decay is decoupled.
    keep: Option<T>,
    decay: Option<T>,
    sign: T,
}

impl<T: Float + Number, const M: bool> Step<T> for Moments<T, M> {
    const OPERANDS: usize = 4 + M as usize;
    #[inline(always)]
    fn step<L: Level>(self, [p, g, mean, square, largest]: [T; OPERANDS]) -> [T; OPERANDS] {
        let (mut p, mut g) = (p, g.times(self.sign));
        if let Some(keep) = self.keep {
            p = p.times(keep);
        }
        if let Some(decay) = self.decay {
            g = g.plus(p.times(decay));
        }
        let [intake, stays, enters] = self.weights;
        let mean = mean.plus(g.minus(mean).times(intake));
        let square = square.times(stays).plus(g.times(g).times(enters));
        let largest = if M { largest.larger(square) } else { largest };
        let root = Float::sqrt::<L>(if M { largest } else { square });
        let p = p.minus(self.rate.times(mean).over(root.over(self.root).plus(self.eps)));
        [p, g, mean, square, largest]
    }
}

/// A step over `n` neighbours.
struct Pass<S, T> {
    step: S,
    x: [*mut T; OPERANDS],
    n: usize,
}

impl<T: Number, S: Step<T>> Kernel for Pass<S, T> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Pass { step, x, n } = self;
        for i in 0..n {
            // SAFETY: the operands that the step has are valid for `n` elements and lie apart; of the others nothing is read.
            let load = |k: usize| if k < S::OPERANDS { unsafe { x[k].add(i).read() } } else { T::ZERO };
            let after = step.step::<L>([load(0), load(1), load(2), load(3), load(4)]);
            for k in 0..S::OPERANDS {
                if k != 1 {
                    // SAFETY: as above; all but the gradient may be written.
                    unsafe { x[k].add(i).write(after[k]) };
                }
            }
        }
    }
}

/// Takes the step at every element: straight through where rows are contiguous and of type `T`, else through buffers.
fn every<T: Number, S: Step<T>>(step: S, compute: DType, gradient: Read<'_>, outputs: &[Write<'_>]) {
    let parameter = &outputs[0];
    // Operand `k` of the step; what the step does not have stands for the parameter and is left alone.
    let layout = |k: usize| match k {
        1 => gradient.layout,
        0 => parameter.layout,
        k => outputs.get(k - 1).unwrap_or(parameter).layout,
    };
    let nest = Nest::<OPERANDS>::new(std::array::from_fn(layout));
    let at = |k: usize, position: usize| match k {
        1 => gradient.at(position).cast_mut(),
        0 => parameter.at(position),
        k => outputs.get(k - 1).unwrap_or(parameter).at(position),
    };
    let dtype = parameter.dtype;
    let row = |row: Row<OPERANDS>| {
        if dtype == compute && (row.len == 1 || row.strides == [1; OPERANDS]) {
            let x = std::array::from_fn(|k| at(k, row.at[k]).cast::<T>());
            dispatch(Pass { step, x, n: row.len });
            return;
        }
        let mut buffers = [[const { MaybeUninit::<T>::uninit() }; BLOCK]; OPERANDS];
        for start in (0..row.len).step_by(BLOCK) {
            let n = BLOCK.min(row.len - start);
            let place = |k: usize| at(k, row.at[k] + start * row.strides[k]);
            for (k, buffer) in buffers.iter_mut().enumerate().take(S::OPERANDS) {
                // SAFETY: `n` elements of the row into a buffer that has room for them.
                unsafe { cast(dtype, compute)(place(k), row.strides[k], buffer.as_mut_ptr().cast(), 1, n) };
            }
            let x = std::array::from_fn(|k| buffers[k].as_mut_ptr().cast::<T>());
            dispatch(Pass { step, x, n });
            for (k, buffer) in buffers.iter().enumerate().take(S::OPERANDS).filter(|(k, _)| *k != 1) {
                // SAFETY: `n` elements of a buffer back to where they came from.
                unsafe { cast(compute, dtype)(buffer.as_ptr().cast(), 1, place(k), row.strides[k], n) };
            }
        }
    };
    team::split(nest.numel(), GRAIN, |range| nest.rows(range, row));
}

/// At one type.
fn typed<T: Float + Number>(update: Update, compute: DType, gradient: Read<'_>, outputs: &[Write<'_>]) {
    let number = |x: f64| T::from_scalar(Scalar::Float(x));
    let some = |x: f64| (x != 0.0).then(|| number(x));
    let sign = |maximize: bool| number(if maximize { -1.0 } else { 1.0 });
    match update {
        Update::Sgd(Sgd { lr, momentum, dampening, weight_decay, nesterov, maximize, first }) => {
            macro_rules! descent {
                ($memory:literal) => {
                    Descent::<T, $memory> {
                        rate: number(lr),
                        momentum: number(momentum),
                        intake: number(1.0 - dampening),
                        decay: some(weight_decay),
                        sign: sign(maximize),
                        nesterov,
                        first,
                    }
                };
            }
            match outputs.len() {
                1 => every(descent!(false), compute, gradient, outputs),
                _ => every(descent!(true), compute, gradient, outputs),
            }
        }
        Update::Adam(Adam { lr, betas: (first, second), eps, weight_decay, decoupled, maximize, step }) => {
            let correction = |beta: f64| 1.0 - beta.powf(step as f64);
            macro_rules! moments {
                ($largest:literal) => {
                    Moments::<T, $largest> {
                        rate: number(lr / correction(first)),
                        weights: [number(1.0 - first), number(second), number(1.0 - second)],
                        root: number(correction(second).sqrt()),
                        eps: number(eps),
                        keep: decoupled.then(|| number(1.0 - lr * weight_decay)),
                        decay: some(if decoupled { 0.0 } else { weight_decay }),
                        sign: sign(maximize),
                    }
                };
            }
            match outputs.len() {
                3 => every(moments!(false), compute, gradient, outputs),
                _ => every(moments!(true), compute, gradient, outputs),
            }
        }
    }
}

/// Moves the parameter and the memory, `outputs`, by one step.
pub fn run(update: Update, gradient: Read<'_>, outputs: &[Write<'_>]) -> Result<()> {
    match compute_dtype(outputs[0].dtype) {
        DType::F64 => typed::<f64>(update, DType::F64, gradient, outputs),
        compute => typed::<f32>(update, compute, gradient, outputs),
    }
    Ok(())
}
