//! Convolutions and transposed convolutions, as layers.

use super::{Creation, bias_parameter, forward, kaiming_parameter, tuple};
use crate::Module;
use tensor::Tensor;
use tensor_core::Spatial;
use tensor_core::op::PadMode;
use tensor_core::op::conv::{ConvOptions, ConvTransposeOptions, Padding};

/// What stands around the input of a convolution: `padding_mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaddingMode {
    /// Zeros.
    #[default]
    Zeros,
    /// The input, mirrored at its outermost elements.
    Reflect,
    /// Its outermost elements.
    Replicate,
    /// Its other end.
    Circular,
}

impl PaddingMode {
    fn name(self) -> &'static str {
        match self {
            PaddingMode::Zeros => "zeros",
            PaddingMode::Reflect => "reflect",
            PaddingMode::Replicate => "replicate",
            PaddingMode::Circular => "circular",
        }
    }
}

tensor::settings! {
    /// What a convolution takes beside its channels and its kernel.
    pub struct Convolution {
        /// Places of the input from one output to the next.
        stride: into Spatial = 1,
        /// What is added around the input: a number, one for each dimension, or [`Padding::Same`].
        padding: into Padding = 0,
        /// Places of the input from one tap of the kernel to the next.
        dilation: into Spatial = 1,
        /// Groups of channels that do not see each other.
        groups: usize = 1,
        /// Whether there is a bias.
        bias: bool = true,
        /// What is added around the input.
        padding_mode: PaddingMode = PaddingMode::Zeros,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

tensor::settings! {
    /// What a transposed convolution takes beside its channels and its kernel.
    pub struct TransposedConvolution {
        /// Places of the output from one input to the next.
        stride: into Spatial = 1,
        /// What is cut off the output on both sides.
        padding: into Spatial = 0,
        /// What the output has more at its end.
        output_padding: into Spatial = 0,
        /// Groups of channels that do not see each other.
        groups: usize = 1,
        /// Whether there is a bias.
        bias: bool = true,
        /// Places of the output from one tap of the kernel to the next.
        dilation: into Spatial = 1,
        /// The parameters' dtype and device.
        creation: into Creation = Creation::new(),
    }
}

/// The sizes of a kernel of `rank` dimensions.
#[track_caller]
fn kernel(size: Spatial, rank: usize) -> Vec<usize> {
    match size.each(rank) {
        Some(sizes) => sizes[..rank].iter().map(|size| usize::try_from(*size).unwrap_or(0)).collect(),
        None => {
            panic!("expected kernel_size to be a single integer value or a list of {rank} values, but got {size:?}")
        }
    }
}

#[track_caller]
fn check_groups(in_channels: usize, out_channels: usize, groups: usize) {
    assert!(groups > 0, "groups must be a positive integer");
    assert!(in_channels.is_multiple_of(groups), "in_channels must be divisible by groups");
    assert!(out_channels.is_multiple_of(groups), "out_channels must be divisible by groups");
}

macro_rules! convolutions {
    ($($(#[$doc:meta])* $name:ident $rank:literal $functional:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            /// (out_channels, in_channels / groups, kernel…)
            pub weight: Tensor,
            /// (out_channels)
            pub bias: Option<Tensor>,
            #[skip]
            settings: Convolution,
        }

        impl $name {
            /// With stride 1, without padding.
            #[track_caller]
            pub fn new(in_channels: usize, out_channels: usize, kernel_size: impl Into<Spatial>) -> $name {
                $name::with(in_channels, out_channels, kernel_size, |convolution| convolution)
            }

            /// With other settings than the default ones.
            ///
            /// # Panics
            /// If the channels do not divide by the groups, or the settings do not fit each other.
            #[track_caller]
            pub fn with(
                in_channels: usize,
                out_channels: usize,
                kernel_size: impl Into<Spatial>,
                settings: impl FnOnce(Convolution) -> Convolution,
            ) -> $name {
                let settings = settings(Convolution::default());
                check_groups(in_channels, out_channels, settings.groups);
                if settings.padding == Padding::Same && settings.stride.each($rank).is_some_and(|stride| stride[..$rank] != [1; $rank]) {
                    panic!("padding='same' is not supported for strided convolutions");
                }
                let kernel = kernel(kernel_size.into(), $rank);
                let shape = [&[out_channels, in_channels / settings.groups], &kernel[..]].concat();
                let weight = kaiming_parameter(&shape, settings.creation);
                let bias = settings.bias.then(|| bias_parameter(&weight, out_channels, settings.creation));
                $name { weight, bias, settings }
            }

            fn extra_repr(&self) -> String {
                self.settings.text(&self.weight, $rank)
            }
        }

        forward!($name, |self, x| {
            let (padded, options) = self.settings.apply(x, &self.weight, $rank);
            padded.$functional(&self.weight, self.bias.as_ref(), options)
        });
    )* };
}

convolutions! {
    /// A convolution over lines (n, c, l): `torch.nn.Conv1d`.
    ///
    /// Weight and bias are drawn evenly from ±1/√(in_channels / groups · taps).
    ///
    /// ```
    /// use nn::{Conv1d, Forward};
    /// let layer = Conv1d::with(16, 33, 3, |conv| conv.stride(2));
    /// assert_eq!(layer.forward(&tensor::ones([20, 16, 50])).shape(), &[20, 33, 24]);
    /// ```
    Conv1d 1 conv1d;
    /// A convolution over images (n, c, h, w): `torch.nn.Conv2d`. Its outputs have the height
    /// ⌊(h + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1.
    ///
    /// Weight and bias are drawn evenly from ±1/√(in_channels / groups · taps).
    ///
    /// ```
    /// use nn::{Conv2d, Forward};
    /// let layer = Conv2d::with(16, 33, (3, 5), |conv| conv.stride((2, 1)).padding((4, 2)));
    /// assert_eq!(layer.forward(&tensor::ones([20, 16, 50, 100])).shape(), &[20, 33, 28, 100]);
    /// ```
    Conv2d 2 conv2d;
    /// A convolution over volumes (n, c, d, h, w): `torch.nn.Conv3d`.
    ///
    /// Weight and bias are drawn evenly from ±1/√(in_channels / groups · taps).
    Conv3d 3 conv3d;
}

macro_rules! transposed_convolutions {
    ($($(#[$doc:meta])* $name:ident $rank:literal $functional:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            /// (in_channels, out_channels / groups, kernel…)
            pub weight: Tensor,
            /// (out_channels)
            pub bias: Option<Tensor>,
            #[skip]
            settings: TransposedConvolution,
        }

        impl $name {
            /// With stride 1, without padding.
            #[track_caller]
            pub fn new(in_channels: usize, out_channels: usize, kernel_size: impl Into<Spatial>) -> $name {
                $name::with(in_channels, out_channels, kernel_size, |convolution| convolution)
            }

            /// With other settings than the default ones.
            ///
            /// # Panics
            /// If the channels do not divide by the groups.
            #[track_caller]
            pub fn with(
                in_channels: usize,
                out_channels: usize,
                kernel_size: impl Into<Spatial>,
                settings: impl FnOnce(TransposedConvolution) -> TransposedConvolution,
            ) -> $name {
                let settings = settings(TransposedConvolution::default());
                check_groups(in_channels, out_channels, settings.groups);
                let kernel = kernel(kernel_size.into(), $rank);
                let shape = [&[in_channels, out_channels / settings.groups], &kernel[..]].concat();
                let weight = kaiming_parameter(&shape, settings.creation);
                let bias = settings.bias.then(|| bias_parameter(&weight, out_channels, settings.creation));
                $name { weight, bias, settings }
            }

            /// The output with these spatial sizes, where the stride leaves several: `output_size` of PyTorch's `forward`.
            ///
            /// # Panics
            /// If there is no such output.
            #[track_caller]
            pub fn forward_sized(&self, x: &Tensor, output_size: &[usize]) -> Tensor {
                let options = self.settings.sized(x, &self.weight, output_size, $rank);
                crate::observe(self, x, x.$functional(&self.weight, self.bias.as_ref(), options))
            }

            fn extra_repr(&self) -> String {
                self.settings.text(&self.weight, $rank)
            }
        }

        forward!($name, |self, x| x.$functional(&self.weight, self.bias.as_ref(), self.settings.options()));
    )* };
}

transposed_convolutions! {
    /// A transposed convolution over lines (n, c, l), the gradient of a convolution: `torch.nn.ConvTranspose1d`.
    ///
    /// Weight and bias are drawn evenly from ±1/√(out_channels / groups · taps).
    ConvTranspose1d 1 conv_transpose1d;
    /// A transposed convolution over images (n, c, h, w), the gradient of a convolution: `torch.nn.ConvTranspose2d`.
    ///
    /// Weight and bias are drawn evenly from ±1/√(out_channels / groups · taps).
    ///
    /// ```
    /// use nn::{ConvTranspose2d, Forward};
    /// let layer = ConvTranspose2d::with(16, 8, 4, |conv| conv.stride(2).padding(1));
    /// assert_eq!(layer.forward(&tensor::ones([1, 16, 7, 7])).shape(), &[1, 8, 14, 14]);
    /// ```
    ConvTranspose2d 2 conv_transpose2d;
    /// A transposed convolution over volumes (n, c, d, h, w): `torch.nn.ConvTranspose3d`.
    ///
    /// Weight and bias are drawn evenly from ±1/√(out_channels / groups · taps).
    ConvTranspose3d 3 conv_transpose3d;
}

/// `, name=(…)` where the numbers are not all the usual one.
fn unusual(name: &str, numbers: Spatial, usual: i64, rank: usize) -> String {
    match numbers.each(rank) {
        Some(numbers) if numbers[..rank].iter().all(|number| *number == usual) => String::new(),
        _ => format!(", {name}={}", tuple(numbers, rank)),
    }
}

/// `1, 64, kernel_size=(3, 3), stride=(1, 1)`
fn sizes(weight: &Tensor, [inputs, outputs]: [usize; 2], stride: Spatial, rank: usize) -> String {
    let kernel = crate::python_tuple(&weight.shape()[2..]);
    format!("{inputs}, {outputs}, kernel_size={kernel}, stride={}", tuple(stride, rank))
}

/// `, groups=2`, `, bias=False` where they are not usual.
fn groups_and_bias(groups: usize, bias: bool) -> String {
    let groups = if groups == 1 { String::new() } else { format!(", groups={groups}") };
    groups + if bias { "" } else { ", bias=False" }
}

impl Convolution {
    fn text(&self, weight: &Tensor, rank: usize) -> String {
        let channels = [weight.size(1) * self.groups, weight.size(0)];
        let padding = match self.padding {
            Padding::Of(numbers) => unusual("padding", numbers, 0, rank),
            Padding::Same => ", padding=same".into(),
            Padding::Valid => ", padding=valid".into(),
        };
        let mode = match self.padding_mode {
            PaddingMode::Zeros => String::new(),
            other => format!(", padding_mode={}", other.name()),
        };
        let dilation = unusual("dilation", self.dilation, 1, rank);
        let rest = groups_and_bias(self.groups, self.bias);
        format!("{}{padding}{dilation}{rest}{mode}", sizes(weight, channels, self.stride, rank))
    }

    /// The input with what the convolution itself does not add, and the convolution's options.
    #[track_caller]
    fn apply(&self, x: &Tensor, weight: &Tensor, rank: usize) -> (Tensor, ConvOptions) {
        let groups = self.groups as i64;
        let options = ConvOptions { stride: self.stride, padding: self.padding, dilation: self.dilation, groups };
        let mode = match self.padding_mode {
            PaddingMode::Zeros => return (x.clone(), options),
            PaddingMode::Reflect => PadMode::Reflect,
            PaddingMode::Replicate => PadMode::Replicate,
            PaddingMode::Circular => PadMode::Circular,
        };
        (x.pad(self.ends(weight, rank), mode), ConvOptions { padding: Padding::Valid, ..options })
    }

    /// What is added before and after each dimension, the last one first.
    fn ends(&self, weight: &Tensor, rank: usize) -> Vec<i64> {
        let dilation = self.dilation.each(rank).unwrap_or([1; 3]);
        let side = |dim: usize| match self.padding {
            Padding::Of(numbers) => [numbers.each(rank).unwrap_or_default()[dim]; 2],
            Padding::Same => {
                let total = dilation[dim] * (weight.shape()[2 + dim] as i64 - 1);
                [total / 2, total - total / 2]
            }
            Padding::Valid => [0, 0],
        };
        (0..rank).rev().flat_map(side).collect()
    }
}

impl TransposedConvolution {
    fn text(&self, weight: &Tensor, rank: usize) -> String {
        let channels = [weight.size(0), weight.size(1) * self.groups];
        let padding = unusual("padding", self.padding, 0, rank);
        let dilation = unusual("dilation", self.dilation, 1, rank);
        let output_padding = unusual("output_padding", self.output_padding, 0, rank);
        let rest = groups_and_bias(self.groups, self.bias);
        format!("{}{padding}{dilation}{output_padding}{rest}", sizes(weight, channels, self.stride, rank))
    }

    fn options(&self) -> ConvTransposeOptions {
        ConvTransposeOptions {
            stride: self.stride,
            padding: self.padding,
            output_padding: self.output_padding,
            groups: self.groups as i64,
            dilation: self.dilation,
        }
    }

    /// The options that give an output of these sizes.
    #[track_caller]
    fn sized(&self, x: &Tensor, weight: &Tensor, output_size: &[usize], rank: usize) -> ConvTransposeOptions {
        let wanted = &output_size[output_size.len().saturating_sub(rank)..];
        assert!(
            wanted.len() == rank,
            "ConvTranspose{rank}D: output_size must have {rank} elements (got {})",
            output_size.len()
        );
        let each = |numbers: Spatial| numbers.each(rank).unwrap_or_default();
        let (stride, padding, dilation) = (each(self.stride), each(self.padding), each(self.dilation));
        let mut more = [0; 3];
        for dim in 0..rank {
            let (size, taps) = (x.size(dim as i64 - rank as i64) as i64, weight.shape()[2 + dim] as i64);
            let least = (size - 1) * stride[dim] - 2 * padding[dim] + dilation[dim] * (taps - 1) + 1;
            more[dim] = wanted[dim] as i64 - least;
            assert!(
                (0..stride[dim]).contains(&more[dim]),
                "requested an output size of {wanted:?}, but valid sizes of dimension {dim} range from {least} to {} (for an \
                 input of {:?})",
                least + stride[dim] - 1,
                x.shape()
            );
        }
        let output_padding = match rank {
            1 => more[0].into(),
            2 => [more[0], more[1]].into(),
            _ => more.into(),
        };
        ConvTransposeOptions { output_padding, ..self.options() }
    }
}
