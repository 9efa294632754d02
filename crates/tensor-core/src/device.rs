//! What a device must be able to do: hold memory and run operations. It knows no device.

use crate::op::random::Random;
use crate::op::update::Update;
use crate::{DType, Generator, Layout, Op, Result};
use std::fmt;
use storage::{Source, Storage, Target};

/// A place where tensors live and operations run. Devices are few and live as long as the process, so they are passed as
/// `&'static dyn Device` and compared by address ([`same_device`]).
pub trait Device: fmt::Debug + Send + Sync + 'static {
    /// The name as PyTorch writes it: `cpu`, `gpu:0`.
    fn name(&self) -> &str;

    /// Whether tensors on this device have their bytes in host memory.
    fn is_host(&self) -> bool;

    /// Memory for `bytes` bytes, contents arbitrary.
    ///
    /// # Errors
    /// If the memory cannot be had.
    fn allocate(&self, bytes: usize) -> Result<Storage>;

    /// Fills `storage`, made by this device, from host bytes of the same number.
    fn upload(&self, from: &[u8], storage: &mut Storage) -> Result<()>;

    /// Copies all bytes of `storage`, made by this device, to the host.
    fn download(&self, storage: &Storage, to: &mut [u8]) -> Result<()>;

    /// Runs `op`, whose shapes and dtypes have been checked: reads `inputs`, converts them to `compute`, and writes the
    /// output, converting to its dtype.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported), naming op, dtype and device, for what the device cannot run.
    fn run(&self, op: &Op, compute: DType, inputs: &[Input<'_>], output: &mut Output<'_>) -> Result<()>;

    /// Fills the output with random numbers drawn from `generator`, in the order of memory.
    fn draw(&self, what: &Random, generator: &Generator, output: &mut Output<'_>) -> Result<()>;

    /// Moves a parameter and the optimizer's memory of it, `outputs` in this order, by one step along `gradient`. All have one
    /// shape.
    fn update(&self, update: &Update, gradient: Input<'_>, outputs: &mut [Output<'_>]) -> Result<()>;

    /// Waits for all work given to the device, and reports what failed since the last time.
    fn synchronize(&self) -> Result<()>;

    /// What the device's memory is used for, in bytes.
    fn memory(&self) -> Memory;

    /// Gives back the memory that is kept for reuse.
    fn empty_cache(&self);

    /// Counts the most memory in use at once from now on.
    fn reset_peak_memory(&self);
}

/// A device's memory, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// In use by tensors.
    pub live: usize,
    /// Kept for reuse.
    pub cached: usize,
    /// The most that was in use at once.
    pub peak: usize,
}

/// An operand to read.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The storage's bytes; `None` if the operand is the output itself, in place.
    pub source: Option<Source<'a>>,
    /// Where the elements lie in the storage.
    pub layout: &'a Layout,
    /// The type of the elements.
    pub dtype: DType,
}

/// The operand to write.
pub struct Output<'a> {
    /// The storage's bytes.
    pub target: Target<'a>,
    /// Where the elements lie in the storage.
    pub layout: &'a Layout,
    /// The type of the elements.
    pub dtype: DType,
}

/// Whether two handles are the same device.
#[inline]
pub fn same_device(a: &'static dyn Device, b: &'static dyn Device) -> bool {
    std::ptr::addr_eq(a, b)
}
