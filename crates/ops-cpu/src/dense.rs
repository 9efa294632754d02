//! Operands and results as row-major elements of the type that a kernel computes in: converted and gathered before, written back
//! after, where they are not that already. It knows no kernel.

use crate::convert;
use crate::memory::{Read, Write};
use smallvec::SmallVec;
use storage::Block;
use tensor_core::{DType, Layout, Result};

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

/// Operands as row-major elements of one type.
pub struct Dense {
    starts: SmallVec<[*const u8; 3]>,
    _converted: SmallVec<[Block; 3]>,
}

impl Dense {
    /// The inputs as they are, or copies where their type or layout is another.
    ///
    /// # Errors
    /// If there is no memory for the copies.
    pub fn of(inputs: &[Read<'_>], compute: DType) -> Result<Dense> {
        let mut dense = Dense { starts: SmallVec::new(), _converted: SmallVec::new() };
        for x in inputs {
            if x.dtype == compute && x.layout.is_contiguous() {
                dense.starts.push(x.at(x.layout.offset()));
                continue;
            }
            let mut block = Block::new(x.layout.numel() * compute.size())?;
            let layout = Layout::contiguous(x.layout.shape().clone());
            convert::copy(*x, &Write::dense(&mut block, &layout, compute));
            dense.starts.push(block.as_ptr());
            dense._converted.push(block);
        }
        Ok(dense)
    }

    /// The first element of input `i`; null if there is no such input.
    pub fn get(&self, i: usize) -> *const u8 {
        self.starts.get(i).copied().unwrap_or(std::ptr::null())
    }
}

/// Lets `kernel` write row-major elements of type `compute`, and brings them to where `out` wants them.
///
/// # Errors
/// If there is no memory for elements that are not yet in place.
pub fn write(out: &Write<'_>, compute: DType, kernel: impl FnOnce(*mut u8)) -> Result<()> {
    if out.dtype == compute && out.layout.is_contiguous() {
        kernel(out.at(out.layout.offset()));
        return Ok(());
    }
    let layout = Layout::contiguous(out.layout.shape().clone());
    let mut block = Block::new(layout.numel() * compute.size())?;
    kernel(block.as_mut_ptr());
    convert::copy(Read::dense(block.as_ptr(), &layout, compute), out);
    Ok(())
}
