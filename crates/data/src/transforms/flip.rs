//! Mirror images, at random.

use super::Transform;
use super::draws::chance;
use tensor::{Tensor, python_float};

macro_rules! flips {
    ($($(#[$doc:meta])* $name:ident, $axis:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name {
            p: f64,
        }

        impl $name {
            /// Mirrored with probability `p` (torchvision's default: 0.5).
            pub fn new(p: f64) -> $name {
                $name { p }
            }
        }

        impl Default for $name {
            fn default() -> $name {
                $name::new(0.5)
            }
        }

        impl Transform for $name {
            fn apply(&self, image: &Tensor) -> Tensor {
                if chance(|u| u < self.p as f32) { image.flip([$axis]) } else { image.clone() }
            }

            fn describe(&self) -> String {
                format!("{}(p={})", stringify!($name), python_float(self.p))
            }
        }
    )* };
}

flips! {
    /// Left and right exchanged, with a probability.
    ///
    /// ```
    /// use data::transforms::{RandomHorizontalFlip, Transform};
    /// let image = tensor::tensor([[[1, 2, 3]]]);
    /// assert_eq!(RandomHorizontalFlip::new(1.0).apply(&image).to_string(), "tensor([[[3, 2, 1]]])");
    /// ```
    RandomHorizontalFlip, -1;
    /// Top and bottom exchanged, with a probability.
    RandomVerticalFlip, -2;
}
