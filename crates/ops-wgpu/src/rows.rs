//! Kernels that treat rows: a function `row(o, first, step)` that passes over a row's elements first, first + step, … and asks for
//! sums and extremes over all of it. It runs once for each row, or in a workgroup whose invocations share the row.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::{Kernel, spread};
use crate::map::Places;
use crate::nest::Nest;
use tensor_core::{Layout, Result};

const ALONE: &str = "
fn all_sum(v: T) -> T { return v; }
fn all_max(v: T) -> T { return v; }
fn each(i: u32) { row(i, 0u, 1u); }
";

const TOGETHER: &str = "
var<private> lane_: u32;
var<workgroup> shared_: array<T, 256>;

fn all_sum(v: T) -> T {
    shared_[lane_] = v;
    workgroupBarrier();
    for (var half = 128u; half > 0u; half >>= 1u) {
        if (lane_ < half) { shared_[lane_] = shared_[lane_] + shared_[lane_ + half]; }
        workgroupBarrier();
    }
    let all = shared_[0];
    workgroupBarrier();
    return all;
}

fn all_max(v: T) -> T {
    shared_[lane_] = v;
    workgroupBarrier();
    for (var half = 128u; half > 0u; half >>= 1u) {
        if (lane_ < half) { shared_[lane_] = larger(shared_[lane_], shared_[lane_ + half]); }
        workgroupBarrier();
    }
    let all = shared_[0];
    workgroupBarrier();
    return all;
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
    let o = group.y * groups.x + group.x;
    if (o >= rows_()) { return; }
    lane_ = lane;
    row(o, lane, 256u);
}
";

/// Elements of a row that a workgroup keeps in its own memory, beside one number for each invocation: no adapter has less room.
const KEPT: usize = 3072;

/// Whether a workgroup shares a row.
fn is_shared(gpu: &Gpu, rows: usize, len: usize) -> bool {
    // Barriers are slow where a processor plays the GPU.
    if gpu.is_software() { rows < 16 && len >= 1024 } else { len >= 64 }
}

/// As [`run`], for a body that reads its row several times: `at(k)` is element k of row o, which `element(o, k)` reads from memory, once
/// where the row finds room in the workgroup's memory. `first_time(o, k)` has to be called before, by the same invocation.
pub(crate) fn run_kept(
    gpu: &Gpu,
    kernel: &mut Kernel<'_>,
    rows: usize,
    len: usize,
    body: impl FnOnce() -> String,
) -> Result<()> {
    let kept = is_shared(gpu, rows, len) && len <= KEPT && kernel.is_narrow();
    kernel.variant(u32::from(kept));
    run(gpu, kernel, rows, len, || {
        let at = match kept {
            true => format!(
                "var<workgroup> kept_: array<T, {KEPT}>;
fn first_time(o: u32, k: u32) -> T {{ kept_[k] = element(o, k); return kept_[k]; }}
fn at(o: u32, k: u32) -> T {{ return kept_[k]; }}
"
            ),
            false => "fn first_time(o: u32, k: u32) -> T { return element(o, k); }
fn at(o: u32, k: u32) -> T { return element(o, k); }
"
            .to_string(),
        };
        body() + &at
    })
}

/// Runs `body`'s `row` for `rows` rows of about `len` elements.
pub(crate) fn run(
    gpu: &Gpu,
    kernel: &mut Kernel<'_>,
    rows: usize,
    len: usize,
    body: impl FnOnce() -> String,
) -> Result<()> {
    let together = is_shared(gpu, rows, len);
    kernel.variant(u32::from(together));
    match together {
        true => {
            kernel.size("rows_", rows);
            kernel.run(spread(rows), || body() + TOGETHER)
        }
        false => kernel.run_each(rows, || body() + ALONE),
    }
}

/// The kind's functions for floats: T, `larger`, `least`, and of single precision all of the library.
pub(crate) fn prelude(kind: Kind) -> String {
    let text = format!("alias T = {};\n", kind.name()) + &crate::reduce::order(kind) + crate::reduce::ORDERED;
    match kind {
        Kind::F32 => text + crate::MATH,
        Kind::F64 => text + crate::MATH_DOUBLE,
        Kind::I32 | Kind::I64 => text,
    }
}

/// Declares where rows along `dim` begin, as the function `name_at` of a row's number; the stride along it is a parameter of
/// its own.
pub(crate) fn starts(kernel: &mut Kernel<'_>, name: &'static str, layout: &Layout, dim: usize) -> Places {
    let keep = |i: usize| i == dim;
    let outer = Layout::strided(layout.shape().without(keep), layout.strides().without(keep), layout.offset());
    Places::of(kernel, name, Nest::in_order(&outer))
}

/// Size and stride along `dim`; a tensor without dimensions is a row of one.
pub(crate) fn along(layout: &Layout, dim: usize) -> (usize, usize) {
    match layout.rank() {
        0 => (1, 1),
        _ => (layout.shape()[dim], layout.strides()[dim]),
    }
}
