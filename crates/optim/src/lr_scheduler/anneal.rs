//! Cosine schedules: once down, or again and again.

use super::schedule::{Clock, schedule};
use crate::groups::{Group, ParamGroups};
use std::f64::consts::PI;

schedule! {
    /// The rate goes to `eta_min` in `t_max` epochs along half a period of the cosine, and back (Loshchilov and Hutter 2017, without
    /// restarts), as `torch.optim.lr_scheduler.CosineAnnealingLR`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{CosineAnnealingLR, LrScheduler}};
    /// let optimizer = SGD::new([tensor::ones([1])], 1.0);
    /// let scheduler = CosineAnnealingLR::new(&optimizer, 10);
    /// (0..5).for_each(|_| scheduler.step());
    /// assert!((scheduler.get_last_lr()[0] - 0.5).abs() < 1e-12);
    /// ```
    CosineAnnealingLR, CosineAnnealingLRSettings(t_max: i64) {
        /// How many epochs the way down takes: PyTorch's `T_max`.
        t_max(i64) = 1,
        /// The least rate.
        eta_min(f64) = 0.0,
    }

    fn lr(&mut self, now: Clock, group: &Group) -> f64 {
        let (epoch, t_max) = (now.epoch as f64, self.t_max as f64);
        if now.initial {
            return group.lr();
        }
        if now.steps == 1 && now.epoch > 0 {
            return self.eta_min + (now.base - self.eta_min) * (1.0 + (epoch * PI / t_max).cos()) / 2.0;
        }
        // At the turning points the quotient below is 0 / 0.
        if (now.epoch - 1 - self.t_max) % (2 * self.t_max) == 0 {
            return group.lr() + (now.base - self.eta_min) * (1.0 - (PI / t_max).cos()) / 2.0;
        }
        let height = |epoch: f64| 1.0 + (PI * epoch / t_max).cos();
        height(epoch) / height(epoch - 1.0) * (group.lr() - self.eta_min) + self.eta_min
    }

    fn closed(&self, now: Clock) -> Option<f64> {
        let height = 1.0 + (PI * now.epoch as f64 / self.t_max as f64).cos();
        Some(self.eta_min + (now.base - self.eta_min) * height / 2.0)
    }
}

schedule! {
    /// The rate goes to `eta_min` along half a period of the cosine, and starts anew: after `t_0` epochs, then after `t_mult` times as
    /// many, and so on (Loshchilov and Hutter 2017), as `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{CosineAnnealingWarmRestarts, LrScheduler}};
    /// let optimizer = SGD::new([tensor::ones([1])], 1.0);
    /// let scheduler = CosineAnnealingWarmRestarts::new(&optimizer, 2);
    /// scheduler.step();
    /// assert_eq!(scheduler.get_last_lr(), [0.5]);
    /// scheduler.step();
    /// assert_eq!(scheduler.get_last_lr(), [1.0]);
    /// ```
    CosineAnnealingWarmRestarts, CosineAnnealingWarmRestartsSettings(t_0: i64) {
        /// How many epochs the first way takes: PyTorch's `T_0`.
        t_0(i64) = 1,
        /// How many times as long each further way takes: PyTorch's `T_mult`.
        t_mult(i64) = 1,
        /// The least rate.
        eta_min(f64) = 0.0,
        /// How far the present way is: PyTorch's `T_cur`. It is part of the state, not for setting.
        t_cur(f64) = 0.0,
        /// How many epochs the present way takes: PyTorch's `T_i`. It is part of the state, not for setting.
        t_i(f64) = 1.0,
    }

    fn prepare(&mut self, _groups: &ParamGroups, _fresh: bool) {
        if self.t_0 <= 0 {
            panic!("Expected positive integer T_0, but got {}", self.t_0);
        }
        if self.t_mult < 1 {
            panic!("Expected integer T_mult >= 1, but got {}", self.t_mult);
        }
        (self.t_i, self.t_cur) = (self.t_0 as f64, self.last_epoch as f64);
    }

    fn advance(&mut self, last_epoch: i64) {
        if last_epoch < 0 {
            return self.place(0.0);
        }
        self.t_cur += 1.0;
        if self.t_cur >= self.t_i {
            self.t_cur %= self.t_i;
            self.t_i *= self.t_mult as f64;
        }
    }

    fn lr(&mut self, now: Clock, _group: &Group) -> f64 {
        self.eta_min + (now.base - self.eta_min) * (1.0 + (PI * self.t_cur / self.t_i).cos()) / 2.0
    }
}

impl CosineAnnealingWarmRestartsSettings {
    /// Goes to any epoch.
    fn place(&mut self, epoch: f64) {
        let (first, times) = (self.t_0 as f64, self.t_mult as f64);
        if epoch < first {
            (self.t_i, self.t_cur) = (first, epoch);
        } else if self.t_mult == 1 {
            self.t_cur = epoch % first;
        } else {
            let restarts = ((epoch / first * (times - 1.0) + 1.0).ln() / times.ln()).trunc();
            self.t_cur = epoch - first * (times.powf(restarts) - 1.0) / (times - 1.0);
            self.t_i = first * times.powf(restarts);
        }
    }
}

impl CosineAnnealingWarmRestarts {
    /// Sets the rates of an epoch, or of a moment between two: PyTorch's `scheduler.step(epoch + i / iters)`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{CosineAnnealingWarmRestarts, LrScheduler}};
    /// let optimizer = SGD::new([tensor::ones([1])], 1.0);
    /// let scheduler = CosineAnnealingWarmRestarts::new(&optimizer, 1);
    /// scheduler.step_at(3.5);
    /// assert_eq!((scheduler.get_last_lr()[0], scheduler.last_epoch()), (0.5, 3));
    /// ```
    ///
    /// # Panics
    /// If the epoch is negative.
    #[track_caller]
    pub fn step_at(&self, epoch: f64) {
        if !(epoch >= 0.0) {
            panic!("Expected non-negative epoch, but got {}", tensor::python_float(epoch));
        }
        self.jump(epoch.floor() as i64, |settings| settings.place(epoch));
    }
}
