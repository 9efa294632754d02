//! The home of raw bytes: dtypes, single numbers, aligned blocks of memory and their pool, and shared storages with their
//! locks and version counters. It knows no shapes, strides, operations or devices' names.

mod access;
mod block;
mod dtype;
mod element;
pub mod pool;
mod promotion;
mod scalar;
mod storage;

pub use access::{Reading, Single, Source, Target, Writing};
pub use block::{Block, OutOfMemory};
pub use dtype::DType;
pub use element::{Bool, Element, Pod};
pub use scalar::Scalar;
pub use storage::{Body, DeviceMemory, Storage};

pub use half::{bf16, f16};
