//! What any schedule can do, whether its step takes a measure or not: be saved, and loaded.

use super::{LrScheduler, ReduceLROnPlateau};
use crate::value::Dict;

/// A schedule as whoever keeps it in a file sees it.
///
/// ```
/// use optim::{SGD, lr_scheduler::{LrScheduler, ReduceLROnPlateau, ScheduleState, StepLR}};
/// let sgd = SGD::new([tensor::ones([1])], 1.0);
/// let (step, plateau) = (StepLR::new(&sgd, 2), ReduceLROnPlateau::new(&sgd));
/// let all: [&dyn ScheduleState; 2] = [&step, &plateau];
/// assert!(all.iter().all(|schedule| schedule.saved().number("last_epoch") == Some(0.0)));
/// ```
pub trait ScheduleState {
    /// All that the schedule remembers: its `state_dict`.
    fn saved(&self) -> Dict;

    /// Takes over what another schedule of the same kind remembered: its `load_state_dict`.
    fn restore(&self, state: &Dict);
}

impl<S: LrScheduler> ScheduleState for S {
    fn saved(&self) -> Dict {
        self.state_dict()
    }

    fn restore(&self, state: &Dict) {
        self.load_state_dict(state);
    }
}

impl ScheduleState for ReduceLROnPlateau {
    fn saved(&self) -> Dict {
        self.state_dict()
    }

    fn restore(&self, state: &Dict) {
        self.load_state_dict(state);
    }
}
