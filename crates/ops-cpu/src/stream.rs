//! Results so large that no cache keeps them until they are read: gathered in a small buffer and from there written past the
//! caches, which need not fetch the places first. It does not know what is written.

use crate::isa::{Isa, Kernel, Level, dispatch, isa};
use crate::memory::fetch;
use crate::vector::Vector;
use std::mem::MaybeUninit;

/// Bytes of a result from which on it is written past the caches. In a chain of additions, each reading what the one before it
/// wrote, that took 0.5 to 0.6 of the time at 16 MB and more, 0.7 at 8 MB and 1.3 at 4 MB (two threads of Zen 3, 32 MB of
/// third-level cache).
const LARGE: usize = 8 << 20;
/// Bytes of the buffer: few enough to stay in the first-level cache beside the operands.
const ROOM: usize = 4096;
/// Bytes of a line of the cache. Lines of which only a part is written are left to the cache.
const LINE: usize = 64;

/// What a result is computed from and its thread is going to read next.
#[derive(Clone, Copy)]
pub struct Operand {
    /// The next byte. Nothing need be there.
    pub at: *const u8,
    /// Bytes for each byte of the result, in 64ths: as many as there are for a line of it.
    pub share: usize,
}

/// Writes past the caches. What one thread has written so is in its place when this is dropped, and nobody may look before.
pub struct Past(());

impl Past {
    /// If a result of so many bytes should be written so, on this processor.
    #[inline]
    pub fn of(bytes: usize) -> Option<Past> {
        Past::is_worth(bytes).then_some(Past(()))
    }

    #[inline]
    fn is_worth(bytes: usize) -> bool {
        bytes >= LARGE && cfg!(target_arch = "x86_64") && isa() != Isa::Baseline
    }

    /// Copies `count` bytes; whole lines of the target go past the caches. Meanwhile the next bytes of `operands` are fetched,
    /// because the processor, busy with stores, does not look far ahead by itself.
    ///
    /// # Safety
    /// Both are valid for that, and apart.
    #[inline]
    pub unsafe fn copy<const N: usize>(&self, from: *const u8, to: *mut u8, count: usize, operands: [Operand; N]) {
        dispatch(Copy { from, to, count, operands });
    }
}

impl Drop for Past {
    #[inline]
    fn drop(&mut self) {
        // Such stores are not ordered with those that tell other threads that the work is done.
        #[cfg(target_arch = "x86_64")]
        // SAFETY: every x86-64 has the instruction.
        unsafe {
            std::arch::x86_64::_mm_sfence();
        }
    }
}

struct Copy<const N: usize> {
    from: *const u8,
    to: *mut u8,
    count: usize,
    operands: [Operand; N],
}

impl<const N: usize> Kernel for Copy<N> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Copy { from, to, count, operands } = self;
        let begin = ((to as usize).next_multiple_of(LINE) - to as usize).min(count);
        let lines = (count - begin) / LINE;
        // SAFETY: all within the bytes that the caller vouches for; lines begin at multiples of their size.
        unsafe {
            let copy = |at: usize, count: usize| std::ptr::copy_nonoverlapping(from.add(at), to.add(at), count);
            if begin > 0 {
                copy(0, begin);
            }
            for line in 0..lines {
                for Operand { at, share } in operands {
                    fetch(at.wrapping_add(line * share), share);
                }
                for at in (0..LINE).step_by(size_of::<L::Single>()).map(|part| begin + line * LINE + part) {
                    L::Single::load(from.add(at).cast()).store_past(to.add(at).cast());
                }
            }
            let end = begin + lines * LINE;
            if end < count {
                copy(end, count - end);
            }
        }
    }
}

#[repr(align(64))]
struct Buffer(MaybeUninit<[u8; ROOM]>);

/// One thread's run of bytes to be written past the caches in order. It is all in its place when this is dropped.
pub struct Stream {
    buffer: Buffer,
    /// What of the buffer waits to be written: bytes from `first` up to `filled`.
    first: usize,
    filled: usize,
    /// Where the buffer's first byte belongs, at the beginning of a line.
    to: *mut u8,
    past: Past,
}

impl Stream {
    /// Whether a result of so many bytes should be written so, on this processor.
    #[inline]
    pub fn is_worth(bytes: usize) -> bool {
        Past::is_worth(bytes)
    }

    /// Writes from `start` on.
    #[inline]
    pub fn to(start: *mut u8) -> Stream {
        let first = start as usize % LINE;
        let buffer = Buffer(MaybeUninit::uninit());
        Stream { buffer, first, filled: first, to: start.wrapping_sub(first), past: Past(()) }
    }

    /// Writes the next `count` elements of `size` bytes: `work(start, place, n)` puts those from number `start` on, `n` of them,
    /// into `place`. `operands` are pointers to what the first of them is computed from, and sizes of elements; zero for those
    /// that are not gone through one by one.
    ///
    /// # Safety
    /// Nothing but this stream has to do with the places of these elements until it is dropped; they are aligned to their size,
    /// a power of two. `work` writes all bytes of its elements.
    #[inline]
    pub unsafe fn write<const N: usize>(
        &mut self,
        count: usize,
        size: usize,
        operands: [(*const u8, usize); N],
        mut work: impl FnMut(usize, *mut u8, usize),
    ) {
        let mut start = 0;
        while start < count {
            let n = (count - start).min((ROOM - self.filled) / size);
            work(start, self.buffer.0.as_mut_ptr().cast::<u8>().wrapping_add(self.filled), n);
            self.filled += n * size;
            start += n;
            if self.filled == ROOM {
                self.flush(
                    operands.map(|(first, each)| Operand {
                        at: first.wrapping_add(start * each),
                        share: LINE / size * each,
                    }),
                );
                (self.first, self.filled, self.to) = (0, 0, self.to.wrapping_add(ROOM));
            }
        }
    }

    #[inline]
    fn flush<const N: usize>(&self, operands: [Operand; N]) {
        let (from, to) = (self.buffer.0.as_ptr().cast::<u8>(), self.to);
        // SAFETY: `write` filled these bytes of the buffer, and its caller vouches for their places.
        unsafe {
            let count = self.filled - self.first;
            self.past.copy(from.wrapping_add(self.first), to.wrapping_add(self.first), count, operands);
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.flush([]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every start within two lines, in pieces of every kind of size, with nothing written beside.
    #[test]
    fn all_bytes_arrive_in_order() {
        for start in [0, 4, 60, 64, 100] {
            for pieces in [&[1usize][..], &[3, 1000, 5], &[1024], &[1020, 4, 3000], &[1; 90], &[0, 16, 0]] {
                let total: usize = pieces.iter().sum();
                let mut memory = vec![u32::MAX; total + 200];
                let base = memory.as_ptr().align_offset(LINE);
                let to = memory[base + start / 4..].as_mut_ptr();
                let (mut stream, mut next) = (Stream::to(to.cast()), 0u32);
                for piece in pieces {
                    // SAFETY: the vector has room for all pieces, and is not looked at before the stream is dropped.
                    unsafe {
                        stream.write(*piece, 4, [], |_, place, n| {
                            (0..n).for_each(|i| place.cast::<u32>().add(i).write(next + i as u32));
                            next += n as u32;
                        });
                    }
                }
                drop(stream);
                let at = base + start / 4;
                assert!(memory[at..at + total].iter().copied().eq(0..total as u32), "{start}, {pieces:?}");
                assert!(
                    memory[..at].iter().chain(&memory[at + total..]).all(|x| *x == u32::MAX),
                    "{start}, {pieces:?}"
                );
            }
        }
    }

    #[test]
    fn small_results_stay_in_the_cache() {
        assert!(!Stream::is_worth(LARGE - 1));
        assert_eq!(Stream::is_worth(LARGE), cfg!(target_arch = "x86_64") && isa() != Isa::Baseline);
    }
}
