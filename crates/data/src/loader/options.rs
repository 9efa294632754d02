//! The settings of a loader and which of them go together.

use crate::sampler::{AnyGroupSampler, AnySampler};
use std::fmt;
use std::sync::Arc;
use tensor::{Generator, python_float};

tensor::settings! {
    /// What a [`DataLoader`](crate::DataLoader) takes beside its data set, with PyTorch's names and defaults.
    pub struct DataLoaderOptions {
        /// How many items a batch has.
        batch_size: usize = 1,
        /// Whether each epoch has an order of its own.
        shuffle: bool = false,
        /// Another order: a [`Sampler`](crate::Sampler).
        sampler: into AnySampler = AnySampler::default(),
        /// Another choice of the items of each batch, in place of size and order: a [`GroupSampler`](crate::GroupSampler).
        batch_sampler: into AnyGroupSampler = AnyGroupSampler::default(),
        /// Whether a last batch with fewer items is left out.
        drop_last: bool = false,
        /// How many threads make batches ahead; 0 makes them where they are used.
        num_workers: usize = 0,
        /// How many batches each worker makes ahead; 2 unless given.
        prefetch_factor: into Option<usize> = None::<usize>,
        /// Whether the workers' random numbers go on from epoch to epoch instead of starting anew from a seed.
        persistent_workers: bool = false,
        /// How many seconds to wait for a batch of a worker; 0 waits for ever.
        timeout: f64 = 0.0,
        /// What each worker does with its number before it loads. Its thread then is a worker already: it has a
        /// [`worker_info`](crate::worker_info) and draws from the worker's generator. With `persistent_workers` only the first epoch
        /// calls it.
        worker_init_fn: into WorkerInit = WorkerInit::default(),
        /// What draws seeds and order; the default generator unless given.
        generator: into Option<Generator> = None::<Generator>,
    }
}

/// What a worker does before it loads, or nothing: what the option `worker_init_fn` holds.
#[derive(Clone, Default)]
pub struct WorkerInit(pub(super) Option<Arc<dyn Fn(usize) + Send + Sync>>);

impl<F: Fn(usize) + Send + Sync + 'static> From<F> for WorkerInit {
    fn from(work: F) -> WorkerInit {
        WorkerInit(Some(Arc::new(work)))
    }
}

impl fmt::Debug for WorkerInit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Some(function)" } else { "None" })
    }
}

impl DataLoaderOptions {
    /// That the settings of workers go together.
    #[track_caller]
    pub(super) fn check(&self) {
        if !(self.timeout >= 0.0) {
            panic!("timeout option should be non-negative");
        }
        match self.prefetch_factor {
            Some(_) if self.num_workers == 0 => panic!(
                "prefetch_factor option could only be specified in multiprocessing.let num_workers > 0 to enable multiprocessing, \
                 otherwise set prefetch_factor to None."
            ),
            Some(0) => panic!("prefetch_factor option should be positive"),
            _ => {}
        }
        if self.persistent_workers && self.num_workers == 0 {
            panic!("persistent_workers option needs num_workers > 0");
        }
    }

    /// That the settings of the order go together. `batches` says whether there are any.
    #[track_caller]
    pub(super) fn check_order(&self, batches: bool) {
        if self.sampler.0.is_some() && self.shuffle {
            panic!("sampler option is mutually exclusive with shuffle");
        }
        let sized = self.batch_size != 1 || self.drop_last;
        if self.batch_sampler.0.is_some() && (sized || self.shuffle || self.sampler.0.is_some()) {
            panic!("batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last");
        }
        if !batches {
            if self.drop_last {
                panic!("batch_size=None option disables auto-batching and is mutually exclusive with drop_last");
            }
            if self.batch_size != 1 || self.batch_sampler.0.is_some() {
                panic!("a loader of single items takes neither batch_size nor batch_sampler");
            }
        }
        if self.batch_size == 0 {
            panic!("batch_size should be a positive integer value, but got batch_size=0");
        }
    }

    /// That nothing is asked of a stream that it cannot do.
    #[track_caller]
    pub(super) fn check_stream(&self) {
        let refuse = |what: &str, given: &dyn fmt::Debug| -> ! {
            panic!("DataLoader with IterableDataset: expected unspecified {what} option, but got {what}={given:?}")
        };
        if self.shuffle {
            panic!("DataLoader with IterableDataset: expected unspecified shuffle option, but got shuffle=True");
        }
        if let Some(sampler) = &self.sampler.0 {
            refuse("sampler", sampler);
        }
        if let Some(sampler) = &self.batch_sampler.0 {
            refuse("batch_sampler", sampler);
        }
    }

    /// The text of a worker that was waited for too long.
    pub(super) fn timed_out(&self) -> String {
        format!("DataLoader timed out after {} seconds", python_float(self.timeout))
    }
}
