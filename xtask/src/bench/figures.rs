//! What was measured: lines of JSON, several rounds of them, and the machine's limits. It knows no table.

use crate::process::{Failure, Outcome};
use serde_json::Value;

/// The measurements of one library.
#[derive(Default)]
pub struct Library {
    cases: Vec<Case>,
    lines: String,
}

/// The rounds of one case.
pub struct Case {
    /// Its name.
    pub name: String,
    /// Threads that it may use.
    pub threads: u64,
    /// What it cannot do without: bytes, operations in float32.
    pub work: [f64; 2],
    medians: Vec<f64>,
}

impl Case {
    /// The median of the rounds' medians, in microseconds.
    pub fn time(&self) -> f64 {
        let mut medians = self.medians.clone();
        medians.sort_by(f64::total_cmp);
        medians[medians.len() / 2]
    }
}

impl Library {
    /// Adds a round; lines that are no measurements are let through to the console.
    pub fn add(&mut self, lines: &str) {
        for line in lines.lines() {
            if self.add_line(line).is_none() {
                println!("{line}");
            }
        }
    }

    fn add_line(&mut self, line: &str) -> Option<()> {
        let value: Value = serde_json::from_str(line).ok()?;
        let (name, median) = (value["case"].as_str()?, value["median_us"].as_f64()?);
        self.lines += line;
        self.lines.push('\n');
        if let Some(case) = self.cases.iter_mut().find(|case| case.name == name) {
            case.medians.push(median);
            return Some(());
        }
        let work = ["bytes", "flops"].map(|key| value[key].as_f64().unwrap_or(0.0));
        let threads = value["threads"].as_u64()?;
        self.cases.push(Case { name: name.to_string(), threads, work, medians: vec![median] });
        Some(())
    }

    /// The cases, in the order in which they were measured.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// The case of that name.
    pub fn case(&self, name: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.name == name)
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// All lines, as they came.
    pub fn lines(&self) -> &str {
        &self.lines
    }
}

/// Everything that was measured.
#[derive(Default)]
pub struct Figures {
    /// This library.
    pub own: Library,
    /// PyTorch as installed.
    pub torch: Library,
    /// PyTorch with a heap that keeps freed memory.
    pub kept: Library,
}

/// The machine's limits.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Amounts of bytes, and how many of them pass in a microsecond; least amounts first.
    pub bandwidths: Vec<[f64; 2]>,
    /// Operations in float32 per microsecond.
    pub float32: f64,
    /// Threads.
    pub threads: u64,
    /// The instructions in use.
    pub instructions: String,
}

impl Limits {
    /// Reads the program's line.
    pub fn parse(line: &str) -> Outcome<Limits> {
        let value: Value = serde_json::from_str(line).map_err(|error| Failure::Text(format!("{line}: {error}")))?;
        let number = |key: &str| value[key].as_f64().unwrap_or(f64::NAN);
        let pair = |pair: &Value| Some([pair[0].as_f64()?, pair[1].as_f64()?]);
        Ok(Limits {
            bandwidths: value["bandwidths"].as_array().into_iter().flatten().filter_map(pair).collect(),
            float32: number("float32"),
            threads: value["threads"].as_u64().unwrap_or(1),
            instructions: value["instructions"].as_str().unwrap_or("?").to_string(),
        })
    }

    /// The bandwidth of the least measured amount that is not below `bytes`; beyond all of them it is that of memory.
    pub fn bandwidth(&self, bytes: f64) -> f64 {
        let amount = self.bandwidths.iter().find(|[amount, _]| *amount >= bytes).or(self.bandwidths.last());
        amount.map_or(f64::NAN, |[_, bandwidth]| *bandwidth)
    }

    /// The least time that the work can take with all threads, in microseconds; `None` for work that is not told.
    pub fn time(&self, [bytes, flops]: [f64; 2]) -> Option<f64> {
        let time = (bytes / self.bandwidth(bytes)).max(flops / self.float32);
        (time > 0.0).then_some(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_joined_by_their_median() {
        let mut library = Library::default();
        for median in [3.0, 1.0, 2.0] {
            library
                .add(&format!(r#"{{"case": "a/x", "median_us": {median}, "min_us": 0.1, "threads": 1, "bytes": 8}}"#));
        }
        let case = library.case("a/x").unwrap();
        assert_eq!((case.time(), case.work, library.lines().lines().count()), (2.0, [8.0, 0.0], 3));
    }

    #[test]
    fn the_limit_is_that_of_memory_caches_or_arithmetic() {
        let line = r#"{"bandwidths": [[1000, 200], [1500, 100], [9000, 50]], "float32": 10, "threads": 2, "instructions": "x"}"#;
        let limits = Limits::parse(line).unwrap();
        assert_eq!(limits.time([1200.0, 0.0]), Some(12.0));
        assert_eq!(limits.time([2000.0, 0.0]), Some(40.0));
        assert_eq!(limits.time([20_000.0, 0.0]), Some(400.0));
        assert_eq!(limits.time([1000.0, 0.0]), Some(5.0));
        assert_eq!(limits.time([1000.0, 100.0]), Some(10.0));
        assert_eq!(limits.time([0.0, 0.0]), None);
    }
}
