//! Functions of elements, in cache (a million) and in memory (sixteen million), contiguous, broadcast and transposed.

use crate::measure::{Bench, floats};
use sconce::prelude::*;

const SIZES: [(&str, usize); 2] = [("1M", 1 << 20), ("16M", 1 << 24)];

/// A function of each element: its name, the bytes per element of its result, and itself.
type Function = (&'static str, usize, fn(&Tensor) -> Tensor);

const FUNCTIONS: &[Function] = &[
    ("exp", 4, Tensor::exp),
    ("log", 4, |x| x.log()),
    ("sin", 4, Tensor::sin),
    ("tanh", 4, Tensor::tanh),
    ("sigmoid", 4, Tensor::sigmoid),
    ("relu", 4, Tensor::relu),
    ("pow2", 4, |x| x.pow(2)),
    ("sqrt", 4, Tensor::sqrt),
    ("gt0", 1, |x| x.gt(0)),
    ("to_f16", 2, |x| x.to(float16)),
    ("to_bf16", 2, |x| x.to(bfloat16)),
    ("to_i64", 8, |x| x.to(int64)),
];

/// Adds the cases.
pub fn register(bench: &mut Bench) {
    for (tag, n) in SIZES {
        bench.case(&format!("elem/add_{tag}"), floats(3 * n), || {
            let (a, b) = (rand([n]), rand([n]));
            move || &a + &b
        });
        bench.case(&format!("elem/mul_scalar_inplace_{tag}"), floats(2 * n), || {
            let a = rand([n]);
            move || a.mul_(1.0001)
        });
        bench.case(&format!("elem/where_{tag}"), floats(3 * n + n / 4), || {
            let (a, b) = (rand([n]), rand([n]));
            let mask = a.gt(0.5);
            move || mask.where_(&a, &b)
        });
        for (name, bytes, function) in FUNCTIONS {
            bench.case(&format!("elem/{name}_{tag}"), floats(n + n * bytes / 4), || {
                let low = if ["sqrt", "log"].contains(name) { 0.0 } else { 2.0 };
                let a = rand([n]) * 4.0 - low;
                move || function(&a)
            });
        }
    }
    let (rows, columns) = (4096, 1024);
    bench.case("elem/add_bcast_4096x1024", floats(2 * rows * columns), || {
        let (a, b) = (rand([rows, columns]), rand([columns]));
        move || &a + &b
    });
    bench.case("elem/add_bcast_col_4096x1024", floats(2 * rows * columns), || {
        let (a, b) = (rand([rows, columns]), rand([rows, 1]));
        move || &a + &b
    });
    bench.case("elem/add_transposed_4096", floats(3 * 4096 * 4096), || {
        let (a, b) = (rand([4096, 4096]), rand([4096, 4096]));
        move || a.t() + &b
    });
}
