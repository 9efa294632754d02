//! A data set with a function applied to each item. It knows nothing of the set below.

use crate::Dataset;

/// The items of a set, each changed by a function when it is asked for: [`Dataset::map`].
#[derive(Clone, Debug)]
pub struct MapDataset<D, F> {
    dataset: D,
    f: F,
}

impl<D, F> MapDataset<D, F> {
    /// The items of `dataset` through `f`.
    pub fn new(dataset: D, f: F) -> MapDataset<D, F> {
        MapDataset { dataset, f }
    }

    /// The set below.
    pub fn dataset(&self) -> &D {
        &self.dataset
    }
}

impl<D: Dataset, T: Send, F: Fn(D::Item) -> T + Send + Sync> Dataset for MapDataset<D, F> {
    type Item = T;

    fn len(&self) -> usize {
        self.dataset.len()
    }

    fn get(&self, index: usize) -> T {
        (self.f)(self.dataset.get(index))
    }
}
