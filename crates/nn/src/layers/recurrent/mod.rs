//! Recurrent networks and their cells, as layers. How a step is computed is known to the tensor's operations.

mod cells;
mod network;
mod networks;

pub use self::cells::*;
pub use self::networks::*;
use super::{Creation, python, uniform_parameter};
use tensor::Tensor;

/// What a simple recurrent network applies to each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RnnNonlinearity {
    /// The hyperbolic tangent.
    #[default]
    Tanh,
    /// x above zero.
    Relu,
}

tensor::settings! {
    /// What a recurrent network takes beside its sizes.
    pub struct Recurrence {
        /// Layers, each on the output of the one before.
        num_layers: usize = 1,
        /// What is applied to each state; only of [`RNN`].
        nonlinearity: RnnNonlinearity = RnnNonlinearity::Tanh,
        /// Whether the two weights of a layer have biases.
        bias: bool = true,
        /// Whether inputs and outputs are (batch, step, feature) rather than (step, batch, feature).
        batch_first: bool = false,
        /// The probability that an element of a layer's output is zero in training, between layers.
        dropout: f64 = 0.0,
        /// Whether each layer also runs from the last step to the first.
        bidirectional: bool = false,
        /// The size to which each h is projected, or 0 for none; only of [`LSTM`].
        proj_size: usize = 0,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

/// What goes from step to step: h, or (h, c) of an LSTM.
trait Memory: Sized {
    fn parts(&self) -> Vec<Tensor>;
    fn of(parts: Vec<Tensor>) -> Self;
}

impl Memory for Tensor {
    fn parts(&self) -> Vec<Tensor> {
        vec![self.clone()]
    }
    fn of(mut parts: Vec<Tensor>) -> Tensor {
        parts.remove(0)
    }
}

impl Memory for (Tensor, Tensor) {
    fn parts(&self) -> Vec<Tensor> {
        vec![self.0.clone(), self.1.clone()]
    }
    fn of(mut parts: Vec<Tensor>) -> (Tensor, Tensor) {
        let c = parts.remove(1);
        (parts.remove(0), c)
    }
}
