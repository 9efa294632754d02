//! Lab 6 from start to end: all its checks hold, and its pictures are on the page.

mod command;

use command::transcript_of;

#[test]
fn regularization_does_what_the_lab_says() {
    let folder = std::env::temp_dir().join(format!("lab6-{}", std::process::id()));
    let lab = transcript_of(&["6", "--report", &folder.to_string_lossy()]);
    lab.printed("✓ weight_decay and the loop lead to the same weights, to a thousandth");
    lab.printed("✓ both layers give the same numbers");
    lab.printed("✓ the weights kept have the best loss of all epochs");
    lab.printed("GaussianNoise");
    let page = std::fs::read_to_string(folder.join("lab6.html")).expect("the page has been written");
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    assert!(page.matches("<svg").count() >= 10, "pictures are on the page");
    assert!(page.contains("checks hold"));
}
