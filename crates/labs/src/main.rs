//! The course's labs as guided transcripts: each step shows the Rust lines that ran and what they printed, on the console and,
//! on request, as a page. This file starts the lab that was asked for; it knows no exercise.
#![forbid(unsafe_code)]

#[macro_use]
mod transcript;

mod arguments;
mod check;
mod console;
mod course;
mod highlight;
mod interruption;
mod lab1;
mod lab2;
mod lab3;
mod lab4;
mod lab6;
mod lab7;
mod pictures;
mod report;
mod settings;
mod source;
mod training;

use arguments::Command;
use std::io::Write;
use std::process::ExitCode;
use transcript::Transcript;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments::parse(&arguments) {
        Ok(Command::Help) => write(&arguments::help()),
        Ok(Command::List) => write(&course::list()),
        Ok(Command::Run(request)) => run(&request),
        Err(mistake) => {
            eprintln!("labs: {mistake}");
            ExitCode::from(2)
        }
    }
}

/// To standard output; a reader that has gone away (`labs list | head -1`) is no failure.
fn write(text: &str) -> ExitCode {
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn run(request: &arguments::Request) -> ExitCode {
    match interruption::Keeper::of(request) {
        Ok(keeper) => interruption::prepare(keeper),
        Err(error) => {
            eprintln!("labs: cannot go on with an interrupted training: {error}");
            return ExitCode::from(2);
        }
    }
    let transcript = course::run(request);
    let mut code = ExitCode::SUCCESS;
    if let Some(folder) = &request.report {
        match report::write(&transcript, folder, &format!("lab{}.html", request.lab.number)) {
            Ok(path) => transcript.console.note(&format!("The report is {}", path.display())),
            Err(error) => {
                eprintln!("labs: cannot write the report into {}: {error}", folder.display());
                code = ExitCode::FAILURE;
            }
        }
    }
    if !agrees(&transcript) {
        code = ExitCode::FAILURE;
    }
    code
}

/// Whether all checks of a lab agreed; what differed is written to standard error.
fn agrees(transcript: &Transcript) -> bool {
    let failures: Vec<&str> = transcript.failures().collect();
    if failures.is_empty() {
        return true;
    }
    eprintln!("labs: {} of the checks found a difference:", failures.len());
    failures.iter().for_each(|failure| eprintln!("  {failure}"));
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::Console;

    #[test]
    fn a_single_wrong_value_fails_the_lab() {
        transcript::start("right", Console::silent());
        transcript::agree("dz/dx", &[("autograd", 14.0), ("by hand", 14.0)]);
        assert!(agrees(&transcript::finish()));
        transcript::start("wrong", Console::silent());
        transcript::agree("dz/dx", &[("autograd", 14.0), ("by hand", 14.0)]);
        transcript::agree("dz/dy", &[("autograd", 2.0), ("by hand", 2.1)]);
        assert!(!agrees(&transcript::finish()));
    }
}
