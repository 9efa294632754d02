//! Lab 2, problem 1: a first gradient.

use super::gradient;
use crate::settings::Settings;
use crate::transcript::{agree, draw, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("The derivative of z = 2y + 3 with y = x², at x = 3.5. `named` gives the nodes the names they have on paper.");
    show! {
        let x = tensor_with(3.5, requires_grad()).named("x");
        let y = (&x * &x).named("y");
        let z = (2.0 * &y + 3.0).named("z");
        println!("{x}");
        println!("{y}");
        println!("{z}");
    }

    say("`backward` computes the gradients of z with respect to all leaves and leaves them there.");
    show! {
        z.backward();
        println!("{}", x.grad().unwrap());
    }
    draw(&z, "z = 2x² + 3 at x = 3.5");

    say(
        "On paper: dz/dy = 2 and dy/dx = 2x, so dz/dx = 2 · 2x = 4x. In the graph x has two edges into the product, one for \
         each factor, and each brings 2 · 3.5: the gradient is their sum.",
    );
    show! {
        let x_value = 3.5;
        let by_hand = 2.0 * (x_value + x_value);
        let analytic = 4.0 * x_value;
        println!("{by_hand:?} {analytic:?}");
    }
    agree("dz/dx at 3.5", &[("autograd", gradient(&x)), ("chain rule by hand", by_hand), ("4x", analytic)]);

    say("Backward has released the record. A second time there is nothing to walk.");
    show! {
        if let Err(error) = z.try_backward_with(Backward::default()) {
            println!("{error}");
        }
    }
}
