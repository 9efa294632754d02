//! Lab 2, computational graphs: the order of its lessons and exercises.

mod exponential;
mod polynomial;
mod problem_1;
mod problem_2;
mod problem_3;
mod problem_4;
mod relu;
mod sigmoid;
mod tanh_of_log;
mod tracking;
mod two_paths;

use crate::course::{Lab, parts};
use sconce::prelude::*;

/// The lab.
pub static LAB: Lab = Lab {
    number: 2,
    title: "Computational graphs",
    introduction: "Every operation on a tensor that requires a gradient is recorded. The records form a graph, from the inputs \
                   to the result, and backward walks it from the result to the inputs, multiplying derivatives by the chain \
                   rule. Each exercise here computes one gradient three ways: by the graph, by the chain rule on paper, and \
                   from the formula. The lab fails if they differ. Graphs are drawn with the value of every node and, after \
                   backward, its gradient: the derivative of the result by this node.",
    keeps_values: true,
    parts: parts! {
        lesson in tracking: "Tensors that require a gradient";
        lesson in problem_1: "Problem 1: y = x², z = 2y + 3";
        lesson in problem_2: "Problem 2: (x − 2)²";
        lesson in problem_3: "Problem 3: x² + 5, and no_grad";
        lesson in problem_4: "Problem 4: the sigmoid, by the graph and by hand";
        exercise 1 in two_paths: "Two paths: x = 2a + 3b, y = 5a² + 3b³, z = 2x + 3y";
        exercise 2 in relu: "A neuron with ReLU: u = w·x, v = u + b, a = relu(v)";
        exercise 3 in sigmoid: "A neuron with the sigmoid";
        exercise 4 in exponential: "exp(−x² − 2x − sin x)";
        exercise 5 in polynomial: "8x⁴ + 3x³ + 7x² + 6x + 3";
        exercise 6 in tanh_of_log: "tanh(ln(1 + z·2x / sin y))";
    },
};

/// The gradient that backward has left at a leaf of one element, for comparison.
fn gradient(leaf: &Tensor) -> f64 {
    leaf.grad().map_or(f64::NAN, |gradient| gradient.item())
}
