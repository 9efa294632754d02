//! The first few, or the middle one, of packed keys, without sorting them all.

use super::key::Packed;

/// Puts the `k` smallest of `keys`, in order, into `found`.
pub fn first<P: Packed>(keys: &mut [P], found: &mut Vec<P>, k: usize) {
    found.clear();
    if k == 0 {
        return;
    }
    if k * 8 >= keys.len() {
        if k < keys.len() {
            keys.select_nth_unstable(k - 1);
        }
        found.extend_from_slice(&keys[..k]);
    } else {
        candidates(keys, found, k);
    }
    found.sort_unstable();
}

/// Few out of many: whoever is below the bound joins the candidates, and when there are twice as many as are wanted, the worse
/// half goes and the bound falls. Most elements are only compared with it.
fn candidates<P: Packed>(keys: &[P], found: &mut Vec<P>, k: usize) {
    let room = (2 * k).max(16);
    found.extend_from_slice(&keys[..room]);
    let keep = |found: &mut Vec<P>| {
        let bound = *found.select_nth_unstable(k - 1).1;
        found.truncate(k);
        bound
    };
    let mut bound = keep(found);
    for block in keys[room..].chunks(16) {
        if !block.iter().fold(false, |any, key| any | (*key < bound)) {
            continue;
        }
        for key in block {
            if *key < bound {
                found.push(*key);
                if found.len() == room {
                    bound = keep(found);
                }
            }
        }
    }
    keep(found);
}

/// The middle key, the lower one of two, of those whose element is no NaN; or else, unless they are passed over, the first
/// NaN's. NaN keys are the largest.
pub fn median<P: Packed>(keys: &mut [P], skip_nan: bool, is_nan: impl Fn(usize) -> bool) -> &P {
    let count = keys.iter().filter(|key| is_nan(key.position())).count();
    let rest = keys.len() - count;
    let middle = match (count, skip_nan) {
        (0, _) => (rest - 1) / 2,
        (_, true) if rest > 0 => (rest - 1) / 2,
        _ => rest,
    };
    keys.select_nth_unstable(middle).1
}
