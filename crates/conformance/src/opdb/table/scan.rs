//! Running totals and differences.

use super::table;
use crate::opdb::Args;
use tensor_core::{DType, Tensor};

/// A running total with a dtype of its own, if one is asked for.
fn running(a: &Args, plain: impl Fn(&Tensor, i64) -> Tensor) -> Tensor {
    let dim = a.int(1, "dim");
    match a.opt_dtype(2, "dtype") {
        Some(dtype) => plain(&a.x().to_dtype(dtype), dim).to_dtype(dtype),
        None => plain(a.x(), dim),
    }
}

table! {
    "cummax" => |a| { let most = a.x().cummax(a.int(1, "dim")); (most.values, most.indices) };
    "cummin" => |a| { let least = a.x().cummin(a.int(1, "dim")); (least.values, least.indices) };
    "cumprod" => |a| running(a, |x, dim| x.cumprod(dim));
    "cumsum" => |a| running(a, |x, dim| x.cumsum(dim));
    "diff" => |a| {
        let (n, dim) = (a.int_or(1, "n", 1) as usize, a.int_or(2, "dim", -1));
        a.x().diff(n, dim, a.opt_t(3, "prepend"), a.opt_t(4, "append"))
    };
    "logcumsumexp" => |a| {
        if a.x().dtype() == DType::F32 && a.x().numel() > 0 && a.x().max().item::<f64>() > 1000.0 {
            a.refuse("exponents in the thousands, where PyTorch's float32 gradient has three digits");
        }
        a.x().logcumsumexp(a.int(1, "dim"))
    };
}
