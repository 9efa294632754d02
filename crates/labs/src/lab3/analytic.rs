//! Lab 3, exercise 2: the gradients of w and b from their formulas, for two points and two epochs.

use crate::settings::Settings;
use crate::transcript::{agree, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("The loss is `L = 1/n Σ (yp − y)²`, so that its derivatives are \
         `∂L/∂w = 2/n Σ (yp − y)·x` and `∂L/∂b = 2/n Σ (yp − y)`. Two points, (2, 20) and (4, 40); w = b = 1; two epochs.");
    show! {
        let x = tensor([2.0, 4.0]);
        let y = tensor([20.0, 40.0]);
        let w = tensor_with(1.0, requires_grad());
        let b = tensor_with(1.0, requires_grad());
        let (mut w_hand, mut b_hand) = (1.0, 1.0);
        let mut gradients = vec![];
        for epoch in 1..=2 {
            let yp = &w * &x + &b;
            (&yp - &y).square().mean().backward();

            let errors: Vec<f64> = [(2.0, 20.0), (4.0, 40.0)].iter().map(|(x, y)| w_hand * x + b_hand - y).collect();
            let dw = (errors[0] * 2.0 + errors[1] * 4.0) * 2.0 / 2.0;
            let db = (errors[0] + errors[1]) * 2.0 / 2.0;
            let (dw_auto, db_auto) = (w.grad().unwrap().item::<f64>(), b.grad().unwrap().item::<f64>());
            println!("epoch {epoch}: dL/dw {dw_auto} and by hand {dw}, dL/db {db_auto} and by hand {db}");
            gradients.push([(dw_auto, dw), (db_auto, db)]);

            no_grad(|| {
                w.sub_(0.001 * w.grad().unwrap());
                b.sub_(0.001 * b.grad().unwrap());
            });
            (w_hand, b_hand) = (w_hand - 0.001 * dw, b_hand - 0.001 * db);
            w.zero_grad();
            b.zero_grad();
        }
    }
    for (epoch, [dw, db]) in gradients.into_iter().enumerate() {
        agree(&format!("∂L/∂w in epoch {}", epoch + 1), &[("autograd", dw.0), ("formula", dw.1)]);
        agree(&format!("∂L/∂b in epoch {}", epoch + 1), &[("autograd", db.0), ("formula", db.1)]);
    }
    say(
        "Written with `(y − yp)` instead, the square is the same, and so is the gradient: the inner derivative changes its sign \
         with the error. Whoever writes `(y − yp)·x` without that sign walks uphill.",
    );
    show! {
        let w = tensor_with(1.0, requires_grad());
        let yp = &w * &x + 1.0;
        (&yp - &y).square().mean().backward();
        let one_way = w.grad().unwrap().item::<f64>();
        w.zero_grad();
        let yp = &w * &x + 1.0;
        (&y - &yp).square().mean().backward();
        let other_way = w.grad().unwrap().item::<f64>();
        println!("{one_way} {other_way}");
    }
    agree("∂L/∂w with (y − yp)", &[("autograd", other_way), ("with (yp − y)", one_way)]);
}
