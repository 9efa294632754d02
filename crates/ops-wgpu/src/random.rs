//! Random numbers by Philox.

/// The stream's state.
#[derive(Debug, Default)]
pub(crate) struct Seed;
