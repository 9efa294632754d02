//! Lab 4, exercise 3: a convolutional network that reads handwriting, with its training loop written out.

use super::cnn;
use crate::pictures::handwriting;
use crate::settings::Settings;
use crate::transcript::{claim, figure, say};
use sconce::data::DataLoader;
use sconce::data::metrics::ConfusionMatrix;
use sconce::nn::{CrossEntropyLoss, summary};
use sconce::optim::Adam;
use sconce::optim::lr_scheduler::ExponentialLR;
use sconce::prelude::*;
use sconce::train::figures::{Confusion, Curves, Figure};
use sconce::train::{Checkpoint, Interrupt, Progress};

/// How often the network sees all pictures: MNIST's, or the fewer small ones.
const EPOCHS: [usize; 2] = [4, 20];

pub fn run(settings: &Settings) {
    let (seed, device) = (settings.seed_or(0), settings.device());
    let pictures = handwriting(settings);
    let own_epochs = EPOCHS[!pictures.real as usize];
    let epochs = settings.epochs_or(own_epochs);
    say(&pictures.about);
    say("Three convolutions of 64, 128 and 64 channels with pooling, then linear layers of 20 and 10.");
    show! {
        manual_seed(seed);
        let net = cnn([64, 128, 64], 20, pictures.side).to(device);
        println!("{net}");
        println!("{}", summary(&net, &[1, 1, pictures.side, pictures.side]));
    }
    show! {
        let loader = DataLoader::with(pictures.learn.clone(), |loader| loader.batch_size(32).shuffle(true));
        let criterion = CrossEntropyLoss::new();
        let mut optimizer = Adam::new(net.parameters(), 0.001);
        let scheduler = ExponentialLR::new(&optimizer, if pictures.real { 0.5 } else { 0.9 });
        let interrupt = Interrupt::watch().expect("Ctrl-C can be watched");
        let mut losses = vec![];
        for epoch in 1..=epochs {
            let progress = Progress::new(loader.len(), &format!("epoch {epoch}/{epochs}"));
            let mut total = 0.0;
            for (x, y) in &loader {
                let (x, y) = (x.to(device), y.to(device));
                optimizer.zero_grad();
                let loss = criterion.forward(&net.forward(&x), &y);
                loss.backward();
                optimizer.step();
                losses.push(loss.item::<f64>());
                total += losses[losses.len() - 1];
                progress.step(&[("loss", losses[losses.len() - 1])]);
                if interrupt.requested() {
                    let training = Checkpoint::of_training(&net, &optimizer, &[&scheduler], epoch - 1);
                    training.save("lab4.safetensors").expect("the file can be written");
                    eprintln!("Interrupted in epoch {epoch}. The training is kept in lab4.safetensors.");
                    std::process::exit(130);
                }
            }
            progress.finish();
            scheduler.step();
            println!("epoch {epoch}: mean loss {:.4}", total / loader.len() as f64);
        }

        net.eval();
        let mut matrix = ConfusionMatrix::new(10);
        for (x, y) in &DataLoader::with(pictures.unseen.clone(), |loader| loader.batch_size(250)) {
            matrix.update(&no_grad(|| net.forward(&x.to(device))).cpu(), &y);
        }
        println!("{matrix}");
        println!("accuracy on unseen pictures: {:.4}", matrix.accuracy());
    }
    figure(
        Curves::new("Cross entropy").axes("step", "loss").curve("loss of the batch", &losses).svg(),
        "the loss of each step",
    );
    figure(
        Confusion::new("Confusion matrix", &matrix.tensor()).svg(),
        "rows are what was written, columns what was read",
    );
    if pictures.real {
        claim("the network has 160,000 parameters and some", net.parameter_count(true) == parameters(28));
        if settings.trains_fully(own_epochs) {
            claim("it reads at least 97 % of the unseen digits", matrix.accuracy() >= 0.97);
        }
    } else {
        claim("the parameters are those of the sizes", net.parameter_count(true) == parameters(8));
        if settings.trains_fully(own_epochs) {
            claim("it reads at least 85 % of the unseen digits", matrix.accuracy() >= 0.85);
        }
    }
}

/// The number of parameters by the layers' sizes: kernels and biases.
fn parameters(side: usize) -> usize {
    let convolution = |inputs: usize, outputs: usize| outputs * (inputs * 9 + 1);
    let linear = |inputs: usize, outputs: usize| outputs * (inputs + 1);
    convolution(1, 64)
        + convolution(64, 128)
        + convolution(128, 64)
        + linear(64 * (side / 8) * (side / 8), 20)
        + linear(20, 10)
}
