//! Optimizer steps: a parameter, its gradient and the optimizer's memory pass through the caches once. Half types compute in
//! `f32`, block by block.

mod rules;

use self::rules::{
    Ahead, Descent, Intake, Largest, LatestSteps, Mean, Moments, Rectified, RootMeanSquare, SumOfSquares,
};
use crate::cast::cast;
use crate::isa::{Kernel, Level, dispatch};
use crate::math::Float;
use crate::memory::{Read, Write};
use crate::nest::{Nest, Row};
use crate::number::{Number, compute_dtype};
use crate::team;
use std::mem::MaybeUninit;
use storage::Scalar;
use tensor_core::op::update::{Adadelta, Adagrad, Adam, Adamax, RmsProp, Sgd, Update, correction};
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
    let intake = |maximize: bool, decay: f64, decoupled: Option<f64>| Intake {
        sign: number(if maximize { -1.0 } else { 1.0 }),
        decay: (decay != 0.0 && decoupled.is_none()).then(|| number(decay)),
        keep: decoupled.filter(|_| decay != 0.0).map(|lr| number(1.0 - lr * decay)),
    };
    let mean = |stays: f64| Mean { stays: number(stays), enters: number(1.0 - stays), far: 1.0 - stays >= 0.5 };
    macro_rules! walk {
        ($step:expr) => {
            every::<T, _>($step, compute, gradient, outputs)
        };
    }
    match update {
        Update::Sgd(Sgd { lr, momentum, dampening, weight_decay, nesterov, maximize, first }) => {
            macro_rules! descent {
                ($memory:literal) => {
                    walk!(Descent::<T, $memory> {
                        intake: intake(maximize, weight_decay, None),
                        rate: number(lr),
                        momentum: number(momentum),
                        enters: number(1.0 - dampening),
                        nesterov,
                        first,
                    })
                };
            }
            if outputs.len() == 1 { descent!(false) } else { descent!(true) }
        }
        Update::Adam(Adam { lr, betas, eps, weight_decay, decoupled, maximize, step }) => {
            macro_rules! moments {
                ($largest:literal) => {
                    walk!(Moments::<T, $largest> {
                        intake: intake(maximize, weight_decay, decoupled.then_some(lr)),
                        first: mean(betas.0),
                        second: mean(betas.1),
                        rate: number(lr / correction(betas.0, step)),
                        root: number(correction(betas.1, step).sqrt()),
                        eps: number(eps),
                    })
                };
            }
            if outputs.len() == 3 { moments!(false) } else { moments!(true) }
        }
        Update::Adamax(Adamax { lr, betas, eps, weight_decay, maximize, step }) => walk!(Largest {
            intake: intake(maximize, weight_decay, None),
            first: mean(betas.0),
            stays: number(betas.1),
            rate: number(lr / correction(betas.0, step)),
            eps: number(eps),
        }),
        Update::NAdam(rule) => walk!(Ahead {
            intake: intake(rule.maximize, rule.weight_decay, rule.decoupled.then_some(rule.lr)),
            first: mean(rule.betas.0),
            second: mean(rule.betas.1),
            rates: [number(rule.rates().0), number(rule.rates().1)],
            correction: number(correction(rule.betas.1, rule.step)),
            eps: number(rule.eps),
        }),
        Update::RAdam(rule) => {
            let root = number(correction(rule.betas.1, rule.step).sqrt());
            walk!(Rectified {
                intake: intake(rule.maximize, rule.weight_decay, rule.decoupled.then_some(rule.lr)),
                first: mean(rule.betas.0),
                second: mean(rule.betas.1),
                rate: number(rule.lr),
                correction: number(correction(rule.betas.0, rule.step)),
                adaptive: rule.rectification().map(|rectification| [root, number(rectification)]),
                eps: number(rule.eps),
            })
        }
        Update::RmsProp(RmsProp { lr, alpha, eps, weight_decay, momentum, centered, maximize }) => {
            macro_rules! root_mean_square {
                ($momentum:literal, $centered:literal) => {
                    walk!(RootMeanSquare::<T, $momentum, $centered> {
                        intake: intake(maximize, weight_decay, None),
                        mean: mean(alpha),
                        rate: number(lr),
                        momentum: number(momentum),
                        eps: number(eps),
                    })
                };
            }
            match (momentum > 0.0, centered) {
                (false, false) => root_mean_square!(false, false),
                (false, true) => root_mean_square!(false, true),
                (true, false) => root_mean_square!(true, false),
                (true, true) => root_mean_square!(true, true),
            }
        }
        Update::Adagrad(rule) => {
            let Adagrad { eps, weight_decay, maximize, .. } = rule;
            let intake = intake(maximize, weight_decay, None);
            walk!(SumOfSquares { intake, rate: number(rule.rate()), eps: number(eps) })
        }
        Update::Adadelta(Adadelta { lr, rho, eps, weight_decay, maximize }) => walk!(LatestSteps {
            intake: intake(maximize, weight_decay, None),
            mean: mean(rho),
            rate: number(lr),
            eps: number(eps),
        }),
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
