//! Data sets one after another. It knows only their lengths.

use crate::{Collate, Dataset};

/// Several sets of one kind as one: the items of the first, then those of the second, and so on.
///
/// ```
/// use data::{ConcatDataset, Dataset};
/// let both = ConcatDataset::new([vec![1, 2, 3], vec![10, 20]]);
/// assert_eq!((both.len(), both.get(2), both.get(3)), (5, 3, 10));
/// ```
#[derive(Clone, Debug)]
pub struct ConcatDataset<D> {
    datasets: Vec<D>,
    cumulative_sizes: Vec<usize>,
}

impl<D: Dataset> ConcatDataset<D> {
    /// The sets in this order.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn new(datasets: impl IntoIterator<Item = D>) -> ConcatDataset<D> {
        let datasets: Vec<D> = datasets.into_iter().collect();
        assert!(!datasets.is_empty(), "datasets should not be an empty iterable");
        let ends = datasets.iter().scan(0, |end, dataset| {
            *end += dataset.len();
            Some(*end)
        });
        let cumulative_sizes = ends.collect();
        ConcatDataset { datasets, cumulative_sizes }
    }

    /// The number of items up to the end of each set.
    pub fn cumulative_sizes(&self) -> &[usize] {
        &self.cumulative_sizes
    }

    /// The sets.
    pub fn datasets(&self) -> &[D] {
        &self.datasets
    }

    /// The set that holds item `index`, and its number there.
    fn place(&self, index: usize) -> (usize, usize) {
        let at = self.cumulative_sizes.partition_point(|&end| end <= index);
        (at, index - if at == 0 { 0 } else { self.cumulative_sizes[at - 1] })
    }
}

impl<D: Dataset> Dataset for ConcatDataset<D> {
    type Item = D::Item;

    fn len(&self) -> usize {
        self.cumulative_sizes.last().copied().unwrap_or(0)
    }

    #[track_caller]
    fn get(&self, index: usize) -> D::Item {
        assert!(index < self.len(), "index {index} is out of bounds for a data set of {} items", self.len());
        let (at, index) = self.place(index);
        self.datasets[at].get(index)
    }

    fn batch(&self, indices: &[usize]) -> <D::Item as Collate>::Batch
    where
        D::Item: Collate,
    {
        let places: Vec<(usize, usize)> = indices.iter().map(|&index| self.place(index)).collect();
        match places.first() {
            // A batch from one set may have a faster way.
            Some(&(first, _)) if places.iter().all(|place| place.0 == first) && first < self.datasets.len() => {
                self.datasets[first].batch(&places.iter().map(|place| place.1).collect::<Vec<_>>())
            }
            _ => crate::default_collate(indices.iter().map(|&index| self.get(index)).collect()),
        }
    }
}
