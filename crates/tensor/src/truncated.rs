//! Normal numbers without tails, as PyTorch's `nn.init.trunc_normal_` draws them: again and again until all lie within the bounds.
//! Bounds and draws are compared in the tensor's own dtype.

use crate::default_generator;
use tensor_core::{DType, Generator, Result, Tensor, or_panic};

/// Fills `x` with numbers from the normal distribution of that mean and deviation, as far as they lie within [a, b], from the default
/// stream; returns the tensor itself. PyTorch's defaults are 0, 1, −2 and 2.
///
/// ```
/// use tensor::{empty, manual_seed, trunc_normal_};
/// manual_seed(0);
/// let x = empty([1000]);
/// trunc_normal_(&x, 0.0, 1.0, -0.5, 0.5);
/// assert!(x.abs().max().item::<f32>() <= 0.5);
/// ```
///
/// # Panics
/// If the tensor holds no floats.
#[track_caller]
pub fn trunc_normal_(x: &Tensor, mean: f64, std: f64, a: f64, b: f64) -> Tensor {
    or_panic(try_trunc_normal_(x, mean, std, a, b, &default_generator()))
}

/// As [`trunc_normal_`], from `generator`, returning misuse as an error.
pub fn try_trunc_normal_(x: &Tensor, mean: f64, std: f64, a: f64, b: f64, generator: &Generator) -> Result<Tensor> {
    autograd::no_grad(|| {
        let inside = below((b - mean) / std)? - below((a - mean) / std)?;
        match inside > 0.3 {
            true => redrawn(x, mean, std, [a, b], generator)?,
            false => rejected(x, mean, std, [a, b], generator)?,
        }
        Ok(x.clone())
    })
}

/// The share of the normal distribution below `z`.
fn below(z: f64) -> Result<f64> {
    let z = Tensor::from_vec(vec![z / 2f64.sqrt()], [1], crate::cpu());
    Ok((1.0 + z.try_erf()?.try_item::<f64>()?) / 2.0)
}

/// Where a good part lies within the bounds: normal numbers, and new ones in the places of those outside.
fn redrawn(x: &Tensor, mean: f64, std: f64, [a, b]: [f64; 2], generator: &Generator) -> Result<()> {
    let bound = |number: f64| {
        Tensor::try_full_on((), number, x.dtype(), x.device())?.try_to_dtype(DType::F64)?.try_item::<f64>()
    };
    let (low, high) = (bound(a)?, bound(b)?);
    x.try_normal_with_(mean, std, generator)?;
    loop {
        let outside = x.try_lt(low)?.try_bitwise_or(&x.try_gt(high)?)?;
        if !outside.try_any()?.try_item::<bool>()? {
            return Ok(());
        }
        let fresh = Tensor::try_empty_on(x.shape(), x.dtype(), x.device())?.try_normal_with_(mean, std, generator)?;
        x.try_copy_(&outside.try_where(&fresh, x)?)?;
    }
}

/// Where little does: even numbers between the bounds, each taken with the density there, relative to the largest.
fn rejected(x: &Tensor, mean: f64, std: f64, [a, b]: [f64; 2], generator: &Generator) -> Result<()> {
    let mode = mean.min(b).max(a);
    let peak = -0.5 * ((mode - mean) / std).powi(2);
    let fresh = || Tensor::try_empty_on(x.shape(), x.dtype(), x.device());
    // ln of the density, relative to the largest.
    let density =
        |x: &Tensor| -> Result<Tensor> { x.try_sub(mean)?.try_div(std)?.try_pow(2)?.try_mul(-0.5)?.try_sub(peak) };
    let refused = |x: &Tensor| fresh()?.try_uniform_with_(0.0, 1.0, generator)?.try_log()?.try_gt(&density(x)?);
    x.try_uniform_with_(a, b, generator)?;
    let mut pending = refused(x)?;
    while pending.try_any()?.try_item::<bool>()? {
        let candidates = fresh()?.try_uniform_with_(a, b, generator)?;
        x.try_copy_(&pending.try_where(&candidates, x)?)?;
        pending = pending.try_logical_and(&refused(&candidates)?)?;
    }
    Ok(())
}
