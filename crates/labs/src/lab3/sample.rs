//! Lab 3, the sample: gradient descent with autograd on five points, every step written out.

use crate::settings::Settings;
use crate::transcript::{agree, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say(
        "The model is a line, `y = w·x + b`; its loss is the mean squared error over five points. Each epoch computes the loss, \
         asks for its gradient, and moves `w` and `b` a small way against it. The step itself must not be recorded: `no_grad`.",
    );
    show! {
        let x = tensor([5.0, 7.0, 12.0, 16.0, 20.0]);
        let y = tensor([40.0, 120.0, 180.0, 210.0, 240.0]);
        let w = tensor_with(1.0, requires_grad());
        let b = tensor_with(1.0, requires_grad());
        let lr = 0.001;

        for epoch in 0..2 {
            let loss = (&w * &x + &b - &y).square().mean();
            loss.backward();
            no_grad(|| {
                w.sub_(lr * w.grad().unwrap());
                b.sub_(lr * b.grad().unwrap());
            });
            w.zero_grad();
            b.zero_grad();
            println!("epoch {epoch}: loss {:.1}, w {:.4}, b {:.4}", loss.item::<f64>(), w.item::<f64>(), b.item::<f64>());
        }
    }
    say("The first step by hand: with w = b = 1 the errors are −34, −112, −167, −193 and −219; ∂L/∂w = 2/5 Σ error·x.");
    let errors = [-34.0, -112.0, -167.0, -193.0, -219.0];
    let x = [5.0, 7.0, 12.0, 16.0, 20.0];
    let dw: f64 = errors.iter().zip(x).map(|(error, x)| error * x).sum::<f64>() * 2.0 / 5.0;
    let db: f64 = errors.iter().sum::<f64>() * 2.0 / 5.0;
    let (w1, b1) = (1.0 - 0.001 * dw, 1.0 - 0.001 * db);
    let second: Vec<f64> = x.iter().zip([40.0, 120.0, 180.0, 210.0, 240.0]).map(|(x, y)| w1 * x + b1 - y).collect();
    let w2 = w1 - 0.001 * second.iter().zip(x).map(|(error, x)| error * x).sum::<f64>() * 2.0 / 5.0;
    let b2 = b1 - 0.001 * second.iter().sum::<f64>() * 2.0 / 5.0;
    agree("w after two epochs", &[("autograd", w.item()), ("by hand", w2)]);
    agree("b after two epochs", &[("autograd", b.item()), ("by hand", b2)]);
}
