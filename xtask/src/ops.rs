//! `cargo xtask ops`: prints which of PyTorch's operations there are here and writes docs/ops.md.

use crate::process::{self, Failure, Outcome, cargo, root};

/// Where the page is.
const PAGE: &str = "docs/ops.md";

/// Runs all samples, prints the page and writes it.
pub fn run() -> Outcome {
    let page =
        process::output(&mut cargo(["run", "--release", "--quiet", "--package", "conformance", "--bin", "ops"]))?;
    print!("{page}");
    std::fs::write(root().join(PAGE), page).map_err(Failure::io(PAGE))
}
