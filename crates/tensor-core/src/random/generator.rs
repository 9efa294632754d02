//! `Generator`, the shared handle to a random stream, as `torch.Generator` on the CPU.
//!
//! It knows how a stream is started, saved and shared between threads, and no distribution. There is no default
//! generator here: the crate that has a default device owns that.

use std::convert::Infallible;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand_core::{SeedableRng, TryRng};

use super::engine::Mt19937;
use super::state::StateError;

/// The seed of a generator that was not given one (PyTorch's `c10::detail` `default_rng_seed_val`).
pub const DEFAULT_SEED: u64 = 67_280_421_310_721;

/// A 64-bit seed made from any integer, as PyTorch does it: negative numbers wrap, so that -1 is 2^64 - 1.
///
/// ```
/// use tensor_core::random::Seed;
///
/// assert_eq!(Seed::from(-1), Seed::from(u64::MAX));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(u64);

impl Seed {
    /// The seed as the generator keeps it.
    pub fn get(self) -> u64 {
        self.0
    }
}

macro_rules! seed_from {
    ($($int:ty),*) => {$(
        impl From<$int> for Seed {
            fn from(seed: $int) -> Self {
                Seed(seed as u64)
            }
        }
    )*};
}
seed_from!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

/// A random stream on the CPU. Clones are handles to the same stream, as assignments of a `torch.Generator` are; an
/// independent copy is [`clone_state`](Generator::clone_state).
///
/// From the same seed it gives the same words as PyTorch 2.15. It also implements the traits of the `rand` crate.
///
/// ```
/// use rand_core::Rng;
/// use tensor_core::random::Generator;
///
/// let mut generator = Generator::new().manual_seed(0);
/// assert_eq!(generator.next_u32(), 2357136044);
///
/// let shared = generator.clone();
/// assert_eq!(shared.lock().next_u32(), 2546248239);
/// assert_eq!(generator.next_u32(), 3071714933);
/// ```
#[derive(Clone, Debug)]
pub struct Generator(Arc<Mutex<Mt19937>>);

impl Generator {
    /// A new stream with PyTorch's default seed, 67280421310721.
    pub fn new() -> Self {
        Self::from(Mt19937::new(DEFAULT_SEED))
    }

    /// Starts the stream anew from `seed` and forgets a cached normal. Returns the handle, so that it can be chained.
    /// Of the seed, the low 32 bits determine the numbers.
    ///
    /// ```
    /// use tensor_core::random::Generator;
    ///
    /// let generator = Generator::new().manual_seed(-1);
    /// assert_eq!(generator.initial_seed(), u64::MAX);
    /// ```
    pub fn manual_seed(&self, seed: impl Into<Seed>) -> Self {
        *self.lock() = Mt19937::new(seed.into().get());
        self.clone()
    }

    /// Starts the stream anew from a seed of 53 bits that is different every time, and returns that seed. Its
    /// randomness is what the operating system gives to hash maps; where there is none (bare WebAssembly), it repeats.
    ///
    /// ```
    /// use tensor_core::random::Generator;
    ///
    /// let generator = Generator::new();
    /// let seed = generator.seed();
    /// assert_eq!(generator.initial_seed(), seed);
    /// ```
    pub fn seed(&self) -> u64 {
        let seed = RandomState::new().build_hasher().finish() & ((1 << 53) - 1);
        self.manual_seed(seed);
        seed
    }

    /// The seed that the stream was last started from.
    pub fn initial_seed(&self) -> u64 {
        self.lock().initial_seed()
    }

    /// The state of the stream in 5056 bytes, those of `torch.Generator.get_state()`.
    ///
    /// ```
    /// use tensor_core::random::Generator;
    ///
    /// let generator = Generator::new();
    /// let saved = generator.get_state();
    /// let word = generator.lock().next_u32();
    /// generator.set_state(&saved)?;
    /// assert_eq!(generator.lock().next_u32(), word);
    /// # Ok::<(), tensor_core::random::StateError>(())
    /// ```
    pub fn get_state(&self) -> Vec<u8> {
        self.lock().to_state()
    }

    /// Puts the stream where [`get_state`](Generator::get_state), or PyTorch's, found it.
    ///
    /// # Errors
    /// [`StateError`] where `state` is not a saved state; the stream is then unchanged.
    pub fn set_state(&self, state: &[u8]) -> Result<(), StateError> {
        *self.lock() = Mt19937::from_state(state)?;
        Ok(())
    }

    /// A new stream that continues from where this one is, independently of it.
    pub fn clone_state(&self) -> Self {
        Self::from(self.lock().clone())
    }

    /// Exclusive access to the engine, for as long as the guard lives. An op takes it once for all its draws, so that
    /// the draws of two threads do not mix.
    pub fn lock(&self) -> MutexGuard<'_, Mt19937> {
        // An engine is valid after every word, so one left behind by a panic can be used.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Generator {
    /// [`Generator::new`].
    fn default() -> Self {
        Self::new()
    }
}

/// A stream that continues from the engine's position.
impl From<Mt19937> for Generator {
    fn from(engine: Mt19937) -> Self {
        Generator(Arc::new(Mutex::new(engine)))
    }
}

/// Every call locks the stream once; for many numbers, [`Generator::lock`] is faster, and its guard is such a generator
/// too.
impl TryRng for Generator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.lock().next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.lock().next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.lock().try_fill_bytes(bytes)
    }
}

/// A new stream of its own; the seed means what it means to [`Generator::manual_seed`].
impl SeedableRng for Generator {
    type Seed = [u8; 8];

    fn from_seed(seed: [u8; 8]) -> Self {
        Self::from(Mt19937::from_seed(seed))
    }

    fn seed_from_u64(seed: u64) -> Self {
        Self::from(Mt19937::new(seed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_stream_and_copies_do_not() {
        let generator = Generator::seed_from_u64(5);
        let (clone, copy) = (generator.clone(), generator.clone_state());
        let mut expected = Mt19937::new(5);
        let words: Vec<u32> = (0..3).map(|_| expected.next_u32()).collect();
        assert_eq!(generator.lock().next_u32(), words[0]);
        assert_eq!(clone.lock().next_u32(), words[1]);
        assert_eq!(copy.lock().next_u32(), words[0]);
    }

    #[test]
    fn a_refused_state_leaves_the_stream_alone() {
        let generator = Generator::new();
        generator.lock().next_u64();
        let before = generator.get_state();
        assert!(generator.set_state(&before[..100]).is_err());
        assert_eq!(generator.get_state(), before);
    }

    #[test]
    fn two_unseeded_generators_differ() {
        assert_ne!(Generator::new().seed(), Generator::new().seed());
    }
}
