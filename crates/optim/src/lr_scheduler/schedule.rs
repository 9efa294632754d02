//! What all schedules do: count, ask their formula for the rate of each group, and set it. It knows no formula.

use crate::fields::{Field, Settings};
use crate::groups::{Group, ParamGroups};
use crate::optimizer::Optimizer;
use crate::value::{Dict, Value};
use std::fmt;
use std::mem::take;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A schedule of learning rates, as `torch.optim.lr_scheduler.LRScheduler`.
///
/// ```
/// use optim::{Optimizer, SGD, lr_scheduler::{LrScheduler, StepLR}};
/// let mut optimizer = SGD::new([tensor::ones([1])], 0.5);
/// let scheduler = StepLR::with(&optimizer, 2, |o| o.gamma(0.5));
/// let mut rates = vec![];
/// for _epoch in 0..4 {
///     optimizer.step();
///     rates.push(scheduler.get_last_lr()[0]);
///     scheduler.step();
/// }
/// assert_eq!(rates, [0.5, 0.5, 0.25, 0.25]);
/// ```
pub trait LrScheduler: Send {
    /// Goes on by one epoch, and sets the groups' rates.
    ///
    /// # Panics
    /// If the schedule has ended and cannot go on ([`OneCycleLR`](super::OneCycleLR)).
    #[track_caller]
    fn step(&self);

    /// The rates that the latest step set, by group.
    fn get_last_lr(&self) -> Vec<f64>;

    /// How many steps there were; the rates that a schedule starts with count as step 0.
    fn last_epoch(&self) -> i64;

    /// All that the schedule remembers, its settings included.
    fn state_dict(&self) -> Dict;

    /// Takes over what another schedule of the same kind remembered. Rates are the optimizer's to load.
    fn load_state_dict(&self, state: &Dict);

    /// The groups whose rates are set.
    fn param_groups(&self) -> ParamGroups;

    /// The schedule's name.
    fn name(&self) -> &'static str;

    /// Counts from the beginning again, for schedules that follow on others: the first step, or with `epoch` the rates of that
    /// epoch by the closed formula where there is one.
    #[doc(hidden)]
    fn restart(&self, epoch: Option<i64>);

    /// Takes the latest step back, but for the rates.
    #[doc(hidden)]
    fn undo(&self);
}

/// A formula for learning rates, whose settings are the struct that implements it.
pub trait Schedule: Settings {
    /// The schedule's name.
    const NAME: &'static str;

    /// Looks at the groups before the first rate is computed, unless the schedule goes on with an earlier one.
    #[track_caller]
    fn prepare(&mut self, _groups: &ParamGroups, _fresh: bool) {}

    /// Goes on by one step, for schedules that count by themselves.
    fn advance(&mut self, _last_epoch: i64) {}

    /// The rate of a group.
    #[track_caller]
    fn lr(&mut self, now: Clock, group: &Group) -> f64;

    /// The rate of a group by a formula that does not look at the rate before.
    fn closed(&self, _now: Clock) -> Option<f64> {
        None
    }
}

/// When a rate is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The epoch.
    pub epoch: i64,
    /// Whether it is the first time.
    pub initial: bool,
    /// How many steps there were.
    pub steps: i64,
    /// The rate that the group had at first.
    pub base: f64,
    /// The index of the group.
    pub index: usize,
}

struct State<S> {
    schedule: S,
    last_epoch: i64,
    steps: i64,
    base_lrs: Vec<f64>,
    last_lr: Vec<f64>,
}

/// A schedule that sets the rate of each group by a formula: [`StepLR`](super::StepLR) and most others are this type, each with its
/// formula.
pub struct Scheduler<S: Schedule> {
    groups: ParamGroups,
    state: Mutex<State<S>>,
}

impl<S: Schedule> Scheduler<S> {
    /// Starts a schedule; `last_epoch` is −1, or that of the schedule with which it goes on.
    #[track_caller]
    pub(super) fn start(optimizer: &(impl Optimizer + ?Sized), mut schedule: S, last_epoch: i64) -> Self {
        let groups = optimizer.param_groups();
        let fresh = last_epoch == -1;
        schedule.prepare(&groups, fresh);
        for (i, group) in groups.iter().enumerate() {
            if group.get("initial_lr").is_none() {
                if !fresh {
                    panic!(
                        "param 'initial_lr' is not specified in param_groups[{i}] when resuming scheduler with last_epoch >= 0.\n\
                         This typically happens when:\n\
                         1. You're trying to resume training from a checkpoint but haven't properly loaded the optimizer state\n\
                         2. You're using last_epoch >= 0 for a fresh training run (not recommended)"
                    );
                }
                group.set("initial_lr", group.lr());
            }
        }
        let base_lrs = groups.numbers("initial_lr");
        let state = State { schedule, last_epoch, steps: 0, base_lrs, last_lr: vec![] };
        let scheduler = Scheduler { groups, state: Mutex::new(state) };
        scheduler.restart(None);
        scheduler
    }

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the formula, and sets the rates that it gives at `epoch`.
    pub(super) fn jump(&self, epoch: i64, change: impl FnOnce(&mut S)) {
        let mut state = self.lock();
        change(&mut state.schedule);
        state.last_epoch = epoch;
        state.set(&self.groups, false, false);
    }
}

impl<S: Schedule> State<S> {
    #[track_caller]
    fn step(&mut self, groups: &ParamGroups, initial: bool) {
        self.steps += 1;
        self.schedule.advance(self.last_epoch);
        self.last_epoch += 1;
        self.set(groups, initial, false);
    }

    #[track_caller]
    fn set(&mut self, groups: &ParamGroups, initial: bool, closed: bool) {
        let mut rates = vec![];
        for (index, group) in groups.iter().enumerate() {
            let base = self.base_lrs.get(index).copied().unwrap_or_else(|| group.lr());
            let now = Clock { epoch: self.last_epoch, initial, steps: self.steps, base, index };
            let rate = if closed { self.schedule.closed(now) } else { None };
            rates.push(match rate {
                Some(rate) => rate,
                None => self.schedule.lr(now, &group),
            });
        }
        groups.iter().zip(&rates).for_each(|(group, rate)| group.set_lr(*rate));
        self.last_lr = rates;
    }
}

impl<S: Schedule> LrScheduler for Scheduler<S> {
    fn step(&self) {
        self.lock().step(&self.groups, false);
    }

    fn get_last_lr(&self) -> Vec<f64> {
        self.lock().last_lr.clone()
    }

    fn last_epoch(&self) -> i64 {
        self.lock().last_epoch
    }

    fn state_dict(&self) -> Dict {
        let state = self.lock();
        let mut dict = Dict::new();
        state.schedule.write(&mut dict);
        dict.set("base_lrs", state.base_lrs.clone());
        dict.set("last_epoch", state.last_epoch);
        dict.set("_step_count", state.steps);
        dict.set("_last_lr", state.last_lr.clone());
        dict
    }

    fn load_state_dict(&self, dict: &Dict) {
        let mut state = self.lock();
        state.schedule.read(dict);
        let integer = |name: &str, old: i64| dict.get(name).and_then(Value::integer).unwrap_or(old);
        state.last_epoch = integer("last_epoch", state.last_epoch);
        state.steps = integer("_step_count", state.steps);
        let rates =
            |name: &str, old: &mut Vec<f64>| *old = dict.get(name).and_then(Vec::from_value).unwrap_or(take(old));
        rates("base_lrs", &mut state.base_lrs);
        rates("_last_lr", &mut state.last_lr);
    }

    fn param_groups(&self) -> ParamGroups {
        self.groups.clone()
    }

    fn name(&self) -> &'static str {
        S::NAME
    }

    fn restart(&self, epoch: Option<i64>) {
        let mut state = self.lock();
        match epoch {
            None => {
                state.steps = 0;
                state.step(&self.groups, true);
            }
            Some(epoch) => {
                state.last_epoch = epoch;
                state.set(&self.groups, false, true);
            }
        }
    }

    fn undo(&self) {
        self.lock().last_epoch -= 1;
    }
}

impl<S: Schedule> fmt::Debug for Scheduler<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", S::NAME, self.state_dict())
    }
}

/// Defines a schedule: its type, its settings, the constructors `new` and `with`, which take the positional arguments, and what the
/// settings do, as the body of an `impl Schedule`.
macro_rules! schedule {
    (
        $(#[$doc:meta])*
        $name:ident, $settings:ident($($arg:ident : $arg_ty:ty),*) {
            $($(#[$field_doc:meta])* $field:ident($($ty:tt)+) = $default:expr,)*
        }
        $($body:tt)*
    ) => {
        $(#[$doc])*
        pub type $name = $crate::lr_scheduler::Scheduler<$settings>;

        $crate::fields::fields! {
            #[doc = concat!("The settings of [`", stringify!($name), "`], with PyTorch's defaults.")]
            pub struct $settings {
                $($(#[$field_doc])* $field($($ty)+) = $default,)*
                /// The epoch of the schedule with which this one goes on; −1 to begin.
                last_epoch(i64) = -1,
            }
        }

        impl $name {
            /// A schedule with PyTorch's defaults.
            ///
            /// # Panics
            /// If an argument is outside the values that it may have.
            #[track_caller]
            pub fn new(
                optimizer: &(impl $crate::Optimizer + ?Sized), $($arg: impl Into<$arg_ty>),*
            ) -> Self {
                Self::with(optimizer, $($arg,)* |settings| settings)
            }

            /// As `new`, with further settings, set by a closure from the defaults to the wanted ones.
            ///
            /// # Panics
            /// If an argument is outside the values that it may have.
            #[track_caller]
            pub fn with(
                optimizer: &(impl $crate::Optimizer + ?Sized), $($arg: impl Into<$arg_ty>,)*
                settings: impl FnOnce($settings) -> $settings,
            ) -> Self {
                #[allow(unused_mut, reason = "not all have positional arguments")]
                let mut defaults = $settings::default();
                $(defaults.$arg = $arg.into();)*
                let settings = settings(defaults);
                let last_epoch = settings.last_epoch;
                Self::start(optimizer, settings, last_epoch)
            }
        }

        impl $crate::lr_scheduler::Schedule for $settings {
            const NAME: &'static str = stringify!($name);
            $($body)*
        }
    };
}
pub(super) use schedule;
