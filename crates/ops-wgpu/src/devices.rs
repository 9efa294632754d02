//! The list of GPUs: found once, each opened when it is first asked for, and never closed. It knows nothing of
//! what they do. Browsers, where nothing waits, have [`open_later`] alone.

use crate::adapter::{self, AdapterInfo, VARIABLE};
use crate::gpu::{Gpu, open_later};
use std::sync::OnceLock;
use tensor_core::{Error, ErrorKind, Result};

/// Every adapter, the best first.
fn all() -> &'static [wgpu::Adapter] {
    static ALL: OnceLock<Vec<wgpu::Adapter>> = OnceLock::new();
    ALL.get_or_init(|| pollster::block_on(adapter::all()))
}

/// Everything that could be used as a GPU, also what [`VARIABLE`] does not choose, the best first.
///
/// ```
/// for adapter in ops_wgpu::adapters() {
///     println!("{adapter}");
/// }
/// ```
pub fn adapters() -> Vec<AdapterInfo> {
    all().iter().map(|each| adapter::describe(each, adapter::WANTED)).collect()
}

/// A GPU that may be used, and what came of opening it.
type Slot = (wgpu::Adapter, OnceLock<Result<&'static Gpu>>);

/// The GPUs that may be used, each opened when it is first asked for.
fn opened() -> &'static [Slot] {
    static GPUS: OnceLock<Vec<Slot>> = OnceLock::new();
    GPUS.get_or_init(|| {
        let chosen = adapter::chosen(all().to_vec(), std::env::var(VARIABLE).ok().as_deref());
        chosen.into_iter().map(|adapter| (adapter, OnceLock::new())).collect()
    })
}

/// How many GPUs may be used.
pub fn gpu_count() -> usize {
    opened().len()
}

/// The GPU of that number, the best being 0.
///
/// # Errors
/// If there is none of this number, or it cannot be opened.
pub fn gpu(number: usize) -> Result<&'static Gpu> {
    let Some((adapter, slot)) = opened().get(number) else {
        let software = adapters().iter().filter(|adapter| adapter.kind == "software").count();
        let text = match (gpu_count(), software, std::env::var(VARIABLE)) {
            (0, _, Ok(choice)) if !choice.is_empty() => format!(
                "no GPU is available: {VARIABLE}={choice} chooses none of the {} adapters that there are",
                adapters().len()
            ),
            (0, 0, _) => {
                "no GPU is available: no adapter was found. On Linux its Vulkan driver has to be installed (for NVIDIA \
                          the driver, else mesa-vulkan-drivers, with libvulkan1)"
                    .to_string()
            }
            (0, _, _) => format!(
                "no GPU is available: the only adapters compute on the processor, which is slower than the device 'cpu'; {VARIABLE}=software uses them \
                 all the same"
            ),
            (count, _, _) => format!("no GPU of number {number} is available: there are {count}, counted from 0"),
        };
        return Err(Error::new(ErrorKind::Device, text));
    };
    slot.get_or_init(|| leak(adapter, number)).clone()
}

fn leak(adapter: &wgpu::Adapter, number: usize) -> Result<&'static Gpu> {
    Ok(&*Box::leak(Box::new(pollster::block_on(Gpu::open(adapter, number))?)))
}

/// Opens the adapter of that number in the list of [`adapters`], whatever `SCONCE_GPU` says, as a device of its own: for tests,
/// or because the first one was lost. It stays open as long as the program runs.
///
/// # Errors
/// If there is no such adapter, or it cannot be opened.
pub fn open(number: usize) -> Result<&'static Gpu> {
    pollster::block_on(open_later(number))
}

/// As [`open`], and as if the adapter had neither 64-bit whole numbers nor double precision: what browsers and phones have.
///
/// # Errors
/// If there is no such adapter, or it cannot be opened.
pub fn open_plain(number: usize) -> Result<&'static Gpu> {
    let all = pollster::block_on(adapter::all());
    let Some(adapter) = all.get(number) else {
        let text = format!("there is no adapter of number {number}: there are {}", all.len());
        return Err(Error::new(ErrorKind::Device, text));
    };
    let gpu = pollster::block_on(Gpu::open_with(adapter, number, wgpu::Features::empty()))?;
    Ok(&*Box::leak(Box::new(gpu)))
}

/// A device that checks every shader and computes nothing: for tests on machines without any adapter.
///
/// # Panics
/// If wgpu does not offer it.
#[cfg(feature = "noop")]
pub fn open_noop() -> &'static Gpu {
    let adapter = pollster::block_on(adapter::noop());
    Box::leak(Box::new(pollster::block_on(Gpu::open(&adapter, 0)).expect("a device that does nothing")))
}
