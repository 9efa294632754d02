//! Lab 7, exercise 4: learning rates that change while training.

use crate::settings::Settings;
use crate::transcript::{claim, figure, say};
use sconce::optim::SGD;
use sconce::optim::lr_scheduler::{
    CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR, ExponentialLR, LinearLR, LrScheduler, MultiStepLR,
    OneCycleLR, StepLR,
};
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

pub fn run(_: &Settings) {
    say(
        "A scheduler belongs to an optimizer and changes its learning rate at each `step`, here over 100 epochs from 0.1 on.",
    );
    show! {
        type Schedule = fn(&SGD) -> Box<dyn LrScheduler>;
        let schedules: [(&str, Schedule); 8] = [
            ("StepLR", |o| Box::new(StepLR::new(o, 30))),
            ("MultiStepLR", |o| Box::new(MultiStepLR::new(o, [40, 80]))),
            ("ExponentialLR", |o| Box::new(ExponentialLR::new(o, 0.96))),
            ("LinearLR", |o| Box::new(LinearLR::with(o, |s| s.start_factor(0.1).total_iters(20)))),
            ("CosineAnnealingLR", |o| Box::new(CosineAnnealingLR::new(o, 100))),
            ("warm restarts", |o| Box::new(CosineAnnealingWarmRestarts::new(o, 25))),
            ("OneCycleLR", |o| Box::new(OneCycleLR::with(o, 0.1, |s| s.total_steps(101)))),
            ("CyclicLR", |o| Box::new(CyclicLR::with(o, 0.01, 0.1, |s| s.step_size_up(15)))),
        ];
        let mut found = vec![];
        for (name, make) in schedules {
            let parameter = zeros([1]).requires_grad_(true);
            let mut optimizer = SGD::with(vec![parameter.clone()], 0.1, |sgd| sgd.momentum(0.9));
            let scheduler = make(&optimizer);
            let mut rates = vec![];
            for _ in 0..100 {
                rates.push(scheduler.get_last_lr()[0]);
                optimizer.step();
                scheduler.step();
            }
            println!("{name:<17} {:.4} at first, {:.4} at epoch 50, {:.6} at the end", rates[0], rates[50], rates[99]);
            found.push((name, rates));
        }
    }
    let mut curves = Curves::new("Learning rate").axes("epoch", "rate");
    for (name, rates) in &found {
        curves = curves.curve(*name, rates);
    }
    figure(curves.svg(), "eight schedules");
    let rate = |name: &str, epoch: usize| {
        found.iter().find(|(other, _)| *other == name).map_or(f64::NAN, |(_, rates)| rates[epoch])
    };
    let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
    claim("StepLR divides by ten every 30 epochs", near(rate("StepLR", 95), 0.1 * 0.1f64.powi(3)));
    claim("ExponentialLR is 0.1 · 0.96ᵗ", near(rate("ExponentialLR", 50), 0.1 * 0.96f64.powi(50)));
    claim("the cosine is at half its height at epoch 50", near(rate("CosineAnnealingLR", 50), 0.05));
    claim("warm restarts begin again at epoch 25", near(rate("warm restarts", 25), 0.1));
}
