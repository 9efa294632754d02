//! Optimizers, which move parameters along their gradients, and schedules of their learning rates: `torch.optim`. They know tensors,
//! but neither layers nor devices.
#![forbid(unsafe_code)]

mod fields;
mod groups;
mod lbfgs;
pub mod lr_scheduler;
mod optimizer;
mod pointwise;
mod rules;
mod value;

pub use fields::{Field, Settings};
pub use groups::{Group, IntoGroups, ParamGroup, ParamGroups};
pub use lbfgs::{LBFGS, LbfgsOptions};
pub use optimizer::Optimizer;
pub use pointwise::{Pointwise, Rule, Step};
pub use rules::*;
pub use value::{Dict, Value};
