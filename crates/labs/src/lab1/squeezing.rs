//! Lab 1, exercise 11: superfluous dimensions.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say("Ten numbers, three dimensions too many. With seed 7 the first number is 0.5349.");
    show! {
        manual_seed(settings.seed_or(7));
        let x = rand([1, 1, 1, 10]);
        let squeezed = x.squeeze();
        println!("{} {:?}", x, x.shape());
        println!("{} {:?}", squeezed, squeezed.shape());
    }

    say("Both have the same ten numbers in the same memory; the brackets show the difference.");
}
