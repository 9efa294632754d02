//! Products.

use super::table;
use crate::opdb::Args;
use sconce::{Attention, einsum, multi_dot};
use tensor_core::{Scalar, Tensor};

/// The factors of what is added and of the product.
fn factors(a: &Args) -> (Scalar, Scalar) {
    let of = |name| a.opt_scalar(9, name).unwrap_or(Scalar::Int(1));
    (of("beta"), of("alpha"))
}

fn dotted(a: &Args) -> Tensor {
    if a.is_list(2, "dims") {
        let dims = a.int_lists(2, "dims");
        return a.x().tensordot_dims(a.t(1, "other"), dims[0].clone(), dims[1].clone());
    }
    a.x().tensordot(a.t(1, "other"), a.int_or(2, "dims", 2))
}

fn attended(a: &Args) -> Tensor {
    if a.float_or(4, "dropout_p", 0.0) != 0.0 {
        a.refuse("attention with dropout");
    }
    let options = Attention {
        attn_mask: a.opt_t(3, "attn_mask"),
        is_causal: a.bool_or(5, "is_causal", false),
        scale: a.opt_float(6, "scale"),
        enable_gqa: a.bool_or(7, "enable_gqa", false),
    };
    a.x().scaled_dot_product_attention(a.t(1, "key"), a.t(2, "value"), options)
}

table! {
    "__rmatmul__" => |a| a.t(1, "other").matmul(a.x());
    "addbmm" => |a| {
        let (beta, alpha) = factors(a);
        a.x().addbmm(a.t(1, "batch1"), a.t(2, "batch2"), beta, alpha)
    };
    "addmm" => |a| {
        let (beta, alpha) = factors(a);
        a.x().addmm(a.t(1, "mat1"), a.t(2, "mat2"), beta, alpha)
    };
    "addmv" => |a| {
        let (beta, alpha) = factors(a);
        a.x().addmv(a.t(1, "mat"), a.t(2, "vec"), beta, alpha)
    };
    "addr" => |a| {
        let (beta, alpha) = factors(a);
        a.x().addr(a.t(1, "vec1"), a.t(2, "vec2"), beta, alpha)
    };
    "baddbmm" => |a| {
        let (beta, alpha) = factors(a);
        a.x().baddbmm(a.t(1, "batch1"), a.t(2, "batch2"), beta, alpha)
    };
    "bmm" => |a| a.x().bmm(a.t(1, "mat2"));
    "cdist" => |a| {
        // By which way distances are found is a matter of speed.
        a.opt_text(3, "compute_mode");
        a.x().cdist(a.t(1, "x2"), a.float_or(2, "p", 2.0))
    };
    "cross" => |a| a.x().cross(a.t(1, "other"), a.opt_int(2, "dim"));
    "dot" => |a| a.x().dot(a.t(1, "tensor"));
    "einsum" => |a| einsum(a.text_or(1, "equation", ""), &a.tensors(0, "operands"));
    "inner" => |a| a.x().inner(a.t(1, "other"));
    "linalg.cross" => |a| a.x().cross(a.t(1, "other"), Some(a.int_or(2, "dim", -1)));
    "linalg.matrix_power" => |a| a.x().matrix_power(a.int(1, "n"));
    "linalg.multi_dot" => |a| multi_dot(&a.tensors(0, "tensors"));
    "linalg.vecdot" => |a| a.x().vecdot(a.t(1, "y"), a.int_or(2, "dim", -1));
    "matmul" => |a| a.x().matmul(a.t(1, "other"));
    "mm" => |a| a.x().mm(a.t(1, "mat2"));
    "mv" => |a| a.x().mv(a.t(1, "vec"));
    "nn.functional.bilinear" => |a| a.x().bilinear(a.t(1, "input2"), a.t(2, "weight"), a.opt_t(3, "bias"));
    "nn.functional.linear" => |a| a.x().linear(a.t(1, "weight"), a.opt_t(2, "bias"));
    "nn.functional.scaled_dot_product_attention" => |a| attended(a);
    "outer" => |a| a.x().outer(a.t(1, "vec2"));
    "tensordot" => |a| dotted(a);
    "vdot" => |a| a.x().vdot(a.t(1, "other"));
}
