//! Pools of bodies, as pools of their slices and then of the slices' places; pools of powers; and largest elements put back where
//! they came from.

use crate::op::pool::{AvgPoolOptions, MaxPoolOptions};
use crate::twins::twins;
use crate::{DType, Result, Spatial, Tensor, bail};

/// A body's number along depth, and those along height and width.
fn apart(name: &str, what: &str, list: Spatial) -> Result<(i64, [i64; 2])> {
    match list.each(3) {
        Some([d, h, w]) => Ok((d, [h, w])),
        None => bail!(Value, "{name}: {what} must either be a single int, or a tuple of three ints"),
    }
}

/// A pool of slices, then one along depth: each stage is given the tensor and returns its pool and its places.
type Stage<'a> = &'a dyn Fn(&Tensor) -> Result<(Tensor, Option<Tensor>)>;

impl Tensor {
    /// The two stages of a pool of bodies `[n, c, d, h, w]` or `[c, d, h, w]`; places, if there are any, are counted in the body.
    fn pool_by_stages(&self, name: &str, slices: Stage<'_>, depth: Stage<'_>) -> Result<(Tensor, Option<Tensor>)> {
        let rank = self.ndim();
        if rank != 4 && rank != 5 {
            bail!(Shape, "{name}(): Expected 4D or 5D tensor, but got {:?}", self.shape());
        }
        if let Some(dim) = (rank - 4..rank).find(|dim| self.shape()[*dim] == 0) {
            bail!(
                Shape,
                "{name}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes {:?} with dimension \
                 {dim} being empty",
                self.shape()
            );
        }
        let (lead, sides) = self.shape().split_at(rank - 3);
        let images: usize = lead.iter().product();
        let (pooled, places) = slices(&self.try_reshape([images, sides[0], sides[1], sides[2]])?)?;
        let (high, wide) = (pooled.shape()[2], pooled.shape()[3]);
        let (result, deep) = depth(&pooled.try_reshape([images, 1, sides[0], high * wide])?)?;
        let shape = [lead, &[result.shape()[2], high, wide]].concat();
        let places = match (places, deep) {
            (Some(places), Some(deep)) => {
                let deep = deep.try_reshape([images as i64, -1])?;
                let inner = places.try_reshape([images as i64, -1])?.try_gather(1, &deep)?;
                let layer = deep.try_floor_divide((high * wide) as i64)?.try_mul((sides[1] * sides[2]) as i64)?;
                Some(layer.try_add(&inner)?.try_reshape(shape.as_slice())?)
            }
            _ => None,
        };
        Ok((result.try_reshape(shape)?, places))
    }

    fn largest_of_bodies(&self, kernel: Spatial, options: MaxPoolOptions) -> Result<(Tensor, Option<Tensor>)> {
        let name = "max_pool3d";
        let (kd, kernel_of_slice) = apart(name, "kernel_size", kernel)?;
        let (sd, stride) = apart(name, "stride", options.stride.unwrap_or(kernel))?;
        let (pd, padding) = apart(name, "padding", options.padding)?;
        let (gap, dilation) = apart(name, "dilation", options.dilation)?;
        let ceil_mode = options.ceil_mode;
        let of_slice = MaxPoolOptions {
            stride: Some(stride.into()),
            padding: padding.into(),
            dilation: dilation.into(),
            ceil_mode,
        };
        let along = MaxPoolOptions {
            stride: Some([sd, 1].into()),
            padding: [pd, 0].into(),
            dilation: [gap, 1].into(),
            ceil_mode,
        };
        let stage = |kernel: [i64; 2], options| {
            move |x: &Tensor| {
                let (values, places) = x.try_max_pool2d_with_indices(kernel, options)?;
                Ok((values, Some(places)))
            }
        };
        self.pool_by_stages(name, &stage(kernel_of_slice, of_slice), &stage([kd, 1], along))
    }

    /// The sum of pth powers in place of their mean, and its root.
    fn rooted_sum(self, count: i64, p: f64) -> Result<Tensor> {
        self.try_sign()?.try_mul(&self.try_abs()?.try_relu()?)?.try_mul(count)?.try_pow(1.0 / p)
    }

    /// Elements at their places in planes of the given size, zeros elsewhere.
    fn unpooled(&self, indices: &Tensor, size: &[usize]) -> Result<Tensor> {
        let rank = size.len();
        if indices.dtype() != DType::I64 {
            bail!(DType, "elements in indices should be type int64 but got: {}", indices.dtype().type_name());
        }
        if self.shape() != indices.shape() {
            bail!(
                Shape,
                "Expected shape of indices to be same as that of the input tensor ({:?}) but got indices tensor with shape: {:?}",
                self.shape(),
                indices.shape()
            );
        }
        let lead = &self.shape()[..self.ndim() - rank];
        let images: usize = lead.iter().product();
        let area = crate::shape::checked_numel(size)?;
        if indices.numel() > 0 {
            let (least, most) = indices.try_aminmax(None, false)?;
            for place in [least, most] {
                let place = place.try_item::<i64>()?;
                if place < 0 || place >= area as i64 {
                    let by: Vec<String> = size.iter().map(usize::to_string).collect();
                    bail!(Index, "Found an invalid max index: {place} (output volumes are of size {})", by.join("x"));
                }
            }
        }
        let zeros = Tensor::try_full_on([images, area], 0, self.dtype(), self.device())?;
        let rows = |x: &Tensor| x.try_reshape([images, x.numel().checked_div(images).unwrap_or(0)]);
        zeros.try_scatter(1, &rows(indices)?, &rows(self)?)?.try_reshape([lead, size].concat())
    }

    fn try_unpool(&self, rank: usize, indices: &Tensor, kernel: Spatial, options: MaxUnpool<'_>) -> Result<Tensor> {
        if self.ndim() != rank + 1 && self.ndim() != rank + 2 {
            bail!(
                Shape,
                "Input to max_unpooling{}d should be a {}d or {}d Tensor, but got a tensor with {} dimensions.",
                rank.max(2),
                rank.max(2) + 1,
                rank.max(2) + 2,
                // A line counts as an image of height one.
                self.ndim() + 2 - rank.min(2)
            );
        }
        let numbers = |what: &str, list: Spatial| match list.each(rank) {
            Some(values) => Ok(values),
            None => Err(crate::Error::new(
                crate::ErrorKind::Value,
                format!("max_unpool{rank}d: {what} must be one number or {rank}, but got {list:?}"),
            )),
        };
        let kernel = numbers("kernel_size", kernel)?;
        let stride = options.stride.map_or(Ok(kernel), |stride| numbers("stride", stride))?;
        let padding = numbers("padding", options.padding)?;
        let own = &self.shape()[self.ndim() - rank..];
        let usual = |i: usize| (own[i] as i64 - 1) * stride[i] + kernel[i] - 2 * padding[i];
        let size = match options.output_size {
            None => (0..rank).map(usual).collect::<Vec<_>>(),
            Some(size) => {
                let given: Vec<i64> =
                    size.iter().skip(size.len().saturating_sub(rank)).map(|size| *size as i64).collect();
                for (i, size) in given.iter().enumerate() {
                    let (least, most) = (usual(i) - stride[i], usual(i) + stride[i]);
                    if *size <= least || *size >= most {
                        let all: Vec<String> = given.iter().map(i64::to_string).collect();
                        bail!(
                            Value,
                            "invalid output_size \"({})\" (dim {i} must be between {least} and {most})",
                            all.join(", ")
                        );
                    }
                }
                given
            }
        };
        if size.len() != rank || size.iter().any(|size| *size < 0) {
            bail!(Value, "max_unpool{rank}d: output_size {size:?} is not one of {rank} dimensions");
        }
        self.unpooled(indices, &size.iter().map(|size| *size as usize).collect::<Vec<_>>())
    }
}

/// The optional arguments of [`Tensor::max_unpool2d`].
#[derive(Clone, Copy, Debug)]
pub struct MaxUnpool<'a> {
    /// The pool's stride; the window's size if `None`.
    pub stride: Option<Spatial>,
    /// The pool's padding.
    pub padding: Spatial,
    /// The size of what was pooled, where it is not the smallest possible.
    pub output_size: Option<&'a [usize]>,
}

impl Default for MaxUnpool<'_> {
    /// Windows side by side, without padding.
    fn default() -> Self {
        MaxUnpool { stride: None, padding: 0.into(), output_size: None }
    }
}

twins! {
    /// The largest element of each window of a body `[n, c, d, h, w]` or `[c, d, h, w]`.
    ///
    /// # Errors
    /// As [`max_pool2d`](Tensor::max_pool2d).
    pub fn max_pool3d | try_max_pool3d [S: Into<Spatial>] (self, kernel_size: S, options: MaxPoolOptions) -> Tensor {
        Ok(self.largest_of_bodies(kernel_size.into(), options)?.0)
    }

    /// [`max_pool3d`](Tensor::max_pool3d) and the places of the largest elements, counted row-major in the body.
    pub fn max_pool3d_with_indices | try_max_pool3d_with_indices [S: Into<Spatial>] (
        self, kernel_size: S, options: MaxPoolOptions
    ) -> (Tensor, Tensor) {
        let (values, places) = self.largest_of_bodies(kernel_size.into(), options)?;
        Ok((values, places.expect("places of largest elements")))
    }

    /// The mean of each window of a body `[n, c, d, h, w]` or `[c, d, h, w]`, in `float32` or `float64`.
    ///
    /// # Errors
    /// As [`avg_pool2d`](Tensor::avg_pool2d).
    pub fn avg_pool3d | try_avg_pool3d [S: Into<Spatial>] (self, kernel_size: S, options: AvgPoolOptions) -> Tensor {
        let (name, kernel) = ("avg_pool3d", kernel_size.into());
        if !matches!(self.dtype(), DType::F32 | DType::F64) {
            bail!(DType, "\"avg_pool3d_out_frame\" not implemented for '{}'", self.dtype().type_name());
        }
        let (kd, kernel_of_slice) = apart(name, "kernel_size", kernel)?;
        let (sd, stride) = apart(name, "stride", options.stride.unwrap_or(kernel))?;
        let (pd, padding) = apart(name, "padding", options.padding)?;
        // Sums of slices are divided by one, so that all is divided once by the number given.
        let once = options.divisor_override.map(|_| 1);
        let of_slice =
            AvgPoolOptions { stride: Some(stride.into()), padding: padding.into(), divisor_override: once, ..options };
        let along = AvgPoolOptions { stride: Some([sd, 1].into()), padding: [pd, 0].into(), ..options };
        let slices = |x: &Tensor| Ok((x.try_avg_pool2d(kernel_of_slice, of_slice)?, None));
        Ok(self.pool_by_stages(name, &slices, &|x| Ok((x.try_avg_pool2d([kd, 1], along)?, None)))?.0)
    }

    /// Means of windows that together cover a body.
    pub fn adaptive_avg_pool3d | try_adaptive_avg_pool3d [S: Into<Spatial>] (self, output_size: S) -> Tensor {
        let (d, [h, w]) = apart("adaptive_avg_pool3d", "output_size", output_size.into())?;
        let slices = |x: &Tensor| Ok((x.try_adaptive_avg_pool2d([h.max(0) as usize, w.max(0) as usize])?, None));
        let depth = |x: &Tensor| Ok((x.try_adaptive_avg_pool2d((Some(d.max(0) as usize), None))?, None));
        if self.dtype().size() == 2 {
            // Between the stages nothing is rounded.
            let wide = self.try_to_dtype(DType::F32)?;
            return wide.pool_by_stages("adaptive_avg_pool3d", &slices, &depth)?.0.try_to_dtype(self.dtype());
        }
        Ok(self.pool_by_stages("adaptive_avg_pool3d", &slices, &depth)?.0)
    }

    /// Largest elements of windows that together cover a body.
    pub fn adaptive_max_pool3d | try_adaptive_max_pool3d [S: Into<Spatial>] (self, output_size: S) -> Tensor {
        Ok(self.try_adaptive_max_pool3d_with_indices(output_size)?.0)
    }

    /// [`adaptive_max_pool3d`](Tensor::adaptive_max_pool3d) and the places of the largest elements.
    pub fn adaptive_max_pool3d_with_indices | try_adaptive_max_pool3d_with_indices [S: Into<Spatial>] (
        self, output_size: S
    ) -> (Tensor, Tensor) {
        let (d, [h, w]) = apart("adaptive_max_pool3d", "output_size", output_size.into())?;
        let with = |(values, places)| (values, Some(places));
        let slices = |x: &Tensor| {
            x.try_adaptive_max_pool2d_with_indices([h.max(0) as usize, w.max(0) as usize]).map(with)
        };
        let depth = |x: &Tensor| x.try_adaptive_max_pool2d_with_indices((Some(d.max(0) as usize), None)).map(with);
        let (values, places) = self.pool_by_stages("adaptive_max_pool3d", &slices, &depth)?;
        Ok((values, places.expect("places of largest elements")))
    }

    /// (Σ xᵖ)^(1/p) of each window of a line `[n, c, l]` or `[c, l]`.
    pub fn lp_pool1d | try_lp_pool1d(
        self, norm_type: f64, kernel_size: usize, stride: Option<usize>, ceil_mode: bool
    ) -> Tensor {
        let options = AvgPoolOptions { stride: stride.map(Spatial::from), ceil_mode, ..AvgPoolOptions::default() };
        self.try_pow(norm_type)?.try_avg_pool1d(kernel_size, options)?.rooted_sum(kernel_size as i64, norm_type)
    }

    /// (Σ xᵖ)^(1/p) of each window of an image `[n, c, h, w]` or `[c, h, w]`.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![3.0f32, 4.0], [1, 1, 2], ops_cpu::cpu());
    /// assert_eq!(x.lp_pool2d(2.0, [1, 2], None, false).to_vec::<f32>(), [5.0]);
    /// ```
    pub fn lp_pool2d | try_lp_pool2d [S: Into<Spatial>] (
        self, norm_type: f64, kernel_size: S, stride: Option<Spatial>, ceil_mode: bool
    ) -> Tensor {
        let kernel = kernel_size.into();
        let options = AvgPoolOptions { stride, ceil_mode, ..AvgPoolOptions::default() };
        let means = self.try_pow(norm_type)?.try_avg_pool2d(kernel, options)?;
        means.rooted_sum(kernel.each(2).map_or(1, |sides| sides[0] * sides[1]), norm_type)
    }

    /// (Σ xᵖ)^(1/p) of each window of a body `[n, c, d, h, w]` or `[c, d, h, w]`.
    pub fn lp_pool3d | try_lp_pool3d [S: Into<Spatial>] (
        self, norm_type: f64, kernel_size: S, stride: Option<Spatial>, ceil_mode: bool
    ) -> Tensor {
        let kernel = kernel_size.into();
        let options = AvgPoolOptions { stride, ceil_mode, ..AvgPoolOptions::default() };
        let means = self.try_pow(norm_type)?.try_avg_pool3d(kernel, options)?;
        means.rooted_sum(kernel.each(3).map_or(1, |sides| sides.iter().product()), norm_type)
    }

    /// The largest elements of windows of a line back at their places, zeros elsewhere.
    ///
    /// # Errors
    /// As [`max_unpool2d`](Tensor::max_unpool2d).
    pub fn max_unpool1d | try_max_unpool1d [S: Into<Spatial>] (
        self, indices: &Tensor, kernel_size: S, options: MaxUnpool<'_>
    ) -> Tensor {
        self.try_unpool(1, indices, kernel_size.into(), options)
    }

    /// The largest elements of windows, as [`max_pool2d_with_indices`](Tensor::max_pool2d_with_indices) gives them, back at their
    /// places, zeros elsewhere.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::{MaxUnpool, pool::MaxPoolOptions}};
    /// let x = Tensor::from_vec(vec![1.0f32, 5.0, 2.0, 3.0], [1, 2, 2], ops_cpu::cpu());
    /// let (values, places) = x.max_pool2d_with_indices(2, MaxPoolOptions::default());
    /// assert_eq!(values.max_unpool2d(&places, 2, MaxUnpool::default()).to_vec::<f32>(), [0.0, 5.0, 0.0, 0.0]);
    /// ```
    ///
    /// # Errors
    /// If places do not fit the elements, or lie outside the output.
    pub fn max_unpool2d | try_max_unpool2d [S: Into<Spatial>] (
        self, indices: &Tensor, kernel_size: S, options: MaxUnpool<'_>
    ) -> Tensor {
        self.try_unpool(2, indices, kernel_size.into(), options)
    }

    /// The largest elements of windows of a body back at their places, zeros elsewhere.
    ///
    /// # Errors
    /// As [`max_unpool2d`](Tensor::max_unpool2d).
    pub fn max_unpool3d | try_max_unpool3d [S: Into<Spatial>] (
        self, indices: &Tensor, kernel_size: S, options: MaxUnpool<'_>
    ) -> Tensor {
        self.try_unpool(3, indices, kernel_size.into(), options)
    }
}
