//! Long fills by several threads. The stream is one, and passing over its words is cheap against making values of them: a thread
//! takes the next part of the output in its turn, with a copy of the engine as it stands there, moves the engine on, and fills its
//! part while others take theirs. Which thread fills a part does not show in it.

use crate::isa::{Kernel, Level, dispatch};
use crate::team;
use std::sync::{Mutex, PoisonError};
use tensor_core::random::Mt19937;

/// Values of a part; a multiple of all blocks that values are made in.
const PART: usize = 32 * 1024;

/// Calls `fill` for all parts of `out`, with an engine that stands where the part begins. Each value takes `words` words of the stream, and the last part is at least as long as the others.
pub(super) fn in_turns<T: Send>(
    engine: &mut Mt19937,
    out: &mut [T],
    words: usize,
    fill: impl Fn(&mut Mt19937, &mut [T]) + Sync,
) {
    let parts = (out.len() / PART).max(1);
    if parts == 1 || team::num_threads() == 1 {
        return fill(engine, out);
    }
    /// What has not been taken yet.
    struct Rest<'a, T> {
        engine: &'a mut Mt19937,
        out: &'a mut [T],
    }
    let rest = Mutex::new(Rest { engine, out });
    team::parallel(parts, &|_| {
        let turn = || rest.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut here, part, last) = {
            let mut rest = turn();
            let len = if rest.out.len() < 2 * PART { rest.out.len() } else { PART };
            let here = rest.engine.clone();
            let (part, later) = std::mem::take(&mut rest.out).split_at_mut(len);
            rest.out = later;
            let last = rest.out.is_empty();
            if !last {
                dispatch(Pass(rest.engine, words * len));
            }
            (here, part, last)
        };
        fill(&mut here, part);
        if last {
            // Nobody takes words after the last part, so that the engine is where this copy is now.
            *turn().engine = here;
        }
    });
}

/// Passes over words.
struct Pass<'a>(&'a mut Mt19937, usize);

impl Kernel for Pass<'_> {
    type Output = ();
    #[inline(always)]
    fn run<L: Level>(self) {
        self.0.skip(self.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_continue_each_other_and_the_engine_ends_behind_the_last() {
        for len in [0, 1, PART, 2 * PART - 1, 2 * PART, 5 * PART + 17] {
            for words in [1, 2] {
                let (mut engine, mut alone) = (Mt19937::new(3), Mt19937::new(3));
                engine.skip(100);
                alone.skip(100);
                let mut out = vec![0; len];
                in_turns(&mut engine, &mut out, words, |engine, part| {
                    for value in part {
                        *value = if words == 1 { engine.next_u32() as u64 } else { engine.next_u64() };
                    }
                });
                for (i, value) in out.into_iter().enumerate() {
                    let word = if words == 1 { alone.next_u32() as u64 } else { alone.next_u64() };
                    assert_eq!(value, word, "value {i} of {len}, of {words} words");
                }
                assert_eq!(engine, alone);
            }
        }
    }
}
