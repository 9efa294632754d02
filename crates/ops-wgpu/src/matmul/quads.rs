//! Large tiles of numbers of 32 bits: each of 16 by 16 invocations keeps squares of 4 by 4 sums, 64 apart. Each brings a block of
//! 4 by 4 elements into the strips, the first half of them of the left factor and the others of the right one, turned where it
//! is, so that strips are written and read four neighbours at a time. The next blocks are on their way while these are
//! multiplied. All loops over sums are written out, so that sums are registers.

use super::{Factor, Job, PARTS};
use crate::element::View;
use std::fmt::Write;
use tensor_core::Result;

/// Quads of a strip, a block for each of 128 invocations. Wider tiles have shallower strips.
const STRIP: usize = 512;
/// Rows of sums times products of each that are written out in a row: the loop around them costs as much as a few.
const UNROLLED: usize = 16;

pub(super) fn run(job: &Job<'_>, square: usize) -> Result<()> {
    let view = |factor: &Factor<'_>| factor.view(job.kind, job.k, job.batches);
    let views = [view(&job.a), view(&job.b), job.output_view()];
    let mut kernel = job.kernel("matmul_quads", views);
    kernel.variant(square as u32).run(job.groups(16 * square), || text(job, square, views))
}

fn text(job: &Job<'_>, square: usize, [a_view, b_view, y_view]: [View; 3]) -> String {
    let (tile, quads, kind) = (16 * square, square / 4, job.kind.name());
    let rows = || (0..square).flat_map(|i| (0..quads).map(move |j| (i, j)));
    let zero: String = rows().map(|(i, j)| format!("        var c{i}_{j} = vec4<T>();\n")).collect();
    let puts: String = (0..4).map(|i| format!("            strips[to + {}u] = next[{i}];\n", i * tile / 4)).collect();
    let mut sums = String::new();
    let unrolled = UNROLLED / square;
    for step in 0..unrolled {
        _ = writeln!(sums, "                {{\n                    let at = (deep + {step}u) * {}u;", tile / 4);
        for i in 0..quads {
            _ = writeln!(sums, "                    let a{i} = strips[at + ty + {}u];", 16 * i);
            _ = writeln!(sums, "                    let b{i} = strips[at + tx + {}u];", STRIP + 16 * i);
        }
        for (i, j) in rows() {
            _ = writeln!(sums, "                    c{i}_{j} += a{}.{} * b{j};", i / 4, PARTS[i % 4]);
        }
        sums += "                }\n";
    }
    let stores: String = rows()
        .map(|(i, j)| {
            let row = 64 * (i / 4) + i % 4;
            format!("        store(batch, a_first + 4u * ty + {row}u, b_first + 4u * tx + {}u, c{i}_{j});\n", 64 * j)
        })
        .collect();
    format!(
        "{store}{a_load}{b_load}const DEPTH = {depth}u;
const STRIP = {STRIP}u;
var<workgroup> strips: array<vec4<T>, 2u * STRIP>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) index: u32) {{
    let tx = index % 16u;
    let ty = index / 16u;
    let a_first = group.y * {tile}u;
    let b_first = group.x * {tile}u;
    // Where the own block begins: across the product, and along the sum.
    let is_left = index < 128u;
    let lane = index % 128u;
    var block = {a_block};
    if (!is_left) {{ block = {b_block}; }}
    let to = select(STRIP, 0u, is_left) + block.y * {quads_across}u + block.x / 4u;
    let across = block.x + select(b_first, a_first, is_left);
    for (var batch = group.z; batch < batches(); batch += groups.z) {{
        let a_from = a_strides(3u) + batch * a_strides(2u);
        let b_from = b_strides(3u) + batch * b_strides(2u);
        var next: array<vec4<T>, 4>;
        if (is_left) {{ next = a_load(a_from, across, block.y); }} else {{ next = b_load(b_from, across, block.y); }}
{zero}        for (var k0 = 0u; k0 < k(); k0 += DEPTH) {{
{puts}            workgroupBarrier();
            let deep_next = k0 + DEPTH + block.y;
            if (is_left) {{ next = a_load(a_from, across, deep_next); }} else {{ next = b_load(b_from, across, deep_next); }}
            for (var deep = 0u; deep < DEPTH; deep += {unrolled}u) {{
{sums}            }}
            workgroupBarrier();
        }}
{stores}    }}
}}
",
        a_load = job.a.load(a_view, kind),
        b_load = job.b.load(b_view, kind),
        store = job.store(y_view),
        depth = 4 * STRIP / tile,
        a_block = job.a.block(tile),
        b_block = job.b.block(tile),
        quads_across = tile / 4,
    )
}

/// Both strips fit into a workgroup's memory on every adapter.
const _: () = assert!(2 * STRIP * 16 <= 16384);
