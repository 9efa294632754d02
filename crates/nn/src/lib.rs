//! Layers, losses and initial values of networks, under the names, defaults and printed forms of `torch.nn`, and from the same
//! seed with the same parameters. It knows tensors and their gradients; it names no device and no optimizer.
//!
//! ```
//! use nn::{Forward, Linear, Module, ReLU, sequential};
//! tensor::manual_seed(0);
//! let net = sequential![Linear::new(2, 3), ReLU::new(), Linear::new(3, 1)];
//! let y = net.forward(&tensor::ones([4, 2]));
//! assert_eq!(y.shape(), &[4, 1]);
//! ```
#![forbid(unsafe_code)]

// What `derive(Module)` writes names this crate from outside.
extern crate self as nn;

pub mod functional;
pub mod init;
mod layers;
mod losses;
mod module;
pub mod utils;

pub use self::layers::*;
pub use self::losses::*;
pub use self::module::*;
pub use nn_derive::Module;
pub use tensor_core::Spatial;
pub use tensor_core::op::InterpolateMode;
pub use tensor_core::op::activation::Approximate;
pub use tensor_core::op::conv::Padding;
