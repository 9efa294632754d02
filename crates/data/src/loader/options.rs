//! The settings of a loader and which of them go together.

use crate::sampler::AnySampler;
use tensor::Generator;

tensor::settings! {
    /// What a [`DataLoader`](crate::DataLoader) takes beside its data set, with PyTorch's names and defaults.
    pub struct DataLoaderOptions {
        /// How many items a batch has.
        batch_size: usize = 1,
        /// Whether each epoch has an order of its own.
        shuffle: bool = false,
        /// Another order: a [`Sampler`](crate::Sampler).
        sampler: into AnySampler = AnySampler::default(),
        /// Whether a last batch with fewer items is left out.
        drop_last: bool = false,
        /// How many threads make batches ahead; 0 makes them where they are used.
        num_workers: usize = 0,
        /// How many batches each worker makes ahead.
        prefetch_factor: usize = 2,
        /// Whether the workers' random numbers go on from epoch to epoch instead of starting anew from a seed.
        persistent_workers: bool = false,
        /// What draws seeds and order; the default generator unless given.
        generator: into Option<Generator> = None::<Generator>,
    }
}

impl DataLoaderOptions {
    /// That the settings go together.
    #[track_caller]
    pub(super) fn check(&self) {
        if self.num_workers > 0 && self.prefetch_factor == 0 {
            panic!("prefetch_factor option should be positive");
        }
        if self.persistent_workers && self.num_workers == 0 {
            panic!("persistent_workers option needs num_workers > 0");
        }
        if self.sampler.0.is_some() && self.shuffle {
            panic!("sampler option is mutually exclusive with shuffle");
        }
        if self.batch_size == 0 {
            panic!("batch_size should be a positive integer value, but got batch_size=0");
        }
    }

    /// That nothing is asked of a stream that it cannot do.
    #[track_caller]
    pub(super) fn check_stream(&self) {
        if self.shuffle {
            panic!("DataLoader with IterableDataset: expected unspecified shuffle option, but got shuffle=True");
        }
        if let Some(sampler) = &self.sampler.0 {
            panic!("DataLoader with IterableDataset: expected unspecified sampler option, but got sampler={sampler:?}");
        }
    }
}
