//! Numbers of items in groups, one per batch.

use super::{AnySampler, Sampler};
use std::sync::Arc;

/// The numbers of another sampler in groups of `batch_size`, the last one smaller or dropped.
///
/// ```
/// use data::{BatchSampler, SequentialSampler};
/// let groups = |drop_last| BatchSampler::new(SequentialSampler::new(5), 2, drop_last).iter().collect::<Vec<_>>();
/// assert_eq!(groups(false), [vec![0, 1], vec![2, 3], vec![4]]);
/// assert_eq!(groups(true), [vec![0, 1], vec![2, 3]]);
/// ```
#[derive(Clone, Debug)]
pub struct BatchSampler {
    sampler: Arc<dyn Sampler>,
    batch_size: usize,
    drop_last: bool,
}

impl BatchSampler {
    /// Groups of the numbers of `sampler`.
    ///
    /// # Panics
    /// If the size is 0, or there is no sampler.
    #[track_caller]
    pub fn new(sampler: impl Into<AnySampler>, batch_size: usize, drop_last: bool) -> BatchSampler {
        if batch_size == 0 {
            panic!("batch_size should be a positive integer value, but got batch_size={batch_size}");
        }
        let sampler = sampler.into().0.expect("a sampler");
        BatchSampler { sampler, batch_size, drop_last }
    }

    /// The number of groups in an epoch.
    pub fn len(&self) -> usize {
        let (count, size) = (self.sampler.len(), self.batch_size);
        if self.drop_last { count / size } else { count.div_ceil(size) }
    }

    /// Whether there are no groups.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The groups of one epoch, drawn as they are asked for.
    pub fn iter(&self) -> impl Iterator<Item = Vec<usize>> + Send + '_ {
        let mut numbers = self.sampler.iter();
        std::iter::from_fn(move || {
            let group: Vec<usize> = numbers.by_ref().take(self.batch_size).collect();
            let wanted = group.len() == self.batch_size || (!self.drop_last && !group.is_empty());
            wanted.then_some(group)
        })
    }
}
