//! Activations that are written with others.

use crate::twins::twins;
use crate::{Tensor, bail, shape};

twins! {
    /// x above zero, else the weight times x: one weight for all, or one per channel (dimension 1).
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![2.0f32, -2.0], [2], ops_cpu::cpu());
    /// let weight = Tensor::from_vec(vec![0.25f32], [1], ops_cpu::cpu());
    /// assert_eq!(x.prelu(&weight).to_vec::<f32>(), [2.0, -0.5]);
    /// ```
    ///
    /// # Errors
    /// If there is neither one weight nor one per channel, or the dtypes are not one float dtype.
    pub fn prelu | try_prelu(self, weight: &Tensor) -> Tensor {
        if self.dtype() != weight.dtype() {
            let (own, other) = (self.dtype().type_name(), weight.dtype().type_name());
            bail!(DType, "prelu: Type promoting not supported. Got {own} and {other}");
        }
        if weight.ndim() > 1 {
            bail!(Shape, "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {}", weight.ndim());
        }
        let mut weight = weight.clone();
        if weight.numel() != 1 {
            if self.ndim() == 0 {
                bail!(Shape, "Not allow zero-dim input tensor.");
            }
            let channels = self.shape().get(1).copied().unwrap_or(1);
            if weight.numel() != channels {
                bail!(
                    Shape,
                    "Mismatch of parameter numbers and input channel size. Found parameter numbers = {} and channel size = \
                     {channels}.",
                    weight.numel()
                );
            }
            let mut sizes = vec![1; self.ndim()];
            sizes[1] = channels;
            weight = weight.try_reshape(sizes)?;
        } else {
            weight = weight.try_reshape(())?;
        }
        if !self.dtype().is_floating_point() {
            bail!(DType, "\"prelu_cpu\" not implemented for '{}'", self.dtype().type_name());
        }
        self.try_gt(0.0)?.try_where(self, &self.try_mul(&weight)?)
    }

    /// The first half of the elements along `dim` times the logistic function of the second half (Dauphin et al. 2017).
    /// PyTorch's default dimension is the last, −1.
    ///
    /// # Errors
    /// If the dimension is odd or does not exist.
    pub fn glu | try_glu(self, dim: i64) -> Tensor {
        if self.ndim() == 0 {
            bail!(Shape, "glu does not support scalars because halving size must be even");
        }
        let axis = shape::checked_dim(dim, self.ndim())?;
        let size = self.shape()[axis];
        if !size.is_multiple_of(2) {
            bail!(Shape, "Halving dimension must be even, but dimension {axis} is size {size}");
        }
        if !self.dtype().is_floating_point() {
            bail!(DType, "\"glu_cpu\" not implemented for '{}'", self.dtype().type_name());
        }
        let (half, axis) = (size / 2, axis as i64);
        let (a, b) = (self.try_narrow(axis, 0, half)?, self.try_narrow(axis, half as i64, half)?);
        a.try_mul(&b.try_sigmoid()?)
    }
}
