//! Any GPU as a device: kernels for the operations as WGSL shaders, put together from text and run through wgpu on Vulkan,
//! Metal, DirectX 12 and WebGPU. It knows no gradients.
//!
//! An operation becomes one or a few kernels (`kernel.rs`): a head that declares operands and parameters, written for the
//! dtypes at hand, and a body from the family's file. Kernels are recorded (`stream.rs`) and run later; what fails then is told
//! at the next synchronization (`failure.rs`).
#![forbid(unsafe_code)]

mod activation;
mod adapter;
mod attend;
mod binary;
mod conv;
mod convert;
mod ctc;
mod element;
mod elementwise;
mod failure;
mod fold;
mod gpu;
mod index;
mod join;
mod kernel;
mod linalg;
mod loss;
mod map;
mod matmul;
mod memory;
mod nest;
mod norm;
mod own;
mod pad;
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

#[cfg(not(target_arch = "wasm32"))]
pub use adapter::adapters;
pub use adapter::{AdapterInfo, VARIABLE};
pub use gpu::Gpu;

use storage::Storage;
use tensor_core::op::random::Random;
use tensor_core::op::update::Update;
use tensor_core::{DType, Device, Error, ErrorKind, Generator, Input, Memory, Op, Output, Result};

/// Functions of single precision.
const MATH: &str = include_str!("../shaders/math.wgsl");
/// Functions of double precision, as far as there are any.
const MATH_DOUBLE: &str = include_str!("../shaders/math_double.wgsl");

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
            Op::Scalar { op, number, reversed } => binary::run_scalar(self, op, (number, reversed), compute, &inputs[0], output),
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
}

/// The GPUs that may be used, each opened when it is first asked for.
#[cfg(not(target_arch = "wasm32"))]
fn opened() -> &'static [std::sync::OnceLock<Result<&'static Gpu>>] {
    static GPUS: std::sync::OnceLock<Vec<std::sync::OnceLock<Result<&'static Gpu>>>> = std::sync::OnceLock::new();
    GPUS.get_or_init(|| chosen().iter().map(|_| std::sync::OnceLock::new()).collect())
}

#[cfg(not(target_arch = "wasm32"))]
fn chosen() -> &'static [wgpu::Adapter] {
    static CHOSEN: std::sync::OnceLock<Vec<wgpu::Adapter>> = std::sync::OnceLock::new();
    CHOSEN.get_or_init(|| {
        let all = pollster::block_on(adapter::all());
        adapter::chosen(all, std::env::var(VARIABLE).ok().as_deref())
    })
}

/// How many GPUs may be used.
#[cfg(not(target_arch = "wasm32"))]
pub fn gpu_count() -> usize {
    chosen().len()
}

/// The GPU of that number, the best being 0.
///
/// # Errors
/// If there is none of this number, or it cannot be opened.
#[cfg(not(target_arch = "wasm32"))]
pub fn gpu(number: usize) -> Result<&'static Gpu> {
    let Some(slot) = opened().get(number) else {
        let software = adapters().iter().filter(|adapter| adapter.kind == "software").count();
        let text = match (gpu_count(), software, std::env::var(VARIABLE)) {
            (0, _, Ok(choice)) if !choice.is_empty() => format!(
                "no GPU is available: {VARIABLE}={choice} chooses none of the {} adapters that there are",
                adapters().len()
            ),
            (0, 0, _) => "no GPU is available: no adapter was found. On Linux its Vulkan driver has to be installed (for NVIDIA \
                          the driver, else mesa-vulkan-drivers, with libvulkan1)"
                .to_string(),
            (0, _, _) => format!(
                "no GPU is available: the only adapters compute on the processor, which is slower than the device 'cpu'; {VARIABLE}=software uses them \
                 all the same"
            ),
            (count, _, _) => format!("no GPU of number {number} is available: there are {count}, counted from 0"),
        };
        return Err(Error::new(ErrorKind::Device, text));
    };
    slot.get_or_init(|| leak(&chosen()[number], number)).clone()
}

#[cfg(not(target_arch = "wasm32"))]
fn leak(adapter: &wgpu::Adapter, number: usize) -> Result<&'static Gpu> {
    Ok(&*Box::leak(Box::new(pollster::block_on(Gpu::open(adapter, number))?)))
}

/// Opens the adapter of that number in the list of [`adapters`], whatever [`VARIABLE`] says, as a device of its own: for
/// tests, or because the first one was lost. It stays open as long as the program runs.
///
/// # Errors
/// If there is no such adapter, or it cannot be opened.
#[cfg(not(target_arch = "wasm32"))]
pub fn open(number: usize) -> Result<&'static Gpu> {
    let all = pollster::block_on(adapter::all());
    match all.get(number) {
        Some(adapter) => leak(adapter, 0),
        None => Err(Error::new(ErrorKind::Device, format!("there is no adapter of number {number}: there are {}", all.len()))),
    }
}
