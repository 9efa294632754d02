//! Elements repeated, turned, put on diagonals and side by side; other names of views.

use super::table;
use crate::opdb::Args;
use sconce::Sections;
use tensor_core::Tensor;

fn sections(a: &Args) -> Sections {
    let name = ["indices_or_sections", "sections", "indices", "tensor_indices_or_sections"];
    let name = name.into_iter().find(|name| a.has(1, name)).expect("sections");
    match a.is_list(1, name) {
        true => Sections::At(a.ints(1, name)),
        false => match a.opt_t(1, name) {
            Some(x) if x.ndim() == 0 => Sections::Count(x.item()),
            Some(x) => Sections::At(x.to_vec()),
            None => Sections::Count(a.int(1, name)),
        },
    }
}

fn diagonal(a: &Args, i: usize, dims: (i64, i64)) -> (i64, i64, i64) {
    (a.int_or(i, "offset", 0), a.int_or(i + 1, "dim1", dims.0), a.int_or(i + 2, "dim2", dims.1))
}

fn rolled(a: &Args) -> Tensor {
    match a.opt_ints(2, "dims") {
        Some(dims) => a.x().roll(a.ints(1, "shifts"), dims),
        None => a.x().roll(a.ints(1, "shifts"), ()),
    }
}

fn each(a: &Args, change: impl Fn(&Tensor) -> Tensor) -> Vec<Tensor> {
    a.tensors(0, "tensors").iter().map(change).collect()
}

table! {
    "atleast_1d" => |a| each(a, Tensor::atleast_1d);
    "atleast_2d" => |a| each(a, Tensor::atleast_2d);
    "atleast_3d" => |a| each(a, Tensor::atleast_3d);
    "block_diag" => |a| sconce::block_diag(&a.tensors(0, "tensors"));
    "broadcast_tensors" => |a| sconce::broadcast_tensors(&a.tensors(0, "tensors"));
    "broadcast_to" => |a| a.x().broadcast_to(a.rest_ints(1, "size"));
    "cartesian_prod" => |a| sconce::cartesian_prod(&a.tensors(0, "tensors"));
    "combinations" => |a| a.x().combinations(a.int_or(1, "r", 2), a.bool_or(2, "with_replacement", false));
    "column_stack" => |a| sconce::column_stack(&a.tensors(0, "tensors"));
    "diag" => |a| a.x().diag(a.int_or(1, "diagonal", 0));
    "diag_embed" => |a| {
        let (offset, dim1, dim2) = diagonal(a, 1, (-2, -1));
        a.x().diag_embed(offset, dim1, dim2)
    };
    "diagflat" => |a| a.x().diagflat(a.int_or(1, "offset", 0));
    "diagonal" => |a| {
        let (offset, dim1, dim2) = diagonal(a, 1, (0, 1));
        a.x().diagonal(offset, dim1, dim2)
    };
    "diagonal_copy" => |a| {
        let (offset, dim1, dim2) = diagonal(a, 1, (0, 1));
        a.x().diagonal(offset, dim1, dim2).clone_()
    };
    "diagonal_scatter" => |a| {
        let (offset, dim1, dim2) = diagonal(a, 2, (0, 1));
        a.x().diagonal_scatter(a.t(1, "src"), offset, dim1, dim2)
    };
    "dsplit" => |a| a.x().dsplit(sections(a));
    "dstack" => |a| sconce::dstack(&a.tensors(0, "tensors"));
    "expand_as" => |a| a.x().expand_as(a.t(1, "other"));
    "fliplr" => |a| a.x().fliplr();
    "flipud" => |a| a.x().flipud();
    "hsplit" => |a| a.x().hsplit(sections(a));
    "hstack" => |a| sconce::hstack(&a.tensors(0, "tensors"));
    "linalg.diagonal" => |a| {
        let (offset, dim1, dim2) = diagonal(a, 1, (-2, -1));
        a.x().diagonal(offset, dim1, dim2)
    };
    "mT" => |a| a.x().mt();
    "meshgrid" => |a| sconce::meshgrid(&a.tensors(0, "tensors"), a.text_or(9, "indexing", "ij"));
    "ravel" => |a| a.x().ravel();
    "repeat" => |a| a.x().repeat(a.rest_ints(1, "repeats"));
    "repeat_interleave" => |a| a.without(&["output_size"]).x().repeat_interleave(a.operand(1, "repeats"), a.opt_int(2, "dim"));
    "reshape_as" => |a| a.x().reshape_as(a.t(1, "other"));
    "roll" => |a| rolled(a);
    "rot90" => |a| a.x().rot90(a.int_or(1, "k", 1), a.opt_ints(2, "dims").unwrap_or(vec![0, 1]));
    "tensor_split" => |a| a.x().tensor_split(sections(a), a.int_or(2, "dim", 0));
    "tile" => |a| a.x().tile(a.rest_ints(1, "dims"));
    "trace" => |a| a.x().trace();
    "tril" => |a| a.x().tril(a.int_or(1, "diagonal", 0));
    "tril_indices" => |a| {
        let a = a.without(&["device", "layout"]);
        let options = sconce::Options::new().dtype(a.opt_dtype(9, "dtype").unwrap_or(tensor_core::DType::I64));
        sconce::tril_indices_with(a.int(0, "row") as usize, a.int(1, "col") as usize, a.int_or(2, "offset", 0), options)
    };
    "triu" => |a| a.x().triu(a.int_or(1, "diagonal", 0));
    "triu_indices" => |a| {
        let a = a.without(&["device", "layout"]);
        let options = sconce::Options::new().dtype(a.opt_dtype(9, "dtype").unwrap_or(tensor_core::DType::I64));
        sconce::triu_indices_with(a.int(0, "row") as usize, a.int(1, "col") as usize, a.int_or(2, "offset", 0), options)
    };
    "unflatten" => |a| a.x().unflatten(a.int(1, "dim"), a.ints(2, "sizes"));
    "unfold" => |a| {
        let (dim, size, step) = (a.int(1, "dimension"), a.int(2, "size"), a.int(3, "step"));
        a.x().unfold(dim, size as usize, step as usize)
    };
    "unfold_copy" => |a| {
        let (dim, size, step) = (a.int(1, "dimension"), a.int(2, "size"), a.int(3, "step"));
        a.x().unfold(dim, size as usize, step as usize).clone_()
    };
    "view_as" => |a| a.x().view_as(a.t(1, "other"));
    "vsplit" => |a| a.x().vsplit(sections(a));
    "vstack" => |a| sconce::vstack(&a.tensors(0, "tensors"));
}
