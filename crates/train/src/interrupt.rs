//! Ctrl-C during a training: the first press asks for an end at the next good moment, the second one ends the program.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tensor::{Error, ErrorKind, Result};

/// Whether somebody asked. The signal is the whole program's, and so is this.
static REQUESTED: AtomicBool = AtomicBool::new(false);
/// The shell's exit code of a program that was interrupted: 128 and the signal's number.
const INTERRUPTED: i32 = 130;

/// Tells whether Ctrl-C was pressed.
///
/// ```
/// # fn main() -> tensor::Result<()> {
/// use train::Interrupt;
/// let interrupt = Interrupt::watch()?;
/// for step in 0..10 {
///     // One step of the training.
///     if interrupt.requested() {
///         // Save a checkpoint.
///         break;
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Interrupt(());

impl Interrupt {
    /// Watches from now on, for the whole program. Further calls watch the same.
    ///
    /// # Errors
    /// If the system does not let the program watch, as when something else in it does already.
    pub fn watch() -> Result<Interrupt> {
        static WATCHED: OnceLock<std::result::Result<(), String>> = OnceLock::new();
        let watched = WATCHED.get_or_init(|| ctrlc::set_handler(pressed).map_err(|error| error.to_string()));
        let failed = |error: &String| Error::new(ErrorKind::Io, format!("Ctrl-C cannot be watched: {error}"));
        watched.as_ref().map(|()| Interrupt(())).map_err(failed)
    }

    /// Whether Ctrl-C was pressed since the watch began or was last [`reset`](Interrupt::reset).
    pub fn requested(&self) -> bool {
        REQUESTED.load(Ordering::Relaxed)
    }

    /// Forgets a press, so that the next one asks anew.
    pub fn reset(&self) {
        REQUESTED.store(false, Ordering::Relaxed);
    }
}

fn pressed() {
    if REQUESTED.swap(true, Ordering::Relaxed) {
        eprintln!("\nInterrupted.");
        std::process::exit(INTERRUPTED);
    }
    eprintln!("\nInterrupted: the current step will be finished. Press Ctrl-C again to end at once.");
}
