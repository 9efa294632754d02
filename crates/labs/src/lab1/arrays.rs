//! Lab 1, exercise 4: arrays of Rust to tensors and back.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say(
        "Vectors and arrays of Rust become tensors. `tensor` reads nested ones like literals, so that `f64` becomes `float32`; \
         `from_vec` keeps the exact type.",
    );
    show! {
        let array = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        println!("{}", tensor(array.clone()));
        let x = from_vec(array, [7]);
        println!("{x}");
    }

    say(
        "Back again, `to_vec` copies the elements, row after row. The type is that of the tensor: another one is refused, not \
         converted in silence.",
    );
    show! {
        println!("{:?}", x.to_vec::<f64>());
        if let Err(error) = x.try_to_vec::<f32>() {
            println!("{error}");
        }
    }

    say("The vector is a copy: changing the tensor does not change it.");
    show! {
        let vector = x.to_vec::<f64>();
        x.add_(1.0);
        println!("{x}");
        println!("{vector:?}");
    }
}
