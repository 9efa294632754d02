//! Lab 2, exercise 2: one neuron with ReLU, switched on and switched off.

use super::gradient;
use crate::settings::Settings;
use crate::transcript::{agree, draw, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("One neuron: u = w·x, v = u + b, a = relu(v). We take w = 0.5, x = 3, b = 1, for which v is positive.");
    show! {
        let w = tensor_with(0.5, requires_grad()).named("w");
        let x = tensor_with(3.0, requires_grad()).named("x");
        let b = tensor_with(1.0, requires_grad()).named("b");
        let u = (&w * &x).named("u");
        let v = (&u + &b).named("v");
        let a = v.relu().named("a");
        println!("{u}");
        println!("{v}");
        println!("{a}");
        a.backward();
        println!("{}", w.grad().unwrap());
    }
    draw(&a, "a = relu(w·x + b) at w = 0.5, x = 3, b = 1");

    say("By hand: relu passes what is positive unchanged, so da/dv = 1; dv/du = 1; du/dw = x.");
    show! {
        let (da_dv, dv_du, du_dw) = (1.0, 1.0, 3.0);
        let da_dw = da_dv * dv_du * du_dw;
        println!("{da_dw:?}");
    }
    agree("da/dw for v > 0", &[("autograd", gradient(&w)), ("chain rule by hand", da_dw), ("x", x.item())]);

    say(
        "With w = −1 the sum v is negative: relu gives 0, its derivative is 0, and nothing gets through. Such a neuron does \
         not learn from this x.",
    );
    show! {
        let w = tensor_with(-1.0, requires_grad()).named("w");
        let x = tensor_with(3.0, requires_grad()).named("x");
        let b = tensor_with(1.0, requires_grad()).named("b");
        let u = (&w * &x).named("u");
        let v = (&u + &b).named("v");
        let a = v.relu().named("a");
        println!("{v}");
        println!("{a}");
        a.backward();
        println!("{}", w.grad().unwrap());
    }
    draw(&a, "a = relu(w·x + b) at w = −1, x = 3, b = 1");
    agree("da/dw for v < 0", &[("autograd", gradient(&w)), ("chain rule by hand", 0.0 * 1.0 * 3.0), ("0", 0.0)]);
}
