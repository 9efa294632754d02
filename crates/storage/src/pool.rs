//! Freed blocks, kept by size class for reuse. A fresh large block costs a page fault for every 4 KB, several times the work
//! of most operations on it; a recycled one costs a lock.
//!
//! The pool is bounded ([`set_limit`]), tells what it holds ([`statistics`]) and can be emptied ([`empty_cache`]).

use crate::Block;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Four classes per power of two, from 2^10 up: at most a quarter of a block is unused.
const STEPS: usize = 4;
const FIRST_POWER: usize = 10;
const CLASSES: usize = (48 - FIRST_POWER) * STEPS;

/// Kept by default: what a training step of a mid-sized network frees and allocates again.
const DEFAULT_LIMIT: usize = 2 << 30;

/// What the pool holds and has done, in bytes and counts. Blocks below 1 KB do not pass through it and are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Bytes in blocks that are in use.
    pub live: usize,
    /// Bytes in blocks kept for reuse.
    pub cached: usize,
    /// The most bytes that were in use at once since [`reset_peak`].
    pub peak: usize,
    /// The most bytes that the pool will keep.
    pub limit: usize,
    /// Blocks served from the pool.
    pub hits: u64,
    /// Blocks that had to be allocated.
    pub misses: u64,
}

struct Pool {
    free: [Vec<Kept>; CLASSES],
    statistics: Statistics,
}

/// A block that waits for reuse.
struct Kept {
    block: Block,
    /// The thread that gave it, whose core's caches may still hold it.
    giver: usize,
}

/// Blocks among which one of the same thread is looked for, from the last one given on.
const NEAR: usize = 4;

/// A number for the thread that asks, unlike those of all other threads that are there.
fn this_thread() -> usize {
    thread_local!(static HERE: u8 = const { 0 });
    HERE.with(|here| std::ptr::from_ref(here).addr())
}

static POOL: Mutex<Pool> = Mutex::new(Pool {
    free: [const { Vec::new() }; CLASSES],
    statistics: Statistics { live: 0, cached: 0, peak: 0, limit: DEFAULT_LIMIT, hits: 0, misses: 0 },
});

fn lock() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The class of blocks that serve `bytes`, and their size.
fn class(bytes: usize) -> Option<(usize, usize)> {
    let bytes = bytes.max(1 << FIRST_POWER);
    let power = bytes.ilog2() as usize;
    let step = 1usize << (power - 2);
    let above = (bytes - (1 << power)).div_ceil(step);
    let class = (power - FIRST_POWER) * STEPS + above;
    (class < CLASSES).then(|| (class, (1 << power) + above * step))
}

/// The size of the blocks that serve `bytes`; `None` beyond what any machine addresses.
pub(crate) fn class_size(bytes: usize) -> Option<usize> {
    class(bytes).map(|(_, size)| size)
}

/// A kept block of at least `len` bytes, its length set to `len`.
pub(crate) fn take(len: usize) -> Option<Block> {
    let (class, size) = class(len)?;
    let taker = this_thread();
    let mut pool = lock();
    let kept = &mut pool.free[class];
    // Memory that another core has written last would come from its caches, a line at a time.
    let own = kept.iter().rev().take(NEAR).position(|kept| kept.giver == taker).unwrap_or(0);
    let mut block = kept.len().checked_sub(own + 1).map(|i| kept.remove(i))?.block;
    pool.statistics.cached -= size;
    pool.statistics.hits += 1;
    pool.use_more(size);
    drop(pool);
    block.set_len(len);
    Some(block)
}

/// Counts a block that had to be allocated.
pub(crate) fn note_new(size: usize) {
    let mut pool = lock();
    pool.statistics.misses += 1;
    pool.use_more(size);
}

/// Takes a freed block, if need be at the cost of kept blocks of other sizes.
pub(crate) fn give(block: Block) {
    let (size, giver) = (block.capacity(), this_thread());
    let mut freed = Vec::new();
    let mut pool = lock();
    pool.statistics.live = pool.statistics.live.saturating_sub(size);
    match class(size) {
        Some((class, _)) if size <= pool.statistics.limit => {
            let room = pool.statistics.limit - size;
            pool.shrink_to(room, &mut freed);
            pool.statistics.cached += size;
            pool.free[class].push(Kept { block, giver });
        }
        _ => freed.push(block),
    }
    drop(pool);
    // Unmapping large blocks takes long; nobody should wait for the lock meanwhile.
    freed.into_iter().for_each(Block::release);
}

impl Pool {
    fn use_more(&mut self, size: usize) {
        self.statistics.live += size;
        self.statistics.peak = self.statistics.peak.max(self.statistics.live);
    }

    /// Moves kept blocks, largest first, to `freed` until at most `limit` bytes are kept.
    fn shrink_to(&mut self, limit: usize, freed: &mut Vec<Block>) {
        if self.statistics.cached <= limit {
            return;
        }
        for class in (0..CLASSES).rev() {
            while self.statistics.cached > limit {
                let Some(Kept { block, .. }) = self.free[class].pop() else { break };
                self.statistics.cached -= block.capacity();
                freed.push(block);
            }
        }
    }
}

/// What the pool holds now.
///
/// ```
/// let before = storage::pool::statistics();
/// let block = storage::Block::new(1 << 20).unwrap();
/// assert!(storage::pool::statistics().live >= before.live + (1 << 20));
/// # drop(block);
/// ```
pub fn statistics() -> Statistics {
    lock().statistics
}

/// Starts measuring [`Statistics::peak`] anew, from what is in use now.
pub fn reset_peak() {
    let mut pool = lock();
    pool.statistics.peak = pool.statistics.live;
}

/// Gives all kept blocks back to the system.
pub fn empty_cache() {
    let mut freed = Vec::new();
    lock().shrink_to(0, &mut freed);
    freed.into_iter().for_each(Block::release);
}

/// Bounds what the pool keeps to `bytes`; zero turns reuse off.
pub fn set_limit(bytes: usize) {
    let mut freed = Vec::new();
    let mut pool = lock();
    pool.statistics.limit = bytes;
    pool.shrink_to(bytes, &mut freed);
    drop(pool);
    freed.into_iter().for_each(Block::release);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_gets_back_its_own_block() {
        use std::sync::mpsc::channel;
        // A size that no other test uses.
        let len = 77 << 20;
        let own = Block::new(len).unwrap();
        let address = own.as_ptr().addr();
        let ((taken, is_taken), (given, is_given)) = (channel(), channel());
        let thread = std::thread::spawn(move || {
            let other = Block::new(len).unwrap();
            taken.send(()).unwrap();
            is_given.recv().unwrap();
            drop(other);
        });
        is_taken.recv().unwrap();
        drop(own);
        given.send(()).unwrap();
        thread.join().unwrap();
        // The other thread's was given back last.
        assert_eq!(Block::new(len).unwrap().as_ptr().addr(), address);
    }

    #[test]
    fn a_class_holds_what_it_serves_and_wastes_at_most_a_quarter() {
        let mut last = 0;
        for bytes in (1024..100_000).chain([1 << 20, (1 << 30) + 1, 3 << 40]) {
            let (class, size) = class(bytes).unwrap();
            assert!(size >= bytes && size <= bytes + bytes / 4 + 1, "{bytes} in {size}");
            assert!(class >= last);
            assert_eq!(super::class(size), Some((class, size)));
            last = class;
        }
        assert_eq!(class(usize::MAX / 2), None);
    }
}
