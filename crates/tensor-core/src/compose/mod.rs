//! Methods made of other operations: no kernel and no derivative of their own. A file per theme.

mod activation;
pub mod attention;
mod comparison;
mod diagonal;
mod distance;
mod dropout;
pub mod einsum;
pub mod elementwise;
pub mod linalg;
pub mod loss;
mod norm;
mod order;
mod positions;
pub mod products;
pub mod recurrent;
mod repeat;
pub mod shape;
mod shuffle;
pub mod stacking;
mod statistics;
mod totals;
mod unique;

pub use unique::Unique;
