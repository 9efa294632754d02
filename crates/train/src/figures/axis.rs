//! An axis: which range it shows, linear or logarithmic, where its marks are and how they are written. It draws nothing.

use super::numbers::extent;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// How many marks an axis has at most, roughly.
const MARKS: f64 = 7.0;

/// An axis. The places on it are the numbers themselves, on a logarithmic one their exponents of ten.
#[derive(Clone)]
pub struct Axis {
    /// What is written beside it.
    pub label: String,
    range: Range<f64>,
    log: bool,
    whole: bool,
}

impl Axis {
    /// An axis that shows all `numbers` that it can and a margin (a fraction of their extent) on both sides.
    pub fn around(label: &str, log: bool, margin: f64, numbers: impl IntoIterator<Item = f64>) -> Axis {
        let place = |number: f64| if log { number.log10() } else { number };
        let (low, high) = extent(numbers.into_iter().map(place)).unwrap_or((0.0, 1.0));
        let margin = match high - low {
            0.0 => {
                if log {
                    0.5
                } else {
                    0.5 * low.abs().max(1e-6)
                }
            }
            extent => margin * extent,
        };
        Axis { label: label.into(), range: low - margin..high + margin, log, whole: false }
    }

    /// A linear axis of exactly this range.
    pub fn exact(label: &str, range: Range<f64>) -> Axis {
        Axis { label: label.into(), range, log: false, whole: false }
    }

    /// With marks at whole numbers only, as for what is counted.
    pub fn whole(self, whole: bool) -> Axis {
        Axis { whole, ..self }
    }

    /// Where a number lies; `None` if it lies nowhere: not finite, or not positive on a logarithmic axis.
    pub fn place(&self, number: f64) -> Option<f64> {
        let place = if self.log { number.log10() } else { number };
        place.is_finite().then_some(place)
    }

    /// The pixel of a place, in fractions of pixels, which the drawing backend does not have.
    pub fn pixel(&self, place: f64, pixels: &Range<i32>) -> f64 {
        let part = (place - self.range.start) / (self.range.end - self.range.start);
        f64::from(pixels.start) + f64::from(pixels.end - pixels.start) * part
    }

    /// The places of the marks.
    pub fn marks(&self) -> Vec<f64> {
        let (low, high) = (self.range.start, self.range.end);
        if self.log && high - low > 1.0 {
            let stride = ((high - low) / MARKS).ceil();
            return multiples(low, high, stride);
        }
        if self.log {
            let digits = (low.floor() as i32..=high.ceil() as i32)
                .flat_map(|decade| [1.0f64, 2.0, 3.0, 5.0].map(|digit| digit.log10() + f64::from(decade)));
            let marks: Vec<f64> = digits.filter(|place| (low..=high).contains(place)).collect();
            if marks.len() > 1 {
                return marks;
            }
        }
        multiples(low, high, self.step())
    }

    /// A mark's text.
    pub fn text(&self, place: f64) -> String {
        if self.log {
            let number = 10f64.powf(place);
            let digits = if (place - place.round()).abs() < 1e-9 { 0 } else { 1 };
            return if (-3.0..5.0).contains(&place) { short(number, 5) } else { format!("{number:.digits$e}") };
        }
        let largest = self.range.start.abs().max(self.range.end.abs());
        if place == 0.0 || place.abs() < self.step() * 1e-6 {
            "0".into()
        } else if (1e-3..1e6).contains(&largest) {
            let decimals = (-self.step().log10().floor()).max(0.0) as usize;
            format!("{place:.decimals$}")
        } else {
            let digits = (largest.log10().floor() - self.step().log10().floor()).max(0.0) as usize;
            format!("{place:.digits$e}")
        }
    }

    /// The distance of linear marks: 1, 2 or 5 times a power of ten.
    fn step(&self) -> f64 {
        let rough = (self.range.end - self.range.start) / MARKS;
        let power = 10f64.powf(rough.log10().floor());
        if self.whole && rough < 1.0 {
            return 1.0;
        }
        [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|step| *step >= rough).unwrap_or(10.0 * power)
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, place: &f64, (first, last): (i32, i32)) -> i32 {
        self.pixel(*place, &(first..last)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // Light points are lines of the grid without a number; there are none.
        if hint.weight().allow_light_points() { Vec::new() } else { self.marks() }
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, place: &f64) -> String {
        self.text(*place)
    }
}

fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    (first..=last).map(|multiple| multiple as f64 * step).collect()
}

/// A number without needless zeros, with at most `decimals` decimals.
pub fn short(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    if !text.contains('.') {
        return text;
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis) -> Vec<String> {
        axis.marks().into_iter().map(|mark| axis.text(mark)).collect()
    }

    #[test]
    fn marks_are_round_numbers() {
        assert_eq!(texts(&Axis::exact("", 0.0..1.0)), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(&Axis::exact("", -1.0..13.0)), ["0", "2", "4", "6", "8", "10", "12"]);
        assert_eq!(texts(&Axis::exact("", 0.0..3e7)), ["0", "5.0e6", "1.0e7", "1.5e7", "2.0e7", "2.5e7", "3.0e7"]);
    }

    #[test]
    fn what_is_counted_has_whole_marks() {
        assert_eq!(texts(&Axis::exact("", 0.0..2.1).whole(true)), ["0", "1", "2"]);
        assert_eq!(texts(&Axis::exact("", 0.0..70.0).whole(true)).len(), 8);
    }

    #[test]
    fn logarithmic_marks_are_decades_or_digits() {
        let axis = Axis::around("", true, 0.0, [1e-4, 10.0, 0.0, f64::NAN]);
        assert_eq!(texts(&axis), ["1e-4", "0.001", "0.01", "0.1", "1", "10"]);
        assert_eq!(texts(&Axis::around("", true, 0.0, [1.0, 5.0])), ["1", "2", "3", "5"]);
        assert_eq!((axis.place(100.0), axis.place(0.0), axis.place(-1.0)), (Some(2.0), None, None));
    }

    #[test]
    fn nothing_to_show_is_shown() {
        for numbers in [vec![], vec![f64::NAN], vec![3.0], vec![0.0; 4]] {
            let axis = Axis::around("", false, 0.05, numbers);
            assert!(axis.range.start < axis.range.end && !axis.marks().is_empty());
        }
    }
}
