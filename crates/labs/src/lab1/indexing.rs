//! Lab 1, exercise 3: picking numbers out of a tensor.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("One matrix of three rows.");
    show! {
        let x = arange(1..10).reshape([1, 3, 3]);
        println!("{x}");
    }

    say("`x.i(…)` is PyTorch's `x[…]`. Each number takes one dimension away, from the outside in.");
    show! {
        println!("{}", x.i(0));
        println!("{}", x.i((0, 0)));
        println!("{}", x.i((0, 0, 0)));
    }

    say(
        "`..` means the whole dimension, which stays. A range keeps a part of it, and negative numbers count from the end.",
    );
    show! {
        println!("{}", x.i((.., 0)));
        println!("{}", x.i((.., .., 1)));
        println!("{}", x.i((0, 1.., ..2)));
        println!("{}", x.i((0, -1, -1)));
        println!("{}", x.i((0, .., step(.., 2))));
    }

    say("Nine, and the last column.");
    show! {
        println!("{}", x.i((0, 2, 2)));
        println!("{}", x.i((.., .., 2)));
    }

    say("A condition gives a mask, and a mask picks what it is true for; a list picks positions, in its order.");
    show! {
        println!("{}", x.i(&x.gt(6)));
        println!("{}", x.i((0, [2, 0])));
    }

    say("A place that is not there is refused.");
    show! {
        if let Err(error) = x.try_i((0, 3)) {
            println!("{error}");
        }
    }
}
