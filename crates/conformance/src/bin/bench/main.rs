//! The benchmark program behind `cargo xtask bench`: a line of JSON per case, with the
//! case's name, the median and the least time of a call in microseconds, the number of threads, and the bytes and
//! operations that the case cannot do without. It makes no table and knows nothing of PyTorch.
//!
//! A new group of cases is a file with a `register` function and a line in [`GROUPS`].
#![forbid(unsafe_code)]

mod conv;
mod elem;
mod limits;
mod matmul;
mod measure;
mod mem;
mod overhead;
mod peak;
mod reduce;
mod rng;
mod startup;
mod train;

use limits::{Limits, instructions};
use measure::Bench;
use std::process::ExitCode;

/// What is measured, in this order.
const GROUPS: &[fn(&mut Bench)] = &[
    overhead::register,
    elem::register,
    reduce::register,
    matmul::register,
    mem::register,
    conv::register,
    rng::register,
    train::register,
    startup::register,
];

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let mut bench = Bench::new();
    while let Some(arg) = args.next() {
        match &*arg {
            startup::PROBE => {
                startup::probe();
                return ExitCode::SUCCESS;
            }
            "--smoke" => bench.smoke = true,
            "--peak" => match args.next() {
                Some(case) => bench.peak = Some(case),
                None => return usage("--peak needs a case"),
            },
            "--limits" => {
                let Limits { bandwidths, float32 } = Limits::measure();
                let bandwidths: Vec<String> =
                    bandwidths.iter().map(|(bytes, bandwidth)| format!("[{bytes}, {bandwidth:.0}]")).collect();
                println!(
                    r#"{{"bandwidths": [{}], "float32": {float32:.0}, "threads": {}, "instructions": "{}"}}"#,
                    bandwidths.join(", "),
                    bench.threads,
                    instructions()
                );
                return ExitCode::SUCCESS;
            }
            "--device" => match args.next().map(|name| sconce::device(&name)) {
                Some(Ok(device)) => {
                    sconce::set_default_device(device);
                    bench.device = device;
                }
                Some(Err(error)) => return usage(&error.to_string()),
                None => return usage("--device needs a name"),
            },
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
    eprintln!("{text}\nusage: bench [filter …] [--seconds S] [--smoke] [--peak CASE] [--limits] [--device NAME]");
    ExitCode::FAILURE
}
