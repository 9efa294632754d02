//! Lab 1: what can be asked of a tensor.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say(
        "When something does not fit, three questions find out why: what shape, what data type, where? Most mistakes in deep \
         learning are one of these.",
    );
    show! {
        manual_seed(settings.seed_or(42));
        let some_tensor = rand([3, 4]);
        println!("{some_tensor}");
        println!("shape:  {:?}", some_tensor.shape());
        println!("dtype:  {}", some_tensor.dtype());
        println!("device: {}", some_tensor.device().name());
    }
}
