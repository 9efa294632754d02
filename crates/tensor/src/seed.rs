//! The default random stream, as PyTorch's CPU generator: everything that draws without naming a generator draws from it.

use std::sync::OnceLock;
use tensor_core::random::Seed;
use tensor_core::{Error, ErrorKind, Generator, Result};

/// The generator that is used where none is named. Its seed is PyTorch's default one until [`manual_seed`].
pub fn default_generator() -> Generator {
    static DEFAULT: OnceLock<Generator> = OnceLock::new();
    DEFAULT.get_or_init(Generator::new).clone()
}

/// Starts the default stream anew; the same seed gives the same numbers as PyTorch's.
///
/// ```
/// tensor::manual_seed(0);
/// assert_eq!(tensor::rand([3]).to_string(), "tensor([0.4963, 0.7682, 0.0885])");
/// ```
pub fn manual_seed(seed: impl Into<Seed>) -> Generator {
    default_generator().manual_seed(seed)
}

/// The seed that the default stream was started with.
pub fn initial_seed() -> u64 {
    default_generator().initial_seed()
}

/// The state of the default stream, as the 5056 bytes that PyTorch's `get_rng_state` gives.
pub fn get_rng_state() -> Vec<u8> {
    default_generator().get_state()
}

/// Continues from a state that [`get_rng_state`], here or in PyTorch, has given.
///
/// # Errors
/// If the bytes are no such state.
pub fn set_rng_state(state: &[u8]) -> Result<()> {
    default_generator().set_state(state).map_err(|error| Error::new(ErrorKind::Value, error.to_string()))
}
