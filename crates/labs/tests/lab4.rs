//! Lab 4: the convolutions by number, and the networks on the digits that the library carries; one epoch on the real data,
//! where they are.

mod command;

use command::transcript_of;

/// A folder without data.
fn nowhere() -> String {
    let folder = std::env::temp_dir().join(format!("no-data-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder.to_string_lossy().into_owned()
}

#[test]
fn a_convolution_finds_the_edge_and_sizes_follow_the_formula() {
    let lab = transcript_of(&["4", "--exercise", "1"]);
    lab.printed("[ 0., 30., 30.,  0.]");
    lab.printed("stride 3, padding 2: [1, 1, 3, 3], by the formula 3");
    let lab = transcript_of(&["4", "--exercise", "2"]);
    lab.printed("Conv2d(3, 3, kernel_size=(3, 3), stride=(1, 1), bias=False)");
    lab.printed("weight: [3, 3, 3, 3]");
}

#[test]
fn the_network_reads_the_small_digits() {
    let lab = transcript_of(&["4", "--exercise", "3", "--data", &nowhere()]);
    lab.printed("✓ it reads at least 85 % of the unseen digits");
    lab.printed("(0): Conv2d(1, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))");
    for exercise in ["4", "6"] {
        transcript_of(&["4", "--exercise", exercise, "--data", &nowhere()]);
    }
    transcript_of(&["4", "--exercise", "5", "--data", &nowhere()]).printed("There are no files of Fashion-MNIST here.");
}

#[test]
fn damaged_data_are_told_of() {
    let folder = std::env::temp_dir().join(format!("damaged-data-{}", std::process::id()));
    for set in ["mnist", "fashion-mnist"] {
        std::fs::create_dir_all(folder.join(set)).expect("a folder can be made");
    }
    let path = folder.to_string_lossy();
    transcript_of(&["4", "--exercise", "6", "--epochs", "1", "--data", &path]).printed("MNIST is not used:");
    transcript_of(&["4", "--exercise", "5", "--data", &path]).printed("The files of Fashion-MNIST cannot be used:");
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[test]
fn real_data_are_used_where_they_are() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    if !std::path::Path::new(folder).is_dir() {
        println!("skipped: there are no real data at {folder}");
        return;
    }
    let lab = transcript_of(&["4", "--exercise", "6", "--epochs", "1", "--data", folder]);
    lab.printed("MNIST's test images: 28 × 28 pixels, 8000 to learn from and 2000 unseen");
    let lab = transcript_of(&["4", "--exercise", "5", "--epochs", "1", "--data", folder]);
    lab.printed("5000 to learn from and 699 unseen");
}
