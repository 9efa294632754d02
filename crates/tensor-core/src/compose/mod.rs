//! Methods made of other operations: no kernel and no derivative of their own. A file per theme.

mod activation;
pub mod attention;
mod combinations;
mod comparison;
pub mod covariance;
mod diagonal;
mod distance;
mod dropout;
pub mod einsum;
pub mod elementwise;
pub mod interpolate;
pub mod linalg;
pub mod loss;
mod norm;
mod order;
pub mod pool;
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
