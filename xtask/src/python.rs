//! Finding a Python that can import torch. Nothing but fixtures and comparisons needs one.

use crate::process::{Failure, Outcome, succeeds};
use std::path::PathBuf;
use std::process::Command;

/// The Python to use: the one given, or the first on the path that has torch.
///
/// # Errors
/// If there is none, or the one given has no torch.
pub fn with_torch(given: Option<&str>) -> Outcome<PathBuf> {
    let candidates: Vec<&str> = match given {
        Some(path) => vec![path],
        None => vec!["python3", "python"],
    };
    match candidates.iter().find(|python| succeeds(Command::new(python).args(["-c", "import torch"]))) {
        Some(python) => Ok(PathBuf::from(python)),
        None => Err(Failure::Text(format!(
            "no Python with torch: `import torch` failed with {}. Install torch 2.15, or name a Python with --python PATH.",
            candidates.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(" and ")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let Err(Failure::Text(text)) = with_torch(Some("no-such-python")) else { panic!("it cannot be found") };
        assert!(text.contains("`no-such-python`") && text.contains("--python PATH"), "{text}");
    }
}
