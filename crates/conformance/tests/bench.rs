//! Every case of the benchmark runs; nothing is measured.

use std::process::Command;

#[test]
fn every_case_of_the_benchmark_runs() {
    let output = Command::new(env!("CARGO_BIN_EXE_bench")).arg("--smoke").output().expect("the program starts");
    let (printed, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "the last case that ran: {:?}\n{errors}", printed.lines().last());
    // One case of each file, so that none is left out of the list.
    let cases = "overhead/item elem/add_1M reduce/sum_all_1M matmul/f32_64 mem/roll_4096x1024 rng/rand_16M conv/maxpool2_32x64x56x56_fwd \
                 train/mlp_adam";
    for case in cases.split_whitespace() {
        assert!(printed.contains(&format!("{case}: runs\n")), "no case {case}");
    }
}
