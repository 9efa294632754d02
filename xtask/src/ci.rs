//! `cargo xtask ci`: what must hold before a change is merged, beside the tests. It goes on after a failure, so that one run
//! tells everything.

use crate::process::{self, Failure, Outcome, cargo};
use crate::{budgets, tidy};

/// A step and how it is run.
type Step = (&'static str, fn() -> Outcome);

const STEPS: &[Step] = &[
    ("format", || process::run(&mut cargo(["fmt", "--all", "--check"]))),
    ("clippy", || {
        process::run(&mut cargo(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
    }),
    ("tidy", tidy::run),
    ("documentation", || {
        process::run(cargo(["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"))
    }),
    ("budgets", budgets::run),
];

/// Runs every step and names those that failed.
pub fn run() -> Outcome {
    let mut failed = vec![];
    for (name, step) in STEPS {
        println!("== {name}");
        if let Err(failure) = step() {
            if let Failure::Text(text) = failure {
                eprintln!("{text}");
            }
            failed.push(*name);
        }
    }
    match failed[..] {
        [] => {
            println!("ci: all {} steps passed", STEPS.len());
            Ok(())
        }
        _ => Err(Failure::Text(format!("ci: failed: {}", failed.join(", ")))),
    }
}
