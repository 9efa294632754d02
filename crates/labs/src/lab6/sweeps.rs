//! Lab 6, exercise 7: how strong regularization should be.

use super::{few_digits, network, plan};
use crate::settings::Settings;
use crate::training::fit;
use crate::transcript::{claim, figure, say};
use sconce::optim::{Adam, SGD};
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

/// How often the networks see all pictures.
const EPOCHS: usize = 30;

pub fn run(settings: &Settings) {
    let (seed, plan) = (settings.seed_or(0), plan(settings, EPOCHS));
    let pictures = few_digits();
    say("Too little changes nothing, too much leaves nothing to learn with.");
    show! {
        let lambdas = [0.0, 0.0001, 0.001, 0.01, 0.1, 1.0];
        let mut by_lambda = vec![];
        for lambda in lambdas {
            manual_seed(seed);
            let net = network(0.0).to(plan.device);
            let mut optimizer = SGD::with(net.parameters(), 0.1, |sgd| sgd.momentum(0.9).weight_decay(lambda));
            let accuracy = fit(&net, &mut optimizer, &pictures.learn, &pictures.unseen, plan).final_accuracy();
            println!("λ = {lambda}: accuracy {accuracy:.4}");
            by_lambda.push(accuracy);
        }
        let rates = [0.0, 0.1, 0.3, 0.5, 0.7, 0.9];
        let mut by_rate = vec![];
        for p in rates {
            manual_seed(seed);
            let net = network(p).to(plan.device);
            let mut optimizer = Adam::new(net.parameters(), 0.001);
            let accuracy = fit(&net, &mut optimizer, &pictures.learn, &pictures.unseen, plan).final_accuracy();
            println!("p = {p}: accuracy {accuracy:.4}");
            by_rate.push(accuracy);
        }
    }
    figure(
        Curves::new("λ: 0, 0.0001, 0.001, 0.01, 0.1, 1")
            .axes("step of λ", "accuracy")
            .curve("weight decay", &by_lambda)
            .svg(),
        "accuracy against λ",
    );
    figure(
        Curves::new("p: 0, 0.1, 0.3, 0.5, 0.7, 0.9").axes("step of p", "accuracy").curve("dropout", &by_rate).svg(),
        "accuracy against the dropout rate",
    );
    if settings.trains_fully(EPOCHS) {
        let best = by_lambda.iter().copied().fold(0.0, f64::max);
        claim("λ = 1 leaves nothing to learn with", by_lambda[5] < best - 0.3);
        claim("a dropout rate of 0.9 is worse than the best", by_rate[5] < by_rate.iter().copied().fold(0.0, f64::max));
    }
}
