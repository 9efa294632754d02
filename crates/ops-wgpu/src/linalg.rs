//! Matrices taken apart: there are no kernels for that, and nothing falls back to the CPU in silence. The error says how to.

use crate::gpu::Gpu;
use tensor_core::op::Linalg;
use tensor_core::{Error, ErrorKind, Result};

pub(crate) fn run(gpu: &Gpu, op: Linalg) -> Result<()> {
    let (name, device) = (format!("{op:?}"), gpu.name());
    let name = name.split([' ', '(']).next().unwrap_or_default().to_lowercase();
    let text = format!("linalg.{name} is not supported on {device}: move the matrices to the CPU, which has it");
    Err(Error::new(ErrorKind::Unsupported, text))
}
