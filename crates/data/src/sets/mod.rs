//! Known data sets and files of data: where they lie, how their files read, and what items they give.

mod cifar;
mod csv;
mod digits;
mod folder;
mod idx;
mod images;
mod known;
mod mnist;

pub use self::csv::{Columns, Csv, CsvOptions};
pub use cifar::{CIFAR10, CIFAR100};
pub use digits::Digits;
pub use folder::{ImageFolder, read_image};
pub use idx::read_idx;
pub use images::{ImageSet, SetOptions};
pub use mnist::{FashionMNIST, KMNIST, MNIST};
