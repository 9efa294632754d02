//! Layers that only rearrange elements.

use super::{forward, spatial};
use crate::{Module, python_tuple};
use tensor_core::op::FoldOptions;
use tensor_core::{IntoShape, Spatial};

/// The dimensions from one to another made one: `torch.nn.Flatten`, by default all but the first.
///
/// ```
/// use nn::{Flatten, Forward};
/// assert_eq!(Flatten::new().forward(&tensor::ones([32, 1, 5, 5])).shape(), &[32, 25]);
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct Flatten {
    start_dim: i64,
    end_dim: i64,
}

impl Flatten {
    /// All dimensions but the first.
    pub fn new() -> Flatten {
        Flatten::of(1, -1)
    }

    /// The dimensions from `start_dim` to `end_dim`, both included.
    pub fn of(start_dim: i64, end_dim: i64) -> Flatten {
        Flatten { start_dim, end_dim }
    }

    fn extra_repr(&self) -> String {
        format!("start_dim={}, end_dim={}", self.start_dim, self.end_dim)
    }
}

impl Default for Flatten {
    fn default() -> Flatten {
        Flatten::new()
    }
}

forward!(Flatten, |self, x| x.flatten_dims(self.start_dim, self.end_dim));

/// One dimension made several: `torch.nn.Unflatten`.
///
/// ```
/// use nn::{Forward, Unflatten};
/// assert_eq!(Unflatten::new(1, [2, 5, 5]).forward(&tensor::ones([2, 50])).shape(), &[2, 2, 5, 5]);
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct Unflatten {
    dim: i64,
    unflattened_size: Vec<i64>,
}

impl Unflatten {
    /// The dimension `dim` as dimensions of these sizes, of which one may be −1.
    pub fn new(dim: i64, unflattened_size: impl IntoShape) -> Unflatten {
        Unflatten { dim, unflattened_size: unflattened_size.sizes().to_vec() }
    }

    fn extra_repr(&self) -> String {
        format!("dim={}, unflattened_size={}", self.dim, python_tuple(&self.unflattened_size))
    }
}

forward!(Unflatten, |self, x| x.unflatten(self.dim, &self.unflattened_size[..]));

macro_rules! shuffles {
    ($($(#[$doc:meta])* $name:ident $field:ident $functional:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            $field: usize,
        }

        impl $name {
            /// The layer.
            pub fn new($field: usize) -> $name {
                $name { $field }
            }

            fn extra_repr(&self) -> String {
                format!("{}={}", stringify!($field), self.$field)
            }
        }

        forward!($name, |self, x| x.$functional(self.$field));
    )* };
}

shuffles! {
    /// Channels made places: (n, c·r², h, w) to (n, c, h·r, w·r). `torch.nn.PixelShuffle`. Shi et al. (2016), "Real-time single
    /// image and video super-resolution using an efficient sub-pixel convolutional neural network".
    ///
    /// ```
    /// use nn::{Forward, PixelShuffle};
    /// assert_eq!(PixelShuffle::new(3).forward(&tensor::ones([1, 9, 4, 4])).shape(), &[1, 1, 12, 12]);
    /// ```
    PixelShuffle upscale_factor pixel_shuffle;
    /// Places made channels, the inverse of [`PixelShuffle`]: `torch.nn.PixelUnshuffle`.
    PixelUnshuffle downscale_factor pixel_unshuffle;
    /// Channels of several groups dealt out in turn: `torch.nn.ChannelShuffle`.
    ChannelShuffle groups channel_shuffle;
}

tensor::settings! {
    /// What windows take beside their size.
    pub struct Windows {
        /// Places from one element of a window to the next.
        dilation: into Spatial = 1,
        /// Zeros around the image.
        padding: into Spatial = 0,
        /// Places from one window to the next.
        stride: into Spatial = 1,
    }
}

impl Windows {
    fn options(&self) -> FoldOptions {
        FoldOptions { dilation: self.dilation, padding: self.padding, stride: self.stride }
    }

    fn text(&self) -> String {
        let [dilation, padding, stride] = [self.dilation, self.padding, self.stride].map(spatial);
        format!("dilation={dilation}, padding={padding}, stride={stride}")
    }
}

/// The windows of images (n, c, h, w) as columns (n, c·taps, windows): `torch.nn.Unfold`.
///
/// ```
/// use nn::{Forward, Unfold};
/// assert_eq!(Unfold::new((2, 3)).forward(&tensor::ones([2, 5, 3, 4])).shape(), &[2, 30, 4]);
/// ```
#[derive(Module)]
#[module(extra_repr)]
pub struct Unfold {
    #[skip]
    kernel_size: Spatial,
    #[skip]
    settings: Windows,
}

impl Unfold {
    /// With windows at all places.
    pub fn new(kernel_size: impl Into<Spatial>) -> Unfold {
        Unfold::with(kernel_size, |windows| windows)
    }

    /// With other settings than the default ones.
    pub fn with(kernel_size: impl Into<Spatial>, settings: impl FnOnce(Windows) -> Windows) -> Unfold {
        Unfold { kernel_size: kernel_size.into(), settings: settings(Windows::default()) }
    }

    fn extra_repr(&self) -> String {
        format!("kernel_size={}, {}", spatial(self.kernel_size), self.settings.text())
    }
}

forward!(Unfold, |self, x| x.unfold_windows(self.kernel_size, self.settings.options()));

/// Images (n, c, h, w) as the sums of windows given as columns (n, c·taps, windows): `torch.nn.Fold`.
#[derive(Module)]
#[module(extra_repr)]
pub struct Fold {
    #[skip]
    output_size: Spatial,
    #[skip]
    kernel_size: Spatial,
    #[skip]
    settings: Windows,
}

impl Fold {
    /// With windows at all places.
    pub fn new(output_size: impl Into<Spatial>, kernel_size: impl Into<Spatial>) -> Fold {
        Fold::with(output_size, kernel_size, |windows| windows)
    }

    /// With other settings than the default ones.
    pub fn with(
        output_size: impl Into<Spatial>,
        kernel_size: impl Into<Spatial>,
        settings: impl FnOnce(Windows) -> Windows,
    ) -> Fold {
        let settings = settings(Windows::default());
        Fold { output_size: output_size.into(), kernel_size: kernel_size.into(), settings }
    }

    fn extra_repr(&self) -> String {
        let (output, kernel) = (spatial(self.output_size), spatial(self.kernel_size));
        format!("output_size={output}, kernel_size={kernel}, {}", self.settings.text())
    }
}

forward!(Fold, |self, x| x.fold(self.output_size, self.kernel_size, self.settings.options()));
