//! Numbered entries sorted by where they go, those of one place in their order: a radix sort with digits of eight bits. Nothing
//! in it depends on which group runs first.

use super::scan;
use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::{self, Kernel};
use crate::memory::Block;
use storage::DType;
use tensor_core::Result;

/// Entries that one group sorts.
const GROUP: usize = 256;
/// Values of a digit.
const DIGITS: usize = 256;

/// The entries of each place.
pub(crate) struct Order {
    /// Numbers of entries, place by place.
    pub(crate) entries: Block,
    /// Where each place's entries begin.
    pub(crate) starts: Block,
    /// And where they end.
    pub(crate) ends: Block,
}

impl Order {
    /// Of `count` entries, each of which goes to one of `places` places; places below zero are none.
    pub(crate) fn new(gpu: &Gpu, to: &Block, count: usize, places: usize) -> Result<Order> {
        // Entries that go nowhere are sorted behind all others.
        let bits = (usize::BITS - places.leading_zeros()) as usize;
        let groups = count.div_ceil(GROUP).max(1);
        let mut sorted: Option<(Block, Block)> = None;
        for shift in (0..bits.max(1)).step_by(8) {
            let counts = gpu.block(4 * groups * DIGITS)?;
            let common = |kernel: &mut Kernel<'_>| {
                let first = sorted.is_none();
                kernel.variant(u32::from(first));
                kernel.size("count", count).size("places", places).size("shift", shift).size("groups_", groups);
            };
            let keys = sorted.as_ref().map_or(to, |(keys, _)| keys);
            let mut kernel = Kernel::new(gpu, "digits_counted");
            common(&mut kernel);
            kernel.write_own("counts", &counts, DType::I32, Kind::I32).read_own("keys", keys, DType::I32, Kind::I32);
            let text = |part: &str| format!("{}{}", include_str!("../../shaders/digits.wgsl"), part);
            kernel.run(kernel::spread(groups), || text(include_str!("../../shaders/digits_counted.wgsl")))?;
            drop(kernel);
            scan::exclusive(gpu, &counts, groups * DIGITS)?;
            let (keys_out, entries_out) = (gpu.block(4 * count)?, gpu.block(4 * count)?);
            let mut kernel = Kernel::new(gpu, "digits_moved");
            common(&mut kernel);
            kernel.write_own("keys_out", &keys_out, DType::I32, Kind::I32);
            kernel.write_own("entries_out", &entries_out, DType::I32, Kind::I32);
            kernel.read_own("counts", &counts, DType::I32, Kind::I32).read_own("keys", keys, DType::I32, Kind::I32);
            if let Some((_, entries)) = &sorted {
                kernel.read_own("entries", entries, DType::I32, Kind::I32);
            }
            let entry = if sorted.is_none() { "i32(i)" } else { "entries(i)" };
            kernel.run(kernel::spread(groups), || {
                text(include_str!("../../shaders/digits_moved.wgsl"))
                    + &format!("fn entry(i: u32) -> i32 {{ return {entry}; }}\n")
            })?;
            drop(kernel);
            sorted = Some((keys_out, entries_out));
        }
        let (keys, entries) = sorted.expect("at least one digit");
        let (starts, ends) = (gpu.block(4 * places)?, gpu.block(4 * places)?);
        for block in [&starts, &ends] {
            gpu.clear(&block.buffer, 0, 4 * places as u64)?;
        }
        let mut kernel = Kernel::new(gpu, "borders");
        kernel.size("count", count).size("places", places).write_own("starts", &starts, DType::I32, Kind::I32);
        kernel.write_own("ends", &ends, DType::I32, Kind::I32).read_own("keys", &keys, DType::I32, Kind::I32);
        kernel.run_each(count, || {
            "fn each(i: u32) {\n    let key = u32(keys(i));\n    if (key >= places()) { return; }\n    \
             if (i == 0u || u32(keys(max(i, 1u) - 1u)) != key) { starts_put(key, i32(i)); }\n    \
             if (i + 1u == count() || u32(keys(min(i + 1u, count() - 1u))) != key) { ends_put(key, i32(i + 1u)); }\n}\n"
                .to_string()
        })?;
        drop(kernel);
        Ok(Order { entries, starts, ends })
    }
}

impl Order {
    /// The entries and their borders as operands `entries`, `begins` and `ends`.
    pub(crate) fn read<'a>(&'a self, kernel: &mut Kernel<'a>) {
        for (name, block) in [("entries", &self.entries), ("begins", &self.starts), ("ends", &self.ends)] {
            kernel.read_own(name, block, DType::I32, Kind::I32);
        }
    }
}

const _: () = assert!(GROUP == kernel::GROUP);
