//! Rates that go up and down between two bounds, with the momentum the other way.

use super::schedule::{Clock, schedule};
use super::{Momentum, PerGroup};
use crate::groups::{Group, ParamGroups};

schedule! {
    /// The rate goes from `base_lr` up to `max_lr` and back, again and again, and the momentum the other way (Smith 2017), as
    /// `torch.optim.lr_scheduler.CyclicLR`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{CyclicLR, LrScheduler}};
    /// let optimizer = SGD::with([tensor::ones([1])], 1.0, |o| o.momentum(0.9));
    /// let scheduler = CyclicLR::with(&optimizer, 0.1, 0.5, |o| o.step_size_up(2));
    /// assert_eq!(scheduler.get_last_lr(), [0.1]);
    /// (0..2).for_each(|_| scheduler.step());
    /// assert_eq!(scheduler.get_last_lr(), [0.5]);
    /// ```
    CyclicLR, CyclicLRSettings(base_lr: PerGroup, max_lr: PerGroup) {
        /// The least rate.
        base_lr(into PerGroup) = 0.0,
        /// The largest rate; `mode` may lower it.
        max_lr(into PerGroup) = 0.0,
        /// How many steps the way up takes.
        step_size_up(i64) = 2000,
        /// How many steps the way down takes; as many as the way up if `None`.
        step_size_down(Option<i64>) = None,
        /// `triangular`, `triangular2` (half as high in each cycle), or `exp_range` (lower by `gamma` at each step).
        mode(into String) = "triangular",
        /// The factor of `exp_range`.
        gamma(f64) = 1.0,
        /// Whether to cycle the momentum, too.
        cycle_momentum(bool) = true,
        /// The least momentum.
        base_momentum(into PerGroup) = 0.8,
        /// The largest momentum.
        max_momentum(into PerGroup) = 0.9,
    }

    fn prepare(&mut self, groups: &ParamGroups, fresh: bool) {
        let base = self.base_lr.spread("base_lr", groups);
        if fresh {
            for (group, lr) in groups.iter().zip(&base) {
                group.set_lr(*lr);
            }
        }
        let max = self.max_lr.spread("max_lr", groups);
        if !["triangular", "triangular2", "exp_range"].contains(&self.mode.as_str()) {
            panic!("mode is invalid and scale_fn is None");
        }
        (self.base_lr, self.max_lr) = (PerGroup::Each(base), PerGroup::Each(max));
        if self.cycle_momentum {
            let momentum = Momentum::of(groups);
            if fresh {
                momentum.start(groups, &self.base_momentum, &self.max_momentum);
            }
            self.base_momentum = PerGroup::Each(self.base_momentum.spread("base_momentum", groups));
            self.max_momentum = PerGroup::Each(self.max_momentum.spread("max_momentum", groups));
        }
    }

    fn lr(&mut self, now: Clock, group: &Group) -> f64 {
        let up = self.step_size_up as f64;
        let total = up + self.step_size_down.map_or(up, |down| down as f64);
        let (ratio, place) = (up / total, now.epoch as f64 / total);
        let cycle = (1.0 + place).floor();
        let x = 1.0 + place - cycle;
        let height = if x <= ratio { x / ratio } else { (x - 1.0) / (ratio - 1.0) };
        let scale = match self.mode.as_str() {
            "triangular2" => 1.0 / 2f64.powf(cycle - 1.0),
            "exp_range" => self.gamma.powf(now.epoch as f64),
            _ => 1.0,
        };
        if self.cycle_momentum {
            let (base, max) = (self.base_momentum.at(now.index), self.max_momentum.at(now.index));
            group.momentum().set(group, max - (max - base) * height * scale);
        }
        let (base, max) = (self.base_lr.at(now.index), self.max_lr.at(now.index));
        base + (max - base) * height * scale
    }
}
