//! One cycle of the rate for a whole training, with the momentum the other way.

use super::schedule::{Clock, schedule};
use super::{Momentum, PerGroup};
use crate::groups::{Group, ParamGroups};
use std::f64::consts::PI;

schedule! {
    /// The rate goes from `max_lr / div_factor` up to `max_lr`, and down to the first rate over `final_div_factor`; the momentum goes
    /// the other way (Smith and Topin 2019), as `torch.optim.lr_scheduler.OneCycleLR`. Steps are batches, not epochs: as many as
    /// `total_steps`, or `epochs` times `steps_per_epoch`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{LrScheduler, OneCycleLR}};
    /// let optimizer = SGD::with([tensor::ones([1])], 1.0, |o| o.momentum(0.9));
    /// let scheduler = OneCycleLR::with(&optimizer, 0.5, |o| o.total_steps(10));
    /// (0..2).for_each(|_| scheduler.step());
    /// assert_eq!(scheduler.get_last_lr(), [0.5]);
    /// ```
    OneCycleLR, OneCycleLRSettings(max_lr: PerGroup) {
        /// The largest rate.
        max_lr(into PerGroup) = 0.0,
        /// How many steps the cycle takes.
        total_steps(into Option<i64>) = None,
        /// How many epochs the cycle takes, where `total_steps` is not given.
        epochs(into Option<i64>) = None,
        /// How many steps an epoch has.
        steps_per_epoch(into Option<i64>) = None,
        /// Which part of the cycle goes up.
        pct_start(f64) = 0.3,
        /// Along which line: `cos` or `linear`.
        anneal_strategy(into String) = "cos",
        /// Whether to cycle the momentum, too.
        cycle_momentum(bool) = true,
        /// The least momentum.
        base_momentum(into PerGroup) = 0.85,
        /// The largest momentum.
        max_momentum(into PerGroup) = 0.95,
        /// How much lower than the largest the first rate is.
        div_factor(f64) = 25.0,
        /// How much lower than the first the last rate is.
        final_div_factor(f64) = 1e4,
        /// Whether to come down to the first rate at the pace of the way up, before the last phase.
        three_phase(bool) = false,
    }

    fn prepare(&mut self, groups: &ParamGroups, fresh: bool) {
        let positive = |what: &str, value: i64| {
            if value <= 0 { Some(format!("Expected positive integer {what}, but got {value}")) } else { None }
        };
        let (total, refusal) = match (self.total_steps, self.epochs, self.steps_per_epoch) {
            (Some(total), ..) => (total, positive("total_steps", total)),
            (None, Some(epochs), Some(steps)) => {
                (epochs * steps, positive("epochs", epochs).or_else(|| positive("steps_per_epoch", steps)))
            }
            (None, ..) => (0, Some("You must define either total_steps OR (epochs AND steps_per_epoch)".into())),
        };
        if let Some(text) = refusal {
            panic!("{text}");
        }
        self.total_steps = Some(total);
        if !(0.0..=1.0).contains(&self.pct_start) {
            panic!("Expected float between 0 and 1 pct_start, but got {}", tensor::python_float(self.pct_start));
        }
        if !["cos", "linear"].contains(&self.anneal_strategy.as_str()) {
            panic!("anneal_strategy must be one of 'cos' or 'linear', instead got {}", self.anneal_strategy);
        }
        let max = self.max_lr.spread("max_lr", groups);
        if fresh {
            for (group, max) in groups.iter().zip(max) {
                let initial = max / self.div_factor;
                group.set("initial_lr", initial);
                group.set("max_lr", max);
                group.set("min_lr", initial / self.final_div_factor);
            }
        }
        if self.cycle_momentum {
            let momentum = Momentum::of(groups);
            if fresh {
                momentum.start(groups, &self.base_momentum, &self.max_momentum);
            }
        }
    }

    fn lr(&mut self, now: Clock, group: &Group) -> f64 {
        let total = self.total_steps.unwrap_or_default();
        if now.epoch > total {
            panic!("Tried to step {} times. The specified number of total steps is {total}", now.epoch);
        }
        // Of each phase its end, and between which rates and momenta it goes.
        let (rise, last) = (self.pct_start * total as f64, total as f64 - 1.0);
        let up = (rise - 1.0, ["initial_lr", "max_lr"], ["max_momentum", "base_momentum"]);
        let phases = match self.three_phase {
            true => vec![
                up,
                (2.0 * rise - 2.0, ["max_lr", "initial_lr"], ["base_momentum", "max_momentum"]),
                (last, ["initial_lr", "min_lr"], ["max_momentum", "max_momentum"]),
            ],
            false => vec![up, (last, ["max_lr", "min_lr"], ["base_momentum", "max_momentum"])],
        };
        let step = now.epoch as f64;
        let phase = phases.iter().position(|phase| step <= phase.0).unwrap_or(phases.len() - 1);
        let start = if phase == 0 { 0.0 } else { phases[phase - 1].0 };
        let (end, rates, momenta) = phases[phase];
        let part = (step - start) / (end - start);
        let between = |[from, to]: [&str; 2]| {
            let (from, to) = (group.number(from), group.number(to));
            match self.anneal_strategy.as_str() {
                "cos" => to + (from - to) / 2.0 * ((PI * part).cos() + 1.0),
                _ => (to - from) * part + from,
            }
        };
        if self.cycle_momentum {
            group.momentum().set(group, between(momenta));
        }
        between(rates)
    }
}
