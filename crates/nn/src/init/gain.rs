//! By how much an activation function shrinks what passes it.

/// The function behind a layer, for [`calculate_gain`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Nonlinearity {
    /// None, or a layer without one: linear, convolution.
    Linear,
    /// The logistic function.
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// x above zero.
    Relu,
    /// With this slope below zero.
    LeakyRelu(f64),
    /// The self-normalizing function.
    Selu,
}

/// The factor that keeps the variance of what passes `nonlinearity`: 1, 5/3 for tanh, √2 for relu, √(2 / (1 + slope²)) for
/// leaky relu, 3/4 for selu. `torch.nn.init.calculate_gain`.
///
/// ```
/// use nn::init::{Nonlinearity, calculate_gain};
/// assert_eq!(calculate_gain(Nonlinearity::LeakyRelu(0.2)), (2.0f64 / 1.04).sqrt());
/// ```
pub fn calculate_gain(nonlinearity: Nonlinearity) -> f64 {
    match nonlinearity {
        Nonlinearity::Linear | Nonlinearity::Sigmoid => 1.0,
        Nonlinearity::Tanh => 5.0 / 3.0,
        Nonlinearity::Relu => 2.0f64.sqrt(),
        Nonlinearity::LeakyRelu(slope) => (2.0 / (1.0 + slope.powi(2))).sqrt(),
        Nonlinearity::Selu => 3.0 / 4.0,
    }
}
