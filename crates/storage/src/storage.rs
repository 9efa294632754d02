//! Memory that tensors share: bytes on the host or on a device, a lock, and a counter of writes. It does not know how the
//! bytes are arranged or what type they have.

use crate::Block;
use crate::block::OutOfMemory;
use bytemuck::NoUninit;
use std::any::Any;
use std::sync::RwLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Storages up to this size live inside the object itself.
pub(crate) const INLINE: usize = 16;

/// Vectors from this size up become storages without a copy. Below it, all of the numbers fit into the first-level cache,
/// where the alignment of the pool's blocks is worth the copy.
const ADOPTED: usize = 32 << 10;

/// Memory of a device, opaque to everyone but the device.
pub type DeviceMemory = Box<dyn Any + Send + Sync>;

/// Where the bytes are.
pub enum Body {
    /// At most 16 bytes, read and written as atomic words: without a buffer and without a lock.
    Words([AtomicU64; 2]),
    /// Host memory behind a lock, so that safe code can share it between threads.
    Host(RwLock<Block>),
    /// A device's own object; the device orders accesses.
    Device(DeviceMemory),
}

/// Bytes shared by a tensor and its views.
pub struct Storage {
    pub(crate) body: Body,
    bytes: usize,
    version: AtomicU32,
}

impl Storage {
    /// Host memory of `bytes` bytes with arbitrary (but initialized) contents.
    #[inline]
    pub fn host(bytes: usize) -> Result<Storage, OutOfMemory> {
        let body = if bytes <= INLINE {
            Body::Words([const { AtomicU64::new(0) }; 2])
        } else {
            Body::Host(RwLock::new(Block::new(bytes)?))
        };
        Ok(Storage { body, bytes, version: AtomicU32::new(0) })
    }

    /// The bytes of a vector. From 32 KB up its memory is taken over as it is; less is copied, which costs little and gives the
    /// numbers the alignment of a cache line.
    pub fn from_vec<T: NoUninit>(data: Vec<T>) -> Result<Storage, OutOfMemory> {
        let bytes = size_of_val(&data[..]);
        if bytes < ADOPTED {
            let mut storage = Storage::host(bytes)?;
            if let Some(target) = storage.exclusive() {
                target.copy_from_slice(bytemuck::cast_slice(&data));
            }
            return Ok(storage);
        }
        let body = Body::Host(RwLock::new(Block::from_vec(data)));
        Ok(Storage { body, bytes, version: AtomicU32::new(0) })
    }

    /// Wraps `bytes` bytes of a device's memory.
    pub fn device(bytes: usize, memory: DeviceMemory) -> Storage {
        Storage { body: Body::Device(memory), bytes, version: AtomicU32::new(0) }
    }

    /// The size in bytes.
    #[inline]
    pub fn len(&self) -> usize {
        self.bytes
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// The bytes of host memory that nobody shares yet; `None` for device memory.
    #[inline]
    pub fn exclusive(&mut self) -> Option<&mut [u8]> {
        match &mut self.body {
            Body::Words(words) => {
                // SAFETY: `AtomicU64` has the size and bit validity of `u64`, this reference is exclusive, and alignment only
                // falls from 8 to 1.
                let bytes = unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr().cast::<u8>(), INLINE) };
                Some(&mut bytes[..self.bytes])
            }
            Body::Host(block) => Some(block.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner())),
            Body::Device(_) => None,
        }
    }

    /// The device's object, where the bytes are not in host memory.
    pub fn device_memory(&self) -> Option<&(dyn Any + Send + Sync)> {
        match &self.body {
            Body::Device(memory) => Some(&**memory),
            _ => None,
        }
    }

    /// How many times the bytes were written in place.
    #[inline]
    pub fn version(&self) -> u32 {
        self.version.load(Ordering::Acquire)
    }

    /// Counts a write in place, so that whoever kept the old values can tell.
    #[inline]
    pub fn bump_version(&self) {
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// The address of the first byte, to tell storages apart; not for access. Device memory gives the address of its handle.
    pub fn address(&self) -> usize {
        match &self.body {
            Body::Words(words) => words.as_ptr().addr(),
            Body::Host(block) => block.read().unwrap_or_else(|poisoned| poisoned.into_inner()).as_ptr().addr(),
            Body::Device(memory) => (&raw const **memory).addr(),
        }
    }
}

/// What an [`AtomicU64`] pair holds now.
#[inline]
pub(crate) fn load(words: &[AtomicU64; 2]) -> [u64; 2] {
    [words[0].load(Ordering::Acquire), words[1].load(Ordering::Acquire)]
}

/// Stores a pair, word by word.
#[inline]
pub(crate) fn store(words: &[AtomicU64; 2], values: [u64; 2]) {
    words[0].store(values[0], Ordering::Release);
    words[1].store(values[1], Ordering::Release);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_any_size_become_storages_large_ones_in_place() {
        for len in [0, 2, 3, 1000, ADOPTED / 8 - 1, ADOPTED / 8, 20_000] {
            let data: Vec<u64> = (0..len as u64).collect();
            let address = data.as_ptr().addr();
            let mut storage = Storage::from_vec(data).unwrap();
            assert_eq!(storage.len(), len * 8);
            assert_eq!(storage.address() == address, len * 8 >= ADOPTED, "{len}");
            let numbers = storage.exclusive().unwrap().chunks_exact(8);
            assert!(numbers.enumerate().all(|(i, word)| word == (i as u64).to_ne_bytes()));
        }
    }
}
