//! Lab 2, exercise 6: a longer chain, with nodes a to e and two gradients.

use super::gradient;
use crate::settings::Settings;
use crate::transcript::{agree, draw, say};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say(
        "f = tanh(ln(1 + z·2x / sin y)), step by step: a = 2x, b = sin y, c = a / b, d = z·c, e = ln(1 + d), f = tanh e. We take \
         x = 1, y = 2, z = 3.",
    );
    show! {
        let x = tensor_with(1.0, requires_grad()).named("x");
        let y = tensor_with(2.0, requires_grad()).named("y");
        let z = tensor_with(3.0, requires_grad()).named("z");
        let a = (2.0 * &x).named("a");
        let b = y.sin().named("b");
        let c = (&a / &b).named("c");
        let d = (&z * &c).named("d");
        let e = (1.0 + &d).log().named("e");
        let f = e.tanh().named("f");
        for (name, node) in [("a", &a), ("b", &b), ("c", &c), ("d", &d), ("e", &e), ("f", &f)] {
            println!("{name} = {node}");
        }
    }

    say("The gradients by the graph:");
    show! {
        f.backward();
        println!("{}", x.grad().unwrap());
        println!("{}", y.grad().unwrap());
    }
    draw(&f, "f = tanh(ln(1 + z·2x / sin y)) at x = 1, y = 2, z = 3");

    say("By hand, from the result backwards: each line is the derivative of f by one node, made from the line before.");
    show! {
        let (x_value, y_value, z_value): (f64, f64, f64) = (1.0, 2.0, 3.0);
        let (a, b) = (2.0 * x_value, y_value.sin());
        let c = a / b;
        let d = z_value * c;
        let e = (1.0 + d).ln();
        let df_de = 1.0 - e.tanh().powi(2);
        let df_dd = df_de / (1.0 + d);
        let df_dc = df_dd * z_value;
        let df_da = df_dc / b;
        let df_db = df_dc * (-a / (b * b));
        let df_dx = df_da * 2.0;
        let df_dy = df_db * y_value.cos();
        println!("{df_dx:?} {df_dy:?}");
    }

    say(
        "And by formula. With q = 1 + d the hyperbolic tangent of the logarithm is (q² − 1) / (q² + 1), and its derivative by q is \
         4q / (q² + 1)²: no exponential is left. Then ∂q/∂x = 2z / sin y and ∂q/∂y = −2xz cos y / sin² y.",
    );
    show! {
        let q = 1.0 + 2.0 * x_value * z_value / y_value.sin();
        let df_dq = 4.0 * q / (q * q + 1.0).powi(2);
        let formula_x = df_dq * 2.0 * z_value / y_value.sin();
        let formula_y = df_dq * -2.0 * x_value * z_value * y_value.cos() / y_value.sin().powi(2);
        println!("{formula_x:?} {formula_y:?}");
    }
    agree("∂f/∂x", &[("autograd", gradient(&x)), ("chain rule by hand", df_dx), ("formula", formula_x)]);
    agree("∂f/∂y", &[("autograd", gradient(&y)), ("chain rule by hand", df_dy), ("formula", formula_y)]);
}
