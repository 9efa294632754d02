//! The default random stream, as PyTorch's CPU generator: everything that draws without naming a generator draws from it.

use std::cell::RefCell;
use std::sync::OnceLock;
use tensor_core::random::Seed;
use tensor_core::{Error, ErrorKind, Generator, Result};

thread_local! {
    /// What stands in for the default generator on this thread.
    static OWN: RefCell<Option<Generator>> = const { RefCell::new(None) };
}

/// The generator that is used where none is named. Its seed is PyTorch's default one until [`manual_seed`].
pub fn default_generator() -> Generator {
    static DEFAULT: OnceLock<Generator> = OnceLock::new();
    match OWN.with_borrow(Option::clone) {
        Some(own) => own,
        None => DEFAULT.get_or_init(Generator::new).clone(),
    }
}

/// Runs `body` with `generator` as this thread's default generator; other threads keep theirs. A worker that loads data has a
/// stream of its own by this, as PyTorch's worker processes have.
///
/// ```
/// use tensor::{Generator, manual_seed, rand, with_generator};
/// manual_seed(0);
/// let own = Generator::new().manual_seed(7);
/// let x = with_generator(&own, || rand([1]));
/// assert_eq!(x.to_string(), "tensor([0.5349])");
/// assert_eq!(rand([1]).to_string(), "tensor([0.4963])");
/// ```
pub fn with_generator<T>(generator: &Generator, body: impl FnOnce() -> T) -> T {
    /// Puts the former generator back, also when the body panics.
    struct Restore(Option<Generator>);
    impl Drop for Restore {
        fn drop(&mut self) {
            OWN.set(self.0.take());
        }
    }
    let _restore = Restore(OWN.replace(Some(generator.clone())));
    body()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_s_own_stream_ends_with_its_body_even_if_it_panics() {
        let own = Generator::new().manual_seed(3);
        let inner = Generator::new().manual_seed(4);
        with_generator(&own, || {
            assert_eq!(initial_seed(), 3);
            let caught = std::panic::catch_unwind(|| with_generator(&inner, || panic!("seed {}", initial_seed())));
            assert_eq!(caught.unwrap_err().downcast_ref::<String>().unwrap(), "seed 4");
            assert_eq!(initial_seed(), 3);
            std::thread::spawn(|| assert_ne!(initial_seed(), 3)).join().unwrap();
        });
        assert_ne!(initial_seed(), 3);
    }
}
