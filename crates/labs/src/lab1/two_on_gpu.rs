//! Lab 1, exercise 7: random tensors on another device.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say(
        "The numbers are drawn on the CPU, from seed 1234, and then sent: so they are the same with and without a GPU.",
    );
    if settings.device().is_host() {
        say("There is no GPU to be used here: the device is the CPU.");
    }
    show! {
        let device = settings.device();
        manual_seed(settings.seed_or(1234));
        let a = rand([2, 3]).to(device);
        let b = rand([2, 3]).to(device);
        println!("{}", device.name());
        println!("{a}");
        println!("{b}");
    }
}
