//! A rate that falls when a measure no longer gets better.

use crate::fields::{Field, Settings, fields};
use crate::groups::ParamGroups;
use crate::lr_scheduler::PerGroup;
use crate::optimizer::Optimizer;
use crate::value::{Dict, Value};
use std::sync::{Mutex, MutexGuard, PoisonError};

fields! {
    /// The settings of [`ReduceLROnPlateau`], with PyTorch's defaults.
    pub struct ReduceLROnPlateauSettings {
        /// `min` if lower is better, else `max`.
        mode(into String) = "min",
        /// What the rate is multiplied with.
        factor(f64) = 0.1,
        /// How many steps without improvement are tolerated.
        patience(i64) = 10,
        /// How much better is an improvement.
        threshold(f64) = 1e-4,
        /// Whether `threshold` is a part of the best (`rel`) or a difference (`abs`).
        threshold_mode(into String) = "rel",
        /// For how many steps after a fall to wait before counting again.
        cooldown(i64) = 0,
        /// The least rate.
        min_lr(into PerGroup) = 0.0,
        /// Rates that would fall by less than this stay.
        eps(f64) = 1e-8,
    }
}

#[derive(Debug)]
struct State {
    settings: ReduceLROnPlateauSettings,
    best: f64,
    bad_epochs: i64,
    cooldown: i64,
    last_epoch: i64,
    last_lr: Vec<f64>,
}

/// The rate times `factor` when a measure has not improved for `patience` epochs, as
/// `torch.optim.lr_scheduler.ReduceLROnPlateau`. It is no [`LrScheduler`](super::LrScheduler): its step takes the measure, so that it
/// cannot be chained with those whose step takes none.
///
/// ```
/// use optim::{SGD, lr_scheduler::ReduceLROnPlateau};
/// let optimizer = SGD::new([tensor::ones([1])], 1.0);
/// let scheduler = ReduceLROnPlateau::with(&optimizer, |o| o.patience(1).factor(0.5));
/// [3.0, 2.0, 2.0, 2.0].iter().for_each(|loss| scheduler.step(*loss));
/// assert_eq!(scheduler.get_last_lr(), [0.5]);
/// ```
#[derive(Debug)]
pub struct ReduceLROnPlateau {
    groups: ParamGroups,
    state: Mutex<State>,
}

impl State {
    fn is_better(&self, measure: f64) -> bool {
        let (best, threshold) = (self.best, self.settings.threshold);
        match (self.settings.mode.as_str(), self.settings.threshold_mode.as_str()) {
            ("min", "rel") => measure < best * (1.0 - threshold),
            ("min", _) => measure < best - threshold,
            (_, "rel") => measure > best * (threshold + 1.0),
            (_, _) => measure > best + threshold,
        }
    }
}

impl ReduceLROnPlateau {
    /// A schedule with PyTorch's defaults.
    #[track_caller]
    pub fn new(optimizer: &(impl Optimizer + ?Sized)) -> ReduceLROnPlateau {
        Self::with(optimizer, |settings| settings)
    }

    /// As [`new`](ReduceLROnPlateau::new), with further settings.
    ///
    /// # Panics
    /// If the factor is not below 1, or a mode has no meaning.
    #[track_caller]
    pub fn with(
        optimizer: &(impl Optimizer + ?Sized),
        settings: impl FnOnce(ReduceLROnPlateauSettings) -> ReduceLROnPlateauSettings,
    ) -> ReduceLROnPlateau {
        let (groups, settings) = (optimizer.param_groups(), settings(ReduceLROnPlateauSettings::default()));
        if !(settings.factor < 1.0) {
            panic!("Factor should be < 1.0.");
        }
        if let PerGroup::Each(least) = &settings.min_lr
            && least.len() != groups.len()
        {
            panic!("expected {} min_lrs, got {}", groups.len(), least.len());
        }
        if !["min", "max"].contains(&settings.mode.as_str()) {
            panic!("mode {} is unknown!", settings.mode);
        }
        if !["rel", "abs"].contains(&settings.threshold_mode.as_str()) {
            panic!("threshold mode {} is unknown!", settings.threshold_mode);
        }
        let best = if settings.mode == "min" { f64::INFINITY } else { f64::NEG_INFINITY };
        let last_lr = groups.numbers("lr");
        let state = State { settings, best, bad_epochs: 0, cooldown: 0, last_epoch: 0, last_lr };
        ReduceLROnPlateau { groups, state: Mutex::new(state) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on by one epoch, in which `measure` was reached.
    ///
    /// # Panics
    /// If groups were added to an optimizer for whose groups there is a least rate each.
    #[track_caller]
    pub fn step(&self, measure: f64) {
        let mut state = self.lock();
        state.last_epoch += 1;
        if state.is_better(measure) {
            (state.best, state.bad_epochs) = (measure, 0);
        } else {
            state.bad_epochs += 1;
        }
        if state.cooldown > 0 {
            state.cooldown -= 1;
            state.bad_epochs = 0;
        }
        if state.bad_epochs > state.settings.patience {
            let settings = &state.settings;
            if let PerGroup::Each(least) = &settings.min_lr
                && least.len() != self.groups.len()
            {
                panic!(
                    "The number of param groups in the `optimizer` ({}) differs from when `ReduceLROnPlateau` was initialized \
                     ({}), usually due to a new param group being added to the optimizer. Please modify the `min_lrs` field to \
                     match the length of the `optimizer` param groups.",
                    self.groups.len(),
                    least.len()
                );
            }
            for (i, group) in self.groups.iter().enumerate() {
                let old = group.lr();
                // Python's `max` keeps the first of two where they cannot be compared.
                let new = old * settings.factor;
                let new = if settings.min_lr.at(i) > new { settings.min_lr.at(i) } else { new };
                if old - new > settings.eps {
                    group.set_lr(new);
                }
            }
            state.cooldown = state.settings.cooldown;
            state.bad_epochs = 0;
        }
        state.last_lr = self.groups.numbers("lr");
    }

    /// The rates after the latest step, by group.
    pub fn get_last_lr(&self) -> Vec<f64> {
        self.lock().last_lr.clone()
    }

    /// How many steps there were.
    pub fn last_epoch(&self) -> i64 {
        self.lock().last_epoch
    }

    /// All that the schedule remembers, its settings included.
    pub fn state_dict(&self) -> Dict {
        let state = self.lock();
        let mut dict = Dict::new();
        state.settings.write(&mut dict);
        dict.set("best", state.best);
        dict.set("num_bad_epochs", state.bad_epochs);
        dict.set("cooldown_counter", state.cooldown);
        dict.set("last_epoch", state.last_epoch);
        dict.set("_last_lr", state.last_lr.clone());
        dict
    }

    /// Takes over what another schedule of this kind remembered. Rates are the optimizer's to load.
    pub fn load_state_dict(&self, dict: &Dict) {
        let mut state = self.lock();
        state.settings.read(dict);
        let integer = |name: &str, old: i64| dict.get(name).and_then(Value::integer).unwrap_or(old);
        state.best = dict.number("best").unwrap_or(state.best);
        state.bad_epochs = integer("num_bad_epochs", state.bad_epochs);
        state.cooldown = integer("cooldown_counter", state.cooldown);
        state.last_epoch = integer("last_epoch", state.last_epoch);
        if let Some(rates) = dict.get("_last_lr").and_then(Vec::from_value) {
            state.last_lr = rates;
        }
    }
}
