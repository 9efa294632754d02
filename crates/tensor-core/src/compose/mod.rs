//! Methods made of other operations: no kernel and no derivative of their own. A file per theme.

mod norm;
mod order;
mod shuffle;
mod statistics;
mod totals;
mod unique;

pub use unique::Unique;
