//! Margins around an image.

use super::Transform;
use super::image::{ImageSize, Margins, size};
use std::fmt;
use tensor::{Tensor, cat, full_with, python_float};

/// What fills a margin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaddingMode {
    /// One number.
    #[default]
    Constant,
    /// The nearest pixel of the edge.
    Edge,
    /// The image mirrored at the centre of its outer pixels.
    Reflect,
    /// The image mirrored at its edge.
    Symmetric,
}

impl fmt::Display for PaddingMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PaddingMode::Constant => "constant",
            PaddingMode::Edge => "edge",
            PaddingMode::Reflect => "reflect",
            PaddingMode::Symmetric => "symmetric",
        })
    }
}

impl PaddingMode {
    /// Which of `n` pixels stands at place `at`, which may lie outside.
    fn source(self, at: i64, n: i64) -> i64 {
        // Mirrored, the pixels repeat after this many.
        let (period, fold) = match self {
            PaddingMode::Reflect => ((2 * n - 2).max(1), 2 * n - 2),
            _ => (2 * n, 2 * n - 1),
        };
        match self {
            PaddingMode::Constant | PaddingMode::Edge => at.clamp(0, n - 1),
            PaddingMode::Reflect | PaddingMode::Symmetric => {
                let at = at.rem_euclid(period);
                if at < n { at } else { fold - at }
            }
        }
    }
}

tensor::settings! {
    /// What a [`Pad`] takes beside the margins.
    pub struct PadOptions {
        /// The number that fills constant margins.
        fill: f64 = 0.0,
        /// What fills the margins.
        padding_mode: PaddingMode = PaddingMode::Constant,
    }
}

/// An image with margins.
///
/// ```
/// use data::transforms::{Pad, PaddingMode, Transform};
/// let image = tensor::tensor([[[1, 2, 3]]]);
/// let padded = Pad::with((2, 0), |pad| pad.padding_mode(PaddingMode::Reflect)).apply(&image);
/// assert_eq!(padded.to_string(), "tensor([[[3, 2, 1, 2, 3, 2, 1]]])");
/// ```
#[derive(Clone)]
pub struct Pad {
    padding: Margins,
    options: PadOptions,
}

impl Pad {
    /// Margins of zeros.
    pub fn new(padding: impl Into<Margins>) -> Pad {
        Pad::with(padding, |pad| pad)
    }

    /// Margins as the settings say.
    pub fn with(padding: impl Into<Margins>, settings: impl FnOnce(PadOptions) -> PadOptions) -> Pad {
        Pad { padding: padding.into(), options: settings(PadOptions::default()) }
    }
}

/// `image` with margins left, top, right and bottom.
pub(super) fn pad(image: &Tensor, sides: [usize; 4], fill: f64, mode: PaddingMode) -> Tensor {
    let [left, top, right, bottom] = sides;
    let wide = along(image, -1, left, right, fill, mode);
    along(&wide, -2, top, bottom, fill, mode)
}

/// Margins before and after along one dimension.
fn along(image: &Tensor, dim: i64, before: usize, after: usize, fill: f64, mode: PaddingMode) -> Tensor {
    if before + after == 0 {
        return image.clone();
    }
    if mode == PaddingMode::Constant {
        let margin = |width: usize| {
            let mut shape = image.shape().to_vec();
            let at = (shape.len() as i64 + dim) as usize;
            shape[at] = width;
            full_with(shape, fill, tensor::Options::new().dtype(image.dtype()).device(image.device()))
        };
        return cat(&[margin(before), image.clone(), margin(after)], dim);
    }
    let n = image.size(dim) as i64;
    let places: Vec<i64> = (-(before as i64)..n + after as i64).map(|at| mode.source(at, n)).collect();
    let count = places.len();
    image.index_select(dim, &tensor::from_vec(places, count))
}

impl Transform for Pad {
    fn apply(&self, image: &Tensor) -> Tensor {
        _ = size(image);
        pad(image, self.padding.sides, self.options.fill, self.options.padding_mode)
    }

    fn describe(&self) -> String {
        let fill = number(self.options.fill);
        format!("Pad(padding={}, fill={fill}, padding_mode={})", self.padding.describe(), self.options.padding_mode)
    }
}

/// A number as Python prints it where whole ones are usually given as `int`.
pub(super) fn number(x: f64) -> String {
    if x.fract() == 0.0 && x.abs() < 1e15 { format!("{x:.0}") } else { python_float(x).to_string() }
}

/// `image` with zeros around it where it is smaller than `least`, the odd pixel at the end.
pub(super) fn enlarge(image: &Tensor, least: ImageSize) -> Tensor {
    let own = size(image);
    let missing = |have: usize, want: usize| want.saturating_sub(have);
    let (x, y) = (missing(own.width, least.width), missing(own.height, least.height));
    pad(image, [x / 2, y / 2, x.div_ceil(2), y.div_ceil(2)], 0.0, PaddingMode::Constant)
}
