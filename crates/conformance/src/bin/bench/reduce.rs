//! Many elements into one, over everything, rows and columns.

use crate::measure::{Bench, floats};
use sconce::prelude::*;

/// Adds the cases.
pub fn register(bench: &mut Bench) {
    let mut case = |name: &str, shape: &[usize], call: fn(&Tensor) -> Tensor| {
        bench.case(&format!("reduce/{name}"), floats(shape.iter().product()), || {
            let a = rand(shape);
            move || call(&a)
        });
    };
    case("sum_all_16M", &[1 << 24], |a| a.sum());
    case("sum_all_1M", &[1 << 20], |a| a.sum());
    case("sum_dim0_4096", &[4096, 4096], |a| a.sum_dim(0, false));
    case("sum_dim1_4096", &[4096, 4096], |a| a.sum_dim(1, false));
    case("max_dim1_idx_4096", &[4096, 4096], |a| a.max_dim(1, false).values);
    case("argmax_dim1_4096", &[4096, 4096], |a| a.argmax_dim(1, false));
    case("mean_dim1_4096x1024", &[4096, 1024], |a| a.mean_dim(1, false));
    case("var_dim1_4096x1024", &[4096, 1024], |a| a.var_dim(1, 1.0, false));
}
