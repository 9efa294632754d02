//! Lab 1, exercise 6: a product that needs a transposed operand.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say("The matrix of exercise 5 and a row of seven numbers, which the generator draws next.");
    show! {
        manual_seed(settings.seed_or(0));
        let x = rand([7, 7]);
        let y = rand([1, 7]);
        println!("{y}");
    }

    say("(7,7) @ (1,7) does not fit.");
    show! {
        if let Err(error) = x.try_matmul(&y) {
            println!("{error}");
        }
    }

    say("Transposed, the row is a column, and (7,7) @ (7,1) is (7,1).");
    show! {
        let z = x.matmul(&y.t());
        println!("{z}");
        println!("{:?}", z.shape());
    }
}
