//! Which operations of PyTorch's database there are here, by theme, and how each is called with the database's arguments.
//! `fixtures/make_opdb.py` reads the names in these files.

mod create;
mod elementwise;
mod index;
mod matmul;
mod norm;
mod reduce;
mod scan;
mod shape;
mod sort;
mod view;
mod window;

use super::Table;

/// Every table with its name, which is that of its fixture too.
pub const ALL: &[(&str, Table)] = &[
    ("create", create::TABLE),
    ("elementwise", elementwise::TABLE),
    ("index", index::TABLE),
    ("matmul", matmul::TABLE),
    ("norm", norm::TABLE),
    ("reduce", reduce::TABLE),
    ("scan", scan::TABLE),
    ("shape", shape::TABLE),
    ("sort", sort::TABLE),
    ("view", view::TABLE),
    ("window", window::TABLE),
];

/// Operations whose results may differ by more than `torch.testing.assert_close` allows, by what factor, and why.
pub const LOOSE: &[(&str, f64, &str)] = &[
    ("addbmm", 16.0, "PyTorch adds the products of the matrices one by one, each rounded"),
    ("baddbmm", 4.0, "PyTorch rounds halves once, where here the product is rounded before the summand is added"),
    ("linalg.multi_dot", 16.0, "sums in another order, which nearly cancel"),
    ("linalg.vecdot", 4.0, "PyTorch rounds halves before it adds them up"),
    ("nn.functional.batch_norm", 16.0, "PyTorch rounds each channel's factor and summand to the half type"),
    ("nn.functional.instance_norm", 16.0, "as batch_norm"),
];

/// By what the tolerances of an operation are multiplied.
pub fn looseness(op: &str) -> f64 {
    LOOSE.iter().find(|(name, ..)| *name == op).map_or(1.0, |(_, factor, _)| *factor)
}

/// The lines of a table: `"name" => |args| result;`.
macro_rules! table {
    ($($name:literal => |$args:ident| $call:expr;)*) => {
        /// The operations of this theme.
        pub const TABLE: $crate::opdb::Table = &[$(
            ($name, |$args: &$crate::opdb::Args| $crate::opdb::IntoOutcome::outcomes($call)),
        )*];
    };
}
pub(crate) use table;
