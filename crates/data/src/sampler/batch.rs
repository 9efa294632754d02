//! Numbers of items in groups, one per batch.

use super::{AnySampler, Sampler};
use std::fmt;
use std::sync::Arc;

/// A choice of the items of each batch, anew for every epoch: what PyTorch takes as `batch_sampler`.
///
/// ```
/// use data::{DataLoader, GroupSampler};
/// #[derive(Debug)]
/// struct Halves;
/// impl GroupSampler for Halves {
///     fn len(&self) -> usize {
///         2
///     }
///     fn iter(&self) -> Box<dyn Iterator<Item = Vec<usize>> + Send + '_> {
///         Box::new([vec![0, 1, 2], vec![3, 4]].into_iter())
///     }
/// }
/// let loader = DataLoader::with(tensor::arange(5), |o| o.batch_sampler(Halves));
/// let batches: Vec<String> = loader.iter().map(|x: tensor::Tensor| x.to_string()).collect();
/// assert_eq!(batches, ["tensor([0, 1, 2])", "tensor([3, 4])"]);
/// ```
pub trait GroupSampler: fmt::Debug + Send + Sync {
    /// How many batches an epoch has.
    fn len(&self) -> usize;

    /// Whether an epoch is empty.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers of the items of one epoch's batches. What is random is drawn as they are asked for.
    fn iter(&self) -> Box<dyn Iterator<Item = Vec<usize>> + Send + '_>;
}

/// The same batches in every epoch.
impl GroupSampler for Vec<Vec<usize>> {
    fn len(&self) -> usize {
        self.len()
    }

    fn iter(&self) -> Box<dyn Iterator<Item = Vec<usize>> + Send + '_> {
        Box::new(self.as_slice().iter().cloned())
    }
}

/// A choice of any kind, or none: what the option `batch_sampler` of a loader holds.
#[derive(Clone, Debug, Default)]
pub struct AnyGroupSampler(pub(crate) Option<Arc<dyn GroupSampler>>);

impl<S: GroupSampler + 'static> From<S> for AnyGroupSampler {
    fn from(sampler: S) -> AnyGroupSampler {
        AnyGroupSampler(Some(Arc::new(sampler)))
    }
}

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

impl GroupSampler for BatchSampler {
    fn len(&self) -> usize {
        self.len()
    }

    fn iter(&self) -> Box<dyn Iterator<Item = Vec<usize>> + Send + '_> {
        Box::new(self.iter())
    }
}
