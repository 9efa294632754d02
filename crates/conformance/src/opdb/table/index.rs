//! Reading and writing at positions.

use super::table;
use crate::opdb::Args;
use tensor_core::{At, Operand, Tensor};

fn scattered(a: &Args) -> Tensor {
    let (dim, index) = (a.int(1, "dim"), a.t(2, "index"));
    let source = a.operand(3, if a.has(3, "value") { "value" } else { "src" });
    match (a.opt_text(4, "reduce"), source) {
        (None, Operand::Tensor(source)) => a.x().scatter(dim, index, source),
        (None, Operand::Number(number)) => a.x().scatter(dim, index, number),
        (Some("add"), Operand::Tensor(source)) => a.x().scatter_reduce(dim, index, source, "sum", true),
        (Some("multiply"), Operand::Tensor(source)) => a.x().scatter_reduce(dim, index, source, "prod", true),
        _ => a.refuse("scatter that reduces a number"),
    }
}

fn put(a: &Args) -> Tensor {
    let entries = a.index(1, "indices");
    let positions: Vec<Option<&Tensor>> = entries
        .iter()
        .map(|entry| match entry {
            At::Tensor(x) => Some(x),
            _ => None,
        })
        .collect();
    a.x().index_put(&positions, a.t(2, "values"), a.bool_or(3, "accumulate", false))
}

table! {
    "index_copy" => |a| a.x().index_copy(a.int(1, "dim"), a.t(2, "index"), a.t(3, "source"));
    "index_fill" => |a| a.x().index_fill(a.int(1, "dim"), a.t(2, "index"), a.operand(3, "value"));
    "index_put" => |a| put(a);
    "masked_scatter" => |a| a.x().masked_scatter(a.t(1, "mask"), a.t(2, "source"));
    "nn.functional.embedding" => |a| {
        if a.has(3, "max_norm") || a.bool_or(5, "scale_grad_by_freq", false) {
            a.refuse("embedding with max_norm or scale_grad_by_freq");
        }
        a.without(&["sparse", "max_norm", "scale_grad_by_freq", "norm_type"]);
        a.t(1, "indices").embedding(a.x(), a.opt_int(2, "padding_idx"))
    };
    "put" => |a| a.x().put(a.t(1, "index"), a.t(2, "source"), a.bool_or(3, "accumulate", false));
    "scatter" => |a| scattered(a);
    "scatter_reduce" => |a| {
        let include_self = a.bool_or(5, "include_self", true);
        a.x().scatter_reduce(a.int(1, "dim"), a.t(2, "index"), a.t(3, "src"), a.text_or(4, "reduce", ""), include_self)
    };
    "select_scatter" => |a| a.x().select_scatter(a.t(1, "src"), a.int(2, "dim"), a.int(3, "index"));
    "take" => |a| a.x().take(a.t(1, "index"));
    "take_along_dim" => |a| a.x().take_along_dim(a.t(1, "indices"), a.opt_int(2, "dim"));
}
