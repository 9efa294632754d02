//! Lab 7, exercise 3: the losses of all optimizers on one network.

use super::OPTIMIZERS;
use crate::pictures::digits;
use crate::settings::Settings;
use crate::training::{Plan, fit};
use crate::transcript::{claim, figure, say};
use sconce::nn::{Flatten, Linear, ReLU, sequential};
use sconce::optim::SGD;
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

/// How often each optimizer sees all pictures.
const EPOCHS: usize = 10;

pub fn run(settings: &Settings) {
    let seed = settings.seed_or(0);
    let plan = Plan { epochs: settings.epochs_or(EPOCHS), batch_size: 32, device: settings.device() };
    let pictures = digits();
    say(&pictures.about);
    say(
        "The same network from the same start. Gradient descent in the strict sense takes all pictures in each step; the others \
         take 32. Each has a learning rate that suits it.",
    );
    show! {
        let start = || {
            manual_seed(seed);
            sequential![Flatten::new(), Linear::new(64, 64), ReLU::new(), Linear::new(64, 10)].to(plan.device)
        };
        let mut curves = Curves::new("Cross entropy").axes("epoch", "loss").log();
        let mut accuracies = vec![];

        let net = start();
        let whole = Plan { batch_size: pictures.learn.len(), ..plan };
        let history = fit(&net, &mut SGD::new(net.parameters(), 0.5), &pictures.learn, &pictures.unseen, whole);
        println!("{:<16} accuracy {:.4}", "gradient descent", history.final_accuracy());
        curves = curves.curve("gradient descent", &history.loss);
        accuracies.push(history.final_accuracy());

        for (name, lr, make) in OPTIMIZERS {
            let net = start();
            let history = fit(&net, &mut *make(net.parameters(), *lr), &pictures.learn, &pictures.unseen, plan);
            println!("{name:<16} accuracy {:.4}", history.final_accuracy());
            curves = curves.curve(*name, &history.loss);
            accuracies.push(history.final_accuracy());
        }
    }
    figure(curves.svg(), "the losses of ten optimizers");
    if settings.trains_fully(EPOCHS) {
        claim(
            "each of the nine that take batches reads at least 85 %",
            accuracies[1..].iter().all(|accuracy| *accuracy >= 0.85),
        );
        claim(
            "gradient descent, with ten steps in all, is the last",
            accuracies[1..].iter().all(|accuracy| *accuracy > accuracies[0]),
        );
    }
}
