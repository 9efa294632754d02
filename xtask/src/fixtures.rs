//! `cargo xtask fixtures`: the expected values of the tests, made by committed scripts with the real PyTorch. The tests
//! themselves read the committed results and need no Python.

use crate::process::{self, Failure, Outcome, root};
use crate::python;
use std::path::PathBuf;
use std::process::Command;

/// Where the scripts are and write to.
const FOLDER: &str = "crates/conformance/fixtures";

/// Runs every `make_*.py`.
pub fn run(args: &[String]) -> Outcome {
    let given = match args {
        [] => None,
        [option, path] if option == "--python" => Some(path.as_str()),
        _ => return Err(Failure::Text("usage: cargo xtask fixtures [--python PATH]".into())),
    };
    let python = python::with_torch(given)?;
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(root().join(FOLDER))
        .map_err(Failure::io(FOLDER))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_script(&path.file_name().unwrap_or_default().to_string_lossy()))
        .collect();
    scripts.sort();
    for script in scripts {
        println!("{}", script.strip_prefix(root()).unwrap_or(&script).display());
        process::run(Command::new(&python).arg(&script))?;
    }
    Ok(())
}

fn is_script(name: &str) -> bool {
    name.starts_with("make_") && name.ends_with(".py")
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_makers_are_run() {
        assert!(super::is_script("make_values.py"));
        assert!(!super::is_script("value_inputs.py") && !super::is_script("make_values.tsv"));
    }
}
