//! Scaled dot-product attention, of two stacks of products and a softmax between them.

use crate::twins::twins;
use crate::{DType, Result, Tensor, bail};

/// What [`scaled_dot_product_attention`](Tensor::scaled_dot_product_attention) takes beside query, key and value. The default is
/// PyTorch's, without dropout.
#[derive(Clone, Copy, Debug, Default)]
pub struct Attention<'a> {
    /// Broadcast to `[…, queries, keys]`: `bool`, true where a query sees a key, or numbers added to the scores.
    pub attn_mask: Option<&'a Tensor>,
    /// Whether a query sees only keys up to its own place.
    pub is_causal: bool,
    /// By what products are multiplied; one over the root of the width if nothing is given.
    pub scale: Option<f64>,
    /// Whether there may be several heads of queries for each of keys and values.
    pub enable_gqa: bool,
}

fn check(query: &Tensor, key: &Tensor, value: &Tensor, options: Attention<'_>) -> Result<()> {
    let dtypes = [query.dtype(), key.dtype(), value.dtype()];
    if dtypes[1] != dtypes[0] || dtypes[2] != dtypes[0] {
        bail!(
            DType,
            "Expected query, key, and value to have the same dtype, but got query.dtype: {} key.dtype: {} and value.dtype: {} \
             instead.",
            dtypes[0].cpp_name(),
            dtypes[1].cpp_name(),
            dtypes[2].cpp_name()
        );
    }
    if query.ndim() < 2 || key.ndim() < 2 || value.ndim() < 2 {
        bail!(
            Shape,
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: {} key.dim: {} and value.dim: {} \
             instead.",
            query.ndim(),
            key.ndim(),
            value.ndim()
        );
    }
    let Some(mask) = options.attn_mask else { return Ok(()) };
    if options.is_causal {
        bail!(Value, "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True");
    }
    let dtype = mask.dtype();
    if dtype != DType::Bool && dtype != DType::F32 && dtype != query.dtype() {
        bail!(
            DType,
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: {} and  query.dtype: {} \
             instead.",
            dtype.cpp_name(),
            query.dtype().cpp_name()
        );
    }
    Ok(())
}

twins! {
    /// softmax(query · keyᵀ · scale + mask) · value over the last two dimensions, where this tensor is the query. A query that
    /// sees nothing gets zeros.
    ///
    /// ```
    /// # use tensor_core::{Tensor, compose::attention::Attention};
    /// let x = Tensor::from_vec(vec![1.0f32, 0.0, 0.0, 1.0], [2, 2], ops_cpu::cpu());
    /// let y = x.scaled_dot_product_attention(&x, &x, Attention { is_causal: true, ..Attention::default() });
    /// assert_eq!(y.select(0, 0).to_vec::<f32>(), [1.0, 0.0]);
    /// ```
    ///
    /// # Errors
    /// If dtypes or shapes do not fit, or a mask is given beside `is_causal`.
    pub fn scaled_dot_product_attention | try_scaled_dot_product_attention(
        self, key: &Tensor, value: &Tensor, options: Attention<'_>,
    ) -> Tensor {
        check(self, key, value, options)?;
        // Scores of halves would lose what the softmax magnifies.
        let dtype = if self.dtype().size() == 2 && self.dtype().is_floating_point() { DType::F32 } else { self.dtype() };
        let query = self.try_to_dtype(dtype)?;
        let (mut key, mut value) = (key.try_to_dtype(dtype)?, value.try_to_dtype(dtype)?);
        if options.enable_gqa && self.ndim() > 2 {
            let heads = |x: &Tensor| x.shape()[x.ndim() - 3];
            for x in [&mut key, &mut value] {
                let times = heads(self) / heads(x).max(1);
                *x = x.try_repeat_interleave(times as i64, Some(-3))?;
            }
        }
        let width = self.shape()[self.ndim() - 1];
        let scale = options.scale.unwrap_or(1.0 / (width as f64).sqrt());
        // The query is the smallest of what could be scaled.
        let scores = query.try_mul(scale)?.try_matmul(&key.try_mt()?)?;
        let causal = match options.is_causal {
            true => {
                let sizes = [scores.shape()[scores.ndim() - 2], scores.shape()[scores.ndim() - 1]];
                Some(Tensor::try_full_on(sizes, true, DType::Bool, self.device())?.try_tril(0)?)
            }
            false => None,
        };
        let weights = match causal.as_ref().or(options.attn_mask) {
            None => scores.try_softmax(-1)?,
            Some(mask) if mask.dtype() == DType::Bool => {
                let hidden = mask.try_logical_not()?;
                let weights = scores.try_masked_fill(&hidden, f64::NEG_INFINITY)?.try_softmax(-1)?;
                match causal {
                    // Its own place is always seen.
                    Some(_) => weights,
                    None => weights.try_masked_fill(&hidden.try_all_dim(-1, true)?, 0.0)?,
                }
            }
            Some(mask) => {
                let scores = scores.try_add(&mask.try_to_dtype(dtype)?)?;
                let hidden = scores.detach().try_eq(f64::NEG_INFINITY)?.try_all_dim(-1, true)?;
                scores.try_softmax(-1)?.try_masked_fill(&hidden, 0.0)?
            }
        };
        weights.try_matmul(&value)?.try_to_dtype(self.dtype())
    }
}
