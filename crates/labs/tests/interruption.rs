//! Ctrl-C in a training lab: it ends with a file, from which the same command comes to what an uninterrupted one prints.
#![cfg(target_os = "linux")]

mod command;

use command::run;
use sconce::train::Checkpoint;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether a process catches SIGINT by now.
fn catches(id: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 2 != 0)
}

/// Runs the program in `folder` until it trains, presses Ctrl-C, and returns what it told.
fn interrupted(arguments: &[&str], folder: &Path) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_labs"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // Before its first training the program watches nothing, and would just end.
    while !catches(child.id()) && child.try_wait().expect("a process").is_none() {
        std::thread::yield_now();
    }
    let pressed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(pressed.success());
    let end = child.wait_with_output().expect("the program ends");
    let told = String::from_utf8_lossy(&end.stderr).into_owned();
    assert_eq!(end.status.code(), Some(130), "{told}");
    told
}

#[test]
fn a_loop_that_is_written_out_keeps_its_training() {
    let folder = std::env::temp_dir().join(format!("interrupted-loop-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let told = interrupted(&["4", "--exercise", "3", "--device", "cpu"], &folder);
    assert!(told.contains("The training is kept in lab4.safetensors."), "{told}");
    let kept = Checkpoint::load(folder.join("lab4.safetensors")).expect("the file that the text names");
    assert!(kept.get("epoch").is_ok() && kept.model().iter().count() == 10, "five layers with weight and bias");
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn a_lab_goes_on_where_it_was_interrupted() {
    let folder = std::env::temp_dir().join(format!("interrupted-lab-{}", std::process::id()));
    let arguments = ["6", "--exercise", "3", "--device", "cpu"];
    let straight = run(&arguments);
    let report = folder.to_string_lossy().into_owned();
    let told = interrupted(&[&arguments[..], &["--report", &report]].concat(), Path::new("."));
    let file = folder.join("lab6.safetensors");
    assert!(file.exists() && told.contains("Interrupted after step"), "{told}");
    assert!(told.trim_end().ends_with(&format!("--resume {}", file.display())), "{told}");
    let file = file.to_string_lossy().into_owned();
    let resumed = run(&[&arguments[..], &["--resume", &file]].concat());
    assert!(resumed.status.success(), "{}", String::from_utf8_lossy(&resumed.stderr));
    assert_eq!(String::from_utf8_lossy(&resumed.stdout), String::from_utf8_lossy(&straight.stdout));

    let other = run(&["7", "--resume", &file]);
    assert_eq!(other.status.code(), Some(2));
    let text = String::from_utf8_lossy(&other.stderr).into_owned();
    assert!(text.contains("the training was interrupted in lab 6, this is lab 7"), "{text}");
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}
