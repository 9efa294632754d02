//! Data: sets and their loaders, samplers, transforms of images, files of known data sets, and measures of quality. It builds on
//! `tensor` alone; it names no device and knows neither layers nor optimizers.
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
pub use loader::{DataLoader, DataLoaderIter, DataLoaderOptions, WorkerInfo, worker_info};
pub use map::MapDataset;
pub use sampler::{
    AnySampler, BatchSampler, Length, RandomSampler, RandomSamplerOptions, Sampler, SequentialSampler,
    SubsetRandomSampler, WeightedRandomSampler,
};
pub use subset::{PartLength, Subset, random_split, random_split_with};
pub use tensor_dataset::{TensorDataset, Tensors};
