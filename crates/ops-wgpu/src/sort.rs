//! Positions by order: Batcher's bitonic network over a list of positions per row, which compares the elements they stand for, NaN
//! being the largest and equal elements keeping their order. Neighbourhoods are sorted within a workgroup, wider steps have a
//! kernel each. Searching is by halves.

use crate::element::{Kind, lanes};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing, spread};
use crate::map::{self, Argument};
use crate::memory::Block;
use crate::rows;
use storage::DType;
use tensor_core::op::Sort;
use tensor_core::{Input, Output, Result};

/// Positions that a workgroup sorts in its own memory.
const NEAR: usize = 512;

/// One row's elements and the order among them.
struct Rows<'a> {
    x: &'a Input<'a>,
    kind: Kind,
    dim: usize,
    n: usize,
    count: usize,
    descending: bool,
}

/// Whether position i belongs before j; those beyond the row's end come last.
const BEFORE: &str = "
fn is_before(row: u32, i: u32, j: u32) -> bool {
    if (i >= n() || j >= n()) { return i < j; }
    let at = x_at(row);
    let a = x(at + i * x_stride());
    let b = x(at + j * x_stride());
    let a_last = unordered(a);
    let b_last = unordered(b);
    if (a_last || b_last) {
        if (a_last && b_last) { return i < j; }
        return a_last == DESCENDING;
    }
    if (less(a, b)) { return !DESCENDING; }
    if (less(b, a)) { return DESCENDING; }
    return i < j;
}
";

impl Rows<'_> {
    fn declare<'k>(&'k self, kernel: &mut Kernel<'k>) -> map::Places {
        let (n, stride) = rows::along(self.x.layout, self.dim);
        kernel
            .by_functions()
            .variant(u32::from(self.descending))
            .size("n", n)
            .size("x_stride", stride)
            .size("padded", self.padded());
        kernel.size("rows", self.count).read("x", self.x, self.kind);
        rows::starts(kernel, "x", self.x.layout, self.dim)
    }

    /// A power of two.
    fn padded(&self) -> usize {
        self.n.next_power_of_two()
    }

    fn text(&self, places: &map::Places) -> String {
        rows::prelude(self.kind)
            + &places.text()
            + &BEFORE.replace("DESCENDING", if self.descending { "true" } else { "false" })
    }

    /// Every row's positions in order, padded.
    fn sorted(&self, gpu: &Gpu) -> Result<Block> {
        let padded = self.padded();
        let order = gpu.block(self.count * padded * 4)?;
        let near = NEAR.min(padded);
        self.near(gpu, &order, near, None)?;
        let mut block = 2 * near;
        while block <= padded {
            let mut distance = block / 2;
            while distance >= near {
                self.step(gpu, &order, block, distance)?;
                distance /= 2;
            }
            self.near(gpu, &order, near, Some(block))?;
            block *= 2;
        }
        Ok(order)
    }

    /// Sorts neighbourhoods from the start, or does the narrow steps of `block`.
    fn near(&self, gpu: &Gpu, order: &Block, near: usize, block: Option<usize>) -> Result<()> {
        let mut kernel = Kernel::new(gpu, "sort_near");
        kernel.variant(u32::from(block.is_some())).variant(near as u32);
        kernel.size("block", block.unwrap_or(0)).write_own("order", order, DType::I32, Kind::I32);
        let places = self.declare(&mut kernel);
        let groups = self.count * (self.padded() / near);
        kernel.run(spread(groups), || {
            let (start, first) = match block {
                None => ("local + inside", "    for (var size = 2u; size <= NEARu; size <<= 1u) {\n        let whole = size;"),
                Some(_) => ("u32(order_get(from + local))", "    for (var once = 0u; once < 1u; once++) {\n        let size = NEARu;\n        let whole = block();"),
            };
            let text = format!(
                "
var<workgroup> near_: array<u32, NEAR>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {{
    let g = group.y * groups.x + group.x;
    let total = rows() * (padded() / NEARu);
    if (g >= total) {{ return; }}
    let row = g / (padded() / NEARu);
    let inside = (g % (padded() / NEARu)) * NEARu;
    let from_ = row * padded() + inside;
    for (var local = lane; local < NEARu; local += 256u) {{ near_[local] = {start}; }}
    workgroupBarrier();
{first}
        for (var distance = size / 2u; distance > 0u; distance >>= 1u) {{
            for (var pair = lane; pair < NEARu / 2u; pair += 256u) {{
                let a = (pair / distance) * distance * 2u + pair % distance;
                let b = a + distance;
                let up = ((inside + a) & whole) == 0u || whole == padded();
                let i = near_[a];
                let j = near_[b];
                if (is_before(row, j, i) == up) {{
                    near_[a] = j;
                    near_[b] = i;
                }}
            }}
            workgroupBarrier();
        }}
    }}
    for (var local = lane; local < NEARu; local += 256u) {{ order_put(from_ + local, i32(near_[local])); }}
}}
"
            );
            self.text(&places) + &text.replace("from + local", "from_ + local").replace("NEAR", &near.to_string())
        })
    }

    /// One wide step of the network.
    fn step(&self, gpu: &Gpu, order: &Block, block: usize, distance: usize) -> Result<()> {
        let mut kernel = Kernel::new(gpu, "sort_step");
        kernel.size("block", block).size("distance", distance).write_own("order", order, DType::I32, Kind::I32);
        let places = self.declare(&mut kernel);
        kernel.run_each(self.count * self.padded() / 2, || {
            self.text(&places)
                + "
fn each(pair: u32) {
    let half = padded() / 2u;
    let row = pair / half;
    let inside = pair % half;
    let a = (inside / distance()) * distance() * 2u + inside % distance();
    let first = row * padded() + a;
    let i = u32(order_get(first));
    let j = u32(order_get(first + distance()));
    let up = (a & block()) == 0u || block() == padded();
    if (is_before(row, j, i) == up) {
        order_put(first, i32(j));
        order_put(first + distance(), i32(i));
    }
}
"
        })
    }
}

pub(crate) fn run(gpu: &Gpu, op: Sort, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    if output.layout.numel() == 0 {
        return Ok(());
    }
    // What is wanted of the order: so many, from which place; a median's place depends on the elements.
    let (dim, descending, wanted) = match op {
        Sort::Argsort { dim, descending } => (dim, descending, Wanted::From(0)),
        Sort::Top { dim, largest, .. } => (dim, largest, Wanted::From(0)),
        Sort::Kth { dim, k } => (dim, false, Wanted::From(k)),
        Sort::Median { dim, skip_nan } => (dim, false, Wanted::Middle { skip_nan }),
        Sort::Search { right } => return search(gpu, right, kind, inputs, output),
    };
    let dim = dim as usize;
    let (n, _) = rows::along(inputs[0].layout, dim);
    let count = inputs[0].layout.numel() / n;
    let sorted = Rows { x: &inputs[0], kind, dim, n, count, descending };
    let order = sorted.sorted(gpu)?;
    let (chosen, y_stride) = rows::along(output.layout, dim);
    let writing = if lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared };
    let mut kernel = Kernel::new(gpu, "sort_result");
    kernel.variant(match wanted {
        Wanted::From(_) => 0,
        Wanted::Middle { skip_nan } => 1 + u32::from(skip_nan),
    });
    kernel.size("chosen", chosen).size("y_stride", y_stride);
    kernel.size("first", if let Wanted::From(first) = wanted { first } else { 0 });
    kernel.write("y", output, Kind::I32, writing).read_own("order", &order, DType::I32, Kind::I32);
    let places = sorted.declare(&mut kernel);
    let to = rows::starts(&mut kernel, "y", output.layout, dim);
    kernel.run_each(count * chosen, || {
        let from = match wanted {
            Wanted::From(_) => "first() + k".to_string(),
            Wanted::Middle { skip_nan } => format!("middle(row, {}u)", u32::from(skip_nan)),
        };
        sorted.text(&places)
            + &to.text()
            + &format!(
                "
// The lower middle of the numbers; or the first NaN, if there is one and it is not to be passed over, or nothing else.
fn middle(row: u32, skip: u32) -> u32 {{
    var low = 0u;
    var high = n();
    while (low < high) {{
        let mid = (low + high) / 2u;
        if (unordered(x(x_at(row) + u32(order(row * padded() + mid)) * x_stride()))) {{ high = mid; }} else {{ low = mid + 1u; }}
    }}
    if (low == n() || (skip == 1u && low > 0u)) {{ return (low - 1u) / 2u; }}
    return low;
}}

fn each(i: u32) {{
    let row = i / chosen();
    let k = i % chosen();
    y_put(y_at(row) + k * y_stride(), order(row * padded() + {from}));
}}
"
            )
    })
}

#[derive(Clone, Copy)]
enum Wanted {
    From(usize),
    Middle { skip_nan: bool },
}

/// Where values belong in sorted sequences.
fn search(gpu: &Gpu, right: bool, kind: Kind, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let sequence = inputs[0].layout;
    let count = sequence.shape().last().copied().unwrap_or(1);
    let per_sequence = match sequence.rank() {
        0 | 1 => output.layout.numel(),
        _ => inputs[1].layout.shape().last().copied().unwrap_or(1),
    };
    let mut kernel = Kernel::new(gpu, "searchsorted");
    kernel.by_functions().variant(u32::from(right)).size("count", count).size("per_sequence", per_sequence);
    let operands = [Argument::new("x", &inputs[0], kind), Argument::new("values", &inputs[1], kind)];
    map::gather(&mut kernel, &operands, output, Kind::I32, || {
        // Written so that NaN belongs behind everything.
        let before = if right { "!less(value, v) || unordered(value)" } else { "less(v, value) || unordered(value)" };
        rows::prelude(kind)
            + &format!(
                "
fn element(i: u32) -> i32 {{
    let value = values(values_at(i));
    let first = (i / per_sequence()) * count();
    var low = 0u;
    var high = count();
    while (low < high) {{
        let mid = (low + high) / 2u;
        let v = x(x_at(first + mid));
        if ({before} || unordered(v)) {{ low = mid + 1u; }} else {{ high = mid; }}
    }}
    return i32(low);
}}
"
            )
    })
}
