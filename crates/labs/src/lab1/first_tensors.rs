//! Lab 1: tensors of zero, one, two and three dimensions.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

#[allow(non_snake_case, reason = "the manual's convention: capitals for tensors of two and more dimensions")]
pub fn run(_: &Settings) {
    say("Which version is this? Write it down with your results.");
    show! {
        println!("{}", sconce::VERSION);
    }

    say(
        "A scalar is a single number: a tensor without dimensions. `item` turns it into a number of Rust's; its type is asked \
         for, because a tensor does not show it to the compiler.",
    );
    show! {
        let scalar = tensor(7);
        println!("{scalar}");
        println!("{}", scalar.ndim());
        println!("{}", scalar.item::<i64>());
    }

    say("A vector is a row of numbers: one dimension. Its shape says how many there are.");
    show! {
        let vector = tensor![7, 7];
        println!("{vector}");
        println!("{}", vector.ndim());
        println!("{:?}", vector.shape());
    }

    say("A matrix has two dimensions. By convention names of matrices and larger tensors are written in capitals.");
    show! {
        let MATRIX = tensor![[7, 8], [9, 10]];
        println!("{MATRIX}");
        println!("{}", MATRIX.ndim());
        println!("{:?}", MATRIX.shape());
    }

    say("And so on. The number of dimensions is the number of square brackets on one side.");
    show! {
        let TENSOR = tensor![[[1, 2, 3], [3, 6, 9], [2, 4, 5]]];
        println!("{TENSOR}");
        println!("{}", TENSOR.ndim());
        println!("{:?}", TENSOR.shape());
    }

    say(
        "The shape reads from the outside in: one matrix, of three rows, of three numbers. An index takes the outermost \
         dimension away.",
    );
    show! {
        println!("{}", TENSOR.i(0));
    }
}
