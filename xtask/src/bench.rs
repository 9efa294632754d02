//! `cargo xtask bench`: runs the benchmark program of `conformance`, and PyTorch beside it where asked, in turns, and prints one
//! table. It does not know what is measured; that is in conformance/src/bin/bench and in xtask/bench/torch_cases.py.

mod figures;
mod gpu;
mod page;
mod peak;
mod request;
mod table;

use crate::process::{self, Failure, Outcome, cargo, root};
use crate::python;
use figures::{Figures, Limits};
use std::process::Command;

/// PyTorch's side of the same cases.
const TORCH: &str = "xtask/bench/torch_cases.py";

/// What makes glibc keep freed memory, so that PyTorch's kernels are measured and not the page faults of fresh outputs.
const KEPT_HEAP: &[(&str, &str)] = &[
    ("MALLOC_MMAP_THRESHOLD_", "4000000000"),
    ("MALLOC_TRIM_THRESHOLD_", "8000000000"),
    ("MALLOC_TOP_PAD_", "268435456"),
];

const PROGRAM: &[&str] = &["--release", "--quiet", "--package", "conformance", "--bin", "bench"];

/// Measures, and prints the table.
pub fn run(args: &[String]) -> Outcome {
    let request = request::parse(args)?;
    // Built first, so that the compiler is done when the measuring starts.
    process::run(cargo(["build"]).args(PROGRAM))?;
    let bench = |options: &[String]| process::output(cargo(["run"]).args(PROGRAM).arg("--").args(options));
    let python = if request.torch { Some(python::with_torch(request.python.as_deref())?) } else { None };
    if request.peak {
        return peak::run(python.as_deref(), request.page);
    }
    if let Some(device) = &request.device {
        return gpu::run(&request, device, python.as_deref());
    }
    let limits = Limits::parse(&bench(&["--limits".into()])?)?;
    let options = request.options();
    let mut figures = Figures::default();
    // In turns, so that all see the same weather.
    for round in 1..=request.rounds {
        eprintln!("round {round} of {}", request.rounds);
        figures.own.add(&bench(&options)?);
        if let Some(python) = &python {
            let threads = ["--threads".to_string(), limits.threads.to_string()];
            let command = || {
                let mut command = Command::new(python);
                command.arg(root().join(TORCH)).args(&options).args(&threads);
                command
            };
            figures.torch.add(&process::output(&mut command())?);
            figures.kept.add(&process::output(command().envs(KEPT_HEAP.iter().copied()))?);
        }
    }
    if figures.own.is_empty() {
        return Err(Failure::Text(format!("no case is named like {:?}", request.filters)));
    }
    let table = table::table(&figures, &limits);
    print!("{}", table.console());
    if request.page {
        page::write(&table, &limits)?;
    }
    match &request.json {
        Some(path) => std::fs::write(path, figures.own.lines()).map_err(Failure::io(path)),
        None => Ok(()),
    }
}
