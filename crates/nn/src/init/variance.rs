//! Initial values whose spread depends on how many numbers go into and out of each: Glorot and Bengio (2010), "Understanding
//! the difficulty of training deep feedforward neural networks"; He et al. (2015), "Delving deep into rectifiers".

use super::{Nonlinearity, calculate_gain};
use tensor::{Fill, Tensor};

/// What a weight's spread shall preserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FanMode {
    /// The variance of what goes forward: by the number of inputs.
    #[default]
    FanIn,
    /// The variance of what comes back: by the number of outputs.
    FanOut,
}

/// How many numbers go into each output of a weight of this shape, and out of each input: the second and the first size, times
/// the taps of the kernel.
///
/// ```
/// assert_eq!(nn::init::calculate_fan_in_and_fan_out(&tensor::zeros([8, 3, 5, 5])), (75, 200));
/// ```
///
/// # Panics
/// If the tensor has fewer than two dimensions.
#[track_caller]
pub fn calculate_fan_in_and_fan_out(tensor: &Tensor) -> (usize, usize) {
    let [outputs, inputs, taps @ ..] = &tensor.shape()[..] else {
        panic!("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
    };
    let taps: usize = taps.iter().product();
    (inputs * taps, outputs * taps)
}

/// Evenly from ±gain·√(6 / (fan_in + fan_out)). PyTorch's default gain is 1.
#[track_caller]
pub fn xavier_uniform_(tensor: &Tensor, gain: f64) -> Tensor {
    let bound = 3.0f64.sqrt() * xavier_std(tensor, gain);
    tensor.detach().uniform_(-bound, bound)
}

/// Normally with the deviation gain·√(2 / (fan_in + fan_out)). PyTorch's default gain is 1.
#[track_caller]
pub fn xavier_normal_(tensor: &Tensor, gain: f64) -> Tensor {
    tensor.detach().normal_(0.0, xavier_std(tensor, gain))
}

#[track_caller]
fn xavier_std(tensor: &Tensor, gain: f64) -> f64 {
    let (fan_in, fan_out) = calculate_fan_in_and_fan_out(tensor);
    gain * (2.0 / (fan_in + fan_out) as f64).sqrt()
}

/// Evenly from ±gain·√(3 / fan), with the gain of `nonlinearity`.
///
/// ```
/// use nn::init::{FanMode, Nonlinearity, kaiming_uniform_with_};
/// let w = tensor::empty([30, 50]);
/// kaiming_uniform_with_(&w, FanMode::FanIn, Nonlinearity::Relu);
/// assert!(w.abs().max().item::<f64>() <= (6.0f64 / 50.0).sqrt());
/// ```
#[track_caller]
pub fn kaiming_uniform_with_(tensor: &Tensor, mode: FanMode, nonlinearity: Nonlinearity) -> Tensor {
    match kaiming_std(tensor, mode, nonlinearity) {
        Some(std) => tensor.detach().uniform_(-3.0f64.sqrt() * std, 3.0f64.sqrt() * std),
        None => tensor.detach(),
    }
}

/// Normally with the deviation gain / √fan, with the gain of `nonlinearity`.
#[track_caller]
pub fn kaiming_normal_with_(tensor: &Tensor, mode: FanMode, nonlinearity: Nonlinearity) -> Tensor {
    match kaiming_std(tensor, mode, nonlinearity) {
        Some(std) => tensor.detach().normal_(0.0, std),
        None => tensor.detach(),
    }
}

/// [`kaiming_uniform_with_`] by PyTorch's defaults: the number of inputs, and leaky relu of slope `a`; its default is 0.
#[track_caller]
pub fn kaiming_uniform_(tensor: &Tensor, a: f64) -> Tensor {
    kaiming_uniform_with_(tensor, FanMode::FanIn, Nonlinearity::LeakyRelu(a))
}

/// [`kaiming_normal_with_`] by PyTorch's defaults: the number of inputs, and leaky relu of slope `a`; its default is 0.
#[track_caller]
pub fn kaiming_normal_(tensor: &Tensor, a: f64) -> Tensor {
    kaiming_normal_with_(tensor, FanMode::FanIn, Nonlinearity::LeakyRelu(a))
}

/// The deviation; `None` for a tensor without elements, which has nothing to fill.
#[track_caller]
fn kaiming_std(tensor: &Tensor, mode: FanMode, nonlinearity: Nonlinearity) -> Option<f64> {
    if tensor.numel() == 0 {
        return None;
    }
    let (fan_in, fan_out) = calculate_fan_in_and_fan_out(tensor);
    let fan = match mode {
        FanMode::FanIn => fan_in,
        FanMode::FanOut => fan_out,
    };
    Some(calculate_gain(nonlinearity) / (fan as f64).sqrt())
}
