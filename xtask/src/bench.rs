//! `cargo xtask bench`: runs the benchmark program of `conformance`, and PyTorch beside it where asked, and prints one table.
//! It does not know what is measured; that is in conformance/src/bin/bench.

use crate::process::{self, Failure, Outcome, cargo, root};
use crate::python;
use serde_json::Value;
use std::process::Command;

const USAGE: &str = "usage: cargo xtask bench [filter …] [--json FILE] [--seconds S] [--against torch [--python PATH]]";

/// PyTorch's side of the same cases.
const TORCH: &str = "xtask/bench/torch_overhead.py";

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request {
    /// Parts of names of cases; none for all.
    filters: Vec<String>,
    /// How long each case is sampled.
    seconds: Option<String>,
    json: Option<String>,
    torch: bool,
    python: Option<String>,
}

fn parse(args: &[String]) -> Outcome<Request> {
    let mut request = Request::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().cloned().ok_or_else(|| Failure::Text(format!("{arg} needs a value\n{USAGE}")));
        match &**arg {
            "--json" => request.json = Some(value()?),
            "--seconds" => request.seconds = Some(value()?),
            "--python" => request.python = Some(value()?),
            "--against" if value()? == "torch" => request.torch = true,
            option if option.starts_with("--") => return Err(Failure::Text(format!("{option}: {USAGE}"))),
            filter => request.filters.push(filter.to_string()),
        }
    }
    Ok(request)
}

/// One measurement.
#[derive(Debug, PartialEq)]
struct Timing {
    case: String,
    median: f64,
    least: f64,
    threads: u64,
}

/// The measurements in lines of JSON; other lines are let through to the console.
fn timings(lines: &str) -> Vec<Timing> {
    let timing = |line: &str| {
        let value: Value = serde_json::from_str(line).ok()?;
        Some(Timing {
            case: value["case"].as_str()?.to_string(),
            median: value["median_us"].as_f64()?,
            least: value["min_us"].as_f64()?,
            threads: value["threads"].as_u64()?,
        })
    };
    let mut found = vec![];
    for line in lines.lines() {
        match timing(line) {
            Some(timing) => found.push(timing),
            None => println!("{line}"),
        }
    }
    found
}

/// Measures, and prints the table.
pub fn run(args: &[String]) -> Outcome {
    let request = parse(args)?;
    let python = if request.torch { Some(python::with_torch(request.python.as_deref())?) } else { None };
    let mut options = request.filters.clone();
    if let Some(seconds) = &request.seconds {
        options.extend(["--seconds".to_string(), seconds.clone()]);
    }
    // Built first, so that the compiler is done when the measuring starts.
    let program = ["--release", "--quiet", "--package", "conformance", "--bin", "bench"];
    process::run(cargo(["build"]).args(program))?;
    let own = process::output(cargo(["run"]).args(program).arg("--").args(&options))?;
    let torch = match python {
        Some(python) => process::output(Command::new(python).arg(root().join(TORCH)).args(&options))?,
        None => String::new(),
    };
    let (own_timings, torch_timings) = (timings(&own), timings(&torch));
    if own_timings.is_empty() {
        return Err(Failure::Text(format!("no case is named like {:?}", request.filters)));
    }
    print!("{}", table(&own_timings, &torch_timings));
    match request.json {
        Some(path) => std::fs::write(&path, own + &torch).map_err(Failure::io(&path)),
        None => Ok(()),
    }
}

/// A row per case; where PyTorch was measured, its time and how many times longer it is.
fn table(own: &[Timing], torch: &[Timing]) -> String {
    let width = own.iter().map(|timing| timing.case.len()).max().unwrap_or(0).max("case".len());
    let mut text = format!("{:width$}  {:>7}  {:>10}  {:>10}", "case", "threads", "median", "least");
    text += if torch.is_empty() { "\n" } else { "       torch   ratio\n" };
    for timing in own {
        let (median, least) = (time(timing.median), time(timing.least));
        text += &format!("{:width$}  {:>7}  {median:>10}  {least:>10}", timing.case, timing.threads);
        if let Some(other) = torch.iter().find(|other| other.case == timing.case && other.threads == timing.threads) {
            text += &format!("  {:>10}  {:>5.1}×", time(other.median), other.median / timing.median);
        }
        text.push('\n');
    }
    text
}

/// Microseconds in a unit that is easy to read.
fn time(microseconds: f64) -> String {
    match microseconds {
        us if us < 1000.0 => format!("{us:.3} µs"),
        us => format!("{:.3} ms", us / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_string).collect()
    }

    #[test]
    fn options_and_filters_are_told_apart() {
        let request = parse(&words("overhead --json a.json --against torch matmul --python p --seconds 1")).unwrap();
        assert_eq!(request.filters, ["overhead", "matmul"]);
        assert_eq!(request.json.as_deref(), Some("a.json"));
        assert_eq!(
            (request.torch, request.python.as_deref(), request.seconds.as_deref()),
            (true, Some("p"), Some("1"))
        );
        assert!(parse(&words("--json")).is_err() && parse(&words("--against numpy")).is_err());
    }

    #[test]
    fn torch_stands_beside_its_case() {
        let own = timings(r#"{"case": "a/x", "median_us": 0.1, "min_us": 0.09, "threads": 1}"#);
        let torch = timings(r#"{"case": "a/x", "median_us": 0.85, "min_us": 0.8, "threads": 1, "library": "torch"}"#);
        let table = table(&own, &torch);
        let rows: Vec<Vec<String>> = table.lines().map(words).collect();
        assert_eq!(rows[1], ["a/x", "1", "0.100", "µs", "0.090", "µs", "0.850", "µs", "8.5×"]);
    }

    #[test]
    fn large_times_are_milliseconds() {
        assert_eq!((time(999.0), time(1500.0)), ("999.000 µs".into(), "1.500 ms".into()));
    }
}
