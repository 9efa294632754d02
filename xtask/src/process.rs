//! Starting other programs, above all cargo, from the root of the repository. It does not know what they are started for.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a command did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// A program that was started said so itself; its exit code is passed on.
    Exit(u8),
    /// Something to tell.
    Text(String),
}

/// What a command comes to.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure of reading, writing or starting `what`.
    pub fn io(what: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> Failure {
        move |error| Failure::Text(format!("{what}: {error}"))
    }
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository")
}

/// Cargo, the same one that started this program, to be run in the root of the repository.
pub fn cargo<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root());
    command
}

/// Runs to the end, with this program's input and output.
///
/// # Errors
/// [`Failure::Exit`] with the program's own exit code if it is not 0.
pub fn run(command: &mut Command) -> Outcome {
    let name = PathBuf::from(command.get_program());
    let status = command.status().map_err(Failure::io(name.display()))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(Failure::Exit(u8::try_from(code).unwrap_or(1))),
        None => Err(Failure::Text(format!("{}: {status}", name.display()))),
    }
}

/// Runs to the end and returns what the program printed; its complaints go to this program's.
pub fn output(command: &mut Command) -> Outcome<String> {
    let name = PathBuf::from(command.get_program());
    let output = command.stderr(Stdio::inherit()).output().map_err(Failure::io(name.display()))?;
    match output.status.code() {
        Some(0) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        code => Err(Failure::Exit(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))),
    }
}

/// Whether the program can be started and then succeeds, in silence.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Builds the labs and runs one of them, or their list.
pub fn lab(which: &str, args: &[String]) -> Outcome {
    // The first build takes a minute or two, and whoever waits shall see it move; later there is nothing to see.
    let built = std::env::current_exe()
        .is_ok_and(|own| own.with_file_name(format!("labs{}", std::env::consts::EXE_SUFFIX)).exists());
    // A folder for the report is one of the caller's, so the lab starts where the caller is.
    let here = std::env::current_dir().map_err(Failure::io("the current folder"))?;
    let manifest = root().join("Cargo.toml");
    let mut command = cargo(["run", "--release", "--package", "labs"]);
    command.current_dir(here).arg("--manifest-path").arg(manifest);
    if built {
        command.arg("--quiet");
    }
    run(command.arg("--").arg(which).args(args))
}
