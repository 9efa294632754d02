//! How variables go together: covariances and correlations of rows.

use crate::twins::twins;
use crate::{DType, Result, Tensor, bail};

/// The optional arguments of [`Tensor::cov`].
#[derive(Clone, Copy, Debug)]
pub struct Cov<'a> {
    /// What is taken off the number of observations.
    pub correction: i64,
    /// How often each observation counts, whole numbers.
    pub fweights: Option<&'a Tensor>,
    /// How much each observation weighs, real numbers.
    pub aweights: Option<&'a Tensor>,
}

impl Default for Cov<'_> {
    /// A correction of one, no weights.
    fn default() -> Self {
        Cov { correction: 1, fweights: None, aweights: None }
    }
}

fn check_weights(name: &str, weights: &Tensor, observations: usize) -> Result<()> {
    if weights.ndim() > 1 {
        bail!(
            Shape,
            "cov(): expected {name} to have one or fewer dimensions but got {name} with {} dimensions",
            weights.ndim()
        );
    }
    let (whole, real) = (weights.dtype().is_integer(), weights.dtype().is_floating_point());
    if name == "fweights" && !whole {
        bail!(
            DType,
            "cov(): expected fweights to have integral dtype but got fweights with {} dtype",
            weights.dtype().type_name()
        );
    }
    if name == "aweights" && !real {
        bail!(
            DType,
            "cov(): expected aweights to have floating point dtype but got aweights with {} dtype",
            weights.dtype().type_name()
        );
    }
    if weights.numel() != observations {
        bail!(
            Shape,
            "cov(): expected {name} to have the same numel as there are observations in the input but got {} != {observations}",
            weights.numel()
        );
    }
    if weights.numel() > 0 && weights.detach().try_lt(0)?.try_any()?.try_item::<bool>()? {
        bail!(Value, "cov(): {name} cannot be negative");
    }
    Ok(())
}

twins! {
    /// The covariances of variables, which are rows; their observations are columns. A vector is one variable.
    ///
    /// ```
    /// # use tensor_core::{Tensor, compose::covariance::Cov};
    /// let x = Tensor::from_vec(vec![0.0f32, 2.0, 2.0, 0.0], [2, 2], ops_cpu::cpu());
    /// assert_eq!(x.cov(Cov::default()).to_vec::<f32>(), [2.0, -2.0, -2.0, 2.0]);
    /// ```
    ///
    /// # Errors
    /// For `bool`, more than two dimensions, and weights that do not fit or are negative.
    pub fn cov | try_cov(self, options: Cov<'_>) -> Tensor {
        let Cov { correction, fweights, aweights } = options;
        if self.ndim() > 2 {
            bail!(
                Shape,
                "cov(): expected input to have two or fewer dimensions but got an input with {} dimensions",
                self.ndim()
            );
        }
        if self.dtype() == DType::Bool {
            bail!(DType, "cov(): bool dtype is not supported for input");
        }
        let x = if self.ndim() < 2 { self.try_reshape([1, self.numel()])? } else { self.clone() };
        let observations = x.shape()[1];
        if let Some(weights) = fweights {
            check_weights("fweights", weights, observations)?;
        }
        if let Some(weights) = aweights {
            check_weights("aweights", weights, observations)?;
        }
        let weights = match (fweights, aweights) {
            (Some(f), Some(a)) => Some(f.try_mul(a)?),
            (one, other) => one.or(other).cloned(),
        };
        let weighted = |x: &Tensor| weights.as_ref().map_or_else(|| Ok(x.clone()), |w| x.try_mul(w));
        // The weights are those of all rows; what they come to is one number.
        let (mean, count) = match &weights {
            None => {
                let count = observations as f64;
                (x.try_sum_dim(1, true)?.try_div(count)?, None)
            }
            Some(w) => {
                let sum = w.try_sum()?;
                if sum.detach().try_eq(0)?.try_item::<bool>()? {
                    bail!(Value, "cov(): weights sum to zero, can't be normalized");
                }
                (weighted(&x)?.try_sum_dim(1, true)?.try_div(&sum)?, Some(sum))
            }
        };
        let apart = x.try_sub(&mean)?;
        let product = apart.try_matmul(&weighted(&apart)?.try_transpose(0, 1)?)?;
        let scaled = match (count, &weights, aweights) {
            (Some(sum), Some(w), Some(a)) if correction != 0 => {
                let taken = w.try_mul(a)?.try_sum()?.try_div(&sum)?.try_mul(correction)?;
                product.try_div(&sum.try_sub(&taken)?.try_clamp_min(0)?)?
            }
            (Some(sum), ..) => product.try_div(&sum.try_sub(correction)?.try_clamp_min(0)?)?,
            (None, ..) => product.try_div((observations as f64 - correction as f64).max(0.0))?,
        };
        scaled.try_squeeze()
    }

    /// The correlations of variables, which are rows: their [covariances](Tensor::cov) over their standard deviations.
    ///
    /// ```
    /// # use tensor_core::Tensor;
    /// let x = Tensor::from_vec(vec![0.0f64, 2.0, 2.0, 0.0], [2, 2], ops_cpu::cpu());
    /// assert!((x.corrcoef().to_vec::<f64>()[1] + 1.0).abs() < 1e-12);
    /// ```
    ///
    /// # Errors
    /// For more than two dimensions.
    pub fn corrcoef | try_corrcoef(self) -> Tensor {
        if self.ndim() > 2 {
            bail!(
                Shape,
                "corrcoef(): expected input to have two or fewer dimensions but got an input with {} dimensions",
                self.ndim()
            );
        }
        let c = self.try_cov(Cov::default())?;
        if c.ndim() == 0 {
            return c.try_div(&c);
        }
        let deviation = c.try_diagonal(0, 0, 1)?.try_sqrt()?;
        let rows = c.try_div(&deviation.try_reshape([-1, 1])?)?.try_div(&deviation.try_reshape([1, -1])?)?;
        rows.try_clamp(-1, 1)
    }
}
