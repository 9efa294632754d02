//! Every sample of PyTorch's operation database on the GPU, forward and gradient: against PyTorch's results, as the CPU is
//! judged, with wider tolerances. What has no kernel must say so, and be what an adapter may refuse.

use super::own_gpu;
use conformance::opdb::{Case, Table, Verdict, run, table};
use ops_wgpu::Gpu;
use sconce::DType;
use std::collections::{BTreeMap, BTreeSet};

/// Failures that are written out.
const SHOWN: usize = 40;

/// By what tolerances are multiplied: a GPU's sums have another order, and its functions are polynomials of their own.
fn looseness(op: &str, dtype: DType) -> f64 {
    let factor = if dtype == DType::F32 { 8.0 } else { 2.0 };
    factor * table::looseness(op, dtype)
}

/// Whether an operation draws random numbers.
fn draws(table: &str, op: &str) -> bool {
    table == "random" || op.contains("rand")
}

/// Samples that differ for a reason, by operation and dtypes.
const EXCEPT: &[(&str, &[DType], &str)] = &[
    (
        "polygamma",
        POLES,
        "at whole numbers below one the derivative of digamma is infinite; PyTorch's sine of a rounded π is not zero there",
    ),
    ("special.polygamma", POLES, "as polygamma"),
];
const POLES: &[DType] = &[DType::I8, DType::I16, DType::I32, DType::I64];

fn check(name: &str) {
    if let Some(gpu) = own_gpu() {
        check_on(gpu, name, |_| true);
    }
}

/// The samples of those dtypes.
pub(super) fn check_on(gpu: &'static Gpu, name: &str, wanted: impl Fn(DType) -> bool) {
    let (_, table): &(&str, Table) = table::ALL.iter().find(|(other, _)| *other == name).expect("a table");
    let only = std::env::var("OP").ok();
    let (mut failures, mut unsupported, mut passed) = (vec![], BTreeMap::<String, BTreeSet<String>>::new(), 0);
    for line in conformance::fixture_text(&format!("opdb.{name}.jsonl")).lines() {
        let mut case = Case::parse(line);
        if draws(name, &case.op) {
            // The numbers are the GPU's own: of them only shapes and dtypes are PyTorch's.
            case.shape_only = true;
            case.grads = None;
        }
        if !wanted(case.dtype) || only.as_ref().is_some_and(|only| *only != case.op) {
            continue;
        }
        let (_, call) = table.iter().find(|(op, _)| *op == case.op).expect("a line of the table");
        let report = run(case, *call, looseness, gpu);
        let name = format!("{} {}", report.case.name(), report.case.dtype.name());
        match report.verdict {
            Verdict::Passed { .. } => passed += 1,
            Verdict::Refused(_) => {}
            Verdict::Unsupported(why) if !super::may_refuse(gpu, &why) => failures.push(format!("{name}: {why}")),
            Verdict::Unsupported(why) => _ = unsupported.entry(why).or_default().insert(report.case.op),
            Verdict::Failed(_)
                if EXCEPT
                    .iter()
                    .any(|(op, dtypes, _)| *op == report.case.op && dtypes.contains(&report.case.dtype)) => {}
            Verdict::Failed(why) => {
                let end = line.find(",\"out\":").unwrap_or(line.len()).min(300);
                failures.push(format!("{name}: {why}\n    {}", &line[..end]));
            }
        }
    }
    println!("{name}: {passed} passed");
    for (why, ops) in &unsupported {
        println!("    {why}: {}", ops.iter().cloned().collect::<Vec<_>>().join(" "));
    }
    let shown = failures.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} cases differ\n{shown}", failures.len());
}

macro_rules! suites {
    ($($table:ident)*) => { $(#[test] fn $table() { check(stringify!($table)); })* };
}
suites! { activation create elementwise image index linalg loss matmul norm random reduce scan shape sort view window }
