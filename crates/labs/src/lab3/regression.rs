//! Lab 3, exercise 1: a line through 23 points.

use super::{X, Y, least_squares};
use crate::settings::Settings;
use crate::transcript::{claim, figure, say};
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure, Scatter};

pub fn run(settings: &Settings) {
    let epochs = settings.epochs_or(100);
    say("The same descent on 23 points, for more epochs, with the loss of each kept.");
    show! {
        let x = tensor(X);
        let y = tensor(Y);
        let w = tensor_with(1.0, requires_grad());
        let b = tensor_with(1.0, requires_grad());
        let lr = 0.001;

        let mut losses = vec![];
        for _ in 0..epochs {
            let loss = (&w * &x + &b - &y).square().mean();
            loss.backward();
            no_grad(|| {
                w.sub_(lr * w.grad().unwrap());
                b.sub_(lr * b.grad().unwrap());
            });
            w.zero_grad();
            b.zero_grad();
            losses.push(loss.item::<f64>());
        }
        println!("first loss {:.4}, last loss {:.4}", losses[0], losses[losses.len() - 1]);
        println!("w = {w}");
        println!("b = {b}");
    }
    figure(
        Curves::new("Mean squared error").axes("epoch", "loss").log().curve("loss", &losses).svg(),
        "the loss curve",
    );
    let (slope, intercept) = least_squares(&X, &Y);
    let (w, b) = (w.item::<f64>(), b.item::<f64>());
    let scatter = Scatter::new("The fitted line").axes("x", "y").points("data", &X, &Y);
    let scatter =
        scatter.function("gradient descent", |x| w * x + b).function("least squares", |x| slope * x + intercept);
    figure(scatter.svg(), "the points, the line found, and the best line");
    say(&format!(
        "The best line has the slope {slope:.4} and the intercept {intercept:.4}. The slope is nearly there after {epochs} \
         epochs; the intercept moves along a valley so flat that it would take many thousands: inputs around 17 make w and b \
         nearly exchangeable. Centring x would cure it."
    ));
    if settings.trains_fully(100) {
        claim("the loss after 100 epochs is below 0.02", losses[losses.len() - 1] < 0.02);
    }
    claim("the loss falls from each epoch to the next", losses.windows(2).all(|pair| pair[1] < pair[0]));
}
