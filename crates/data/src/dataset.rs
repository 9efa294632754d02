//! What a data set is: items with a number each, or a stream of items. It knows no batches beyond how to gather one.

use crate::{Collate, MapDataset, default_collate};
use std::sync::Arc;
use tensor::{Place, Tensor, from_vec};

/// Items that can be had by their number.
///
/// ```
/// use data::{DataLoader, Dataset};
///
/// struct Squares;
/// impl Dataset for Squares {
///     type Item = (i64, i64);
///     fn len(&self) -> usize {
///         4
///     }
///     fn get(&self, index: usize) -> (i64, i64) {
///         (index as i64, (index * index) as i64)
///     }
/// }
///
/// let loader = DataLoader::with(Squares, |o| o.batch_size(4));
/// for (x, y) in &loader {
///     assert_eq!(x.to_string(), "tensor([0, 1, 2, 3])");
///     assert_eq!(y.to_string(), "tensor([0, 1, 4, 9])");
/// }
/// ```
pub trait Dataset: Send + Sync {
    /// What the set consists of, often a tuple of an input and a target.
    type Item: Send;

    /// The number of items.
    fn len(&self) -> usize;

    /// Item number `index`, counted from 0.
    fn get(&self, index: usize) -> Self::Item;

    /// Whether there are no items.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items at `indices` in one batch, as [`default_collate`] makes it. Sets that can gather faster than item by item
    /// have a form of their own, which must give the same.
    fn batch(&self, indices: &[usize]) -> <Self::Item as Collate>::Batch
    where
        Self::Item: Collate,
    {
        default_collate(indices.iter().map(|&index| self.get(index)).collect())
    }

    /// The set whose items are made of this one's by `f`, each time they are asked for.
    ///
    /// ```
    /// use data::{Dataset, TensorDataset};
    /// let halves = TensorDataset::new(tensor::arange(4)).map(|(x,)| x.item::<f64>() / 2.0);
    /// assert_eq!(halves.get(3), 1.5);
    /// ```
    fn map<T: Send, F: Fn(Self::Item) -> T + Send + Sync>(self, f: F) -> MapDataset<Self, F>
    where
        Self: Sized,
    {
        MapDataset::new(self, f)
    }
}

/// Items that come one after another, from a file or a generator, of which nobody need know the number.
///
/// ```
/// use data::{DataLoader, IterableDataset};
///
/// struct Countdown(i64);
/// impl IterableDataset for Countdown {
///     type Item = i64;
///     fn iter(&self) -> Box<dyn Iterator<Item = i64> + Send> {
///         Box::new((0..self.0).rev())
///     }
/// }
///
/// let loader = DataLoader::iterable(Countdown(5), |o| o.batch_size(3));
/// let batches: Vec<String> = loader.iter().map(|batch| batch.to_string()).collect();
/// assert_eq!(batches, ["tensor([4, 3, 2])", "tensor([1, 0])"]);
/// ```
pub trait IterableDataset: Send + Sync {
    /// What the stream consists of.
    type Item: Send;

    /// A stream from the beginning. With several workers each opens one; what each shall give it learns from
    /// [`worker_info`](crate::worker_info), without which every item comes once from every worker.
    fn iter(&self) -> Box<dyn Iterator<Item = Self::Item> + Send>;
}

impl<D: Dataset + ?Sized> Dataset for Arc<D> {
    type Item = D::Item;

    fn len(&self) -> usize {
        (**self).len()
    }

    fn get(&self, index: usize) -> D::Item {
        (**self).get(index)
    }

    fn batch(&self, indices: &[usize]) -> <D::Item as Collate>::Batch
    where
        D::Item: Collate,
    {
        (**self).batch(indices)
    }
}

/// The rows of a tensor along its first dimension.
impl Dataset for Tensor {
    type Item = Tensor;

    fn len(&self) -> usize {
        self.size(0)
    }

    fn get(&self, index: usize) -> Tensor {
        self.select(0, index as i64)
    }

    fn batch(&self, indices: &[usize]) -> Tensor {
        gather(self, indices)
    }
}

/// A vector is a set of its elements.
impl<T: Clone + Send + Sync> Dataset for Vec<T> {
    type Item = T;

    fn len(&self) -> usize {
        self.len()
    }

    fn get(&self, index: usize) -> T {
        self[index].clone()
    }
}

/// The rows of `x` at `indices` in one copy; neighbours in order are one block.
pub(crate) fn gather(x: &Tensor, indices: &[usize]) -> Tensor {
    let positions: Vec<i64> = indices.iter().map(|&index| index as i64).collect();
    x.index_select(0, &from_vec(positions, indices.len()).to(x.device()))
}
