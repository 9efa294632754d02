//! Lab 1: is there a GPU, and how tensors get there and back.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::devices::{gpu_device_count, gpu_is_available};
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say("A GPU does the same arithmetic on thousands of numbers at once. Is there one, and how many?");
    show! {
        println!("{}", gpu_is_available());
        println!("{}", gpu_device_count());
    }

    say("Programs that run on any machine ask once and use the answer everywhere.");
    show! {
        let device = if gpu_is_available() { device("gpu").expect("there is one") } else { cpu() };
        println!("{}", device.name());
    }
    if settings.device().is_host() {
        say("This lab goes on with the CPU. The same lines run on a GPU where there is one.");
    }

    say(
        "`to` takes a tensor to a device. On another device it is a copy, and the original stays where it was; a tensor that \
         is there already is returned as it is.",
    );
    show! {
        let device = settings.device();
        let on_cpu = tensor![1, 2, 3];
        let on_device = on_cpu.to(device);
        println!("{} {}", on_cpu, on_cpu.device().name());
        println!("{} {}", on_device, on_device.device().name());
        println!("the same tensor: {}", on_cpu.is_same(&on_device));
    }

    say(
        "An array lives in the host's memory. A tensor on a GPU refuses to become one, rather than copy in silence, and says what \
         to do.",
    );
    show! {
        match on_device.try_to_ndarray::<i64>() {
            Ok(array) => println!("{array}"),
            Err(error) => println!("{error}"),
        }
    }
    if settings.device().is_host() {
        say(
            "Here the tensor is on the CPU, and nothing stood in the way. On a GPU the same lines print `can't convert gpu:0 device \
             type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.`",
        );
    }

    say("`cpu` brings it back, whatever the device was.");
    show! {
        let back = on_device.cpu();
        println!("{} {}", back, back.device().name());
    }
}
