//! Tiles of few or of wide numbers: each of 16 by 16 invocations keeps a square of sums whose rows and columns are 16 apart.
//! All loops over them are written out, so that sums are registers.

use super::{Factor, Job};
use crate::element::View;
use std::fmt::Write;
use tensor_core::Result;

/// The depth of a strip.
const DEPTH: usize = 16;

pub(super) fn run(job: &Job<'_>, square: usize) -> Result<()> {
    let mut kernel = job.kernel("matmul", [View::Elements; 3]);
    kernel.variant(square as u32).run(job.groups(16 * square), || text(job, square))
}

/// What brings an element of a factor into its strip; neighbouring invocations read neighbours in memory.
fn load(factor: &Factor<'_>, tile: usize, number: usize) -> String {
    let Factor { name, bound, .. } = factor;
    let e = format!("lane + {}u", 256 * number);
    let (across, deep) = match factor.is_deep() {
        true => (format!("(({e}) / {DEPTH}u)"), format!("(({e}) % {DEPTH}u)")),
        false => (format!("(({e}) % {tile}u)"), format!("(({e}) / {tile}u)")),
    };
    format!(
        "            {{
                let across = {across};
                let deep = {deep};
                var v = T(0);
                if ({name}_first + across < {bound}() && k0 + deep < k()) {{
                    v = {name}({name}_from + ({name}_first + across) * {name}_strides(0u) + (k0 + deep) * {name}_strides(1u));
                }}
                {name}_strip[deep * {tile}u + across] = v;
            }}
"
    )
}

fn text(job: &Job<'_>, square: usize) -> String {
    let tile = 16 * square;
    let all = || (0..square).flat_map(|i| (0..square).map(move |j| (i, j)));
    let zero: String = all().map(|(i, j)| format!("        var c{i}_{j} = T(0);\n")).collect();
    let loads: String =
        (0..square).flat_map(|number| [&job.a, &job.b].map(|factor| load(factor, tile, number))).collect();
    let mut sums = String::new();
    for i in 0..square {
        _ = writeln!(sums, "                let a{i} = a_strip[deep * {tile}u + ty + {}u];", 16 * i);
        _ = writeln!(sums, "                let b{i} = b_strip[deep * {tile}u + tx + {}u];", 16 * i);
    }
    for (i, j) in all() {
        _ = writeln!(sums, "                c{i}_{j} += a{i} * b{j};");
    }
    let stores: String = all()
        .map(|(i, j)| {
            format!("        store(batch, a_first + ty + {}u, b_first + tx + {}u, c{i}_{j});\n", 16 * i, 16 * j)
        })
        .collect();
    format!(
        "{total}var<workgroup> a_strip: array<T, {size}>;
var<workgroup> b_strip: array<T, {size}>;

fn store(batch: u32, row: u32, column: u32, v: T) {{
    if (row < n() && column < m()) {{
        y_put(y_strides(3u) + batch * y_strides(2u) + row * y_strides(0u) + column * y_strides(1u), total(row, column, v));
    }}
}}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {{
    let tx = lane % 16u;
    let ty = lane / 16u;
    let a_first = group.y * {tile}u;
    let b_first = group.x * {tile}u;
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
        total = job.total(),
        size = tile * DEPTH,
    )
}
