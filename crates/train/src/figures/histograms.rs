//! Histograms side by side, as of the weights of each layer. It counts values in bins of equal width.

use super::axis::Axis;
use super::canvas::{self, Drawn, INK, Layers, TITLE, colour, text};
use super::numbers::extent;
use super::{Figure, Numbers};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

const PANEL: (i32, i32) = (300, 240);

/// Histograms of named values, each with axes of its own.
///
/// ```
/// use train::figures::{Figure, Histograms};
/// let svg = Histograms::new("Weights").values("0.weight", &tensor::randn([64, 32])).values("0.bias", &tensor::randn([64])).svg();
/// assert!(svg.contains("0.bias"));
/// ```
#[derive(Clone, Debug)]
pub struct Histograms {
    title: String,
    bins: usize,
    columns: usize,
    named: Vec<(String, Vec<f64>)>,
}

impl Histograms {
    /// Without values; 40 bins, three histograms in a row.
    pub fn new(title: impl Into<String>) -> Histograms {
        Histograms { title: title.into(), bins: 40, columns: 3, named: Vec::new() }
    }

    /// One more histogram. What is not finite is left out, and the caption tells how many these were.
    #[must_use]
    pub fn values(mut self, name: impl Into<String>, values: &(impl Numbers + ?Sized)) -> Histograms {
        self.named.push((name.into(), values.numbers()));
        self
    }

    /// How many bins each has.
    #[must_use]
    pub fn bins(mut self, bins: usize) -> Histograms {
        self.bins = bins.max(1);
        self
    }

    /// How many stand in a row.
    #[must_use]
    pub fn columns(mut self, columns: usize) -> Histograms {
        self.columns = columns.max(1);
        self
    }
}

/// The range of the finite values and how many lie in each of `bins` equal parts; the last part has its upper end.
fn counted(values: &[f64], bins: usize) -> ((f64, f64), Vec<usize>) {
    let (low, high) = match extent(values.iter().copied()) {
        Some((low, high)) if low < high => (low, high),
        Some((low, _)) => (low - 0.5, low + 0.5),
        None => (0.0, 1.0),
    };
    let mut counts = vec![0; bins];
    for value in values.iter().filter(|value| value.is_finite()) {
        let bin = ((value - low) / (high - low) * bins as f64) as usize;
        counts[bin.min(bins - 1)] += 1;
    }
    ((low, high), counts)
}

impl Figure for Histograms {
    fn svg(&self) -> String {
        let columns = self.columns.min(self.named.len().max(1)) as i32;
        let rows = (self.named.len() as i32 + columns - 1) / columns;
        let size = ((columns * PANEL.0 + 20).max(420), TITLE + rows.max(1) * PANEL.1 + 10);
        canvas::draw(&self.title, size, |area| {
            let panels = canvas::below(area, TITLE).split_evenly((rows.max(1) as usize, columns as usize));
            let mut parts = self.named.iter().zip(&panels).enumerate();
            parts.try_for_each(|(number, ((name, values), panel))| self.panel(panel, name, values, colour(number)))?;
            Ok(Layers::default())
        })
    }
}

impl Histograms {
    fn panel(&self, panel: &canvas::Area<'_>, name: &str, values: &[f64], colour: RGBColor) -> Drawn {
        let left_out = values.iter().filter(|value| !value.is_finite()).count();
        let caption = if left_out == 0 { name.to_string() } else { format!("{name} ({left_out} not finite)") };
        let middle = panel.dim_in_pixel().0 as i32 / 2 + 22;
        panel.draw(&Text::new(caption, (middle, 12), text(13.0, INK, HPos::Center)))?;
        let ((low, high), counts) = counted(values, self.bins);
        let x = Axis::exact("", low..high);
        let y = Axis::exact("", 0.0..counts.iter().copied().max().unwrap_or(0).max(1) as f64 * 1.05).whole(true);
        let area = canvas::below(panel, 20);
        let mut chart = canvas::axes(&area, &x, &y)?;
        let wide = (high - low) / self.bins as f64;
        let bars = counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(bin, count)| {
            let left = low + bin as f64 * wide;
            Rectangle::new([(left, 0.0), (left + wide, *count as f64)], colour.mix(0.8).filled())
        });
        chart.draw_series(bars)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_finite_value_is_in_one_bin() {
        let values = [0.0, 0.1, 0.5, 0.99, 1.0, f64::NAN, f64::INFINITY];
        assert_eq!(counted(&values, 2), ((0.0, 1.0), vec![2, 3]));
        assert_eq!(counted(&[3.0; 4], 4), ((2.5, 3.5), vec![0, 0, 4, 0]));
        assert_eq!(counted(&[], 3).1, [0, 0, 0]);
        assert!(Histograms::new("").values("w", &values).svg().contains("w (2 not finite)"));
    }
}
