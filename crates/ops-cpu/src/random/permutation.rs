//! Random permutations, by exchanges.
//!
//! Source: PyTorch 2.15, `randperm_cpu`: the Fisher-Yates shuffle, and its inside-out form where one word is not
//! enough.

use tensor_core::random::{BLOCK_WORDS, Mt19937};

use super::IntegerTarget;
use crate::isa::{Kernel, Level, dispatch};

/// From this length on, a word modulo the length would be visibly uneven: 2^32 / 20.
const WIDE_LENGTH: usize = (u32::MAX / 20) as usize;

/// Fills `out` with a random permutation of 0 … n-1, as `randperm(n)`: n - 1 words, or 2n from n = 214748364 on.
///
/// That the dtype can hold n - 1 is the caller's to check.
///
/// ```
/// use ops_cpu::random::randperm;
/// use tensor_core::random::Mt19937;
///
/// let mut order = [0_i64; 10];
/// randperm(&mut Mt19937::new(0), &mut order);
/// assert_eq!(order, [4, 1, 7, 5, 3, 9, 0, 8, 6, 2]);
/// ```
pub fn randperm<T: IntegerTarget>(engine: &mut Mt19937, out: &mut [T]) {
    if out.len() < WIDE_LENGTH {
        forward(engine, out);
    } else {
        inside_out(engine, out);
    }
}

/// Exchanges each place with one at or after it, as numbers of 32 bits, of which more fit into the caches.
fn forward<T: IntegerTarget>(engine: &mut Mt19937, out: &mut [T]) {
    let n = out.len();
    let mut order: Vec<u32> = (0..n as u32).collect();
    let exchanges = n.saturating_sub(1);
    let mut steps = [0; BLOCK_WORDS];
    let mut start = 0;
    while start < exchanges {
        let some = &mut steps[..(exchanges - start).min(BLOCK_WORDS)];
        dispatch(Steps { engine: &mut *engine, steps: some, left: (n - start) as u32 });
        for (i, &step) in (start..).zip(some.iter()) {
            order.swap(i, i + step as usize);
        }
        start += some.len();
    }
    for (value, number) in out.iter_mut().zip(order) {
        *value = T::from_i64(i64::from(number));
    }
}

/// How far each place's partner is: a word modulo the number of places that are left, which is one less from step to step.
struct Steps<'a> {
    engine: &'a mut Mt19937,
    steps: &'a mut [u32],
    left: u32,
}

impl Kernel for Steps<'_> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        let Steps { engine, steps, left } = self;
        engine.fill_u32_with(steps, |word| word);
        for (i, step) in steps.iter_mut().enumerate() {
            // By way of doubles, whose division is vector code. Quotient and product are below 2^32, so that the quotient is never
            // rounded up to the next whole number and the product is exact.
            let (word, left) = (f64::from(*step), f64::from(left - i as u32));
            let rest = word - (word / left).floor() * left;
            // Where the last place of a number is that of its units, its low bits are the number.
            *step = (rest + UNITS).to_bits() as u32;
        }
    }
}

/// 2^52.
const UNITS: f64 = (1_u64 << 52) as f64;

/// Puts each number at a place at or before its own, whose number moves to the end.
fn inside_out<T: IntegerTarget>(engine: &mut Mt19937, out: &mut [T]) {
    for i in 0..out.len() {
        let place = (engine.next_u64() % (i as u64 + 1)) as usize;
        out[i] = T::from_i64(i as i64);
        out[i] = out[place];
        out[place] = T::from_i64(i as i64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_exact_remainders() {
        for left in [2, 3, 1000, 65_537, 10_000_019, WIDE_LENGTH as u32] {
            let (mut engine, mut words) = (Mt19937::new(5), Mt19937::new(5));
            let mut steps = [0; BLOCK_WORDS];
            let count = (left as usize - 1).min(BLOCK_WORDS);
            dispatch(Steps { engine: &mut engine, steps: &mut steps[..count], left });
            for (i, step) in steps[..count].iter().enumerate() {
                let word = words.next_u32();
                assert_eq!(*step, word % (left - i as u32), "{word} modulo {left} - {i}");
            }
        }
    }

    #[test]
    fn the_inside_out_form_permutes() {
        let mut engine = Mt19937::new(1);
        let mut order = [0_i64; 50];
        inside_out(&mut engine, &mut order);
        // The first steps by hand: place 0, then each number at r mod (i + 1).
        let mut draws = Mt19937::new(1);
        let mut expected: Vec<i64> = Vec::new();
        for i in 0..50 {
            let place = (draws.next_u64() % (i + 1)) as usize;
            expected.push(i as i64);
            expected.swap(place, i as usize);
        }
        assert_eq!(order.as_slice(), expected);
        assert_eq!(engine, draws);
        order.sort_unstable();
        assert!(order.iter().copied().eq(0..50));
    }
}
