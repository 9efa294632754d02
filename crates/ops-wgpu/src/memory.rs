//! Buffers of a device, kept for reuse by size class, with statistics and a limit. It knows no tensors and no commands: that
//! a buffer given back may still be in use by recorded commands is harmless, as later commands run after them, except for
//! writes from the host, which is why a buffer remembers in which batch it came back.

use crate::failure::Failure;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tensor_core::{Error, ErrorKind, Memory, Result};
use wgpu::{Buffer, BufferDescriptor, BufferUsages};

/// Memory of one storage.
pub(crate) struct Block {
    pub(crate) buffer: Buffer,
    /// Bytes asked for.
    pub(crate) bytes: usize,
    /// Bytes of the buffer, a multiple of 256.
    capacity: usize,
    /// The batch in which a former owner may have used the buffer; zero for none.
    pub(crate) used_in: u64,
    pool: Arc<Pool>,
}

impl Drop for Block {
    fn drop(&mut self) {
        self.pool.give(self.buffer.clone(), self.capacity);
    }
}

#[derive(Debug)]
pub(crate) struct Pool {
    device: wgpu::Device,
    /// The most bytes of one buffer.
    largest: u64,
    name: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    free: BTreeMap<usize, Vec<(Buffer, u64)>>,
    live: usize,
    cached: usize,
    peak: usize,
    limit: Option<usize>,
    batch: u64,
}

/// The bytes of the buffer for `bytes` bytes: at most a quarter more, so that a hundred different sizes share a few classes.
fn class_size(bytes: usize) -> usize {
    let bytes = bytes.max(256);
    let step = (bytes.next_power_of_two() / 8).max(256);
    bytes.next_multiple_of(if bytes > 64 << 20 { 1 << 20 } else { step })
}

impl Pool {
    pub(crate) fn new(device: wgpu::Device, largest: u64, name: String) -> Arc<Pool> {
        Arc::new(Pool { device, largest, name, state: Mutex::new(State { batch: 1, ..State::default() }) })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A buffer of at least `bytes` bytes, contents arbitrary; `None` if memory is short, and freeing some may help.
    ///
    /// # Errors
    /// If the device cannot have a buffer of this size at all.
    pub(crate) fn take(self: &Arc<Pool>, bytes: usize) -> Result<Option<Block>> {
        let capacity = class_size(bytes);
        if capacity as u64 > self.largest {
            return Err(Error::new(
                ErrorKind::Memory,
                format!(
                    "a tensor of {bytes} bytes is too large for {}, which can hold {} in one",
                    self.name, self.largest
                ),
            ));
        }
        let mut state = self.state();
        if let Some((buffer, used_in)) = state.free.get_mut(&capacity).and_then(Vec::pop) {
            state.cached -= capacity;
            return Ok(Some(self.lend(&mut state, buffer, bytes, capacity, used_in)));
        }
        if state.limit.is_some_and(|limit| state.live + state.cached + capacity > limit) {
            return Ok(None);
        }
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_SRC | BufferUsages::COPY_DST;
        let size = capacity as u64;
        let buffer =
            self.device.create_buffer(&BufferDescriptor { label: None, size, usage, mapped_at_creation: false });
        if now(scope.pop()).flatten().is_some() {
            return Ok(None);
        }
        Ok(Some(self.lend(&mut state, buffer, bytes, capacity, 0)))
    }

    fn lend(self: &Arc<Pool>, state: &mut State, buffer: Buffer, bytes: usize, capacity: usize, used_in: u64) -> Block {
        state.live += capacity;
        state.peak = state.peak.max(state.live);
        Block { buffer, bytes, capacity, used_in, pool: self.clone() }
    }

    fn give(&self, buffer: Buffer, capacity: usize) {
        let mut state = self.state();
        state.live -= capacity;
        state.cached += capacity;
        let batch = state.batch;
        state.free.entry(capacity).or_default().push((buffer, batch));
    }

    /// Commands recorded from now on belong to `batch`.
    pub(crate) fn begin(&self, batch: u64) {
        self.state().batch = batch;
    }

    /// Frees what is kept for reuse.
    pub(crate) fn clear(&self) {
        let mut state = self.state();
        state.cached = 0;
        state.free.clear();
    }

    pub(crate) fn set_limit(&self, bytes: Option<usize>) {
        self.state().limit = bytes;
    }

    pub(crate) fn statistics(&self) -> Memory {
        let state = self.state();
        Memory { live: state.live, cached: state.cached, peak: state.peak }
    }

    pub(crate) fn reset_peak(&self) {
        let mut state = self.state();
        state.peak = state.live;
    }

    /// The error of a request that could not be met.
    pub(crate) fn exhausted(&self, bytes: usize, failure: &Failure) -> Error {
        let state = self.state();
        let limit = state.limit.map_or(String::new(), |limit| format!("; the limit set is {limit}"));
        _ = failure.take();
        Error::new(
            ErrorKind::Memory,
            format!(
                "{} is out of memory: tried to allocate {bytes} bytes, while {} are in use by tensors and {} kept for reuse{limit}",
                self.name, state.live, state.cached
            ),
        )
    }
}

/// The value of a future that is ready; browsers tell later, and then somewhere else.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => Some(value),
        std::task::Poll::Pending => None,
    }
}

#[cfg(test)]
mod tests {
    use super::class_size;

    #[test]
    fn classes_hold_what_is_asked_for_and_waste_little() {
        for bytes in (0..100_000).step_by(37).chain([1 << 20, (1 << 20) + 1, (64 << 20) + 1, 3 << 30]) {
            let class = class_size(bytes);
            assert!(class >= bytes && class.is_multiple_of(256));
            assert!(class <= bytes + (bytes / 4).max(256), "{bytes}: {class}");
            assert_eq!(class_size(class), class, "a class is its own class");
        }
    }
}
