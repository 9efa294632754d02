//! The end of a training that no longer improves, and the best weights that were seen. It does not measure.

use nn::{Module, StateDict};

/// Which values are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Smaller ones, as of losses.
    Min,
    /// Larger ones, as of accuracies.
    Max,
}

tensor::settings! {
    /// What [`EarlyStopping`] takes beside its patience.
    pub struct EarlyStoppingOptions {
        /// By how much a value must be better than the best to count as better.
        min_delta: f64 = 0.0,
        /// Which values are better.
        mode: Mode = Mode::Min,
    }
}

/// Watches a value, as the loss on validation data after each epoch: once it has not become better `patience` times in a row, the
/// training should stop. The weights of the best time are kept.
///
/// ```
/// use nn::Linear;
/// use train::EarlyStopping;
/// let net = Linear::new(2, 1);
/// let mut stopping = EarlyStopping::new(2);
/// for loss in [0.5, 0.4, 0.45, 0.41, 0.3] {
///     if stopping.step(loss, &net) {
///         break;
///     }
/// }
/// assert_eq!((stopping.best(), stopping.best_step()), (Some(0.4), Some(1)));
/// stopping.restore(&net);
/// ```
#[derive(Clone, Debug)]
pub struct EarlyStopping {
    patience: usize,
    options: EarlyStoppingOptions,
    steps: usize,
    best: Option<Best>,
}

#[derive(Clone, Debug)]
struct Best {
    value: f64,
    step: usize,
    weights: StateDict,
}

impl EarlyStopping {
    /// For values that shall become small.
    pub fn new(patience: usize) -> EarlyStopping {
        EarlyStopping::with(patience, |options| options)
    }

    /// With settings: `EarlyStopping::with(5, |stopping| stopping.mode(Mode::Max).min_delta(0.001))`.
    pub fn with(patience: usize, set: impl FnOnce(EarlyStoppingOptions) -> EarlyStoppingOptions) -> EarlyStopping {
        EarlyStopping { patience, options: set(EarlyStoppingOptions::default()), steps: 0, best: None }
    }

    /// Takes the next value, and copies the weights of `model` if it is the best; whether the training should stop. What is
    /// not a number is never better.
    #[must_use = "it says whether to stop"]
    pub fn step(&mut self, value: f64, model: &dyn Module) -> bool {
        let step = self.steps;
        self.steps += 1;
        if self.improves(value) {
            self.best = Some(Best { value, step, weights: model.state_dict().copied() });
        }
        self.waited() >= self.patience.max(1)
    }

    fn improves(&self, value: f64) -> bool {
        let Some(best) = &self.best else { return !value.is_nan() };
        match self.options.mode {
            Mode::Min => value < best.value - self.options.min_delta,
            Mode::Max => value > best.value + self.options.min_delta,
        }
    }

    /// How many values have come since the best.
    pub fn waited(&self) -> usize {
        self.steps - self.best.as_ref().map_or(0, |best| best.step + 1)
    }

    /// The best value.
    pub fn best(&self) -> Option<f64> {
        self.best.as_ref().map(|best| best.value)
    }

    /// At which step the best value came, counted from 0.
    pub fn best_step(&self) -> Option<usize> {
        self.best.as_ref().map(|best| best.step)
    }

    /// The weights of the best step.
    pub fn best_weights(&self) -> Option<&StateDict> {
        self.best.as_ref().map(|best| &best.weights)
    }

    /// Copies the weights of the best step back into `model`. It panics if there was no step, or if the model is another.
    #[track_caller]
    pub fn restore(&self, model: &dyn Module) {
        let Some(best) = &self.best else { panic!("there are no best weights before the first step") };
        if let Err(error) = model.load_state_dict(&best.weights) {
            panic!("{error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nn::Linear;

    /// At which value it stops.
    fn stops(mut stopping: EarlyStopping, values: &[f64]) -> Option<usize> {
        let net = Linear::new(1, 1);
        values.iter().position(|value| stopping.step(*value, &net))
    }

    #[test]
    fn patience_counts_values_since_the_best() {
        assert_eq!(stops(EarlyStopping::new(2), &[3.0, 2.0, 2.5, 1.0, 1.0, 1.5, 0.0]), Some(5));
        assert_eq!(stops(EarlyStopping::new(3), &[1.0, 1.0, 1.0]), None);
        assert_eq!(stops(EarlyStopping::with(1, |s| s.mode(Mode::Max)), &[1.0, 2.0, 1.5]), Some(2));
        assert_eq!(stops(EarlyStopping::with(1, |s| s.min_delta(0.5)), &[3.0, 2.0, 1.6]), Some(2));
        assert_eq!(stops(EarlyStopping::new(2), &[f64::NAN, 1.0, f64::NAN, f64::NAN]), Some(3));
    }

    #[test]
    fn the_best_weights_come_back() {
        let net = Linear::new(2, 2);
        let first = net.weight.detach().clone_();
        let mut stopping = EarlyStopping::new(5);
        assert!(!stopping.step(1.0, &net));
        net.weight.detach().zero_();
        assert!(!stopping.step(2.0, &net));
        stopping.restore(&net);
        assert!(net.weight.equal(&first));
        assert_eq!((stopping.waited(), stopping.best_weights().map(StateDict::len)), (1, Some(2)));
    }

    #[test]
    #[should_panic(expected = "no best weights")]
    fn nothing_to_restore() {
        EarlyStopping::new(1).restore(&Linear::new(1, 1));
    }
}
