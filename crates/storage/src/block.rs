//! A block of host memory: aligned, initialized, owned. Blocks of 1 KB and more come from the pool and go back to it.

use crate::pool;
use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

/// Blocks below this size come from the allocator's own thread cache, which is faster than any pool.
const SMALL: usize = 1024;
/// The allocator's natural alignment, enough for every dtype; asking for more leaves the fast path of `malloc`.
const NATURAL: usize = 16;
/// A cache line, and the width of the widest vectors.
const LINE: usize = 64;

/// Memory that could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory {
    /// The bytes asked for.
    pub bytes: usize,
}

/// Bytes in host memory, aligned to 16 bytes below 1 KB and to 64 above. Always initialized: zero when fresh, arbitrary
/// old contents when recycled.
pub struct Block {
    start: NonNull<u8>,
    len: usize,
    /// What `dealloc` needs back: the allocation begins `lead` bytes before `start` and has `capacity` bytes.
    lead: u32,
    capacity: usize,
}

// SAFETY: a block owns its memory, as a `Box<[u8]>` does.
unsafe impl Send for Block {}
// SAFETY: as above; shared access only reads.
unsafe impl Sync for Block {}

impl Block {
    /// A block of `len` bytes with arbitrary (but initialized) contents.
    #[inline]
    pub fn new(len: usize) -> Result<Block, OutOfMemory> {
        if len < SMALL {
            return Block::allocate(len, len.max(1), 0);
        }
        match pool::take(len) {
            Some(block) => Ok(block),
            None => {
                let capacity = pool::class_size(len).ok_or(OutOfMemory { bytes: len })?;
                let block = Block::allocate(len, capacity, LINE).or_else(|_| {
                    pool::empty_cache();
                    Block::allocate(len, capacity, LINE)
                })?;
                pool::note_new(capacity);
                Ok(block)
            }
        }
    }

    /// A block of `len` zero bytes.
    pub fn zeroed(len: usize) -> Result<Block, OutOfMemory> {
        let mut block = Block::new(len)?;
        block.fill(0);
        Ok(block)
    }

    /// Fresh zeroed memory, its start moved up to a multiple of `align` (0: natural). Over-allocating by a line instead of
    /// asking for the alignment keeps `calloc`, whose large blocks are zero without being written.
    #[inline]
    fn allocate(len: usize, capacity: usize, align: usize) -> Result<Block, OutOfMemory> {
        let error = OutOfMemory { bytes: len };
        let total = capacity.checked_add(align).ok_or(error)?;
        let layout = Layout::from_size_align(total, NATURAL).map_err(|_| error)?;
        // SAFETY: `capacity` is at least 1, so the layout is not empty.
        let raw = NonNull::new(unsafe { alloc_zeroed(layout) }).ok_or(error)?;
        let lead = if align == 0 { 0 } else { raw.align_offset(align) };
        // SAFETY: `lead < align` and the allocation has `align` bytes more than `capacity`.
        let start = unsafe { raw.add(lead) };
        Ok(Block { start, len, lead: lead as u32, capacity: total })
    }

    /// The bytes a recycled block can serve.
    pub(crate) fn capacity(&self) -> usize {
        self.capacity - LINE
    }

    /// Makes a recycled block one of `len` bytes, `len` being at most its capacity.
    pub(crate) fn set_len(&mut self, len: usize) {
        assert!(len <= self.capacity());
        self.len = len;
    }

    /// Gives the memory back to the system, past the pool.
    pub(crate) fn release(self) {
        let block = std::mem::ManuallyDrop::new(self);
        block.free();
    }

    #[inline]
    fn free(&self) {
        // SAFETY: these are the pointer and the layout of `allocate`; the caller never uses the block again.
        unsafe {
            let layout = Layout::from_size_align_unchecked(self.capacity, NATURAL);
            dealloc(self.start.as_ptr().sub(self.lead as usize), layout);
        }
    }
}

impl Drop for Block {
    #[inline]
    fn drop(&mut self) {
        if self.capacity < SMALL {
            self.free();
        } else {
            // The pool takes the memory over; this handle ends without freeing it.
            let block = Block { start: self.start, len: self.len, lead: self.lead, capacity: self.capacity };
            pool::give(block);
        }
    }
}

impl Deref for Block {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: `start` points to at least `len` initialized bytes owned by this block.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl DerefMut for Block {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as for `deref`, and `self` is borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }
}
