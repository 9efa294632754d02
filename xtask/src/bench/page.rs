//! docs/performance.md: the tables of the last full runs, one for each set of instructions and maker of processors, put between marks;
//! what stands around them is written by hand.

use super::figures::Limits;
use super::table::{HEADS, Table};
use crate::process::{self, Failure, Outcome, root};
use std::process::Command;

const PAGE: &str = "docs/performance.md";
const END: &str = "<!-- end of figures -->";

/// What the table of a set of instructions begins with, as a maker's processors run them.
fn begin(instructions: &str, maker: &str) -> String {
    format!("<!-- figures with {instructions} on {maker}: written by `cargo xtask bench --against torch --page` -->")
}

/// The part of the page that says how much memory is needed.
const MEMORY: [&str; 2] =
    ["<!-- memory: written by `cargo xtask bench --peak --against torch --page` -->", "<!-- end of memory -->"];

/// The part of the page on GPUs that has figures.
const GPU: [&str; 2] =
    ["<!-- figures: written by `cargo xtask bench --device gpu --page` -->", "<!-- end of figures -->"];

/// Replaces the figures in the page on GPUs, measured on this adapter.
pub fn write_gpu(adapter: &str, table: &str) -> Outcome {
    put_into("docs/gpu.md", GPU, &format!("{}: {adapter}; {}.\n\n{table}", date(), processor()))
}

/// Replaces the figures in the page that were measured with the same instructions on processors of the same maker.
pub fn write(table: &Table, limits: &Limits) -> Outcome {
    put([&begin(&limits.instructions, maker(&processor())), END], &figures(table, limits))
}

/// Replaces the table of memory in the page.
pub fn write_memory(table: &str) -> Outcome {
    put(MEMORY, &format!("{}: {}.\n\n{table}", date(), processor()))
}

fn put(marks: [&str; 2], text: &str) -> Outcome {
    put_into(PAGE, marks, text)
}

fn put_into(name: &str, marks: [&str; 2], text: &str) -> Outcome {
    let path = root().join(name);
    let page = std::fs::read_to_string(&path).map_err(Failure::io(name))?;
    let page = replaced(&page, marks, text).ok_or_else(|| Failure::Text(format!("{name} has no {}", marks[0])))?;
    std::fs::write(path, page).map_err(Failure::io(name))
}

fn replaced(page: &str, [begin, end]: [&str; 2], text: &str) -> Option<String> {
    let (before, rest) = page.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{begin}\n\n{text}\n{end}{after}"))
}

fn figures(table: &Table, limits: &Limits) -> String {
    let bandwidth = |[bytes, bandwidth]: &[f64; 2]| format!("{:.0} GB/s of {:.0} MB", bandwidth / 1e3, bytes / 1e6);
    let bandwidths: Vec<String> = limits.bandwidths.iter().map(bandwidth).collect();
    let mut text = format!(
        "{}: {}, {} threads, {}. Limits measured by the run: {}; {:.0} GFLOP/s in float32.\n\n",
        date(),
        processor(),
        limits.threads,
        limits.instructions,
        bandwidths.join(", "),
        limits.float32 / 1e3
    );
    text += &table.summary().replace('\n', "\n\n");
    text += &format!("| case | {} |\n|---|{}\n", HEADS.join(" | "), "---:|".repeat(HEADS.len()));
    for row in &table.rows {
        text += &format!("| {} | {} |\n", row.name, Table::cells(row).join(" | "));
    }
    text
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or("an unnamed processor".into(), |(_, name)| name.trim().to_string())
}

/// Who makes such processors.
fn maker(processor: &str) -> &'static str {
    ["AMD", "Intel"].into_iter().find(|maker| processor.contains(maker)).unwrap_or("others")
}

/// Today, as far as the system tells.
fn date() -> String {
    process::output(Command::new("date").arg("+%Y-%m-%d")).map_or("undated".into(), |date| date.trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_is_replaced() {
        let (one, other) = (begin("AVX-512", maker("AMD EPYC")), begin("AVX-512", maker("Intel(R) Xeon(R) Processor")));
        assert_ne!(one, other);
        let page = format!("before\n{other}\nolder\n{END}\n{one}\nold\n{END}\nafter\n");
        let new = replaced(&page, [&one, END], "new").unwrap();
        assert_eq!(new, format!("before\n{other}\nolder\n{END}\n{one}\n\nnew\n{END}\nafter\n"));
        assert_eq!(replaced("no marks", [&one, END], "new"), None);
    }
}
