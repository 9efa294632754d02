//! Products that sum over an index, of operands at any strides. Matrices are computed in tiles: a workgroup brings strips of
//! both factors into its own memory and each invocation keeps a square of sums in registers. Which kernel computes the tiles,
//! and how large they are, a table tells by how many there would be.

#[cfg(feature = "cooperative")]
pub(crate) mod cooperative;
mod factor;
mod quads;
mod squares;
mod vectors;

use crate::element::{self, Kind, View};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing};
use factor::Factor;
use storage::DType;
use tensor_core::op::Matmul;
use tensor_core::{Input, Layout, Output, Result};

/// The most groups along a dimension that runs over batches; a group computes several where there are more.
const BATCHES: usize = 65535;
/// The names of a vector's components.
const PARTS: [&str; 4] = ["x", "y", "z", "w"];

/// Shapes whose tiles are computed alike.
struct Class {
    /// How many rows and columns of sums an invocation keeps. The more, the fewer loads for each product; a tile has 16 times as
    /// many.
    square: usize,
    /// The fewest tiles worth it: every part of a large device should have some to compute.
    tiles: usize,
    kinds: &'static [Kind],
    run: fn(&Job<'_>, usize) -> Result<()>,
}

/// The largest squares first; the last class takes everything.
const CLASSES: [Class; 4] = [
    Class { square: 8, tiles: 256, kinds: &[Kind::F32], run: quads::run },
    Class { square: 4, tiles: 128, kinds: &[Kind::F32, Kind::I32], run: quads::run },
    Class { square: 2, tiles: 64, kinds: &[Kind::F32, Kind::I32, Kind::I64, Kind::F64], run: squares::run },
    Class { square: 1, tiles: 0, kinds: &[Kind::F32, Kind::I32, Kind::I64, Kind::F64], run: squares::run },
];

pub(crate) fn run(gpu: &Gpu, op: Matmul, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    if output.layout.numel() == 0 {
        return Ok(());
    }
    match op {
        Matmul::Mm | Matmul::Bmm => Job::new(gpu, kind, None, [&inputs[0], &inputs[1]], output).run(),
        Matmul::Addmm => Job::new(gpu, kind, Some(&inputs[0]), [&inputs[1], &inputs[2]], output).run(),
        Matmul::Mv | Matmul::Dot => vectors::run(gpu, kind, [&inputs[0], &inputs[1]], output),
    }
}

/// Strides of rows, columns and batches.
fn strides(layout: &Layout) -> [usize; 3] {
    match layout.strides()[..] {
        [row, column] => [row, column, 0],
        [batch, row, column] => [row, column, batch],
        _ => unreachable!("a matrix or a stack of them"),
    }
}

/// A product of matrices or of stacks of them, and what is added to it.
struct Job<'a> {
    gpu: &'a Gpu,
    kind: Kind,
    batches: usize,
    k: usize,
    a: Factor<'a>,
    b: Factor<'a>,
    base: Option<&'a Input<'a>>,
    output: &'a Output<'a>,
}

impl<'a> Job<'a> {
    fn new(
        gpu: &'a Gpu,
        kind: Kind,
        base: Option<&'a Input<'a>>,
        [a, b]: [&'a Input<'a>; 2],
        output: &'a Output<'a>,
    ) -> Job<'a> {
        let rank = a.layout.rank();
        let batches = if rank == 3 { a.layout.shape()[0] } else { 1 };
        let k = a.layout.shape()[rank - 1];
        Job { gpu, kind, batches, k, a: Factor::left(a), b: Factor::right(b), base, output }
    }

    /// How many tiles of so many rows and columns there are.
    fn tiles(&self, side: usize) -> usize {
        self.batches * self.a.size.div_ceil(side) * self.b.size.div_ceil(side)
    }

    fn run(&self) -> Result<()> {
        #[cfg(feature = "cooperative")]
        if let Some(done) = cooperative::run(self) {
            return done;
        }
        let fits = |class: &&Class| class.kinds.contains(&self.kind) && self.tiles(16 * class.square) >= class.tiles;
        let class = CLASSES.iter().find(fits).expect("a class that takes everything");
        (class.run)(self, class.square)
    }

    /// The kernel `name` with sizes, strides and operands declared, the factors and the output seen as told.
    fn kernel(&self, name: &'static str, [a, b, y]: [View; 3]) -> Kernel<'a> {
        let mut kernel = Kernel::new(self.gpu, name);
        kernel.variant(u32::from(self.a.is_deep()) + 2 * u32::from(self.b.is_deep()));
        kernel.variant(u32::from(self.base.is_some()));
        kernel.size("batches", self.batches).size("n", self.a.size).size("k", self.k).size("m", self.b.size);
        kernel.list("a_strides", self.a.parameters()).list("b_strides", self.b.parameters());
        let [row, column, batch] = strides(self.output.layout);
        kernel.list("y_strides", [row, column, batch, self.output.layout.offset()]);
        let writing = match (element::lanes(self.output.dtype), y) {
            (1, _) => Writing::Whole,
            (_, View::Elements) => Writing::Shared,
            _ => Writing::Packed,
        };
        kernel.write("y", self.output, self.kind, writing).write_as(y);
        kernel.read("a", self.a.input, self.kind).read_as(a).read("b", self.b.input, self.kind).read_as(b);
        if let Some(base) = self.base {
            kernel.read("base", base, self.kind);
            let stride = |back: usize| match base.layout.rank().checked_sub(back) {
                Some(dim) if base.layout.shape()[dim] != 1 => base.layout.strides()[dim],
                _ => 0,
            };
            kernel.list("base_strides", [stride(2), stride(1), base.layout.offset()]);
        }
        kernel
    }

    /// Groups for tiles of so many rows and columns.
    fn groups(&self, side: usize) -> [usize; 3] {
        [self.b.size.div_ceil(side), self.a.size.div_ceil(side), self.batches.min(BATCHES)]
    }

    /// How the output is seen by a kernel that writes four neighbours of a row at once.
    fn output_view(&self) -> View {
        let (layout, [row, column, batch]) = (self.output.layout, strides(self.output.layout));
        let others = [(row, self.a.size), (batch, self.batches)];
        let apart = self.a.input.source.is_some()
            && self.b.input.source.is_some()
            && self.base.is_none_or(|base| base.source.is_some());
        match apart && factor::is_in_quads((column, self.b.size), others, layout.offset()) {
            true => View::Quads,
            false => View::Elements,
        }
    }

    /// The type of sums, and the function that adds the base to one.
    fn total(&self) -> String {
        let base = match self.base {
            Some(_) => " + base(base_strides(2u) + row * base_strides(0u) + column * base_strides(1u))",
            None => "",
        };
        format!(
            "alias T = {};\nfn total(row: u32, column: u32, sum: T) -> T {{ return sum{base}; }}\n",
            self.kind.name()
        )
    }

    /// The same, and the function `store` that writes four neighbours of a row, none of which need be there.
    fn store(&self, view: View) -> String {
        let at = "y_strides(3u) + batch * y_strides(2u) + row * y_strides(0u)";
        let total = |i: usize| format!("total(row, column + {i}u, v.{})", PARTS[i]);
        let body: String = if view == View::Elements {
            let put = |i| {
                format!(
                    "    if (row < n() && column + {i}u < m()) {{ y_put({at} + (column + {i}u) * y_strides(1u), {}); }}\n",
                    total(i)
                )
            };
            (0..4).map(put).collect()
        } else {
            let value = [0, 1, 2, 3].map(total).join(", ");
            format!("    if (row < n() && column < m()) {{ y_quad_put(({at} + column) / 4u, vec4<T>({value})); }}\n")
        };
        format!("{}fn store(batch: u32, row: u32, column: u32, v: vec4<T>) {{\n{}}}\n", self.total(), body)
    }
}
