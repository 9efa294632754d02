//! Noise added to an image.

use super::Transform;
use super::image::is_bytes;
use tensor::{DType, Place, Tensor, python_float, randn_like, randn_like_with};

tensor::settings! {
    /// What [`GaussianNoise`] adds, in units of the range from 0 to 1 for any dtype.
    pub struct GaussianNoiseOptions {
        /// The mean of the noise.
        mean: f64 = 0.0,
        /// Its standard deviation.
        sigma: f64 = 0.1,
        /// Whether the result is cut off at the ends of the range.
        clip: bool = true,
    }
}

/// An image plus normal noise, its own for each pixel.
///
/// ```
/// use data::transforms::{GaussianNoise, Transform};
/// let noisy = GaussianNoise::with(|noise| noise.sigma(0.5)).apply(&tensor::full([1, 8, 8], 0.5));
/// assert!(noisy.std().item::<f64>() > 0.1 && noisy.max().item::<f64>() <= 1.0);
/// ```
#[derive(Clone, Default)]
pub struct GaussianNoise {
    options: GaussianNoiseOptions,
}

impl GaussianNoise {
    /// Noise as the settings say.
    ///
    /// # Panics
    /// If the deviation is negative.
    #[track_caller]
    pub fn with(settings: impl FnOnce(GaussianNoiseOptions) -> GaussianNoiseOptions) -> GaussianNoise {
        let options = settings(GaussianNoiseOptions::default());
        assert!(options.sigma >= 0.0, "sigma shouldn't be negative. Got {}", python_float(options.sigma));
        GaussianNoise { options }
    }
}

impl Transform for GaussianNoise {
    #[track_caller]
    fn apply(&self, image: &Tensor) -> Tensor {
        let GaussianNoiseOptions { mean, sigma, clip } = self.options;
        if is_bytes(image) {
            let noise = (randn_like_with(image, DType::F32) * (sigma * 255.0) + mean * 255.0).to(DType::I16);
            let sum = image + noise;
            return if clip { sum.clamp(0, 255) } else { sum }.to(DType::U8);
        }
        if !image.dtype().is_floating_point() {
            panic!("Input tensor is expected to be in uint8 or float dtype, got dtype={}", image.dtype());
        }
        let sum = image + (randn_like(image) * sigma + mean);
        if clip { sum.clamp(0, 1) } else { sum }
    }

    fn describe(&self) -> String {
        let GaussianNoiseOptions { mean, sigma, clip } = self.options;
        let clip = if clip { "True" } else { "False" };
        format!("GaussianNoise(mean={}, sigma={}, clip={clip})", python_float(mean), python_float(sigma))
    }
}
