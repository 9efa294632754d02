//! CIFAR-10 and CIFAR-100 (Krizhevsky, 2009) in their binary form: records of one or two labels and 3 × 32 × 32 bytes.

use super::images::{ImageSet, SetOptions};
use super::known::known_sets;
use crate::files::{Remote, Source, damaged, member, read};
use std::path::Path;
use tensor::{Result, from_vec};

/// Bytes of an image: red, green and blue planes.
const PIXELS: usize = 3 * 32 * 32;

/// What tells one set from the other.
struct Family {
    name: &'static str,
    /// The folder of the unpacked files.
    folder: &'static str,
    archive: &'static str,
    md5: &'static str,
    train: &'static [&'static str],
    test: &'static str,
    /// Labels before each image; the last is the class.
    labels: usize,
    /// The file that names the classes.
    names: &'static str,
}

const MIRRORS: &[&str] = &["http://www.cs.toronto.edu/~kriz/"];

fn open(family: &Family, root: &Path, options: &SetOptions) -> Result<ImageSet> {
    let train = if options.train { family.train } else { std::slice::from_ref(&family.test) };
    let wanted: Vec<&str> = train.iter().chain([&family.names]).copied().collect();
    let folders = [root.join(family.folder), root.to_owned()];
    let unpacked = folders.iter().find(|folder| wanted.iter().all(|name| folder.join(name).exists()));
    let mut files = vec![];
    if let Some(folder) = unpacked {
        for name in &wanted {
            let path = folder.join(name);
            files.push((read(&path)?, path));
        }
    } else {
        let source = Source { set: family.name, root, raw: "".into(), download: options.download };
        let remote = Remote { file: family.archive, md5: family.md5, mirrors: MIRRORS };
        let tar = family.archive.trim_end_matches(".gz");
        let path = source.find(&[family.archive, tar], &remote)?;
        let bytes = read(&path)?;
        for name in &wanted {
            let bytes =
                member(&bytes, name).ok_or_else(|| damaged(&path, format!("the archive holds no whole {name}")))?;
            files.push((bytes.to_vec(), path.join(name)));
        }
    }
    let names = files.pop().map(|(bytes, _)| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let classes: Vec<String> = names.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let (mut pixels, mut labels) = (vec![], vec![]);
    for (bytes, path) in &files {
        let record = family.labels + PIXELS;
        if bytes.is_empty() || bytes.len() % record != 0 {
            return Err(damaged(path, format!("{} bytes are no whole number of records of {record}", bytes.len())));
        }
        for record in bytes.chunks_exact(record) {
            let label = record[family.labels - 1];
            if usize::from(label) >= classes.len() {
                return Err(damaged(path, format!("there is a label {label}, but only {} classes", classes.len())));
            }
            labels.push(i64::from(label));
            pixels.extend_from_slice(&record[family.labels..]);
        }
    }
    let count = labels.len();
    let set = ImageSet::new(family.name, from_vec(pixels, [count, 3, 32, 32]), from_vec(labels, count), classes)?;
    Ok(set.from(root.to_owned(), options.train))
}

known_sets! {
    open, "The files of the binary form are looked for in the folder given, unpacked or as the official archive.";

    /// Photographs of ten classes, 32 × 32 pixels in colour: 50,000 for training, 10,000 for testing.
    CIFAR10 {
        name: "CIFAR10",
        folder: "cifar-10-batches-bin",
        archive: "cifar-10-binary.tar.gz",
        md5: "c32a1d4ab5d03f1284b67883e8d87530",
        train: &["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"],
        test: "test_batch.bin",
        labels: 1,
        names: "batches.meta.txt",
    }
    /// Photographs of a hundred classes, 32 × 32 pixels in colour: 50,000 for training, 10,000 for testing.
    CIFAR100 {
        name: "CIFAR100",
        folder: "cifar-100-binary",
        archive: "cifar-100-binary.tar.gz",
        md5: "03b5dce01913d631647c71ecec9e9cb8",
        train: &["train.bin"],
        test: "test.bin",
        labels: 2,
        names: "fine_label_names.txt",
    }
}
