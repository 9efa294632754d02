//! Lab 1, exercise 9: extremes.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say("The product of exercise 8, and its largest and smallest number. They are tensors without dimensions.");
    show! {
        manual_seed(settings.seed_or(1234));
        let a = rand([2, 3]).to(settings.device());
        let b = rand([2, 3]).to(settings.device());
        let product = a.matmul(&b.t());
        println!("{}", product.max());
        println!("{}", product.min());
    }

    say("Along a dimension there is one for each row, with its position.");
    show! {
        let best = product.max_dim(1, false);
        println!("{}", best.values);
        println!("{}", best.indices);
    }
}
