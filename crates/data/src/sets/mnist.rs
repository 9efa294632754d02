//! MNIST and its relatives: 28 × 28 grey images of ten classes in four IDX files, with torchvision's folders and checksums.

use super::idx::read_idx;
use super::images::{ImageSet, SetOptions};
use super::known::known_sets;
use crate::files::{Remote, Source, damaged};
use std::path::Path;
use tensor::{DType, Place, Result};

/// What tells one of the sets from the others.
struct Family {
    name: &'static str,
    /// Where the files can be had by plain HTTP.
    mirrors: &'static [&'static str],
    /// MD5 sums: images and labels for training, then for testing.
    sums: [&'static str; 4],
    classes: [&'static str; 10],
}

const FILES: [&str; 4] =
    ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

fn open(family: &Family, root: &Path, options: &SetOptions) -> Result<ImageSet> {
    let source = Source { set: family.name, root, raw: Path::new(family.name).join("raw"), download: options.download };
    let file = |at: usize| {
        let zipped = format!("{}.gz", FILES[at]);
        source.find(&[FILES[at], &zipped], &Remote { file: &zipped, md5: family.sums[at], mirrors: family.mirrors })
    };
    let first = if options.train { 0 } else { 2 };
    let (images, labels) = (file(first)?, file(first + 1)?);
    let (data, targets) = (read_idx(&images)?, read_idx(&labels)?);
    if data.ndim() != 3 || data.dtype() != DType::U8 {
        return Err(damaged(&images, format!("images are uint8 of three dimensions, not {}", data.dtype())));
    }
    if targets.ndim() != 1 || targets.dtype() != DType::U8 {
        return Err(damaged(&labels, "labels are uint8 of one dimension"));
    }
    let classes = family.classes.iter().map(|&class| class.to_owned()).collect();
    let set = ImageSet::new(family.name, data, targets.to(DType::I64), classes)?;
    Ok(set.from(root.to_owned(), options.train))
}

known_sets! {
    open, "The files, compressed or not, are looked for in the folder given, in its `raw`, and where torchvision puts them.";

    /// Handwritten digits (LeCun, Cortes and Burges, 1998): 60,000 for training, 10,000 for testing.
    MNIST {
        name: "MNIST",
        mirrors: &["http://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"],
        sums: [
            "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3",
            "ec29112dd5afa0611ce80d1b7f02629c",
        ],
        classes: [
            "0 - zero", "1 - one", "2 - two", "3 - three", "4 - four", "5 - five", "6 - six", "7 - seven", "8 - eight",
            "9 - nine",
        ],
    }
    /// Clothes (Xiao, Rasul and Vollgraf, 2017): 60,000 images for training, 10,000 for testing.
    FashionMNIST {
        name: "FashionMNIST",
        mirrors: &["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
        sums: [
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79",
            "bb300cfdad3c16e7a12a480ee83cd310",
        ],
        classes: [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ],
    }
    /// Cursive Japanese characters (Clanuwat et al., 2018): 60,000 images for training, 10,000 for testing.
    KMNIST {
        name: "KMNIST",
        mirrors: &["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
        sums: [
            "bdb82020997e1d708af4cf47b453dcf7",
            "e144d726b3acfaa3e44228e80efcd344",
            "5c965bf0a639b31b8f53240b1b52f4d7",
            "7320c461ea6c1c855c0b718fb2a4b134",
        ],
        classes: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
    }
}
