//! Pools, as layers.

use super::{forward, python, spatial, tuple};
use crate::Module;
use tensor::{Tensor, python_float};
use tensor_core::Spatial;
use tensor_core::op::MaxUnpool;
use tensor_core::op::pool::{AvgPoolOptions, IntoOutputSize, MaxPoolOptions};

/// Places from one window of a pool to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stride {
    /// The window's size: windows lie side by side.
    Window,
    /// A number, or one for each dimension.
    Of(Spatial),
}

impl<S: Into<Spatial>> From<S> for Stride {
    fn from(stride: S) -> Stride {
        Stride::Of(stride.into())
    }
}

impl Stride {
    fn given(self) -> Option<Spatial> {
        match self {
            Stride::Window => None,
            Stride::Of(stride) => Some(stride),
        }
    }

    fn or(self, window: Spatial) -> Spatial {
        self.given().unwrap_or(window)
    }
}

tensor::settings! {
    /// What a pool of largest elements takes beside its window.
    pub struct MaxPool {
        /// Places from one window to the next: its size if not given.
        stride: into Stride = Stride::Window,
        /// How far the first window reaches beyond the input.
        padding: into Spatial = 0,
        /// Places from one element of a window to the next.
        dilation: into Spatial = 1,
        /// Whether the last window may reach beyond the padding.
        ceil_mode: bool = false,
    }
}

tensor::settings! {
    /// What a pool of means takes beside its window.
    pub struct AvgPool {
        /// Places from one window to the next: its size if not given.
        stride: into Stride = Stride::Window,
        /// How many zeros stand around the input.
        padding: into Spatial = 0,
        /// Whether the last window may reach beyond the padding.
        ceil_mode: bool = false,
        /// Whether padding counts as elements of the mean.
        count_include_pad: bool = true,
        /// What sums are divided by instead of the number of elements.
        divisor_override: into Option<i32> = None,
    }
}

tensor::settings! {
    /// What a pool of p-norms takes beside its window.
    pub struct LpPool {
        /// Places from one window to the next: its size if not given.
        stride: into Stride = Stride::Window,
        /// Whether the last window may reach beyond the input.
        ceil_mode: bool = false,
    }
}

tensor::settings! {
    /// What the partial inverse of a pool takes beside its window.
    pub struct Unpool {
        /// The pool's stride: the window's size if not given.
        stride: into Stride = Stride::Window,
        /// The pool's padding.
        padding: into Spatial = 0,
    }
}

/// A layer with a window and settings, made by `new` and `with`.
macro_rules! windows {
    ($($(#[$doc:meta])* $name:ident $settings:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            #[skip]
            kernel_size: Spatial,
            #[skip]
            settings: $settings,
        }

        impl $name {
            /// With windows side by side, without padding.
            pub fn new(kernel_size: impl Into<Spatial>) -> $name {
                $name { kernel_size: kernel_size.into(), settings: $settings::default() }
            }

            /// With other settings than the default ones.
            pub fn with(kernel_size: impl Into<Spatial>, settings: impl FnOnce($settings) -> $settings) -> $name {
                $name { kernel_size: kernel_size.into(), settings: settings($settings::default()) }
            }
        }
    )* };
}

windows! {
    /// The largest element of each window of lines (n, c, l): `torch.nn.MaxPool1d`.
    MaxPool1d MaxPool;
    /// The largest element of each window of images (n, c, h, w): `torch.nn.MaxPool2d`.
    ///
    /// ```
    /// use nn::{Forward, MaxPool2d};
    /// let pool = MaxPool2d::with((3, 2), |pool| pool.stride((2, 1)));
    /// assert_eq!(pool.forward(&tensor::ones([20, 16, 50, 32])).shape(), &[20, 16, 24, 31]);
    /// ```
    MaxPool2d MaxPool;
    /// The largest element of each window of volumes (n, c, d, h, w): `torch.nn.MaxPool3d`.
    MaxPool3d MaxPool;
    /// The mean of each window of lines (n, c, l): `torch.nn.AvgPool1d`.
    AvgPool1d AvgPool;
    /// The mean of each window of images (n, c, h, w): `torch.nn.AvgPool2d`.
    ///
    /// ```
    /// use nn::{AvgPool2d, Forward};
    /// assert_eq!(AvgPool2d::new(2).forward(&tensor::ones([1, 3, 8, 8])).shape(), &[1, 3, 4, 4]);
    /// ```
    AvgPool2d AvgPool;
    /// The mean of each window of volumes (n, c, d, h, w): `torch.nn.AvgPool3d`.
    AvgPool3d AvgPool;
    /// The partial inverse of [`MaxPool1d`]: `torch.nn.MaxUnpool1d`.
    MaxUnpool1d Unpool;
    /// The partial inverse of [`MaxPool2d`]: largest elements go where they came from, zeros elsewhere.
    /// `torch.nn.MaxUnpool2d`.
    ///
    /// ```
    /// use nn::{MaxPool2d, MaxUnpool2d};
    /// let x = tensor::tensor![[[[1.0, 2.0], [3.0, 4.0]]]];
    /// let (largest, indices) = MaxPool2d::new(2).forward_with_indices(&x);
    /// let back = MaxUnpool2d::new(2).forward(&largest, &indices, None);
    /// assert_eq!(back.to_vec::<f32>(), [0.0, 0.0, 0.0, 4.0]);
    /// ```
    MaxUnpool2d Unpool;
    /// The partial inverse of [`MaxPool3d`]: `torch.nn.MaxUnpool3d`.
    MaxUnpool3d Unpool;
}

macro_rules! max_pools {
    ($($name:ident $functional:ident $with_indices:ident;)*) => { $(
        forward!($name, |self, x| x.$functional(self.kernel_size, self.settings.options()));

        impl $name {
            /// The largest elements, and where in each plane they lie: `return_indices` of PyTorch.
            #[track_caller]
            pub fn forward_with_indices(&self, x: &Tensor) -> (Tensor, Tensor) {
                let (largest, indices) = x.$with_indices(self.kernel_size, self.settings.options());
                (crate::observe(self, x, largest), indices)
            }

            fn extra_repr(&self) -> String {
                let MaxPool { stride, padding, dilation, ceil_mode } = &self.settings;
                format!(
                    "kernel_size={}, stride={}, padding={}, dilation={}, ceil_mode={}",
                    spatial(self.kernel_size),
                    spatial(stride.or(self.kernel_size)),
                    spatial(*padding),
                    spatial(*dilation),
                    python(*ceil_mode)
                )
            }
        }
    )* };
}
max_pools! {
    MaxPool1d max_pool1d max_pool1d_with_indices;
    MaxPool2d max_pool2d max_pool2d_with_indices;
    MaxPool3d max_pool3d max_pool3d_with_indices;
}

impl MaxPool {
    fn options(&self) -> MaxPoolOptions {
        let MaxPool { stride, padding, dilation, ceil_mode } = *self;
        MaxPoolOptions { stride: stride.given(), padding, dilation, ceil_mode }
    }
}

macro_rules! avg_pools {
    ($($name:ident $functional:ident $number:expr;)*) => { $(
        forward!($name, |self, x| x.$functional(self.kernel_size, self.settings.options()));

        impl $name {
            fn extra_repr(&self) -> String {
                let number: fn(Spatial) -> String = $number;
                let (kernel, stride) = (self.kernel_size, self.settings.stride.or(self.kernel_size));
                let padding = number(self.settings.padding);
                format!("kernel_size={}, stride={}, padding={padding}", number(kernel), number(stride))
            }
        }
    )* };
}
avg_pools! {
    AvgPool1d avg_pool1d |number| tuple(number, 1);
    AvgPool2d avg_pool2d spatial;
    AvgPool3d avg_pool3d spatial;
}

impl AvgPool {
    fn options(&self) -> AvgPoolOptions {
        let AvgPool { stride, padding, ceil_mode, count_include_pad, divisor_override } = *self;
        AvgPoolOptions { stride: stride.given(), padding, ceil_mode, count_include_pad, divisor_override }
    }
}

macro_rules! unpools {
    ($($name:ident $functional:ident $rank:literal;)*) => { $(
        impl $name {
            /// The input of a pool that had `indices`, of `output_size` where it is not the smallest possible.
            #[track_caller]
            pub fn forward(&self, x: &Tensor, indices: &Tensor, output_size: Option<&[usize]>) -> Tensor {
                let Unpool { stride, padding } = self.settings;
                let options = MaxUnpool { stride: stride.given(), padding, output_size };
                crate::observe(self, x, x.$functional(indices, self.kernel_size, options))
            }

            fn extra_repr(&self) -> String {
                let text = |number| tuple(number, $rank);
                let stride = self.settings.stride.or(self.kernel_size);
                let (kernel, padding) = (text(self.kernel_size), text(self.settings.padding));
                format!("kernel_size={kernel}, stride={}, padding={padding}", text(stride))
            }
        }
    )* };
}
unpools! {
    MaxUnpool1d max_unpool1d 1;
    MaxUnpool2d max_unpool2d 2;
    MaxUnpool3d max_unpool3d 3;
}

macro_rules! lp_pools {
    ($($(#[$doc:meta])* $name:ident |$x:ident, $norm:ident, $kernel:ident, $stride:ident, $ceil:ident| $output:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            norm_type: f64,
            #[skip]
            kernel_size: Spatial,
            #[skip]
            settings: LpPool,
        }

        impl $name {
            /// With windows side by side.
            pub fn new(norm_type: f64, kernel_size: impl Into<Spatial>) -> $name {
                $name::with(norm_type, kernel_size, |pool| pool)
            }

            /// With other settings than the default ones.
            pub fn with(
                norm_type: f64,
                kernel_size: impl Into<Spatial>,
                settings: impl FnOnce(LpPool) -> LpPool,
            ) -> $name {
                $name { norm_type, kernel_size: kernel_size.into(), settings: settings(LpPool::default()) }
            }

            fn extra_repr(&self) -> String {
                let LpPool { stride, ceil_mode } = &self.settings;
                format!(
                    "norm_type={}, kernel_size={}, stride={}, ceil_mode={}",
                    python_float(self.norm_type),
                    spatial(self.kernel_size),
                    stride.given().map_or("None".into(), spatial),
                    python(*ceil_mode)
                )
            }
        }

        forward!($name, |self, $x| {
            let ($norm, $kernel) = (self.norm_type, self.kernel_size);
            let ($stride, $ceil) = (self.settings.stride.given(), self.settings.ceil_mode);
            $output
        });
    )* };
}
lp_pools! {
    /// The p-norm of each window of lines (n, c, l): `torch.nn.LPPool1d`.
    LPPool1d |x, norm, kernel, stride, ceil| {
        let one = |number: Spatial| number.as_slice()[0] as usize;
        x.lp_pool1d(norm, one(kernel), stride.map(one), ceil)
    };
    /// The p-norm of each window of images (n, c, h, w): `torch.nn.LPPool2d`.
    LPPool2d |x, norm, kernel, stride, ceil| x.lp_pool2d(norm, kernel, stride, ceil);
    /// The p-norm of each window of volumes (n, c, d, h, w): `torch.nn.LPPool3d`.
    LPPool3d |x, norm, kernel, stride, ceil| x.lp_pool3d(norm, kernel, stride, ceil);
}

macro_rules! adaptive {
    ($($(#[$doc:meta])* $name:ident $functional:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            output_size: usize,
        }

        impl $name {
            /// With outputs of this size in each spatial dimension.
            pub fn new(output_size: usize) -> $name {
                $name { output_size }
            }

            fn extra_repr(&self) -> String {
                format!("output_size={}", self.output_size)
            }
        }

        forward!($name, |self, x| x.$functional(self.output_size));
    )* };
}
adaptive! {
    /// Means of as many windows of a line (n, c, l) as are wanted: `torch.nn.AdaptiveAvgPool1d`.
    AdaptiveAvgPool1d adaptive_avg_pool1d;
    /// Largest elements of as many windows of a line (n, c, l) as are wanted: `torch.nn.AdaptiveMaxPool1d`.
    AdaptiveMaxPool1d adaptive_max_pool1d;
}

macro_rules! adaptive2d {
    ($($(#[$doc:meta])* $name:ident $functional:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            #[skip]
            output_size: [Option<i64>; 2],
            /// Whether one size was given for both dimensions, which the printed form tells.
            square: bool,
        }

        impl $name {
            /// With outputs of this height and width: `7`, `(5, 7)`, `(None, Some(7))`, where `None` keeps the input's.
            pub fn new<S: IntoOutputSize + 'static>(output_size: S) -> $name {
                let square = std::any::TypeId::of::<S>() == std::any::TypeId::of::<usize>();
                $name { output_size: output_size.output_size(), square }
            }

            fn extra_repr(&self) -> String {
                let text = |size: Option<i64>| size.map_or("None".into(), |size| size.to_string());
                match self.output_size.map(text) {
                    [size, _] if self.square => format!("output_size={size}"),
                    [height, width] => format!("output_size=({height}, {width})"),
                }
            }
        }

        forward!($name, |self, x| {
            let [height, width] = self.output_size.map(|size| size.map(|size| size as usize));
            x.$functional((height, width))
        });
    )* };
}
adaptive2d! {
    /// Means of as many windows of an image (n, c, h, w) as are wanted: `torch.nn.AdaptiveAvgPool2d`.
    ///
    /// ```
    /// use nn::{AdaptiveAvgPool2d, Forward};
    /// let pool = AdaptiveAvgPool2d::new((Some(1), None));
    /// assert_eq!(pool.forward(&tensor::ones([1, 64, 8, 9])).shape(), &[1, 64, 1, 9]);
    /// ```
    AdaptiveAvgPool2d adaptive_avg_pool2d;
    /// Largest elements of as many windows of an image (n, c, h, w) as are wanted: `torch.nn.AdaptiveMaxPool2d`.
    AdaptiveMaxPool2d adaptive_max_pool2d;
}
