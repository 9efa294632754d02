//! Means of numbers that come one by one, as losses do. They know nothing of what they measure.

use std::collections::VecDeque;

/// The mean of all numbers so far, each with a weight.
///
/// ```
/// use data::metrics::Mean;
/// let mut loss = Mean::new();
/// loss.update(2.0, 64);
/// loss.update(5.0, 32);
/// assert_eq!(loss.value(), 3.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    /// No numbers yet.
    pub fn new() -> Mean {
        Mean::default()
    }

    /// Adds the mean of `count` numbers.
    pub fn update(&mut self, mean: f64, count: usize) {
        self.sum += mean * count as f64;
        self.weight += count as f64;
    }

    /// The mean; NaN of no numbers.
    pub fn value(&self) -> f64 {
        self.sum / self.weight
    }

    /// How many numbers there were.
    pub fn count(&self) -> usize {
        self.weight as usize
    }

    /// Forgets all numbers.
    pub fn reset(&mut self) {
        *self = Mean::default();
    }
}

/// The mean of the last numbers.
///
/// ```
/// use data::metrics::RunningMean;
/// let mut loss = RunningMean::new(2);
/// [8.0, 1.0, 3.0].into_iter().for_each(|x| loss.update(x));
/// assert_eq!(loss.value(), 2.0);
/// ```
#[derive(Clone, Debug)]
pub struct RunningMean {
    window: usize,
    last: VecDeque<f64>,
}

impl RunningMean {
    /// Of the last `window` numbers.
    ///
    /// # Panics
    /// If that is none.
    #[track_caller]
    pub fn new(window: usize) -> RunningMean {
        assert!(window > 0, "a running mean is of at least one number");
        RunningMean { window, last: VecDeque::with_capacity(window) }
    }

    /// Adds a number.
    pub fn update(&mut self, number: f64) {
        if self.last.len() == self.window {
            self.last.pop_front();
        }
        self.last.push_back(number);
    }

    /// The mean; NaN of no numbers.
    pub fn value(&self) -> f64 {
        self.last.iter().sum::<f64>() / self.last.len() as f64
    }
}
