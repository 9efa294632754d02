//! Lab 2, exercise 3: one neuron with the sigmoid.

use super::gradient;
use crate::settings::Settings;
use crate::transcript::{agree, draw, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("The neuron of exercise 2, at the same point, with a = σ(v). The sigmoid is one operation here.");
    show! {
        let w = tensor_with(0.5, requires_grad()).named("w");
        let x = tensor_with(3.0, requires_grad()).named("x");
        let b = tensor_with(1.0, requires_grad()).named("b");
        let u = (&w * &x).named("u");
        let v = (&u + &b).named("v");
        let a = v.sigmoid().named("a");
        println!("{a}");
        a.backward();
        println!("{}", w.grad().unwrap());
    }
    draw(&a, "a = σ(w·x + b) at w = 0.5, x = 3, b = 1");

    say(
        "By hand: da/dv = σ(v) (1 − σ(v)), which needs only the value that forward has computed; dv/du = 1; du/dw = x.",
    );
    show! {
        let v_value: f64 = 0.5 * 3.0 + 1.0;
        let a_value = 1.0 / (1.0 + (-v_value).exp());
        let (da_dv, dv_du, du_dw) = (a_value * (1.0 - a_value), 1.0, 3.0);
        let da_dw = da_dv * dv_du * du_dw;
        println!("{da_dw:?}");
    }

    say(
        "From the formula for the whole, da/dw = x e⁻ᵛ / (1 + e⁻ᵛ)². Unlike with relu, the gradient is never exactly 0, but far \
         from 0 it becomes very small.",
    );
    let exponential = (-v_value).exp();
    let analytic = 3.0 * exponential / (1.0 + exponential).powi(2);
    agree("da/dw", &[("autograd", gradient(&w)), ("chain rule by hand", da_dw), ("x e⁻ᵛ / (1 + e⁻ᵛ)²", analytic)]);
}
