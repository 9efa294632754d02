//! Lab 2, problem 3: computing without recording.

use super::gradient;
use crate::settings::Settings;
use crate::transcript::{agree, draw, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("f(x) = x² + 5 at x = 2. The constant moves the curve, not its slope.");
    show! {
        let x = tensor_with(2.0, requires_grad()).named("x");
        let f = (x.pow(2) + 5.0).named("f");
        println!("{f}");
        f.backward();
        println!("{}", x.grad().unwrap());
    }
    draw(&f, "f = x² + 5 at x = 2");

    say("The analytic side uses x too. Within `no_grad` nothing is recorded, so its result has no `grad_fn`.");
    show! {
        let analytic = no_grad(|| 2.0 * &x);
        println!("{analytic}");
        println!("{}", 2.0 * &x);
    }
    agree("df/dx at 2", &[("autograd", gradient(&x)), ("2x", analytic.item())]);
}
