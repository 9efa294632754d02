//! `cargo xtask bench --peak`: the memory that training steps need at most, beside PyTorch's. Each case has a process of its own on
//! either side, and memory is counted by the operating system.

use super::{PROGRAM, TORCH, page};
use crate::process::{self, Failure, Outcome, cargo, root};
use std::path::Path;
use std::process::Command;

/// The cases: whole steps of training.
const CASES: &[&str] = &[
    "train/mlp_sgd",
    "train/mlp_adam",
    "train/lenet_sgd",
    "train/cnn_b32_adam",
    "train/lstm_h128_l2_s64_b32_adam",
    "train/transformer_b16_s128_d256_adam",
    "train/vae_b128_adam",
];

/// Measures and prints a table, or puts it into docs/performance.md.
pub fn run(python: Option<&Path>, write: bool) -> Outcome {
    let mut table = String::from("| training step | peak | torch | ratio |\n|---|---:|---:|---:|\n");
    for case in CASES {
        let own = bytes(&process::output(cargo(["run"]).args(PROGRAM).args(["--", "--peak", case]))?)?;
        let torch = match python {
            Some(python) => {
                let mut command = Command::new(python);
                Some(bytes(&process::output(command.arg(root().join(TORCH)).args(["--peak", case]))?)?)
            }
            None => None,
        };
        let megabytes = |bytes: f64| format!("{:.1} MB", bytes / 1e6);
        let [other, ratio] =
            torch.map_or([String::new(), String::new()], |torch| [megabytes(torch), format!("{:.2}", own / torch)]);
        table += &format!("| {case} | {} | {other} | {ratio} |\n", megabytes(own));
    }
    print!("{table}");
    if write { page::write_memory(&table) } else { Ok(()) }
}

fn bytes(line: &str) -> Outcome<f64> {
    let found = line.trim().rsplit_once(": ").and_then(|(_, number)| number.trim_end_matches('}').parse().ok());
    found.ok_or_else(|| Failure::Text(format!("the system does not tell how much memory a process needs: {line:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gives_its_number() {
        assert_eq!(bytes("{\"case\": \"train/mlp_sgd\", \"peak_bytes\": 1048576}\n").unwrap(), 1048576.0);
        assert!(bytes("").is_err());
    }
}
