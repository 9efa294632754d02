//! Panics, caught with their text and their place.

use std::cell::RefCell;
use std::panic::{self, PanicHookInfo, UnwindSafe};

/// A panic that was caught.
pub struct Panic {
    /// What it says.
    pub text: String,
    /// The file it points to.
    pub file: String,
    /// The line it points to.
    pub line: u32,
}

thread_local! {
    /// The last panic of this thread; `None` outside of [`caught`].
    static LAST: RefCell<Option<Option<Panic>>> = const { RefCell::new(None) };
}

/// Keeps panics in [`caught`] from being printed. All others go their way.
pub fn watch() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        let place = info.location().expect("a panic has a place");
        let payload = info.payload();
        let formatted = payload.downcast_ref::<String>().cloned();
        let text = formatted.or_else(|| payload.downcast_ref::<&str>().map(|text| text.to_string()));
        let text = text.unwrap_or_default();
        let panic = Panic { text, file: place.file().to_string(), line: place.line() };
        let is_kept = LAST.with_borrow_mut(|last| last.as_mut().map(|last| *last = Some(panic)).is_some());
        if !is_kept {
            before(info);
        }
    }));
}

/// The panic of `call`, if there is one.
pub fn caught(call: impl FnOnce() + UnwindSafe) -> Option<Panic> {
    LAST.set(Some(None));
    let outcome = panic::catch_unwind(call);
    let last = LAST.take().flatten();
    outcome.err().map(|_| last.expect("the hook is set"))
}
