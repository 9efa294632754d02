//! Convolutions of one to three spatial dimensions: the convolution itself, its gradient with respect to the input (which is also
//! the transposed convolution) and with respect to the weight. Each one's derivatives are the two others.

mod options;

pub use options::{ConvOptions, ConvTransposeOptions, Padding};

use super::{Op, Plan};
use crate::spatial::{by, packed};
use crate::twins::twins;
use crate::{DType, Dims, Result, Spatial, Tensor, bail, shape};

/// One of three ways to sum the products of an input `[n, c, …]`, a weight `[o, c / groups, …]` and an output `[n, o, …]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conv {
    /// Inputs (input, weight, and a bias `[o]` if there is one): the output.
    Forward(Window),
    /// Inputs (output, weight, and a bias `[c]` if there is one): the input's gradient.
    Input(Window),
    /// Inputs (input, output): the weight's gradient.
    Weight(Window),
}

/// How the kernel moves over the input. Of each list the first entries count, one per spatial dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Places of the input from one output to the next.
    pub stride: [u16; 3],
    /// Zeros around the input.
    pub padding: [u16; 3],
    /// Places of the input from one tap of the kernel to the next.
    pub dilation: [u16; 3],
    /// What the operands' sizes leave open: of `Input` by how much the result is larger than it needs to be, of `Weight` the
    /// kernel's size.
    pub extra: [u16; 3],
    /// Groups of channels that do not see each other.
    pub groups: u32,
}

impl Window {
    /// The extent of a kernel along dimension `i`, gaps counted.
    fn extent(&self, i: usize, kernel: usize) -> usize {
        self.dilation[i] as usize * kernel.saturating_sub(1) + 1
    }

    /// The output's size along dimension `i`; `None` if the kernel does not fit.
    fn output(&self, i: usize, input: usize, kernel: usize) -> Option<usize> {
        let padded = input + 2 * self.padding[i] as usize;
        Some(padded.checked_sub(self.extent(i, kernel))? / self.stride[i] as usize + 1)
    }

    /// The smallest input's size along dimension `i` that gives `output`; may be below one.
    fn input(&self, i: usize, output: usize, kernel: usize) -> i64 {
        (output as i64 - 1) * self.stride[i] as i64 + self.extent(i, kernel) as i64 - 2 * self.padding[i] as i64
    }

    /// The convolution.
    ///
    /// # Errors
    /// As [`Tensor::conv2d`].
    pub fn try_forward(self, x: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
        let op = Op::Conv(Conv::Forward(Window { extra: [0; 3], ..self }));
        match bias {
            Some(bias) => Tensor::apply(op, &[x, weight, bias]),
            None => Tensor::apply(op, &[x, weight]),
        }
    }

    /// The gradient with respect to an input of the given shape, from that of the output.
    ///
    /// # Errors
    /// If the shapes are not those of one convolution.
    pub fn try_input(self, g: &Tensor, weight: &Tensor, shape: &[usize]) -> Result<Tensor> {
        let mut extra = [0; 3];
        for i in 0..g.ndim() - 2 {
            extra[i] = shape[i + 2] as i64 - self.input(i, g.shape()[i + 2], weight.shape()[i + 2]);
        }
        Tensor::apply(Op::Conv(Conv::Input(Window { extra: packed(extra)?, ..self })), &[g, weight])
    }

    /// The gradient with respect to a weight of the given shape.
    ///
    /// # Errors
    /// If the shapes are not those of one convolution.
    pub fn try_weight(self, x: &Tensor, g: &Tensor, shape: &[usize]) -> Result<Tensor> {
        let mut extra = [0; 3];
        (0..x.ndim() - 2).for_each(|i| extra[i] = shape[i + 2] as i64);
        Tensor::apply(Op::Conv(Conv::Weight(Window { extra: packed(extra)?, ..self })), &[x, g])
    }
}

impl Conv {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let (a, b) = (inputs[0], inputs[1]);
        let rank = a.ndim().saturating_sub(2);
        if !(1..=3).contains(&rank) || b.ndim() != rank + 2 {
            bail!(
                Shape,
                "Expected {}-dimensional input for {}-dimensional weight {:?}, but got {}-dimensional input of size {:?} instead",
                b.ndim(),
                b.ndim(),
                b.shape(),
                a.ndim(),
                a.shape()
            );
        }
        check_dtypes(self, inputs)?;
        let shape = match self {
            Conv::Forward(window) => {
                check_weight(a, b, window.groups, false, inputs.get(2).copied())?;
                forward_shape(window, a.shape(), b.shape())?
            }
            Conv::Input(window) => {
                check_weight(a, b, window.groups, true, inputs.get(2).copied())?;
                input_shape(window, a.shape(), b.shape())?
            }
            Conv::Weight(window) => {
                let groups = window.groups as usize;
                let sizes = (0..rank).map(|i| window.extra[i] as usize);
                [b.shape()[1], a.shape()[1] / groups].into_iter().chain(sizes).collect()
            }
        };
        shape::checked_numel(&shape)?;
        Ok(Plan::new(shape, a.dtype()))
    }
}

fn forward_shape(window: Window, x: &Dims, weight: &Dims) -> Result<Dims> {
    let rank = x.len() - 2;
    let sizes: Option<Vec<usize>> = (0..rank).map(|i| window.output(i, x[i + 2], weight[i + 2])).collect();
    let Some(sizes) = sizes else {
        let padded: Vec<i64> = (0..rank).map(|i| x[i + 2] as i64 + 2 * window.padding[i] as i64).collect();
        let kernel: Vec<i64> = (0..rank).map(|i| window.extent(i, weight[i + 2]) as i64).collect();
        bail!(
            Shape,
            "Calculated padded input size per channel: ({}). Kernel size: ({}). Kernel size can't be greater than actual input \
             size",
            by(&padded),
            by(&kernel)
        );
    };
    Ok([x[0], weight[0]].into_iter().chain(sizes).collect())
}

fn input_shape(window: Window, g: &Dims, weight: &Dims) -> Result<Dims> {
    let rank = g.len() - 2;
    let sizes: Vec<i64> =
        (0..rank).map(|i| window.input(i, g[i + 2], weight[i + 2]) + window.extra[i] as i64).collect();
    // A gradient's size is the input's; only a transposed convolution can come out empty.
    if sizes.iter().any(|size| *size < 1) && !sizes.iter().all(|size| *size >= 0) {
        let given: Vec<i64> = g[2..].iter().map(|size| *size as i64).collect();
        bail!(
            Shape,
            "Given input size per channel: ({}). Calculated output size per channel: ({}). Output size is too small",
            by(&given),
            by(&sizes)
        );
    }
    let channels = weight[1] * window.groups as usize;
    Ok([g[0], channels].into_iter().chain(sizes.iter().map(|size| *size as usize)).collect())
}

fn check_dtypes(op: Conv, inputs: &[&Tensor]) -> Result<()> {
    let own = inputs[0].dtype();
    if inputs[1].dtype() != own {
        bail!(DType, "expected scalar type {} but found {}", own.type_name(), inputs[1].dtype().type_name());
    }
    if let Some(bias) = inputs.get(2).filter(|bias| bias.dtype() != own) {
        let (own, other) = (own.type_name().to_lowercase(), bias.dtype().type_name().to_lowercase());
        bail!(DType, "Input type ({own}) and bias type ({other}) should be the same");
    }
    let deep = if inputs[0].ndim() == 5 { 3 } else { 2 };
    match (op, own) {
        (Conv::Forward(_) | Conv::Weight(_), DType::Bool) => {
            bail!(DType, "\"slow_conv{deep}d_cpu\" not implemented for 'Bool'")
        }
        (Conv::Input(_), DType::Bool | DType::U8 | DType::I8 | DType::I16 | DType::I32) => {
            bail!(DType, "\"slow_conv_transpose{deep}d_out_cpu\" not implemented for '{}'", own.type_name())
        }
        (Conv::Forward(_) | Conv::Input(_) | Conv::Weight(_), _) => Ok(()),
    }
}

/// What PyTorch asks of a weight, in its order.
fn check_weight(x: &Tensor, weight: &Tensor, groups: u32, transposed: bool, bias: Option<&Tensor>) -> Result<()> {
    let groups = groups as usize;
    let (shape, first) = (weight.shape(), weight.shape()[0]);
    if first < groups {
        bail!(
            Shape,
            "Given groups={groups}, expected weight to be at least {groups} at dimension 0, but got weight of size {shape:?} instead"
        );
    }
    if first % groups != 0 {
        bail!(
            Shape,
            "Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight of size [{shape:?}] \
             instead"
        );
    }
    let (expected, results) = if transposed { (first, shape[1] * groups) } else { (shape[1] * groups, first) };
    if x.shape()[1] != expected {
        let given = if transposed { "transposed=1".to_string() } else { format!("groups={groups}") };
        bail!(
            Shape,
            "Given {given}, weight of size {shape:?}, expected input{:?} to have {expected} channels, but got {} channels instead",
            x.shape(),
            x.shape()[1]
        );
    }
    if let Some(bias) = bias.filter(|bias| bias.shape()[..] != [results]) {
        let given = if transposed { "transposed=1, weight" } else { "weight" };
        bail!(
            Shape,
            "Given {given} of size {shape:?}, expected bias to be 1-dimensional with {results} elements, but got bias of size {:?} \
             instead",
            bias.shape()
        );
    }
    if shape[2..].contains(&0) {
        let sides: &[&str] = if shape.len() == 5 { &["depth", "height", "width"] } else { &["height", "width"] };
        let sizes = [1].iter().chain(&shape[2..]).rev().take(sides.len()).collect::<Vec<_>>();
        let sizes: Vec<String> =
            sides.iter().zip(sizes.iter().rev()).map(|(side, size)| format!("kernel_{side}: {size}")).collect();
        bail!(Shape, "kernel size should be greater than zero, but got {}", sizes.join(" "));
    }
    Ok(())
}

/// The window of a call, checked as far as the operands' sizes do not matter.
fn window(
    rank: usize,
    stride: Spatial,
    padding: Spatial,
    dilation: Spatial,
    extra: Spatial,
    groups: i64,
) -> Result<Window> {
    let each = |name: &str, list: Spatial| match list.each(rank) {
        Some(values) => Ok(values),
        None => bail!(
            Value,
            "expected {name} to be a single integer value or a list of {rank} values to match the convolution dimensions, but got \
             {name}={list:?}"
        ),
    };
    let (stride, padding) = (each("stride", stride)?, each("padding", padding)?);
    let (dilation, extra) = (each("dilation", dilation)?, each("output_padding", extra)?);
    let below = |values: [i64; 3], least: i64| values[..rank].iter().any(|value| *value < least);
    if groups < 1 {
        bail!(Value, "non-positive groups is not supported");
    }
    if below(padding, 0) {
        bail!(Value, "negative padding is not supported");
    }
    if below(extra, 0) {
        bail!(Value, "negative output_padding is not supported");
    }
    if below(stride, 1) {
        bail!(Value, "non-positive stride is not supported");
    }
    if below(dilation, 1) {
        bail!(Value, "dilation should be greater than zero, but got {:?}", &dilation[..rank]);
    }
    let groups = u32::try_from(groups).map_err(|_| crate::Error::new(crate::ErrorKind::Value, "too many groups"))?;
    let mut window = Window {
        stride: packed(stride)?,
        padding: packed(padding)?,
        dilation: packed(dilation)?,
        extra: packed(extra)?,
        groups,
    };
    for list in [&mut window.stride, &mut window.padding, &mut window.dilation, &mut window.extra] {
        list[rank..].fill(0);
    }
    Ok(window)
}

impl Tensor {
    /// As a batch of one if it is a single input.
    fn batched(&self, name: &str, rank: usize) -> Result<Tensor> {
        if self.ndim() == rank + 2 {
            return Ok(self.clone());
        }
        if self.ndim() != rank + 1 {
            bail!(
                Shape,
                "Expected {}D (unbatched) or {}D (batched) input to {name}{rank}d, but got input of size: {:?}",
                rank + 1,
                rank + 2,
                self.shape()
            );
        }
        self.try_unsqueeze(0)
    }

    fn try_conv(&self, rank: usize, weight: &Tensor, bias: Option<&Tensor>, options: ConvOptions) -> Result<Tensor> {
        let x = self.batched("conv", rank)?;
        let dims = weight.ndim().saturating_sub(2).clamp(1, 3);
        let ConvOptions { stride, padding, dilation, groups } = options;
        let (x, padding) = match padding {
            Padding::Of(padding) => (x, padding),
            Padding::Valid => (x, 0.into()),
            Padding::Same => same(x, weight, stride, dilation, dims)?,
        };
        let window = window(dims, stride, padding, dilation, 0.into(), groups)?;
        let y = window.try_forward(&x, weight, bias)?;
        if self.ndim() == rank + 1 { y.try_squeeze_dim(0) } else { Ok(y) }
    }

    fn try_conv_transpose(
        &self,
        rank: usize,
        weight: &Tensor,
        bias: Option<&Tensor>,
        options: ConvTransposeOptions,
    ) -> Result<Tensor> {
        let x = self.batched("conv_transpose", rank)?;
        let dims = weight.ndim().saturating_sub(2).clamp(1, 3);
        let ConvTransposeOptions { stride, padding, output_padding, groups, dilation } = options;
        let window = window(dims, stride, padding, dilation, output_padding, groups)?;
        if (0..dims).any(|i| window.extra[i] >= window.stride[i].max(window.dilation[i])) {
            let sides = if dims == 3 { &["depth", "height", "width"][..] } else { &["height", "width"] };
            let list = |name: &str, values: [u16; 3]| {
                let value = |side: usize| if dims == 1 { values[0] } else { values[side] };
                let each = sides.iter().enumerate().map(|(side, of)| format!("{name}_{of}: {}", value(side)));
                each.collect::<Vec<_>>().join(" ")
            };
            bail!(
                Value,
                "output padding must be smaller than either stride or dilation, but got {} {} {}",
                list("output_padding", window.extra),
                list("stride", window.stride),
                list("dilation", window.dilation)
            );
        }
        let op = Op::Conv(Conv::Input(window));
        let y = match bias {
            Some(bias) => Tensor::apply(op, &[&x, weight, bias])?,
            None => Tensor::apply(op, &[&x, weight])?,
        };
        if self.ndim() == rank + 1 { y.try_squeeze_dim(0) } else { Ok(y) }
    }
}

/// The input, longer by one where an odd number of zeros is needed, and the zeros on both sides.
fn same(x: Tensor, weight: &Tensor, stride: Spatial, dilation: Spatial, rank: usize) -> Result<(Tensor, Spatial)> {
    if stride.as_slice().iter().any(|stride| *stride != 1) {
        bail!(Value, "padding='same' is not supported for strided convolutions");
    }
    let Some(dilation) = dilation.each(rank) else { return Ok((x, 0.into())) };
    let total: Vec<i64> = (0..rank).map(|i| dilation[i] * (weight.shape()[i + 2] as i64 - 1)).collect();
    let mut x = x;
    let odd: Vec<usize> = (0..rank.min(x.ndim() - 2)).filter(|i| total[*i] % 2 == 1).collect();
    for i in odd {
        let mut shape = x.shape().clone();
        shape[i + 2] = 1;
        let zeros = Tensor::try_full_on(&shape, 0, x.dtype(), x.device())?;
        x = crate::op::join::try_cat(&[&x, &zeros], i as i64 + 2)?;
    }
    let half = |i: usize| total.get(i).map_or(0, |total| total / 2);
    let padding = match rank {
        1 => [half(0)].into(),
        2 => [half(0), half(1)].into(),
        _ => [half(0), half(1), half(2)].into(),
    };
    Ok((x, padding))
}

twins! {
    /// The convolution (strictly: the cross-correlation) of `[n, c, l]` with a weight `[o, c / groups, k]`, plus a bias `[o]`;
    /// a single input `[c, l]` gives a single output.
    ///
    /// # Errors
    /// As [`conv2d`](Tensor::conv2d).
    pub fn conv1d | try_conv1d(self, weight: &Tensor, bias: Option<&Tensor>, options: ConvOptions) -> Tensor {
        self.try_conv(1, weight, bias, options)
    }

    /// The convolution (strictly: the cross-correlation) of images `[n, c, h, w]` with a weight `[o, c / groups, kh, kw]`, plus a
    /// bias `[o]`; a single image `[c, h, w]` gives a single output.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::conv::ConvOptions};
    /// let x = Tensor::from_vec(vec![1.0f32; 9], [1, 1, 3, 3], ops_cpu::cpu());
    /// let y = x.conv2d(&x, None, ConvOptions { padding: 1.into(), ..ConvOptions::default() });
    /// assert_eq!(y.to_vec::<f32>(), [4.0, 6.0, 4.0, 6.0, 9.0, 6.0, 4.0, 6.0, 4.0]);
    /// ```
    ///
    /// # Errors
    /// If the sizes of input, weight, bias and groups do not fit each other, the kernel is larger than the padded input, a
    /// number of the options is out of its range, or the dtypes differ or are `bool`.
    pub fn conv2d | try_conv2d(self, weight: &Tensor, bias: Option<&Tensor>, options: ConvOptions) -> Tensor {
        self.try_conv(2, weight, bias, options)
    }

    /// The convolution of `[n, c, d, h, w]` with a weight `[o, c / groups, kd, kh, kw]`, plus a bias `[o]`; a single input
    /// `[c, d, h, w]` gives a single output.
    ///
    /// # Errors
    /// As [`conv2d`](Tensor::conv2d).
    pub fn conv3d | try_conv3d(self, weight: &Tensor, bias: Option<&Tensor>, options: ConvOptions) -> Tensor {
        self.try_conv(3, weight, bias, options)
    }

    /// The transposed convolution of `[n, c, l]` with a weight `[c, o / groups, k]`, plus a bias `[o]`.
    ///
    /// # Errors
    /// As [`conv_transpose2d`](Tensor::conv_transpose2d).
    pub fn conv_transpose1d | try_conv_transpose1d(
        self, weight: &Tensor, bias: Option<&Tensor>, options: ConvTransposeOptions
    ) -> Tensor {
        self.try_conv_transpose(1, weight, bias, options)
    }

    /// The transposed convolution of `[n, c, h, w]` with a weight `[c, o / groups, kh, kw]`, plus a bias `[o]`: the gradient of
    /// [`conv2d`](Tensor::conv2d) with respect to its input.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::conv::ConvTransposeOptions};
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0], [1, 1, 1, 2], ops_cpu::cpu());
    /// let w = Tensor::from_vec(vec![1.0f32, 10.0], [1, 1, 1, 2], ops_cpu::cpu());
    /// let y = x.conv_transpose2d(&w, None, ConvTransposeOptions::default());
    /// assert_eq!(y.to_vec::<f32>(), [1.0, 12.0, 20.0]);
    /// ```
    ///
    /// # Errors
    /// If the sizes do not fit each other, a number of the options is out of its range, nothing is left of the output, or the
    /// dtypes differ or are not floats or `int64`.
    pub fn conv_transpose2d | try_conv_transpose2d(
        self, weight: &Tensor, bias: Option<&Tensor>, options: ConvTransposeOptions
    ) -> Tensor {
        self.try_conv_transpose(2, weight, bias, options)
    }

    /// The transposed convolution of `[n, c, d, h, w]` with a weight `[c, o / groups, kd, kh, kw]`, plus a bias `[o]`.
    ///
    /// # Errors
    /// As [`conv_transpose2d`](Tensor::conv_transpose2d).
    pub fn conv_transpose3d | try_conv_transpose3d(
        self, weight: &Tensor, bias: Option<&Tensor>, options: ConvTransposeOptions
    ) -> Tensor {
        self.try_conv_transpose(3, weight, bias, options)
    }
}
