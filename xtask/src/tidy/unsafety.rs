//! `unsafe` lives in two crates; everywhere else the compiler is told to refuse it.

use super::Finding;
use super::lexer::{line, words};
use super::tree::{File, Tree};

/// The crates that may.
const ALLOWED: &[&str] = &["storage", "ops-cpu"];

/// Neither `unsafe` nor a crate root without `#![forbid(unsafe_code)]` outside the allowed crates.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = vec![];
    for file in tree.rust().filter(|file| !file.package().is_empty() && !ALLOWED.contains(&file.package())) {
        let found = words(&file.code, "unsafe").map(|at| line(&file.code, at));
        findings.extend(found.map(|line| Finding::new(&file.path, line, "`unsafe` is for storage and ops-cpu only")));
        if is_root(file) && !file.code.contains("#![forbid(unsafe_code)]") {
            findings.push(Finding::new(&file.path, 1, "the root of a crate without `#![forbid(unsafe_code)]`"));
        }
    }
    findings
}

/// Whether the compiler starts at this file.
fn is_root(file: &File) -> bool {
    let inner: Vec<&str> = file.inner_path().split('/').collect();
    matches!(inner[..], ["src", "lib.rs" | "main.rs"] | ["src", "bin", _] | ["src", "bin", _, "main.rs"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_is_found_where_it_must_not_be() {
        let bad = "//! A\n#![forbid(unsafe_code)]\nfn f() { unsafe { g() } }";
        assert_eq!(check(&Tree::of(&[("crates/tensor/src/lib.rs", bad)]))[0].line, 3);
        assert_eq!(check(&Tree::of(&[("crates/storage/src/block.rs", bad)])), vec![]);
        assert_eq!(check(&Tree::of(&[("crates/tensor/src/a.rs", "// unsafe\nfn f() { g(\"unsafe\") }")])), vec![]);
    }

    #[test]
    fn a_root_that_forbids_nothing_is_found() {
        for root in ["src/lib.rs", "src/main.rs", "src/bin/a.rs", "src/bin/a/main.rs"] {
            assert_eq!(check(&Tree::of(&[(&format!("crates/labs/{root}"), "fn main() {}")])).len(), 1, "{root}");
        }
    }
}
