//! A whole training in a checkpoint: model, optimizer, schedules, epoch, and the default random stream.

use super::Checkpoint;
use nn::{Module, StateDict};
use optim::Optimizer;
use optim::lr_scheduler::ScheduleState;
use tensor::{Error, ErrorKind, Result, Tensor, cpu, get_rng_state, set_rng_state};

/// The optimizer's name among the states.
const OPTIMIZER: &str = "optimizer";
/// The group of the random stream, and its tensor.
const STREAM: (&str, &str) = ("random", "default");

fn schedule(index: usize) -> String {
    format!("schedule{index}")
}

impl Checkpoint {
    /// Of all that a training is made of, after so many epochs: it goes on from there bit for bit. Tensors are the model's and the
    /// optimizer's own, so that a checkpoint that is kept in memory, and not saved at once, follows them.
    ///
    /// ```
    /// use nn::{Linear, Module};
    /// use optim::{Adam, lr_scheduler::{LrScheduler, StepLR}};
    /// use train::Checkpoint;
    /// let path = std::env::temp_dir().join(format!("training-{}.safetensors", std::process::id()));
    /// let net = Linear::new(2, 3);
    /// let adam = Adam::new(net.parameters(), 0.1);
    /// let halves = StepLR::with(&adam, 1, |o| o.gamma(0.5));
    /// halves.step();
    /// Checkpoint::of_training(&net, &adam, &[&halves], 1).save(&path)?;
    ///
    /// let net = Linear::new(2, 3);
    /// let mut adam = Adam::new(net.parameters(), 0.1);
    /// let halves = StepLR::with(&adam, 1, |o| o.gamma(0.5));
    /// let epoch = Checkpoint::load(&path)?.resume(&net, &mut adam, &[&halves])?;
    /// assert_eq!((epoch, halves.get_last_lr()), (1, vec![0.05]));
    /// # std::fs::remove_file(&path).unwrap();
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn of_training(
        model: &dyn Module,
        optimizer: &dyn Optimizer,
        schedules: &[&dyn ScheduleState],
        epoch: usize,
    ) -> Checkpoint {
        let stream = get_rng_state();
        let stream = Tensor::from_vec(stream.clone(), [stream.len()], cpu());
        let stream: StateDict = [(STREAM.1.to_string(), stream)].into_iter().collect();
        let start = Checkpoint::of(model)
            .state(OPTIMIZER, optimizer.state_dict())
            .group(STREAM.0, stream)
            .number("epoch", epoch as f64)
            .number("schedules", schedules.len() as f64);
        let with =
            |checkpoint: Checkpoint, (i, own): (usize, &&dyn ScheduleState)| checkpoint.state(schedule(i), own.saved());
        schedules.iter().enumerate().fold(start, with)
    }

    /// Brings a model, its optimizer, schedules of the same kinds in the same order, and the default random stream to where
    /// [`of_training`](Checkpoint::of_training) found them. Returns the number of epochs.
    ///
    /// # Errors
    /// If something is missing or does not fit.
    pub fn resume(
        &self,
        model: &dyn Module,
        optimizer: &mut dyn Optimizer,
        schedules: &[&dyn ScheduleState],
    ) -> Result<usize> {
        let (epoch, count) = (self.get("epoch")?, self.get("schedules")?);
        if count != schedules.len() as f64 {
            let text = format!("the checkpoint is of a training with {count} schedules, not {}", schedules.len());
            return Err(Error::new(ErrorKind::Value, text));
        }
        let saved: Vec<_> = (0..schedules.len()).map(|i| self.remembered(&schedule(i))).collect::<Result<_>>()?;
        let missing = || Error::new(ErrorKind::Format, "the checkpoint has no random stream");
        let stream = self.tensors(STREAM.0)?.get(STREAM.1).ok_or_else(missing)?;
        let state = self.remembered(OPTIMIZER)?;
        self.restore(model)?;
        optimizer.load_state_dict(state)?;
        schedules.iter().zip(saved).for_each(|(schedule, saved)| schedule.restore(saved));
        set_rng_state(&stream.try_to_vec::<u8>()?)?;
        Ok(epoch as usize)
    }
}
