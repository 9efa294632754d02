//! Random numbers, the same as PyTorch's.

use crate::measure::{Bench, floats};
use sconce::prelude::*;

/// Adds the cases.
pub fn register(bench: &mut Bench) {
    let large = 1 << 24;
    bench.case("rng/rand_16M", floats(large), || move || rand([large]));
    bench.case("rng/randn_16M", floats(large), || move || randn([large]));
    bench.case("rng/randperm_1M", floats(2 << 20), || || randperm(1 << 20));
    bench.case("rng/bernoulli_16M", floats(2 * large), || {
        let p = full([large], 0.3);
        move || sconce::bernoulli(&p)
    });
    bench.case("rng/dropout_16M", floats(2 * large), || {
        let a = rand([large]);
        move || a.dropout(0.5, true)
    });
}
