//! Transforms of images, with torchvision's names, defaults, printed text and random draws. An image is a tensor `[..., C, H, W]`;
//! one of `uint8` stands for what torchvision calls a PIL image and gives its values, one of floats for a tensor there. They know
//! no data set.
//!
//! ```
//! use data::transforms::{Compose, Normalize, RandomHorizontalFlip, ToTensor, Transform};
//! let transform = Compose::new()
//!     .then(RandomHorizontalFlip::new(0.5))
//!     .then(ToTensor)
//!     .then(Normalize::new([0.5], [0.5]))
//!     .then(|x: &tensor::Tensor| x * 2);
//! let image = tensor::zeros_with([1, 4, 4], tensor::DType::U8);
//! assert_eq!(transform.apply(&image).max().item::<f64>(), -2.0);
//! assert_eq!(
//!     transform.describe(),
//!     "Compose(\n    RandomHorizontalFlip(p=0.5)\n    ToTensor()\n    Normalize(mean=[0.5], std=[0.5])\n    Lambda()\n)"
//! );
//! ```

mod color;
mod compose;
mod crop;
mod draws;
mod erase;
mod flip;
mod hsv;
mod image;
mod jitter;
mod noise;
mod pad;
mod resample;
mod resize;
mod resized_crop;
mod rotate;
mod tensors;

pub use color::Grayscale;
pub use compose::{Compose, Lambda, RandomApply};
pub use crop::{CenterCrop, RandomCrop, RandomCropOptions};
pub use erase::{RandomErasing, RandomErasingOptions};
pub use flip::{RandomHorizontalFlip, RandomVerticalFlip};
pub use image::{ImageSize, Margins};
pub use jitter::{ColorJitter, ColorJitterOptions, Range};
pub use noise::{GaussianNoise, GaussianNoiseOptions};
pub use pad::{Pad, PadOptions, PaddingMode};
pub use resize::{Resize, ResizeOptions, ResizeSize};
pub use resized_crop::{RandomResizedCrop, RandomResizedCropOptions};
pub use rotate::{RandomRotation, RandomRotationOptions};
pub use tensors::{Normalize, ToTensor};

use std::sync::Arc;
use tensor::Tensor;

/// A function from an image to an image.
pub trait Transform: Send + Sync {
    /// The image transformed; random ones draw from the default generator.
    #[track_caller]
    fn apply(&self, image: &Tensor) -> Tensor;

    /// The transform and its settings, as torchvision prints them.
    fn describe(&self) -> String {
        "Lambda()".into()
    }
}

/// A closure is a transform.
impl<F: Fn(&Tensor) -> Tensor + Send + Sync> Transform for F {
    fn apply(&self, image: &Tensor) -> Tensor {
        self(image)
    }
}

impl Transform for Arc<dyn Transform> {
    fn apply(&self, image: &Tensor) -> Tensor {
        (**self).apply(image)
    }

    fn describe(&self) -> String {
        (**self).describe()
    }
}

/// `Display` and `Debug` of transforms are what they describe.
macro_rules! shown {
    ($($ty:ty),* $(,)?) => { $(
        impl std::fmt::Display for $ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&Transform::describe(self))
            }
        }

        impl std::fmt::Debug for $ty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&Transform::describe(self))
            }
        }
    )* };
}
shown!(
    CenterCrop,
    ColorJitter,
    Compose,
    GaussianNoise,
    Grayscale,
    Lambda,
    Normalize,
    Pad,
    RandomApply,
    RandomCrop,
    RandomErasing,
    RandomHorizontalFlip,
    RandomResizedCrop,
    RandomRotation,
    RandomVerticalFlip,
    Resize,
    ToTensor,
);
