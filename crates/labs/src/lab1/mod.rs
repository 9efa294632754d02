//! Lab 1, introduction to tensors: the order of its lessons and exercises.

mod arithmetic;
mod arrays;
mod attributes;
mod creation;
mod device_product;
mod devices;
mod dtypes;
mod first_tensors;
mod indexing;
mod largest;
mod matrix_product;
mod permuting;
mod positions;
mod products;
mod random_matrix;
mod reshaping;
mod squeezing;
mod two_on_gpu;

use crate::course::{Lab, parts};

/// The lab.
pub static LAB: Lab = Lab {
    number: 1,
    title: "Introduction to tensors",
    introduction: "A tensor is an array of numbers with any number of dimensions. This lab makes tensors, asks them for \
                   their properties, computes with them and changes their shape. Each step shows lines of Rust, as they \
                   stand in crates/labs/src/lab1, and below them what they printed. To try them, begin a program with \
                   `use sconce::prelude::*;`.",
    keeps_values: true,
    parts: parts! {
        lesson in first_tensors: "Scalars, vectors, matrices, tensors";
        lesson in creation: "Random numbers, zeros, ones, ranges";
        lesson in dtypes: "Data types";
        lesson in attributes: "Shape, data type, device";
        lesson in arithmetic: "Arithmetic";
        lesson in products: "Matrix products";
        lesson in devices: "Tensors on a GPU";
        exercise 1 in reshaping: "Reshape, view, stack, squeeze, unsqueeze";
        exercise 2 in permuting: "Permute";
        exercise 3 in indexing: "Indexing";
        exercise 4 in arrays: "Arrays to tensors and back";
        exercise 5 in random_matrix: "A random tensor of shape (7,7)";
        exercise 6 in matrix_product: "Its product with a random tensor of shape (1,7)";
        exercise 7 in two_on_gpu: "Two random tensors of shape (2,3) on the GPU";
        exercise 8 in device_product: "Their matrix product";
        exercise 9 in largest: "The largest and smallest value of the product";
        exercise 10 in positions: "The positions of the largest and smallest value";
        exercise 11 in squeezing: "A random tensor of shape (1,1,1,10), squeezed";
    },
};
