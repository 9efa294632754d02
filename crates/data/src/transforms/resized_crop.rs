//! A part of an image of random area and proportion, in a fixed size: what nets for photographs are trained on.

use super::Transform;
use super::draws::{position, sides};
use super::image::{ImageSize, rectangle, size};
use super::resize::resize;
use tensor::{Tensor, python_float};

tensor::settings! {
    /// What a [`RandomResizedCrop`] takes beside its size.
    pub struct RandomResizedCropOptions {
        /// The least and the greatest share of the image's area.
        scale: (f64, f64) = (0.08, 1.0),
        /// The least and the greatest width over height.
        ratio: (f64, f64) = (3.0 / 4.0, 4.0 / 3.0),
    }
}

/// A random part of an image, resized (Szegedy et al., 2015).
///
/// ```
/// use data::transforms::{RandomResizedCrop, Transform};
/// let image = tensor::zeros_with([3, 300, 400], tensor::DType::U8);
/// assert_eq!(RandomResizedCrop::new(224).apply(&image).shape()[..], [3, 224, 224]);
/// ```
#[derive(Clone)]
pub struct RandomResizedCrop {
    size: ImageSize,
    options: RandomResizedCropOptions,
}

/// How often a part is drawn until one fits.
const ATTEMPTS: usize = 10;

impl RandomResizedCrop {
    /// Parts in this size.
    pub fn new(size: impl Into<ImageSize>) -> RandomResizedCrop {
        RandomResizedCrop::with(size, |crop| crop)
    }

    /// Parts in this size, as the settings say.
    pub fn with(
        size: impl Into<ImageSize>,
        settings: impl FnOnce(RandomResizedCropOptions) -> RandomResizedCropOptions,
    ) -> RandomResizedCrop {
        RandomResizedCrop { size: size.into(), options: settings(RandomResizedCropOptions::default()) }
    }

    /// The part of an image of size `own`: top, left and size.
    fn part(&self, own: ImageSize) -> (usize, usize, ImageSize) {
        let RandomResizedCropOptions { scale, ratio } = self.options;
        for _ in 0..ATTEMPTS {
            let (width, height) = sides(own.height * own.width, scale, ratio);
            if (1..=own.width).contains(&width) && (1..=own.height).contains(&height) {
                let top = position(own.height - height);
                return (top, position(own.width - width), ImageSize { height, width });
            }
        }
        // The greatest part of an allowed proportion, from the centre.
        let (least, most) = (ratio.0.min(ratio.1), ratio.0.max(ratio.1));
        let proportion = own.width as f64 / own.height as f64;
        let mut part = own;
        if proportion < least {
            part.height = (own.width as f64 / least).round_ties_even() as usize;
        } else if proportion > most {
            part.width = (own.height as f64 * most).round_ties_even() as usize;
        }
        ((own.height - part.height) / 2, (own.width - part.width) / 2, part)
    }
}

impl Transform for RandomResizedCrop {
    #[track_caller]
    fn apply(&self, image: &Tensor) -> Tensor {
        let (top, left, part) = self.part(size(image));
        resize(&rectangle(image, top, left, part), self.size)
    }

    fn describe(&self) -> String {
        let rounded = |x: f64| python_float((x * 1e4).round_ties_even() / 1e4).to_string();
        let pair = |(a, b): (f64, f64)| format!("({}, {})", rounded(a), rounded(b));
        format!(
            "RandomResizedCrop(size={}, scale={}, ratio={}, interpolation=bilinear, antialias=True)",
            self.size.describe(),
            pair(self.options.scale),
            pair(self.options.ratio)
        )
    }
}
