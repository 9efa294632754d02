//! In which order a loader takes the items. Samplers give numbers of items; they know no items.

mod batch;
mod random;
mod sequential;
mod weighted;

pub use batch::{AnyGroupSampler, BatchSampler, GroupSampler};
pub(crate) use random::random_seed;
pub use random::{RandomSampler, RandomSamplerOptions, SubsetRandomSampler};
pub use sequential::SequentialSampler;
pub use weighted::WeightedRandomSampler;

use crate::Dataset;
use std::fmt;
use std::sync::Arc;

/// An order of items, anew for every epoch.
pub trait Sampler: fmt::Debug + Send + Sync {
    /// How many numbers an epoch has.
    fn len(&self) -> usize;

    /// Whether an epoch is empty.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers of one epoch. What is random is drawn when the first of them is asked for.
    fn iter(&self) -> Box<dyn Iterator<Item = usize> + Send + '_>;
}

/// What samplers are made for: a data set, or a number of items.
pub trait Length {
    /// The number of items.
    fn length(&self) -> usize;
}

impl Length for usize {
    fn length(&self) -> usize {
        *self
    }
}

impl<D: Dataset> Length for &D {
    fn length(&self) -> usize {
        self.len()
    }
}

/// A sampler of any kind, or none: what the option `sampler` of a loader holds.
#[derive(Clone, Debug, Default)]
pub struct AnySampler(pub(crate) Option<Arc<dyn Sampler>>);

impl<S: Sampler + 'static> From<S> for AnySampler {
    fn from(sampler: S) -> AnySampler {
        AnySampler(Some(Arc::new(sampler)))
    }
}

/// Numbers made by `start` when the first of them is asked for.
fn lazily<'a, I: Iterator<Item = usize> + Send + 'a>(
    start: impl FnOnce() -> I + Send + 'a,
) -> Box<dyn Iterator<Item = usize> + Send + 'a> {
    Box::new(std::iter::once_with(start).flatten())
}

/// That a number of samples is one.
#[track_caller]
fn check_num_samples(num_samples: usize) {
    assert!(num_samples > 0, "num_samples should be a positive integer value, but got num_samples={num_samples}");
}
