//! The benchmark program behind `cargo xtask bench`: one line of JSON per case, with the case's name, the median and the least
//! time of a call in microseconds, and the number of threads. It makes no table and knows nothing of PyTorch.
//!
//! A new group of cases is a file with a `register` function and a line in [`GROUPS`].
#![forbid(unsafe_code)]

mod measure;
mod overhead;
mod startup;

use measure::Bench;
use std::process::ExitCode;

/// What is measured, in this order.
const GROUPS: &[fn(&mut Bench)] = &[overhead::register, startup::register];

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let mut bench = Bench::default();
    while let Some(arg) = args.next() {
        match &*arg {
            startup::PROBE => {
                startup::probe();
                return ExitCode::SUCCESS;
            }
            "--seconds" => match args.next().and_then(|number| number.parse().ok()) {
                Some(seconds) => bench.seconds = seconds,
                None => return usage("--seconds needs a number"),
            },
            option if option.starts_with("--") => return usage(&format!("there is no option {option}")),
            filter => bench.filters.push(filter.to_string()),
        }
    }
    GROUPS.iter().for_each(|register| register(&mut bench));
    ExitCode::SUCCESS
}

fn usage(text: &str) -> ExitCode {
    eprintln!("{text}\nusage: bench [filter …] [--seconds S]");
    ExitCode::FAILURE
}
