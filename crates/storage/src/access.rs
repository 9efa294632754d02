//! Locks all storages of one operation at once: each storage once, in the order of addresses, so that two threads that use
//! the same storages in opposite roles cannot wait for each other.

use crate::Block;
use crate::storage::{Body, INLINE, Storage, load, store};
use smallvec::SmallVec;
use std::any::Any;
use std::sync::atomic::AtomicU64;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Storages locked for reading. Tiny ones are copied instead.
pub struct Reading<'a> {
    slots: SmallVec<[Slot<'a>; 2]>,
}

/// One storage locked for reading.
pub struct Single<'a>(Slot<'a>);

enum Slot<'a> {
    Words([u64; 2], usize),
    Host(RwLockReadGuard<'a, Block>),
    /// The same storage as an earlier slot.
    Same(usize),
    Device(&'a (dyn Any + Send + Sync)),
}

impl<'a> Single<'a> {
    /// Waits until no one writes to `storage`, and keeps it so.
    #[inline]
    pub fn lock(storage: &'a Storage) -> Single<'a> {
        Single(Slot::of(storage))
    }

    /// Locks two storages; the second is `None` where it is the first.
    #[inline]
    pub fn lock_pair(a: &'a Storage, b: &'a Storage) -> (Single<'a>, Option<Single<'a>>) {
        match std::ptr::from_ref(a).cmp(&std::ptr::from_ref(b)) {
            std::cmp::Ordering::Equal => (Single::lock(a), None),
            std::cmp::Ordering::Less => {
                let first = Single::lock(a);
                (first, Some(Single::lock(b)))
            }
            std::cmp::Ordering::Greater => {
                let second = Single::lock(b);
                (Single::lock(a), Some(second))
            }
        }
    }

    /// The bytes.
    #[inline]
    pub fn source(&self) -> Source<'_> {
        match &self.0 {
            Slot::Words(words, len) => Source::Host(&bytemuck::bytes_of(words)[..*len]),
            Slot::Host(guard) => Source::Host(guard),
            Slot::Same(_) => unreachable!("a single storage has no earlier slot"),
            Slot::Device(memory) => Source::Device(*memory),
        }
    }
}

/// Bytes to read: on the host, or a device's object.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// Host memory.
    Host(&'a [u8]),
    /// A device's memory.
    Device(&'a (dyn Any + Send + Sync)),
}

/// Bytes to write: on the host, or a device's object.
pub enum Target<'a> {
    /// Host memory.
    Host(&'a mut [u8]),
    /// A device's memory.
    Device(&'a (dyn Any + Send + Sync)),
}

fn read(lock: &RwLock<Block>) -> RwLockReadGuard<'_, Block> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Reading<'a> {
    /// Waits until no one writes to any of `storages`, and keeps it so.
    pub fn lock(storages: &[&'a Storage]) -> Reading<'a> {
        let mut slots = SmallVec::new();
        drop(Reading::lock_many(storages, None, &mut slots));
        Reading { slots }
    }

    /// The general case; `writer`, if any, is a storage that is none of `storages`, locked for writing in its turn.
    fn lock_many<'w>(
        storages: &[&'a Storage],
        writer: Option<&'w Storage>,
        slots: &mut SmallVec<[Slot<'a>; 2]>,
    ) -> Option<RwLockWriteGuard<'w, Block>> {
        let address = |i: &usize| (std::ptr::from_ref(storages[*i]).addr(), *i);
        let mut order: SmallVec<[usize; 8]> = (0..storages.len()).collect();
        order.sort_unstable_by_key(address);
        let mut pending = writer;
        let mut guard = None;
        let mut lock_writer = |before: usize, pending: &mut Option<&'w Storage>| {
            if let Some(storage) = pending.take_if(|storage| std::ptr::from_ref(*storage).addr() < before)
                && let Body::Host(lock) = &storage.body
            {
                guard = Some(lock.write().unwrap_or_else(PoisonError::into_inner));
            }
        };
        // Placeholders first: slots are filled in locking order, not in operand order.
        slots.resize_with(storages.len(), || Slot::Same(0));
        let mut previous: Option<usize> = None;
        for &i in &order {
            lock_writer(address(&i).0, &mut pending);
            slots[i] = match previous {
                Some(p) if std::ptr::eq(storages[p], storages[i]) => Slot::Same(p),
                _ => {
                    previous = Some(i);
                    Slot::of(storages[i])
                }
            };
        }
        lock_writer(usize::MAX, &mut pending);
        guard
    }

    /// The bytes of operand `i`.
    #[inline]
    pub fn source(&self, i: usize) -> Source<'_> {
        match &self.slots[i] {
            Slot::Words(words, len) => Source::Host(&bytemuck::bytes_of(words)[..*len]),
            Slot::Host(guard) => Source::Host(guard),
            Slot::Same(earlier) => self.source(*earlier),
            Slot::Device(memory) => Source::Device(*memory),
        }
    }
}

impl<'a> Slot<'a> {
    #[inline]
    fn of(storage: &'a Storage) -> Slot<'a> {
        match &storage.body {
            Body::Words(words) => Slot::Words(load(words), storage.len()),
            Body::Host(lock) => Slot::Host(read(lock)),
            Body::Device(memory) => Slot::Device(&**memory),
        }
    }
}

/// One storage locked for writing and others for reading. The write is counted when this is dropped.
pub struct Writing<'a> {
    output: &'a Storage,
    held: Held<'a>,
    inputs: Reading<'a>,
}

enum Held<'a> {
    /// A copy to work on, stored back at the end.
    Words(&'a [AtomicU64; 2], [u64; 2]),
    Host(RwLockWriteGuard<'a, Block>),
    Device(&'a (dyn Any + Send + Sync)),
}

impl<'a> Writing<'a> {
    /// Waits until `output` is free and none of `inputs` is written to.
    ///
    /// # Panics
    /// If `output` is among `inputs`: bytes cannot be borrowed for writing and for reading at once.
    pub fn lock(output: &'a Storage, inputs: &[&'a Storage]) -> Writing<'a> {
        assert!(!inputs.iter().any(|input| std::ptr::eq(*input, output)), "an operand shares the output's storage");
        let mut slots = SmallVec::new();
        let guard = Reading::lock_many(inputs, Some(output), &mut slots);
        let held = match (&output.body, guard) {
            (Body::Host(_), Some(guard)) => Held::Host(guard),
            (Body::Host(lock), None) => Held::Host(lock.write().unwrap_or_else(PoisonError::into_inner)),
            (Body::Words(words), _) => Held::Words(words, load(words)),
            (Body::Device(memory), _) => Held::Device(&**memory),
        };
        Writing { output, held, inputs: Reading { slots } }
    }

    /// The output's bytes and the locked inputs.
    pub fn parts(&mut self) -> (Target<'_>, &Reading<'a>) {
        let len = self.output.len();
        let target = match &mut self.held {
            Held::Words(_, local) => Target::Host(&mut bytemuck::bytes_of_mut(local)[..len.min(INLINE)]),
            Held::Host(guard) => Target::Host(guard),
            Held::Device(memory) => Target::Device(*memory),
        };
        (target, &self.inputs)
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if let Held::Words(words, local) = &self.held {
            store(words, *local);
        }
        self.output.bump_version();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<'a>(reading: &'a Reading<'_>, i: usize) -> &'a [u8] {
        match reading.source(i) {
            Source::Host(bytes) => bytes,
            Source::Device(_) => unreachable!(),
        }
    }

    #[test]
    fn every_size_can_be_written_and_read() {
        for len in [0, 1, 8, 16, 17, 1000, 1024, 5000] {
            let storage = Storage::host(len).unwrap();
            let before = storage.version();
            {
                let mut writing = Writing::lock(&storage, &[]);
                let (Target::Host(target), _) = writing.parts() else { unreachable!() };
                target.iter_mut().enumerate().for_each(|(i, byte)| *byte = i as u8);
            }
            assert_eq!(storage.version(), before + 1);
            let reading = Reading::lock(&[&storage]);
            assert!(bytes(&reading, 0).iter().enumerate().all(|(i, byte)| *byte == i as u8));
            assert_eq!(bytes(&reading, 0).len(), len);
        }
    }

    #[test]
    fn one_storage_in_several_roles_is_locked_once() {
        let (a, b) = (Storage::host(100).unwrap(), Storage::host(8).unwrap());
        for storages in [vec![&a, &a], vec![&a, &b, &a], vec![&b, &a, &a, &b]] {
            let reading = Reading::lock(&storages);
            for (i, storage) in storages.iter().enumerate() {
                assert_eq!(bytes(&reading, i).len(), storage.len());
            }
        }
    }

    #[test]
    fn opposite_roles_in_two_threads_do_not_deadlock() {
        let storages = [Storage::host(64).unwrap(), Storage::host(64).unwrap(), Storage::host(64).unwrap()];
        std::thread::scope(|scope| {
            for turn in 0..3 {
                let storages = &storages;
                scope.spawn(move || {
                    for _ in 0..300 {
                        let (out, a, b) = (&storages[turn], &storages[(turn + 1) % 3], &storages[(turn + 2) % 3]);
                        let mut writing = Writing::lock(out, &[b, a]);
                        let (Target::Host(target), inputs) = writing.parts() else { unreachable!() };
                        target[0] = target[0].wrapping_add(bytes(inputs, 0)[0]).wrapping_add(1);
                    }
                });
            }
        });
        assert_eq!(storages.iter().map(Storage::version).sum::<u32>(), 900);
    }
}
