//! Schedules made of schedules: one after another, or all together.

use super::schedule::LrScheduler;
use crate::groups::ParamGroups;
use crate::optimizer::Optimizer;
use crate::value::{Dict, Value};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The parts of a schedule, boxed.
pub type Schedulers = Vec<Box<dyn LrScheduler>>;

/// Refuses parts that are none, or that set the rates of another optimizer.
#[track_caller]
fn check(name: &str, to_do: &str, groups: &ParamGroups, schedulers: &Schedulers) {
    if schedulers.is_empty() {
        panic!("{name} expects at least one scheduler{to_do}, but got no scheduler.");
    }
    for (i, scheduler) in schedulers.iter().enumerate() {
        let own = scheduler.param_groups();
        if !own.is_same(groups) {
            panic!(
                "{name} expects all schedulers to belong to the same optimizer, but got scheduler {} at index {i} has {own}, which \
                 is different from {}.",
                scheduler.name(),
                groups.name()
            );
        }
    }
}

fn write(schedulers: &Schedulers) -> Value {
    Value::List(schedulers.iter().map(|scheduler| Value::Dict(scheduler.state_dict())).collect())
}

fn read(schedulers: &Schedulers, dict: &Dict) {
    let saved = dict.get("_schedulers").and_then(Value::items).unwrap_or_default();
    for (scheduler, saved) in schedulers.iter().zip(saved) {
        if let Value::Dict(saved) = saved {
            scheduler.load_state_dict(&saved);
        }
    }
}

/// Schedules one after another: each from its milestone on, as `torch.optim.lr_scheduler.SequentialLR`.
///
/// ```
/// use optim::{SGD, lr_scheduler::{ConstantLR, ExponentialLR, LrScheduler, SequentialLR}};
/// let optimizer = SGD::new([tensor::ones([1])], 1.0);
/// let warmup = ConstantLR::with(&optimizer, |o| o.factor(0.5).total_iters(2));
/// let fall = ExponentialLR::new(&optimizer, 0.5);
/// let scheduler = SequentialLR::new(&optimizer, vec![Box::new(warmup), Box::new(fall)], [2]);
/// let rates: Vec<f64> = (0..4).map(|_| { let lr = scheduler.get_last_lr()[0]; scheduler.step(); lr }).collect();
/// assert_eq!(rates, [0.5, 0.5, 1.0, 0.5]);
/// ```
pub struct SequentialLR {
    groups: ParamGroups,
    schedulers: Schedulers,
    milestones: Vec<i64>,
    /// The epoch, and the rates of the latest step.
    state: Mutex<(i64, Vec<f64>)>,
}

impl SequentialLR {
    /// A schedule of these schedules; all but the first start at a milestone.
    ///
    /// # Panics
    /// If there is no schedule, one belongs to another optimizer, or there is not one milestone less than schedules.
    #[track_caller]
    pub fn new(
        optimizer: &(impl Optimizer + ?Sized),
        schedulers: Schedulers,
        milestones: impl Into<Vec<i64>>,
    ) -> SequentialLR {
        let (groups, milestones) = (optimizer.param_groups(), milestones.into());
        check("SequentialLR", "", &groups, &schedulers);
        if milestones.len() != schedulers.len() - 1 {
            panic!(
                "Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, \
                 but got number of schedulers {} and the number of milestones to be equal to {}",
                schedulers.len(),
                milestones.len()
            );
        }
        // What the parts did when they were made is taken back; the first of them begins anew.
        groups.iter().for_each(|group| group.set_lr(group.number("initial_lr")));
        schedulers.iter().for_each(|scheduler| scheduler.undo());
        let sequence = SequentialLR { groups, schedulers, milestones, state: Mutex::new((0, vec![])) };
        let first = &sequence.schedulers[sequence.at(0)];
        first.restart(None);
        sequence.lock().1 = first.get_last_lr();
        sequence
    }

    /// The index of the schedule of an epoch.
    fn at(&self, epoch: i64) -> usize {
        self.milestones.partition_point(|milestone| *milestone <= epoch)
    }

    fn lock(&self) -> MutexGuard<'_, (i64, Vec<f64>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LrScheduler for SequentialLR {
    fn step(&self) {
        let mut state = self.lock();
        state.0 += 1;
        let index = self.at(state.0);
        let scheduler = &self.schedulers[index];
        if index > 0 && self.milestones[index - 1] == state.0 {
            scheduler.restart(Some(0));
        } else {
            scheduler.step();
        }
        state.1 = scheduler.get_last_lr();
    }

    fn get_last_lr(&self) -> Vec<f64> {
        self.lock().1.clone()
    }

    fn last_epoch(&self) -> i64 {
        self.lock().0
    }

    fn state_dict(&self) -> Dict {
        let state = self.lock();
        let mut dict = Dict::new();
        dict.set("_milestones", Value::List(self.milestones.iter().map(|epoch| Value::Int(*epoch)).collect()));
        dict.set("last_epoch", state.0);
        dict.set("_last_lr", state.1.clone());
        dict.set("_schedulers", write(&self.schedulers));
        dict
    }

    fn load_state_dict(&self, dict: &Dict) {
        let mut state = self.lock();
        state.0 = dict.get("last_epoch").and_then(Value::integer).unwrap_or(state.0);
        if let Some(rates) = dict.get("_last_lr").and_then(crate::fields::Field::from_value) {
            state.1 = rates;
        }
        read(&self.schedulers, dict);
    }

    fn param_groups(&self) -> ParamGroups {
        self.groups.clone()
    }

    fn name(&self) -> &'static str {
        "SequentialLR"
    }

    fn restart(&self, epoch: Option<i64>) {
        // PyTorch starts a sequence within a sequence by a step.
        if let Some(epoch) = epoch {
            self.lock().0 = epoch - 1;
        }
        self.step();
    }

    fn undo(&self) {
        self.schedulers.iter().for_each(|scheduler| scheduler.undo());
    }
}

/// Schedules together, each changing the rate that the one before left, as `torch.optim.lr_scheduler.ChainedScheduler`.
///
/// ```
/// use optim::{SGD, lr_scheduler::{ChainedScheduler, ConstantLR, ExponentialLR, LrScheduler}};
/// let optimizer = SGD::new([tensor::ones([1])], 1.0);
/// let warmup = ConstantLR::with(&optimizer, |o| o.factor(0.5).total_iters(2));
/// let fall = ExponentialLR::new(&optimizer, 0.5);
/// let scheduler = ChainedScheduler::new(vec![Box::new(warmup), Box::new(fall)]);
/// let rates: Vec<f64> = (0..3).map(|_| { let lr = scheduler.get_last_lr()[0]; scheduler.step(); lr }).collect();
/// assert_eq!(rates, [0.5, 0.25, 0.25]);
/// ```
pub struct ChainedScheduler {
    groups: ParamGroups,
    schedulers: Schedulers,
    last_lr: Mutex<Vec<f64>>,
}

impl ChainedScheduler {
    /// A schedule of these schedules.
    ///
    /// # Panics
    /// If there is no schedule, or they belong to different optimizers.
    #[track_caller]
    pub fn new(schedulers: Schedulers) -> ChainedScheduler {
        let Some(groups) = schedulers.first().map(|scheduler| scheduler.param_groups()) else {
            panic!("ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.")
        };
        check("ChainedScheduler", " to be chained", &groups, &schedulers);
        let last_lr = Mutex::new(groups.numbers("lr"));
        ChainedScheduler { groups, schedulers, last_lr }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<f64>> {
        self.last_lr.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LrScheduler for ChainedScheduler {
    fn step(&self) {
        let mut last_lr = self.lock();
        self.schedulers.iter().for_each(|scheduler| scheduler.step());
        *last_lr = self.groups.numbers("lr");
    }

    fn get_last_lr(&self) -> Vec<f64> {
        self.lock().clone()
    }

    fn last_epoch(&self) -> i64 {
        self.schedulers[0].last_epoch()
    }

    fn state_dict(&self) -> Dict {
        let mut dict = Dict::new();
        dict.set("_last_lr", self.get_last_lr());
        dict.set("_schedulers", write(&self.schedulers));
        dict
    }

    fn load_state_dict(&self, dict: &Dict) {
        if let Some(rates) = dict.get("_last_lr").and_then(crate::fields::Field::from_value) {
            *self.lock() = rates;
        }
        read(&self.schedulers, dict);
    }

    fn param_groups(&self) -> ParamGroups {
        self.groups.clone()
    }

    fn name(&self) -> &'static str {
        "ChainedScheduler"
    }

    fn restart(&self, epoch: Option<i64>) {
        match epoch {
            // PyTorch starts a chain within a sequence by a step.
            None => self.step(),
            Some(_) => {
                self.schedulers.iter().for_each(|scheduler| scheduler.restart(epoch));
                *self.lock() = self.groups.numbers("lr");
            }
        }
    }

    fn undo(&self) {
        self.schedulers.iter().for_each(|scheduler| scheduler.undo());
    }
}
