//! `cargo xtask bench --device gpu`: the cases on a GPU beside the CPU, in turns, and beside PyTorch on CUDA where that is to be
//! had. It does not know what is measured.

use super::figures::Library;
use super::request::Request;
use super::table::time;
use super::{PROGRAM, TORCH, page};
use crate::process::{self, Failure, Outcome, cargo, root};
use std::path::Path;
use std::process::Command;

/// Measures and prints a table, or puts it into docs/gpu.md.
pub fn run(request: &Request, device: &str, python: Option<&Path>) -> Outcome {
    let bench = |device: &str| {
        let options = request.options();
        process::output(cargo(["run"]).args(PROGRAM).arg("--").args(["--device", device]).args(options))
    };
    let [mut own, mut cpu, mut cuda] = [Library::default(), Library::default(), Library::default()];
    for round in 1..=request.rounds {
        eprintln!("round {round} of {}", request.rounds);
        own.add(&bench(device)?);
        cpu.add(&bench("cpu")?);
        if let Some(python) = python {
            let mut command = Command::new(python);
            cuda.add(&process::output(
                command.arg(root().join(TORCH)).args(["--device", "cuda"]).args(request.options()),
            )?);
        }
    }
    if own.is_empty() {
        return Err(Failure::Text(format!("no case is named like {:?}", request.filters)));
    }
    let table = table(&own, &cpu, &cuda);
    print!("{table}");
    if request.page {
        let devices = process::output(&mut cargo(["run", "--quiet", "--package", "conformance", "--bin", "devices"]))?;
        let adapter = devices.lines().find_map(|line| line.strip_prefix("gpu:0 is ")).unwrap_or("an unnamed adapter");
        return page::write_gpu(adapter, &table);
    }
    Ok(())
}

/// Rows with the GPU's time, the CPU's and PyTorch's, and the ratios of the first to the others: below 1 is faster.
fn table(own: &Library, cpu: &Library, cuda: &Library) -> String {
    let mut text =
        String::from("| case | gpu | cpu | ratio | torch on CUDA | ratio |\n|---|---:|---:|---:|---:|---:|\n");
    for case in own.cases() {
        let cells = [cpu, cuda].map(|other| match other.case(&case.name) {
            Some(other) => format!("{} | {:.2}", time(other.time()), case.time() / other.time()),
            None => " | ".to_string(),
        });
        text += &format!("| {} | {} | {} |\n", case.name, time(case.time()), cells.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_beside_each_other() {
        let library = |time: f64| {
            let mut library = Library::default();
            library.add(&format!(r#"{{"case": "a/x", "median_us": {time}, "threads": 1}}"#));
            library
        };
        let table = table(&library(2.0), &library(8.0), &Library::default());
        assert_eq!(table.lines().last(), Some("| a/x | 2.000 µs | 8.000 µs | 0.25 |  |  |"));
    }
}
