//! Sorting packed keys: byte by byte from the lowest of the key's; a short column by comparing. It does not know what the keys
//! stand for.

use super::key::Packed;

/// Below this many elements, counting 256 places costs more than comparing.
const SHORT: usize = 160;

/// Sorts `keys`, of whose keys the low `bytes` bytes are in use; `spare` is memory to work in. Positions ascend already.
pub fn sort<P: Packed>(keys: &mut Vec<P>, spare: &mut Vec<P>, bytes: usize) {
    if keys.len() < SHORT {
        return keys.sort_unstable();
    }
    let mut counts = [[0u32; 256]; 8];
    let wide = keys.len() > u32::MAX as usize;
    if wide {
        return keys.sort_unstable();
    }
    for key in &*keys {
        for (i, counts) in counts[..bytes].iter_mut().enumerate() {
            counts[key.byte(P::POSITION_BYTES + i)] += 1;
        }
    }
    spare.clear();
    spare.resize(keys.len(), P::default());
    for (i, counts) in counts[..bytes].iter_mut().enumerate() {
        let at = P::POSITION_BYTES + i;
        // A byte that is the same everywhere moves nothing.
        if counts[keys[0].byte(at)] as usize == keys.len() {
            continue;
        }
        let mut start = 0;
        for count in &mut *counts {
            start += std::mem::replace(count, start);
        }
        for key in &*keys {
            let place = &mut counts[key.byte(at)];
            spare[*place as usize] = *key;
            *place += 1;
        }
        std::mem::swap(keys, spare);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_short_columns_are_sorted() {
        for count in [0, 1, 5, SHORT - 1, SHORT, 3000] {
            let hash = |i: usize| (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
            let mut keys: Vec<u64> = (0..count).map(|i| u64::pack(hash(i), i)).collect();
            let mut sorted = keys.clone();
            sorted.sort_unstable();
            sort(&mut keys, &mut vec![], 4);
            assert_eq!(keys, sorted);
        }
    }
}
