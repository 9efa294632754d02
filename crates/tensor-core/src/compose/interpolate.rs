//! Images in other sizes: which size, and made of what. The weighted sums themselves are `op/resize.rs`.

use crate::op::Op;
use crate::op::resize::{Kind, Resize, Resizing};
use crate::twins::twins;
use crate::{Result, Spatial, Tensor, bail};

/// What an element of a resized image is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum InterpolateMode {
    /// The element at or before its place, as OpenCV's buggy `INTER_NEAREST` does.
    #[default]
    Nearest,
    /// The element nearest to its centre.
    NearestExact,
    /// Two neighbours, of lines.
    Linear,
    /// Two neighbours along each dimension, of images.
    Bilinear,
    /// Two neighbours along each dimension, of bodies.
    Trilinear,
    /// Four neighbours along each dimension, of images.
    Bicubic,
    /// The mean of all elements in its place.
    Area,
}

/// Factors between the sizes of input and output: one for all dimensions, or one for each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScaleFactor {
    values: [f64; 3],
    len: usize,
}

impl From<f64> for ScaleFactor {
    fn from(factor: f64) -> ScaleFactor {
        ScaleFactor { values: [factor; 3], len: 1 }
    }
}

impl From<[f64; 2]> for ScaleFactor {
    fn from([h, w]: [f64; 2]) -> ScaleFactor {
        ScaleFactor { values: [h, w, 0.0], len: 2 }
    }
}

impl From<[f64; 3]> for ScaleFactor {
    fn from(values: [f64; 3]) -> ScaleFactor {
        ScaleFactor { values, len: 3 }
    }
}

/// The arguments of [`Tensor::interpolate`]; either the size or the factor must be given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Interpolate {
    /// The size wanted.
    pub size: Option<Spatial>,
    /// By what the input's size is multiplied.
    pub scale_factor: Option<ScaleFactor>,
    /// What elements are made of.
    pub mode: InterpolateMode,
    /// Whether the outer elements of input and output lie on each other, rather than their outer edges; only for the linear and
    /// cubic modes.
    pub align_corners: Option<bool>,
    /// Whether places are computed from the sizes instead of the factor that was given.
    pub recompute_scale_factor: bool,
}

impl InterpolateMode {
    /// The mode as PyTorch calls it.
    pub fn name(self) -> &'static str {
        match self {
            InterpolateMode::Nearest => "nearest",
            InterpolateMode::NearestExact => "nearest-exact",
            InterpolateMode::Linear => "linear",
            InterpolateMode::Bilinear => "bilinear",
            InterpolateMode::Trilinear => "trilinear",
            InterpolateMode::Bicubic => "bicubic",
            InterpolateMode::Area => "area",
        }
    }
}

/// Sizes with their names, as PyTorch's texts have them.
fn named(sizes: &[i64]) -> String {
    let names = &["D", "H", "W"][3 - sizes.len()..];
    names.iter().zip(sizes).map(|(name, size)| format!("{name}: {size}")).collect::<Vec<_>>().join(", ")
}

fn tuple<T: std::fmt::Debug>(values: &[T]) -> String {
    let all: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    format!("({})", all.join(", "))
}

/// The size wanted, and the factors if places are computed from them.
fn wanted(x: &Tensor, options: &Interpolate) -> Result<(Vec<i64>, Option<Vec<f64>>)> {
    let own: Vec<i64> = x.shape().iter().skip(2).map(|size| *size as i64).collect();
    let rank = own.len();
    let (size, scale) = match (options.size, options.scale_factor) {
        (Some(_), Some(_)) => bail!(Value, "only one of size or scale_factor should be defined"),
        (None, None) => bail!(Value, "either size or scale_factor should be defined"),
        (Some(size), None) => {
            let list = size.as_slice();
            if list.len() != 1 && list.len() != rank {
                bail!(
                    Value,
                    "Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of {own:?} \
                     and output size of {}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and output size in (o1, o2, \
                     ...,oK) format.",
                    tuple(list)
                );
            }
            ((0..rank).map(|i| list[i.min(list.len() - 1)]).collect::<Vec<_>>(), None)
        }
        (None, Some(ScaleFactor { values, len })) => {
            if len != 1 && len != rank {
                bail!(
                    Value,
                    "Input and scale_factor must have the same number of spatial dimensions, but got input with spatial dimensions of \
                     {own:?} and scale_factor of shape {}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and \
                     scale_factor in (s1, s2, ...,sK) format.",
                    tuple(&values[..len])
                );
            }
            let scaled = own.iter().zip(values).map(|(size, factor)| (*size as f64 * factor).floor() as i64).collect();
            (scaled, Some(values[..rank.min(3)].to_vec()))
        }
    };
    if options.recompute_scale_factor && scale.is_none() {
        bail!(Value, "recompute_scale_factor is not meaningful with an explicit size.");
    }
    Ok((size, scale.filter(|_| !options.recompute_scale_factor)))
}

twins! {
    /// The images `[n, c, …]` of one to three dimensions in another size, which is given or the product of their size and a
    /// factor.
    ///
    /// ```
    /// # use tensor_core::{Tensor, op::{Interpolate, InterpolateMode}};
    /// let x = Tensor::from_vec(vec![0.0f32, 4.0], [1, 1, 2], ops_cpu::cpu());
    /// let twice = x.interpolate(Interpolate { scale_factor: Some(2.0.into()), ..Interpolate::default() });
    /// assert_eq!(twice.to_vec::<f32>(), [0.0, 0.0, 4.0, 4.0]);
    /// let line = Interpolate {
    ///     size: Some(3.into()),
    ///     mode: InterpolateMode::Linear,
    ///     align_corners: Some(true),
    ///     ..Interpolate::default()
    /// };
    /// assert_eq!(x.interpolate(line).to_vec::<f32>(), [0.0, 2.0, 4.0]);
    /// ```
    ///
    /// # Errors
    /// If not exactly one of size and factor is given, a size comes out below one, or the mode does not go with the rank, the
    /// dtype or `align_corners`.
    pub fn interpolate | try_interpolate(self, options: Interpolate) -> Tensor {
        let mode = options.mode;
        let kind = match mode {
            InterpolateMode::Nearest => Some(Kind::Nearest),
            InterpolateMode::NearestExact => Some(Kind::NearestExact),
            InterpolateMode::Linear | InterpolateMode::Bilinear | InterpolateMode::Trilinear => Some(Kind::Linear),
            InterpolateMode::Bicubic => Some(Kind::Cubic),
            InterpolateMode::Area => None,
        };
        if options.align_corners.is_some() && !matches!(kind, Some(Kind::Linear | Kind::Cubic)) {
            bail!(
                Value,
                "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear"
            );
        }
        let (size, scale) = wanted(self, &options)?;
        let rank = self.ndim();
        let only = match mode {
            InterpolateMode::Linear => 3,
            InterpolateMode::Bilinear => 4,
            InterpolateMode::Trilinear => 5,
            InterpolateMode::Nearest
            | InterpolateMode::NearestExact
            | InterpolateMode::Bicubic
            | InterpolateMode::Area => rank,
        };
        if !(3..=5).contains(&rank) || (mode == InterpolateMode::Bicubic && rank != 4) {
            bail!(
                Unsupported,
                "Input Error: Only 3D, 4D and 5D input Tensors supported (got {rank}D) for the modes: nearest | linear | bilinear | \
                 bicubic | trilinear | lanczos | area | nearest-exact (got {})",
                mode.name()
            );
        }
        if rank != only {
            bail!(Unsupported, "Got {rank}D input, but {} mode needs {only}D input", mode.name());
        }
        let Some(kind) = kind else { return self.area(&size) };
        let own: Vec<i64> = self.shape()[2..].iter().map(|size| *size as i64).collect();
        if own.iter().chain(&size).any(|size| *size < 1) {
            let between = if rank == 3 { " and" } else { "" };
            bail!(
                Shape,
                "Input and output sizes should be greater than 0, but got input ({}){between} output ({})",
                named(&own),
                named(&size)
            );
        }
        if self.shape()[1] == 0 {
            bail!(Shape, "Non-empty {rank}D data tensor expected but got a tensor with sizes {:?}", self.shape());
        }
        let mut held = [0; 3];
        for (to, size) in held.iter_mut().zip(&size) {
            *to = u32::try_from(*size).map_err(|_| {
                let text = format!("images may be at most {} elements wide, but got {size}", u32::MAX);
                crate::Error::new(crate::ErrorKind::Unsupported, text)
            })?;
        }
        let align = options.align_corners == Some(true);
        let resizing = Resizing { scale: 0.0, size: held, dims: size.len() as u8, kind, align };
        match scale {
            Some(scale) if scale.iter().any(|factor| *factor != scale[0]) => self.resized_by_turns(resizing, &scale),
            Some(scale) => Tensor::apply(Op::Resize(Resize::Forward(Resizing { scale: scale[0], ..resizing })), &[self]),
            None => Tensor::apply(Op::Resize(Resize::Forward(resizing)), &[self]),
        }
    }

    /// [`interpolate`](Tensor::interpolate) by [`InterpolateMode::Nearest`], under its older name.
    pub fn upsample_nearest | try_upsample_nearest(
        self, size: Option<Spatial>, scale_factor: Option<ScaleFactor>
    ) -> Tensor {
        self.try_interpolate(Interpolate { size, scale_factor, ..Interpolate::default() })
    }

    /// [`interpolate`](Tensor::interpolate) by [`InterpolateMode::Bilinear`] with aligned corners, under its older name.
    pub fn upsample_bilinear | try_upsample_bilinear(
        self, size: Option<Spatial>, scale_factor: Option<ScaleFactor>
    ) -> Tensor {
        let (mode, align_corners) = (InterpolateMode::Bilinear, Some(true));
        self.try_interpolate(Interpolate { size, scale_factor, mode, align_corners, ..Interpolate::default() })
    }
}

impl Tensor {
    /// Dimension after dimension, each by its own factor: an operation holds one for all of them.
    fn resized_by_turns(&self, resizing: Resizing, scale: &[f64]) -> Result<Tensor> {
        let wide = if self.dtype().size() == 2 { self.try_to_dtype(crate::DType::F32)? } else { self.clone() };
        let mut x = wide;
        for (i, factor) in scale.iter().enumerate() {
            // The dimension comes last, is changed, and goes back.
            let turned = x.try_transpose(i as i64 + 2, -1)?;
            let size = [resizing.size[i], 0, 0];
            let one = Resizing { scale: *factor, size, dims: 1, ..resizing };
            x = Tensor::apply(Op::Resize(Resize::Forward(one)), &[&turned])?.try_transpose(i as i64 + 2, -1)?;
        }
        x.try_contiguous()?.try_to_dtype(self.dtype())
    }

    /// Means of windows that cover the image.
    fn area(&self, size: &[i64]) -> Result<Tensor> {
        let of = |i: usize| size[i].max(0) as usize;
        match size.len() {
            1 => self.try_adaptive_avg_pool1d(of(0)),
            2 => self.try_adaptive_avg_pool2d([of(0), of(1)]),
            _ => self.try_adaptive_avg_pool3d([of(0), of(1), of(2)]),
        }
    }
}
