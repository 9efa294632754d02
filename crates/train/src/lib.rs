//! What surrounds a training loop: its progress on the terminal, its figures, event files for TensorBoard, checkpoints, early
//! stopping, and how it is interrupted. It knows modules and what optimizers and schedules remember; it names no device and no data set.
#![forbid(unsafe_code)]

mod checkpoint;
mod early_stopping;
pub mod figures;
mod interrupt;
mod picture;
mod progress;
pub mod tensorboard;

pub use self::checkpoint::Checkpoint;
pub use self::early_stopping::{EarlyStopping, EarlyStoppingOptions, Mode};
pub use self::interrupt::Interrupt;
pub use self::progress::{Progress, ProgressOptions};
