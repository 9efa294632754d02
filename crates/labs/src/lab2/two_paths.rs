//! Lab 2, exercise 1: a variable that reaches the result on two paths.

use super::gradient;
use crate::settings::Settings;
use crate::transcript::{agree, draw, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("x = 2a + 3b, y = 5a² + 3b³, z = 2x + 3y: a reaches z through x and through y. We take a = 2 and b = 3.");
    show! {
        let a = tensor_with(2.0, requires_grad()).named("a");
        let b = tensor_with(3.0, requires_grad()).named("b");
        let x = (2.0 * &a + 3.0 * &b).named("x");
        let y = (5.0 * a.pow(2) + 3.0 * b.pow(3)).named("y");
        let z = (2.0 * &x + 3.0 * &y).named("z");
        println!("{x}");
        println!("{y}");
        println!("{z}");
        z.backward();
        println!("{}", a.grad().unwrap());
        println!("{}", b.grad().unwrap());
    }
    draw(&z, "z = 2x + 3y at a = 2, b = 3");

    say("By hand: the derivative along each path, and the sum over the paths.");
    show! {
        let (a_value, b_value): (f64, f64) = (2.0, 3.0);
        let (dz_dx, dz_dy) = (2.0, 3.0);
        let (dx_da, dy_da) = (2.0, 10.0 * a_value);
        let dz_da = dz_dx * dx_da + dz_dy * dy_da;
        println!("{dz_da:?}");
        let (dx_db, dy_db) = (3.0, 9.0 * b_value * b_value);
        let dz_db = dz_dx * dx_db + dz_dy * dy_db;
        println!("{dz_db:?}");
    }

    say("With everything put in, z = 4a + 6b + 15a² + 9b³, so ∂z/∂a = 4 + 30a and ∂z/∂b = 6 + 27b².");
    let (analytic_a, analytic_b) = (4.0 + 30.0 * a_value, 6.0 + 27.0 * b_value * b_value);
    agree("∂z/∂a", &[("autograd", gradient(&a)), ("chain rule by hand", dz_da), ("4 + 30a", analytic_a)]);
    agree("∂z/∂b", &[("autograd", gradient(&b)), ("chain rule by hand", dz_db), ("6 + 27b²", analytic_b)]);
}
