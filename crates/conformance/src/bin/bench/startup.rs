//! How long a program takes that adds two tensors and prints the sum, from its start to its exit.

use crate::measure::{Bench, Timing, Work};
use sconce::prelude::*;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The argument with which this program is the one that is timed.
pub const PROBE: &str = "--startup-probe";

/// How often it is started.
const STARTS: usize = 20;

/// What the timed program does.
pub fn probe() {
    println!("{}", tensor![1.0, 2.0] + tensor![3.0, 4.0]);
}

/// Adds the case.
///
/// # Panics
/// If this program cannot start itself.
pub fn register(bench: &mut Bench) {
    if bench.wants("startup") && !bench.smoke {
        let own = std::env::current_exe().expect("the path of this program");
        let start = || {
            let before = Instant::now();
            let status = Command::new(&own).arg(PROBE).stdout(Stdio::null()).status().expect("this program starts");
            assert!(status.success(), "the program that adds two tensors failed: {status}");
            before.elapsed().as_secs_f64() * 1e6
        };
        // The first start reads the program from the disk.
        start();
        bench.report("startup", Timing::of((0..STARTS).map(|_| start()).collect()), 1, Work::default());
    }
}
