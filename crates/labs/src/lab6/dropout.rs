//! Lab 6, exercise 3: dropout.

use super::{few_digits, network, plan};
use crate::settings::Settings;
use crate::training::fit;
use crate::transcript::{claim, figure, say};
use sconce::nn::Dropout;
use sconce::optim::Adam;
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

/// How often the networks see all pictures.
const EPOCHS: usize = 60;

pub fn run(settings: &Settings) {
    let (seed, plan) = (settings.seed_or(0), plan(settings, EPOCHS));
    let pictures = few_digits();
    say(
        "In training, dropout sets each number to zero with probability p and divides the others by 1 − p, so that the mean \
         stays; in evaluation it does nothing. `train()` and `eval()` of the network say which.",
    );
    show! {
        manual_seed(seed);
        let layer = Dropout::new(0.5);
        println!("{}", layer.forward(&ones([8])));
        layer.eval();
        println!("{}", layer.forward(&ones([8])));

        let run = |p: f64| {
            manual_seed(seed);
            let net = network(p).to(plan.device);
            let mut optimizer = Adam::new(net.parameters(), 0.001);
            fit(&net, &mut optimizer, &pictures.learn, &pictures.unseen, plan)
        };
        let without = run(0.0);
        let with = run(0.5);
        for (name, history) in [("without", &without), ("with", &with)] {
            let (seen, unseen) = (history.loss[history.loss.len() - 1], history.unseen_loss[history.unseen_loss.len() - 1]);
            println!("{name}: loss {seen:.4} learning, {unseen:.4} unseen; accuracy {:.4}", history.final_accuracy());
        }
    }
    let curves = Curves::new("Cross entropy").axes("epoch", "loss").log();
    let curves = curves.curve("without, learning", &without.loss).curve("without, unseen", &without.unseen_loss);
    let curves = curves.curve("with, learning", &with.loss).curve("with, unseen", &with.unseen_loss);
    figure(curves.svg(), "dropout keeps the two losses together");
    if settings.trains_fully(EPOCHS) {
        let gap = |history: &crate::training::History| history.unseen_loss[EPOCHS - 1] / history.loss[EPOCHS - 1];
        claim("with dropout the unseen loss is closer to that of learning", gap(&with) < gap(&without));
        claim("and lower than without", with.unseen_loss[EPOCHS - 1] < without.unseen_loss[EPOCHS - 1]);
    }
}
