//! Channels and places of images in another order: what a reshape, a permutation and another reshape say. It computes nothing.

use crate::twins::twins;
use crate::{Result, Tensor, bail};

/// The images, their channels, height and width.
fn sides<'a>(name: &str, x: &'a Tensor, factor: usize, what: &str) -> Result<(&'a [usize], [usize; 3])> {
    if x.ndim() < 3 {
        bail!(
            Shape,
            "{name} expects input to have at least 3 dimensions, but got input with {} dimension(s)",
            x.ndim()
        );
    }
    if factor == 0 {
        bail!(Value, "{name} expects a positive {what}_factor, but got 0");
    }
    let (images, sides) = x.shape().split_at(x.ndim() - 3);
    Ok((images, [sides[0], sides[1], sides[2]]))
}

/// `images` followed by further sizes.
fn followed(images: &[usize], sizes: &[usize]) -> Vec<usize> {
    images.iter().chain(sizes).copied().collect()
}

/// The dimensions of `images`, then those that `order` counts from there on.
fn permutation(images: &[usize], order: &[usize]) -> Vec<usize> {
    (0..images.len()).chain(order.iter().map(|dim| images.len() + dim)).collect()
}

twins! {
    /// `[…, c · r², h, w]` as `[…, c, h · r, w · r]`: every r² channels become squares of r by r places.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![1.0f32, 2.0, 3.0, 4.0], [4, 1, 1], ops_cpu::cpu());
    /// assert_eq!(x.pixel_shuffle(2).shape()[..], [1, 2, 2]);
    /// ```
    ///
    /// # Errors
    /// If there are fewer than three dimensions, or the channels do not divide by the square of the factor.
    pub fn pixel_shuffle | try_pixel_shuffle(self, upscale_factor: usize) -> Tensor {
        let r = upscale_factor;
        let (images, [c, h, w]) = sides("pixel_shuffle", self, r, "upscale")?;
        let square = r.saturating_mul(r);
        if c % square != 0 {
            bail!(
                Shape,
                "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but \
                 input.size(-3)={c} is not divisible by {square}"
            );
        }
        let apart = self.try_reshape(followed(images, &[c / square, r, r, h, w]))?;
        let turned = apart.try_permute(permutation(images, &[0, 3, 1, 4, 2]))?;
        turned.try_reshape(followed(images, &[c / square, h * r, w * r]))
    }

    /// The inverse of [`pixel_shuffle`](Tensor::pixel_shuffle): `[…, c, h · r, w · r]` as `[…, c · r², h, w]`.
    ///
    /// # Errors
    /// If there are fewer than three dimensions, or height or width do not divide by the factor.
    pub fn pixel_unshuffle | try_pixel_unshuffle(self, downscale_factor: usize) -> Tensor {
        let r = downscale_factor;
        let (images, [c, h, w]) = sides("pixel_unshuffle", self, r, "downscale")?;
        for (side, size, dim) in [("height", h, -2), ("width", w, -1)] {
            if size % r != 0 {
                bail!(
                    Shape,
                    "pixel_unshuffle expects {side} to be divisible by downscale_factor, but input.size({dim})={size} is not \
                     divisible by {r}"
                );
            }
        }
        let apart = self.try_reshape(followed(images, &[c, h / r, r, w / r, r]))?;
        let turned = apart.try_permute(permutation(images, &[0, 2, 4, 1, 3]))?;
        turned.try_reshape(followed(images, &[c * r * r, h / r, w / r]))
    }

    /// `[n, c, …]` with the channels of `groups` groups dealt out in turn: the first of each group, then the second of each.
    ///
    /// # Errors
    /// If there are fewer than three dimensions, or the channels do not divide by `groups`.
    pub fn channel_shuffle | try_channel_shuffle(self, groups: usize) -> Tensor {
        if self.ndim() < 3 {
            bail!(Shape, "channel_shuffle expects input with > 2 dims, but got input with sizes {:?}", self.shape());
        }
        if groups == 0 {
            bail!(Value, "Number of groups to divide channels in must be positive. Value of groups:0");
        }
        let (n, c) = (self.shape()[0], self.shape()[1]);
        if c % groups != 0 {
            bail!(Shape, "Number of channels must be divisible by groups. Got {c} channels and {groups} groups.");
        }
        let apart = self.try_reshape(followed(&[n, groups, c / groups], &self.shape()[2..]))?;
        apart.try_transpose(1, 2)?.try_reshape(self.shape())
    }
}
