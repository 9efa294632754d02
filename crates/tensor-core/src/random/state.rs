//! The saved form of the random stream: the 5056 bytes of `torch.get_rng_state()`, read and written.
//!
//! A state saved here continues the stream in PyTorch, and the other way round. This file does not know how words are
//! made.
//!
//! Layout, little endian: u64 seed at 0; i32 `left` at 8; i32 seeded = 1 at 12; u64 `next` at 16; 624 words of 8 bytes
//! at 24; f64 0 at 5016; f64 cached normal at 5024; f64 0 at 5032; i32 whether there is one at 5040; f32 0 at 5048; u8
//! 0 at 5052. What is left over is padding. (PyTorch, `CPUGeneratorImpl.cpp`.)

use std::fmt;

use super::engine::{BLOCK_WORDS, Mt19937};

/// The length of a saved state in bytes.
pub const STATE_BYTES: usize = 5056;

const SEED: usize = 0;
const LEFT: usize = 8;
const SEEDED: usize = 12;
const NEXT: usize = 16;
const WORDS: usize = 24;
const NORMAL: usize = 5024;
const HAS_NORMAL: usize = 5040;
const HAS_FLOAT_NORMAL: usize = 5052;

/// Why bytes are not a saved state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateError {
    /// The number of bytes is not [`STATE_BYTES`].
    Length {
        /// The number of bytes given.
        found: usize,
    },
    /// The position in the block of words is one that no generator reaches.
    Position {
        /// The field `next`: the position of the next word.
        next: u64,
        /// The field `left`: one more than the number of words left.
        left: i32,
    },
    /// The field at this offset holds what no generator writes there.
    Field {
        /// The offset in bytes from the start of the state.
        offset: usize,
    },
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StateError::Length { found } => {
                let text = "but found the input RNG state size to be";
                write!(f, "Expected a CPUGeneratorImplState of size {STATE_BYTES} {text} {found}")
            }
            StateError::Position { next, left } => {
                write!(f, "invalid mt19937 state: position {next} with {left} left does not occur")
            }
            StateError::Field { offset } => write!(f, "invalid mt19937 state: impossible value at byte {offset}"),
        }
    }
}

impl std::error::Error for StateError {}

impl Mt19937 {
    /// The saved form of the engine, in [`STATE_BYTES`] bytes, as `torch.Generator.get_state()` gives it.
    ///
    /// ```
    /// use tensor_core::random::Mt19937;
    ///
    /// let mut engine = Mt19937::new(3);
    /// engine.next_u32();
    /// let mut copy = Mt19937::from_state(&engine.to_state())?;
    /// assert_eq!(copy.next_u32(), engine.next_u32());
    /// # Ok::<(), tensor_core::random::StateError>(())
    /// ```
    pub fn to_state(&self) -> Vec<u8> {
        let mut bytes = vec![0; STATE_BYTES];
        let mut put = |offset: usize, field: &[u8]| bytes[offset..offset + field.len()].copy_from_slice(field);
        put(SEED, &self.seed.to_le_bytes());
        put(LEFT, &(self.left as i32).to_le_bytes());
        put(SEEDED, &1_i32.to_le_bytes());
        put(NEXT, &(self.next as u64).to_le_bytes());
        for (j, &word) in self.words.iter().enumerate() {
            put(WORDS + 8 * j, &u64::from(word).to_le_bytes());
        }
        if let Some(normal) = self.cached_normal {
            put(NORMAL, &normal.to_le_bytes());
            put(HAS_NORMAL, &1_i32.to_le_bytes());
        }
        bytes
    }

    /// The engine that [`to_state`](Self::to_state), or PyTorch, saved as `bytes`.
    ///
    /// # Errors
    /// [`StateError`] where `bytes` are not such a state: another length, a position that does not occur, a word of
    /// more than 32 bits, or a flag that is neither 0 nor 1.
    pub fn from_state(bytes: &[u8]) -> Result<Self, StateError> {
        if bytes.len() != STATE_BYTES {
            return Err(StateError::Length { found: bytes.len() });
        }
        let flag = |offset| match int(bytes, offset) {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(StateError::Field { offset }),
        };
        if !flag(SEEDED)? {
            return Err(StateError::Field { offset: SEEDED });
        }
        // PyTorch always uses the double cache on the CPU: a float one waiting would be lost here.
        if bytes[HAS_FLOAT_NORMAL] != 0 {
            return Err(StateError::Field { offset: HAS_FLOAT_NORMAL });
        }
        let (next, left) = (long(bytes, NEXT), int(bytes, LEFT));
        let full = BLOCK_WORDS as u64;
        let in_block = (1..=full).contains(&next) && i64::from(left) == (full + 1 - next) as i64;
        if !in_block && (next, left) != (0, 1) {
            return Err(StateError::Position { next, left });
        }
        let mut words = [0; BLOCK_WORDS];
        for (j, word) in words.iter_mut().enumerate() {
            let offset = WORDS + 8 * j;
            *word = u32::try_from(long(bytes, offset)).map_err(|_| StateError::Field { offset })?;
        }
        let cached_normal = flag(HAS_NORMAL)?.then(|| f64::from_bits(long(bytes, NORMAL)));
        Ok(Mt19937 { words, next: next as usize, left: left as usize, seed: long(bytes, SEED), cached_normal })
    }
}

fn int(bytes: &[u8], offset: usize) -> i32 {
    i32::from_le_bytes(std::array::from_fn(|k| bytes[offset + k]))
}

fn long(bytes: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(std::array::from_fn(|k| bytes[offset + k]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_of_a_block_survives_a_round_trip() {
        let mut engine = Mt19937::new(11);
        for step in 0..2 * BLOCK_WORDS {
            let restored = Mt19937::from_state(&engine.to_state()).unwrap();
            assert_eq!(restored, engine, "after {step} words");
            engine.next_u32();
        }
        engine.set_cached_normal(Some(-0.25));
        assert_eq!(Mt19937::from_state(&engine.to_state()).unwrap().cached_normal(), Some(-0.25));
    }

    #[test]
    fn bytes_that_are_no_state_are_refused() {
        let mut engine = Mt19937::new(11);
        engine.next_u32();
        let good = engine.to_state();
        let with = |offset: usize, value: u8| {
            let mut bytes = good.clone();
            bytes[offset] = value;
            Mt19937::from_state(&bytes)
        };
        assert_eq!(Mt19937::from_state(&good[1..]), Err(StateError::Length { found: STATE_BYTES - 1 }));
        assert_eq!(with(LEFT, 0), Err(StateError::Position { next: 1, left: 512 }));
        assert_eq!(with(NEXT, 0), Err(StateError::Position { next: 0, left: 624 }));
        assert_eq!(with(SEEDED, 0), Err(StateError::Field { offset: SEEDED }));
        assert_eq!(with(WORDS + 8 + 5, 1), Err(StateError::Field { offset: WORDS + 8 }));
        assert_eq!(with(HAS_NORMAL, 2), Err(StateError::Field { offset: HAS_NORMAL }));
        assert_eq!(with(HAS_FLOAT_NORMAL, 1), Err(StateError::Field { offset: HAS_FLOAT_NORMAL }));
        assert!(StateError::Length { found: 3 }.to_string().contains("5056"));
    }
}
