//! Linear algebra. Of vectors that are determined but for their signs, the sizes are compared.

use super::table;
use crate::opdb::Args;
use sconce::linalg::{self, Order, QrMode, Tolerances};
use tensor_core::Tensor;

/// How small numbers count as zero.
fn tolerances(a: &Args, old: bool) -> Tolerances {
    let bound = |i: usize, name: &str| match a.opt_t(i, name) {
        Some(_) => a.refuse("tolerances as tensors"),
        None => a.opt_float(i, name),
    };
    let rtol = if old { bound(1, "rcond").or_else(|| bound(9, "rtol")) } else { bound(9, "rtol") };
    Tolerances { atol: bound(9, "atol"), rtol, hermitian: a.bool_or(2, "hermitian", false) }
}

fn order(a: &Args) -> Order {
    match a.opt_text(1, "ord") {
        Some("nuc") => Order::Nuc,
        Some("fro") => Order::Fro,
        Some(other) => panic!("an order {other}"),
        None => a.opt_float(1, "ord").map_or(Order::Fro, Order::P),
    }
}

fn conditioned(a: &Args) -> Tensor {
    let order = match a.opt_text(1, "p") {
        Some("nuc") => Order::Nuc,
        Some(_) => Order::Fro,
        None => Order::P(a.opt_float(1, "p").unwrap_or(2.0)),
    };
    linalg::cond(a.x(), order)
}

fn factored(a: &Args) -> Vec<Tensor> {
    let modes = [("complete", QrMode::Complete), ("r", QrMode::R), ("reduced", QrMode::Reduced)];
    let asked = a.text_or(1, "mode", "reduced");
    let (_, mode) = modes.into_iter().find(|(name, _)| *name == asked).expect("a mode");
    let (q, r) = linalg::qr(a.x(), mode);
    vec![q, r]
}

fn singular(a: &Args) -> Vec<Tensor> {
    let (u, s, vh) = linalg::svd(a.x(), a.bool_or(1, "full_matrices", true));
    let k = s.size(-1);
    vec![u.narrow(-1, 0, k).abs(), s, vh.narrow(-2, 0, k).abs()]
}

fn singular_in_the_older_form(a: &Args) -> Vec<Tensor> {
    if !a.bool_or(2, "compute_uv", true) {
        a.refuse("zeros in place of vectors");
    }
    let (u, s, v) = a.x().svd(a.bool_or(1, "some", true));
    let k = s.size(-1);
    vec![u.narrow(-1, 0, k).abs(), s, v.narrow(-1, 0, k).abs()]
}

fn side(a: &Args) -> char {
    a.text_or(1, "UPLO", "L").chars().next().expect("a letter")
}

fn nearest(a: &Args) -> Tensor {
    a.opt_text(3, "driver");
    linalg::lstsq(a.x(), a.t(1, "B"), a.opt_float(2, "rcond"))
}

table! {
    "cholesky_inverse" => |a| a.x().cholesky_inverse(a.bool_or(1, "upper", false));
    "cholesky_solve" => |a| a.x().cholesky_solve(a.t(1, "input2"), a.bool_or(2, "upper", false));
    "linalg.cholesky" => |a| linalg::cholesky(a.x(), a.bool_or(9, "upper", false));
    "linalg.cond" => |a| conditioned(a);
    "linalg.det" => |a| linalg::det(a.x());
    "linalg.eigh" => |a| {
        let (l, v) = linalg::eigh(a.x(), side(a));
        vec![l, v.abs()]
    };
    "linalg.eigvalsh" => |a| linalg::eigvalsh(a.x(), side(a));
    "linalg.inv" => |a| linalg::inv(a.x());
    "linalg.lstsq" => |a| nearest(a);
    "linalg.matrix_norm" => |a| {
        let dim = a.opt_ints(2, "dim").unwrap_or(vec![-2, -1]);
        linalg::matrix_norm(a.x(), order(a), [dim[0], dim[1]], a.bool_or(3, "keepdim", false))
    };
    "linalg.matrix_rank" => |a| linalg::matrix_rank(a.x(), tolerances(a, false));
    "linalg.pinv" => |a| linalg::pinv(a.x(), tolerances(a, true));
    "linalg.qr" => |a| factored(a);
    "linalg.slogdet" => |a| linalg::slogdet(a.x());
    "linalg.solve" => |a| linalg::solve(a.x(), a.t(1, "B"), a.bool_or(9, "left", true));
    "linalg.solve_triangular" => |a| linalg::solve_triangular(
        a.x(),
        a.t(1, "B"),
        a.bool_or(9, "upper", false),
        a.bool_or(9, "left", true),
        a.bool_or(9, "unitriangular", false),
    );
    "linalg.svd" => |a| singular(a);
    "linalg.svdvals" => |a| linalg::svdvals(a.x());
    "linalg.tensorinv" => |a| linalg::tensorinv(a.x(), a.int_or(1, "ind", 2) as usize);
    "linalg.tensorsolve" => |a| linalg::tensorsolve(a.x(), a.t(1, "B"), a.opt_ints(2, "dims").as_deref());
    "logdet" => |a| a.x().logdet();
    "pinverse" => |a| a.x().pinverse(a.opt_float(1, "rcond").unwrap_or(1e-15));
    "svd" => |a| singular_in_the_older_form(a);
}
