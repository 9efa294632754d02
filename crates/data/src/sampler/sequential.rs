//! Items in the order of their numbers.

use super::{Length, Sampler};

/// 0, 1, 2 and so on.
///
/// ```
/// use data::{Sampler, SequentialSampler};
/// assert_eq!(SequentialSampler::new(3).iter().collect::<Vec<_>>(), [0, 1, 2]);
/// ```
#[derive(Clone, Debug)]
pub struct SequentialSampler(usize);

impl SequentialSampler {
    /// The numbers of the items of `source`.
    pub fn new(source: impl Length) -> SequentialSampler {
        SequentialSampler(source.length())
    }
}

impl Sampler for SequentialSampler {
    fn len(&self) -> usize {
        self.0
    }

    fn iter(&self) -> Box<dyn Iterator<Item = usize> + Send + '_> {
        Box::new(0..self.0)
    }
}
