//! Layers that add elements at the ends of the last dimensions.

use super::forward;
use crate::{Module, python_tuple};
use tensor::python_float;
use tensor_core::op::PadMode;

/// How many elements are added: the same number at all ends, or before and after the last dimension, the one before it, and
/// so on.
pub trait IntoEnds<const N: usize> {
    /// Before and after each dimension, the last one first.
    fn ends(self) -> [i64; N];
}

impl<const N: usize> IntoEnds<N> for i64 {
    fn ends(self) -> [i64; N] {
        [self; N]
    }
}

impl<const N: usize> IntoEnds<N> for [i64; N] {
    fn ends(self) -> [i64; N] {
        self
    }
}

impl IntoEnds<2> for (i64, i64) {
    fn ends(self) -> [i64; 2] {
        [self.0, self.1]
    }
}

impl IntoEnds<4> for (i64, i64, i64, i64) {
    fn ends(self) -> [i64; 4] {
        [self.0, self.1, self.2, self.3]
    }
}

impl IntoEnds<6> for (i64, i64, i64, i64, i64, i64) {
    fn ends(self) -> [i64; 6] {
        [self.0, self.1, self.2, self.3, self.4, self.5]
    }
}

macro_rules! pads {
    ($($(#[$doc:meta])* $name:ident $ends:literal $mode:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            padding: [i64; $ends],
        }

        impl $name {
            /// With one number for all ends, or one for each: before and after the last dimension, the one before it, …
            pub fn new(padding: impl IntoEnds<$ends>) -> $name {
                $name { padding: padding.ends() }
            }

            fn extra_repr(&self) -> String {
                python_tuple(&self.padding)
            }
        }

        forward!($name, |self, x| x.pad(&self.padding[..], $mode));
    )* };
}

pads! {
    /// Zeros at the ends of lines: `torch.nn.ZeroPad1d`.
    ZeroPad1d 2 0;
    /// Zeros around images: `torch.nn.ZeroPad2d`.
    ///
    /// ```
    /// use nn::{Forward, ZeroPad2d};
    /// assert_eq!(ZeroPad2d::new((1, 1, 2, 0)).forward(&tensor::ones([1, 1, 3, 3])).shape(), &[1, 1, 5, 5]);
    /// ```
    ZeroPad2d 4 0;
    /// Zeros around volumes: `torch.nn.ZeroPad3d`.
    ZeroPad3d 6 0;
    /// Lines mirrored at their ends: `torch.nn.ReflectionPad1d`.
    ReflectionPad1d 2 PadMode::Reflect;
    /// Images mirrored at their edges: `torch.nn.ReflectionPad2d`.
    ReflectionPad2d 4 PadMode::Reflect;
    /// Volumes mirrored at their faces: `torch.nn.ReflectionPad3d`.
    ReflectionPad3d 6 PadMode::Reflect;
    /// The ends of lines repeated: `torch.nn.ReplicationPad1d`.
    ReplicationPad1d 2 PadMode::Replicate;
    /// The edges of images repeated: `torch.nn.ReplicationPad2d`.
    ReplicationPad2d 4 PadMode::Replicate;
    /// The faces of volumes repeated: `torch.nn.ReplicationPad3d`.
    ReplicationPad3d 6 PadMode::Replicate;
    /// Lines continued by their other end: `torch.nn.CircularPad1d`.
    CircularPad1d 2 PadMode::Circular;
    /// Images continued by their other edge: `torch.nn.CircularPad2d`.
    CircularPad2d 4 PadMode::Circular;
    /// Volumes continued by their other face: `torch.nn.CircularPad3d`.
    CircularPad3d 6 PadMode::Circular;
}

macro_rules! constant_pads {
    ($($(#[$doc:meta])* $name:ident $ends:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Module)]
        #[module(extra_repr)]
        pub struct $name {
            padding: [i64; $ends],
            value: f64,
        }

        impl $name {
            /// With one number for all ends, or one for each: before and after the last dimension, the one before it, …
            pub fn new(padding: impl IntoEnds<$ends>, value: f64) -> $name {
                $name { padding: padding.ends(), value }
            }

            fn extra_repr(&self) -> String {
                format!("padding={}, value={}", python_tuple(&self.padding), python_float(self.value))
            }
        }

        forward!($name, |self, x| x.pad(&self.padding[..], self.value));
    )* };
}

constant_pads! {
    /// A number at the ends of lines: `torch.nn.ConstantPad1d`.
    ConstantPad1d 2;
    /// A number around images: `torch.nn.ConstantPad2d`.
    ConstantPad2d 4;
    /// A number around volumes: `torch.nn.ConstantPad3d`.
    ConstantPad3d 6;
}
