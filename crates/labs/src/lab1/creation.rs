//! Lab 1: tensors made by functions: random numbers, zeros, ones, ranges.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(settings: &Settings) {
    say(
        "Networks begin with random numbers and adjust them to the data. The generator starts from a seed: the same seed \
         gives the same numbers, on every machine, and PyTorch gives them too. `settings` holds what was said on the \
         command line: here, the seed after `--seed`, or else 42.",
    );
    show! {
        manual_seed(settings.seed_or(42));
        let random = rand([3, 4]);
        println!("{random}");
        println!("{}", random.ndim());
    }

    say("An image of 224 by 224 pixels with three colours is a tensor of three dimensions.");
    show! {
        let image = rand([224, 224, 3]);
        println!("{:?} {}", image.shape(), image.ndim());
    }

    say("Zeros and ones, for masks and for a start. The numbers have a point: they are floats.");
    show! {
        let zero = zeros([3, 4]);
        println!("{zero}");
        let one = ones([3, 4]);
        println!("{one}");
        println!("{}", one.dtype());
    }

    say("`arange` counts from a start, up to but without an end, in steps. Whole numbers give whole numbers.");
    show! {
        let zero_to_nine = arange((0, 10, 1));
        println!("{zero_to_nine}");
    }

    say(
        "The older `range` includes its end and always gives floats. It is deprecated: with steps that are not whole, \
         rounding decides whether the end is in. It is not in the prelude, so that nobody uses it by mistake.",
    );
    show! {
        println!("{}", sconce::range((0, 10, 1)));
    }

    say("The functions that end in `_like` take the shape from another tensor, and the data type too.");
    show! {
        let ten_zeros = zeros_like(&zero_to_nine);
        println!("{ten_zeros}");
    }
}
