//! Lab 7, optimizers: the order of its exercises, and the list of optimizers that they compare.

mod by_hand;
mod curves;
mod paths;
mod schedules;
mod sizes;

use crate::course::{Lab, parts};
use sconce::optim::{Adadelta, Adagrad, Adam, AdamW, NAdam, Optimizer, RMSprop, SGD};
use sconce::prelude::*;

/// The lab.
pub static LAB: Lab = Lab {
    number: 7,
    title: "Optimizers",
    introduction: "All of them follow the gradient; they differ in what they remember of it. Their rules by hand, their paths \
                   through three valleys, their losses on one network, the schedules of learning rates, and what the size of \
                   batches and steps does.",
    keeps_values: false,
    parts: parts! {
        exercise 1 in by_hand: "Three update rules by hand: momentum, RMSprop, Adam";
        exercise 2 in paths: "Paths over Rosenbrock, Beale and Himmelblau";
        exercise 3 in curves: "Ten optimizers on one network";
        exercise 4 in schedules: "Schedules of the learning rate";
        exercise 5 in sizes: "Batch size and learning rate";
    },
};

/// A function from parameters to an optimizer.
type Make = fn(Vec<Tensor>, f64) -> Box<dyn Optimizer>;

/// The optimizers of the lab by name, each with a learning rate that suits a network.
const OPTIMIZERS: &[(&str, f64, Make)] = &[
    ("SGD", 0.1, |p, lr| Box::new(SGD::new(p, lr))),
    ("momentum", 0.05, |p, lr| Box::new(SGD::with(p, lr, |o| o.momentum(0.9)))),
    ("Nesterov", 0.05, |p, lr| Box::new(SGD::with(p, lr, |o| o.momentum(0.9).nesterov(true)))),
    ("Adagrad", 0.05, |p, lr| Box::new(Adagrad::new(p, lr))),
    ("RMSprop", 0.002, |p, lr| Box::new(RMSprop::new(p, lr))),
    ("Adadelta", 1.0, |p, lr| Box::new(Adadelta::new(p, lr))),
    ("Adam", 0.002, |p, lr| Box::new(Adam::new(p, lr))),
    ("AdamW", 0.002, |p, lr| Box::new(AdamW::new(p, lr))),
    ("NAdam", 0.002, |p, lr| Box::new(NAdam::new(p, lr))),
];
