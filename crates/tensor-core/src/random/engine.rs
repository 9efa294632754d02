//! The Mersenne Twister MT19937, one word at a time and in blocks of 624 words.
//!
//! The block functions are always inlined and free of calls, so that a caller compiled for wider vectors gets a refill,
//! a tempering and a conversion compiled for them too. This file does not know what the words are used for.
//!
//! Source: M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random
//! number generator", ACM TOMACS 8(1), 1998.

use std::convert::Infallible;
use std::fmt;

use rand_core::{SeedableRng, TryRng};

/// The number of 32-bit words that one refill of the generator makes: the degree of its recurrence.
pub const BLOCK_WORDS: usize = 624;
/// The distance of the middle term of the recurrence.
const MIDDLE: usize = 397;
/// How many words at the end of a block have their middle term in the same block.
const WRAP: usize = BLOCK_WORDS - MIDDLE;
/// The low 53 bits of a 64-bit draw, as many as a double holds.
const MASK_53: u64 = (1 << 53) - 1;

/// The generator MT19937, with PyTorch's seeding, its order of words, and the cached second normal that PyTorch keeps
/// beside the state.
///
/// Two engines with equal state give equal words for ever. A clone is an independent copy of the stream.
///
/// ```
/// use tensor_core::random::Mt19937;
///
/// let mut engine = Mt19937::new(0);
/// assert_eq!(engine.next_u32(), 2357136044);
/// assert_eq!(engine.next_u64(), 2546248239 << 32 | 3071714933);
/// ```
#[derive(Clone, PartialEq)]
pub struct Mt19937 {
    /// The current block, untempered.
    pub(super) words: [u32; BLOCK_WORDS],
    /// The position of the next word in the block.
    pub(super) next: usize,
    /// One more than the number of words left in the block. A new engine has a seed in place of a block: none are left
    /// although `next` is 0, which is why one of the two numbers does not follow from the other.
    pub(super) left: usize,
    /// The seed as given, of which only the low 32 bits reach the words.
    pub(super) seed: u64,
    /// The second value of the last pair of normals, not yet handed out.
    pub(super) cached_normal: Option<f64>,
}

impl Mt19937 {
    /// The engine at the start of the stream of `seed`.
    ///
    /// Only the low 32 bits of the seed determine the stream, as in PyTorch: seeds 0 and 2^32 give the same numbers.
    pub fn new(seed: u64) -> Self {
        let mut words = [0; BLOCK_WORDS];
        words[0] = seed as u32;
        for j in 1..BLOCK_WORDS {
            let previous: u32 = words[j - 1];
            words[j] = 1_812_433_253_u32.wrapping_mul(previous ^ (previous >> 30)).wrapping_add(j as u32);
        }
        Mt19937 { words, next: 0, left: 1, seed, cached_normal: None }
    }

    /// The seed that the stream was started with, all 64 bits of it.
    pub fn initial_seed(&self) -> u64 {
        self.seed
    }

    /// The next 32 random bits.
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        if self.left == 1 {
            self.refill_apart();
        }
        let word = self.words[self.next];
        self.next += 1;
        self.left -= 1;
        temper(word)
    }

    /// The next 64 random bits: two words, of which the first is the high half.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let high = self.next_u32();
        join(high, self.next_u32())
    }

    /// A uniform number in [0, 1) from 24 bits of one word: a multiple of 2^-24.
    #[inline]
    pub fn uniform24(&mut self) -> f32 {
        Self::unit_f32(self.next_u32())
    }

    /// A uniform number in [0, 1) from 53 bits of two words: a multiple of 2^-53.
    #[inline]
    pub fn uniform53(&mut self) -> f64 {
        Self::unit_f64(self.next_u64())
    }

    /// The number in [0, 1) that [`uniform24`](Self::uniform24) makes of `word`.
    #[inline(always)]
    pub fn unit_f32(word: u32) -> f32 {
        // The conversion from a signed integer is one instruction at every vector width; from an unsigned one it is
        // not.
        (word & 0x00ff_ffff) as i32 as f32 * (1.0 / (1 << 24) as f32)
    }

    /// The number in [0, 1) that [`uniform53`](Self::uniform53) makes of `draw`.
    #[inline(always)]
    pub fn unit_f64(draw: u64) -> f64 {
        (draw & MASK_53) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// The second normal of a pair whose first was handed out, if it is waiting. It is of mean 0 and deviation 1.
    pub fn cached_normal(&self) -> Option<f64> {
        self.cached_normal
    }

    /// Hands out the waiting normal, which is then no longer waiting.
    pub fn take_cached_normal(&mut self) -> Option<f64> {
        self.cached_normal.take()
    }

    /// Keeps `normal` for the next caller of [`take_cached_normal`](Self::take_cached_normal).
    pub fn set_cached_normal(&mut self, normal: Option<f64>) {
        self.cached_normal = normal;
    }

    /// Fills `out` with `convert` of successive words, one each. It leaves the engine as the same number of calls of
    /// [`next_u32`](Self::next_u32) would: a block partly used is continued, and what is left of the last one is kept.
    ///
    /// ```
    /// use tensor_core::random::Mt19937;
    ///
    /// let mut values = [0.0; 1000];
    /// Mt19937::new(7).fill_u32_with(&mut values, Mt19937::unit_f32);
    /// let mut engine = Mt19937::new(7);
    /// assert!(values.iter().all(|&value| value == engine.uniform24()));
    /// ```
    #[inline(always)]
    pub fn fill_u32_with<T>(&mut self, out: &mut [T], convert: impl Fn(u32) -> T) {
        let mut rest = out;
        while !rest.is_empty() {
            let words = self.take(rest.len());
            let (now, later) = rest.split_at_mut(words.len());
            for (value, &word) in now.iter_mut().zip(words) {
                *value = convert(temper(word));
            }
            rest = later;
        }
    }

    /// Fills `out` with `convert` of successive 64-bit draws, two words each, the first of them the high half. It
    /// leaves the engine as the same number of calls of [`next_u64`](Self::next_u64) would.
    #[inline(always)]
    pub fn fill_u64_with<T>(&mut self, out: &mut [T], convert: impl Fn(u64) -> T) {
        let mut rest = out;
        // The last word of a block, where its partner is the first of the next one.
        let mut high = None;
        while !rest.is_empty() {
            let mut words = self.take(2 * rest.len() - usize::from(high.is_some()));
            if let Some(first) = high.take() {
                rest[0] = convert(join(first, temper(words[0])));
                (words, rest) = (&words[1..], &mut rest[1..]);
            }
            let (now, later) = rest.split_at_mut(words.len() / 2);
            let pairs = words.chunks_exact(2);
            high = pairs.remainder().first().map(|&word| temper(word));
            for (value, pair) in now.iter_mut().zip(pairs) {
                *value = convert(join(temper(pair[0]), temper(pair[1])));
            }
            rest = later;
        }
    }

    /// Passes over `count` words.
    #[inline(always)]
    pub fn skip(&mut self, count: usize) {
        let mut left = count;
        while left > 0 {
            left -= self.take(left).len();
        }
    }

    /// Marks up to `at_most` (not 0) words of one block as used and returns them, untempered.
    #[inline(always)]
    fn take(&mut self, at_most: usize) -> &[u32] {
        if self.left == 1 {
            self.refill();
        }
        let start = self.next;
        let count = at_most.min(self.left - 1);
        self.next += count;
        self.left -= count;
        &self.words[start..start + count]
    }

    /// Makes the next block of words out of the current one.
    ///
    /// Word j needs words j, j + 1 and j + 397 (mod 624). Cut at 227 and 454, each range reads only what earlier ranges
    /// or the old block hold, so that it vectorizes at any width.
    #[inline(always)]
    fn refill(&mut self) {
        let (head, tail) = self.words.split_at_mut(MIDDLE);
        for j in 0..WRAP {
            head[j] = twist(head[j], head[j + 1]) ^ tail[j];
        }
        let (done, rest) = self.words.split_at_mut(WRAP);
        for j in 0..WRAP {
            rest[j] = twist(rest[j], rest[j + 1]) ^ done[j];
        }
        let (done, rest) = self.words.split_at_mut(2 * WRAP);
        for j in 0..BLOCK_WORDS - 2 * WRAP - 1 {
            rest[j] = twist(rest[j], rest[j + 1]) ^ done[WRAP + j];
        }
        let last = BLOCK_WORDS - 1;
        self.words[last] = twist(self.words[last], self.words[0]) ^ self.words[MIDDLE - 1];
        self.next = 0;
        self.left = BLOCK_WORDS + 1;
    }

    /// The refill for those who take single words, kept out of their loops.
    #[cold]
    #[inline(never)]
    fn refill_apart(&mut self) {
        self.refill();
    }
}

/// The recurrence's product with its matrix: the top bit of one word and the rest of the next, shifted.
#[inline(always)]
fn twist(word: u32, following: u32) -> u32 {
    let mixed = (word & 0x8000_0000) | (following & 0x7fff_ffff);
    (mixed >> 1) ^ ((mixed & 1).wrapping_neg() & 0x9908_b0df)
}

/// The output function.
#[inline(always)]
fn temper(word: u32) -> u32 {
    let mut y = word;
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    y ^ (y >> 18)
}

#[inline(always)]
fn join(high: u32, low: u32) -> u64 {
    (u64::from(high) << 32) | u64::from(low)
}

impl fmt::Debug for Mt19937 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mt19937")
            .field("initial_seed", &self.seed)
            .field("next", &self.next)
            .field("cached_normal", &self.cached_normal)
            .finish_non_exhaustive()
    }
}

/// The words of the stream; bytes are those of successive words, low byte first.
impl TryRng for Mt19937 {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for part in bytes.chunks_mut(4) {
            part.copy_from_slice(&self.next_u32().to_le_bytes()[..part.len()]);
        }
        Ok(())
    }
}

/// A seed is a number of 64 bits, low byte first, and means what it means to [`Mt19937::new`].
impl SeedableRng for Mt19937 {
    type Seed = [u8; 8];

    fn from_seed(seed: [u8; 8]) -> Self {
        Self::new(u64::from_le_bytes(seed))
    }

    fn seed_from_u64(seed: u64) -> Self {
        Self::new(seed)
    }
}
