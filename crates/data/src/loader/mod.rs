//! The loader: a data set in batches, an epoch per loop, read ahead by workers if wished. How an epoch runs is in `epoch.rs`,
//! how workers do in `workers.rs`.

mod epoch;
mod info;
mod options;
mod workers;

pub use epoch::DataLoaderIter;
pub use info::{WorkerInfo, worker_info};
pub use options::{DataLoaderOptions, WorkerInit};

use crate::sampler::{AnySampler, BatchSampler, GroupSampler, RandomSampler, SequentialSampler};
use crate::{Collate, Dataset, IterableDataset, default_collate};
use std::fmt;
use std::sync::{Arc, Mutex};
use tensor::Generator;
use workers::{Make, Open};

/// A data set in batches. Each `for` loop over it is an epoch.
///
/// From the same seed the batches are PyTorch's, whatever the settings: an epoch draws one seed for its workers and, if it is
/// shuffled, one for its order from the default generator, or both from the loader's own. Worker i draws from a default
/// generator of its own, so that random transforms in workers give PyTorch's numbers too.
///
/// ```
/// use data::{DataLoader, TensorDataset};
/// tensor::manual_seed(0);
/// let set = TensorDataset::new((tensor::arange(10), tensor::arange(10) * 10));
/// let loader = DataLoader::with(set, |o| o.batch_size(4).shuffle(true));
/// assert_eq!(loader.len(), 3);
/// let epoch: Vec<String> = loader.iter().map(|(x, _)| x.to_string()).collect();
/// assert_eq!(epoch, ["tensor([6, 7, 1, 4])", "tensor([2, 0, 9, 8])", "tensor([3, 5])"]);
/// ```
pub struct DataLoader<D, B> {
    dataset: Arc<D>,
    /// Which items go into which batch; `None` for a stream.
    order: Option<Arc<dyn GroupSampler>>,
    open: Open<B>,
    options: DataLoaderOptions,
    /// The generators of persistent workers, from the first epoch on.
    streams: Mutex<Vec<Generator>>,
}

impl<D, B> DataLoader<D, B>
where
    D: Dataset + 'static,
    D::Item: Collate<Batch = B>,
    B: Send + 'static,
{
    /// One item per batch, in order.
    #[track_caller]
    pub fn new(dataset: D) -> DataLoader<D, B> {
        DataLoader::with(dataset, |options| options)
    }

    /// Batches as the settings say.
    ///
    /// # Panics
    /// If the settings contradict each other, or there is nothing to shuffle.
    #[track_caller]
    pub fn with(dataset: D, settings: impl FnOnce(DataLoaderOptions) -> DataLoaderOptions) -> DataLoader<D, B> {
        DataLoader::fetching(dataset, settings, true, |dataset, indices| dataset.batch(indices))
    }
}

impl<D: Dataset + 'static, B: Send + 'static> DataLoader<D, B> {
    /// As [`with`](DataLoader::with), with another way to make a batch of items: PyTorch's `collate_fn`.
    ///
    /// ```
    /// use data::DataLoader;
    /// let words = vec!["a", "bcd", "ef"];
    /// let lengths = DataLoader::with_collate(words, |words| words.iter().map(|w| w.len()).sum::<usize>(), |o| o.batch_size(2));
    /// assert_eq!(lengths.iter().collect::<Vec<_>>(), [4, 2]);
    /// ```
    #[track_caller]
    pub fn with_collate(
        dataset: D,
        collate: impl Fn(Vec<D::Item>) -> B + Send + Sync + 'static,
        settings: impl FnOnce(DataLoaderOptions) -> DataLoaderOptions,
    ) -> DataLoader<D, B> {
        DataLoader::fetching(dataset, settings, true, move |dataset, indices| {
            collate(indices.iter().map(|&index| dataset.get(index)).collect())
        })
    }

    #[track_caller]
    fn fetching(
        dataset: D,
        settings: impl FnOnce(DataLoaderOptions) -> DataLoaderOptions,
        batches: bool,
        fetch: impl Fn(&D, &[usize]) -> B + Send + Sync + 'static,
    ) -> DataLoader<D, B> {
        let options = settings(DataLoaderOptions::default());
        options.check();
        options.check_order(batches);
        let order = options.order(dataset.len());
        let dataset = Arc::new(dataset);
        let (fetch, set) = (Arc::new(fetch), dataset.clone());
        let open: Open<B> = Arc::new(move || {
            let (fetch, set) = (fetch.clone(), set.clone());
            Box::new(move |indices| Some(fetch(&set, &indices)))
        });
        DataLoader { dataset, order: Some(order), open, options, streams: Mutex::default() }
    }
}

impl<D: Dataset<Item: Send> + 'static> DataLoader<D, D::Item> {
    /// A loader of single items as the data set gives them, without batches: PyTorch's `batch_size=None`.
    ///
    /// ```
    /// use data::DataLoader;
    /// tensor::manual_seed(0);
    /// let loader = DataLoader::unbatched(vec!["a", "b", "c"], |o| o.shuffle(true));
    /// assert_eq!(loader.iter().collect::<Vec<_>>(), ["a", "c", "b"]);
    /// ```
    ///
    /// # Panics
    /// As [`with`](DataLoader::with), and for settings of batches.
    #[track_caller]
    pub fn unbatched(
        dataset: D,
        settings: impl FnOnce(DataLoaderOptions) -> DataLoaderOptions,
    ) -> DataLoader<D, D::Item> {
        DataLoader::fetching(dataset, settings, false, |dataset, indices| dataset.get(indices[0]))
    }
}

impl<D, B> DataLoader<D, B>
where
    D: IterableDataset + 'static,
    D::Item: Collate<Batch = B>,
    B: Send + 'static,
{
    /// Batches of a stream, as the settings say.
    ///
    /// # Panics
    /// If the settings ask for an order, which a stream does not have.
    #[track_caller]
    pub fn iterable(dataset: D, settings: impl FnOnce(DataLoaderOptions) -> DataLoaderOptions) -> DataLoader<D, B> {
        DataLoader::streaming(dataset, settings, true, |options, mut items| {
            let (size, drop_last) = (options.batch_size, options.drop_last);
            Box::new(move |_| {
                let batch: Vec<D::Item> = items.by_ref().take(size).collect();
                let wanted = batch.len() == size || (!batch.is_empty() && !drop_last);
                wanted.then(|| default_collate(batch))
            })
        })
    }
}

impl<D: IterableDataset<Item: Send> + 'static> DataLoader<D, D::Item> {
    /// A loader of a stream's single items, without batches: PyTorch's `batch_size=None`.
    ///
    /// # Panics
    /// As [`iterable`](DataLoader::iterable), and for settings of batches.
    #[track_caller]
    pub fn iterable_unbatched(
        dataset: D,
        settings: impl FnOnce(DataLoaderOptions) -> DataLoaderOptions,
    ) -> DataLoader<D, D::Item> {
        DataLoader::streaming(dataset, settings, false, |_, mut items| Box::new(move |_| items.next()))
    }
}

impl<D: IterableDataset + 'static, B: Send + 'static> DataLoader<D, B> {
    #[track_caller]
    fn streaming(
        dataset: D,
        settings: impl FnOnce(DataLoaderOptions) -> DataLoaderOptions,
        batches: bool,
        make: impl Fn(&DataLoaderOptions, Box<dyn Iterator<Item = D::Item> + Send>) -> Make<B> + Send + Sync + 'static,
    ) -> DataLoader<D, B> {
        let options = settings(DataLoaderOptions::default());
        options.check();
        options.check_stream();
        options.check_order(batches);
        let dataset = Arc::new(dataset);
        let (set, own) = (dataset.clone(), options.clone());
        let open: Open<B> = Arc::new(move || make(&own, set.iter()));
        DataLoader { dataset, order: None, open, options, streams: Mutex::default() }
    }
}

impl<D, B> DataLoader<D, B> {
    /// The data set.
    pub fn dataset(&self) -> &D {
        &self.dataset
    }

    /// The settings.
    pub fn options(&self) -> &DataLoaderOptions {
        &self.options
    }

    /// The number of batches in an epoch.
    ///
    /// # Panics
    /// If the data is a stream.
    #[track_caller]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        match &self.order {
            Some(order) => order.len(),
            None => panic!("object of type '{}' has no len()", short_name::<D>()),
        }
    }
}

impl<D, B: Send + 'static> DataLoader<D, B> {
    /// An epoch.
    ///
    /// # Panics
    /// If there is a timeout, but no worker.
    #[track_caller]
    pub fn iter(&self) -> DataLoaderIter<'_, B> {
        epoch::start(self)
    }
}

impl<'a, D, B: Send + 'static> IntoIterator for &'a DataLoader<D, B> {
    type Item = B;
    type IntoIter = DataLoaderIter<'a, B>;

    #[track_caller]
    fn into_iter(self) -> DataLoaderIter<'a, B> {
        self.iter()
    }
}

impl<D, B> fmt::Debug for DataLoader<D, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataLoader").field("dataset", &short_name::<D>()).field("options", &self.options).finish()
    }
}

/// The name of a type without its path.
fn short_name<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    let end = name.find('<').unwrap_or(name.len());
    &name[name[..end].rfind("::").map_or(0, |at| at + 2)..end]
}

impl DataLoaderOptions {
    /// The order of the items of a set of `len`.
    #[track_caller]
    fn order(&self, len: usize) -> Arc<dyn GroupSampler> {
        if let Some(own) = &self.batch_sampler.0 {
            return own.clone();
        }
        let sampler: AnySampler = match &self.sampler.0 {
            Some(own) => AnySampler(Some(own.clone())),
            None if self.shuffle => RandomSampler::with(len, |s| s.generator(self.generator.clone())).into(),
            None => SequentialSampler::new(len).into(),
        };
        Arc::new(BatchSampler::new(sampler, self.batch_size, self.drop_last))
    }
}
