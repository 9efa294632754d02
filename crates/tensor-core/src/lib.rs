//! The vocabulary of tensors: [`Tensor`], shapes and strides, operations as data ([`Op`]), what a device must do
//! ([`Device`]), what a tensor may remember ([`History`]), errors, printing and random streams. It knows no kernel and no
//! derivative.
#![forbid(unsafe_code)]

mod apply;
pub mod compose;
mod create;
mod device;
mod dims;
pub mod display;
mod error;
mod history;
pub mod indexing;
mod layout;
pub mod mode;
pub mod op;
mod operand;
mod operators;
mod print;
pub mod random;
mod read;
pub mod shape;
mod spatial;
mod tensor;
mod twins;

pub use compose::{Unique, linalg};
pub use create::{Nested, default_literal_dtype, room};
pub use device::{Device, Input, Memory, Output, same_device};
pub use dims::Dims;
pub use error::{Error, ErrorKind, Result, or_panic};
pub use history::{History, Parents, Past, Record};
pub use indexing::{At, Ellipsis, IntoIndex, NewAxis};
pub use layout::{Layout, Overlap};
pub use op::Op;
pub use operand::{IntoOperand, Operand};
pub use random::Generator;
pub use shape::{IntoAxes, IntoShape};
pub use spatial::Spatial;
pub use storage::pool as memory;
pub use storage::{DType, Element, Scalar, Source, Target, bf16, f16};
pub use tensor::Tensor;
