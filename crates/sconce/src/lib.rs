//! Sconce: PyTorch's eager core in Rust. This crate only re-exports the layers below it; [`prelude`] is what programs import.
#![forbid(unsafe_code)]

pub use data;
pub use optim;
pub use tensor::*;

/// What surrounds a training loop: progress, figures, TensorBoard, checkpoints, early stopping, interruption.
pub use ::train;

/// Layers, losses and initial values: `torch.nn`.
pub mod nn {
    pub use ::nn::*;
    // The derive that names this crate, which is the one that the program knows.
    pub use nn_derive::SconceModule as Module;
}

/// Everything a program needs at hand.
pub mod prelude {
    pub use crate::nn::{Forward, Module};
    pub use data::{DataLoader, Dataset, TensorDataset};
    pub use optim::Optimizer;
    pub use optim::lr_scheduler::LrScheduler;
    pub use tensor::autograd::{Backward, GradOptions, Graph, enable_grad, grad, keep_values, no_grad};
    pub use tensor::dtype::*;
    pub use tensor::{
        DType, Device, Draw, Ellipsis, Error, Fill, Generator, Gradient, Ndarray, NewAxis, Noise, Options, Place,
        PrintOptions, Result, Tensor, arange, bf16, cat, cpu, device, empty, empty_like, eye, f16, from_ndarray,
        from_vec, full, full_like, linspace, manual_seed, normal, ones, ones_like, rand, rand_like, randint, randn,
        randn_like, randperm, requires_grad, stack, step, tensor, tensor_with, zeros, zeros_like, zeros_with,
    };
}

/// The README's examples are tests, too.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// As are those of the page on GPUs.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/gpu.md")]
struct Gpus;
