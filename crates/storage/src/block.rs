//! A block of host memory: aligned, initialized, owned. Blocks of 1 KB and more come from the pool and go back to it; those
//! taken over from vectors go back to the allocator.

use crate::pool;
use bytemuck::NoUninit;
use std::alloc::{Layout, alloc, alloc_zeroed, dealloc};
use std::mem::ManuallyDrop;
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

/// Bytes in host memory, aligned to 16 bytes below 1 KB and to 64 above, or as a vector's elements if taken over from one.
/// Always initialized: zero when fresh, arbitrary old contents when recycled.
pub struct Block {
    start: NonNull<u8>,
    len: usize,
    /// What `dealloc` needs back: the allocation begins `lead` bytes before `start` and has `capacity` bytes.
    lead: u16,
    /// The alignment with which a vector's memory was allocated; zero for memory of our own.
    adopted: u16,
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

    /// The memory of a vector, taken over without a copy. It is aligned as `T` is and does not count in the pool's statistics.
    ///
    /// ```
    /// let numbers = vec![1.0f64, 2.0];
    /// let address = numbers.as_ptr().addr();
    /// let block = storage::Block::from_vec(numbers);
    /// assert_eq!((block.as_ptr().addr(), block.len()), (address, 16));
    /// ```
    pub fn from_vec<T: NoUninit>(data: Vec<T>) -> Block {
        let mut data = ManuallyDrop::new(data);
        let (len, capacity) = (size_of_val(&data[..]), data.capacity() * size_of::<T>());
        // The vector's own pointer, not one through a slice of its elements: it may free all of the allocation.
        let start = NonNull::new(data.as_mut_ptr().cast()).expect("a vector's pointer is not null");
        // A vector without an allocation has nothing to free: `free` passes over a capacity of zero.
        Block { start, len, lead: 0, adopted: align_of::<T>() as u16, capacity }
    }

    /// Fresh zeroed memory, its start moved up to a multiple of `align` (0: natural). Over-allocating by a line instead of
    /// asking for the alignment keeps `calloc`, whose large blocks are zero without being written.
    #[inline]
    fn allocate(len: usize, capacity: usize, align: usize) -> Result<Block, OutOfMemory> {
        let error = OutOfMemory { bytes: len };
        let total = capacity.checked_add(align).ok_or(error)?;
        let layout = Layout::from_size_align(total, NATURAL).map_err(|_| error)?;
        let raw = if align == 0 {
            // `calloc` leaves the allocator's thread cache, so small blocks are taken as they are and written.
            // SAFETY: `capacity` is at least 1, so the layout is not empty; what is written is what was allocated.
            unsafe {
                let raw = NonNull::new(alloc(layout)).ok_or(error)?;
                raw.write_bytes(0, total);
                raw
            }
        } else {
            // SAFETY: as above.
            NonNull::new(unsafe { alloc_zeroed(layout) }).ok_or(error)?
        };
        let lead = if align == 0 { 0 } else { raw.align_offset(align) };
        // SAFETY: `lead < align` and the allocation has `align` bytes more than `capacity`.
        let start = unsafe { raw.add(lead) };
        Ok(Block { start, len, lead: lead as u16, adopted: 0, capacity: total })
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
        let block = ManuallyDrop::new(self);
        block.free();
    }

    #[inline]
    fn free(&self) {
        let align = if self.adopted == 0 { NATURAL } else { self.adopted as usize };
        if self.capacity == 0 {
            return;
        }
        // SAFETY: these are the pointer and the layout of `allocate`, or those of the vector in `from_vec`, whose elements
        // need no drop and whose allocation is not empty; the caller never uses the block again.
        unsafe {
            let layout = Layout::from_size_align_unchecked(self.capacity, align);
            dealloc(self.start.as_ptr().sub(self.lead as usize), layout);
        }
    }
}

impl Drop for Block {
    #[inline]
    fn drop(&mut self) {
        if self.capacity < SMALL || self.adopted != 0 {
            self.free();
        } else {
            // The pool takes the memory over; this handle ends without freeing it.
            let Block { start, len, lead, adopted, capacity } = *self;
            pool::give(Block { start, len, lead, adopted, capacity });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_becomes_a_block_and_is_freed_as_a_vector() {
        for (len, capacity) in [(0, 0), (0, 5), (3, 3), (3, 400), (5000, 5000)] {
            let mut data: Vec<u16> = Vec::with_capacity(capacity);
            data.extend((0..len).map(|i| i as u16));
            let address = data.as_ptr().addr();
            let live = pool::statistics().cached;
            let mut block = Block::from_vec(data);
            assert_eq!((block.as_ptr().addr(), block.len()), (address, 2 * len));
            assert!(block.chunks_exact(2).enumerate().all(|(i, word)| word == (i as u16).to_ne_bytes()));
            block.fill(7);
            drop(block);
            // Memory of another alignment must not be recycled as a block of the pool.
            assert!(pool::statistics().cached <= live.max(pool::statistics().limit));
        }
    }

    #[test]
    fn a_vector_of_truths_and_a_boxed_slice_serve_as_well() {
        assert_eq!(Block::from_vec(vec![true, false, true])[..], [1, 0, 1]);
        assert_eq!(Block::from_vec(vec![1u8, 2].into_boxed_slice().into_vec())[..], [1, 2]);
    }
}
