//! A set of images in memory, all of one size, with a class each. It knows no files.

use crate::dataset::gather;
use crate::transforms::Transform;
use crate::{Collate, Dataset, default_collate};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use tensor::{Error, ErrorKind, Result, Tensor};

tensor::settings! {
    /// How a known set is opened.
    pub struct SetOptions {
        /// Whether to take the images for training, or those for testing.
        train: bool = true,
        /// Whether files that are missing come from the network.
        download: bool = false,
    }
}

/// Images in memory with their classes; an item is (image `uint8` [C, H, W], class), or what a transform makes of it.
///
/// It prints as torchvision's sets do.
#[derive(Clone)]
pub struct ImageSet {
    name: String,
    data: Tensor,
    targets: Tensor,
    labels: Arc<[i64]>,
    classes: Arc<[String]>,
    place: Option<(PathBuf, bool)>,
    transform: Option<Arc<dyn Transform>>,
}

impl ImageSet {
    /// A set of images `uint8` [N, H, W] or [N, C, H, W] and classes `int64` `[N]`.
    ///
    /// # Errors
    /// If there are not as many classes as images.
    pub fn new(name: &str, data: Tensor, targets: Tensor, classes: Vec<String>) -> Result<ImageSet> {
        let (images, labels) = (data.try_size(0)?, targets.try_to_vec::<i64>()?);
        if images != labels.len() {
            let text = format!("{name}: {images} images, but {} labels", labels.len());
            return Err(Error::new(ErrorKind::Format, text));
        }
        let (name, labels, classes) = (name.to_owned(), labels.into(), classes.into());
        Ok(ImageSet { name, data, targets, labels, classes, place: None, transform: None })
    }

    /// Where it was read from, and whether it is the part for training.
    pub(super) fn from(mut self, root: PathBuf, train: bool) -> ImageSet {
        self.place = Some((root, train));
        self
    }

    /// The set with `transform` applied to each image.
    #[must_use]
    pub fn transform(mut self, transform: impl Transform + 'static) -> ImageSet {
        self.transform = Some(Arc::new(transform));
        self
    }

    /// All images, untransformed: `uint8` [N, H, W] where they are grey, else [N, C, H, W].
    pub fn data(&self) -> &Tensor {
        &self.data
    }

    /// All classes, `int64` `[N]`.
    pub fn targets(&self) -> &Tensor {
        &self.targets
    }

    /// The names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// With a dimension for the channel.
    fn with_channel(images: Tensor) -> Tensor {
        images.unsqueeze(-3)
    }
}

impl Dataset for ImageSet {
    type Item = (Tensor, i64);

    fn len(&self) -> usize {
        self.labels.len()
    }

    #[track_caller]
    fn get(&self, index: usize) -> (Tensor, i64) {
        let image = self.data.select(0, index as i64);
        let image = if image.ndim() == 2 { ImageSet::with_channel(image) } else { image };
        let image = self.transform.iter().fold(image, |image, transform| transform.apply(&image));
        (image, self.labels[index])
    }

    fn batch(&self, indices: &[usize]) -> (Tensor, Tensor)
    where
        Self::Item: Collate,
    {
        if self.transform.is_some() {
            return default_collate(indices.iter().map(|&index| self.get(index)).collect());
        }
        let images = gather(&self.data, indices);
        (if images.ndim() == 3 { ImageSet::with_channel(images) } else { images }, gather(&self.targets, indices))
    }
}

impl fmt::Display for ImageSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dataset {}\n    Number of datapoints: {}", self.name, self.len())?;
        if let Some((root, train)) = &self.place {
            let split = if *train { "Train" } else { "Test" };
            write!(f, "\n    Root location: {}\n    Split: {split}", root.display())?;
        }
        write_transform(f, self.transform.as_deref())
    }
}

impl fmt::Debug for ImageSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The transform of a set as torchvision prints it: further lines stand below the first.
pub(super) fn write_transform(f: &mut fmt::Formatter<'_>, transform: Option<&dyn Transform>) -> fmt::Result {
    let Some(transform) = transform else { return Ok(()) };
    let head = "Transform: ";
    let text = transform.describe().replace('\n', &format!("\n{}", " ".repeat(head.len())));
    write!(f, "\n    StandardTransform\n{head}{text}")
}
