//! Operands as plain rows of the computing type: those that lie so already as they are, others through a copy in that form.
//! For kernels that pass over rows several times. It does not know what they compute.

use crate::convert;
use crate::memory::{Read, Write};
use storage::Pod;
use tensor_core::{DType, Layout};

/// An operand's elements, row-major.
pub struct Dense<T> {
    start: *const T,
    len: usize,
    /// The copy, where one was needed.
    _copy: Vec<T>,
}

// SAFETY: elements are only read, from memory that is locked for the operation or belongs to the copy.
unsafe impl<T: Sync> Sync for Dense<T> {}

impl<T: Pod> Dense<T> {
    /// The elements of `x` as `compute`, whose stored type `T` is.
    pub fn new(x: &Read<'_>, compute: DType) -> Dense<T> {
        debug_assert_eq!(size_of::<T>(), compute.size());
        let len = x.layout.numel();
        if x.dtype == compute && x.layout.is_contiguous() {
            return Dense { start: x.at(x.layout.offset()).cast(), len, _copy: vec![] };
        }
        let mut copy = vec![T::zeroed(); len];
        let layout = Layout::contiguous(x.layout.shape().clone());
        convert::copy(*x, &Write::dense(copy.as_mut_ptr().cast(), &layout, compute));
        Dense { start: copy.as_ptr(), len, _copy: copy }
    }

    /// All elements.
    pub fn all(&self) -> &[T] {
        // SAFETY: `new` found as many contiguous elements of the type, or made them.
        unsafe { std::slice::from_raw_parts(self.start, self.len) }
    }
}

/// Where results go, row-major; threads take disjoint parts of it.
#[derive(Clone, Copy)]
pub struct Places<T> {
    start: *mut T,
    len: usize,
}

// SAFETY: `part` leaves it to its callers that parts are disjoint.
unsafe impl<T: Send> Sync for Places<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Send for Places<T> {}

impl<T> Places<T> {
    /// The places of a slice.
    pub fn of(slice: &mut [T]) -> Places<T> {
        Places { start: slice.as_mut_ptr(), len: slice.len() }
    }

    /// The first place.
    pub fn start(&self) -> *mut T {
        self.start
    }

    /// `len` places from `start`.
    ///
    /// # Safety
    /// No other part that is in use at the same time overlaps this one.
    #[allow(clippy::mut_from_ref, reason = "the places are shared between threads, their parts are not")]
    #[inline(always)]
    pub unsafe fn part<'a>(&self, start: usize, len: usize) -> &'a mut [T] {
        debug_assert!(start + len <= self.len);
        // SAFETY: within the places, which live as long as the operation; the caller vouches for the rest.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(start), len) }
    }
}

/// Lets `work` write all elements of `out`, row-major and as `compute`, whose stored type `T` is.
pub fn write<T: Pod>(out: &Write<'_>, compute: DType, work: impl FnOnce(Places<T>)) {
    let len = out.layout.numel();
    if out.dtype == compute && out.layout.is_contiguous() {
        return work(Places { start: out.at(out.layout.offset()).cast(), len });
    }
    let mut copy = vec![T::zeroed(); len];
    work(Places::of(&mut copy));
    let layout = Layout::contiguous(out.layout.shape().clone());
    convert::copy(Read::dense(copy.as_ptr().cast(), &layout, compute), out);
}

/// Pointers that the team's threads share; each writes places of its own.
#[derive(Clone, Copy)]
pub struct Shared<T>(pub T);
// SAFETY: operands are only read, and results are cut so that no two threads write the same element.
unsafe impl<T> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Shared<T> {}

impl<T: Copy> Shared<T> {
    /// The pointers, through a method: a closure that named the field would capture the bare pointers.
    pub fn get(self) -> T {
        self.0
    }
}
