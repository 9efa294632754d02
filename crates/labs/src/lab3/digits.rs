//! Lab 3, exercise 9: handwritten digits by softmax regression and by a network with two hidden layers.

use crate::settings::Settings;
use crate::transcript::{claim, figure, say};
use sconce::data::metrics::ConfusionMatrix;
use sconce::data::sets::Digits;
use sconce::data::{DataLoader, Subset, TensorDataset, random_split};
use sconce::nn::{CrossEntropyLoss, Linear, ReLU, Sequential, sequential, summary};
use sconce::optim::Adam;
use sconce::prelude::*;
use sconce::train::figures::{Confusion, Curves, Figure};

pub fn run(settings: &Settings) {
    let (seed, epochs) = (settings.seed_or(0), settings.epochs_or(15));
    say(
        "1,797 digits of 8×8 pixels from 0 to 16, of the UCI repository; four fifths to learn from, one fifth to be judged by. \
         Softmax regression is one linear layer: ten scores, whose softmax is the probability of each digit. \
         `CrossEntropyLoss` takes the scores as they are.",
    );
    show! {
        manual_seed(seed);
        let digits = Digits::load().unwrap();
        let x = digits.data().float().flatten_dims(1, -1) / 16.0;
        let y = digits.targets().clone();
        let parts = random_split(&TensorDataset::new((x, y)), [0.8, 0.2]);
        println!("{} to learn from, {} to be judged by", parts[0].len(), parts[1].len());

        let regression = sequential![Linear::new(64, 10)];
        let network = sequential![
            Linear::new(64, 64), ReLU::new(),
            Linear::new(64, 32), ReLU::new(),
            Linear::new(32, 10),
        ];
        println!("{}", summary(&network, &[1, 64]));
    }
    show! {
        type Part = Subset<TensorDataset<(Tensor, Tensor)>>;

        /// The mean loss of each epoch.
        fn train(net: &Sequential, part: &Part, epochs: usize) -> Vec<f64> {
            let loader = DataLoader::with(part.clone(), |loader| loader.batch_size(32).shuffle(true));
            let criterion = CrossEntropyLoss::new();
            let mut optimizer = Adam::new(net.parameters(), 0.003);
            let mut losses = vec![];
            for _ in 0..epochs {
                let mut total = 0.0;
                for (x, y) in &loader {
                    optimizer.zero_grad();
                    let loss = criterion.forward(&net.forward(&x), &y);
                    loss.backward();
                    optimizer.step();
                    total += loss.item::<f64>();
                }
                losses.push(total / loader.len() as f64);
            }
            losses
        }

        /// How often each digit is taken for which.
        fn judge(net: &Sequential, part: &Part) -> ConfusionMatrix {
            let mut matrix = ConfusionMatrix::new(10);
            for (x, y) in &DataLoader::with(part.clone(), |loader| loader.batch_size(256)) {
                matrix.update(&no_grad(|| net.forward(&x)), &y);
            }
            matrix
        }

        let regression_losses = train(&regression, &parts[0], epochs);
        let network_losses = train(&network, &parts[0], epochs);
        let by_regression = judge(&regression, &parts[1]);
        let by_network = judge(&network, &parts[1]);
        println!("softmax regression: {} parameters, accuracy {:.4}", regression.parameter_count(true), by_regression.accuracy());
        println!("two hidden layers: {} parameters, accuracy {:.4}", network.parameter_count(true), by_network.accuracy());
        println!("{by_network}");
    }
    let curves = Curves::new("Cross entropy").axes("epoch", "loss");
    figure(
        curves.curve("softmax regression", &regression_losses).curve("two hidden layers", &network_losses).svg(),
        "the loss while learning",
    );
    figure(
        Confusion::new("Confusion matrix", &by_network.tensor()).svg(),
        "rows are what was written, columns what was read",
    );
    claim(
        "softmax regression has 650 parameters, the network 6,570",
        regression.parameter_count(true) == 650 && network.parameter_count(true) == 6570,
    );
    if settings.trains_fully(15) {
        claim("softmax regression reads at least 90 % of the unseen digits", by_regression.accuracy() >= 0.90);
        claim("two hidden layers read at least 94 %", by_network.accuracy() >= 0.94);
    }
}
