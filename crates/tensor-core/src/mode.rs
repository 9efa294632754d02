//! Whether this thread records what it computes: the one piece of state that belongs to a thread and not to a value.

use std::cell::Cell;

thread_local! {
    static RECORDING: Cell<bool> = const { Cell::new(true) };
}

/// Whether operations on watched tensors are recorded on this thread; true at first.
#[inline]
pub fn is_recording() -> bool {
    RECORDING.get()
}

/// Keeps recording on or off on this thread for as long as it lives.
///
/// ```
/// use tensor_core::mode::{Recording, is_recording};
/// let guard = Recording::set(false);
/// assert!(!is_recording());
/// drop(guard);
/// assert!(is_recording());
/// ```
#[must_use = "the mode lasts only as long as this guard lives"]
pub struct Recording {
    before: bool,
    /// The mode belongs to the thread, and so does the guard.
    _not_send: std::marker::PhantomData<*const ()>,
}

impl Recording {
    /// Turns recording on or off until the guard is dropped.
    #[inline]
    pub fn set(on: bool) -> Recording {
        Recording { before: RECORDING.replace(on), _not_send: std::marker::PhantomData }
    }
}

impl Drop for Recording {
    #[inline]
    fn drop(&mut self) {
        RECORDING.set(self.before);
    }
}
