//! Lab 4, exercise 2: a convolution as a layer, and the same from its weights.

use crate::settings::Settings;
use crate::transcript::{claim, say};
use sconce::nn::Conv2d;
use sconce::nn::functional::{self as F, ConvOptions};
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    let seed = settings.seed_or(0);
    say("A layer of three output channels has three kernels, each as deep as the image.");
    show! {
        manual_seed(seed);
        let image = rand([1, 3, 6, 6]);
        let conv = Conv2d::with(3, 3, 3, |conv| conv.bias(false));
        println!("{conv}");
        println!("weight: {:?}", conv.weight.shape());
        let by_layer = conv.forward(&image);
        println!("output: {:?}", by_layer.shape());
        let by_function = F::conv2d(&image, &conv.weight, None, ConvOptions::default());
        println!("{}", by_layer.equal(&by_function));
    }
    claim("layer and function give the same numbers", by_layer.equal(&by_function));
    say("One number of it by hand: the sum over 3 channels and 3×3 places of image times kernel.");
    show! {
        let patch = image.i((0, .., 1..4, 2..5));
        let by_hand = (&patch * &conv.weight.i(1)).sum();
        println!("{} {}", by_hand.detach(), by_layer.i((0, 1, 1, 2)).detach());
    }
    let difference = (by_hand.item::<f64>() - by_layer.i((0, 1, 1, 2)).item::<f64>()).abs();
    claim("the sum by hand is the output at channel 1, row 1, column 2", difference < 1e-5);
}
