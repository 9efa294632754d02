//! Every sample of PyTorch's operation database, as far as the tables name its operation: results and gradients. One test a
//! table. `OPDB=FOLDER` runs the unthinned samples that `make_opdb.py FOLDER` has written.

use conformance::opdb::{Case, Table, Verdict, names, run, table};
use std::collections::BTreeMap;

/// Failures that are written out.
const SHOWN: usize = 60;

fn check(name: &str) {
    let (_, table): &(&str, Table) = table::ALL.iter().find(|(other, _)| *other == name).expect("a table");
    let file = format!("opdb.{name}.jsonl");
    let text = match std::env::var_os("OPDB") {
        Some(folder) => std::fs::read_to_string(std::path::Path::new(&folder).join(file)).expect("a fixture"),
        None => conformance::fixture_text(&file),
    };
    let (mut failures, mut refused, mut passed) = (vec![], BTreeMap::new(), BTreeMap::new());
    for line in text.lines() {
        let case = Case::parse(line);
        let (_, call) = table.iter().find(|(op, _)| *op == case.op).expect("a line of the table");
        let report = run(case, *call, table::looseness, sconce::cpu());
        let name = format!("{} {}", report.case.name(), report.case.dtype.name());
        match report.verdict {
            Verdict::Passed { .. } => *passed.entry(report.case.op).or_insert(0) += 1,
            Verdict::Refused(why) => *refused.entry(why).or_insert(0) += 1,
            Verdict::Unsupported(why) | Verdict::Failed(why) => {
                failures.push(format!("{name}: {why}\n    {}", shortened(line)))
            }
        }
    }
    println!("{name}: {} passed, {refused:?} refused", passed.values().sum::<usize>());
    let shown = failures.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} cases differ\n{shown}", failures.len());
    if std::env::var_os("OPDB").is_some() {
        return;
    }
    let without: Vec<&str> = table.iter().map(|(op, _)| *op).filter(|op| !passed.contains_key(*op)).collect();
    assert!(without.is_empty(), "no case of {without:?} passed: is the fixture stale?");
}

/// The arguments, without their contents.
fn shortened(line: &str) -> String {
    let end = line.find(",\"out\":").unwrap_or(line.len());
    let mut text = String::new();
    for (i, part) in line[..end].split("\"d\":\"").enumerate() {
        text += if i == 0 { part } else { &part[part.find('"').map_or(0, |at| at + 1)..] };
    }
    text.chars().take(400).collect()
}

macro_rules! suites {
    ($($table:ident)*) => {
        $(#[test] fn $table() { check(stringify!($table)); })*

        #[test]
        fn every_table_is_run_and_every_name_is_pytorchs() {
            let tables: Vec<&str> = table::ALL.iter().map(|(name, _)| *name).collect();
            assert_eq!(tables, [$(stringify!($table)),*]);
            let known = names();
            let mut all: Vec<&str> = table::ALL.iter().flat_map(|(_, table)| table.iter().map(|(op, _)| *op)).collect();
            all.iter().for_each(|op| assert!(known.iter().any(|(name, _)| name == op), "{op} is not PyTorch's"));
            all.sort_unstable();
            assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "a name is in two tables");
        }
    };
}
suites! { activation create elementwise image index linalg loss matmul norm random reduce scan shape sort view window }

#[test]
fn the_page_of_operations_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ops.md");
    let page = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(page == conformance::opdb::page(), "docs/ops.md is out of date: run `cargo xtask ops`");
}
