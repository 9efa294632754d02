//! The assembled tensor: which device is the default, creation functions, `tensor![…]`, `manual_seed`, files and adapters.
//! What a tensor is lies below (`tensor-core`), how it is computed beside (`ops-cpu`), its derivatives in `autograd`.
#![forbid(unsafe_code)]

mod create;
pub mod devices;
mod draw;
pub mod dtype;
pub mod ndarray;
mod noise;
pub mod numpy;
mod options;
mod place;
mod sampling;
mod seed;
mod settings;
mod triangle;
mod truncated;

pub use self::ndarray::{Ndarray, from_ndarray, try_from_ndarray};
pub use autograd::{self, Gradient};
pub use create::*;
pub use devices::{cpu, default_device, device, set_default_device};
pub use draw::Draw;
pub use noise::Noise;
pub use options::{Options, requires_grad};
pub use place::{Destination, Place};
pub use sampling::{
    Fill, bernoulli, multinomial, normal_of, poisson, try_bernoulli, try_multinomial, try_normal_of, try_poisson,
};
pub use seed::{default_generator, get_rng_state, initial_seed, manual_seed, set_rng_state, with_generator};
pub use tensor_core::compose::attention::Attention;
pub use tensor_core::compose::einsum::{einsum, try_einsum};
pub use tensor_core::compose::products::{multi_dot, try_multi_dot};
pub use tensor_core::compose::shape::Sections;
pub use tensor_core::compose::stacking::*;
pub use tensor_core::display::{PrintOptions, python_float, torch_size};
pub use tensor_core::indexing::{Ellipsis, NewAxis, step};
pub use tensor_core::linalg;
pub use tensor_core::op::join::{cat, stack, try_cat, try_stack};
pub use tensor_core::{
    DType, Device, Dims, Element, Error, ErrorKind, Generator, IntoAxes, IntoIndex, IntoOperand, IntoShape, Nested,
    Result, Scalar, Tensor, bf16, f16, or_panic,
};

pub use triangle::*;
pub use truncated::{trunc_normal_, try_trunc_normal_};

/// The host memory that tensors free, kept for the next ones: statistics, bounds, `empty_cache`.
///
/// ```
/// use tensor::{memory, ones};
/// let x = ones([1000, 1000]);
/// assert!(memory::statistics().live >= 4_000_000);
/// drop(x);
/// memory::empty_cache();
/// ```
pub use tensor_core::memory;

/// The version of this library.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A tensor of the numbers written: `tensor![[7, 8], [9, 10]]`, `tensor![0.5]` (one element), `tensor![]` (none).
///
/// Whole-number literals give `int64`, real ones `float32`, as in PyTorch; typed numbers (`1u8`, `0.5f64` does not count, it is
/// the literal's own type) keep their type.
///
/// ```
/// use tensor::tensor;
/// assert_eq!(tensor![[7, 8], [9, 10]].to_string(), "tensor([[ 7,  8],\n        [ 9, 10]])");
/// ```
#[macro_export]
macro_rules! tensor {
    () => { $crate::tensor([0.0f32; 0]) };
    ($($item:tt)*) => { $crate::tensor([$($item)*]) };
}
