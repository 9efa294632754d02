//! The random stream of the CPU: the Mersenne Twister that PyTorch uses, its saved state and the shared handle to it.
//!
//! Nothing here knows a tensor, a dtype or a distribution: the stream hands out words and uniform numbers, and the
//! devices turn them into values.

mod engine;
mod generator;
mod state;

pub use engine::{BLOCK_WORDS, Mt19937};
pub use generator::{DEFAULT_SEED, Generator, Seed};
pub use state::{STATE_BYTES, StateError};
