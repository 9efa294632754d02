//! What the conformance suites share: tensors made by rule, samples of shapes and layouts, fixtures, and comparison of
//! results. The suites themselves are in `tests/`, the fixtures and the scripts that make them with the real PyTorch in
//! `fixtures/`. It knows no operation.
#![forbid(unsafe_code)]

pub mod compare;
pub mod fixture;
pub mod opdb;
pub mod report;
pub mod rule;
pub mod samples;

/// The contents of a file in `fixtures/`.
///
/// ```
/// assert!(conformance::fixture_text("values.join.tsv").starts_with("cat\t"));
/// ```
///
/// # Panics
/// If there is no such file.
pub fn fixture_text(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
