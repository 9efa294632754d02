//! Lab 1, exercise 8: a product where the tensors are.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say(
        "The tensors of exercise 7. Both have the shape (2,3), so one of them is transposed: (2,3) @ (3,2) is (2,2). The \
         result is on the device of its operands.",
    );
    show! {
        manual_seed(settings.seed_or(1234));
        let a = rand([2, 3]).to(settings.device());
        let b = rand([2, 3]).to(settings.device());
        let product = a.matmul(&b.t());
        println!("{product}");
        println!("{:?} {}", product.shape(), product.device().name());
    }
}
