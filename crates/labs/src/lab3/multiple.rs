//! Lab 3, exercise 6: regression with two inputs.

use crate::settings::Settings;
use crate::transcript::{claim, figure, say};
use sconce::nn::{Linear, MSELoss};
use sconce::optim::SGD;
use sconce::prelude::*;
use sconce::train::figures::{Curves, Figure};

pub fn run(settings: &Settings) {
    let (seed, epochs) = (settings.seed_or(0), settings.epochs_or(5000));
    say("Five points with two inputs each; a plane through them, and its value at (3, 2).");
    show! {
        manual_seed(seed);
        let x = tensor([[3.0, 8.0], [4.0, 5.0], [5.0, 7.0], [6.0, 3.0], [2.0, 1.0]]);
        let y = tensor([[-3.7], [3.5], [2.5], [11.5], [5.7]]);
        let model = Linear::new(2, 1);
        let criterion = MSELoss::new();
        let mut optimizer = SGD::new(model.parameters(), 0.01);
        let mut losses = vec![];
        for _ in 0..epochs {
            optimizer.zero_grad();
            let loss = criterion.forward(&model.forward(&x), &y);
            loss.backward();
            optimizer.step();
            losses.push(loss.item::<f64>());
        }
        println!("{:?}", model.weight.detach());
        println!("{}", model.forward(&tensor([[3.0, 2.0]])));
    }
    figure(
        Curves::new("Mean squared error").axes("epoch", "loss").log().curve("loss", &losses).svg(),
        "the loss curve",
    );
    let [a, b, c] = plane();
    say(&format!(
        "The least-squares plane in closed form is {a:.4}·x₁ + {b:.4}·x₂ + {c:.4}; the points lie nearly on it."
    ));
    if settings.trains_fully(5000) {
        let (predicted, best) = (model.forward(&tensor([[3.0, 2.0]])).item::<f64>(), 3.0 * a + 2.0 * b + c);
        claim(&format!("y(3, 2) is {best:.2}, as on the best plane"), (predicted - best).abs() < 0.005);
    }
}

/// The coefficients of the plane of least squares, from the normal equations by Cramer's rule.
fn plane() -> [f64; 3] {
    let points = [[3.0, 8.0, -3.7], [4.0, 5.0, 3.5], [5.0, 7.0, 2.5], [6.0, 3.0, 11.5], [2.0, 1.0, 5.7]];
    let mut equations = [[0.0; 4]; 3];
    for [x1, x2, y] in points {
        let row = [x1, x2, 1.0, y];
        for (equation, factor) in equations.iter_mut().zip(row) {
            equation.iter_mut().zip(row).for_each(|(sum, value)| *sum += factor * value);
        }
    }
    let determinant = |columns: [usize; 3]| {
        let at = |row: usize, column: usize| equations[row][columns[column]];
        at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)) - at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0))
            + at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0))
    };
    let whole = determinant([0, 1, 2]);
    [determinant([3, 1, 2]) / whole, determinant([0, 3, 2]) / whole, determinant([0, 1, 3]) / whole]
}
