//! `cargo xtask tidy`: the design's invariants as checks on the source. Each check is a function from the tree to findings, and
//! each has a test that feeds it something bad. It reads text, not meaning: what the compiler or clippy can hold is theirs.

mod dependencies;
mod diffs;
mod door;
mod families;
mod files;
mod layers;
mod lexer;
mod state;
mod tree;
mod unsafety;
mod wildcards;

use crate::process::{Failure, Outcome};
use std::fmt;
use tree::Tree;

/// Something that breaks an invariant, and where.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    /// Counted from 1; 0 if it is about the whole file.
    line: usize,
    text: String,
}

impl Finding {
    fn new(path: impl Into<String>, line: usize, text: impl Into<String>) -> Finding {
        Finding { path: path.into(), line, text: text.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.text),
            line => write!(f, "{}:{line}: {}", self.path, self.text),
        }
    }
}

type Check = fn(&Tree) -> Vec<Finding>;

/// Every check under the name that docs/architecture.md calls it by.
const CHECKS: &[(&str, Check)] = &[
    ("layers", layers::check),
    ("dependencies", dependencies::check),
    ("wgpu", dependencies::check_wgpu),
    ("door", door::check),
    ("state", state::check),
    ("families", families::check),
    ("wildcards", wildcards::check),
    ("unsafe", unsafety::check),
    ("heads", files::check_heads),
    ("lengths", files::check_lengths),
    ("names", files::check_names),
    ("unfinished", files::check_unfinished),
    ("places", files::check_places),
    ("diffs", diffs::check),
    ("checks", check_documented),
];

/// Runs all checks and prints what they find.
pub fn run() -> Outcome {
    let tree = Tree::read()?;
    let mut findings = 0;
    for (name, check) in CHECKS {
        for finding in check(&tree) {
            println!("[{name}] {finding}");
            findings += 1;
        }
    }
    let lengths = files::lengths(&tree);
    println!(
        "tidy: {} checks, {} files of code, median {} lines, longest {}",
        CHECKS.len(),
        lengths.len(),
        files::median(&lengths),
        lengths.last().unwrap_or(&0),
    );
    match findings {
        0 => Ok(()),
        1 => Err(Failure::Text("tidy: 1 finding".into())),
        n => Err(Failure::Text(format!("tidy: {n} findings"))),
    }
}

/// The page that tells people of the checks.
const PAGE: &str = "docs/architecture.md";

/// Every check is named where the invariants are written down.
fn check_documented(tree: &Tree) -> Vec<Finding> {
    let Some(page) = tree.file(PAGE) else { return vec![Finding::new(PAGE, 0, "the page is missing")] };
    let unnamed = CHECKS.iter().filter(|(name, _)| !page.text.contains(&format!("`{name}`")));
    unnamed
        .map(|(name, _)| Finding::new(PAGE, 0, format!("the check `{name}` is not named among the invariants")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unnamed_check_is_found() {
        let all: String = CHECKS.iter().map(|(name, _)| format!("`{name}` ")).collect();
        assert_eq!(check_documented(&Tree::of(&[(PAGE, &all)])), vec![]);
        let findings = check_documented(&Tree::of(&[(PAGE, &all.replace("`door`", ""))]));
        assert_eq!(findings.len(), 1);
        assert!(findings[0].text.contains("`door`"));
    }

    #[test]
    fn findings_name_file_and_line() {
        assert_eq!(Finding::new("a.rs", 3, "wrong").to_string(), "a.rs:3: wrong");
        assert_eq!(Finding::new("a.rs", 0, "wrong").to_string(), "a.rs: wrong");
    }
}
