//! Lab 7, exercise 2: where the optimizers go on three functions of two variables.

use super::{Make, OPTIMIZERS};
use crate::settings::Settings;
use crate::transcript::{claim, figure, say};
use sconce::prelude::*;
use sconce::train::figures::{Contour, Figure};

/// A function to be minimized.
struct Valley {
    name: &'static str,
    function: fn(&Tensor, &Tensor) -> Tensor,
    start: [f64; 2],
    x: (f64, f64),
    y: (f64, f64),
    minima: &'static [[f64; 2]],
    /// Learning rates that suit it: gradient descent's, and that of those that adapt it.
    rates: [f64; 2],
}

const VALLEYS: [Valley; 3] = [
    Valley {
        name: "Rosenbrock",
        function: |x, y| (1.0 - x).square() + 100.0 * (y - &x.square()).square(),
        start: [-1.2, 1.0],
        x: (-2.0, 2.0),
        y: (-1.0, 3.0),
        minima: &[[1.0, 1.0]],
        rates: [0.0005, 0.05],
    },
    Valley {
        name: "Beale",
        function: |x, y| {
            let term = |constant: f64, power: i32| (constant - x + x * &y.pow(power)).square();
            term(1.5, 1) + term(2.25, 2) + term(2.625, 3)
        },
        start: [1.0, 1.5],
        x: (-1.0, 4.5),
        y: (-2.0, 2.0),
        minima: &[[3.0, 0.5]],
        rates: [0.003, 0.05],
    },
    Valley {
        name: "Himmelblau",
        function: |x, y| (x.square() + y - 11.0).square() + (x + &y.square() - 7.0).square(),
        start: [0.0, 0.0],
        x: (-6.0, 6.0),
        y: (-6.0, 6.0),
        minima: &[[3.0, 2.0], [-2.805118, 3.131312], [-3.779310, -3.283186], [3.584428, -1.848126]],
        rates: [0.005, 0.1],
    },
];

/// How many steps each optimizer has.
const STEPS: usize = 1500;

pub fn run(settings: &Settings) {
    say(
        "Rosenbrock's valley is a curved ditch with steep walls, Beale's a plain with a sink, Himmelblau's has four minima. \
         Gradient descent needs small steps for the walls and crawls along the ditch; momentum carries on; those that divide by \
         the gradient's size go the same way everywhere.",
    );
    let steps = settings.epochs_or(STEPS);
    for valley in &VALLEYS {
        say(&format!("{} from ({}, {}), {steps} steps:", valley.name, valley.start[0], valley.start[1]));
        show! {
            let mut ends = vec![];
            let mut paths = vec![];
            for (name, _, make) in OPTIMIZERS {
                let path = follow(valley, *make, rate(valley, name), steps);
                let (x, y) = path[path.len() - 1];
                let value = (valley.function)(&scalar(x), &scalar(y)).item::<f64>();
                println!("{name:<9} ends at ({x:8.4}, {y:8.4}), f = {value:.2e}");
                ends.push((*name, nearest(valley, [x, y])));
                paths.push((*name, path));
            }
        }
        let value = |x: f64, y: f64| (valley.function)(&scalar(x), &scalar(y)).item::<f64>();
        let mut contours = Contour::new(valley.name, valley.x.0..valley.x.1, valley.y.0..valley.y.1, value);
        for (name, path) in
            paths.iter().filter(|(name, _)| ["SGD", "momentum", "Adagrad", "RMSprop", "Adam"].contains(name))
        {
            contours = contours.path(*name, path);
        }
        for [x, y] in valley.minima {
            contours = contours.mark(*x, *y);
        }
        figure(contours.svg(), &format!("paths over the contours of {}", valley.name));
        if settings.trains_fully(STEPS) {
            for wanted in ["momentum", "Adam"] {
                let distance =
                    ends.iter().find(|(name, _)| *name == wanted).map_or(f64::NAN, |(_, distance)| *distance);
                claim(&format!("{wanted} comes within 0.05 of a minimum of {}", valley.name), distance < 0.05);
            }
        }
    }
}

fn scalar(value: f64) -> Tensor {
    tensor_with(value, float64)
}

/// The learning rate of an optimizer in a valley.
fn rate(valley: &Valley, name: &str) -> f64 {
    match name {
        "SGD" | "momentum" | "Nesterov" => valley.rates[0],
        "Adagrad" => 10.0 * valley.rates[1],
        "Adadelta" => 20.0 * valley.rates[1],
        _ => valley.rates[1],
    }
}

/// The points that an optimizer visits.
fn follow(valley: &Valley, make: Make, lr: f64, steps: usize) -> Vec<(f64, f64)> {
    let point = tensor_with(valley.start, float64).requires_grad_(true);
    let mut optimizer = make(vec![point.clone()], lr);
    let mut path = vec![(valley.start[0], valley.start[1])];
    for _ in 0..steps {
        optimizer.zero_grad();
        (valley.function)(&point.i(0), &point.i(1)).backward();
        optimizer.step();
        let at = point.detach().to_vec::<f64>();
        path.push((at[0], at[1]));
    }
    path
}

/// How far a point is from the nearest minimum.
fn nearest(valley: &Valley, [x, y]: [f64; 2]) -> f64 {
    valley.minima.iter().map(|[a, b]| (x - a).hypot(y - b)).fold(f64::INFINITY, f64::min)
}
