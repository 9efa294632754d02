//! Lab 4, exercise 1: what a convolution computes, and how large its output is.

use crate::settings::Settings;
use crate::transcript::{agree, claim, say};
use sconce::nn::functional::{self as F, ConvOptions};
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say(
        "The image is dark on its left half. The kernel subtracts what is right from what is left: its output is large where an \
         upright edge is.",
    );
    show! {
        let image = tensor([
            [10.0, 10.0, 10.0, 0.0, 0.0, 0.0],
            [10.0, 10.0, 10.0, 0.0, 0.0, 0.0],
            [10.0, 10.0, 10.0, 0.0, 0.0, 0.0],
            [10.0, 10.0, 10.0, 0.0, 0.0, 0.0],
            [10.0, 10.0, 10.0, 0.0, 0.0, 0.0],
            [10.0, 10.0, 10.0, 0.0, 0.0, 0.0],
        ]).reshape([1, 1, 6, 6]);
        let kernel = tensor([[1.0, 0.0, -1.0], [1.0, 0.0, -1.0], [1.0, 0.0, -1.0]]).reshape([1, 1, 3, 3]);
        let edges = F::conv2d(&image, &kernel, None, ConvOptions::default());
        println!("{edges}");
    }
    let by_hand = 10.0 * 3.0;
    agree("the output at row 0, column 1", &[("conv2d", edges.i((0, 0, 0, 1)).item()), ("3 · 10 − 3 · 0", by_hand)]);

    say("A stride takes every second place, padding adds zeros around the image. The output has \
         ⌊(n + 2·padding − kernel) / stride⌋ + 1 rows:");
    show! {
        let size = |n: i64, kernel: i64, padding: i64, stride: i64| (n + 2 * padding - kernel) / stride + 1;
        let mut right = true;
        for (stride, padding) in [(1, 0), (2, 0), (1, 1), (2, 1), (3, 2)] {
            let options = ConvOptions { stride: stride.into(), padding: padding.into(), ..ConvOptions::default() };
            let output = F::conv2d(&image, &kernel, None, options);
            let formula = size(6, 3, padding, stride);
            println!("stride {stride}, padding {padding}: {:?}, by the formula {formula}", output.shape());
            right &= output.size(2) as i64 == formula && output.size(3) as i64 == formula;
        }
    }
    claim("the formula gives all sizes", right);
}
