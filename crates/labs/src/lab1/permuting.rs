//! Lab 1, exercise 2: the order of dimensions.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say(
        "An image comes as height, width, colours; layers want the colours first. `permute` names the dimensions in their new \
         order.",
    );
    show! {
        manual_seed(settings.seed_or(42));
        let image = rand([224, 224, 3]);
        let permuted = image.permute([2, 0, 1]);
        println!("{:?}", image.shape());
        println!("{:?}", permuted.shape());
    }

    say("No number has moved: the result is a view, and a write to the image is seen in it, at the permuted place.");
    show! {
        image.i_put((0, 1, 2), 728218.0);
        println!("{:?}", image.i((0, 1, 2)).item::<f64>());
        println!("{:?}", permuted.i((2, 0, 1)).item::<f64>());
    }

    say("What has changed are the strides: how far apart in memory the neighbours along each dimension are.");
    show! {
        println!("{:?} {:?}", image.stride(), permuted.stride());
        println!("{} {}", image.is_contiguous(), permuted.is_contiguous());
    }
}
