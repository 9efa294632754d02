//! Products that sum over an index, of operands at any strides. Matrices are computed in tiles: a workgroup of 16 by 16
//! invocations brings strips of both operands into its own memory and each invocation keeps a square of sums in registers.
//! How large the squares are depends on how many tiles there would be. Vectors have a workgroup, or an invocation, per result.

use crate::element::{self, Kind};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing};
use crate::rows;
use std::fmt::Write;
use storage::DType;
use tensor_core::op::Matmul;
use tensor_core::{Input, Layout, Output, Result};

/// The depth of a strip.
const DEPTH: usize = 16;

/// Sizes and strides of a product, batches included.
struct Product {
    batches: usize,
    n: usize,
    k: usize,
    m: usize,
}

/// Strides of rows, columns and batches.
fn strides(layout: &Layout) -> [usize; 3] {
    match layout.strides()[..] {
        [row, column] => [row, column, 0],
        [batch, row, column] => [row, column, batch],
        _ => unreachable!("a matrix or a stack of them"),
    }
}

pub(crate) fn run(gpu: &Gpu, op: Matmul, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    if output.layout.numel() == 0 {
        return Ok(());
    }
    match op {
        Matmul::Mm | Matmul::Bmm => tiles(gpu, kind, None, [&inputs[0], &inputs[1]], output),
        Matmul::Addmm => tiles(gpu, kind, Some(&inputs[0]), [&inputs[1], &inputs[2]], output),
        Matmul::Mv | Matmul::Dot => vectors(gpu, kind, [&inputs[0], &inputs[1]], output),
    }
}

/// How many rows and columns of sums an invocation keeps: the more, the fewer loads; but every part of the device should have
/// tiles to compute.
fn square(product: &Product, kind: Kind) -> usize {
    let tiles = |square: usize| product.batches * product.n.div_ceil(16 * square) * product.m.div_ceil(16 * square);
    match kind {
        Kind::F32 if tiles(8) >= 256 => 8,
        Kind::F32 | Kind::I32 if tiles(4) >= 128 => 4,
        _ if tiles(2) >= 64 => 2,
        _ => 1,
    }
}

fn tiles(gpu: &Gpu, kind: Kind, base: Option<&Input<'_>>, [a, b]: [&Input<'_>; 2], output: &Output<'_>) -> Result<()> {
    let rank = a.layout.rank();
    let product = Product {
        batches: if rank == 3 { a.layout.shape()[0] } else { 1 },
        n: a.layout.shape()[rank - 2],
        k: a.layout.shape()[rank - 1],
        m: b.layout.shape()[rank - 1],
    };
    let square = square(&product, kind);
    let tile = 16 * square;
    let ([a_row, a_column, a_batch], [b_row, b_column, b_batch]) = (strides(a.layout), strides(b.layout));
    let [y_row, y_column, y_batch] = strides(output.layout);
    let writing = if element::lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared };
    let mut kernel = Kernel::new(gpu, "matmul");
    // Neighbouring invocations read neighbours in memory.
    let (a_by_rows, b_by_rows) = (a_column <= a_row, b_column <= b_row);
    kernel
        .variant(square as u32)
        .variant(u32::from(a_by_rows))
        .variant(u32::from(b_by_rows))
        .variant(u32::from(base.is_some()));
    kernel.size("batches", product.batches).size("n", product.n).size("k", product.k).size("m", product.m);
    kernel.list("a_strides", [a_row, a_column, a_batch, a.layout.offset()]);
    kernel.list("b_strides", [b_row, b_column, b_batch, b.layout.offset()]);
    kernel.list("y_strides", [y_row, y_column, y_batch, output.layout.offset()]);
    kernel.write("y", output, kind, writing).read("a", a, kind).read("b", b, kind);
    if let Some(base) = base {
        kernel.read("base", base, kind);
        let stride = |back: usize| match base.layout.rank().checked_sub(back) {
            Some(dim) if base.layout.shape()[dim] != 1 => base.layout.strides()[dim],
            _ => 0,
        };
        kernel.list("base_strides", [stride(2), stride(1), base.layout.offset()]);
    }
    let groups = [product.m.div_ceil(tile), product.n.div_ceil(tile), product.batches.min(65535)];
    kernel.run(groups, || text(kind, square, a_by_rows, b_by_rows, base.is_some()))
}

/// The kernel for squares of `square` by `square` sums; all loops over them are written out, so that sums are registers.
fn text(kind: Kind, square: usize, a_by_rows: bool, b_by_rows: bool, based: bool) -> String {
    let tile = 16 * square;
    let all = || (0..square).flat_map(|i| (0..square).map(move |j| (i, j)));
    let zero: String = all().map(|(i, j)| format!("        var c{i}_{j} = T(0);\n")).collect();
    let loads: String = (0..square)
        .map(|load| {
            let e = format!("lane + {}u", 256 * load);
            let pair = |by_rows: bool, deep_first: bool| match by_rows == deep_first {
                // The depth runs fastest.
                true => (format!("(({e}) / {DEPTH}u)"), format!("(({e}) % {DEPTH}u)")),
                false => (format!("(({e}) % {tile}u)"), format!("(({e}) / {tile}u)")),
            };
            let ((row, a_deep), (column, b_deep)) = (pair(a_by_rows, true), pair(b_by_rows, false));
            format!(
                "            {{
                let row = {row};
                let deep = {a_deep};
                var v = T(0);
                if (row0 + row < n() && k0 + deep < k()) {{
                    v = a(a_from + (row0 + row) * a_strides(0u) + (k0 + deep) * a_strides(1u));
                }}
                a_strip[deep * {tile}u + row] = v;
            }}
            {{
                let column = {column};
                let deep = {b_deep};
                var v = T(0);
                if (column0 + column < m() && k0 + deep < k()) {{
                    v = b(b_from + (k0 + deep) * b_strides(0u) + (column0 + column) * b_strides(1u));
                }}
                b_strip[deep * {tile}u + column] = v;
            }}
"
            )
        })
        .collect();
    let mut sums = String::new();
    for i in 0..square {
        _ = writeln!(sums, "                let a{i} = a_strip[deep * {tile}u + ty + {}u];", 16 * i);
        _ = writeln!(sums, "                let b{i} = b_strip[deep * {tile}u + tx + {}u];", 16 * i);
    }
    for (i, j) in all() {
        _ = writeln!(sums, "                c{i}_{j} += a{i} * b{j};");
    }
    let stores: String = all()
        .map(|(i, j)| format!("        store(batch, row0 + ty + {}u, column0 + tx + {}u, c{i}_{j});\n", 16 * i, 16 * j))
        .collect();
    let added =
        if based { " + base(base_strides(2u) + row * base_strides(0u) + column * base_strides(1u))" } else { "" };
    format!(
        "alias T = {};
var<workgroup> a_strip: array<T, {size}>;
var<workgroup> b_strip: array<T, {size}>;

fn store(batch: u32, row: u32, column: u32, v: T) {{
    if (row < n() && column < m()) {{
        y_put(y_strides(3u) + batch * y_strides(2u) + row * y_strides(0u) + column * y_strides(1u), v{added});
    }}
}}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {{
    let tx = lane % 16u;
    let ty = lane / 16u;
    let row0 = group.y * {tile}u;
    let column0 = group.x * {tile}u;
    for (var batch = group.z; batch < batches(); batch += groups.z) {{
        let a_from = a_strides(3u) + batch * a_strides(2u);
        let b_from = b_strides(3u) + batch * b_strides(2u);
{zero}        for (var k0 = 0u; k0 < k(); k0 += {DEPTH}u) {{
{loads}            workgroupBarrier();
            for (var deep = 0u; deep < {DEPTH}u; deep++) {{
{sums}            }}
            workgroupBarrier();
        }}
{stores}    }}
}}
",
        kind.name(),
        size = tile * DEPTH,
    )
}

/// Matrix by vector and vector by vector.
fn vectors(gpu: &Gpu, kind: Kind, [a, b]: [&Input<'_>; 2], output: &Output<'_>) -> Result<()> {
    let rank = a.layout.rank();
    let (n, k) = (if rank == 2 { a.layout.shape()[0] } else { 1 }, a.layout.shape()[rank - 1]);
    let writing = if element::lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared };
    let mut kernel = Kernel::new(gpu, "matmul_vector");
    let row = if rank == 2 { a.layout.strides()[0] } else { 0 };
    let y_stride = output.layout.strides().last().copied().unwrap_or(0);
    kernel.size("k", k);
    kernel.list("a_strides", [row, a.layout.strides()[rank - 1], a.layout.offset()]);
    kernel.list("b_strides", [b.layout.strides()[0], b.layout.offset()]);
    kernel.list("y_strides", [y_stride, output.layout.offset()]);
    kernel.write("y", output, kind, writing).read("a", a, kind).read("b", b, kind);
    rows::run(gpu, &mut kernel, n, k, || {
        format!(
            "alias T = {};\n{}{}
fn row(o: u32, first: u32, step: u32) {{
    var sum = T(0);
    for (var i = first; i < k(); i += step) {{
        sum += a(a_strides(2u) + o * a_strides(0u) + i * a_strides(1u)) * b(b_strides(1u) + i * b_strides(0u));
    }}
    sum = all_sum(sum);
    if (first == 0u) {{ y_put(y_strides(1u) + o * y_strides(0u), sum); }}
}}
",
            kind.name(),
            crate::reduce::order(kind),
            crate::reduce::ORDERED
        )
    })
}

/// Strips of the largest tiles fit into a workgroup's memory on every adapter.
const _: () = assert!(2 * 128 * DEPTH * 4 <= 16384);
