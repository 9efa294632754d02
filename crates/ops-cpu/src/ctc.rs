//! Connectionist temporal classification: sums over all ways to stretch labels, forwards and backwards through the steps, in
//! logarithms and in double precision. A thread takes a sample at a time.
//!
//! A. Graves et al., "Connectionist temporal classification" (ICML 2006), equations 6 to 16; as PyTorch's `LossCTC.cpp`.

use crate::dense::{self, Dense, Places};
use crate::memory::{Read, Write};
use crate::team;
use tensor_core::op::Ctc;
use tensor_core::{DType, Result};

const NEVER: f64 = f64::NEG_INFINITY;

/// Computes losses, or the gradient of the log probabilities.
pub fn run(op: Ctc, inputs: &[Read<'_>], out: &Write<'_>) -> Result<()> {
    let (blank, zero_infinity, first) = match op {
        Ctc::Loss { blank, zero_infinity } => (blank as usize, zero_infinity, 0),
        Ctc::Gradient { blank, zero_infinity } => (blank as usize, zero_infinity, 1),
    };
    let &[steps, count, classes] = &inputs[first].layout.shape()[..] else { unreachable!("checked by the method") };
    let x: Dense<f64> = Dense::new(&inputs[first], DType::F64);
    let [labels, of_input, of_target]: [Dense<i64>; 3] =
        std::array::from_fn(|i| Dense::new(&inputs[first + 1 + i], DType::I64));
    let lengths = of_target.all();
    let row = |n: usize| match inputs[first + 1].layout.shape()[..] {
        [_, width] => n * width,
        _ => lengths[..n].iter().sum::<i64>() as usize,
    };
    let starts: Vec<usize> = (0..count).map(row).collect();
    let sample = |n: usize| Sample {
        x: x.all(),
        n,
        count,
        classes,
        blank,
        steps: of_input.all()[n] as usize,
        labels: &labels.all()[starts[n]..starts[n] + lengths[n] as usize],
    };
    match op {
        Ctc::Loss { .. } => dense::write::<f64>(out, DType::F64, |places| {
            team::parallel(count, &|n| {
                let sample = sample(n);
                // SAFETY: one sample's loss, which is this thread's alone.
                unsafe { places.part(n, 1)[0] = -sample.total(&sample.forwards()) };
            });
        }),
        Ctc::Gradient { .. } => {
            let g: Dense<f64> = Dense::new(&inputs[0], DType::F64);
            dense::write::<f64>(out, DType::F64, |places| {
                team::parallel(count, &|n| sample(n).gradient(g.all()[n], steps, zero_infinity, places));
            });
        }
    }
    Ok(())
}

/// ln(e^a + e^b + e^c).
fn sum(a: f64, b: f64, c: f64) -> f64 {
    let most = a.max(b).max(c);
    if most == NEVER { NEVER } else { most + ((a - most).exp() + (b - most).exp() + (c - most).exp()).ln() }
}

/// One sample: its log probabilities among all others', its labels with a blank before, between and after them.
struct Sample<'a> {
    x: &'a [f64],
    n: usize,
    count: usize,
    classes: usize,
    blank: usize,
    steps: usize,
    labels: &'a [i64],
}

impl Sample<'_> {
    /// Places in the sequence with its blanks.
    fn places(&self) -> usize {
        2 * self.labels.len() + 1
    }

    /// The class at a place.
    fn class(&self, place: usize) -> usize {
        if place.is_multiple_of(2) { self.blank } else { self.labels[place / 2] as usize }
    }

    /// Whether a place may be reached from two before it, without the blank between.
    fn skips(&self, place: usize) -> bool {
        place % 2 == 1 && place >= 2 && self.class(place) != self.class(place - 2)
    }

    /// The log probabilities of a step.
    fn step(&self, t: usize) -> &[f64] {
        &self.x[(t * self.count + self.n) * self.classes..][..self.classes]
    }

    /// For each step and place, ln of the probability of all ways that lead there.
    fn forwards(&self) -> Vec<f64> {
        let width = self.places();
        let mut alpha = vec![NEVER; self.steps * width];
        for t in 0..self.steps {
            let x = self.step(t);
            let (done, rest) = alpha.split_at_mut(t * width);
            let before = done.len().checked_sub(width).map(|start| &done[start..]);
            for place in 0..width {
                let ways = match before {
                    None if place < 2 => 0.0,
                    None => NEVER,
                    Some(before) => {
                        let from = |back: usize| place.checked_sub(back).map_or(NEVER, |place| before[place]);
                        sum(from(0), from(1), if self.skips(place) { from(2) } else { NEVER })
                    }
                };
                rest[place] = ways + x[self.class(place)];
            }
        }
        alpha
    }

    /// As `forwards`, from the end.
    fn backwards(&self) -> Vec<f64> {
        let width = self.places();
        let mut beta = vec![NEVER; self.steps * width];
        for t in (0..self.steps).rev() {
            let x = self.step(t);
            let (head, done) = beta.split_at_mut((t + 1) * width);
            let now = &mut head[t * width..];
            for place in 0..width {
                let ways = if done.is_empty() {
                    if place + 2 >= width { 0.0 } else { NEVER }
                } else {
                    let to = |ahead: usize| if place + ahead < width { done[place + ahead] } else { NEVER };
                    let skips = place + 2 < width && self.skips(place + 2);
                    sum(to(0), to(1), if skips { to(2) } else { NEVER })
                };
                now[place] = ways + x[self.class(place)];
            }
        }
        beta
    }

    /// ln of the probability of the labels.
    fn total(&self, alpha: &[f64]) -> f64 {
        if self.steps == 0 {
            return if self.labels.is_empty() { 0.0 } else { NEVER };
        }
        let last = &alpha[(self.steps - 1) * self.places()..];
        let before = last.len().checked_sub(2).map_or(NEVER, |place| last[place]);
        sum(last[last.len() - 1], before, NEVER)
    }

    /// (e^x − the probability of a class at a step, given the labels) · g. The first term makes the sum over classes zero, as
    /// PyTorch has it; behind a `log_softmax` it changes nothing.
    fn gradient(&self, g: f64, all: usize, zero_infinity: bool, places: Places<f64>) {
        let alpha = self.forwards();
        let total = self.total(&alpha);
        let beta = self.backwards();
        let width = self.places();
        let mut ways = vec![NEVER; self.classes];
        for t in 0..all {
            // SAFETY: one step of one sample, which is this thread's alone.
            let to = unsafe { places.part((t * self.count + self.n) * self.classes, self.classes) };
            if t >= self.steps || (zero_infinity && total == NEVER) {
                to.fill(0.0);
                continue;
            }
            ways.fill(NEVER);
            for place in 0..width {
                let way = &mut ways[self.class(place)];
                *way = sum(*way, alpha[t * width + place] + beta[t * width + place], NEVER);
            }
            // Both directions count the step's own probability.
            for ((to, x), way) in to.iter_mut().zip(self.step(t)).zip(&ways) {
                *to = (x.exp() - (way - total - x).exp()) * g;
            }
        }
    }
}
