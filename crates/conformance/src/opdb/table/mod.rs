//! Which operations of PyTorch's database there are here, by theme, and how each is called with the database's arguments.
//! `fixtures/make_opdb.py` reads the names in these files.

mod activation;
mod create;
mod elementwise;
mod image;
mod index;
mod linalg;
mod loss;
mod matmul;
mod norm;
mod random;
mod reduce;
mod scan;
mod shape;
mod sort;
mod view;
mod window;

use super::Table;
use tensor_core::DType;

/// Every table with its name, which is that of its fixture too.
pub const ALL: &[(&str, Table)] = &[
    ("activation", activation::TABLE),
    ("create", create::TABLE),
    ("elementwise", elementwise::TABLE),
    ("image", image::TABLE),
    ("index", index::TABLE),
    ("linalg", linalg::TABLE),
    ("loss", loss::TABLE),
    ("matmul", matmul::TABLE),
    ("norm", norm::TABLE),
    ("random", random::TABLE),
    ("reduce", reduce::TABLE),
    ("scan", scan::TABLE),
    ("shape", shape::TABLE),
    ("sort", sort::TABLE),
    ("view", view::TABLE),
    ("window", window::TABLE),
];

/// Operations whose results in half types may differ by more than `torch.testing.assert_close` allows, by what factor, and why.
/// Other dtypes have no such exceptions.
pub const LOOSE: &[(&str, f64, &str)] = &[
    ("addbmm", 16.0, "sums of terms of size 348 leave 0.8, and their order is not PyTorch's"),
    ("baddbmm", 4.0, "PyTorch rounds halves once, where here the product is rounded before the summand is added"),
    ("linalg.vecdot", 4.0, "PyTorch rounds halves before it adds them up"),
    ("nn.functional.batch_norm", 16.0, "PyTorch rounds each channel's factor and summand to the half type"),
    ("nn.functional.instance_norm", 16.0, "as batch_norm"),
    (
        "logit",
        64.0,
        "PyTorch rounds 1 − x and x / (1 − x) to the half type: near zero the logarithm is off by up to 2⁻¹⁰",
    ),
    (
        "nn.functional.binary_cross_entropy_with_logits",
        16.0,
        "PyTorch rounds 1 − t, the weight of yes and the logarithm to the half type before they meet",
    ),
    ("nn.functional.huber_loss", 2.0, "PyTorch rounds δ and half of it to the half type"),
    ("nn.functional.tanhshrink", 2.0, "PyTorch rounds tanh(x) to the half type before it is taken from x"),
];

/// By what the tolerances of an operation are multiplied.
pub fn looseness(op: &str, dtype: DType) -> f64 {
    if !matches!(dtype, DType::F16 | DType::BF16) {
        return 1.0;
    }
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
