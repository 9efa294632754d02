//! Lab 1: data types, and how they are asked for.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say(
        "All numbers of a tensor have one data type. Literals with a point become `float32`, 32 bits each; whole ones \
         `int64`.",
    );
    show! {
        let float_32 = tensor![3.0, 6.0, 9.0];
        println!("{} {}", float_32, float_32.dtype());
        let int_64 = tensor![3, 6, 9];
        println!("{} {}", int_64, int_64.dtype());
    }

    say(
        "Everything that can be said about a new tensor, with its default: the data type, the device that holds it, and \
         whether operations on it are recorded for derivatives.",
    );
    show! {
        let float_32 = tensor_with(
            [3.0, 6.0, 9.0],
            Options::new().dtype(float32).device(cpu()).requires_grad(false),
        );
        println!("{} {} {}", float_32.dtype(), float_32.device().name(), float_32.requires_grad());
    }

    say(
        "`float16` takes half the memory and keeps three digits, `float64` takes twice as much and keeps sixteen. What is \
         not the default is printed.",
    );
    show! {
        let float_16 = tensor_with([3.0, 6.0, 9.0], float16);
        println!("{float_16}");
        let float_64 = float_32.to(float64);
        println!("{float_64}");
        println!("{} {} {}", float_16.element_size(), float_32.element_size(), float_64.element_size());
    }

    say("Whole numbers have 8, 16, 32 or 64 bits. `to` converts, here from floats: the fraction is dropped.");
    show! {
        let x = tensor![-1.7, 0.5, 100.9];
        for dtype in [int8, int16, int32, int64] {
            println!("{}", x.to(dtype));
        }
    }

    say(
        "An operation on two types has the wider one as its result, and a float wins over whole numbers. A plain number \
         does not widen a tensor of its kind.",
    );
    show! {
        println!("{}", (&float_16 * &float_32).dtype());
        println!("{}", (&int_64 * &float_32).dtype());
        println!("{}", (&int_64 + 10).dtype());
        println!("{}", (&int_64 * 1.5).dtype());
    }
}
