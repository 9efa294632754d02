//! Data: sets and their loaders, samplers, transforms of images, files of known data sets, and measures of quality. It builds on
//! `tensor` alone; it names no device and knows neither layers nor optimizers.
//!
//! ```
//! use data::transforms::{Compose, Normalize, Pad, RandomCrop, ToTensor};
//! use data::{DataLoader, Dataset, random_split, sets::Digits};
//!
//! tensor::manual_seed(0);
//! let transform = Compose::new().then(Pad::new(1)).then(RandomCrop::new(8)).then(ToTensor).then(Normalize::new([0.02], [0.03]));
//! let [train, test] = random_split(&Digits::load()?.transform(transform), [0.8, 0.2]);
//! let loader = DataLoader::with(train, |o| o.batch_size(64).shuffle(true).num_workers(2));
//! for (images, labels) in loader.iter().take(3) {
//!     assert_eq!((&images.shape()[..], &labels.shape()[..]), (&[64, 1, 8, 8][..], &[64][..]));
//! }
//! assert_eq!(test.len(), 359);
//! # Ok::<(), tensor::Error>(())
//! ```
#![forbid(unsafe_code)]

mod collate;
mod concat;
mod dataset;
mod files;
mod loader;
mod map;
pub mod metrics;
mod sampler;
pub mod sets;
mod subset;
mod tensor_dataset;
pub mod transforms;

pub use collate::{Collate, default_collate};
pub use concat::ConcatDataset;
pub use dataset::{Dataset, IterableDataset};
pub use loader::{DataLoader, DataLoaderIter, DataLoaderOptions, WorkerInfo, WorkerInit, worker_info};
pub use map::MapDataset;
pub use sampler::{
    AnyGroupSampler, AnySampler, BatchSampler, GroupSampler, Length, RandomSampler, RandomSamplerOptions, Sampler,
    SequentialSampler, SubsetRandomSampler, WeightedRandomSampler,
};
pub use subset::{PartLength, Subset, random_split, random_split_with};
pub use tensor_dataset::{TensorDataset, Tensors};
