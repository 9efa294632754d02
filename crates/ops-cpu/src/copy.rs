//! Copies of bytes: the standard library's, but where that is slow. It knows no elements.

use crate::isa::{Kernel, Level, dispatch};
use crate::vector::Vector;

/// Copies `count` bytes.
///
/// A target that begins few bytes after its source, seen modulo the size of a page, makes loads wait for the stores just before
/// them, and C's copy of more than two kilobytes by `rep movsb`, measured on Zen 3, up to fifteen times slower. From the end
/// to the beginning nothing waits.
///
/// # Safety
/// Both are valid for that; they are apart or the same.
#[inline]
pub unsafe fn bytes(from: *const u8, to: *mut u8, count: usize) {
    const PAGE: usize = 4096;
    let ahead = (to as usize).wrapping_sub(from as usize) % PAGE;
    if count >= 2048 && (1..64).contains(&ahead) {
        dispatch(Backwards { from, to, count });
    } else {
        // SAFETY: the caller vouches for both.
        unsafe { std::ptr::copy(from, to, count) };
    }
}

struct Backwards {
    from: *const u8,
    to: *mut u8,
    count: usize,
}

impl Kernel for Backwards {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Backwards { from, to, count } = self;
        let size = size_of::<L::Single>();
        // SAFETY: all loads and stores lie within the two runs, which are longer than a few registers.
        unsafe {
            let load = |at: usize| L::Single::load(from.add(at).cast());
            let store = |at: usize, register: L::Single| register.store(to.add(at).cast());
            let first = load(0);
            store(count - size, load(count - size));
            // From here on the stores are aligned.
            let mut at = count - to.add(count) as usize % size;
            while at >= size {
                at -= size;
                store(at, load(at));
            }
            store(0, first);
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_distance_copies_every_byte() {
        let from: Vec<u8> = (0..9000usize).map(|i| (i % 251) as u8).collect();
        for ahead in [0, 1, 4, 31, 32, 63, 64, 4095] {
            for count in [0, 5, 2047, 2048, 2049, 4084, 8999] {
                let mut to = vec![7u8; 9000 + 2 * 4096];
                let start = (from.as_ptr() as usize + ahead).wrapping_sub(to.as_ptr() as usize) % 4096;
                // SAFETY: both vectors hold that many bytes from there on.
                unsafe { super::bytes(from.as_ptr(), to.as_mut_ptr().add(start), count) };
                assert_eq!(to[start..start + count], from[..count], "{ahead} bytes ahead, {count} bytes");
                assert!(to[..start].iter().chain(&to[start + count..]).all(|byte| *byte == 7), "written beside");
            }
        }
    }
}
