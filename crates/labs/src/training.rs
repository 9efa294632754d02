//! The loop that most exercises train with, and what it finds; exercise 3 of lab 4 writes it out.

use crate::interruption::{self, Standing};
use crate::pictures::Labelled;
use sconce::data::DataLoader;
use sconce::data::metrics::{ConfusionMatrix, Mean};
use sconce::get_rng_state;
use sconce::nn::CrossEntropyLoss;
use sconce::optim::Optimizer;
use sconce::prelude::*;
use sconce::train::Progress;

/// How training goes.
#[derive(Clone, Copy)]
pub struct Plan {
    /// How often through all pictures.
    pub epochs: usize,
    /// Pictures in a step.
    pub batch_size: usize,
    /// Where the network is.
    pub device: &'static dyn Device,
}

/// What came out, epoch by epoch.
#[derive(Clone, Default)]
pub struct History {
    /// The mean loss of the pictures learned from, while learning.
    pub loss: Vec<f64>,
    /// The mean loss of the unseen pictures.
    pub unseen_loss: Vec<f64>,
    /// The share of the unseen pictures that was recognized.
    pub accuracy: Vec<f64>,
}

impl History {
    /// The share that was recognized in the end.
    pub fn final_accuracy(&self) -> f64 {
        self.accuracy.last().copied().unwrap_or(0.0)
    }
}

/// Trains `net` by the cross entropy of its scores.
pub fn fit(
    net: &impl Forward,
    optimizer: &mut dyn Optimizer,
    learn: &Labelled,
    unseen: &Labelled,
    plan: Plan,
) -> History {
    fit_with(net, optimizer, [learn, unseen], plan, |x| x, |_| None, |_, _| false)
}

/// The shell's exit code of a program that was interrupted: 128 and the signal's number.
const INTERRUPTED: i32 = 130;

/// As [`fit`]: `augment` changes each batch, `penalty` is added to the loss, and `stop` sees the losses of each epoch (of what
/// is learned from, of what is unseen) and may end training. After Ctrl-C the program ends, and the training is kept in a file.
pub fn fit_with(
    net: &impl Forward,
    optimizer: &mut dyn Optimizer,
    sets: [&Labelled; 2],
    plan: Plan,
    augment: impl Fn(Tensor) -> Tensor,
    penalty: impl Fn(&dyn Module) -> Option<Tensor>,
    stop: impl FnMut(f64, f64) -> bool,
) -> History {
    match train(net, optimizer, sets, plan, augment, penalty, stop) {
        Ok(Ok(history)) => history,
        Ok(Err(interrupted)) => {
            eprintln!("{interrupted}");
            std::process::exit(INTERRUPTED)
        }
        Err(error) => {
            eprintln!("labs: {error}");
            std::process::exit(1)
        }
    }
}

/// As [`fit_with`], but an interruption is its text. What `stop` has seen before one is not in the file: of a training that goes on
/// it sees the rest.
///
/// # Errors
/// If the file of an interrupted training cannot be written, or does not fit where it goes on.
pub fn train(
    net: &impl Forward,
    optimizer: &mut dyn Optimizer,
    [learn, unseen]: [&Labelled; 2],
    plan: Plan,
    augment: impl Fn(Tensor) -> Tensor,
    penalty: impl Fn(&dyn Module) -> Option<Tensor>,
    mut stop: impl FnMut(f64, f64) -> bool,
) -> Result<std::result::Result<History, String>> {
    let loader = DataLoader::with(learn.clone(), |loader| loader.batch_size(plan.batch_size).shuffle(true));
    let criterion = CrossEntropyLoss::new();
    let Standing { epoch: complete, steps: mut done, stream: before, mean: (value, count), mut history } =
        interruption::begin(net.as_dyn(), optimizer)?;
    for epoch in complete..plan.epochs {
        net.train();
        let progress = Progress::new(loader.len(), &format!("epoch {}/{}", epoch + 1, plan.epochs));
        let mut mean = Mean::new();
        let begin = if done > 0 { before.clone() } else { get_rng_state() };
        let batches = match done {
            0 => loader.iter(),
            _ => {
                mean.update(value, count);
                interruption::go_on(|| loader.iter(), done, &before)?
            }
        };
        for (x, y) in batches {
            let (x, y) = (augment(x).to(plan.device), y.to(plan.device));
            optimizer.zero_grad();
            let loss = criterion.forward(&net.forward(&x), &y);
            let whole = match penalty(net.as_dyn()) {
                Some(penalty) => &loss + &penalty,
                None => loss.clone(),
            };
            whole.backward();
            optimizer.step();
            mean.update(loss.item::<f64>(), y.numel());
            progress.step(&[("loss", mean.value())]);
            done += 1;
            let place = || {
                let mean = (mean.value(), mean.count());
                Standing { epoch, steps: done, stream: begin.clone(), mean, history: history.clone() }
            };
            if let Some(text) = interruption::after_step(net.as_dyn(), &*optimizer, place)? {
                return Ok(Err(text));
            }
        }
        done = 0;
        progress.finish();
        let (unseen_loss, matrix) = judge(net, unseen, plan.device);
        history.loss.push(mean.value());
        history.unseen_loss.push(unseen_loss);
        history.accuracy.push(matrix.accuracy());
        if stop(mean.value(), unseen_loss) {
            break;
        }
    }
    Ok(Ok(history))
}

/// The mean loss of pictures, and how often each class was taken for which.
pub fn judge(net: &impl Forward, pictures: &Labelled, device: &'static dyn Device) -> (f64, ConfusionMatrix) {
    net.eval();
    let criterion = CrossEntropyLoss::new();
    let (mut mean, mut matrix) = (Mean::new(), ConfusionMatrix::new(10));
    no_grad(|| {
        for (x, y) in &DataLoader::with(pictures.clone(), |loader| loader.batch_size(250)) {
            let (scores, y) = (net.forward(&x.to(device)), y.to(device));
            mean.update(criterion.forward(&scores, &y).item(), y.numel());
            matrix.update(&scores.cpu(), &y.cpu());
        }
    });
    (mean.value(), matrix)
}
