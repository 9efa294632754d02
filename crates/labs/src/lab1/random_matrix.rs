//! Lab 1, exercise 5: a random matrix from a seed.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say("`rand` draws evenly from 0 (included) to 1 (excluded). With seed 0 these are PyTorch's numbers.");
    show! {
        manual_seed(settings.seed_or(0));
        let x = rand([7, 7]);
        println!("{x}");
        println!("{:?}", x.shape());
    }
}
