//! Derivatives of what tensors compute: rules as data, one formula per input; an engine that walks from the youngest
//! operation to the oldest; hooks, custom functions, checks against finite differences, and the graph as text and picture.
//! It knows no device.
#![forbid(unsafe_code)]

mod anomaly;
pub mod draw;
mod engine;
mod extras;
mod function;
mod gradcheck;
mod gradient;
mod graph;
mod kept;
mod mode;
mod node;
mod rules;

pub use anomaly::{detect_anomaly, is_anomaly_enabled};
pub use engine::{Backward, GradOptions, grad, grad_with, try_grad};
pub use extras::HookHandle;
pub use function::{Context, Function, apply, try_apply};
pub use gradcheck::{Tolerance, gradcheck, gradgradcheck};
pub use gradient::{GradFn, Gradient};
pub use graph::{Graph, keep_values};
pub use mode::{enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled};
