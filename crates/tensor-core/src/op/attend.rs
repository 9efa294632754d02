//! Scaled dot-product attention as one operation, so that scores exist only for a few queries at a time. Its derivative is an
//! operation here, too.

use super::Plan;
use crate::{Result, Tensor};

/// Attention, or its derivative. Operands have the same dtype and the same dimensions before their last two; a mask, `bool` or
/// numbers of that dtype, has the shape `[…, queries, keys]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Attend {
    /// Inputs (query `[…, queries, width]`, key `[…, keys, width]`, value `[…, keys, any]`[, mask]).
    Forward(Scores),
    /// Inputs (g, y, query, key, value[, mask]), y the result of `Forward` and g its gradient: the gradients of query, key and
    /// value, one behind the other.
    Backward(Scores),
}

/// How scores are made of products.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// By what products are multiplied.
    pub scale: f64,
    /// Whether a query sees only keys up to its own place.
    pub causal: bool,
}

impl Attend {
    pub(crate) fn plan(self, inputs: &[&Tensor]) -> Result<Plan> {
        let dtype = inputs[0].dtype();
        Ok(match self {
            Attend::Forward(_) => {
                let mut shape = inputs[0].shape().clone();
                let last = shape.len() - 1;
                shape[last] = inputs[2].shape()[last];
                Plan::new(shape, dtype)
            }
            Attend::Backward(_) => {
                let numel: usize = inputs[2..5].iter().map(|x| x.numel()).sum();
                Plan::new([numel].as_slice().into(), dtype)
            }
        })
    }
}
