//! Losses: what a prediction is away from its target, element by element or as one number. Which is said by [`Reduction`].

pub mod binary;
mod classes;
mod likelihood;
mod margins;
pub mod regression;

pub use classes::{CrossEntropy, NllLoss};
pub use likelihood::BceWithLogits;
pub use margins::{MultiMargin, TripletMargin, TripletMarginWithDistance};

use crate::{Result, Tensor, bail};

/// What becomes of the losses of all elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// They stay.
    None,
    /// Their mean.
    #[default]
    Mean,
    /// Their sum.
    Sum,
    /// Their sum over the size of the first dimension; only `kl_div` has it.
    BatchMean,
}

impl Reduction {
    /// The losses, reduced.
    pub(crate) fn of(self, losses: Tensor) -> Result<Tensor> {
        match self {
            Reduction::None => Ok(losses),
            Reduction::Mean => losses.try_mean(),
            Reduction::Sum => losses.try_sum(),
            Reduction::BatchMean => bail!(Value, "batchmean is not a valid value for reduction"),
        }
    }
}
