//! Lab 2, exercise 4: an exponential of a sum.

use super::gradient;
use crate::settings::Settings;
use crate::transcript::{agree, draw, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("f(x) = exp(−x² − 2x − sin x), at x = 0.5. The exponent is u; x reaches it on three paths.");
    show! {
        let x = tensor_with(0.5, requires_grad()).named("x");
        let u = (-x.pow(2) - 2.0 * &x - x.sin()).named("u");
        let f = u.exp().named("f");
        println!("{u}");
        println!("{f}");
        f.backward();
        println!("{}", x.grad().unwrap());
    }
    draw(&f, "f = exp(−x² − 2x − sin x) at x = 0.5");

    say("By hand: df/du = eᵘ, and the three paths add up to du/dx.");
    show! {
        let x_value: f64 = 0.5;
        let df_du = (-x_value * x_value - 2.0 * x_value - x_value.sin()).exp();
        let du_dx = -2.0 * x_value + -2.0 + -x_value.cos();
        let df_dx = df_du * du_dx;
        println!("{df_dx:?}");
    }
    let analytic = -(2.0 * x_value + 2.0 + x_value.cos()) / (x_value * (x_value + 2.0) + x_value.sin()).exp();
    agree("df/dx", &[("autograd", gradient(&x)), ("chain rule by hand", df_dx), ("−(2x + 2 + cos x) f(x)", analytic)]);
}
