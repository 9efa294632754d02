//! Lab 4, convolutional networks: the order of its exercises, and the network that they share.

mod clothes;
mod cnn;
mod convolution;
mod features;
mod fewer;
mod layer;

use crate::course::{Lab, parts};
use sconce::nn::{Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, sequential};

/// The lab.
pub static LAB: Lab = Lab {
    number: 4,
    title: "Convolutional networks",
    introduction: "A convolution slides a small kernel over an image: few parameters, the same ones at every place. First by \
                   number, with stride and padding; then as a layer; then three of them with pooling, which read handwriting, \
                   recognize clothes, and show what they have learned.",
    keeps_values: false,
    parts: parts! {
        exercise 1 in convolution: "A convolution of a 6×6 image, stride and padding, the size formula";
        exercise 2 in layer: "nn::Conv2d and the same by functional::conv2d";
        exercise 3 in cnn: "A CNN for handwriting";
        exercise 4 in fewer: "Fewer parameters: what they cost";
        exercise 5 in clothes: "Clothes: Fashion-MNIST";
        exercise 6 in features: "Beyond the manual: filters and feature maps as pictures";
    },
};

/// Three convolutions of 3×3 with these channels, each with a pool of 2 behind it, then two linear layers, for pictures of
/// `side` × `side` pixels and ten classes.
fn cnn(channels: [usize; 3], hidden: usize, side: usize) -> Sequential {
    let [first, second, third] = channels;
    let left = side / 8;
    sequential![
        Conv2d::with(1, first, 3, |conv| conv.padding(1)),
        ReLU::new(),
        MaxPool2d::new(2),
        Conv2d::with(first, second, 3, |conv| conv.padding(1)),
        ReLU::new(),
        MaxPool2d::new(2),
        Conv2d::with(second, third, 3, |conv| conv.padding(1)),
        ReLU::new(),
        MaxPool2d::new(2),
        Flatten::new(),
        Linear::new(third * left * left, hidden),
        ReLU::new(),
        Linear::new(hidden, 10),
    ]
}
