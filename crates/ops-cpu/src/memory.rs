//! Operands as pointers with strides, the form in which kernels see them. The conversion from the borrowed bytes of the
//! device interface is the one place where lifetimes and aliasing are argued.

use storage::{Source, Target};
use tensor_core::{DType, Input, Layout, Output};

/// A view of memory to read. Valid as long as the operation runs.
#[derive(Clone, Copy)]
pub struct Read<'a> {
    start: *const u8,
    bytes: usize,
    /// Where the elements lie.
    pub layout: &'a Layout,
    /// Their type.
    pub dtype: DType,
}

/// A view of memory to write. Valid as long as the operation runs.
pub struct Write<'a> {
    start: *mut u8,
    bytes: usize,
    /// Where the elements lie.
    pub layout: &'a Layout,
    /// Their type.
    pub dtype: DType,
}

// SAFETY: the memory behind both is locked by the caller of `run` for the operation's duration; threads of the team write
// disjoint elements.
unsafe impl Send for Read<'_> {}
// SAFETY: as above.
unsafe impl Sync for Read<'_> {}
// SAFETY: as above.
unsafe impl Send for Write<'_> {}
// SAFETY: as above.
unsafe impl Sync for Write<'_> {}

impl<'a> Write<'a> {
    /// The output of an operation.
    #[inline]
    pub fn new(output: &'a mut Output<'_>) -> Write<'a> {
        let Target::Host(bytes) = &mut output.target else { panic!("the CPU was given memory of another device") };
        let write = Write { start: bytes.as_mut_ptr(), bytes: bytes.len(), layout: output.layout, dtype: output.dtype };
        debug_assert!(output.layout.span() * output.dtype.size() <= write.bytes);
        write
    }

    /// The address of the element at `position` of the storage.
    #[inline]
    pub fn at(&self, position: usize) -> *mut u8 {
        debug_assert!(position * self.dtype.size() <= self.bytes);
        self.start.wrapping_add(position * self.dtype.size())
    }

    /// The first element as a typed pointer.
    #[inline]
    pub fn pointer<T>(&self) -> *mut T {
        debug_assert_eq!(size_of::<T>(), self.dtype.size());
        self.at(self.layout.offset()).cast()
    }

    /// Row-major elements in local memory.
    pub fn dense(start: *mut u8, layout: &'a Layout, dtype: DType) -> Write<'a> {
        Write { start, bytes: layout.numel() * dtype.size(), layout, dtype }
    }

    /// The same memory under another layout.
    pub fn with_layout<'b>(&self, layout: &'b Layout) -> Write<'b>
    where
        'a: 'b,
    {
        Write { layout, ..*self }
    }
}

impl<'a> Read<'a> {
    /// An operand; `output` stands for operands that are the output itself.
    #[inline]
    pub fn new(input: &Input<'a>, output: &Write<'a>) -> Read<'a> {
        let (start, bytes) = match input.source {
            Some(Source::Host(bytes)) => (bytes.as_ptr(), bytes.len()),
            Some(Source::Device(_)) => panic!("the CPU was given memory of another device"),
            None => (output.start.cast_const(), output.bytes),
        };
        debug_assert!(input.layout.span() * input.dtype.size() <= bytes);
        Read { start, bytes, layout: input.layout, dtype: input.dtype }
    }

    /// The address of the element at `position` of the storage.
    #[inline]
    pub fn at(&self, position: usize) -> *const u8 {
        debug_assert!(position * self.dtype.size() <= self.bytes);
        self.start.wrapping_add(position * self.dtype.size())
    }
}

impl<'a> Read<'a> {
    /// The same memory under another layout.
    pub fn with_layout<'b>(&self, layout: &'b Layout) -> Read<'b>
    where
        'a: 'b,
    {
        Read { layout, ..*self }
    }

    /// This operand's elements as they were copied to local memory of `bytes` bytes, as `dtype`.
    pub fn copied(&self, start: *const u8, bytes: usize, dtype: DType) -> Read<'a> {
        Read { start, bytes, layout: self.layout, dtype }
    }

    /// Row-major elements in local memory.
    pub fn dense(start: *const u8, layout: &'a Layout, dtype: DType) -> Read<'a> {
        Read { start, bytes: layout.numel() * dtype.size(), layout, dtype }
    }

    /// A single number in local memory, broadcast to any shape; `layout` is that of a scalar.
    pub fn number(start: *const u8, layout: &'a Layout, dtype: DType) -> Read<'a> {
        Read { start, bytes: dtype.size(), layout, dtype }
    }
}

/// Bytes of a line of the cache.
const LINE: usize = 64;

/// Asks for bytes that are going to be read.
#[inline(always)]
pub fn fetch(start: *const u8, bytes: usize) {
    #[cfg(target_arch = "x86_64")]
    for at in (0..bytes).step_by(LINE) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: it is a hint, which no address makes fail.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(at).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (start, bytes, LINE);
}

/// Asks for bytes that are going to be written: other cores give up their copies.
#[inline(always)]
pub fn fetch_to_write(start: *mut u8, bytes: usize) {
    #[cfg(target_arch = "x86_64")]
    for at in (0..bytes).step_by(LINE) {
        use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
        // SAFETY: as above.
        unsafe { _mm_prefetch::<_MM_HINT_ET0>(start.wrapping_add(at).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (start, bytes);
}
