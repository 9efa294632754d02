//! Pools: the largest element or the mean of each window of an image, windows at even distances or adapted to a wanted size of the
//! output, and what gradients need of them. One-dimensional pools are images of height one.

use super::{Op, Plan};
use crate::spatial::packed;
use crate::twins::twins;
use crate::{DType, Dims, Layout, Result, Spatial, Tensor, bail, shape};

/// What is made of each window. Images are `[…, h, w]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pool {
    /// The largest element; the last NaN if there is one.
    Max(Pooling),
    /// Where that is, as `int64`, counted row-major in the image.
    MaxIndex(Pooling),
    /// Inputs (gradient of the output, input): each gradient at the place of its window's largest element.
    MaxGradient(Pooling),
    /// The mean.
    Mean(Pooling),
    /// Input (gradient of the output): each gradient spread over its window.
    MeanGradient(Pooling),
}

/// The windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pooling {
    /// Their size, height and width; zero where they adapt to the sizes of input and output.
    pub kernel: [u16; 2],
    /// Places from one window to the next.
    pub stride: [u16; 2],
    /// How far the first window reaches beyond the image.
    pub padding: [u16; 2],
    /// Places from one element of a window to the next.
    pub dilation: [u16; 2],
    /// Of gradients the size of the input, of adapting windows that of the output, else nothing.
    pub size: [u32; 2],
    /// What sums are divided by; zero for the number of elements.
    pub divisor: i32,
    /// Whether a window may begin inside and reach beyond the padding.
    pub ceil: bool,
    /// Whether padding counts as elements of the mean.
    pub counts_padding: bool,
}

impl Pooling {
    const ADAPTIVE: Pooling = Pooling {
        kernel: [0; 2],
        stride: [1; 2],
        padding: [0; 2],
        dilation: [1; 2],
        size: [0; 2],
        divisor: 0,
        ceil: false,
        counts_padding: false,
    };

    /// Whether windows adapt to the sizes of input and output.
    pub fn is_adaptive(&self) -> bool {
        self.kernel == [0; 2]
    }

    /// The number of windows along dimension `i` of `input` places; may come out below one.
    fn output(&self, i: usize, input: usize) -> i64 {
        if self.is_adaptive() {
            return self.size[i] as i64;
        }
        let of = |list: [u16; 2]| list[i] as i64;
        let (input, stride, padding) = (input as i64, of(self.stride), of(self.padding));
        let room = input + 2 * padding - of(self.dilation) * (of(self.kernel) - 1) - 1;
        let windows = (room + if self.ceil { stride - 1 } else { 0 }).div_euclid(stride) + 1;
        // The last window must begin inside the image or the padding before it.
        if self.ceil && (windows - 1) * stride >= input + padding { windows - 1 } else { windows }
    }

    /// The same windows with the size of an input of the given shape.
    pub fn of_input(self, shape: &[usize]) -> Pooling {
        let size = |back: usize| shape[shape.len() - back] as u32;
        Pooling { size: [size(2), size(1)], ..self }
    }
}

impl Pool {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let x = inputs[0];
        let (images, sides) = x.shape().split_at(x.ndim() - 2);
        let sized = |size: [i64; 2]| -> Result<Dims> {
            let shape: Dims = images.iter().copied().chain(size.iter().map(|size| *size as usize)).collect();
            shape::checked_numel(&shape)?;
            Ok(shape)
        };
        let (pooling, shape) = match self {
            Pool::Max(pooling) | Pool::MaxIndex(pooling) | Pool::Mean(pooling) => {
                let size = [pooling.output(0, sides[0]), pooling.output(1, sides[1])];
                if size.iter().any(|size| *size < if pooling.is_adaptive() { 0 } else { 1 }) {
                    let channels = images.last().copied().unwrap_or(1);
                    bail!(
                        Shape,
                        "Given input size: ({channels}x{}x{}). Calculated output size: ({channels}x{}x{}). Output size is too small",
                        sides[0],
                        sides[1],
                        size[0],
                        size[1]
                    );
                }
                (pooling, sized(size)?)
            }
            Pool::MaxGradient(pooling) | Pool::MeanGradient(pooling) => {
                (pooling, sized(pooling.size.map(|size| size as i64))?)
            }
        };
        let own = x.dtype();
        let name = match (self, pooling.is_adaptive()) {
            (Pool::Max(_) | Pool::MaxIndex(_) | Pool::MaxGradient(_), true) => "adaptive_max_pool2d",
            (Pool::Max(_) | Pool::MaxIndex(_) | Pool::MaxGradient(_), false) => "max_pool2d",
            (Pool::Mean(_) | Pool::MeanGradient(_), true) => "adaptive_avg_pool2d",
            (Pool::Mean(_) | Pool::MeanGradient(_), false) => "avg_pool2d",
        };
        let whole = match name {
            "max_pool2d" => own != DType::Bool,
            "avg_pool2d" => own == DType::I64,
            _ => false,
        };
        if !own.is_floating_point() && !whole {
            bail!(DType, "\"{name}\" not implemented for '{}'", own.type_name());
        }
        let dtype = match self {
            Pool::MaxIndex(_) => DType::I64,
            Pool::Max(_) | Pool::MaxGradient(_) | Pool::Mean(_) | Pool::MeanGradient(_) => own,
        };
        Ok(Plan { layout: Layout::contiguous(shape), dtype, compute: own })
    }
}

/// The optional arguments of a pool of largest elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxPoolOptions {
    /// Places from one window to the next; the window's size if `None`.
    pub stride: Option<Spatial>,
    /// How far the first window reaches beyond the image.
    pub padding: Spatial,
    /// Places from one element of a window to the next.
    pub dilation: Spatial,
    /// Whether the last window may reach beyond the padding.
    pub ceil_mode: bool,
}

impl Default for MaxPoolOptions {
    /// Windows side by side, without padding.
    fn default() -> MaxPoolOptions {
        MaxPoolOptions { stride: None, padding: 0.into(), dilation: 1.into(), ceil_mode: false }
    }
}

/// The optional arguments of a pool of means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AvgPoolOptions {
    /// Places from one window to the next; the window's size if `None`.
    pub stride: Option<Spatial>,
    /// How many zeros stand around the image.
    pub padding: Spatial,
    /// Whether the last window may reach beyond the padding.
    pub ceil_mode: bool,
    /// Whether padding counts as elements of the mean.
    pub count_include_pad: bool,
    /// What sums are divided by instead of the number of elements.
    pub divisor_override: Option<i32>,
}

impl Default for AvgPoolOptions {
    /// Windows side by side, without padding.
    fn default() -> AvgPoolOptions {
        AvgPoolOptions {
            stride: None,
            padding: 0.into(),
            ceil_mode: false,
            count_include_pad: true,
            divisor_override: None,
        }
    }
}

/// The numbers of height and width; of one dimension the width alone, with `one` for the height.
fn sides(name: &str, what: &str, list: Spatial, rank: usize, one: i64) -> Result<[i64; 2]> {
    match (list.each(rank), rank) {
        (Some(values), 1) => Ok([one, values[0]]),
        (Some(values), _) => Ok([values[0], values[1]]),
        (None, 1) => bail!(
            Value,
            "{name}() {what} must be an int, list of ints or tuple of ints of size 1 but got size {}",
            list.as_slice().len()
        ),
        (None, _) if what == "stride" => {
            bail!(Value, "{name}: stride must either be omitted, a single int, or a tuple of two ints")
        }
        (None, _) => bail!(Value, "{name}: {what} must either be a single int, or a tuple of two ints"),
    }
}

/// What both kinds of pool check, in PyTorch's order.
fn windows(
    name: &str,
    rank: usize,
    kernel: Spatial,
    stride: Option<Spatial>,
    padding: Spatial,
    dilation: Spatial,
) -> Result<Pooling> {
    let size = sides(name, "kernel_size", kernel, rank, 1)?;
    let step = match stride {
        Some(stride) => sides(name, "stride", stride, rank, 1)?,
        None => size,
    };
    let pad = sides(name, "padding", padding, rank, 0)?;
    let gap = sides(name, "dilation", dilation, rank, 1)?;
    let line = name == "max_pool1d";
    let check =
        |bad: bool, text: String| if bad { Err(crate::Error::new(crate::ErrorKind::Value, text)) } else { Ok(()) };
    check(line && size[1] < 1, format!("max_pool1d() kernel_size must be greater than zero, but got {}", size[1]))?;
    check(line && step[1] < 1, format!("max_pool1d() stride must be greater than zero, but got {}", step[1]))?;
    check(line && pad[1] < 0, format!("max_pool1d() padding must be non-negative, but got {}", pad[1]))?;
    let half = format!(
        "max_pool1d() padding should be at most half of kernel size, but got padding={} and kernel_size={}",
        pad[1], size[1]
    );
    check(line && pad[1] > size[1] / 2, half)?;
    check(line && gap[1] < 1, format!("max_pool1d() dilation must be greater than zero, but got {}", gap[1]))?;
    check(step.contains(&0), "stride should not be zero".to_string())?;
    let text = format!("kernel size should be greater than zero, but got kH: {} kW: {}", size[0], size[1]);
    check(size.iter().any(|size| *size < 1), text)?;
    let text = format!("stride should be greater than zero, but got dH: {} dW: {}", step[0], step[1]);
    check(step.iter().any(|step| *step < 1), text)?;
    let text = format!("dilation should be greater than zero, but got dilationH: {} dilationW: {}", gap[0], gap[1]);
    check(gap.iter().any(|gap| *gap < 1), text)?;
    for i in 0..2 {
        check(pad[i] < 0, format!("pad must be non-negative, but got pad: {}", pad[i]))?;
        let text = format!(
            "pad should be at most half of effective kernel size, but got pad={}, kernel_size={} and dilation={}",
            pad[i], size[i], gap[i]
        );
        check(pad[i] > ((size[i] - 1) * gap[i] + 1) / 2, text)?;
    }
    let two = |values: [i64; 2]| packed([values[0], values[1], 0]).map(|list| [list[0], list[1]]);
    Ok(Pooling { kernel: two(size)?, stride: two(step)?, padding: two(pad)?, dilation: two(gap)?, ..Pooling::ADAPTIVE })
}

impl Tensor {
    /// The image as pools see it: of one dimension with a height of one.
    fn image(&self, name: &str, rank: usize) -> Result<Tensor> {
        let adaptive = name.starts_with("adaptive");
        if self.ndim() != rank + 1 && self.ndim() != rank + 2 {
            match (rank, adaptive) {
                (1, _) if name != "max_pool1d" => bail!(
                    Shape,
                    "Expected 2 to 3 dimensions, but got {}-dimensional tensor for argument #1 'self' (while checking arguments for \
                     {name})",
                    self.ndim()
                ),
                (_, true) if name == "adaptive_max_pool2d" => {
                    bail!(Shape, "{name}(): Expected 3D or 4D tensor, but got: {:?}", self.shape())
                }
                (_, true) => bail!(Shape, "{name}(): Expected 3D or 4D tensor, but got {:?}", self.shape()),
                (2, _) if name == "max_pool2d" => {
                    bail!(Shape, "non-empty 3D or 4D (batch mode) tensor expected for input")
                }
                _ => {}
            }
        }
        let first = self.ndim().saturating_sub(rank + 1);
        let empty = (first..self.ndim()).find(|dim| self.shape()[*dim] == 0);
        if let Some(dim) = empty.filter(|_| adaptive) {
            bail!(
                Shape,
                "{name}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {:?} with dimension \
                 {dim} being empty",
                self.shape()
            );
        }
        if empty.is_some() || (self.ndim() != rank + 1 && self.ndim() != rank + 2) {
            let prefix = if rank == 1 { "max_pool1d: Expected 2D or 3D" } else { "Expected 3D or 4D" };
            bail!(
                Shape,
                "{prefix} (batch mode) tensor with optional 0 dim batch size for input, but got:{:?}",
                self.shape()
            );
        }
        if rank == 1 { self.try_unsqueeze(-2) } else { Ok(self.clone()) }
    }

    fn try_pool(&self, name: &str, rank: usize, op: impl FnOnce() -> Result<Pool>) -> Result<Tensor> {
        let x = self.image(name, rank)?;
        let y = Tensor::apply(Op::Pool(op()?), &[&x])?;
        if rank == 1 { y.try_squeeze_dim(-2) } else { Ok(y) }
    }

    fn try_max_pool(&self, rank: usize, kernel: Spatial, options: MaxPoolOptions, index: bool) -> Result<Tensor> {
        let name = if rank == 1 { "max_pool1d" } else { "max_pool2d" };
        self.try_pool(name, rank, || {
            let MaxPoolOptions { stride, padding, dilation, ceil_mode } = options;
            let pooling = Pooling { ceil: ceil_mode, ..windows(name, rank, kernel, stride, padding, dilation)? };
            Ok(if index { Pool::MaxIndex(pooling) } else { Pool::Max(pooling) })
        })
    }

    fn try_avg_pool(&self, rank: usize, kernel: Spatial, options: AvgPoolOptions) -> Result<Tensor> {
        let name = if rank == 1 { "avg_pool1d" } else { "avg_pool2d" };
        self.try_pool(name, rank, || {
            let AvgPoolOptions { stride, padding, ceil_mode, count_include_pad, divisor_override } = options;
            if divisor_override == Some(0) {
                bail!(Value, "divisor must be not zero");
            }
            Ok(Pool::Mean(Pooling {
                ceil: ceil_mode,
                counts_padding: count_include_pad,
                divisor: divisor_override.unwrap_or(0),
                ..windows(name, rank, kernel, stride, padding, 1.into())?
            }))
        })
    }

    /// Windows that adapt to an output of `size`, of which `None` is the input's own.
    fn adapted(&self, name: &str, rank: usize, size: &[Option<i64>]) -> Result<Pooling> {
        let mut wanted = [1u32; 2];
        for (i, size) in size.iter().enumerate() {
            let own = self.shape()[self.ndim() - rank + i];
            let size = size.unwrap_or(own as i64);
            wanted[2 - rank + i] = match u32::try_from(size) {
                Ok(size) => size,
                Err(_) => bail!(
                    Value,
                    "{name}: elements of output_size must be greater than or equal to 0 but received {{{size}}}"
                ),
            };
        }
        Ok(Pooling { size: wanted, ..Pooling::ADAPTIVE })
    }

    fn try_adaptive(&self, name: &str, rank: usize, size: [Option<i64>; 2], of: fn(Pooling) -> Pool) -> Result<Tensor> {
        self.try_pool(name, rank, || Ok(of(self.adapted(name, rank, &size[..rank])?)))
    }
}

/// The size of an adaptive pool's output: one number for height and width, or one for each, of which `None` keeps the input's.
pub trait IntoOutputSize {
    /// Height and width.
    fn output_size(self) -> [Option<i64>; 2];
}

impl IntoOutputSize for usize {
    fn output_size(self) -> [Option<i64>; 2] {
        [Some(self as i64); 2]
    }
}

impl IntoOutputSize for [usize; 2] {
    fn output_size(self) -> [Option<i64>; 2] {
        self.map(|size| Some(size as i64))
    }
}

impl IntoOutputSize for (usize, usize) {
    fn output_size(self) -> [Option<i64>; 2] {
        [self.0, self.1].output_size()
    }
}

impl IntoOutputSize for (Option<usize>, Option<usize>) {
    fn output_size(self) -> [Option<i64>; 2] {
        [self.0, self.1].map(|size| size.map(|size| size as i64))
    }
}

twins! {
    /// The largest element of each window of a line `[n, c, l]` or `[c, l]`.
    ///
    /// # Errors
    /// As [`max_pool2d`](Tensor::max_pool2d).
    pub fn max_pool1d | try_max_pool1d [S: Into<Spatial>] (self, kernel_size: S, options: MaxPoolOptions) -> Tensor {
        self.try_max_pool(1, kernel_size.into(), options, false)
    }

    /// The largest element of each window of an image `[n, c, h, w]` or `[c, h, w]`; NaN counts as largest.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::pool::MaxPoolOptions};
    /// let x = Tensor::from_vec(vec![1.0f32, 5.0, 2.0, 3.0], [1, 2, 2], ops_cpu::cpu());
    /// assert_eq!(x.max_pool2d(2, MaxPoolOptions::default()).to_vec::<f32>(), [5.0]);
    /// ```
    ///
    /// # Errors
    /// If a number is out of its range, no window fits, the input has another rank or is empty, or is `bool`.
    pub fn max_pool2d | try_max_pool2d [S: Into<Spatial>] (self, kernel_size: S, options: MaxPoolOptions) -> Tensor {
        self.try_max_pool(2, kernel_size.into(), options, false)
    }

    /// [`max_pool1d`](Tensor::max_pool1d) and the places of the largest elements.
    pub fn max_pool1d_with_indices | try_max_pool1d_with_indices [S: Into<Spatial>] (
        self, kernel_size: S, options: MaxPoolOptions
    ) -> (Tensor, Tensor) {
        let kernel = kernel_size.into();
        Ok((self.try_max_pool(1, kernel, options, false)?, self.try_max_pool(1, kernel, options, true)?))
    }

    /// [`max_pool2d`](Tensor::max_pool2d) and the places of the largest elements, counted row-major in the image.
    pub fn max_pool2d_with_indices | try_max_pool2d_with_indices [S: Into<Spatial>] (
        self, kernel_size: S, options: MaxPoolOptions
    ) -> (Tensor, Tensor) {
        let kernel = kernel_size.into();
        Ok((self.try_max_pool(2, kernel, options, false)?, self.try_max_pool(2, kernel, options, true)?))
    }

    /// The mean of each window of a line `[n, c, l]` or `[c, l]`.
    ///
    /// # Errors
    /// As [`avg_pool2d`](Tensor::avg_pool2d).
    pub fn avg_pool1d | try_avg_pool1d [S: Into<Spatial>] (self, kernel_size: S, options: AvgPoolOptions) -> Tensor {
        self.try_avg_pool(1, kernel_size.into(), options)
    }

    /// The mean of each window of an image `[n, c, h, w]` or `[c, h, w]`.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::pool::AvgPoolOptions};
    /// let x = Tensor::from_vec(vec![1.0f32, 5.0, 2.0, 4.0], [1, 2, 2], ops_cpu::cpu());
    /// assert_eq!(x.avg_pool2d(2, AvgPoolOptions::default()).to_vec::<f32>(), [3.0]);
    /// ```
    ///
    /// # Errors
    /// If a number is out of its range, no window fits, the input has another rank or is empty, or is neither a float nor
    /// `int64`.
    pub fn avg_pool2d | try_avg_pool2d [S: Into<Spatial>] (self, kernel_size: S, options: AvgPoolOptions) -> Tensor {
        self.try_avg_pool(2, kernel_size.into(), options)
    }

    /// Means of windows that together cover a line, as many as `output_size` says.
    pub fn adaptive_avg_pool1d | try_adaptive_avg_pool1d(self, output_size: usize) -> Tensor {
        self.try_adaptive("adaptive_avg_pool1d", 1, output_size.output_size(), Pool::Mean)
    }

    /// Means of windows that together cover an image, as many as `output_size` says: window i of n begins at ⌊i · h / n⌋ and ends
    /// before ⌈(i + 1) · h / n⌉.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0, 6.0], [1, 1, 3], ops_cpu::cpu());
    /// assert_eq!(x.adaptive_avg_pool2d([1, 2]).to_vec::<f32>(), [1.5, 4.0]);
    /// ```
    pub fn adaptive_avg_pool2d | try_adaptive_avg_pool2d [S: IntoOutputSize] (self, output_size: S) -> Tensor {
        self.try_adaptive("adaptive_avg_pool2d", 2, output_size.output_size(), Pool::Mean)
    }

    /// Largest elements of windows that together cover a line.
    pub fn adaptive_max_pool1d | try_adaptive_max_pool1d(self, output_size: usize) -> Tensor {
        self.try_adaptive("adaptive_max_pool1d", 1, output_size.output_size(), Pool::Max)
    }

    /// [`adaptive_max_pool1d`](Tensor::adaptive_max_pool1d) and the places of the largest elements.
    pub fn adaptive_max_pool1d_with_indices | try_adaptive_max_pool1d_with_indices(
        self, output_size: usize
    ) -> (Tensor, Tensor) {
        let size = output_size.output_size();
        let of = |of| self.try_adaptive("adaptive_max_pool1d", 1, size, of);
        Ok((of(Pool::Max)?, of(Pool::MaxIndex)?))
    }

    /// Largest elements of windows that together cover an image.
    pub fn adaptive_max_pool2d | try_adaptive_max_pool2d [S: IntoOutputSize] (self, output_size: S) -> Tensor {
        self.try_adaptive("adaptive_max_pool2d", 2, output_size.output_size(), Pool::Max)
    }

    /// [`adaptive_max_pool2d`](Tensor::adaptive_max_pool2d) and the places of the largest elements.
    pub fn adaptive_max_pool2d_with_indices | try_adaptive_max_pool2d_with_indices [S: IntoOutputSize] (
        self, output_size: S
    ) -> (Tensor, Tensor) {
        let size = output_size.output_size();
        let of = |of| self.try_adaptive("adaptive_max_pool2d", 2, size, of);
        Ok((of(Pool::Max)?, of(Pool::MaxIndex)?))
    }
}
