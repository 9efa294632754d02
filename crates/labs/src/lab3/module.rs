//! Lab 3, exercise 4: the same model as a module, with a data set, a loader and an optimizer.

use super::{X, Y};
use crate::settings::Settings;
use crate::transcript::{claim, figure, say};
use sconce::data::{DataLoader, TensorDataset};
use sconce::nn::{MSELoss, parameter};
use sconce::optim::SGD;
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

pub fn run(settings: &Settings) {
    let (seed, epochs) = (settings.seed_or(0), settings.epochs_or(100));
    say(
        "Derived, `Module` finds the parameters by itself; the optimizer takes them from it. A `DataLoader` deals the points out \
         in batches, in another order each epoch.",
    );
    show! {
        #[derive(Module)]
        struct RegressionModel { w: Tensor, b: Tensor }

        impl Forward for RegressionModel {
            fn forward(&self, x: &Tensor) -> Tensor {
                &self.w * x + &self.b
            }
        }

        manual_seed(seed);
        let model = RegressionModel { w: parameter(ones([1])), b: parameter(ones([1])) };
        let points = TensorDataset::new((tensor(X), tensor(Y)));
        let loader = DataLoader::with(points, |loader| loader.batch_size(8).shuffle(true));
        let criterion = MSELoss::new();
        let mut optimizer = SGD::new(model.parameters(), 0.001);

        let mut losses = vec![];
        for _ in 0..epochs {
            let mut total = 0.0;
            for (x, y) in &loader {
                optimizer.zero_grad();
                let loss = criterion.forward(&model.forward(&x), &y);
                loss.backward();
                optimizer.step();
                total += loss.item::<f64>();
            }
            losses.push(total / loader.len() as f64);
        }
        println!("loss {:.4}", losses[epochs - 1]);
        for (name, parameter) in model.named_parameters() {
            println!("{name}: {parameter}");
        }
    }
    figure(
        Curves::new("Mean squared error").axes("epoch", "loss").log().curve("loss", &losses).svg(),
        "the loss curve",
    );
    claim("three batches make an epoch", loader.len() == 3);
    if settings.trains_fully(100) {
        claim("the loss after 100 epochs is below 0.02", losses[epochs - 1] < 0.02);
    }
}
