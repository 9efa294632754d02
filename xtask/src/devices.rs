//! `cargo xtask devices`: the adapters that could be used as GPUs. What is known of each is the business of the crate that
//! drives them.

use crate::process::{self, Outcome, cargo};

/// Prints the list.
pub fn run() -> Outcome {
    process::run(&mut cargo(["run", "--quiet", "--package", "conformance", "--bin", "devices"]))
}
