//! From bytes to floats, and floats to zero mean and unit deviation.

use super::Transform;
use super::image::is_bytes;
use tensor::{DType, Place, Tensor, from_vec, python_float};

/// A `uint8` image as `float32` numbers from 0 to 1; a plane alone becomes one channel. Other images are as they were.
///
/// ```
/// use data::transforms::{ToTensor, Transform};
/// let image = tensor::tensor_with([[[0, 51, 255]]], tensor::DType::U8);
/// assert_eq!(ToTensor.apply(&image).to_string(), "tensor([[[0.0000, 0.2000, 1.0000]]])");
/// ```
#[derive(Clone, Copy, Default)]
pub struct ToTensor;

impl Transform for ToTensor {
    fn apply(&self, image: &Tensor) -> Tensor {
        let image = if image.ndim() == 2 { image.unsqueeze(0) } else { image.clone() };
        if is_bytes(&image) { image.to(DType::F32) / 255 } else { image }
    }

    fn describe(&self) -> String {
        "ToTensor()".into()
    }
}

/// (image − mean) / std, channel by channel.
///
/// ```
/// use data::transforms::{Normalize, Transform};
/// let image = tensor::tensor([[[0.25, 0.5]]]);
/// assert_eq!(Normalize::new([0.5], [0.25]).apply(&image).to_string(), "tensor([[[-1.,  0.]]])");
/// ```
#[derive(Clone)]
pub struct Normalize {
    mean: Vec<f64>,
    std: Vec<f64>,
}

impl Normalize {
    /// With a mean and a deviation for each channel, or one for all.
    ///
    /// # Panics
    /// If a deviation is 0.
    #[track_caller]
    pub fn new(mean: impl Into<Vec<f64>>, std: impl Into<Vec<f64>>) -> Normalize {
        let (mean, std) = (mean.into(), std.into());
        let zero = std.iter().any(|&s| s as f32 == 0.0);
        assert!(!zero, "std evaluated to zero after conversion to torch.float32, leading to division by zero.");
        Normalize { mean, std }
    }
}

impl Transform for Normalize {
    #[track_caller]
    fn apply(&self, image: &Tensor) -> Tensor {
        if !image.dtype().is_floating_point() {
            panic!("Input tensor should be a float tensor. Got {}.", image.dtype());
        }
        if image.ndim() < 3 {
            panic!(
                "Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = {:?}",
                &image.shape()[..]
            );
        }
        let channels =
            |values: &[f64]| from_vec(values.to_vec(), [values.len(), 1, 1]).to(image.dtype()).to(image.device());
        (image - channels(&self.mean)).div_(channels(&self.std))
    }

    fn describe(&self) -> String {
        let list = |values: &[f64]| values.iter().map(|&x| python_float(x).to_string()).collect::<Vec<_>>().join(", ");
        format!("Normalize(mean=[{}], std=[{}])", list(&self.mean), list(&self.std))
    }
}
