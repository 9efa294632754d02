//! Lab 1: adding, subtracting and multiplying.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("A number meets every element. Operators take references (`&x`), so that the tensor can be used again.");
    show! {
        let x = tensor![1, 2, 3];
        println!("{}", &x + 10);
        println!("{}", &x * 10);
    }

    say("The tensor itself has not changed: an operation makes a new tensor.");
    show! {
        println!("{x}");
    }

    say("To keep a result, give it a name, which may be the old one.");
    show! {
        let x = &x - 10;
        println!("{x}");
        let x = &x + 10;
        println!("{x}");
    }

    say("Operators have names too: `multiply`, or `mul`, and `add`, `sub`, `div`.");
    show! {
        println!("{}", x.multiply(10));
        println!("{}", x.add(10));
    }

    say(
        "Two tensors of one shape are multiplied element by element. This is not the matrix product, which comes next.",
    );
    show! {
        println!("{} * {}", x, x);
        println!("equals {}", &x * &x);
    }
}
