//! Prints docs/ops.md: `cargo xtask ops` writes what this prints.
#![forbid(unsafe_code)]

fn main() {
    print!("{}", conformance::opdb::page());
}
