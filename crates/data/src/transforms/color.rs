//! Colours: grey levels, and blends with a plainer image, which is how brightness, contrast and saturation change. Bytes are
//! computed as Pillow does, floats as torchvision does.

use super::Transform;
use super::image::{channels, check_channels, each_color, is_bytes, size};
use tensor::{DType, Place, Tensor, cat, from_vec};

/// The grey level of a colour by ITU-R 601, in fixed-point numbers of 16 bits.
fn luma([r, g, b]: [u8; 3]) -> u8 {
    ((u32::from(r) * 19595 + u32::from(g) * 38470 + u32::from(b) * 7471 + 0x8000) >> 16) as u8
}

/// The grey levels of an image, once per channel asked for.
#[track_caller]
pub(super) fn gray(image: &Tensor, outputs: usize) -> Tensor {
    check_channels(image);
    let one = if channels(image) == 1 {
        image.clone()
    } else if is_bytes(image) {
        each_color(image, |color| [luma(color); 3]).narrow(-3, 0, 1)
    } else {
        let plane = |channel| image.narrow(-3, channel, 1);
        plane(0) * 0.2989 + plane(1) * 0.587 + plane(2) * 0.114
    };
    if outputs == 1 { one } else { cat(&[one.clone(), one.clone(), one], -3) }
}

/// An image of grey levels.
///
/// ```
/// use data::transforms::{Grayscale, Transform};
/// let red = tensor::tensor_with([[[255]], [[0]], [[0]]], tensor::DType::U8);
/// assert_eq!(Grayscale::new(1).apply(&red).item::<i64>(), 76);
/// ```
#[derive(Clone)]
pub struct Grayscale {
    outputs: usize,
}

impl Grayscale {
    /// With this many equal channels, 1 or 3.
    ///
    /// # Panics
    /// If it is another number.
    #[track_caller]
    pub fn new(num_output_channels: usize) -> Grayscale {
        assert!(matches!(num_output_channels, 1 | 3), "num_output_channels should be either 1 or 3");
        Grayscale { outputs: num_output_channels }
    }
}

impl Default for Grayscale {
    fn default() -> Grayscale {
        Grayscale::new(1)
    }
}

impl Transform for Grayscale {
    #[track_caller]
    fn apply(&self, image: &Tensor) -> Tensor {
        gray(image, self.outputs)
    }

    fn describe(&self) -> String {
        format!("Grayscale(num_output_channels={})", self.outputs)
    }
}

/// `plain` where the factor is 0, `image` where it is 1, and beyond on either side, cut off at the ends of the range.
fn blend(image: &Tensor, plain: &Tensor, factor: f64) -> Tensor {
    if is_bytes(image) {
        let (pixels, plain) = (image.to_vec::<u8>(), plain.expand(image.shape()).to_vec::<u8>());
        let factor = factor as f32;
        let mix =
            |(&x, &y): (&u8, &u8)| (f32::from(y) + factor * (f32::from(x) - f32::from(y))).clamp(0.0, 255.0) as u8;
        return from_vec(pixels.iter().zip(&plain).map(mix).collect::<Vec<u8>>(), image.shape());
    }
    (image * factor + plain * (1.0 - factor)).clamp(0.0, 1.0)
}

/// The light of an image times `factor`.
pub(super) fn brightness(image: &Tensor, factor: f64) -> Tensor {
    check_channels(image);
    blend(image, &tensor::zeros_like(image), factor)
}

/// The differences to the mean grey level times `factor`.
pub(super) fn contrast(image: &Tensor, factor: f64) -> Tensor {
    let gray = gray(image, 1);
    let mean = if is_bytes(image) {
        // Pillow has whole levels, rounded from the mean of one image.
        let plane = (size(image).height * size(image).width).max(1);
        let level = |plane: &[u8]| {
            let sum: u64 = plane.iter().map(|&x| u64::from(x)).sum();
            (sum as f64 / plane.len() as f64 + 0.5) as u8
        };
        let levels: Vec<u8> = gray.to_vec::<u8>().chunks_exact(plane).map(level).collect();
        let mut shape = gray.shape().to_vec();
        let rank = shape.len();
        (shape[rank - 2], shape[rank - 1]) = (1, 1);
        from_vec(levels, shape)
    } else {
        gray.to(DType::F32).mean_dim(if image.ndim() == 2 { &[-2, -1][..] } else { &[-3, -2, -1] }, true)
    };
    blend(image, &mean, factor)
}

/// The differences to the grey image times `factor`.
pub(super) fn saturation(image: &Tensor, factor: f64) -> Tensor {
    if channels(image) == 1 { image.clone() } else { blend(image, &gray(image, 1), factor) }
}
