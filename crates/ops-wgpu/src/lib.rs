//! Any GPU as a device: kernels for the operations as WGSL shaders, put together from text and run through wgpu on Vulkan,
//! Metal, DirectX 12 and WebGPU. It knows no gradients.
//!
//! An operation becomes one or a few kernels ([`kernel`]): a head that declares operands and parameters, written for the
//! dtypes at hand, and a body from the family's file. Kernels are recorded ([`stream`]) and run later; what fails then is told
//! at the next synchronization ([`failure`]).

mod activation;
mod adapter;
mod binary;
mod conv;
mod element;
mod elementwise;
mod failure;
mod fold;
mod gpu;
mod index;
mod join;
mod kernel;
mod map;
mod nest;
mod pad;
mod pipeline;
mod pool;
mod pooling;
mod random;
mod resize;
mod sample;
mod stream;
mod unary;

#[cfg(not(target_arch = "wasm32"))]
pub use adapter::adapters;
pub use adapter::{AdapterInfo, VARIABLE};
pub use gpu::Gpu;

use storage::Storage;
use tensor_core::op::Convert;
use tensor_core::op::random::Random;
use tensor_core::op::update::Update;
use tensor_core::{DType, Device, Error, ErrorKind, Generator, Input, Memory, Op, Output, Result};

/// Functions of single precision.
const MATH: &str = include_str!("../shaders/math.wgsl");

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
        let none = |name: &str| Err(unsupported(self, name, compute));
        match *op {
            Op::Unary(op) => elementwise::unary(self, op, compute, &inputs[0], output),
            Op::Binary(op) => elementwise::binary(self, op, compute, inputs, output),
            Op::Scalar { op, number, reversed } => {
                elementwise::scalar(self, op, (number, reversed), compute, &inputs[0], output)
            }
            Op::Activation(op) => elementwise::activation(self, op, compute, inputs, output),
            Op::Select(op) => elementwise::select(self, op, compute, inputs, output),
            Op::Ternary(op) => elementwise::ternary(self, op, compute, inputs, output),
            Op::Convert(Convert::Fill(number)) => elementwise::fill(self, number, output),
            Op::Convert(Convert::Cast(_) | Convert::Clone | Convert::Contiguous | Convert::Copy) => {
                elementwise::copy(self, &inputs[0], output)
            }
            Op::Reduce(_) => none("reduce"),
            Op::Matmul(_) => none("matmul"),
            Op::Index(op) => index::run(self, op, inputs, output),
            Op::Join(op) => join::run(self, op, inputs, output),
            Op::Linalg(_) => none("linalg"),
            Op::Conv(op) => conv::run(self, op, compute, inputs, output),
            Op::Pad(op) => pad::run(self, op, &inputs[0], output),
            Op::Pool(op) => pooling::run(self, op, compute, inputs, output),
            Op::Fold(op) => fold::run(self, op, &inputs[0], output),
            Op::Resize(op) => resize::run(self, op, &inputs[0], output),
            Op::Sample(op) => sample::run(self, op, compute, inputs, output),
            Op::Attend(_) => none("scaled_dot_product_attention"),
            Op::Loss(_) => none("cross_entropy"),
            Op::Ctc(_) => none("ctc_loss"),
            Op::Norm(_) => none("norm"),
            Op::Recurrent(_) => none("recurrent layers"),
            Op::Scan(_) => none("scan"),
            Op::Sort(_) => none("sort"),
            Op::View(_) => unreachable!("views never reach a device"),
        }
    }

    fn draw(&self, _what: &Random, _generator: &Generator, output: &mut Output<'_>) -> Result<()> {
        Err(unsupported(self, "random numbers", output.dtype))
    }

    fn update(&self, _update: &Update, gradient: Input<'_>, _outputs: &mut [Output<'_>]) -> Result<()> {
        Err(unsupported(self, "the fused optimizer step", gradient.dtype))
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
    slot.get_or_init(|| open(number)).clone()
}

#[cfg(not(target_arch = "wasm32"))]
fn open(number: usize) -> Result<&'static Gpu> {
    Ok(&*Box::leak(Box::new(pollster::block_on(Gpu::open(&chosen()[number], number))?)))
}

/// Opens the GPU of that number once more, as a device of its own, for example because the first one was lost.
///
/// # Errors
/// As [`gpu`].
#[cfg(not(target_arch = "wasm32"))]
pub fn reopen(number: usize) -> Result<&'static Gpu> {
    gpu(number).map(|_| ()).or_else(|error| if number < gpu_count() { Ok(()) } else { Err(error) })?;
    open(number)
}
