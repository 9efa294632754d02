//! The layers, a family a file. What they share is here: how a parameter is made, and how a forward pass is told to those who
//! watch.

mod activation;
mod attention;
mod batch_norm;
mod conv;
mod dropout;
mod embedding;
mod embedding_bag;
mod linear;
mod norm;
mod padding;
mod pool;
mod recurrent;
mod shape;
mod transformer;
mod upsample;

pub use self::activation::*;
pub use self::attention::*;
pub use self::batch_norm::*;
pub use self::conv::*;
pub use self::dropout::*;
pub use self::embedding::*;
pub use self::embedding_bag::*;
pub use self::linear::*;
pub use self::norm::*;
pub use self::padding::*;
pub use self::pool::*;
pub use self::recurrent::*;
pub use self::shape::*;
pub use self::transformer::*;
pub use self::upsample::*;
use crate::init::{FanMode, Nonlinearity, kaiming_uniform_with_};
use crate::python_tuple;
use tensor::{Fill, Options, Tensor, empty_with};
use tensor_core::Spatial;

/// The dtype and device of a layer's parameters: a dtype, a device, or [`Options`] with both.
pub type Creation = Options;

/// Gives a layer its forward pass from one tensor to one, and tells the hooks of it.
macro_rules! forward {
    ($layer:ty, |$self:ident, $input:ident| $output:expr) => {
        impl crate::Forward for $layer {
            #[track_caller]
            fn forward(&$self, $input: &tensor::Tensor) -> tensor::Tensor {
                let output = $output;
                crate::observe($self, $input, output)
            }
        }
    };
}
use forward;

/// A parameter drawn evenly from ±`bound`.
#[track_caller]
fn uniform_parameter(shape: &[usize], bound: f64, creation: Creation) -> Tensor {
    crate::parameter(empty_with(shape, creation).uniform_(-bound, bound))
}

/// The weight of a linear layer or a convolution: evenly from ±1/√fan_in, computed as PyTorch does, from the gain of a leaky
/// relu of slope √5, so that the bits are the same.
#[track_caller]
fn kaiming_parameter(shape: &[usize], creation: Creation) -> Tensor {
    let weight = empty_with(shape, creation);
    if weight.numel() > 0 {
        kaiming_uniform_with_(&weight, FanMode::FanIn, Nonlinearity::LeakyRelu(5.0f64.sqrt()));
    }
    crate::parameter(weight)
}

/// The bias that goes with `weight`: evenly from ±1/√fan_in.
#[track_caller]
fn bias_parameter(weight: &Tensor, size: usize, creation: Creation) -> Tensor {
    let (fan_in, _) = crate::init::calculate_fan_in_and_fan_out(weight);
    let bound = if fan_in > 0 { 1.0 / (fan_in as f64).sqrt() } else { 0.0 };
    uniform_parameter(&[size], bound, creation)
}

/// A truth value as Python prints it.
fn python(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// Numbers of spatial dimensions as they were given: `2` or `(2, 3)`.
fn spatial(numbers: Spatial) -> String {
    match numbers.as_slice() {
        [one] => one.to_string(),
        many => python_tuple(many),
    }
}

/// Numbers of spatial dimensions, one for each: `(2, 2)`.
fn tuple(numbers: Spatial, rank: usize) -> String {
    match numbers.each(rank) {
        Some(each) => python_tuple(&each[..rank]),
        None => python_tuple(numbers.as_slice()),
    }
}
