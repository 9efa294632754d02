//! Which devices there are, and which one new tensors go to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};
use tensor_core::{Device, Result, bail};

static DEFAULT: RwLock<Option<&'static dyn Device>> = RwLock::new(None);
/// Most programs never choose: they shall not pay for a lock at every creation.
static CHOSEN: AtomicBool = AtomicBool::new(false);

/// The processor.
pub fn cpu() -> &'static dyn Device {
    ops_cpu::cpu()
}

/// Where tensors are created unless a device is named: the CPU, until [`set_default_device`].
#[inline]
pub fn default_device() -> &'static dyn Device {
    if !CHOSEN.load(Ordering::Acquire) {
        return cpu();
    }
    DEFAULT.read().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(cpu)
}

/// Makes `device` the place of new tensors.
pub fn set_default_device(device: &'static dyn Device) {
    *DEFAULT.write().unwrap_or_else(PoisonError::into_inner) = Some(device);
    CHOSEN.store(true, Ordering::Release);
}

/// Whether there is a GPU that can be used.
pub fn gpu_is_available() -> bool {
    gpu_device_count() > 0
}

/// How many GPUs can be used. Adapters that compute on the processor do not count, unless the variable `SCONCE_GPU` chooses
/// one: a number in the list of adapters, a part of a name, or `software`.
pub fn gpu_device_count() -> usize {
    #[cfg(feature = "gpu")]
    return ops_wgpu::gpu_count();
    #[cfg(not(feature = "gpu"))]
    0
}

#[cfg(feature = "gpu")]
fn gpu(number: u16) -> Result<&'static dyn Device> {
    Ok(ops_wgpu::gpu(number.into())?)
}

#[cfg(not(feature = "gpu"))]
fn gpu(_number: u16) -> Result<&'static dyn Device> {
    bail!(Device, "no GPU is available: this program was built without the feature 'gpu'")
}

/// The bytes of `device` that tensors use: PyTorch's `torch.cuda.memory_allocated`.
///
/// ```
/// use tensor::devices::{max_memory_allocated, memory_allocated, memory_reserved};
/// let before = memory_allocated(tensor::cpu());
/// let x = tensor::zeros([1000, 1000]);
/// assert!(memory_allocated(tensor::cpu()) >= before + 4_000_000);
/// assert!(memory_reserved(tensor::cpu()) >= memory_allocated(tensor::cpu()));
/// assert!(max_memory_allocated(tensor::cpu()) >= before + 4_000_000);
/// # drop(x);
/// ```
pub fn memory_allocated(device: &'static dyn Device) -> usize {
    device.memory().live
}

/// The bytes of `device` in use by tensors or kept for reuse.
pub fn memory_reserved(device: &'static dyn Device) -> usize {
    let memory = device.memory();
    memory.live + memory.cached
}

/// The most bytes of `device` that tensors used at once, since the program's start or [`reset_peak_memory_stats`].
pub fn max_memory_allocated(device: &'static dyn Device) -> usize {
    device.memory().peak
}

/// Counts [`max_memory_allocated`] from now on.
pub fn reset_peak_memory_stats(device: &'static dyn Device) {
    device.reset_peak_memory();
}

/// Gives back the memory that `device` keeps for reuse.
pub fn empty_cache(device: &'static dyn Device) {
    device.empty_cache();
}

/// Waits until `device` has done everything that was given to it.
///
/// # Errors
/// What went wrong since this was last asked, or since results were last read.
pub fn synchronize(device: &'static dyn Device) -> Result<()> {
    device.synchronize()
}

/// The device of that name: `cpu`, `gpu`, `gpu:1`.
///
/// ```
/// assert_eq!(tensor::device("cpu").unwrap().name(), "cpu");
/// assert!(tensor::device("tpu").is_err());
/// ```
///
/// # Errors
/// If the name is none of a device, or there is no such device here.
pub fn device(name: &str) -> Result<&'static dyn Device> {
    if name.is_empty() {
        bail!(Device, "Device string must not be empty");
    }
    let (kind, digits) = name.split_once(':').unwrap_or((name, "0"));
    let is_word = !kind.is_empty() && kind.bytes().all(|c| c.is_ascii_alphabetic() || c == b'_');
    let is_number = digits.bytes().all(|c| c.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    if !is_word || !is_number || digits.is_empty() {
        bail!(Device, "Invalid device string: '{name}'");
    }
    let Ok(number) = digits.parse::<u16>() else {
        bail!(Device, "Could not parse device index '{digits}' in device string '{name}'");
    };
    match kind {
        "cpu" if number == 0 => Ok(cpu()),
        "cpu" => bail!(Device, "CPU device index must be -1 or zero, got {number}"),
        "gpu" | "cuda" | "wgpu" | "mps" => gpu(number),
        _ => bail!(Device, "Expected one of cpu, gpu device type at start of device string: {name}"),
    }
}
