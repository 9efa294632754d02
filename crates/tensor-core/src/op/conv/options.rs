//! The optional arguments of convolutions, with PyTorch's defaults. They know no tensor.

use crate::Spatial;

/// Zeros around the input of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// As many on both sides.
    Of(Spatial),
    /// So many that the output has the input's size; the odd one out stands at the end.
    Same,
    /// None.
    Valid,
}

impl<S: Into<Spatial>> From<S> for Padding {
    fn from(padding: S) -> Padding {
        Padding::Of(padding.into())
    }
}

/// The optional arguments of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvOptions {
    /// Places of the input from one output to the next.
    pub stride: Spatial,
    /// Zeros around the input.
    pub padding: Padding,
    /// Places of the input from one tap of the kernel to the next.
    pub dilation: Spatial,
    /// Groups of channels that do not see each other.
    pub groups: i64,
}

impl Default for ConvOptions {
    /// Stride and dilation 1, no padding, one group.
    fn default() -> ConvOptions {
        ConvOptions { stride: 1.into(), padding: 0.into(), dilation: 1.into(), groups: 1 }
    }
}

/// The optional arguments of a transposed convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvTransposeOptions {
    /// Places of the output from one input to the next.
    pub stride: Spatial,
    /// What is cut off the output on both sides.
    pub padding: Spatial,
    /// What the output has more at its end.
    pub output_padding: Spatial,
    /// Groups of channels that do not see each other.
    pub groups: i64,
    /// Places of the output from one tap of the kernel to the next.
    pub dilation: Spatial,
}

impl Default for ConvTransposeOptions {
    /// Stride and dilation 1, no padding, one group.
    fn default() -> ConvTransposeOptions {
        let none = 0.into();
        ConvTransposeOptions { stride: 1.into(), padding: none, output_padding: none, groups: 1, dilation: 1.into() }
    }
}
