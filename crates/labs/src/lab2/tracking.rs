//! Lab 2: how recording is switched on, at creation and afterwards.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("A tensor can require its gradient from the start.");
    show! {
        let x = tensor_with([1.0, 2.0, 3.0], requires_grad());
        println!("{x}");
    }

    say("Or from some moment on. The underscore says that the tensor itself is changed.");
    show! {
        let w = ones([2]);
        println!("{}", w.requires_grad());
        w.requires_grad_(true);
        println!("{w}");
    }

    say(
        "What is computed from it remembers how: `grad_fn` is the last operation of its record. It is named after what \
         backward will do.",
    );
    show! {
        let y = &w * 2.0;
        println!("{y}");
        println!("{}", y.grad_fn().expect("an operation made y"));
        println!("{} {}", w.is_leaf(), y.is_leaf());
    }

    say("Only floats have derivatives.");
    show! {
        if let Err(error) = tensor![1, 2].try_requires_grad_(true) {
            println!("{error}");
        }
    }
}
