//! The blocks that a window cuts out of images as columns of a matrix, and columns added up to images. Each is the other's
//! derivative.

use super::{Op, Plan};
use crate::spatial::packed;
use crate::twins::twins;
use crate::{DType, Dims, Layout, Result, Spatial, Tensor, bail};

/// Blocks of images as columns, or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fold {
    /// Images `[n, c, h, w]` to columns `[n, c · block, blocks]`.
    Columns(Blocks),
    /// Columns to images, elements of one place added up.
    Images(Blocks),
}

/// Which blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Blocks {
    /// The images' height and width.
    pub size: [u32; 2],
    /// Height and width of a block.
    pub kernel: [u16; 2],
    /// Places from one block to the next.
    pub stride: [u16; 2],
    /// Zeros around the image.
    pub padding: [u16; 2],
    /// Places from one element of a block to the next.
    pub dilation: [u16; 2],
}

impl Blocks {
    /// The number of blocks along each dimension; may come out below one.
    pub fn counts(&self) -> [i64; 2] {
        std::array::from_fn(|i| {
            let of = |list: [u16; 2]| list[i] as i64;
            let room = self.size[i] as i64 + 2 * of(self.padding) - of(self.dilation) * (of(self.kernel) - 1) - 1;
            room.div_euclid(of(self.stride)) + 1
        })
    }

    /// Elements of a block.
    fn area(&self) -> usize {
        self.kernel[0] as usize * self.kernel[1] as usize
    }
}

impl Fold {
    pub(crate) fn plan(self, x: &Tensor) -> Result<Plan> {
        let sizes = x.shape();
        let (name, shape): (_, Dims) = match self {
            Fold::Columns(blocks) => {
                let [rows, columns] = blocks.counts();
                let count = (rows * columns) as usize;
                ("im2col_out_cpu", [sizes[0], sizes[1] * blocks.area(), count].as_slice().into())
            }
            Fold::Images(blocks) => {
                let [h, w] = blocks.size.map(|size| size as usize);
                ("col2im_out_cpu", [sizes[0], sizes[1] / blocks.area(), h, w].as_slice().into())
            }
        };
        crate::shape::checked_numel(&shape)?;
        let dtype = x.dtype();
        if !dtype.is_floating_point() && dtype != DType::Bool {
            bail!(DType, "\"{name}\" not implemented for '{}'", dtype.type_name());
        }
        Ok(Plan { layout: Layout::contiguous(shape), dtype, compute: dtype })
    }
}

/// The optional arguments of [`Tensor::unfold_windows`] and [`Tensor::fold`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoldOptions {
    /// Places from one element of a block to the next.
    pub dilation: Spatial,
    /// Zeros around the image.
    pub padding: Spatial,
    /// Places from one block to the next.
    pub stride: Spatial,
}

impl Default for FoldOptions {
    /// Dilation and stride 1, no padding.
    fn default() -> FoldOptions {
        FoldOptions { dilation: 1.into(), padding: 0.into(), stride: 1.into() }
    }
}

fn pair(what: &str, list: Spatial) -> Result<[i64; 2]> {
    match list.each(2) {
        Some(values) => Ok([values[0], values[1]]),
        None => bail!(Value, "It is expected {what} equals to 2, but got size {}", list.as_slice().len()),
    }
}

/// A window's numbers, checked, without the images' size.
fn blocks(kernel: Spatial, options: FoldOptions) -> Result<Blocks> {
    let kernel = pair("kernel_size", kernel)?;
    let dilation = pair("dilation", options.dilation)?;
    let padding = pair("padding", options.padding)?;
    let stride = pair("stride", options.stride)?;
    for (what, short, list, least) in [
        ("kernel size should be greater than zero", "kernel", kernel, 1),
        ("dilation should be greater than zero", "dilation", dilation, 1),
        ("padding should be non-negative", "pad", padding, 0),
        ("stride should be greater than zero", "stride", stride, 1),
    ] {
        if list.iter().any(|number| *number < least) {
            bail!(Value, "{what}, but got {short}_height: {} {short}_width: {}", list[0], list[1]);
        }
    }
    let two = |list: [i64; 2]| packed([list[0], list[1], 0]).map(|list| [list[0], list[1]]);
    Ok(Blocks {
        size: [0; 2],
        kernel: two(kernel)?,
        stride: two(stride)?,
        padding: two(padding)?,
        dilation: two(dilation)?,
    })
}

twins! {
    /// The blocks that a window cuts out of images `[n, c, h, w]` or `[c, h, w]`, as columns of a matrix
    /// `[n, c · kernel height · kernel width, blocks]`: PyTorch's `nn.functional.unfold`, known as *im2col*. (Its method
    /// [`unfold`](Tensor::unfold) is the view of windows along one dimension.)
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::FoldOptions};
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0, 4.0], [1, 2, 2], ops_cpu::cpu());
    /// let columns = x.unfold_windows([1, 2], FoldOptions::default());
    /// assert_eq!(columns.shape()[..], [2, 2]);
    /// assert_eq!(columns.to_vec::<f32>(), [1.0, 3.0, 2.0, 4.0]);
    /// ```
    ///
    /// # Errors
    /// If a number is out of its range, no window fits, the input has another rank or is empty, or holds whole numbers.
    #[doc(alias = "im2col")]
    pub fn unfold_windows | try_unfold_windows [S: Into<Spatial>] (self, kernel_size: S, options: FoldOptions) -> Tensor {
        crate::shape::checked_dim(2, self.ndim())?;
        let found = blocks(kernel_size.into(), options)?;
        let rank = self.ndim();
        if (rank != 3 && rank != 4) || self.shape()[rank - 3..].contains(&0) {
            bail!(
                Shape,
                "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: \
                 {:?}",
                self.shape()
            );
        }
        let size = [self.shape()[rank - 2], self.shape()[rank - 1]];
        let found = Blocks { size: size.map(|size| size as u32), ..found };
        let [rows, columns] = found.counts();
        if rows < 1 || columns < 1 {
            bail!(
                Shape,
                "Given input with spatial size ({}, {}), kernel_size={}, dilation={}, padding={}, calculated shape of the array of \
                 sliding blocks as ({rows}, {columns}), but its components must be at least one.",
                size[0],
                size[1],
                written(found.kernel),
                written(found.dilation),
                written(found.padding)
            );
        }
        let op = Op::Fold(Fold::Columns(found));
        if rank == 4 {
            return Tensor::apply(op, &[self]);
        }
        Tensor::apply(op, &[&self.try_unsqueeze(0)?])?.try_squeeze_dim(0)
    }

    /// Images `[n, c, h, w]` of height and width `output_size` from columns of blocks, as
    /// [`unfold_windows`](Tensor::unfold_windows) gives them: where blocks overlap, their elements add up. PyTorch's
    /// `nn.functional.fold`, known as *col2im*.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::FoldOptions};
    /// let columns = Tensor::from_vec(vec![1.0f32, 2.0, 10.0, 20.0], [2, 2], ops_cpu::cpu());
    /// let image = columns.fold([1, 3], [1, 2], FoldOptions::default());
    /// assert_eq!(image.to_vec::<f32>(), [1.0, 12.0, 20.0]);
    /// ```
    ///
    /// # Errors
    /// If a number is out of its range, or the columns are not those of such images.
    #[doc(alias = "col2im")]
    pub fn fold | try_fold [O: Into<Spatial>, S: Into<Spatial>] (
        self, output_size: O, kernel_size: S, options: FoldOptions
    ) -> Tensor {
        let size = pair("output_size", output_size.into())?;
        let found = blocks(kernel_size.into(), options)?;
        let rank = self.ndim();
        if (rank != 2 && rank != 3) || self.shape()[rank - 2..].contains(&0) {
            bail!(
                Shape,
                "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, but \
                 got: {:?}",
                self.shape()
            );
        }
        let (lines, columns) = (self.shape()[rank - 2], self.shape()[rank - 1]);
        if !lines.is_multiple_of(found.area()) {
            bail!(
                Shape,
                "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)={lines} and \
                 kernel_size={}.",
                written(found.kernel)
            );
        }
        let whole = |size: i64| u32::try_from(size).unwrap_or(0);
        let found = Blocks { size: size.map(whole), ..found };
        let [high, wide] = found.counts();
        if high * wide != columns as i64 || high < 1 || size.iter().any(|size| *size < 1) {
            bail!(
                Shape,
                "Given output_size=({}, {}), kernel_size={}, dilation={}, padding={}, stride={}, expected size of input's dimension 2 \
                 to match the calculated number of sliding blocks {high} * {wide} = {}, but got input.size(2)={columns}.",
                size[0],
                size[1],
                written(found.kernel),
                written(found.dilation),
                written(found.padding),
                written(found.stride),
                high * wide
            );
        }
        let op = Op::Fold(Fold::Images(found));
        if rank == 3 {
            return Tensor::apply(op, &[self]);
        }
        Tensor::apply(op, &[&self.try_unsqueeze(0)?])?.try_squeeze_dim(0)
    }
}

fn written([a, b]: [u16; 2]) -> String {
    format!("({a}, {b})")
}
