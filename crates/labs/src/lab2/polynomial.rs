//! Lab 2, exercise 5: a polynomial.

use super::gradient;
use crate::settings::Settings;
use crate::transcript::{agree, draw, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("y = 8x⁴ + 3x³ + 7x² + 6x + 3 at x = 2.");
    show! {
        let x = tensor_with(2.0, requires_grad()).named("x");
        let y = (8.0 * x.pow(4) + 3.0 * x.pow(3) + 7.0 * x.pow(2) + 6.0 * &x + 3.0).named("y");
        println!("{y}");
        y.backward();
        println!("{}", x.grad().unwrap());
    }
    draw(&y, "y = 8x⁴ + 3x³ + 7x² + 6x + 3 at x = 2");

    say("By hand every power is a path: n·xⁿ⁻¹ times its factor, and the constant has none.");
    show! {
        let paths = [8.0 * 4.0 * 8.0, 3.0 * 3.0 * 4.0, 7.0 * 2.0 * 2.0, 6.0];
        let by_hand: f64 = paths.iter().sum();
        println!("{paths:?} {by_hand:?}");
    }
    let x_value = 2.0f64;
    let analytic = ((32.0 * x_value + 9.0) * x_value + 14.0) * x_value + 6.0;
    agree(
        "dy/dx at 2",
        &[("autograd", gradient(&x)), ("chain rule by hand", by_hand), ("32x³ + 9x² + 14x + 6", analytic)],
    );
}
