//! Lab 1, exercise 10: where the extremes are.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say("`argmax` and `argmin` say where, counted through all rows: in a tensor of shape (2,2) position 3 is row 1, \
         column 1.");
    show! {
        manual_seed(settings.seed_or(1234));
        let a = rand([2, 3]).to(settings.device());
        let b = rand([2, 3]).to(settings.device());
        let product = a.matmul(&b.t());
        println!("{product}");
        println!("{}", product.argmax());
        println!("{}", product.argmin());
    }

    say("Along a dimension: the column of the largest number of each row.");
    show! {
        println!("{}", product.argmax_dim(1, false));
    }
}
