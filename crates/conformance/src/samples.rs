//! Shapes with layouts on which every operation has to work: contiguous, transposed, sliced, broadcast, without dimensions,
//! empty, of many dimensions, and large enough for several blocks and threads. It knows no operation.

use crate::rule;
use tensor_core::{DType, Device, Tensor};

/// A shape and where its elements lie in the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The name, for reports.
    pub name: &'static str,
    /// The sizes.
    pub shape: &'static [usize],
    /// Strides and offset, in elements; `None` for a contiguous tensor with a storage of its own.
    pub layout: Option<(&'static [usize], usize)>,
}

macro_rules! samples {
    ($($name:ident: [$($size:literal),*] $(at [$($stride:literal),*] + $offset:literal)?;)*) => {
        /// Every sample. `fixtures/value_inputs.py` has the same table.
        pub const ALL: &[Sample] = &[$(
            Sample { name: stringify!($name), shape: &[$($size),*], layout: samples!(@ $([$($stride),*] $offset)?) }
        ),*];
    };
    (@) => { None };
    (@ [$($stride:literal),*] $offset:literal) => { Some((&[$($stride),*], $offset)) };
}

samples! {
    contiguous: [3, 4];
    transposed: [3, 4] at [1, 3] + 0;
    stepped: [3, 4] at [10, 2] + 1;
    rows_repeated: [3, 4] at [0, 1] + 2;
    columns_repeated: [3, 4] at [1, 0] + 0;
    all_repeated: [3, 4] at [0, 0] + 4;
    number: [];
    number_inside: [] at [] + 5;
    vector_stepped: [7] at [3] + 2;
    permuted: [2, 3, 4] at [1, 8, 2] + 0;
    permuted_sliced: [2, 3, 4] at [1, 24, 5] + 3;
    ones_between: [1, 3, 1, 4] at [50, 1, 7, 3] + 0;
    empty: [0, 3];
    empty_inside: [2, 0, 3] at [1, 6, 2] + 1;
    seven_dims: [2, 1, 2, 1, 2, 1, 2] at [1, 3, 2, 9, 4, 5, 8] + 0;
    large: [40, 1100];
    large_transposed: [1100, 40] at [1, 1100] + 0;
    large_stepped: [220, 200] at [601, 3] + 2;
}

impl Sample {
    /// The number of elements.
    pub fn numel(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether an operation in place may write to it: no two elements share a place.
    pub fn is_writable(&self) -> bool {
        self.layout.is_none_or(|(strides, _)| self.numel() < 2 || !strides.contains(&0))
    }

    /// A tensor of this shape and layout on `device`, its storage filled by a [`rule`].
    ///
    /// ```
    /// use conformance::samples;
    /// use tensor_core::DType;
    /// for sample in samples::ALL {
    ///     let x = sample.tensor(DType::F32, "u-1~1", 7, ops_cpu::cpu());
    ///     assert_eq!(x.shape()[..], *sample.shape);
    /// }
    /// ```
    pub fn tensor(&self, dtype: DType, rule: &str, seed: u32, device: &'static dyn Device) -> Tensor {
        place(dtype, self.shape, self.layout, rule, seed, device).1
    }
}

/// The storage as a vector, and the tensor in it. A storage that is not the tensor's alone has three elements too many, which
/// writes must leave as they are.
pub fn place(
    dtype: DType,
    shape: &[usize],
    layout: Option<(&[usize], usize)>,
    rule: &str,
    seed: u32,
    device: &'static dyn Device,
) -> (Tensor, Tensor) {
    let numel: usize = shape.iter().product();
    let Some((strides, offset)) = layout else {
        let base = rule::vector(dtype, rule, seed, numel, device);
        return (base.clone(), base.view(shape).detach());
    };
    let reach = match numel {
        0 => 0,
        _ => shape.iter().zip(strides).map(|(size, stride)| (size - 1) * stride).sum::<usize>() + 1,
    };
    let base = rule::vector(dtype, rule, seed, offset + reach + 3, device);
    let tensor = base.as_strided(shape, strides, offset);
    (base, tensor)
}
