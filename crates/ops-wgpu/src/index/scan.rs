//! Running totals of whole numbers in memory that an operation made for itself: blocks of 1024 numbers by themselves, then the
//! blocks' totals, then both together.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::{self, Kernel};
use crate::memory::Block;
use storage::DType;
use tensor_core::Result;

/// Numbers that one group adds up.
const BLOCK: usize = 1024;

/// Replaces each of the first `count` numbers by the sum of those before it.
pub(crate) fn exclusive(gpu: &Gpu, numbers: &Block, count: usize) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    let blocks = count.div_ceil(BLOCK);
    let totals = gpu.block(4 * blocks)?;
    let mut kernel = Kernel::new(gpu, "scan_blocks");
    kernel.size("count", count).write_own("y", numbers, DType::I32, Kind::I32);
    kernel.write_own("totals", &totals, DType::I32, Kind::I32);
    kernel.run(kernel::spread(blocks), || include_str!("../../shaders/scan_blocks.wgsl").to_string())?;
    if blocks == 1 {
        return Ok(());
    }
    exclusive(gpu, &totals, blocks)?;
    let mut kernel = Kernel::new(gpu, "scan_add");
    kernel.write_own("y", numbers, DType::I32, Kind::I32).read_own("totals", &totals, DType::I32, Kind::I32);
    kernel.run_each(count, || format!("fn each(i: u32) {{ y_put(i, y_[i] + totals(i / {BLOCK}u)); }}\n"))
}

const _: () = assert!(BLOCK == 4 * kernel::GROUP);
