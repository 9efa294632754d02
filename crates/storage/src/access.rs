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
        lock_all(&[], storages).1
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

/// Locks `outputs` for writing and `inputs` for reading, all in the order of their addresses.
fn lock_all<'a>(outputs: &[&'a Storage], inputs: &[&'a Storage]) -> (SmallVec<[Held<'a>; 1]>, Reading<'a>) {
    let storage = |i: usize| if i < outputs.len() { outputs[i] } else { inputs[i - outputs.len()] };
    let address = |i: &usize| (std::ptr::from_ref(storage(*i)).addr(), *i);
    let mut order: SmallVec<[usize; 8]> = (0..outputs.len() + inputs.len()).collect();
    order.sort_unstable_by_key(address);
    // Placeholders first: what is held is filled in locking order, not in operand order.
    let mut held: SmallVec<[Held; 1]> = outputs.iter().map(|output| Held { output, lock: Lock::Waiting }).collect();
    let mut slots: SmallVec<[Slot; 2]> = SmallVec::new();
    slots.resize_with(inputs.len(), || Slot::Same(0));
    let mut previous: Option<usize> = None;
    for &i in &order {
        let again = previous.filter(|p| std::ptr::eq(storage(*p), storage(i)));
        match (i.checked_sub(outputs.len()), again) {
            (None, None) => held[i].lock = Lock::of(outputs[i]),
            (Some(input), None) => slots[input] = Slot::of(inputs[input]),
            (Some(input), Some(p)) if p >= outputs.len() => slots[input] = Slot::Same(p - outputs.len()),
            _ => panic!("an operand shares an output's storage"),
        }
        previous = again.or(Some(i));
    }
    (held, Reading { slots })
}

/// Storages locked for writing and others for reading. The writes are counted when this is dropped.
pub struct Writing<'a> {
    outputs: SmallVec<[Held<'a>; 1]>,
    inputs: Reading<'a>,
}

/// One storage locked for writing.
struct Held<'a> {
    output: &'a Storage,
    lock: Lock<'a>,
}

enum Lock<'a> {
    /// Not locked yet.
    Waiting,
    /// A copy to work on, stored back at the end.
    Words(&'a [AtomicU64; 2], [u64; 2]),
    Host(RwLockWriteGuard<'a, Block>),
    Device(&'a (dyn Any + Send + Sync)),
}

impl<'a> Lock<'a> {
    fn of(storage: &'a Storage) -> Lock<'a> {
        match &storage.body {
            Body::Words(words) => Lock::Words(words, load(words)),
            Body::Host(lock) => Lock::Host(lock.write().unwrap_or_else(PoisonError::into_inner)),
            Body::Device(memory) => Lock::Device(&**memory),
        }
    }
}

impl Held<'_> {
    fn target(&mut self) -> Target<'_> {
        let len = self.output.len();
        match &mut self.lock {
            Lock::Words(_, local) => Target::Host(&mut bytemuck::bytes_of_mut(local)[..len.min(INLINE)]),
            Lock::Host(guard) => Target::Host(guard),
            Lock::Device(memory) => Target::Device(*memory),
            Lock::Waiting => unreachable!("all are locked before any is used"),
        }
    }
}

impl<'a> Writing<'a> {
    /// Waits until `output` is free and none of `inputs` is written to.
    ///
    /// # Panics
    /// If `output` is among `inputs`: bytes cannot be borrowed for writing and for reading at once.
    pub fn lock(output: &'a Storage, inputs: &[&'a Storage]) -> Writing<'a> {
        Writing::lock_many(&[output], inputs)
    }

    /// Waits until all of `outputs` are free and none of `inputs` is written to.
    ///
    /// # Panics
    /// If one of `outputs` is there twice, or among `inputs`.
    pub fn lock_many(outputs: &[&'a Storage], inputs: &[&'a Storage]) -> Writing<'a> {
        let (outputs, inputs) = lock_all(outputs, inputs);
        Writing { outputs, inputs }
    }

    /// The first output's bytes and the locked inputs.
    pub fn parts(&mut self) -> (Target<'_>, &Reading<'a>) {
        (self.outputs[0].target(), &self.inputs)
    }

    /// The bytes of all outputs, and the locked inputs.
    pub fn all_parts(&mut self) -> (impl Iterator<Item = Target<'_>>, &Reading<'a>) {
        (self.outputs.iter_mut().map(Held::target), &self.inputs)
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        for Held { output, lock } in &self.outputs {
            if let Lock::Words(words, local) = lock {
                store(words, *local);
            }
            output.bump_version();
        }
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
    fn many_are_written_at_once_and_each_write_is_counted() {
        let storages = [Storage::host(8).unwrap(), Storage::host(100).unwrap(), Storage::host(5000).unwrap()];
        let [small, input, large] = &storages;
        {
            let mut writing = Writing::lock_many(&[large, small], &[input, input]);
            let (targets, inputs) = writing.all_parts();
            for (i, target) in targets.enumerate() {
                let Target::Host(target) = target else { unreachable!() };
                assert_eq!(bytes(inputs, 1).len(), 100);
                target.fill(i as u8 + 1);
            }
        }
        let reading = Reading::lock(&[small, large]);
        assert!(bytes(&reading, 0).iter().all(|byte| *byte == 2) && bytes(&reading, 1).iter().all(|byte| *byte == 1));
        assert_eq!(storages.iter().map(Storage::version).collect::<Vec<_>>(), [1, 0, 1]);
    }

    #[test]
    #[should_panic(expected = "shares an output's storage")]
    fn an_output_twice_is_refused() {
        let storage = Storage::host(100).unwrap();
        Writing::lock_many(&[&storage, &storage], &[]);
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
