//! What surrounds a training loop: its progress on the terminal, its figures, event files for TensorBoard, checkpoints, early
//! stopping, and how it is interrupted. It knows modules and tensors; it names no device, optimizer or data set.
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
