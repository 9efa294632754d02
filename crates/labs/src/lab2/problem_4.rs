//! Lab 2, problem 4: the sigmoid as a chain of four functions, and its derivative written by hand.

use super::gradient;
use crate::settings::Settings;
use crate::transcript::{agree, draw, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("The sigmoid σ(x) = 1 / (1 + e⁻ˣ) is a chain of four steps: a = −x, b = eᵃ, c = 1 + b, s = 1 / c.");
    show! {
        fn a(x: &Tensor) -> Tensor { -x }
        fn b(a: &Tensor) -> Tensor { a.exp() }
        fn c(b: &Tensor) -> Tensor { 1.0 + b }
        fn s(c: &Tensor) -> Tensor { 1.0 / c }

        let x = tensor_with(2.0, requires_grad()).named("x");
        let sigmoid = s(&c(&b(&a(&x).named("a")).named("b")).named("c")).named("s");
        println!("{sigmoid}");
        sigmoid.backward();
        println!("{:?}", x.grad().unwrap().item::<f64>());
    }
    draw(&sigmoid, "σ(x) at x = 2");

    say("By hand every step has one derivative, and the chain rule is their product.");
    show! {
        let x_value: f64 = 2.0;
        let a = -x_value;
        let b = a.exp();
        let c = 1.0 + b;
        let ds_dc = -1.0 / (c * c);
        let dc_db = 1.0;
        let db_da = b;
        let da_dx = -1.0;
        let by_hand = ds_dc * dc_db * db_da * da_dx;
        println!("{by_hand:?}");
    }

    say(
        "The two differ in the eighth digit: the graph computes in `float32`, which keeps seven, the lines by hand in \
         `float64`. From the formula, σ'(x) = σ(x) (1 − σ(x)):",
    );
    show! {
        let sigma = 1.0 / (1.0 + (-x_value).exp());
        let analytic = sigma * (1.0 - sigma);
        println!("{analytic:?}");
    }
    agree(
        "dσ/dx at 2",
        &[("autograd, float32", gradient(&x)), ("chain rule by hand, float64", by_hand), ("σ(1 − σ)", analytic)],
    );
}
