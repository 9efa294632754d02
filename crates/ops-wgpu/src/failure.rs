//! What went wrong on a device since it was last asked: errors come late, from whoever records, and are told at the next
//! synchronization. A lost device stays lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use tensor_core::{Error, ErrorKind, Result};

#[derive(Debug, Default)]
pub(crate) struct Failure {
    lost: AtomicBool,
    reason: Mutex<String>,
    first: Mutex<Option<Error>>,
}

impl Failure {
    /// Remembers `error`, unless an earlier one waits to be told.
    pub(crate) fn note(&self, error: Error) {
        self.first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    /// Remembers what wgpu complains of outside any scope.
    pub(crate) fn note_uncaptured(&self, error: &wgpu::Error) {
        let kind = match error {
            wgpu::Error::OutOfMemory { .. } => ErrorKind::Memory,
            wgpu::Error::Validation { .. } | wgpu::Error::Internal { .. } => ErrorKind::Device,
        };
        self.note(Error::new(kind, format!("the GPU's driver refused a command: {error}")));
    }

    pub(crate) fn note_lost(&self, reason: &str) {
        *self.reason.lock().unwrap_or_else(PoisonError::into_inner) = reason.to_string();
        self.lost.store(true, Ordering::Release);
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// An error if the device is lost: everything given to it from now on would silently do nothing.
    pub(crate) fn check_lost(&self, name: &str) -> Result<()> {
        if !self.is_lost() {
            return Ok(());
        }
        let reason = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        let reason = if reason.is_empty() { "no reason given" } else { reason.as_str() };
        Err(Error::new(ErrorKind::Device, format!("the device {name} is lost, and its tensors with it: {reason}")))
    }

    /// The first failure since this was last called.
    pub(crate) fn take(&self) -> Result<()> {
        match self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}
