//! `cargo xtask COMMAND`: everything that is done with this repository, in one place. It depends on none of the crates that it
//! builds, tests and measures; it starts cargo for them.
#![forbid(unsafe_code)]

mod bench;
mod budgets;
mod ci;
mod devices;
mod fixtures;
mod ops;
mod process;
mod python;
mod tests;
mod tidy;

use process::{Failure, Outcome};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  lab1 … lab12 [args]   builds and runs a lab; --help after it lists the lab's own options
  labs                  lists the labs that there are
  test [args]           every test: unit, integration and documentation; args go to the test runner instead
  ci                    format, clippy, tidy, documentation, budgets: what must hold before a change is merged
  tidy                  the design's invariants, checked on the source
  bench [filter …] [--json FILE] [--seconds S] [--rounds N] [--page] [--against torch [--python PATH]]
        [--device gpu]
                        times the library, beside PyTorch in turns where asked; --page puts the table into
                        docs/performance.md; --device gpu measures a GPU beside the CPU, and PyTorch on CUDA
  devices               which GPUs there are, with drivers, limits and features
  ops                   which of PyTorch's operations there are here, for which dtypes; writes docs/ops.md
  fixtures [--python PATH]
                        makes the expected values of the tests anew, with a Python that has torch
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_else(|| "help".into());
    let args: Vec<String> = args.collect();
    match run(&command, &args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Exit(code)) => ExitCode::from(code),
        Err(Failure::Text(text)) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, args: &[String]) -> Outcome {
    match command {
        "labs" => process::lab("list", args),
        "test" => tests::run(args),
        "ci" => ci::run(),
        "tidy" => tidy::run(),
        "bench" => bench::run(args),
        "devices" => devices::run(),
        "ops" => ops::run(),
        "fixtures" => fixtures::run(args),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => match other.strip_prefix("lab") {
            Some(number) if number.parse::<u8>().is_ok() => process::lab(number, args),
            _ => Err(Failure::Text(format!("there is no command `{other}`\n\n{HELP}"))),
        },
    }
}
