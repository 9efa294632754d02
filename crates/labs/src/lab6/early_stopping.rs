//! Lab 6, exercise 5: training ends when the unseen loss has not fallen for a while, and the best weights come back.

use super::{few_digits, network, plan};
use crate::settings::Settings;
use crate::training::{fit_with, judge};
use crate::transcript::{claim, figure, say};
use sconce::optim::Adam;
use sconce::prelude::*;
use sconce::train::EarlyStopping;
use sconce::train::figures::{Curves, Figure};

/// The most epochs that there may be.
const EPOCHS: usize = 200;

pub fn run(settings: &Settings) {
    let (seed, plan) = (settings.seed_or(0), plan(settings, EPOCHS));
    let pictures = few_digits();
    say(
        "`EarlyStopping` with patience 5 copies the weights whenever the loss is the best so far, and stops after five epochs without one.",
    );
    show! {
        manual_seed(seed);
        let net = network(0.0).to(plan.device);
        let mut optimizer = Adam::new(net.parameters(), 0.003);
        let mut stopping = EarlyStopping::new(5);
        let sets = [&pictures.learn, &pictures.unseen];
        let stop = |_: f64, unseen: f64| stopping.step(unseen, &net);
        let history = fit_with(&net, &mut optimizer, sets, plan, |x| x, |_| None, stop);
        let epochs = history.unseen_loss.len();
        println!("stopped after {epochs} epochs; last loss {:.4}", history.unseen_loss[epochs - 1]);

        stopping.restore(&net);
        let (restored, _) = judge(&net, &pictures.unseen, plan.device);
        println!("the loss of the weights kept: {restored:.4}");
    }
    let curves = Curves::new("Cross entropy").axes("epoch", "loss").log();
    figure(curves.curve("learning", &history.loss).curve("unseen", &history.unseen_loss).svg(), "where training ended");
    let best = history.unseen_loss.iter().copied().fold(f64::INFINITY, f64::min);
    claim("the weights kept have the best loss of all epochs", (restored - best).abs() < 1e-6 * best.max(1.0));
    if settings.trains_fully(EPOCHS) {
        claim("training ended before the last epoch", epochs < EPOCHS);
        let best_at = history.unseen_loss.iter().position(|loss| *loss == best).unwrap_or(0);
        claim("it ended five epochs after the best one", epochs == best_at + 1 + 5);
    }
}
