//! Pictures to learn from: the real ones where their files are, else the digits that the library carries. It knows no exercise.

use crate::settings::Settings;
use sconce::data::sets::{Digits, FashionMNIST, ImageSet, MNIST};
use sconce::data::{Dataset, TensorDataset};
use sconce::prelude::*;

/// Pictures (n, 1, h, w) from 0 to 1 with their labels.
pub type Labelled = TensorDataset<(Tensor, Tensor)>;

/// A set of pictures in two parts.
pub struct Pictures {
    /// What they are, in a sentence.
    pub about: String,
    /// Those to learn from.
    pub learn: Labelled,
    /// Those that a network has not seen.
    pub unseen: Labelled,
    /// The names of the classes.
    pub classes: Vec<String>,
    /// The height and width.
    pub side: usize,
    /// Whether they are the real set that the exercises speak of.
    pub real: bool,
}

/// Handwritten digits: MNIST's 10,000 test images, 8,000 to learn from and 2,000 unseen, or the 1,797 small ones.
pub fn handwriting(settings: &Settings) -> Pictures {
    match settings.data("mnist").map(MNIST::test) {
        Some(Ok(set)) => split(&set, 8000, true, "MNIST's test images: 28 × 28 pixels"),
        Some(Err(error)) => {
            let instead = digits();
            Pictures { about: format!("MNIST is not used: {error} {}", instead.about), ..instead }
        }
        None => digits(),
    }
}

/// The 1,797 digits that the library carries, 1,437 to learn from.
pub fn digits() -> Pictures {
    let set = Digits::load().expect("the digits are a part of the program");
    split(&set, 1437, false, "the digits of the UCI repository: 8 × 8 pixels")
}

/// Clothes: a part of Fashion-MNIST.
///
/// # Errors
/// Why there are none, and what to do.
pub fn clothes(settings: &Settings) -> std::result::Result<Pictures, String> {
    let folder = settings.data("fashion-mnist").ok_or(
        "There are no files of Fashion-MNIST here. Put the four files of the set (`train-images-idx3-ubyte.gz` and the others, \
         from https://github.com/zalandoresearch/fashion-mnist) into a folder `fashion-mnist` and give the folder around it: \
         `--data FOLDER`.",
    )?;
    let broken = |error: Error| format!("The files of Fashion-MNIST cannot be used: {error}");
    let (train, test) = (FashionMNIST::train(&folder).map_err(broken)?, FashionMNIST::test(&folder).map_err(broken)?);
    let (learn, unseen) = (labelled(&train, 0, train.len()), labelled(&test, 0, test.len()));
    let about = sentence("Fashion-MNIST: 28 × 28 pixels", train.len(), test.len());
    Ok(Pictures { about, learn, unseen, classes: train.classes().to_vec(), side: 28, real: true })
}

fn split(set: &ImageSet, learn: usize, real: bool, what: &str) -> Pictures {
    Pictures {
        about: sentence(what, learn, set.len() - learn),
        learn: labelled(set, 0, learn),
        unseen: labelled(set, learn, set.len()),
        classes: set.classes().to_vec(),
        side: set.data().size(-1),
        real,
    }
}

fn sentence(what: &str, learn: usize, unseen: usize) -> String {
    format!("The pictures are {what}, {learn} to learn from and {unseen} unseen.")
}

/// The pictures from `start` to `end`, brightest 1.
fn labelled(set: &ImageSet, start: usize, end: usize) -> Labelled {
    let images = set.data().float().unsqueeze(1);
    let images = &images / &images.max();
    let part = |all: &Tensor| all.narrow(0, start as i64, end - start);
    TensorDataset::new((part(&images), part(set.targets())))
}
