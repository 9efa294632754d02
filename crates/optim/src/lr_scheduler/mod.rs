//! Schedules of learning rates: `torch.optim.lr_scheduler`. A schedule changes the settings of the groups that it shares with an
//! optimizer; it knows neither parameters nor steps.
//!
//! PyTorch's recursive formulas are used: a schedule changes the rate that it finds, so that several schedules, and whoever else
//! changes the rate, act together.

mod anneal;
mod combine;
mod cyclic;
mod one_cycle;
mod plateau;
mod saved;
mod schedule;
mod simple;

pub use anneal::*;
pub use combine::{ChainedScheduler, Schedulers, SequentialLR};
pub use cyclic::{CyclicLR, CyclicLRSettings};
pub use one_cycle::{OneCycleLR, OneCycleLRSettings};
pub use plateau::{ReduceLROnPlateau, ReduceLROnPlateauSettings};
pub use saved::ScheduleState;
pub use schedule::{Clock, LrScheduler, Schedule, Scheduler};
pub use simple::*;

use crate::fields::Field;
use crate::groups::ParamGroups;
use crate::value::Value;

/// One number for all groups, or one for each.
#[derive(Clone, Debug)]
pub enum PerGroup {
    /// For all.
    One(f64),
    /// For each.
    Each(Vec<f64>),
}

impl From<f64> for PerGroup {
    fn from(value: f64) -> PerGroup {
        PerGroup::One(value)
    }
}

impl From<Vec<f64>> for PerGroup {
    fn from(values: Vec<f64>) -> PerGroup {
        PerGroup::Each(values)
    }
}

impl Field for PerGroup {
    fn to_value(&self) -> Value {
        match self {
            PerGroup::One(value) => value.to_value(),
            PerGroup::Each(values) => values.to_value(),
        }
    }

    fn from_value(value: &Value) -> Option<PerGroup> {
        f64::from_value(value).map(PerGroup::One).or_else(|| Vec::from_value(value).map(PerGroup::Each))
    }
}

impl PerGroup {
    /// The number of the group of this index.
    fn at(&self, index: usize) -> f64 {
        match self {
            PerGroup::One(value) => *value,
            PerGroup::Each(values) => values.get(index).copied().unwrap_or_default(),
        }
    }

    /// A number for each of the groups.
    #[track_caller]
    fn spread(&self, name: &str, groups: &ParamGroups) -> Vec<f64> {
        let count = groups.len();
        match self {
            PerGroup::One(value) => vec![*value; count],
            PerGroup::Each(values) if values.len() == count => values.clone(),
            PerGroup::Each(values) => panic!(
                "{name} must have the same length as optimizer.param_groups. {name} has {} values, param_groups has {count}.",
                values.len()
            ),
        }
    }
}

/// Which setting of the groups is their momentum, for schedules that cycle it.
#[derive(Clone, Copy)]
enum Momentum {
    /// `momentum`.
    Momentum,
    /// The first of the `betas`.
    Beta1,
}

impl crate::Group {
    fn momentum(&self) -> Momentum {
        if self.get("betas").is_some() { Momentum::Beta1 } else { Momentum::Momentum }
    }
}

impl Momentum {
    #[track_caller]
    fn of(groups: &ParamGroups) -> Momentum {
        let group = groups.group(0);
        if group.get("betas").is_none() && group.get("momentum").is_none() {
            panic!("optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
        }
        group.momentum()
    }

    fn set(self, group: &crate::Group, value: f64) {
        match self {
            Momentum::Momentum => group.set("momentum", value),
            Momentum::Beta1 => {
                let betas = group.get("betas").and_then(|betas| <(f64, f64)>::from_value(&betas)).unwrap_or_default();
                group.set("betas", (value, betas.1));
            }
        }
    }

    /// Starts the cycle: sets the momentum to the largest, and notes both bounds in each group.
    #[track_caller]
    fn start(self, groups: &ParamGroups, base: &PerGroup, max: &PerGroup) {
        let (max, base) = (max.spread("max_momentum", groups), base.spread("base_momentum", groups));
        for (group, (max, base)) in groups.iter().zip(max.into_iter().zip(base)) {
            self.set(&group, max);
            group.set("max_momentum", max);
            group.set("base_momentum", base);
        }
    }
}
