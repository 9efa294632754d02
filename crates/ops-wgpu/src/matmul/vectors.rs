//! Matrix by vector and vector by vector: a workgroup, or an invocation, for each result.

use crate::element::{self, Kind};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing};
use crate::{reduce, rows};
use tensor_core::{Input, Output, Result};

pub(super) fn run(gpu: &Gpu, kind: Kind, [a, b]: [&Input<'_>; 2], output: &Output<'_>) -> Result<()> {
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
            reduce::order(kind),
            reduce::ORDERED
        )
    })
}
