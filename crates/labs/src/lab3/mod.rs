//! Lab 3, linear regression and linear networks for classification: the order of its lessons and exercises.

mod analytic;
mod digits;
mod linear_layer;
mod logistic;
mod module;
mod multiple;
mod own_model;
mod regression;
mod sample;
mod xor;

use crate::course::{Lab, parts};

/// The lab.
pub static LAB: Lab = Lab {
    number: 3,
    title: "Linear regression and linear networks for classification",
    introduction: "A line is fitted to points by gradient descent, first with every step written out, then with less and less \
                   of it: a model of its own, a module with a data set and a loader, a layer of the library. The same lines, \
                   with a sigmoid or a softmax behind them, classify; with a second layer they learn what no line separates.",
    keeps_values: false,
    parts: parts! {
        lesson in sample: "Sample: gradient descent with autograd on five points";
        exercise 1 in regression: "Regression on 23 points, and its loss curve";
        exercise 2 in analytic: "The gradients of w and b by hand";
        exercise 3 in own_model: "A model of one's own: forward, criterion, update, reset_grad";
        exercise 4 in module: "The same with Module, Dataset, DataLoader and SGD";
        exercise 5 in linear_layer: "The same with nn::Linear";
        exercise 6 in multiple: "Regression with two inputs";
        exercise 7 in logistic: "Logistic regression";
        exercise 8 in xor: "XOR with a network of nine parameters";
        exercise 9 in digits: "Handwritten digits: softmax regression and two hidden layers";
    },
};

/// The inputs of exercise 1.
const X: [f32; 23] = [
    12.4, 14.3, 14.5, 14.9, 16.1, 16.9, 16.5, 15.4, 17.0, 17.9, 18.8, 20.3, 22.4, 19.4, 15.5, 16.7, 17.3, 18.4, 19.2,
    17.4, 19.5, 19.7, 21.2,
];

/// What belongs to them.
const Y: [f32; 23] = [
    11.2, 12.5, 12.7, 13.1, 14.1, 14.8, 14.4, 13.4, 14.9, 15.6, 16.4, 17.7, 19.6, 16.9, 14.0, 14.6, 15.1, 16.1, 16.8,
    15.2, 17.0, 17.2, 18.6,
];

/// The line through (x, y) with the least mean squared distance, in closed form: its slope and intercept.
fn least_squares(x: &[f32], y: &[f32]) -> (f64, f64) {
    let mean = |values: &[f32]| values.iter().map(|value| *value as f64).sum::<f64>() / values.len() as f64;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let centred = x.iter().zip(y).map(|(x, y)| (*x as f64 - mean_x, *y as f64 - mean_y));
    let (products, squares) = centred.fold((0.0, 0.0), |(xy, xx), (x, y)| (xy + x * y, xx + x * x));
    let slope = products / squares;
    (slope, mean_y - slope * mean_x)
}
