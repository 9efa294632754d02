//! Any GPU as a device: kernels for the operations as WGSL shaders, put together from text and run through wgpu on Vulkan,
//! Metal, DirectX 12 and WebGPU. It knows no gradients.
//!
//! An operation becomes one or a few kernels (`kernel.rs`): a head that declares operands and parameters, written for the
//! dtypes at hand, and a body from the family's file. Kernels are recorded (`stream.rs`) and run later; what fails then is told
//! at the next synchronization (`failure.rs`).
#![cfg_attr(not(feature = "cooperative"), forbid(unsafe_code))]
#![cfg_attr(feature = "cooperative", deny(unsafe_code))]

mod activation;
mod adapter;
mod attend;
mod binary;
mod conv;
mod convert;
mod ctc;
#[cfg(not(target_arch = "wasm32"))]
mod devices;
mod element;
mod elementwise;
#[cfg(feature = "cooperative")]
mod experimental;
mod failure;
mod fold;
mod gpu;
mod index;
mod join;
mod kernel;
mod linalg;
mod long;
mod loss;
mod map;
mod matmul;
mod memory;
mod nest;
mod norm;
mod own;
mod pad;
mod parts;
mod pipeline;
mod pool;
mod random;
mod recurrent;
mod reduce;
mod resize;
mod rows;
mod sample;
mod scan;
mod select;
mod sort;
mod stream;
mod ternary;
mod unary;
mod update;

pub use adapter::{AdapterInfo, VARIABLE};
#[cfg(all(feature = "noop", not(target_arch = "wasm32")))]
pub use devices::open_noop;
#[cfg(not(target_arch = "wasm32"))]
pub use devices::{adapters, gpu, gpu_count, open, open_plain};
pub use gpu::{Gpu, open_later};

use storage::Storage;
use tensor_core::op::random::Random;
use tensor_core::op::update::Update;
use tensor_core::{DType, Device, Error, ErrorKind, Generator, Input, Memory, Op, Output, Result};

/// Functions of single precision.
const MATH: &str = concat!(include_str!("../shaders/math.wgsl"), include_str!("../shaders/math_real.wgsl"));
/// Functions of double precision.
const MATH_DOUBLE: &str =
    concat!(include_str!("../shaders/math_double.wgsl"), include_str!("../shaders/math_real.wgsl"));

/// The error of an operation that there is no kernel for.
pub(crate) fn unsupported(gpu: &Gpu, op: &str, dtype: DType) -> Error {
    let text = format!("{op} of {dtype} is not supported on {} ({})", Gpu::name(gpu), gpu.info().name);
    Error::new(ErrorKind::Unsupported, text)
}

impl Device for Gpu {
    fn name(&self) -> &str {
        Gpu::name(self)
    }

    fn is_host(&self) -> bool {
        false
    }

    fn allocate(&self, bytes: usize) -> Result<Storage> {
        Ok(Storage::device(bytes, Box::new(self.block(bytes)?)))
    }

    fn upload(&self, from: &[u8], storage: &mut Storage) -> Result<()> {
        Gpu::upload(self, from, self.memory_of(storage))
    }

    fn download(&self, storage: &Storage, to: &mut [u8]) -> Result<()> {
        self.read_back(Some(self.memory_of(storage)), to)
    }

    fn run(&self, op: &Op, compute: DType, inputs: &[Input<'_>], output: &mut Output<'_>) -> Result<()> {
        match *op {
            Op::Unary(op) => unary::run(self, op, compute, &inputs[0], output),
            Op::Binary(op) => binary::run(self, op, compute, inputs, output),
            Op::Scalar { op, number, reversed } => {
                binary::run_scalar(self, op, (number, reversed), compute, &inputs[0], output)
            }
            Op::Activation(op) => activation::run(self, op, compute, inputs, output),
            Op::Select(op) => select::run(self, op, compute, inputs, output),
            Op::Ternary(op) => ternary::run(self, op, compute, inputs, output),
            Op::Convert(op) => convert::run(self, op, inputs, output),
            Op::Reduce(op) => reduce::run(self, op, compute, &inputs[0], output),
            Op::Matmul(op) => matmul::run(self, op, compute, inputs, output),
            Op::Index(op) => index::run(self, op, inputs, output),
            Op::Join(op) => join::run(self, op, inputs, output),
            Op::Linalg(op) => linalg::run(self, op),
            Op::Conv(op) => conv::run(self, op, compute, inputs, output),
            Op::Pad(op) => pad::run(self, op, &inputs[0], output),
            Op::Pool(op) => pool::run(self, op, compute, inputs, output),
            Op::Fold(op) => fold::run(self, op, &inputs[0], output),
            Op::Resize(op) => resize::run(self, op, &inputs[0], output),
            Op::Sample(op) => sample::run(self, op, compute, inputs, output),
            Op::Attend(op) => attend::run(self, op, compute, inputs, output),
            Op::Loss(op) => loss::run(self, op, compute, inputs, output),
            Op::Ctc(op) => ctc::run(self, op, compute, inputs, output),
            Op::Norm(op) => norm::run(self, op, compute, inputs, output),
            Op::Recurrent(op) => recurrent::run(self, op, compute, inputs, output),
            Op::Scan(op) => scan::run(self, op, compute, inputs, output),
            Op::Sort(op) => sort::run(self, op, compute, inputs, output),
            Op::View(_) => unreachable!("views never reach a device"),
        }
    }

    fn draw(&self, what: &Random, generator: &Generator, output: &mut Output<'_>) -> Result<()> {
        random::run(self, what, generator, output)
    }

    fn update(&self, update: &Update, gradient: Input<'_>, outputs: &mut [Output<'_>]) -> Result<()> {
        update::run(self, *update, &gradient, outputs)
    }

    fn synchronize(&self) -> Result<()> {
        self.read_back(None, &mut [])
    }

    fn memory(&self) -> Memory {
        Gpu::memory(self)
    }

    fn empty_cache(&self) {
        Gpu::empty_cache(self);
    }

    fn reset_peak_memory(&self) {
        Gpu::reset_peak_memory(self);
    }
}
