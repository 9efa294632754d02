//! Lab 3, exercise 3: a model with everything that training needs, written by oneself.

use super::{X, Y};
use crate::settings::Settings;
use crate::transcript::{agree, claim, figure, say};
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

pub fn run(settings: &Settings) {
    let epochs = settings.epochs_or(100);
    say("A struct holds the parameters; `forward`, `criterion`, `update` and `reset_grad` are its methods.");
    show! {
        struct RegressionModel { w: Tensor, b: Tensor }

        impl RegressionModel {
            fn new() -> RegressionModel {
                RegressionModel { w: tensor_with(1.0, requires_grad()), b: tensor_with(1.0, requires_grad()) }
            }
            fn forward(&self, x: &Tensor) -> Tensor {
                &self.w * x + &self.b
            }
            fn criterion(&self, yp: &Tensor, y: &Tensor) -> Tensor {
                (yp - y).square().mean()
            }
            fn update(&self, lr: f64) {
                no_grad(|| {
                    self.w.sub_(lr * self.w.grad().unwrap());
                    self.b.sub_(lr * self.b.grad().unwrap());
                });
            }
            fn reset_grad(&self) {
                self.w.zero_grad();
                self.b.zero_grad();
            }
        }

        let (x, y) = (tensor(X), tensor(Y));
        let model = RegressionModel::new();
        let mut losses = vec![];
        for _ in 0..epochs {
            let loss = model.criterion(&model.forward(&x), &y);
            loss.backward();
            model.update(0.001);
            model.reset_grad();
            losses.push(loss.item::<f64>());
        }
        println!("loss {:.6}, w {:.6}, b {:.6}", losses[epochs - 1], model.w.item::<f64>(), model.b.item::<f64>());
    }
    figure(
        Curves::new("Mean squared error").axes("epoch", "loss").log().curve("loss", &losses).svg(),
        "the loss curve",
    );
    let by_hand = descent_by_hand(epochs);
    agree("w", &[("the model, float32", model.w.item()), ("the same steps in float64", by_hand.0)]);
    agree("b", &[("the model, float32", model.b.item()), ("the same steps in float64", by_hand.1)]);
    if settings.trains_fully(100) {
        claim("the loss after 100 epochs is below 0.02", losses[epochs - 1] < 0.02);
    }
}

/// Gradient descent by the formulas, without tensors.
fn descent_by_hand(epochs: usize) -> (f64, f64) {
    let n = X.len() as f64;
    (0..epochs).fold((1.0, 1.0), |(w, b), _| {
        let errors = X.iter().zip(Y).map(|(x, y)| (w * *x as f64 + b - y as f64, *x as f64));
        let (dw, db) = errors.fold((0.0, 0.0), |(dw, db), (error, x)| (dw + error * x, db + error));
        (w - 0.001 * 2.0 / n * dw, b - 0.001 * 2.0 / n * db)
    })
}
