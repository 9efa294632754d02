//! What training does with parameters and sequences beside the layers: `torch.nn.utils`. It knows no layer.

mod clip;
pub mod rnn;
mod vector;

pub use self::clip::*;
pub use self::vector::*;
