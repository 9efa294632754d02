//! The life of one worker thread: wait for a job, help with it, until it is dismissed. It does not know what a job
//! does.

use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use super::gate::Gate;

/// Starts the worker with this number (0 is the first besides the caller).
pub(super) fn start(gate: Arc<Gate>, number: usize) -> io::Result<JoinHandle<()>> {
    let mut seen = gate.epoch();
    Builder::new().name(format!("sconce-{}", number + 1)).spawn(move || {
        while !gate.dismissed(number) {
            gate.help(number + 1);
            seen = gate.wait(seen);
        }
    })
}
