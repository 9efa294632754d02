//! What the command line changes in the exercises: the seed of random numbers and the device. It knows no exercise.

use sconce::prelude::*;

/// The settings that an exercise reads.
pub struct Settings {
    seed: Option<u64>,
    device: &'static dyn Device,
}

impl Settings {
    /// A seed for all random numbers instead of each exercise's own, and a device by name. Without a name it is a GPU where
    /// there is one.
    ///
    /// The second value says why the device is not the one that was asked for.
    pub fn new(seed: Option<u64>, name: Option<&str>) -> (Settings, Option<String>) {
        match device(name.unwrap_or("gpu")) {
            Ok(device) => (Settings { seed, device }, None),
            Err(error) => {
                let reason = name.map(|_| format!("{error}. The lab goes on with the CPU."));
                (Settings { seed, device: cpu() }, reason)
            }
        }
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
