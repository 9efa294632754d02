//! Lab 2, problem 2: a negative gradient.

use super::gradient;
use crate::settings::Settings;
use crate::transcript::{agree, draw, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("f(x) = (x − 2)² at x = 1, left of its minimum: the slope is negative.");
    show! {
        let x = tensor_with(1.0, requires_grad()).named("x");
        let f = (&x - 2.0).pow(2).named("f");
        println!("{f}");
        f.backward();
        println!("{}", x.grad().unwrap());
    }
    draw(&f, "f = (x − 2)² at x = 1");

    say("The analytic derivative is 2(x − 2).");
    show! {
        let analytic = 2.0 * (1.0 - 2.0);
        println!("{analytic:?}");
    }
    agree("df/dx at 1", &[("autograd", gradient(&x)), ("2(x − 2)", analytic)]);

    say("A step against the gradient leads to the minimum: 1 − 0.5 · (−2) = 2. That is how networks learn.");
}
