//! The draws that torchvision's transforms make, one number at a time, from the default generator.

use tensor::{Fill, empty, rand, randint};

/// Whether one number from [0, 1) passes the test; compared in `float32`.
pub(super) fn chance(test: impl Fn(f32) -> bool) -> bool {
    test(rand(1).item())
}

/// One `float32` number from [low, high).
pub(super) fn uniform(low: f64, high: f64) -> f64 {
    empty(1).uniform_(low, high).item::<f32>() as f64
}

/// One whole number from 0 to `most`.
pub(super) fn position(most: usize) -> usize {
    randint(0, most as i64 + 1, 1).item::<i64>() as usize
}

/// Height and width of a random part of an image, or `None` if it does not fit: a share of its area from `scale`, an aspect
/// ratio whose logarithm is even in `ratio`'s. Both come as (√(area · aspect), √(area / aspect)), rounded to even.
pub(super) fn sides(area: usize, scale: (f64, f64), ratio: (f64, f64)) -> (usize, usize) {
    let target = area as f64 * uniform(scale.0, scale.1);
    // Logarithm and exponential are float32's, as tensors of one element there.
    let log = |x: f64| tensor::tensor(x).log().item::<f32>() as f64;
    let aspect = tensor::tensor(uniform(log(ratio.0), log(ratio.1))).exp().item::<f32>() as f64;
    let side = |square: f64| square.sqrt().round_ties_even() as usize;
    (side(target * aspect), side(target / aspect))
}
