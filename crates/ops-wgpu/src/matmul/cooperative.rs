//! Products of `float16` by cooperative matrices, which subgroups multiply as a whole: what vendors call tensor cores. Sums are
//! `float32`. A workgroup of four subgroups brings strips of both factors into its memory, zeros where there is nothing, so
//! that sizes, strides and offsets are whatever they are; each subgroup computes a quarter of a tile.

use super::{Factor, Job};
use crate::element::{Kind, View};
use std::fmt::Write;
use storage::DType;
use tensor_core::Result;
use wgpu::{Backend, CooperativeScalarType, Features};

/// What a device must have beside matrices of a known size.
pub(crate) const FEATURES: Features =
    Features::EXPERIMENTAL_COOPERATIVE_MATRIX.union(Features::SHADER_F16).union(Features::SUBGROUP);
const DIRECTIVES: &str = "enable f16;\nenable wgpu_cooperative_matrix;\n";
/// Subgroups that compute a part of a tile each.
const QUARTERS: usize = 4;
/// The depth of a strip, a multiple of the matrices' sides.
const DEPTH: usize = 32;
/// Halves behind each step of a strip, so that the next one begins at other banks; rows stay aligned to 16 bytes.
const GAP: usize = 8;
/// Rows or columns below which matrices would be all but empty.
const FEW: usize = 8;

/// Rows and columns of a subgroup's part of a tile, the largest first, and the fewest tiles worth it.
const CLASSES: [(usize, usize); 2] = [(64, 256), (32, 0)];
/// How many matrices side by side a subgroup keeps sums of.
const KEPT: usize = 4;

/// The cooperative matrices of an adapter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matrices {
    /// Rows and columns, and products of a sum, too.
    pub(crate) side: usize,
    /// The fewest and the most invocations of a subgroup.
    subgroup: [usize; 2],
    /// Bytes of a workgroup's memory.
    room: usize,
}

impl Matrices {
    /// Those of `adapter` that multiply `float16` into sums of `float32`, `wanted` being what it may use.
    pub(crate) fn of(adapter: &wgpu::Adapter, wanted: Features) -> Option<Matrices> {
        if !(adapter.features() & wanted).contains(FEATURES) {
            return None;
        }
        let (info, limits) = (adapter.get_info(), adapter.limits());
        let offered = adapter.cooperative_matrix_properties();
        let is_offered = |side: u32| {
            // The device that computes nothing checks whatever it is given.
            info.backend == Backend::Noop
                || offered.iter().any(|matrix| {
                    (matrix.m_size, matrix.n_size, matrix.k_size) == (side, side, side)
                        && (matrix.ab_type, matrix.cr_type) == (CooperativeScalarType::F16, CooperativeScalarType::F32)
                })
        };
        let matrices = Matrices {
            side: [16, 8].into_iter().find(|&side| is_offered(side))? as usize,
            subgroup: [info.subgroup_min_size as usize, info.subgroup_max_size as usize],
            room: limits.max_compute_workgroup_storage_size as usize,
        };
        let most = limits.max_compute_invocations_per_workgroup.min(limits.max_compute_workgroup_size_x);
        let smallest = CLASSES[CLASSES.len() - 1].0;
        (matrices.invocations() <= most as usize && matrices.fit(smallest)).then_some(matrices)
    }

    /// Invocations of a workgroup: enough for four subgroups of any size. There are more of them where subgroups turn out smaller.
    fn invocations(&self) -> usize {
        QUARTERS * self.subgroup[1]
    }

    /// The most subgroups of a workgroup.
    fn subgroups(&self) -> usize {
        self.invocations() / self.subgroup[0]
    }

    /// Whether parts of so many rows and columns fit into registers and into a workgroup's memory.
    fn fit(&self, part: usize) -> bool {
        let strips = 2 * DEPTH * (2 * part + GAP) * 2;
        part <= KEPT * self.side && strips + self.subgroups() * self.side * self.side * 4 <= self.room
    }
}

/// Computes `job` if cooperative matrices can.
pub(super) fn run(job: &Job<'_>) -> Option<Result<()>> {
    let matrices = job.gpu.matrices?;
    let is_half = |factor: &Factor<'_>| factor.input.dtype == DType::F16 && factor.input.source.is_some();
    if job.kind != Kind::F32 || !is_half(&job.a) || !is_half(&job.b) || job.a.size.min(job.b.size) < FEW {
        return None;
    }
    let fits = |&&(part, tiles): &&(usize, usize)| matrices.fit(part) && job.tiles(2 * part) >= tiles;
    let (part, _) = *CLASSES.iter().find(fits)?;
    // All is read through the same array; whether four neighbours lie together decides how.
    let in_quads = |factor: &Factor<'_>| factor.is_in_quads(job.k, job.batches);
    let (a_quads, b_quads, view) = (in_quads(&job.a), in_quads(&job.b), job.output_view());
    let mut kernel = job.kernel("matmul_cooperative", [View::Halves, View::Halves, view]);
    kernel.enable(DIRECTIVES).variant(matrices.side as u32).variant(part as u32);
    kernel.variant(u32::from(a_quads) + 2 * u32::from(b_quads));
    Some(kernel.run(job.groups(2 * part), || text(job, matrices, part, [a_quads, b_quads], view)))
}

fn text(job: &Job<'_>, matrices: Matrices, part: usize, [a_quads, b_quads]: [bool; 2], view: View) -> String {
    let (side, tile, invocations) = (matrices.side, 2 * part, matrices.invocations());
    let (kept, pitch) = (part / side, tile + GAP);
    let all = || (0..kept).flat_map(|i| (0..kept).map(move |j| (i, j)));
    let of = |role: char, number: &str| format!("coop_mat{side}x{side}<{number}, {role}>");
    let zero: String = all().map(|(i, j)| format!("        var c{i}_{j} = {}();\n", of('C', "f32"))).collect();
    let mut sums = String::new();
    for i in 0..kept {
        // A step along the sum lies in a row of either strip: of the left matrices a column, of the right ones a row.
        for (name, load, role) in [("a", "coopLoad", 'A'), ("b", "coopLoadT", 'B')] {
            _ = writeln!(
                sums,
                "                let {name}{i} = {load}<{}>(&{name}_strip[deep * {pitch}u + {name}_part + {}u], {pitch}u);",
                of(role, "f16"),
                i * side
            );
        }
    }
    for (i, j) in all() {
        _ = writeln!(sums, "                c{i}_{j} = coopMultiplyAdd(a{i}, b{j}, c{i}_{j});");
    }
    let puts = |name: &str| -> String {
        let put = |(i, j)| format!("                    {name}_strip[to + {}u] = block[{i}][{j}];\n", i * pitch + j);
        (0..4).flat_map(|i| (0..4).map(move |j| (i, j))).map(put).collect()
    };
    let stores: String = all()
        .map(|(i, j)| {
            format!(
                "        coopStoreT(c{i}_{j}, &stage[subgroup * {square}u], {side}u);\n        workgroupBarrier();\n        \
                 write_stage(index, batch, a_first + {}u, b_first + {}u);\n        workgroupBarrier();\n",
                i * side,
                j * side,
                square = side * side
            )
        })
        .collect();
    let seen = |in_quads: bool| if in_quads { View::Halves } else { View::Elements };
    format!(
        "{store}{a_load}{b_load}const SIDE = {side}u;
const PART = {part}u;
var<workgroup> a_strip: array<f16, {strip}>;
var<workgroup> b_strip: array<f16, {strip}>;
/// A matrix of sums of each subgroup.
var<workgroup> stage: array<f32, {stage}>;

/// Writes the staged matrices of the four quarters.
fn write_stage(index: u32, batch: u32, first_row: u32, first_column: u32) {{
    for (var e = index; e < SIDE * SIDE; e += {invocations}u) {{
        let quarter = e / (SIDE * SIDE / 4u);
        let rest = e % (SIDE * SIDE / 4u);
        let row = first_row + (quarter / 2u) * PART + rest / (SIDE / 4u);
        let column = first_column + (quarter % 2u) * PART + rest % (SIDE / 4u) * 4u;
        store(batch, row, column, vec4<T>(stage[4u * e], stage[4u * e + 1u], stage[4u * e + 2u], stage[4u * e + 3u]));
    }}
}}

@compute @workgroup_size({invocations})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) index: u32, @builtin(subgroup_id) subgroup: u32) {{
    let a_first = group.y * {tile}u;
    let b_first = group.x * {tile}u;
    // Subgroups beyond four do what others do, and nobody reads it.
    let a_part = (subgroup / 2u) % 2u * PART;
    let b_part = subgroup % 2u * PART;
    for (var batch = group.z; batch < batches(); batch += groups.z) {{
        let a_from = a_strides(3u) + batch * a_strides(2u);
        let b_from = b_strides(3u) + batch * b_strides(2u);
{zero}        for (var k0 = 0u; k0 < k(); k0 += {DEPTH}u) {{
            for (var e = index; e < {both}u; e += {invocations}u) {{
                let lane = e % {blocks}u;
                if (e < {blocks}u) {{
                    let at = {a_block};
                    let to = at.y * {pitch}u + at.x;
                    let block = a_load(a_from, a_first + at.x, k0 + at.y);
{a_puts}                }} else {{
                    let at = {b_block};
                    let to = at.y * {pitch}u + at.x;
                    let block = b_load(b_from, b_first + at.x, k0 + at.y);
{b_puts}                }}
            }}
            workgroupBarrier();
            for (var deep = 0u; deep < {DEPTH}u; deep += SIDE) {{
{sums}            }}
            workgroupBarrier();
        }}
{stores}    }}
}}
",
        store = job.store(view),
        a_load = job.a.load(seen(a_quads), "f16"),
        b_load = job.b.load(seen(b_quads), "f16"),
        strip = DEPTH * pitch,
        stage = matrices.subgroups() * side * side,
        blocks = tile * DEPTH / 16,
        both = 2 * tile * DEPTH / 16,
        a_block = job.a.block(tile),
        b_block = job.b.block(tile),
        a_puts = puts("a"),
        b_puts = puts("b"),
    )
}

#[cfg(all(test, feature = "noop"))]
mod tests {
    use super::*;
    use crate::adapter;
    use crate::gpu::Gpu;
    use storage::{Source, Target};
    use tensor_core::op::Matmul;
    use tensor_core::{Input, Layout, Output};

    /// Multiplies matrices of float16 on a device that checks shaders; gives how many shaders it has then.
    fn multiply(gpu: &Gpu, [n, k, m]: [usize; 3], turned: bool) -> usize {
        let matrix = |rows: usize, columns: usize| match turned {
            true => Layout::contiguous([columns, rows].as_slice().into()).permuted(&[1, 0]),
            false => Layout::contiguous([rows, columns].as_slice().into()),
        };
        let layouts = [matrix(n, k), matrix(k, m), Layout::contiguous([n, m].as_slice().into())];
        let blocks = layouts.each_ref().map(|layout| gpu.block(2 * layout.numel()).unwrap());
        let input =
            |i: usize| Input { source: Some(Source::Device(&blocks[i])), layout: &layouts[i], dtype: DType::F16 };
        let output = Output { target: Target::Device(&blocks[2]), layout: &layouts[2], dtype: DType::F16 };
        crate::matmul::run(gpu, Matmul::Mm, DType::F32, &[input(0), input(1)], &output).unwrap();
        gpu.shader_count()
    }

    #[test]
    fn shaders_are_valid_for_matrices_of_both_sizes() {
        for side in [8, 16] {
            let mut gpu = pollster::block_on(Gpu::open(&pollster::block_on(adapter::noop()), 0)).unwrap();
            let found = gpu.matrices.expect("the device that computes nothing has all features");
            gpu.matrices = Some(Matrices { side, ..found });
            // Small and large tiles are other shaders where matrices are large, and so is what lies in no quads.
            let sizes = [[64, 64, 64], [65, 33, 70], [2048, 64, 2048]];
            let counts = sizes.map(|sizes| [false, true].map(|turned| multiply(&gpu, sizes, turned)));
            let large = if side == 16 { [5, 6] } else { [4, 4] };
            assert_eq!(counts, [[1, 2], [3, 4], large], "matrices of {side} by {side}");
            // Too few rows: the plain kernel.
            assert_eq!(multiply(&gpu, [3, 64, 64], false), large[1] + 1);
            gpu.matrices = None;
            assert_eq!(multiply(&gpu, [64, 64, 64], false), large[1] + 1);
        }
    }
}
