//! Lab 6, regularization: the order of its exercises, and the small network that overfits in each of them.

mod augmentation;
mod dropout;
mod early_stopping;
mod own_dropout;
mod penalties;
mod sweeps;
mod weights;

use crate::course::{Lab, parts};
use crate::pictures::{Labelled, Pictures, digits};
use crate::settings::Settings;
use crate::training::Plan;
use sconce::data::TensorDataset;
use sconce::nn::{Dropout, Flatten, Linear, ReLU, Sequential, sequential};

/// The lab.
pub static LAB: Lab = Lab {
    number: 6,
    title: "Regularization",
    introduction: "A network with more parameters than examples learns its examples by heart: the loss of what it has seen goes \
                   to zero, that of what it has not seen rises again. Here 300 handwritten digits meet a network of 26,000 \
                   parameters, and each exercise keeps it from learning by heart in another way.",
    keeps_values: false,
    parts: parts! {
        exercise 1 in augmentation: "Augmentation: noise, flip and rotation";
        exercise 2 in penalties: "L2 and L1: by weight_decay, and by a loop over the norms";
        exercise 3 in dropout: "Dropout, with and without";
        exercise 4 in own_dropout: "A Bernoulli dropout layer of one's own";
        exercise 5 in early_stopping: "Early stopping that keeps the best weights";
        exercise 6 in weights: "Weights and losses side by side";
        exercise 7 in sweeps: "How strong? Sweeps over λ and the dropout rate";
    },
};

/// 300 digits to learn by heart, and the unseen ones.
fn few_digits() -> Pictures {
    let all = digits();
    let (x, y) = all.learn.tensors();
    let learn: Labelled = TensorDataset::new((x.narrow(0, 0, 300), y.narrow(0, 0, 300)));
    Pictures { learn, ..all }
}

/// Two hidden layers of 128, each with dropout behind it.
fn network(dropout: f64) -> Sequential {
    sequential![
        Flatten::new(),
        Linear::new(64, 128),
        ReLU::new(),
        Dropout::new(dropout),
        Linear::new(128, 128),
        ReLU::new(),
        Dropout::new(dropout),
        Linear::new(128, 10),
    ]
}

/// How training goes here, for as many epochs as the exercise wants.
fn plan(settings: &Settings, epochs: usize) -> Plan {
    Plan { epochs: settings.epochs_or(epochs), batch_size: 32, device: settings.device() }
}
