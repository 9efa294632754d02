//! Runs the labs' program and looks into its transcript.
#![allow(dead_code, reason = "each test program uses a part")]

use std::process::{Command, Output};

/// What the program does with these arguments.
pub fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_labs")).args(arguments).output().expect("the program starts")
}

/// The transcript of a run that succeeds.
pub struct Transcript {
    pub text: String,
    /// Without the indentation of code and output, so that what stands below each other can be compared.
    plain: String,
}

/// The transcript of a whole lab.
pub fn lab(number: &str) -> Transcript {
    transcript_of(&[number])
}

/// The transcript of a run with these arguments, which must succeed.
pub fn transcript_of(arguments: &[&str]) -> Transcript {
    transcript_with(arguments, &[])
}

/// As [`transcript_of`], with these variables in the program's environment.
pub fn transcript_with(arguments: &[&str], variables: &[(&str, &str)]) -> Transcript {
    let program = &mut Command::new(env!("CARGO_BIN_EXE_labs"));
    let output = program.args(arguments).envs(variables.iter().copied()).output().expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?} ended with {}: {errors}", output.status);
    let text = String::from_utf8(output.stdout).expect("transcripts are UTF-8");
    assert!(!text.contains('\x1b'), "colours belong on a terminal");
    let plain = text.lines().map(|line| line.strip_prefix("    ").or(line.strip_prefix("  ")).unwrap_or(line));
    let plain = plain.collect::<Vec<_>>().join("\n");
    Transcript { text, plain }
}

impl Transcript {
    /// Whether some step printed this; following statements begin with `> `.
    #[track_caller]
    pub fn printed(&self, text: &str) {
        assert!(self.plain.contains(text), "no {text:?} in:\n{}", self.text);
    }

    /// Whether this statement was shown.
    #[track_caller]
    pub fn shows(&self, statement: &str) {
        assert!(self.text.contains(&format!("  > {statement}\n")), "no {statement:?} in:\n{}", self.text);
    }

    /// Whether this is nowhere.
    #[track_caller]
    pub fn lacks(&self, text: &str) {
        assert!(!self.text.contains(text), "{text:?} in:\n{}", self.text);
    }
}
