//! What a tensor remembers of its making: an opaque slot that somebody above fills. It knows no derivatives, no gradients
//! and no graph.

use crate::{Op, Tensor};
use std::any::Any;
use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A tensor's history, shared.
pub type Past = Arc<dyn History>;

/// The histories of an operation's inputs, in order; `None` for inputs that nobody watches.
pub type Parents = smallvec::SmallVec<[Option<Past>; 2]>;

/// "`op` made `output` from `inputs`, whose histories are `parents` (at least one is there): what shall the output remember?"
/// The output has no history yet.
pub type Record = fn(op: &Op, inputs: &[&Tensor], parents: Parents, output: &Tensor) -> Option<Past>;

/// What a tensor remembers of its making. The core carries it and never looks inside.
pub trait History: Any + Send + Sync {
    /// Who records for histories of this kind. A function and not a method: the parents are handed over, and with them whom
    /// the method would be called on.
    fn recorder(&self) -> Record;

    /// `op` is about to overwrite `inputs[0]`: a copy of it, if the record of `op` will need its old value.
    fn before_overwrite(&self, op: &Op, inputs: &[&Tensor], parents: &Parents) -> Option<Tensor>;

    /// `next` takes this one's place, because the tensor was written in place.
    fn replaced_by(&self, next: &dyn History);

    /// Whether this is a value that the user created, not the result of an operation.
    fn is_leaf(&self) -> bool;

    /// The name that printing shows, `MulBackward0`.
    fn name(&self) -> Cow<'static, str>;
}

/// The place in a tensor where its history is kept. A tensor without one costs readers a single load.
#[derive(Default)]
pub(crate) struct Slot {
    tracked: AtomicBool,
    past: Mutex<Option<Past>>,
    /// The storage's version when the past was set: a view whose base was written since must ask the base anew.
    version: AtomicU32,
}

impl Slot {
    /// Whether a history is there and watched.
    #[inline]
    pub(crate) fn is_tracked(&self) -> bool {
        self.tracked.load(Ordering::Acquire)
    }

    /// The history, watched or not.
    pub(crate) fn get(&self) -> Option<Past> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, past: Option<Past>, tracked: bool, version: u32) {
        let mut slot = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *slot, past);
        self.version.store(version, Ordering::Release);
        self.tracked.store(tracked, Ordering::Release);
        drop(slot);
        // A history may be the last holder of a long chain; it goes after the lock.
        drop(old);
    }

    /// As [`set`](Slot::set), after a write in place: the new history hears of the old one's end.
    pub(crate) fn replace(&self, past: Option<Past>, version: u32) {
        if let (Some(old), Some(new)) = (self.get(), &past) {
            old.replaced_by(&**new);
        }
        let tracked = past.is_some();
        self.set(past, tracked, version);
    }

    /// As [`set`](Slot::set), on a slot that nobody shares yet.
    #[inline]
    pub(crate) fn init(&mut self, past: Past, version: u32) {
        *self.past.get_mut().unwrap_or_else(PoisonError::into_inner) = Some(past);
        *self.version.get_mut() = version;
        *self.tracked.get_mut() = true;
    }

    pub(crate) fn version(&self) -> u32 {
        self.version.load(Ordering::Acquire)
    }
}
