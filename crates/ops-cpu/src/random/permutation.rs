//! Random permutations, by exchanges.
//!
//! Source: PyTorch 2.15, `randperm_cpu`: the Fisher-Yates shuffle, and its inside-out form where one word is not
//! enough.

use tensor_core::random::{BLOCK_WORDS, Mt19937};

use super::{IntegerTarget, fill_u32};

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

/// Exchanges each place with one at or after it.
fn forward<T: IntegerTarget>(engine: &mut Mt19937, out: &mut [T]) {
    let n = out.len();
    for (i, value) in out.iter_mut().enumerate() {
        *value = T::from_i64(i as i64);
    }
    let exchanges = n.saturating_sub(1);
    let mut words = [0; BLOCK_WORDS];
    let mut start = 0;
    while start < exchanges {
        let some = &mut words[..(exchanges - start).min(BLOCK_WORDS)];
        fill_u32(engine, some, |word| word);
        for (i, &word) in (start..).zip(some.iter()) {
            // The length is below 2^32, and a division of 32 bits is several times faster.
            out.swap(i, i + (word % (n - i) as u32) as usize);
        }
        start += some.len();
    }
}

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
