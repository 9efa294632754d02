//! docs/ops.md: which of PyTorch's operations there are here, for which dtypes, with gradients or without; from the verdicts of a run
//! over all samples. It knows no operation.

use super::{Case, Verdict, names, run, table};
use std::collections::BTreeMap;
use std::fmt::Write;
use tensor_core::DType;

/// The dtypes, in the order of the page's columns.
const DTYPES: [DType; 10] = [
    DType::Bool,
    DType::U8,
    DType::I8,
    DType::I16,
    DType::I32,
    DType::I64,
    DType::F16,
    DType::BF16,
    DType::F32,
    DType::F64,
];

/// What the samples of one operation came to.
#[derive(Default)]
struct Row {
    /// Dtypes of which a sample passed, and of which none failed.
    passed: Vec<DType>,
    failed: Vec<DType>,
    gradient: bool,
    /// Dtypes of which the GPU has no kernel for a sample.
    off_gpu: Vec<DType>,
}

/// The page.
pub fn page() -> String {
    let known = names();
    // Shaders are put together and checked, and nothing is computed, so that the page is the same on every machine.
    let gpu = ops_wgpu::open_noop();
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut refusals: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, table) in table::ALL {
        for line in crate::fixture_text(&format!("opdb.{name}.jsonl")).lines() {
            let case = Case::parse(line);
            let (_, call) = table.iter().find(|(op, _)| *op == case.op).expect("a line of the table");
            let shaders = run(Case::parse(line), *call, table::looseness, gpu);
            let report = run(case, *call, table::looseness, sconce::cpu());
            let row = rows.entry(report.case.op.clone()).or_default();
            match shaders.verdict {
                Verdict::Unsupported(_) => row.off_gpu.push(report.case.dtype),
                Verdict::Failed(why) => assert!(!why.contains("does not compile"), "{why}"),
                Verdict::Passed { .. } | Verdict::Refused(_) => {}
            }
            match report.verdict {
                Verdict::Passed { gradient } => {
                    row.passed.push(report.case.dtype);
                    row.gradient |= gradient;
                }
                Verdict::Refused(why) => refusals.entry(report.case.op).or_default().push(why),
                Verdict::Unsupported(_) | Verdict::Failed(_) => row.failed.push(report.case.dtype),
            }
        }
    }
    let mut text = String::from(
        "# Operations\n\n\
         Which operations of PyTorch's own database (`torch.testing._internal.common_methods_invocations.op_db`) there are here, on\n\
         the CPU. The page is written by `cargo xtask ops` from a run over the database's samples: results in every dtype, gradients in\n\
         `float32` and `float64`, within the tolerances of `torch.testing.assert_close`; a `float32` beyond them is held against the same in\n\
         `float64`, and must not be twice as far from it as PyTorch's farthest. A test fails when the page is out of date.\n\n",
    );
    let missing: Vec<&str> = known.iter().map(|(name, _)| &**name).filter(|name| !rows.contains_key(*name)).collect();
    _ = writeln!(
        text,
        "**{} of {} names.** ● as in PyTorch; ○ PyTorch has it, here it is refused; empty: PyTorch has it",
        rows.len(),
        known.len()
    );
    _ = writeln!(
        text,
        "not either. *grad*: gradients are compared, too. *gpu*: there are kernels for a GPU, forward and backward; ◐ for"
    );
    _ = writeln!(
        text,
        "all dtypes but some, which the [page on GPUs](gpu.md) names. Their results are compared by the tests.\n"
    );
    let heads: Vec<&str> = DTYPES.iter().map(|dtype| dtype.name()).collect();
    _ = writeln!(text, "| name | {} | grad | gpu |\n|---|{}---|---|", heads.join(" | "), "---|".repeat(DTYPES.len()));
    for (name, row) in &rows {
        let (_, theirs) = known.iter().find(|(other, _)| other == name).expect("a name of the database");
        let cell =
            |dtype: &DType| match (row.failed.contains(dtype), row.passed.contains(dtype), theirs.contains(dtype)) {
                (false, true, _) => "●",
                (_, _, true) => "○",
                (_, _, false) => " ",
            };
        let cells: Vec<&str> = DTYPES.iter().map(cell).collect();
        let gpu = match row.passed.iter().filter(|dtype| !row.off_gpu.contains(dtype)).count() {
            _ if row.off_gpu.is_empty() => "●",
            0 => "○",
            _ => "◐",
        };
        let gradient = if row.gradient { "●" } else { " " };
        _ = writeln!(text, "| `{name}` | {} | {gradient} | {gpu} |", cells.join(" | "));
    }
    if !refusals.is_empty() {
        _ = writeln!(text, "\n## Refused on purpose\n");
        for (name, whys) in &mut refusals {
            let count = whys.len();
            whys.sort_unstable();
            whys.dedup();
            _ = writeln!(text, "- `{name}`: {} ({count} samples)", whys.join("; "));
        }
    }
    if !table::LOOSE.is_empty() {
        _ = writeln!(text, "\n## Wider tolerances in half types\n");
        for (name, factor, why) in table::LOOSE {
            _ = writeln!(text, "- `{name}`, {factor} times: {why}");
        }
    }
    _ = writeln!(text, "\n## Not here\n\n{}", wrapped(&missing));
    text
}

/// Names in lines of a readable length.
fn wrapped(names: &[&str]) -> String {
    let mut lines = vec![String::new()];
    for name in names {
        let last = lines.last_mut().expect("a line");
        if last.len() + name.len() > 120 {
            lines.push(format!("`{name}` "));
        } else {
            _ = write!(last, "`{name}` ");
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}
