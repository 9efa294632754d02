//! What surrounds a training loop: its progress on the terminal, its figures, event files for TensorBoard, checkpoints, early
//! stopping, and how it is interrupted. It knows modules and tensors; it names no device, optimizer or data set.
#![forbid(unsafe_code)]

pub mod figures;
mod picture;
