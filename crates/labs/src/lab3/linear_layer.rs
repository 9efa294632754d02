//! Lab 3, exercise 5: the library's linear layer on the data of exercise 1.

use super::{X, Y, least_squares};
use crate::settings::Settings;
use crate::transcript::{claim, say};
use sconce::nn::{Linear, MSELoss};
use sconce::optim::SGD;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    let (seed, epochs) = (settings.seed_or(0), settings.epochs_or(100));
    say("`Linear::new(1, 1)` is the same line, with drawn parameters instead of ones; its input is a column.");
    show! {
        manual_seed(seed);
        let model = Linear::new(1, 1);
        println!("{model}");
        println!("{}", model.weight);
        let (x, y) = (tensor(X).unsqueeze(1), tensor(Y).unsqueeze(1));
        let mut optimizer = SGD::new(model.parameters(), 0.001);
        let mut loss = MSELoss::new().forward(&model.forward(&x), &y);
        for _ in 0..epochs {
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            loss = MSELoss::new().forward(&model.forward(&x), &y);
        }
        println!("{loss}");
        println!("{}", model.weight);
        println!("{}", model.forward(&tensor([[20.0]])));
    }
    let (slope, intercept) = least_squares(&X, &Y);
    let predicted = model.forward(&tensor([[20.0]])).item::<f64>();
    if settings.trains_fully(100) {
        let best = 20.0 * slope + intercept;
        claim(
            &format!("at x = 20 the layer is within 0.2 of the best line's {best:.3}"),
            (predicted - best).abs() < 0.2,
        );
    }
}
