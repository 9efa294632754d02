//! Ctrl-C, pressed once and twice, in a process of its own.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use train::Interrupt;

const CHILD: &str = "SCONCE_INTERRUPTED_CHILD";

/// What the child does: it says that it watches, and again each time it notices a press. Without the variable it is no child.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let interrupt = Interrupt::watch().unwrap();
    assert!(!interrupt.requested());
    println!("\nwatching");
    loop {
        std::thread::sleep(std::time::Duration::from_millis(5));
        if interrupt.requested() {
            println!("\nrequested");
            // Only a second press or the end of the test ends the loop.
            std::thread::sleep(std::time::Duration::from_secs(20));
            return;
        }
    }
}

#[test]
fn one_press_asks_and_two_end() {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(CHILD, "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id().to_string();
    let press = || Command::new("kill").args(["-INT", &id]).status().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line == "watching"));
    assert!(press().success());
    assert!(lines.any(|line| line == "requested"));
    assert!(press().success());
    let end = child.wait_with_output().unwrap();
    let told = String::from_utf8(end.stderr).unwrap();
    assert_eq!(end.status.code(), Some(130), "{told}");
    assert!(told.contains("the current step will be finished") && told.contains("\nInterrupted.\n"), "{told}");
}

#[test]
fn watching_twice_watches_the_same() {
    let (one, two) = (Interrupt::watch().unwrap(), Interrupt::watch().unwrap());
    assert!(!one.requested());
    two.reset();
    assert!(!two.requested());
}
