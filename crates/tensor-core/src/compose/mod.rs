//! Methods made of other operations: no kernel and no derivative of their own. A file per theme.

mod activation;
mod comparison;
mod distance;
mod dropout;
pub mod elementwise;
pub mod loss;
mod norm;
mod order;
mod positions;
pub mod recurrent;
mod shuffle;
mod statistics;
mod totals;
mod unique;

pub use unique::Unique;
