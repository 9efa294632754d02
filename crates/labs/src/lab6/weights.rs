//! Lab 6, exercise 6: what regularization does to the weights and to the losses, side by side.

use super::{few_digits, network, plan};
use crate::settings::Settings;
use crate::training::{History, fit};
use crate::transcript::{claim, figure, say};
use sconce::nn::Sequential;
use sconce::optim::AdamW;
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure, Histograms};

/// How often the networks see all pictures.
const EPOCHS: usize = 60;

pub fn run(settings: &Settings) {
    let (seed, plan) = (settings.seed_or(0), plan(settings, EPOCHS));
    let pictures = few_digits();
    say("Three networks from the same start: without regularization, with weight decay, with dropout.");
    show! {
        let run = |p: f64, decay: f64| {
            manual_seed(seed);
            let net = network(p).to(plan.device);
            let mut optimizer = AdamW::with(net.parameters(), 0.001, |adam| adam.weight_decay(decay));
            let history = fit(&net, &mut optimizer, &pictures.learn, &pictures.unseen, plan);
            (net, history)
        };
        let runs: [(&str, (Sequential, History)); 3] =
            [("without", run(0.0, 0.0)), ("weight decay", run(0.0, 3.0)), ("dropout", run(0.5, 0.0))];
        for (name, (net, history)) in &runs {
            let weight = net.named_parameters()[2].1.detach();
            println!("{name:<12} standard deviation of the second layer {:.4}, accuracy {:.4}", weight.std().item::<f64>(), history.final_accuracy());
        }
    }
    let mut histogram = Histograms::new("Weights of the second layer");
    for (name, (net, _)) in &runs {
        histogram = histogram.values(*name, &net.named_parameters()[2].1);
    }
    figure(histogram.svg(), "decay pulls the weights together");
    for (name, (_, history)) in &runs {
        let curves = Curves::new(*name).axes("epoch", "cross entropy").log();
        figure(
            curves.curve("learning", &history.loss).curve("unseen", &history.unseen_loss).svg(),
            &format!("losses, {name}"),
        );
    }
    let spread = |net: &Sequential| net.named_parameters()[2].1.detach().std().item::<f64>();
    if settings.trains_fully(EPOCHS) {
        claim("weight decay makes the weights' spread smaller", spread(&runs[1].1.0) < spread(&runs[0].1.0));
    }
}
