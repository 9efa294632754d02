//! Figures side by side: a row per case, times and ratios, and geometric means. It does not know where the table goes.

use super::figures::{Figures, Limits};

/// A row.
pub struct Row {
    /// The case.
    pub name: String,
    /// Threads that it may use.
    pub threads: u64,
    /// This library's time, in microseconds.
    pub own: f64,
    /// PyTorch's.
    pub torch: Option<f64>,
    /// PyTorch's with a kept heap.
    pub kept: Option<f64>,
    /// The least time that the machine's limits allow.
    pub limit: Option<f64>,
}

/// All rows.
pub struct Table {
    /// In the order of measuring.
    pub rows: Vec<Row>,
}

/// Joins what was measured.
pub fn table(figures: &Figures, limits: &Limits) -> Table {
    let row = |case: &super::figures::Case| Row {
        name: case.name.clone(),
        threads: case.threads,
        own: case.time(),
        torch: figures.torch.case(&case.name).map(|case| case.time()),
        kept: figures.kept.case(&case.name).map(|case| case.time()),
        limit: limits.time(case.work),
    };
    Table { rows: figures.own.cases().iter().map(row).collect() }
}

/// The geometric mean and the largest of ratios, and how many there are.
pub struct Mean {
    /// exp of the mean logarithm.
    pub mean: f64,
    /// The largest, and its case.
    pub worst: (f64, String),
    /// How many cases.
    pub count: usize,
}

impl Table {
    /// Of this library's times to others.
    pub fn mean(&self, other: impl Fn(&Row) -> Option<f64>) -> Option<Mean> {
        let ratios: Vec<(f64, &str)> =
            self.rows.iter().filter_map(|row| Some((row.own / other(row)?, &*row.name))).collect();
        let worst = ratios.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
        let mean = ratios.iter().map(|(ratio, _)| ratio.ln()).sum::<f64>() / ratios.len() as f64;
        Some(Mean { mean: mean.exp(), worst: (worst.0, worst.1.to_string()), count: ratios.len() })
    }

    /// The cells of a row after its name, ratios being this library's time to the other's: below 1 is faster.
    pub fn cells(row: &Row) -> [String; 7] {
        let other = |time: Option<f64>| time.map_or(String::new(), self::time);
        let ratio = |time: Option<f64>| time.map_or(String::new(), |time| format!("{:.2}", row.own / time));
        [
            row.threads.to_string(),
            time(row.own),
            other(row.torch),
            ratio(row.torch),
            other(row.kept),
            ratio(row.kept),
            row.limit.map_or(String::new(), |limit| format!("{:.1}", row.own / limit)),
        ]
    }

    /// As text in columns.
    pub fn console(&self) -> String {
        let heads = HEADS.map(str::to_string);
        let name = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        let cells: Vec<[String; 7]> = self.rows.iter().map(Table::cells).collect();
        let widths: [usize; 7] = std::array::from_fn(|i| {
            cells.iter().chain([&heads]).map(|cells| cells[i].chars().count()).max().unwrap_or(0)
        });
        let line = |first: &str, cells: &[String; 7]| {
            let rest: Vec<String> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:>width$}")).collect();
            format!("{first:name$}  {}", rest.join("  ")).trim_end().to_string() + "\n"
        };
        let mut text = line("case", &heads);
        self.rows.iter().zip(&cells).for_each(|(row, cells)| text += &line(&row.name, cells));
        text + &self.summary()
    }

    /// The means, in words.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        let means = [
            ("PyTorch as installed", self.mean(|row| row.torch)),
            ("PyTorch with a kept heap", self.mean(|row| row.kept)),
        ];
        for (name, mean) in means {
            if let Some(Mean { mean, worst: (worst, case), count }) = mean {
                text += &format!(
                    "{mean:.2} of the time of {name} (geometric mean of {count} cases); at most {worst:.2}, {case}\n"
                );
            }
        }
        text
    }
}

/// What the cells are.
pub const HEADS: [&str; 7] = ["threads", "time", "torch", "ratio", "kept heap", "ratio", "× limit"];

/// Microseconds in a unit that is easy to read.
pub fn time(microseconds: f64) -> String {
    match microseconds {
        us if us < 10.0 => format!("{us:.3} µs"),
        us if us < 1000.0 => format!("{us:.1} µs"),
        us => format!("{:.2} ms", us / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, own: f64, torch: Option<f64>) -> Row {
        Row { name: name.into(), threads: 1, own, torch, kept: torch.map(|time| time / 2.0), limit: Some(own / 4.0) }
    }

    #[test]
    fn torch_stands_beside_its_case() {
        let table = Table { rows: vec![row("a/x", 0.1, Some(0.8)), row("b/long", 1500.0, None)] };
        let text = table.console();
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["a/x", "1", "0.100", "µs", "0.800", "µs", "0.12", "0.400", "µs", "0.25", "4.0"]);
        assert_eq!(lines[2], ["b/long", "1", "1.50", "ms", "4.0"]);
        assert!(lines[3].join(" ").starts_with("0.13 of the time of PyTorch as installed"), "{text}");
    }

    #[test]
    fn the_mean_is_geometric_and_the_worst_is_named() {
        let table = Table { rows: vec![row("a", 1.0, Some(4.0)), row("b", 1.0, Some(1.0))] };
        let mean = table.mean(|row| row.torch).unwrap();
        assert_eq!((mean.mean, mean.worst, mean.count), (0.5, (1.0, "b".into()), 2));
    }
}
