//! Schedules that multiply the rate: by a factor every so often, towards an end, or by a function of the epoch.

use super::schedule::{Clock, Schedule, Scheduler, schedule};
use crate::fields::Settings;
use crate::groups::{Group, ParamGroups};
use crate::optimizer::Optimizer;
use crate::value::Dict;
use std::sync::Arc;

schedule! {
    /// The rate times `gamma` every `step_size` epochs, as `torch.optim.lr_scheduler.StepLR`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{LrScheduler, StepLR}};
    /// let optimizer = SGD::new([tensor::ones([1])], 1.0);
    /// let scheduler = StepLR::new(&optimizer, 30);
    /// (0..30).for_each(|_| scheduler.step());
    /// assert_eq!(scheduler.get_last_lr(), [0.1]);
    /// ```
    StepLR, StepLRSettings(step_size: i64) {
        /// After how many epochs the rate falls.
        step_size(i64) = 1,
        /// What the rate is multiplied with.
        gamma(f64) = 0.1,
    }

    fn lr(&mut self, now: Clock, group: &Group) -> f64 {
        let falls = now.epoch != 0 && now.epoch % self.step_size == 0;
        if falls { group.lr() * self.gamma } else { group.lr() }
    }

    fn closed(&self, now: Clock) -> Option<f64> {
        Some(now.base * self.gamma.powf(now.epoch.div_euclid(self.step_size) as f64))
    }
}

schedule! {
    /// The rate times `gamma` at each of the epochs `milestones`, as `torch.optim.lr_scheduler.MultiStepLR`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{LrScheduler, MultiStepLR}};
    /// let optimizer = SGD::new([tensor::ones([1])], 1.0);
    /// let scheduler = MultiStepLR::with(&optimizer, [2, 3], |o| o.gamma(0.5));
    /// (0..5).for_each(|_| scheduler.step());
    /// assert_eq!(scheduler.get_last_lr(), [0.25]);
    /// ```
    MultiStepLR, MultiStepLRSettings(milestones: Vec<i64>) {
        /// The epochs at which the rate falls; twice, if one occurs twice.
        milestones(Vec<i64>) = vec![],
        /// What the rate is multiplied with.
        gamma(f64) = 0.1,
    }

    fn lr(&mut self, now: Clock, group: &Group) -> f64 {
        let times = self.milestones.iter().filter(|milestone| **milestone == now.epoch).count();
        if times == 0 { group.lr() } else { group.lr() * self.gamma.powf(times as f64) }
    }

    fn closed(&self, now: Clock) -> Option<f64> {
        let times = self.milestones.iter().filter(|milestone| **milestone <= now.epoch).count();
        Some(now.base * self.gamma.powf(times as f64))
    }
}

schedule! {
    /// The rate times `factor` until the epoch `total_iters`, as `torch.optim.lr_scheduler.ConstantLR`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{ConstantLR, LrScheduler}};
    /// let optimizer = SGD::new([tensor::ones([1])], 1.0);
    /// let scheduler = ConstantLR::with(&optimizer, |o| o.factor(0.5).total_iters(2));
    /// assert_eq!(scheduler.get_last_lr(), [0.5]);
    /// (0..2).for_each(|_| scheduler.step());
    /// assert_eq!(scheduler.get_last_lr(), [1.0]);
    /// ```
    ConstantLR, ConstantLRSettings() {
        /// What the rate is multiplied with.
        factor(f64) = 1.0 / 3.0,
        /// The epoch from which on it no longer is.
        total_iters(i64) = 5,
    }

    fn prepare(&mut self, _groups: &ParamGroups, _fresh: bool) {
        if !(0.0..=1.0).contains(&self.factor) {
            panic!("Constant multiplicative factor expected to be between 0 and 1.");
        }
    }

    fn lr(&mut self, now: Clock, group: &Group) -> f64 {
        match now.epoch {
            0 => group.lr() * self.factor,
            epoch if epoch == self.total_iters => group.lr() * (1.0 / self.factor),
            _ => group.lr(),
        }
    }

    fn closed(&self, now: Clock) -> Option<f64> {
        let ended = (now.epoch >= self.total_iters) as i64 as f64;
        Some(now.base * (self.factor + ended * (1.0 - self.factor)))
    }
}

schedule! {
    /// The rate times a factor that goes evenly from `start_factor` to `end_factor` in `total_iters` epochs, as
    /// `torch.optim.lr_scheduler.LinearLR`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{LinearLR, LrScheduler}};
    /// let optimizer = SGD::new([tensor::ones([1])], 1.0);
    /// let scheduler = LinearLR::with(&optimizer, |o| o.start_factor(0.5).total_iters(2));
    /// scheduler.step();
    /// assert_eq!(scheduler.get_last_lr(), [0.75]);
    /// ```
    LinearLR, LinearLRSettings() {
        /// The factor at first.
        start_factor(f64) = 1.0 / 3.0,
        /// The factor in the end.
        end_factor(f64) = 1.0,
        /// How many epochs the way takes.
        total_iters(i64) = 5,
    }

    fn prepare(&mut self, _groups: &ParamGroups, _fresh: bool) {
        if !(self.start_factor > 0.0 && self.start_factor <= 1.0) {
            panic!("Starting multiplicative factor expected to be greater than 0 and less or equal to 1.");
        }
        if !(0.0..=1.0).contains(&self.end_factor) {
            panic!("Ending multiplicative factor expected to be between 0 and 1.");
        }
    }

    fn lr(&mut self, now: Clock, group: &Group) -> f64 {
        if now.epoch == 0 {
            return group.lr() * self.start_factor;
        }
        if now.initial || now.epoch > self.total_iters {
            return group.lr();
        }
        let way = self.end_factor - self.start_factor;
        let before = self.total_iters as f64 * self.start_factor + (now.epoch - 1) as f64 * way;
        group.lr() * (1.0 + way / before)
    }

    fn closed(&self, now: Clock) -> Option<f64> {
        let way = (self.end_factor - self.start_factor) * self.total_iters.min(now.epoch) as f64;
        Some(now.base * (self.start_factor + way / self.total_iters as f64))
    }
}

schedule! {
    /// The rate times `gamma` every epoch, as `torch.optim.lr_scheduler.ExponentialLR`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{ExponentialLR, LrScheduler}};
    /// let optimizer = SGD::new([tensor::ones([1])], 1.0);
    /// let scheduler = ExponentialLR::new(&optimizer, 0.5);
    /// (0..3).for_each(|_| scheduler.step());
    /// assert_eq!(scheduler.get_last_lr(), [0.125]);
    /// ```
    ExponentialLR, ExponentialLRSettings(gamma: f64) {
        /// What the rate is multiplied with.
        gamma(f64) = 1.0,
    }

    fn lr(&mut self, now: Clock, group: &Group) -> f64 {
        if now.initial { group.lr() } else { group.lr() * self.gamma }
    }

    fn closed(&self, now: Clock) -> Option<f64> {
        Some(now.base * self.gamma.powf(now.epoch as f64))
    }
}

schedule! {
    /// The rate falls to 0 in `total_iters` epochs, as a power of the time that is left, as
    /// `torch.optim.lr_scheduler.PolynomialLR`.
    ///
    /// ```
    /// use optim::{SGD, lr_scheduler::{LrScheduler, PolynomialLR}};
    /// let optimizer = SGD::new([tensor::ones([1])], 1.0);
    /// let scheduler = PolynomialLR::with(&optimizer, |o| o.total_iters(4).power(2.0));
    /// (0..2).for_each(|_| scheduler.step());
    /// assert_eq!(scheduler.get_last_lr(), [0.25]);
    /// ```
    PolynomialLR, PolynomialLRSettings() {
        /// How many epochs the way takes.
        total_iters(i64) = 5,
        /// The power.
        power(f64) = 1.0,
    }

    fn lr(&mut self, now: Clock, group: &Group) -> f64 {
        if now.initial || now.epoch > self.total_iters {
            return group.lr();
        }
        let left = |epoch: i64| 1.0 - epoch as f64 / self.total_iters as f64;
        group.lr() * (left(now.epoch) / left(now.epoch - 1)).powf(self.power)
    }

    fn closed(&self, now: Clock) -> Option<f64> {
        let left = 1.0 - self.total_iters.min(now.epoch) as f64 / self.total_iters as f64;
        Some(now.base * left.powf(self.power))
    }
}

/// A function from the epoch to a factor.
type Factor = Arc<dyn Fn(usize) -> f64 + Send + Sync>;

/// The formulas of [`LambdaLR`] and [`MultiplicativeLR`]; `RECURSIVE` tells them apart.
#[derive(Clone, Default)]
pub struct Factors<const RECURSIVE: bool>(Vec<Factor>);

/// Functions cannot be saved: whoever goes on with a saved schedule makes it of the same functions.
impl<const RECURSIVE: bool> Settings for Factors<RECURSIVE> {
    fn write(&self, _dict: &mut Dict) {}
    fn read(&mut self, _dict: &Dict) {}
}

impl<const RECURSIVE: bool> Schedule for Factors<RECURSIVE> {
    const NAME: &'static str = if RECURSIVE { "MultiplicativeLR" } else { "LambdaLR" };

    fn prepare(&mut self, groups: &ParamGroups, _fresh: bool) {
        if self.0.len() == 1 {
            self.0 = vec![self.0[0].clone(); groups.len()];
        }
        if self.0.len() != groups.len() {
            panic!("Expected {} lr_lambdas, but got {}", groups.len(), self.0.len());
        }
    }

    fn lr(&mut self, now: Clock, group: &Group) -> f64 {
        if RECURSIVE && now.initial {
            return group.lr();
        }
        let before = if RECURSIVE { group.lr() } else { now.base };
        before * self.0[now.index](now.epoch.max(0) as usize)
    }
}

/// The first rate times a function of the epoch, as `torch.optim.lr_scheduler.LambdaLR`.
///
/// ```
/// use optim::{SGD, lr_scheduler::{LambdaLR, LrScheduler}};
/// let optimizer = SGD::new([tensor::ones([1])], 1.0);
/// let scheduler = LambdaLR::new(&optimizer, |epoch| 1.0 / (1 + epoch) as f64);
/// (0..3).for_each(|_| scheduler.step());
/// assert_eq!(scheduler.get_last_lr(), [0.25]);
/// ```
pub type LambdaLR = Scheduler<Factors<false>>;

/// The rate times a function of the epoch, every epoch, as `torch.optim.lr_scheduler.MultiplicativeLR`.
///
/// ```
/// use optim::{SGD, lr_scheduler::{LrScheduler, MultiplicativeLR}};
/// let optimizer = SGD::new([tensor::ones([1])], 1.0);
/// let scheduler = MultiplicativeLR::new(&optimizer, |epoch| if epoch < 2 { 0.5 } else { 1.0 });
/// (0..3).for_each(|_| scheduler.step());
/// assert_eq!(scheduler.get_last_lr(), [0.5]);
/// ```
pub type MultiplicativeLR = Scheduler<Factors<true>>;

impl<const RECURSIVE: bool> Scheduler<Factors<RECURSIVE>> {
    /// A schedule of one function for all groups.
    #[track_caller]
    pub fn new(
        optimizer: &(impl Optimizer + ?Sized),
        lr_lambda: impl Fn(usize) -> f64 + Send + Sync + 'static,
    ) -> Self {
        Self::start(optimizer, Factors(vec![Arc::new(lr_lambda)]), -1)
    }

    /// A schedule of a function for each group, that goes on after `last_epoch` (−1 to begin).
    ///
    /// # Panics
    /// If there are not as many functions as groups.
    #[track_caller]
    pub fn per_group(
        optimizer: &(impl Optimizer + ?Sized),
        lr_lambdas: Vec<Arc<dyn Fn(usize) -> f64 + Send + Sync>>,
        last_epoch: i64,
    ) -> Self {
        if lr_lambdas.len() != optimizer.param_groups().len() {
            panic!("Expected {} lr_lambdas, but got {}", optimizer.param_groups().len(), lr_lambdas.len());
        }
        Self::start(optimizer, Factors(lr_lambdas), last_epoch)
    }
}
