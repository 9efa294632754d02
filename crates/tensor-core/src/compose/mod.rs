//! Methods that are written with other operations, a file per theme. They have no kernel and no derivative of their own.

mod activation;
mod comparison;
mod distance;
pub mod elementwise;
pub mod loss;
