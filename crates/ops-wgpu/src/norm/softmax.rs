//! Softmax and log-softmax along a dimension, and their gradients.

use crate::element::Kind;
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing};
use crate::rows;
use tensor_core::{Input, Output, Result};

fn writing(output: &Output<'_>) -> Writing {
    if crate::element::lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared }
}

pub(super) fn forward(gpu: &Gpu, log: bool, dim: usize, kind: Kind, x: &Input<'_>, output: &Output<'_>) -> Result<()> {
    let (n, x_stride) = rows::along(x.layout, dim);
    let count = output.layout.numel() / n.max(1);
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let mut kernel = Kernel::new(gpu, "softmax");
    kernel.variant(u32::from(log)).size("n", n).size("x_stride", x_stride);
    kernel.size("y_stride", rows::along(output.layout, dim).1);
    kernel.write("y", output, kind, writing(output)).read("x", x, kind);
    let places = [rows::starts(&mut kernel, "x", x.layout, dim), rows::starts(&mut kernel, "y", output.layout, dim)];
    rows::run_kept(gpu, &mut kernel, count, n, || {
        let result = if log { "(at(o, k) - most) - log_(sum)" } else { "exp_(at(o, k) - most) / sum" };
        rows::prelude(kind)
            + &places.map(|places| places.text()).concat()
            + &format!(
                "
fn element(o: u32, k: u32) -> T {{ return x(x_at(o) + k * x_stride()); }}

fn row(o: u32, first: u32, step: u32) {{
    let at_y = y_at(o);
    var most = least();
    for (var k = first; k < n(); k += step) {{ most = larger(most, first_time(o, k)); }}
    most = all_max(most);
    var sum = T(0);
    for (var k = first; k < n(); k += step) {{ sum += exp_(at(o, k) - most); }}
    sum = all_sum(sum);
    for (var k = first; k < n(); k += step) {{ y_put(at_y + k * y_stride(), {result}); }}
}}
"
            )
    })
}

pub(super) fn backward(
    gpu: &Gpu,
    log: bool,
    dim: usize,
    kind: Kind,
    inputs: &[Input<'_>],
    output: &Output<'_>,
) -> Result<()> {
    let (g, x) = (&inputs[0], &inputs[1]);
    let (n, x_stride) = rows::along(x.layout, dim);
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let mut kernel = Kernel::new(gpu, "softmax_backward");
    kernel.variant(u32::from(log)).size("n", n).size("x_stride", x_stride);
    kernel.size("g_stride", rows::along(g.layout, dim).1).size("y_stride", rows::along(output.layout, dim).1);
    kernel.write("y", output, kind, writing(output)).read("x", x, kind).read("g", g, kind);
    let places = [
        rows::starts(&mut kernel, "x", x.layout, dim),
        rows::starts(&mut kernel, "g", g.layout, dim),
        rows::starts(&mut kernel, "y", output.layout, dim),
    ];
    rows::run(gpu, &mut kernel, output.layout.numel() / n, n, || {
        let (term, result) = if log { ("dy", "dy - exp_(v) * sum") } else { ("dy * v", "v * (dy - sum)") };
        rows::prelude(kind)
            + &places.map(|places| places.text()).concat()
            + &format!(
                "
fn row(o: u32, first: u32, step: u32) {{
    let at_x = x_at(o);
    let at_g = g_at(o);
    let at_y = y_at(o);
    var sum = T(0);
    for (var k = first; k < n(); k += step) {{
        let v = x(at_x + k * x_stride());
        let dy = g(at_g + k * g_stride());
        sum += {term};
    }}
    sum = all_sum(sum);
    for (var k = first; k < n(); k += step) {{
        let v = x(at_x + k * x_stride());
        let dy = g(at_g + k * g_stride());
        y_put(at_y + k * y_stride(), {result});
    }}
}}
"
            )
    })
}
