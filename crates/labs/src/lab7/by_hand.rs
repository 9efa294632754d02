//! Lab 7, exercise 1: momentum, RMSprop and Adam by their formulas, against the library.

use crate::settings::Settings;
use crate::transcript::{claim, say};
use sconce::optim::{Adam, Optimizer, RMSprop, SGD};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say(
        "The function is f(x, y) = x² + 10·y² from (3, 2), with the gradient (2x, 20y). Each rule runs 50 steps: written out in \
         plain numbers, and by the library with autograd.",
    );
    show! {
        let gradient = |x: [f64; 2]| [2.0 * x[0], 20.0 * x[1]];
        let start = [3.0, 2.0];

        // Momentum: v ← μ·v + g, x ← x − η·v.
        let (mut x, mut v) = (start, [0.0; 2]);
        for _ in 0..50 {
            let g = gradient(x);
            for i in 0..2 {
                v[i] = 0.9 * v[i] + g[i];
                x[i] -= 0.01 * v[i];
            }
        }
        let momentum = x;

        // RMSprop: s ← α·s + (1 − α)·g², x ← x − η·g / (√s + ε).
        let (mut x, mut s) = (start, [0.0; 2]);
        for _ in 0..50 {
            let g = gradient(x);
            for i in 0..2 {
                s[i] = 0.99 * s[i] + 0.01 * g[i] * g[i];
                x[i] -= 0.01 * g[i] / (s[i].sqrt() + 1e-8);
            }
        }
        let rmsprop = x;

        // Adam: m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², both divided by 1 − βᵗ, x ← x − η·m̂ / (√v̂ + ε).
        let (mut x, mut m, mut v) = (start, [0.0; 2], [0.0; 2]);
        for t in 1..=50 {
            let g = gradient(x);
            for i in 0..2 {
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
                let (m_hat, v_hat) = (m[i] / (1.0 - 0.9f64.powi(t)), v[i] / (1.0 - 0.999f64.powi(t)));
                x[i] -= 0.1 * m_hat / (v_hat.sqrt() + 1e-8);
            }
        }
        let adam = x;

        type Make = fn(Vec<Tensor>) -> Box<dyn Optimizer>;
        let by_library = |make: Make| {
            let point = tensor_with(start, float64).requires_grad_(true);
            let mut optimizer = make(vec![point.clone()]);
            for _ in 0..50 {
                optimizer.zero_grad();
                let (x, y) = (point.i(0), point.i(1));
                (x.square() + 10.0 * y.square()).backward();
                optimizer.step();
            }
            point.detach().to_vec::<f64>()
        };
        let rules: [(&str, [f64; 2], Make); 3] = [
            ("momentum", momentum, |p| Box::new(SGD::with(p, 0.01, |sgd| sgd.momentum(0.9)))),
            ("RMSprop", rmsprop, |p| Box::new(RMSprop::new(p, 0.01))),
            ("Adam", adam, |p| Box::new(Adam::new(p, 0.1))),
        ];
        let mut apart = vec![];
        for (name, by_hand, make) in rules {
            let library = by_library(make);
            println!("{name}: by hand {by_hand:.9?}, by the library {library:.9?}");
            apart.push((name, (by_hand[0] - library[0]).abs().max((by_hand[1] - library[1]).abs())));
        }
    }
    for (name, apart) in apart {
        claim(&format!("{name} by hand is the library's, to a millionth"), apart < 1e-6);
    }
}
