//! Running totals along a dimension: an invocation goes along each row. Long rows are cut: parts are totalled, the totals run
//! through, and each part starts from the total before it.

use crate::element::{Kind, lanes};
use crate::gpu::Gpu;
use crate::kernel::{Kernel, Writing};
use crate::rows;
use storage::DType;
use tensor_core::op::Scan;
use tensor_core::op::scan::ScanKind;
use tensor_core::{Input, Output, Result};

/// Rows from this length up are cut where there are few of them.
const LONG: usize = 4096;
/// Elements of a part.
const PART: usize = 256;

/// The state S in T or in whole numbers: `start`, `take(s, v, k)` for element k, and the result `finish(s)`. States of sums and
/// products merge.
fn text(kind: ScanKind) -> (u32, &'static str) {
    match kind {
        ScanKind::Sum => (
            0,
            "alias S = T;\nfn start() -> S { return T(0); }\nfn take(s: S, v: T, w: T, k: u32) -> S { return plus(s, v); }\n\
             fn merge(a: S, b: S) -> S { return plus(a, b); }\nfn finish(s: S) -> T { return s; }\n",
        ),
        ScanKind::Prod => (
            1,
            "alias S = T;\nfn start() -> S { return one(); }\nfn take(s: S, v: T, w: T, k: u32) -> S { return times(s, v); }\n\
             fn merge(a: S, b: S) -> S { return times(a, b); }\nfn finish(s: S) -> T { return s; }\n",
        ),
        ScanKind::LogSumExp => (
            2,
            "struct S { most: T, sum: T }
fn start() -> S { return S(least(), T(0)); }
fn take(s: S, v: T, w: T, k: u32) -> S {
    if (unordered(s.most)) { return s; }
    if (unordered(v)) { return S(v, v); }
    if (v == least()) { return s; }
    if (s.most == least()) { return S(v, T(1)); }
    if (v > s.most) { return S(v, s.sum * exp_(s.most - v) + T(1)); }
    if (s.most == most()) { return s; }
    return S(s.most, s.sum + exp_(v - s.most));
}
fn finish(s: S) -> T {
    if (s.most == least() || s.most == most() || unordered(s.most)) { return s.most; }
    return s.most + log_(s.sum);
}
",
        ),
        ScanKind::ArgMax => (
            3,
            "struct S { value: T, at: i32 }
fn start() -> S { return S(T(0), -1); }
fn take(s: S, v: T, w: T, k: u32) -> S {
    if (s.at < 0 || unordered(v) || (!unordered(s.value) && !less(v, s.value))) { return S(v, i32(k)); }
    return s;
}
fn finish(s: S) -> i32 { return s.at; }
",
        ),
        ScanKind::ArgMin => (
            4,
            "struct S { value: T, at: i32 }
fn start() -> S { return S(T(0), -1); }
fn take(s: S, v: T, w: T, k: u32) -> S {
    if (s.at < 0 || unordered(v) || (!unordered(s.value) && !less(s.value, v))) { return S(v, i32(k)); }
    return s;
}
fn finish(s: S) -> i32 { return s.at; }
",
        ),
        ScanKind::Linear => (
            5,
            "alias S = T;\nfn start() -> S { return T(0); }\nfn take(s: S, v: T, w: T, k: u32) -> S { return v + w * s; }\n\
             fn finish(s: S) -> T { return s; }\n",
        ),
    }
}

pub(crate) fn run(gpu: &Gpu, op: Scan, compute: DType, inputs: &[Input<'_>], output: &Output<'_>) -> Result<()> {
    let kind = Kind::of(compute);
    if output.layout.numel() == 0 {
        return Ok(());
    }
    let dim = op.dim as usize;
    let (n, _) = rows::along(inputs[0].layout, dim);
    let count = output.layout.numel() / n;
    // In place, an element's part would be overwritten while another invocation still totals it.
    let cut =
        matches!(op.kind, ScanKind::Sum | ScanKind::Prod) && n >= LONG && count < 1024 && inputs[0].source.is_some();
    if !cut {
        return pass(gpu, op, kind, inputs, output, Part::Whole);
    }
    let own = match kind {
        Kind::F32 => DType::F32,
        Kind::I32 => DType::I32,
        Kind::I64 => DType::I64,
        Kind::F64 => DType::F64,
    };
    let totals = gpu.block(count * n.div_ceil(PART) * own.size())?;
    pass(gpu, op, kind, inputs, output, Part::Totals(&totals, own))?;
    pass(gpu, op, kind, inputs, output, Part::Through(&totals, own))?;
    pass(gpu, op, kind, inputs, output, Part::From(&totals, own))
}

/// What a kernel does with which part.
#[derive(Clone, Copy)]
enum Part<'a> {
    /// All of a row.
    Whole,
    /// Finds the totals of parts.
    Totals(&'a crate::memory::Block, DType),
    /// Makes them totals of all parts before.
    Through(&'a crate::memory::Block, DType),
    /// Runs through parts, from the totals before them.
    From(&'a crate::memory::Block, DType),
}

fn pass(gpu: &Gpu, op: Scan, kind: Kind, inputs: &[Input<'_>], output: &Output<'_>, part: Part<'_>) -> Result<()> {
    let dim = op.dim as usize;
    let (number, scan) = text(op.kind);
    let (n, x_stride) = rows::along(inputs[0].layout, dim);
    let count = output.layout.numel() / n;
    let parts = n.div_ceil(PART);
    let writing = if lanes(output.dtype) == 1 { Writing::Whole } else { Writing::Shared };
    let result = if matches!(op.kind, ScanKind::ArgMax | ScanKind::ArgMin) { Kind::I32 } else { kind };
    let mut kernel = Kernel::new(gpu, "scan");
    let stage = match part {
        Part::Whole => 0,
        Part::Totals(..) => 1,
        Part::Through(..) => 2,
        Part::From(..) => 3,
    };
    if !matches!(op.kind, ScanKind::Linear | ScanKind::LogSumExp) {
        kernel.by_functions();
    }
    kernel.variant(number).variant(u32::from(op.reverse)).variant(stage);
    kernel.size("n", n).size("rows", count).size("parts", parts);
    kernel.size("x_stride", x_stride).size("y_stride", rows::along(output.layout, dim).1);
    match part {
        Part::Whole => _ = kernel.write("y", output, result, writing),
        Part::Totals(totals, own) | Part::Through(totals, own) => _ = kernel.write_own("totals", totals, own, kind),
        Part::From(totals, own) => _ = kernel.write("y", output, result, writing).read_own("totals", totals, own, kind),
    }
    kernel.read("x", &inputs[0], kind);
    let mut places = vec![rows::starts(&mut kernel, "x", inputs[0].layout, dim)];
    if let Some(w) = inputs.get(1) {
        kernel.read("w", w, kind).size("w_stride", rows::along(w.layout, dim).1);
        places.push(rows::starts(&mut kernel, "a", w.layout, dim));
    }
    if matches!(part, Part::Whole | Part::From(..)) {
        places.push(rows::starts(&mut kernel, "y", output.layout, dim));
    }
    let second = inputs.len() > 1;
    kernel.run_each(if matches!(part, Part::Whole | Part::Through(..)) { count } else { count * parts }, || {
        let place = if op.reverse { "n() - 1u - k" } else { "k" };
        let w = if second { format!("w(a_at(o) + ({place}) * w_stride())") } else { "T(0)".to_string() };
        let step = format!("s = take(s, x(at_x + ({place}) * x_stride()), {w}, {place});");
        let write = format!("y_put(at_y + ({place}) * y_stride(), finish(s));");
        let body = match part {
            Part::Whole => format!(
                "    let o = i;\n    let at_x = x_at(o);\n    let at_y = y_at(o);\n    var s = start();\n    \
                 for (var k = 0u; k < n(); k++) {{ {step} {write} }}\n"
            ),
            Part::Totals(..) => format!(
                "    let o = i % rows();\n    let first = (i / rows()) * {PART}u;\n    let at_x = x_at(o);\n    var s = start();\n    \
                 for (var k = first; k < min(first + {PART}u, n()); k++) {{ {step} }}\n    totals_put(i, s);\n"
            ),
            Part::Through(..) => "    var s = start();\n    for (var part = 0u; part < parts(); part++) {\n        \
                 let own = totals_get(part * rows() + i);\n        totals_put(part * rows() + i, s);\n        s = merge(s, own);\n    }\n"
                .to_string(),
            Part::From(..) => format!(
                "    let o = i % rows();\n    let first = (i / rows()) * {PART}u;\n    let at_x = x_at(o);\n    let at_y = y_at(o);\n    \
                 var s = totals(i);\n    for (var k = first; k < min(first + {PART}u, n()); k++) {{ {step} {write} }}\n"
            ),
        };
        rows::prelude(kind)
            + &places.iter().map(|places| places.text()).collect::<String>()
            + scan
            + &format!("fn each(i: u32) {{\n{body}}}\n")
    })
}
