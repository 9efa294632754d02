//! The same elements in another shape, parts of tensors, and elements at positions.

use super::table;
use crate::opdb::Args;
use sconce::{cat, stack};
use tensor_core::Tensor;

fn flattened(a: &Args) -> Tensor {
    a.x().flatten_dims(a.int_or(1, "start_dim", 0), a.int_or(2, "end_dim", -1))
}

fn split(a: &Args) -> Vec<Tensor> {
    let dim = a.int_or(2, "dim", 0);
    if a.is_list(1, "split_size_or_sections") {
        let sizes: Vec<usize> = a.ints(1, "split_size_or_sections").iter().map(|size| *size as usize).collect();
        return a.x().split_sizes(&sizes, dim);
    }
    a.x().split(a.int(1, "split_size_or_sections") as usize, dim)
}

fn indexed(a: &Args) -> Tensor {
    let mut entries = a.index(1, "index").into_iter();
    let mut next = || entries.next().expect("an entry");
    match a.index(1, "index").len() {
        0 => a.x().clone(),
        1 => a.x().i(next()),
        2 => a.x().i((next(), next())),
        3 => a.x().i((next(), next(), next())),
        4 => a.x().i((next(), next(), next(), next())),
        _ => a.refuse("an index of more than four entries"),
    }
}

table! {
    "__getitem__" => |a| indexed(a);
    "as_strided" => |a| a.x().as_strided(a.ints(1, "size"), a.ints(2, "stride"), a.int_or(3, "storage_offset", 0) as usize);
    "cat" => |a| cat(&a.tensors(0, "tensors"), a.int_or(1, "dim", 0));
    "chunk" => |a| a.x().chunk(a.int(1, "chunks") as usize, a.int_or(2, "dim", 0));
    "expand" => |a| a.x().expand(a.rest_ints(1, "size"));
    "flatten" => |a| flattened(a);
    "flip" => |a| a.x().flip(a.rest_ints(1, "dims"));
    "gather" => |a| a.without(&["sparse_grad"]).x().gather(a.int(1, "dim"), a.t(2, "index"));
    "index_add" => |a| {
        let source = match a.opt_scalar(4, "alpha") {
            Some(alpha) => a.t(3, "source").mul(alpha),
            None => a.t(3, "source").clone(),
        };
        a.x().index_add(a.int(1, "dim"), a.t(2, "index"), &source)
    };
    "index_select" => |a| a.x().index_select(a.int(1, "dim"), a.t(2, "index"));
    "masked_select" => |a| a.x().masked_select(a.t(1, "mask"));
    "movedim" => |a| a.x().movedim(a.ints(1, "source"), a.ints(2, "destination"));
    "narrow" => |a| a.x().narrow(a.int(1, "dim"), a.int(2, "start"), a.int(3, "length") as usize);
    "permute" => |a| a.x().permute(a.rest_ints(1, "dims"));
    "reshape" => |a| a.x().reshape(a.rest_ints(1, "shape"));
    "scatter_add" => |a| a.x().scatter_add(a.int(1, "dim"), a.t(2, "index"), a.t(3, "src"));
    "select" => |a| a.x().select(a.int(1, "dim"), a.int(2, "index"));
    "split" => |a| split(a);
    "split_with_sizes" => |a| split(a);
    "squeeze" => |a| match a.opt_ints(1, "dim") {
        Some(dims) if !dims.is_empty() => a.x().squeeze_dim(dims),
        Some(_) => a.x().clone(),
        None => a.x().squeeze(),
    };
    "stack" => |a| stack(&a.tensors(0, "tensors"), a.int_or(1, "dim", 0));
    "t" => |a| a.x().t();
    "transpose" => |a| a.x().transpose(a.int(1, "dim0"), a.int(2, "dim1"));
    "unbind" => |a| a.x().unbind(a.int_or(1, "dim", 0));
    "unsqueeze" => |a| a.x().unsqueeze(a.int(1, "dim"));
    "view" => |a| a.x().view(a.rest_ints(1, "shape"));
}
