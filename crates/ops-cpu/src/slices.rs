//! A dense tensor as slices of lines along one dimension, for kernels that work on one dimension: rows where it is the last one,
//! else blocks of neighbouring columns side by side. It knows no kernel.

use crate::team;
use tensor_core::Layout;

/// Elements below which a second thread costs more than it saves.
const GRAIN: usize = 8 * 1024;
/// Columns side by side: a line of them is a few cache lines, and a few hundred lines fit the second-level cache.
pub const WIDTH: usize = 128;

/// A tensor as slices of `count` lines of `inner` neighbouring elements; the dimension runs over the lines.
#[derive(Clone, Copy)]
pub struct Slices {
    /// How many slices there are; none if there is no element.
    pub slices: usize,
    /// The size of the dimension.
    pub count: usize,
    /// Elements per line.
    pub inner: usize,
}

impl Slices {
    /// The slices of a dense tensor of this layout's shape along `dim`.
    pub fn new(dim: usize, layout: &Layout) -> Slices {
        let shape = layout.shape();
        let count = shape.get(dim).copied().unwrap_or(1);
        let inner: usize = shape.iter().skip(dim + 1).product();
        let slices = if layout.numel() == 0 { 0 } else { layout.numel() / (count * inner) };
        Slices { slices, count, inner }
    }

    /// Calls `rows` for ranges of rows (from, to), or `tile` for each (first element, width) of columns side by side.
    pub fn each(self, rows: impl Fn(usize, usize) + Sync, tile: impl Fn(usize, usize) + Sync) {
        if self.inner == 1 {
            let grain = (GRAIN / self.count.max(1)).max(1);
            return team::split(self.slices, grain, |range| rows(range.start, range.end));
        }
        let tiles = self.inner.div_ceil(WIDTH);
        let grain = (GRAIN / (self.count * self.inner.min(WIDTH)).max(1)).max(1);
        team::split(self.slices * tiles, grain, |range| {
            for job in range {
                let start = job % tiles * WIDTH;
                tile(job / tiles * self.count * self.inner + start, WIDTH.min(self.inner - start));
            }
        });
    }
}
