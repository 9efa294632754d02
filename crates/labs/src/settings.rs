//! What the command line changes in the exercises: the seed of random numbers, the device, how long training takes and where
//! the data are. It knows no exercise.

use crate::arguments::Request;
use sconce::prelude::*;
use std::path::PathBuf;

/// Where the real data may lie, seen from where the program is started.
const FOLDERS: &[&str] = &["data", "../shared/data"];

/// The settings that an exercise reads.
pub struct Settings {
    seed: Option<u64>,
    device: &'static dyn Device,
    epochs: Option<usize>,
    data: Option<PathBuf>,
}

impl Settings {
    /// What was asked for. Without the name of a device it is a GPU where there is one; the second value says why it is not the
    /// one that was asked for.
    pub fn of(request: &Request) -> (Settings, Option<String>) {
        let name = request.device.as_deref();
        let (device, notice) = match device(name.unwrap_or("gpu")) {
            Ok(device) => (device, None),
            Err(error) => (cpu(), name.map(|_| format!("{error}. The lab goes on with the CPU."))),
        };
        (Settings { seed: request.seed, device, epochs: request.epochs, data: request.data.clone() }, notice)
    }

    /// The number of epochs of the command line, or else the exercise's own.
    pub fn epochs_or(&self, own: usize) -> usize {
        self.epochs.unwrap_or(own)
    }

    /// Whether training takes as long as the exercise wants: only then are its results what it claims.
    pub fn trains_fully(&self, own: usize) -> bool {
        self.epochs_or(own) >= own
    }

    /// The folder `name` of the real data: in the one of the command line, or where they are usually found.
    pub fn data(&self, name: &str) -> Option<PathBuf> {
        let usual = FOLDERS.iter().map(PathBuf::from).filter(|_| self.data.is_none());
        let folders = self.data.iter().cloned().chain(usual);
        folders.map(|folder| folder.join(name)).find(|folder| folder.is_dir())
    }

    /// The seed of the command line, or else the exercise's own.
    pub fn seed_or(&self, own: u64) -> u64 {
        self.seed.unwrap_or(own)
    }

    /// The device of the command line, or else a GPU where there is one, or else the CPU.
    pub fn device(&self) -> &'static dyn Device {
        self.device
    }
}
