//! Dropout and its relatives, as layers.

use super::{forward, python};
use crate::{Mode, Module};
use tensor::{Noise, python_float};

macro_rules! dropouts {
    ($($(#[$doc:meta])* $name:ident $functional:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            p: f64,
            inplace: bool,
            /// Whether anything is dropped.
            pub training: Mode,
        }

        impl $name {
            /// With this probability of zero; PyTorch's default is 0.5.
            ///
            /// # Panics
            /// If `p` is no probability.
            #[track_caller]
            pub fn new(p: f64) -> $name {
                assert!(
                    (0.0..=1.0).contains(&p),
                    "dropout probability has to be between 0 and 1, but got {}",
                    python_float(p)
                );
                $name { p, inplace: false, training: Mode::default() }
            }

            /// Whether the result is written over the input.
            #[must_use]
            pub fn inplace(self, inplace: bool) -> $name {
                $name { inplace, ..self }
            }

            fn extra_repr(&self) -> String {
                format!("p={}, inplace={}", python_float(self.p), python(self.inplace))
            }
        }

        impl Default for $name {
            /// With the probability 0.5.
            fn default() -> $name {
                $name::new(0.5)
            }
        }

        forward!($name, |self, x| {
            let y = x.$functional(self.p, self.training.get());
            if self.inplace { x.copy_(&y) } else { y }
        });
    )* };
}

dropouts! {
    /// In training each element is zero with probability `p`, and the others are divided by 1 − p: `torch.nn.Dropout`.
    /// Hinton et al. (2012), "Improving neural networks by preventing co-adaptation of feature detectors".
    ///
    /// ```
    /// use nn::{Dropout, Forward, Module};
    /// let dropout = Dropout::new(0.2);
    /// let kept = dropout.forward(&tensor::ones([1000])).sum().item::<f64>() * 0.8;
    /// assert!((700.0..900.0).contains(&kept));
    /// dropout.eval();
    /// assert_eq!(dropout.forward(&tensor::ones([2])).to_vec::<f32>(), [1.0, 1.0]);
    /// ```
    Dropout dropout;
    /// Whole channels of lines (n, c, l) or (c, l) are dropped: `torch.nn.Dropout1d`.
    Dropout1d dropout1d;
    /// Whole channels of images (n, c, h, w) or (c, h, w) are dropped: `torch.nn.Dropout2d`. Tompson et al. (2015), "Efficient
    /// object localization using convolutional networks".
    Dropout2d dropout2d;
    /// Whole channels of volumes (n, c, d, h, w) or (c, d, h, w) are dropped: `torch.nn.Dropout3d`.
    Dropout3d dropout3d;
    /// Elements are set to the lower limit of [`SELU`](crate::SELU), and the others moved and scaled so that mean and variance
    /// stay: `torch.nn.AlphaDropout`. Klambauer et al. (2017), "Self-normalizing neural networks".
    AlphaDropout alpha_dropout;
    /// [`AlphaDropout`] of whole channels: `torch.nn.FeatureAlphaDropout`.
    FeatureAlphaDropout feature_alpha_dropout;
}
