//! The bridge to the crate `ndarray`: arrays become tensors, and tensors arrays, as copies or over the same memory. The crate's
//! own names are here too, so that a program needs no dependency of its own: `use tensor::ndarray::{Array2, array}`.

mod incoming;
mod outgoing;

pub use ::ndarray::*;
pub use incoming::{from_ndarray, try_from_ndarray};
pub use outgoing::Ndarray;
pub(crate) use outgoing::check_readable;
