//! Lab 3, exercise 7: logistic regression.

use crate::settings::Settings;
use crate::transcript::{claim, figure, say};
use sconce::data::{DataLoader, TensorDataset};
use sconce::nn::{BCELoss, Linear};
use sconce::optim::SGD;
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

pub fn run(settings: &Settings) {
    let (seed, epochs) = (settings.seed_or(0), settings.epochs_or(8000));
    say(
        "A line with a sigmoid behind it gives the probability of a class; its loss is the binary cross entropy. Nine points of \
         one input: the class changes somewhere between 25 and 50.",
    );
    show! {
        #[derive(Module)]
        struct Logistic { linear: Linear }

        impl Forward for Logistic {
            fn forward(&self, x: &Tensor) -> Tensor {
                self.linear.forward(x).sigmoid()
            }
        }

        manual_seed(seed);
        let x = tensor([1.0, 5.0, 10.0, 10.0, 25.0, 50.0, 70.0, 75.0, 100.0]).unsqueeze(1);
        let y = tensor([0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]).unsqueeze(1);
        let model = Logistic { linear: Linear::new(1, 1) };
        let loader = DataLoader::with(TensorDataset::new((x.clone(), y.clone())), |loader| loader.batch_size(3).shuffle(true));
        let criterion = BCELoss::new();
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
        println!("{model}");
        println!("probabilities: {}", no_grad(|| model.forward(&x)).flatten());
        let threshold = -model.linear.bias.as_ref().unwrap().item::<f64>() / model.linear.weight.item::<f64>();
        println!("the classes meet at x = {threshold:.1}");
    }
    figure(Curves::new("Binary cross entropy").axes("epoch", "loss").curve("loss", &losses).svg(), "the loss curve");
    if settings.trains_fully(8000) {
        let right = no_grad(|| model.forward(&x)).gt(0.5).eq(&y.gt(0.5)).sum().item::<i64>();
        claim("all nine points are classified as they are labelled", right == 9);
    }
}
