//! New tensors. Random ones have PyTorch's numbers, because each case starts from the same seed.

use super::table;
use crate::opdb::Args;
use sconce::{Options, dtype::*, full_like_with};
use tensor_core::{DType, Tensor};

/// The dtype that is asked for; what has no meaning here is passed over.
fn options(a: &Args, i: usize, default: DType) -> Options {
    let a = a.without(&["device", "layout", "pin_memory", "requires_grad", "memory_format"]);
    Options::new().dtype(a.opt_dtype(i, "dtype").unwrap_or(default))
}

fn like(a: &Args) -> Options {
    options(a, 9, a.x().dtype())
}

fn full(a: &Args) -> Tensor {
    let own = match a.scalar(1, "fill_value") {
        tensor_core::Scalar::Bool(_) => bool_,
        tensor_core::Scalar::Int(_) => int64,
        tensor_core::Scalar::Float(_) => float32,
    };
    sconce::full_with(a.ints(0, "size"), a.scalar(1, "fill_value"), options(a, 9, own))
}

table! {
    "empty" => |a| sconce::empty_with(a.rest_ints(0, "size"), options(a, 9, float32));
    "empty_like" => |a| sconce::empty_like_with(a.x(), like(a));
    "full" => |a| full(a);
    "full_like" => |a| full_like_with(a.x(), a.scalar(1, "fill_value"), like(a));
    "ones" => |a| sconce::ones_with(a.rest_ints(0, "size"), options(a, 9, float32));
    "ones_like" => |a| sconce::ones_like_with(a.x(), like(a));
    "rand_like" => |a| sconce::rand_like_with(a.x(), like(a));
    "randn" => |a| sconce::randn_with(a.rest_ints(0, "size"), options(a, 9, float32));
    "randn_like" => |a| sconce::randn_like_with(a.x(), like(a));
    "zeros" => |a| sconce::zeros_with(a.rest_ints(0, "size"), options(a, 9, float32));
    "zeros_like" => |a| sconce::zeros_like_with(a.x(), like(a));
}
