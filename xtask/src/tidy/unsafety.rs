//! `unsafe` lives in two crates, and in one file of a third behind a feature; everywhere else the compiler is told to refuse it.

use super::Finding;
use super::lexer::{line, words};
use super::tree::{File, Tree};

/// The crates that may.
const ALLOWED: &[&str] = &["storage", "ops-cpu"];
/// Files that may, and the feature with which alone they are compiled: without it their crates forbid it, too.
const EXCEPTIONS: &[(&str, &str)] = &[("crates/ops-wgpu/src/experimental.rs", "cooperative")];

/// Neither `unsafe` nor a crate root without `#![forbid(unsafe_code)]` outside the allowed crates and files.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = vec![];
    for file in tree.rust().filter(|file| !file.package().is_empty() && !ALLOWED.contains(&file.package())) {
        let found = words(&file.code, "unsafe").map(|at| line(&file.code, at));
        let found = found.filter(|_| !EXCEPTIONS.iter().any(|(path, _)| *path == file.path));
        findings.extend(found.map(|line| Finding::new(&file.path, line, "`unsafe` is for storage and ops-cpu only")));
        if is_root(file) && !forbids(file) {
            findings.push(Finding::new(&file.path, 1, "the root of a crate without `#![forbid(unsafe_code)]`"));
        }
    }
    findings
}

/// Whether `unsafe` is refused in what begins at this root; where a file may have it, in all other files and other features.
fn forbids(root: &File) -> bool {
    let exception = EXCEPTIONS.iter().find(|(path, _)| path.starts_with(root.path.trim_end_matches("lib.rs")));
    let lines = exception.map(|(_, feature)| {
        [
            format!("#![cfg_attr(not(feature = \"{feature}\"), forbid(unsafe_code))]"),
            format!("#![cfg_attr(feature = \"{feature}\", deny(unsafe_code))]"),
        ]
    });
    match lines {
        Some(lines) => lines.iter().all(|line| root.text.contains(&**line)),
        None => root.code.contains("#![forbid(unsafe_code)]"),
    }
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
    fn the_exception_is_one_file_behind_a_feature() {
        let allowed = "//! A\nfn f() { unsafe { g() } }";
        assert_eq!(check(&Tree::of(&[("crates/ops-wgpu/src/experimental.rs", allowed)])), vec![]);
        assert_eq!(check(&Tree::of(&[("crates/ops-wgpu/src/gpu.rs", allowed)])).len(), 1);
        let root = |text| check(&Tree::of(&[("crates/ops-wgpu/src/lib.rs", text)]));
        let forbids = "#![cfg_attr(not(feature = \"cooperative\"), forbid(unsafe_code))]\n";
        assert_eq!(root(forbids).len(), 1);
        assert_eq!(root(&format!("{forbids}#![cfg_attr(feature = \"cooperative\", deny(unsafe_code))]\n")), vec![]);
    }

    #[test]
    fn a_root_that_forbids_nothing_is_found() {
        for root in ["src/lib.rs", "src/main.rs", "src/bin/a.rs", "src/bin/a/main.rs"] {
            assert_eq!(check(&Tree::of(&[(&format!("crates/labs/{root}"), "fn main() {}")])).len(), 1, "{root}");
        }
    }
}
