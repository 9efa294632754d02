//! The program itself: its arguments, its mistakes, its list and its page.

mod command;

use command::run;

#[track_caller]
fn refused(arguments: &[&str], advice: &str) {
    let output = run(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
    assert!(errors.starts_with("labs: ") && errors.contains(advice), "{arguments:?}: {errors}");
    assert!(output.stdout.is_empty(), "a refused command has no transcript");
}

#[test]
fn wrong_arguments_exit_with_2_and_say_what_to_do() {
    refused(&[], "Usage:");
    refused(&["99"], "labs list");
    refused(&["one"], "there is no lab 'one'");
    refused(&["1", "--exercise", "12"], "its exercises are 1 to 11");
    refused(&["2", "--exercise", "first"], "its exercises are 1 to 6");
    refused(&["1", "--exercise"], "--exercise 3");
    refused(&["1", "--seed", "1.5"], "whole number");
    refused(&["1", "--device", "tpu"], "cpu or gpu");
    refused(&["1", "--report"], "a folder");
    refused(&["1", "--colour"], "'--colour' is no option");
}

#[test]
fn help_and_list_name_everything() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(["--exercise", "--seed", "--device", "--report", "list"].iter().all(|word| help.contains(word)), "{help}");
    let list = run(&["list"]);
    assert!(list.status.success());
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(list.contains("Lab 1: Introduction to tensors") && list.contains("Lab 2: Computational graphs"), "{list}");
    assert!(list.contains("  11  A random tensor") && list.contains("   6  tanh(ln("), "{list}");
}

/// A folder of this test program's own, empty.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

#[test]
fn a_report_is_one_page_that_needs_nothing_else() {
    let folder = folder("pages");
    let path = folder.to_str().expect("paths here are Unicode");
    for (lab, pictures, words) in [("1", 0, "0.5349"), ("2", 11, "0.10499356687068939")] {
        let output = run(&[lab, "--report", path]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let page = std::fs::read_to_string(folder.join(format!("lab{lab}.html"))).expect("the page was written");
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
        assert!(page.contains(words) && page.contains("<nav") && page.contains("prefers-color-scheme: dark"));
        assert_eq!(page.matches("<svg").count(), pictures, "lab {lab}");
        assert_eq!(page.matches("</svg>").count(), pictures, "lab {lab}");
        assert!(page.matches("<pre class=\"input\">").count() > 50, "the code is there");
        // Addresses may name a vocabulary (xmlns), but nothing may be loaded.
        for loads in ["src=", "<link", "<script", "@import", "url(", "href=\"http", "href='http"] {
            assert!(!page.contains(loads), "the page of lab {lab} has {loads}");
        }
        for (at, _) in page.match_indices("href=\"#") {
            let target = page[at + 7..].split('"').next().expect("an attribute ends").to_string();
            assert!(page.contains(&format!("id=\"{target}\"")), "nothing is called {target}");
        }
    }
}

#[test]
fn a_report_that_cannot_be_written_is_a_failure() {
    let folder = folder("blocked");
    std::fs::write(&folder, "a file where a folder should be").expect("the folder of tests can be written");
    let output = run(&["2", "--exercise", "5", "--report", folder.to_str().expect("paths here are Unicode")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write the report into"));
}
