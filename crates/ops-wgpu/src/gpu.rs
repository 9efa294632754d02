//! One GPU: its memory, its shaders, and what was given to it to do. It knows no operation.

use crate::adapter::{self, AdapterInfo};
use crate::element::Kind;
use crate::failure::Failure;
use crate::kernel::{Key, NO_DIM};
#[cfg(feature = "cooperative")]
use crate::matmul::cooperative::{self, Matrices};
use crate::memory::{Block, Pool};
use crate::pipeline::{Entry, Pipelines, Shape};
use crate::stream::{Command, SLOT, Stream};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use storage::{DType, Storage};
use tensor_core::{Error, ErrorKind, Memory, Result};
use wgpu::BufferUsages;

/// A GPU as a device for tensors.
pub struct Gpu {
    name: String,
    info: AdapterInfo,
    device: wgpu::Device,
    queue: wgpu::Queue,
    failure: Arc<Failure>,
    pool: Arc<Pool>,
    pipelines: Pipelines,
    stream: Mutex<Stream>,
    faults: wgpu::Buffer,
    /// Whether kernels are cut as for an adapter that the processor plays.
    as_software: AtomicBool,
    /// The cooperative matrices of the adapter, where they are of use.
    #[cfg(feature = "cooperative")]
    pub(crate) matrices: Option<Matrices>,
    /// Where results wait to be read, kept from one readback to the next.
    staging: Mutex<Option<wgpu::Buffer>>,
}

impl fmt::Debug for Gpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.info)
    }
}

impl Gpu {
    /// Opens `adapter` as the device `gpu:number`.
    pub(crate) async fn open(adapter: &wgpu::Adapter, number: usize) -> Result<Gpu> {
        Gpu::open_with(adapter, number, adapter::WANTED).await
    }

    /// The same, using no more than `wanted` of what the adapter has.
    pub(crate) async fn open_with(adapter: &wgpu::Adapter, number: usize, wanted: wgpu::Features) -> Result<Gpu> {
        let (name, info) = (format!("gpu:{number}"), adapter::describe(adapter, wanted));
        #[cfg_attr(not(feature = "cooperative"), expect(unused_mut))]
        let mut descriptor = wgpu::DeviceDescriptor {
            label: Some("sconce"),
            required_features: adapter.features() & wanted,
            required_limits: adapter.limits(),
            ..Default::default()
        };
        #[cfg(feature = "cooperative")]
        match info.cooperative {
            Some(_) => descriptor.experimental_features = crate::experimental::features(),
            // What is of no use is not asked for.
            None => descriptor.required_features.remove(cooperative::FEATURES),
        }
        let (device, queue) = adapter.request_device(&descriptor).await.map_err(|error| {
            Error::new(ErrorKind::Device, format!("the GPU {} cannot be opened: {error}", info.name))
        })?;
        let failure = Arc::new(Failure::default());
        let told = failure.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| told.note_uncaptured(&error)));
        let told = failure.clone();
        device.set_device_lost_callback(move |_, reason| told.note_lost(&reason));
        let faults = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("faults"),
            size: 16,
            usage: BufferUsages::STORAGE | BufferUsages::COPY_SRC | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Ok(Gpu {
            pool: Pool::new(device.clone(), info.tensor_bytes, name.clone()),
            pipelines: Pipelines::default(),
            stream: Mutex::new(Stream::new(&device)),
            staging: Mutex::new(None),
            as_software: AtomicBool::new(info.kind == "software"),
            #[cfg(feature = "cooperative")]
            matrices: Matrices::of(adapter, wanted),
            name,
            info,
            device,
            queue,
            failure,
            faults,
        })
    }

    /// The name among devices: `gpu:0`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the adapter is and can do.
    pub fn info(&self) -> &AdapterInfo {
        &self.info
    }

    /// Whether the processor plays the GPU: barriers are slow then, and few invocations suffice.
    pub(crate) fn is_software(&self) -> bool {
        self.as_software.load(Ordering::Relaxed)
    }

    /// Cuts kernels as for a GPU also where the processor plays it: for tests of those forms.
    pub fn cut_as_hardware(&self) {
        self.as_software.store(false, Ordering::Relaxed);
    }

    /// How many different shaders have been compiled.
    pub fn shader_count(&self) -> usize {
        self.pipelines.len()
    }

    pub(crate) fn empty_cache(&self) {
        self.pool.clear();
    }

    /// The most bytes that tensors and what is kept for reuse may take together; `None`: what the device has.
    pub fn set_memory_limit(&self, bytes: Option<usize>) {
        self.pool.set_limit(bytes);
    }

    pub(crate) fn reset_peak_memory(&self) {
        self.pool.reset_peak();
    }

    /// Gives the device up, as a driver's reset would: whatever is asked of it later is an error.
    pub fn destroy(&self) {
        self.device.destroy();
        self.failure.note_lost("it was destroyed");
    }

    pub(crate) fn memory(&self) -> Memory {
        self.pool.statistics()
    }

    fn stream(&self) -> MutexGuard<'_, Stream> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn submit(&self, stream: &mut Stream) {
        if stream.is_empty() {
            return;
        }
        stream.submit(&self.device, &self.queue);
        self.pool.begin(stream.batch);
        // Lets go of what finished batches used.
        _ = self.device.poll(wgpu::PollType::Poll);
    }

    /// Memory for `bytes` bytes; if it is short, everything kept for reuse is given back first.
    pub(crate) fn block(&self, bytes: usize) -> Result<Block> {
        self.failure.check_lost(&self.name)?;
        if let Some(block) = self.pool.take(bytes)? {
            return Ok(block);
        }
        self.submit(&mut self.stream());
        _ = self.device.poll(wgpu::PollType::wait_indefinitely());
        self.pool.clear();
        self.pool.take(bytes)?.ok_or_else(|| self.pool.exhausted(bytes, &self.failure))
    }

    /// An error if a kernel would need what the adapter lacks.
    pub(crate) fn check_dtypes(
        &self,
        op: &str,
        by_functions: bool,
        dtypes: impl IntoIterator<Item = DType>,
        kinds: impl IntoIterator<Item = Kind>,
    ) -> Result<()> {
        for (dtype, kind) in dtypes.into_iter().zip(kinds) {
            let is_double = dtype == DType::F64 || kind == Kind::F64;
            let is_long = kind == Kind::I64 && !by_functions;
            if is_double && !self.info.float64 || is_long && !self.info.int64 {
                let text = format!("{op} of {dtype} is not supported on {} ({})", self.name, self.info.name);
                return Err(Error::new(ErrorKind::Unsupported, text));
            }
        }
        Ok(())
    }

    pub(crate) fn check_bindable(&self, buffers: &[wgpu::BufferBinding<'_>]) -> Result<()> {
        match buffers
            .iter()
            .map(|bound| bound.size.map_or(0, u64::from))
            .find(|bytes| *bytes > self.info.bindable_bytes)
        {
            None => Ok(()),
            Some(bytes) => Err(Error::new(
                ErrorKind::Memory,
                format!(
                    "a tensor of {bytes} bytes is too large for the kernels of {}, which see at most {} of one",
                    self.name, self.info.bindable_bytes
                ),
            )),
        }
    }

    pub(crate) fn pipeline(&self, key: &Key, shape: Shape, source: impl FnOnce() -> String) -> Result<Arc<Entry>> {
        self.pipelines.get(&self.device, key, shape, source)
    }

    /// Records a kernel.
    pub(crate) fn dispatch(
        &self,
        entry: &Entry,
        buffers: &[wgpu::BufferBinding<'_>],
        may_fault: bool,
        words: &[u32],
        groups: [u32; 3],
    ) -> Result<()> {
        self.failure.check_lost(&self.name)?;
        let mut stream = self.stream();
        if stream.is_full() {
            self.submit(&mut stream);
        }
        let offset = stream.parameters(words);
        let bindings = {
            let slot = wgpu::BufferBinding {
                buffer: &stream.parameter_buffer,
                offset: 0,
                size: std::num::NonZeroU64::new(SLOT as u64),
            };
            let faults = may_fault.then(|| self.faults.as_entire_buffer_binding());
            let operands = buffers.iter().cloned().chain(faults).map(wgpu::BindingResource::Buffer);
            let entries: smallvec::SmallVec<[wgpu::BindGroupEntry<'_>; 8]> =
                std::iter::once(wgpu::BindingResource::Buffer(slot))
                    .chain(operands)
                    .enumerate()
                    .map(|(binding, resource)| wgpu::BindGroupEntry { binding: binding as u32, resource })
                    .collect();
            self.device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: None,
                layout: &entry.layout,
                entries: &entries,
            })
        };
        stream.may_fault |= may_fault;
        stream.push(Command::Dispatch { pipeline: entry.pipeline.clone(), bindings, offset, groups });
        Ok(())
    }

    /// Records that bytes become zero; offset and number are multiples of four.
    pub(crate) fn clear(&self, buffer: &wgpu::Buffer, offset: u64, bytes: u64) -> Result<()> {
        self.failure.check_lost(&self.name)?;
        self.stream().push(Command::Clear { buffer: buffer.clone(), offset, bytes });
        Ok(())
    }

    /// Writes host bytes into fresh memory.
    pub(crate) fn upload(&self, from: &[u8], block: &Block) -> Result<()> {
        self.failure.check_lost(&self.name)?;
        {
            let mut stream = self.stream();
            // The write goes before everything recorded, some of which may still use the memory for its former owner.
            if block.used_in == stream.batch {
                self.submit(&mut stream);
            }
        }
        let whole = from.len() & !3;
        if whole > 0 {
            self.queue.write_buffer(&block.buffer, 0, &from[..whole]);
        }
        if whole < from.len() {
            let mut last = [0; 4];
            last[..from.len() - whole].copy_from_slice(&from[whole..]);
            self.queue.write_buffer(&block.buffer, whole as u64, &last);
        }
        Ok(())
    }

    /// Waits for everything given to the device, reads back bytes, and reports what failed since the last time.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn read_back(&self, block: Option<&Block>, to: &mut [u8]) -> Result<()> {
        let staging = self.begin_readback(block, to.len())?;
        let (sender, receiver) = std::sync::mpsc::channel();
        staging.slice(..).map_async(wgpu::MapMode::Read, move |outcome| _ = sender.send(outcome));
        let waited = self.device.poll(wgpu::PollType::wait_indefinitely());
        self.failure.check_lost(&self.name)?;
        let mapped = waited.is_ok() && receiver.recv().is_ok_and(|outcome| outcome.is_ok());
        self.finish_readback(&staging, mapped, to)
    }

    /// Browsers cannot wait.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn read_back(&self, _block: Option<&Block>, _to: &mut [u8]) -> Result<()> {
        let text = "a browser cannot wait for a GPU: read back with the asynchronous methods";
        Err(Error::new(ErrorKind::Unsupported, text))
    }

    /// Copies the bytes of `storage`, made by this device, without blocking the thread: the form of
    /// [`download`](tensor_core::Device::download) for browsers.
    ///
    /// # Errors
    /// Whatever failed since the last time results were read.
    pub async fn download_later(&self, storage: &Storage, to: &mut [u8]) -> Result<()> {
        let block = Some(self.memory_of(storage));
        let staging = self.begin_readback(block, to.len())?;
        let state = Arc::new(Mutex::new((None, None::<std::task::Waker>)));
        let told = state.clone();
        staging.slice(..).map_async(wgpu::MapMode::Read, move |outcome| {
            let mut state = told.lock().unwrap_or_else(PoisonError::into_inner);
            state.0 = Some(outcome.is_ok());
            if let Some(waker) = state.1.take() {
                waker.wake();
            }
        });
        let mapped = std::future::poll_fn(|context| {
            _ = self.device.poll(wgpu::PollType::Poll);
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            match state.0 {
                Some(mapped) => std::task::Poll::Ready(mapped),
                None => {
                    state.1 = Some(context.waker().clone());
                    // Without a browser's event loop nobody else polls the device.
                    if cfg!(not(target_arch = "wasm32")) {
                        context.waker().wake_by_ref();
                    }
                    std::task::Poll::Pending
                }
            }
        })
        .await;
        self.failure.check_lost(&self.name)?;
        self.finish_readback(&staging, mapped, to)
    }

    /// Submits everything, behind it a copy of the faults and of `block` to memory that the host can read.
    fn begin_readback(&self, block: Option<&Block>, bytes: usize) -> Result<wgpu::Buffer> {
        self.failure.check_lost(&self.name)?;
        let bytes = bytes.next_multiple_of(4) as u64;
        let kept = self.staging.lock().unwrap_or_else(PoisonError::into_inner).take();
        let staging = kept.filter(|buffer| buffer.size() >= bytes + 16).unwrap_or_else(|| {
            self.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("readback"),
                size: (bytes + 16).next_multiple_of(4096),
                usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        });
        let mut stream = self.stream();
        let copy = |from: &wgpu::Buffer, to_offset, bytes| Command::Copy {
            from: from.clone(),
            from_offset: 0,
            to: staging.clone(),
            to_offset,
            bytes,
        };
        stream.push(copy(&self.faults, 0, 16));
        if std::mem::take(&mut stream.may_fault) {
            stream.push(Command::Clear { buffer: self.faults.clone(), offset: 0, bytes: 16 });
        }
        if let Some(block) = block
            && bytes > 0
        {
            stream.push(copy(&block.buffer, 16, bytes));
        }
        self.submit(&mut stream);
        Ok(staging)
    }

    fn finish_readback(&self, staging: &wgpu::Buffer, mapped: bool, to: &mut [u8]) -> Result<()> {
        let range = if mapped { staging.slice(..).get_mapped_range().ok() } else { None };
        let Some(range) = range else {
            self.failure.take()?;
            let text = format!("{} did not give its results", self.name);
            return Err(Error::new(ErrorKind::Device, text));
        };
        let mut fault = [0u32; 4];
        bytemuck::bytes_of_mut(&mut fault).copy_from_slice(&range[..16]);
        to.copy_from_slice(&range[16..16 + to.len()]);
        drop(range);
        staging.unmap();
        // Large ones are not worth the memory.
        if staging.size() <= 64 << 20 {
            *self.staging.lock().unwrap_or_else(PoisonError::into_inner) = Some(staging.clone());
        }
        if fault[0] > 0 {
            let (position, size, dim) = (fault[1] as i32, fault[2], fault[3]);
            let text = match dim {
                NO_DIM => format!("Target {position} is out of bounds. (found on {})", self.name),
                _ => format!(
                    "index {position} is out of bounds for dimension {dim} with size {size} (found on {})",
                    self.name
                ),
            };
            self.failure.note(Error::new(ErrorKind::Index, text));
        }
        self.failure.take()
    }

    /// The memory behind a storage of this device.
    pub(crate) fn memory_of<'a>(&self, storage: &'a Storage) -> &'a Block {
        storage.device_memory().and_then(|memory| memory.downcast_ref()).expect("memory of a GPU")
    }
}

/// As `open`, without blocking the thread: the form for browsers, which have one adapter, number 0.
///
/// # Errors
/// If there is no such adapter, or it cannot be opened.
pub async fn open_later(number: usize) -> Result<&'static Gpu> {
    let all = adapter::all().await;
    let Some(adapter) = all.get(number) else {
        let text = format!("there is no adapter of number {number}: there are {}", all.len());
        return Err(Error::new(ErrorKind::Device, text));
    };
    Ok(&*Box::leak(Box::new(Gpu::open(adapter, 0).await?)))
}
