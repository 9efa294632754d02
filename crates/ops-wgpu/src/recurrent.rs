//! Recurrent layers: a kernel per step, or two going back. How many sequences run at a step the kernels read themselves, so that
//! nothing waits for the device.

use crate::element::{self, Kind};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing};
use crate::map::Places;
use crate::own::{Own, output_as};
use crate::rows;
use storage::DType;
use tensor_core::op::recurrent::{Cell, Layer};
use tensor_core::op::{Convert, Recurrent};
use tensor_core::{Device, Input, Layout, Op, Output, Result};

pub(crate) fn run(gpu: &Gpu, op: Recurrent, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    if output.layout.numel() == 0 {
        return Ok(());
    }
    match op {
        Recurrent::States(_) => {
            let trace = inputs.last().expect("the trace is there");
            let plain = Layout::contiguous(output.layout.shape().clone());
            let states = Layout::strided(plain.shape().clone(), plain.strides().clone(), trace.layout.offset());
            let mut target = output_as(output, output.layout);
            gpu.run(&Op::Convert(Convert::Copy), trace.dtype, &[Input { layout: &states, ..*trace }], &mut target)
        }
        Recurrent::Trace { .. } | Recurrent::Backward(_) if element::lanes(output.dtype) > 1 => {
            // Halves are rounded at the end, not from step to step.
            let wide = Own::new(gpu, output.layout.shape(), DType::F32)?;
            run(gpu, op, compute, inputs, &wide.output())?;
            let mut target = output_as(output, output.layout);
            gpu.run(&Op::Convert(Convert::Copy), DType::F32, &[wide.input()], &mut target)
        }
        Recurrent::Trace { layer, keeps } => trace(gpu, layer, keeps, Kind::of(compute), inputs, output),
        Recurrent::Backward(layer) => backward(gpu, layer, Kind::of(compute), inputs, output),
    }
}

fn cell_number(cell: Cell) -> u32 {
    match cell {
        Cell::Tanh => 0,
        Cell::Relu => 1,
        Cell::Lstm => 2,
        Cell::Gru => 3,
    }
}

/// The numbers of steps in their order.
fn order(steps: usize, from_last: bool) -> impl Iterator<Item = usize> {
    (0..steps).map(move |i| if from_last { steps - 1 - i } else { i })
}

/// Where steps begin, and where the states before a step are: with `before_step` those of sequence s are row `before_row` of
/// the trace, or the first ones.
const STEPS: &str = "
fn start_of(t: u32) -> u32 {
    var start = 0u;
    for (var i = 0u; i < t; i++) { start += u32(sizes(i)); }
    return start;
}

fn before_row(s: u32) -> i32 {
    if (LAST) { return -1; }
    let t = EARLIER;
    if (s >= u32(sizes(t))) { return -1; }
    return i32(start_of(t) + s);
}
";

fn steps_text(reverse: bool) -> String {
    let (last, earlier) =
        if reverse { ("step_() + 1u >= steps()", "step_() + 1u") } else { ("step_() == 0u", "step_() - 1u") };
    STEPS.replace("LAST", last).replace("EARLIER", earlier)
}

/// What the kernels of a layer share: sizes, and the operands by name.
fn declare<'a>(
    kernel: &mut Kernel<'a>,
    layer: Layer,
    kind: Kind,
    (first, extra, sizes): (&Input<'a>, Option<&Input<'a>>, &Input<'a>),
    (total, hidden, step): (usize, usize, usize),
) -> Vec<Places> {
    kernel.variant(cell_number(layer.cell)).variant(u32::from(layer.reverse));
    kernel.size("total", total).size("hidden", hidden).size("step_", step).size("steps", sizes.layout.numel());
    kernel.size("sequences", first.layout.shape()[0]);
    kernel.read("first", first, kind).read_positions("sizes", sizes);
    let mut places = vec![Places::declare(kernel, "a", first.layout)];
    if let Some(extra) = extra {
        kernel.read("extra", extra, kind);
        places.push(Places::declare(kernel, "b", extra.layout));
    }
    places
}

fn texts(places: &[Places]) -> String {
    places.iter().map(Places::text).collect()
}

/// The weight's columns as rows, so that neighbouring invocations read neighbours.
fn turned(gpu: &Gpu, weight: &Input<'_>) -> Result<Own> {
    let across = weight.layout.permuted(&[1, 0]);
    let own = Own::new(gpu, across.shape(), weight.dtype)?;
    gpu.run(&Op::Convert(Convert::Copy), weight.dtype, &[Input { layout: &across, ..*weight }], &mut own.output())?;
    Ok(own)
}

fn trace(gpu: &Gpu, layer: Layer, keeps: bool, kind: Kind, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let cell = layer.cell;
    let (pre, first, sizes) = (&inputs[0], &inputs[1], &inputs[inputs.len() - 1]);
    let extra = if cell.has_extra() { Some(&inputs[3]) } else { None };
    let (total, hidden) = (pre.layout.shape()[0], first.layout.shape()[1]);
    let weight = turned(gpu, &inputs[2])?;
    let weight = weight.input();
    for step in order(sizes.layout.numel(), layer.reverse) {
        let mut kernel = Kernel::new(gpu, "recurrent_step");
        kernel.variant(u32::from(keeps)).size("base", output.layout.offset());
        kernel.write("y", output, kind, Writing::Whole);
        let places = declare(&mut kernel, layer, kind, (first, extra, sizes), (total, hidden, step));
        kernel.read("pre", pre, kind).read("weight", &weight, kind);
        let pre_places = Places::declare(&mut kernel, "x", pre.layout);
        let count = first.layout.shape()[0] * hidden;
        kernel.run_each(count, || {
            let gates = cell.gates();
            let sums: String = (0..gates).map(|q| format!("    var s{q} = T(0);\n")).collect();
            let adds: String = (0..gates)
                .map(|q| format!("        s{q} += h * weight(k * {gates}u * hidden() + {q}u * hidden() + j);\n"))
                .collect();
            let pre = |q: usize| format!("pre(x_at(row * {gates}u * hidden() + {q}u * hidden() + j))");
            let keep = |values: &[&str]| -> String {
                let planes = cell.states();
                let put = |(i, value): (usize, &&str)| format!("    put({}u, row, j, {value});\n", planes + i);
                if keeps { values.iter().enumerate().map(put).collect() } else { String::new() }
            };
            let end = match cell {
                Cell::Tanh => format!("    put(0u, row, j, tanh_(s0 + {}));\n", pre(0)),
                Cell::Relu => format!("    put(0u, row, j, larger(s0 + {}, T(0)));\n", pre(0)),
                Cell::Lstm => format!(
                    "    let i_ = sigmoid_(s0 + {});\n    let f_ = sigmoid_(s1 + {});\n    let g_ = tanh_(s2 + {});\n    \
                     let o_ = sigmoid_(s3 + {});\n    let c_ = f_ * state(1u, from_, s, j) + i_ * g_;\n    put(1u, row, j, c_);\n    \
                     put(0u, row, j, o_ * tanh_(c_));\n{}",
                    pre(0),
                    pre(1),
                    pre(2),
                    pre(3),
                    keep(&["i_", "f_", "g_", "o_"])
                ),
                Cell::Gru => format!(
                    "    let r_ = sigmoid_(s0 + {});\n    let z_ = sigmoid_(s1 + {});\n    let w_ = s2 + extra(b_at(j));\n    \
                     let n_ = tanh_({} + r_ * w_);\n    put(0u, row, j, (T(1) - z_) * n_ + z_ * state(0u, from_, s, j));\n{}",
                    pre(0),
                    pre(1),
                    pre(2),
                    keep(&["r_", "z_", "w_", "n_"])
                ),
            };
            let first_c = if cell == Cell::Lstm { "extra(b_at(s * hidden() + k))" } else { "T(0)" };
            rows::prelude(kind)
                + &texts(&places)
                + &pre_places.text()
                + &steps_text(layer.reverse)
                + &format!(
                    "
fn place(plane: u32, row: u32, k: u32) -> u32 {{ return base() + (plane * total() + row) * hidden() + k; }}
fn put(plane: u32, row: u32, k: u32, v: T) {{ y_put(place(plane, row, k), v); }}
fn state(plane: u32, row: i32, s: u32, k: u32) -> T {{
    if (row >= 0) {{ return y_get(place(plane, u32(row), k)); }}
    if (plane == 0u) {{ return first(a_at(s * hidden() + k)); }}
    return {first_c};
}}

fn each(i: u32) {{
    let s = i / hidden();
    let j = i % hidden();
    if (s >= u32(sizes(step_()))) {{ return; }}
    let row = start_of(step_()) + s;
    let from_ = before_row(s);
{sums}    for (var k = 0u; k < hidden(); k++) {{
        let h = state(0u, from_, s, k);
{adds}    }}
{end}}}
"
                )
        })?;
    }
    Ok(())
}

fn backward(gpu: &Gpu, layer: Layer, kind: Kind, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let cell = layer.cell;
    let (g, trace, first, weight, sizes) = (&inputs[0], &inputs[1], &inputs[2], &inputs[3], &inputs[inputs.len() - 1]);
    let extra = if cell == Cell::Lstm { Some(&inputs[4]) } else { None };
    let (total, hidden) = (g.layout.shape()[1], first.layout.shape()[1]);
    let count = first.layout.shape()[0] * hidden;
    // Nothing has come from later steps yet.
    let all = Layout::contiguous(output.layout.shape().clone());
    let mut target = output_as(output, &all);
    gpu.run(&Op::fill(0.0), output.dtype, &[], &mut target)?;
    for step in order(sizes.layout.numel(), !layer.reverse) {
        let mut kernel = Kernel::new(gpu, "recurrent_pull");
        kernel.write("y", output, kind, Writing::Whole);
        let mut places = declare(&mut kernel, layer, kind, (first, extra, sizes), (total, hidden, step));
        kernel.read("g", g, kind).read("trace", trace, kind);
        places.push(Places::declare(&mut kernel, "g", g.layout));
        places.push(Places::declare(&mut kernel, "x", trace.layout));
        kernel.run_each(count, || pull_text(cell, kind, layer.reverse, &texts(&places)))?;

        let mut kernel = Kernel::new(gpu, "recurrent_carry");
        kernel.write("y", output, kind, Writing::Whole);
        let mut places = declare(&mut kernel, layer, kind, (first, None, sizes), (total, hidden, step));
        kernel.read("weight", weight, kind);
        places.push(Places::declare(&mut kernel, "weight", weight.layout));
        kernel.run_each(count, || {
            let pulled = cell.pulled();
            // Of a GRU's row, W h + b comes first; of the weight, it comes last.
            let row = if cell == Cell::Gru { "(q + 2u * hidden()) % (3u * hidden())" } else { "q" };
            let width = cell.gates();
            let before = if cell == Cell::Gru { "y_get(to_)" } else { "T(0)" };
            rows::prelude(kind)
                + &texts(&places)
                + &steps_text(layer.reverse)
                + &format!(
                    "
fn each(i: u32) {{
    let s = i / hidden();
    let k = i % hidden();
    if (s >= u32(sizes(step_()))) {{ return; }}
    let row = start_of(step_()) + s;
    let to_ = total() * {pulled}u * hidden() + s * hidden() + k;
    var sum = {before};
    for (var q = 0u; q < {width}u * hidden(); q++) {{
        sum += y_get(row * {pulled}u * hidden() + q) * weight(weight_at({row} * hidden() + k));
    }}
    y_put(to_, sum);
}}
"
                )
        })?;
    }
    Ok(())
}

/// The gates' gradients of a step, and what of the states' goes to the step before without a product.
fn pull_text(cell: Cell, kind: Kind, reverse: bool, places: &str) -> String {
    let pulled = cell.pulled();
    let body = match cell {
        Cell::Tanh => "    let h = kept(0u, row, k);\n    pull(0u, row, k, dh * (T(1) - h * h));\n",
        Cell::Relu => "    pull(0u, row, k, select(T(0), dh, kept(0u, row, k) > T(0)));\n",
        Cell::Lstm => {
            "    let i_ = kept(2u, row, k);
    let f_ = kept(3u, row, k);
    let g_ = kept(4u, row, k);
    let o_ = kept(5u, row, k);
    let bent = tanh_(kept(1u, row, k));
    let carry_c = carried(1u, s, k);
    let dc = g(g_at((total() + row) * hidden() + k)) + y_get(carry_c) + dh * o_ * (T(1) - bent * bent);
    pull(0u, row, k, dc * g_ * i_ * (T(1) - i_));
    pull(1u, row, k, dc * state(1u, before_row(s), s, k) * f_ * (T(1) - f_));
    pull(2u, row, k, dc * i_ * (T(1) - g_ * g_));
    pull(3u, row, k, dh * bent * o_ * (T(1) - o_));
    y_put(carry_c, dc * f_);
"
        }
        Cell::Gru => {
            "    let r_ = kept(1u, row, k);
    let z_ = kept(2u, row, k);
    let w_ = kept(3u, row, k);
    let n_ = kept(4u, row, k);
    let dn = dh * (T(1) - z_) * (T(1) - n_ * n_);
    pull(0u, row, k, dn * r_);
    pull(1u, row, k, dn * w_ * r_ * (T(1) - r_));
    pull(2u, row, k, dh * (state(0u, before_row(s), s, k) - n_) * z_ * (T(1) - z_));
    pull(3u, row, k, dn);
    y_put(carried(0u, s, k), dh * z_);
"
        }
    };
    let first_c = if cell == Cell::Lstm { "extra(b_at(s * hidden() + k))" } else { "T(0)" };
    rows::prelude(kind)
        + places
        + &steps_text(reverse)
        + &format!(
            "
fn kept(plane: u32, row: u32, k: u32) -> T {{ return trace(x_at((plane * total() + row) * hidden() + k)); }}
fn state(plane: u32, row: i32, s: u32, k: u32) -> T {{
    if (row >= 0) {{ return kept(plane, u32(row), k); }}
    if (plane == 0u) {{ return first(a_at(s * hidden() + k)); }}
    return {first_c};
}}
fn carried(plane: u32, s: u32, k: u32) -> u32 {{
    return total() * {pulled}u * hidden() + (plane * sequences() + s) * hidden() + k;
}}
fn pull(gate: u32, row: u32, k: u32, v: T) {{ y_put((row * {pulled}u + gate) * hidden() + k, v); }}

fn each(i: u32) {{
    let s = i / hidden();
    let k = i % hidden();
    if (s >= u32(sizes(step_()))) {{ return; }}
    let row = start_of(step_()) + s;
    let dh = g(g_at(row * hidden() + k)) + y_get(carried(0u, s, k));
{body}}}
"
        )
}
