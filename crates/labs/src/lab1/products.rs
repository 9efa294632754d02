//! Lab 1: the matrix product: its rules, three ways to a dot product, and what a loop costs.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;
use std::time::Instant;

#[allow(non_snake_case, reason = "the manual's convention: capitals for tensors of two and more dimensions")]
pub fn run(settings: &Settings) {
    say(
        "Two rules. The inner dimensions must be equal, and the result has the outer ones: (2,3) @ (3,2) is (2,2), and \
         (3,2) @ (2,3) is (3,3).",
    );
    show! {
        manual_seed(settings.seed_or(42));
        let A = rand([3, 2]);
        let B = rand([2, 3]);
        println!("{:?}", B.matmul(&A).shape());
        println!("{:?}", A.matmul(&B).shape());
    }

    say("(3,2) @ (3,2) does not fit: 2 is not 3. `matmul` would stop the program at this line; its twin `try_matmul` \
         returns the error, so that it can be read here.");
    show! {
        if let Err(error) = A.try_matmul(&A) {
            println!("{error}");
        }
    }

    say("Transposed, it fits. `t` swaps the two dimensions of a matrix without moving a number.");
    show! {
        println!("{:?}", A.matmul(&A.t()).shape());
    }

    say(
        "The product of a vector with itself is the sum of the squares: 1·1 + 2·2 + 3·3 = 14. By hand in a loop, as a \
         product of elements and their sum, and as one operation:",
    );
    show! {
        let x = tensor![1, 2, 3];
        let mut by_hand = 0;
        for i in 0..x.size(0) {
            by_hand += x.i(i as i64).item::<i64>() * x.i(i as i64).item::<i64>();
        }
        println!("{by_hand}");
        println!("{}", (&x * &x).sum());
        println!("{}", x.matmul(&x));
    }

    say(
        "All three give 14, but not equally fast. Here the vector has 100,000 numbers, and the times are those of this run on \
         this machine.",
    );
    show! {
        let x = ones([100_000]);
        let start = Instant::now();
        let mut by_hand = 0.0;
        for i in 0..x.size(0) {
            by_hand += x.i(i as i64).item::<f32>() * x.i(i as i64).item::<f32>();
        }
        let loop_time = start.elapsed();
        let start = Instant::now();
        let product = x.matmul(&x);
        let matmul_time = start.elapsed();
        println!("loop:   {by_hand} in {loop_time:.1?}");
        println!("matmul: {} in {matmul_time:.1?}", product.item::<f32>());
    }

    say(
        "The loop asks the tensor for one number at a time. `matmul` is called once, reads memory in order, multiplies \
         several numbers with each instruction, and uses all cores where that helps. So: never loop over elements when there \
         is an operation for it.",
    );
}
