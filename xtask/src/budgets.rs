//! What the default build may cost: packages, time from a clean clone to the first lab, and the size of the program. Packages
//! and size are the same everywhere and are enforced; time depends on the machine and is only told.

use crate::process::{self, Failure, Outcome, cargo, root};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

/// Packages that are compiled for `cargo xtask lab1`, the project's own included.
const PACKAGES: usize = 140;
/// The labs' program, in bytes. Of these 5.5 million are for GPUs (wgpu, its compiler of shaders, and the shaders), and two
/// and a half for layers, optimizers, data, figures and the labs that train.
const PROGRAM: u64 = 20_000_000;
const MB: f64 = 1e6;
/// `cargo xtask lab1` with nothing built before, on two cores, in seconds.
const COLD_LAB: f64 = 360.0;

/// Measures, prints and judges.
pub fn run() -> Outcome {
    let packages = packages()?;
    let folder = root().join("target").join("cold");
    let measured = cold_lab(&folder);
    // A second copy of everything built is not worth keeping.
    _ = std::fs::remove_dir_all(&folder);
    let (seconds, bytes) = measured?;
    let lines = [
        (format!("packages in the default build: {packages} (limit {PACKAGES})"), packages <= PACKAGES, true),
        (
            format!("labs program: {:.2} MB (limit {:.0})", bytes as f64 / MB, PROGRAM as f64 / MB),
            bytes <= PROGRAM,
            true,
        ),
        (format!("cold `cargo xtask lab1`: {seconds:.0} s (limit {COLD_LAB:.0})"), seconds <= COLD_LAB, false),
    ];
    let mut over = 0;
    for (line, within, enforced) in lines {
        println!(
            "{line}{}",
            if within {
                ""
            } else if enforced {
                ": OVER"
            } else {
                ": over; a slow or busy machine?"
            }
        );
        over += usize::from(!within && enforced);
    }
    if over == 0 { Ok(()) } else { Err(Failure::Text("a budget is exceeded".into())) }
}

/// How many packages the labs and this program are built from.
fn packages() -> Outcome<usize> {
    let tree = ["tree", "--package", "labs", "--package", "xtask", "--edges", "normal,build", "--prefix", "none"];
    Ok(count(&process::output(cargo(tree).args(["--format", "{p}"]))?))
}

/// Different packages in cargo's tree, in which repeated ones are marked.
fn count(tree: &str) -> usize {
    let names = tree.lines().map(|line| line.trim_end_matches(" (*)").trim()).filter(|line| !line.is_empty());
    names.collect::<BTreeSet<_>>().len()
}

/// Seconds from nothing built to the end of the first lab, and the bytes of the program.
fn cold_lab(folder: &Path) -> Outcome<(f64, u64)> {
    _ = std::fs::remove_dir_all(folder);
    let before = Instant::now();
    let mut command = cargo(["run", "--quiet", "--package", "xtask", "--release", "--", "lab1"]);
    let transcript = process::output(command.env("CARGO_TARGET_DIR", folder))?;
    let seconds = before.elapsed().as_secs_f64();
    if transcript.trim().is_empty() {
        return Err(Failure::Text("lab 1 printed nothing".into()));
    }
    let program = folder.join("release").join(format!("labs{}", std::env::consts::EXE_SUFFIX));
    let bytes = std::fs::metadata(&program).map_err(Failure::io(program.display()))?.len();
    Ok((seconds, bytes))
}

#[cfg(test)]
mod tests {
    #[test]
    fn repeated_packages_count_once() {
        let tree =
            "labs v0.0.0 (/x)\nhalf v2.7.1\nbytemuck v1.25.0\nhalf v2.7.1 (*)\n\nxtask v0.0.0 (/y)\nhalf v2.7.1\n";
        assert_eq!(super::count(tree), 4);
    }
}
