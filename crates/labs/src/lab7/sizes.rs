//! Lab 7, exercise 5: what the size of batches and of steps does.

use crate::pictures::digits;
use crate::settings::Settings;
use crate::training::{Plan, fit};
use crate::transcript::{claim, figure, say};
use sconce::nn::{Flatten, Linear, ReLU, sequential};
use sconce::optim::SGD;
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

/// How often the networks see all pictures.
const EPOCHS: usize = 10;

pub fn run(settings: &Settings) {
    let seed = settings.seed_or(0);
    let plan = Plan { epochs: settings.epochs_or(EPOCHS), batch_size: 32, device: settings.device() };
    let pictures = digits();
    say(
        "Small batches make many noisy steps of an epoch, large ones few good ones; a rate too small crawls, one too large jumps out of the valley.",
    );
    show! {
        let train = |batch_size: usize, lr: f64| {
            manual_seed(seed);
            let net = sequential![Flatten::new(), Linear::new(64, 64), ReLU::new(), Linear::new(64, 10)].to(plan.device);
            let mut optimizer = SGD::new(net.parameters(), lr);
            fit(&net, &mut optimizer, &pictures.learn, &pictures.unseen, Plan { batch_size, ..plan })
        };
        let mut by_batch = Curves::new("Batch sizes, learning rate 0.1").axes("epoch", "loss").log();
        let mut losses = vec![];
        for batch_size in [8, 32, 128, 512] {
            let history = train(batch_size, 0.1);
            println!("batches of {batch_size:>3}: loss {:.4}, accuracy {:.4}", history.loss[history.loss.len() - 1], history.final_accuracy());
            by_batch = by_batch.curve(&batch_size.to_string(), &history.loss);
            losses.push(history.loss[history.loss.len() - 1]);
        }
        let mut by_rate = Curves::new("Learning rates, batches of 32").axes("epoch", "loss").log();
        let mut accuracies = vec![];
        for lr in [0.001, 0.01, 0.1, 1.0, 10.0] {
            let history = train(32, lr);
            println!("learning rate {lr:>5}: accuracy {:.4}", history.final_accuracy());
            by_rate = by_rate.curve(&lr.to_string(), &history.loss);
            accuracies.push(history.final_accuracy());
        }
    }
    figure(by_batch.svg(), "the loss for four sizes of batches");
    figure(by_rate.svg(), "the loss for five learning rates");
    if settings.trains_fully(EPOCHS) {
        claim("with the same rate, smaller batches have come further after ten epochs", losses.is_sorted());
        claim("0.001 is too small and 10 too large", accuracies[0] < accuracies[2] && accuracies[4] < accuracies[2]);
    }
}
