//! Scaled dot-product attention: what it takes, and how it is written with other operations.

use crate::op::Attend;
use crate::op::attend::Scores;
use crate::twins::twins;
use crate::{DType, Dims, Op, Result, Tensor, bail, shape};

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
        let scores = Scores { scale: options.scale.unwrap_or(1.0 / (width as f64).sqrt()), causal: options.is_causal };
        let mask = match options.attn_mask {
            Some(mask) if mask.dtype() != DType::Bool => Some(mask.try_to_dtype(dtype)?),
            mask => mask.cloned(),
        };
        let result = match together([&query, &key, &value], mask.as_ref(), scores)? {
            Some(result) => result,
            None => weights(&query, &key, mask.as_ref(), scores)?.try_matmul(&value)?,
        };
        result.try_to_dtype(self.dtype())
    }
}

/// All in one operation, where shapes fit together and nobody asks for the mask's gradient.
fn together([query, key, value]: [&Tensor; 3], mask: Option<&Tensor>, scores: Scores) -> Result<Option<Tensor>> {
    let sizes = |x: &Tensor| [x.shape()[x.ndim() - 2], x.shape()[x.ndim() - 1]];
    let ([queries, width], [keys, key_width], [value_keys, values]) = (sizes(query), sizes(key), sizes(value));
    let fits = width == key_width && keys == value_keys && queries * keys * width * values > 0;
    if !fits || mask.is_some_and(|mask| mask.is_tracked()) {
        return Ok(None);
    }
    let outer = |x: &Tensor| Dims::from(&x.shape()[..x.ndim() - 2]);
    let batch = shape::broadcast(&outer(query), &outer(key))?;
    let batch = shape::broadcast(&batch, &outer(value))?;
    if batch.iter().product::<usize>() == 0 {
        return Ok(None);
    }
    let whole = |x: &Tensor, sizes: [usize; 2]| {
        let sizes: Dims = batch.iter().copied().chain(sizes).collect();
        if x.shape()[..] == sizes[..] { Ok(x.clone()) } else { x.try_expand(sizes) }
    };
    let (query, key) = (whole(query, [queries, width])?, whole(key, [keys, width])?);
    let value = whole(value, [keys, values])?;
    let op = Op::Attend(Attend::Forward(scores));
    match mask {
        Some(mask) => Tensor::apply(op, &[&query, &key, &value, &whole(mask, [queries, keys])?]).map(Some),
        None => Tensor::apply(op, &[&query, &key, &value]).map(Some),
    }
}

/// softmax(query · keyᵀ · scale + mask), zero for queries that see nothing, as a whole matrix: what the operation computes block by
/// block, in operations that have all derivatives.
pub fn weights(query: &Tensor, key: &Tensor, mask: Option<&Tensor>, scores: Scores) -> Result<Tensor> {
    let products = query.try_mul(scores.scale)?.try_matmul(&key.try_mt()?)?;
    let seen = |visible: &Tensor| -> Result<Tensor> {
        let hidden = visible.try_logical_not()?;
        let weights = products.try_masked_fill(&hidden, f64::NEG_INFINITY)?.try_softmax(-1)?;
        weights.try_masked_fill(&hidden.try_all_dim(-1, true)?, 0.0)
    };
    match mask {
        _ if scores.causal => {
            let sizes = [products.shape()[products.ndim() - 2], products.shape()[products.ndim() - 1]];
            seen(&Tensor::try_full_on(sizes, true, DType::Bool, query.device())?.try_tril(0)?)
        }
        None => products.try_softmax(-1),
        Some(mask) if mask.dtype() == DType::Bool => seen(mask),
        Some(mask) => {
            let products = products.try_add(mask)?;
            let hidden = products.detach().try_eq(f64::NEG_INFINITY)?.try_all_dim(-1, true)?;
            products.try_softmax(-1)?.try_masked_fill(&hidden, 0.0)
        }
    }
}
