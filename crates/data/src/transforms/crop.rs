//! Rectangles cut out of an image, from its centre or at random.

use super::Transform;
use super::draws::position;
use super::image::{ImageSize, Margins, rectangle, size};
use super::pad::{PaddingMode, enlarge, pad};
use tensor::Tensor;

/// The rectangle at the centre; a smaller image gets a margin of zeros first.
///
/// ```
/// use data::transforms::{CenterCrop, Transform};
/// let image = tensor::arange(16).reshape([1, 4, 4]);
/// assert_eq!(CenterCrop::new(2).apply(&image).to_string(), "tensor([[[ 5,  6],\n         [ 9, 10]]])");
/// ```
#[derive(Clone)]
pub struct CenterCrop {
    size: ImageSize,
}

impl CenterCrop {
    /// Rectangles of this size: a number for both sides, or (height, width).
    pub fn new(size: impl Into<ImageSize>) -> CenterCrop {
        CenterCrop { size: size.into() }
    }
}

impl Transform for CenterCrop {
    fn apply(&self, image: &Tensor) -> Tensor {
        let image = enlarge(image, self.size);
        let own = size(&image);
        let start = |have: usize, want: usize| ((have - want) as f64 / 2.0).round_ties_even() as usize;
        rectangle(&image, start(own.height, self.size.height), start(own.width, self.size.width), self.size)
    }

    fn describe(&self) -> String {
        format!("CenterCrop(size={})", self.size.describe())
    }
}

tensor::settings! {
    /// What a [`RandomCrop`] takes beside its size.
    pub struct RandomCropOptions {
        /// Margins that the image gets first.
        padding: into OptionalMargins = OptionalMargins(None),
        /// Whether an image smaller than the crop gets the margins it needs.
        pad_if_needed: bool = false,
        /// The number that fills constant margins.
        fill: f64 = 0.0,
        /// What fills the margins.
        padding_mode: PaddingMode = PaddingMode::Constant,
    }
}

/// Margins, or none.
#[derive(Clone, Copy, Debug)]
pub struct OptionalMargins(pub Option<Margins>);

impl<M: Into<Margins>> From<M> for OptionalMargins {
    fn from(margins: M) -> OptionalMargins {
        OptionalMargins(Some(margins.into()))
    }
}

/// A rectangle at a random place.
///
/// ```
/// use data::transforms::{RandomCrop, Transform};
/// tensor::manual_seed(0);
/// let image = tensor::arange(16).reshape([1, 4, 4]);
/// let crop = RandomCrop::with(4, |crop| crop.padding(1));
/// assert_eq!(crop.apply(&image).shape()[..], [1, 4, 4]);
/// assert_eq!(crop.to_string(), "RandomCrop(size=(4, 4), padding=1)");
/// ```
#[derive(Clone)]
pub struct RandomCrop {
    size: ImageSize,
    options: RandomCropOptions,
}

impl RandomCrop {
    /// Rectangles of this size: a number for both sides, or (height, width).
    pub fn new(size: impl Into<ImageSize>) -> RandomCrop {
        RandomCrop::with(size, |crop| crop)
    }

    /// Rectangles of this size, as the settings say.
    pub fn with(
        size: impl Into<ImageSize>,
        settings: impl FnOnce(RandomCropOptions) -> RandomCropOptions,
    ) -> RandomCrop {
        RandomCrop { size: size.into(), options: settings(RandomCropOptions::default()) }
    }
}

impl Transform for RandomCrop {
    #[track_caller]
    fn apply(&self, image: &Tensor) -> Tensor {
        let (wanted, options) = (self.size, &self.options);
        let padded = |image: &Tensor, sides| pad(image, sides, options.fill, options.padding_mode);
        let mut image = image.clone();
        if let Some(margins) = options.padding.0 {
            image = padded(&image, margins.sides);
        }
        let own = size(&image);
        if options.pad_if_needed {
            let (x, y) = (wanted.width.saturating_sub(own.width), wanted.height.saturating_sub(own.height));
            image = padded(&padded(&image, [x, 0, x, 0]), [0, y, 0, y]);
        }
        let own = size(&image);
        if own.height < wanted.height || own.width < wanted.width {
            panic!("Required crop size {} is larger than input image size {}", wanted.describe(), own.describe());
        }
        if own == wanted {
            return image;
        }
        let top = position(own.height - wanted.height);
        let left = position(own.width - wanted.width);
        rectangle(&image, top, left, wanted)
    }

    fn describe(&self) -> String {
        let padding = self.options.padding.0.map_or("None".into(), Margins::describe);
        format!("RandomCrop(size={}, padding={padding})", self.size.describe())
    }
}
