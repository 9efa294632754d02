//! `cargo xtask test`: every test there is. Unit and integration tests run on nextest where it is installed, because it runs
//! the tests of all crates side by side; documentation tests run on cargo, because nextest has none.

use crate::process::{self, Outcome, cargo, succeeds};

/// Runs all tests; with `args`, only the runner of unit and integration tests, which gets them.
pub fn run(args: &[String]) -> Outcome {
    if succeeds(&mut cargo(["nextest", "--version"])) {
        // A filter may leave nothing to run.
        process::run(cargo(["nextest", "run", "--workspace", "--no-tests", "pass"]).args(args))?;
    } else {
        process::run(cargo(["test", "--workspace", "--lib", "--bins", "--tests"]).args(args))?;
    }
    if args.is_empty() { process::run(&mut cargo(["test", "--workspace", "--doc"])) } else { Ok(()) }
}
