//! The contours of a function of two variables, and paths over it: what optimizers do on Rosenbrock's function. It evaluates the
//! function on a grid and knows nothing of optimizers.

use super::axis::Axis;
use super::canvas::{self, INK, Layers, TITLE};
use super::isolines::Heights;
use super::legend::{self, Sample};
use super::line::{dot, line};
use super::numbers::extent;
use super::{Figure, embedded};
use crate::picture::Picture;
use plotters::prelude::*;
use std::fmt::Write;
use std::ops::Range;

/// Columns and rows of the grid on which the function is evaluated.
const GRID: (usize, usize) = (241, 181);
/// What the lowest and the highest place look like; light, so that paths stand out.
const LOW: [f64; 3] = [255.0, 255.0, 250.0];
const HIGH: [f64; 3] = [172.0, 191.0, 219.0];

/// A function's contours at logarithmic distances from its smallest value, and named paths.
///
/// ```
/// use train::figures::{Contour, Figure};
/// let rosenbrock = |x: f64, y: f64| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
/// let figure = Contour::new("Rosenbrock", -2.0..2.0, -1.0..3.0, rosenbrock).path("SGD", &[(-1.0, 1.0), (0.2, 0.1)]).mark(1.0, 1.0);
/// assert!(figure.svg().contains("SGD"));
/// ```
#[derive(Clone, Debug)]
pub struct Contour {
    title: String,
    labels: [String; 2],
    x: Range<f64>,
    y: Range<f64>,
    heights: Vec<f64>,
    levels: usize,
    paths: Vec<(String, Vec<(f64, f64)>)>,
    marks: Vec<(f64, f64)>,
}

impl Contour {
    /// Of `f` over these ranges, with twelve levels and without paths.
    #[track_caller]
    pub fn new(title: impl Into<String>, x: Range<f64>, y: Range<f64>, f: impl Fn(f64, f64) -> f64) -> Contour {
        assert!(
            x.start < x.end && y.start < y.end,
            "ranges go from the smaller to the larger number, got {x:?} and {y:?}"
        );
        let place = |range: &Range<f64>, at: usize, of: usize| {
            range.start + (range.end - range.start) * at as f64 / (of - 1) as f64
        };
        // Rows from top to bottom, as pixels go.
        let rows = (0..GRID.1).rev().map(|row| place(&y, row, GRID.1));
        let heights = rows.flat_map(|y| (0..GRID.0).map(move |column| (column, y)));
        let heights = heights.map(|(column, y)| f(place(&x, column, GRID.0), y)).collect();
        let labels = ["x".into(), "y".into()];
        Contour { title: title.into(), labels, x, y, heights, levels: 12, paths: Vec::new(), marks: Vec::new() }
    }

    /// What is written beside the axes.
    #[must_use]
    pub fn axes(mut self, x: impl Into<String>, y: impl Into<String>) -> Contour {
        self.labels = [x.into(), y.into()];
        self
    }

    /// How many contours there are.
    #[must_use]
    pub fn levels(mut self, levels: usize) -> Contour {
        self.levels = levels;
        self
    }

    /// A path from point to point; its end is marked with a dot.
    #[must_use]
    pub fn path(mut self, name: impl Into<String>, points: &[(f64, f64)]) -> Contour {
        self.paths.push((name.into(), points.to_vec()));
        self
    }

    /// A cross at a point, as the minimum.
    #[must_use]
    pub fn mark(mut self, x: f64, y: f64) -> Contour {
        self.marks.push((x, y));
        self
    }

    /// Heights above the lowest, logarithmic: 0 up to about a ten-thousandth of the whole height, then rising to 1.
    fn scaled(&self) -> Vec<f64> {
        let (low, high) = extent(self.heights.iter().copied()).unwrap_or((0.0, 1.0));
        let whole = if high > low { high - low } else { 1.0 };
        let scale = |height: f64| (1.0 + (height - low) / whole * 1e4).log10() / 4.0;
        self.heights.iter().map(|height| scale(*height)).collect()
    }

    /// The shaded ground and the lines over it, within a rectangle of pixels.
    fn ground(&self, x: Range<i32>, y: Range<i32>) -> String {
        let (wide, high) = (x.end - x.start, y.end - y.start);
        let values = self.scaled();
        let shade = |value: &f64| {
            std::array::from_fn::<u8, 3, _>(|part| {
                let part = LOW[part] + (HIGH[part] - LOW[part]) * value.clamp(0.0, 1.0);
                if part.is_finite() { part as u8 } else { 255 }
            })
        };
        let bytes = values.iter().flat_map(shade).collect();
        let png = Picture { width: GRID.0, height: GRID.1, channels: 3, bytes }.png();
        let mut svg = embedded::image(&png, (x.start, y.start), (wide, high), false);
        let heights = Heights { columns: GRID.0, values };
        let pixel = |point: (f64, f64)| {
            let across = f64::from(x.start) + point.0 / (GRID.0 - 1) as f64 * f64::from(wide);
            (across, f64::from(y.start) + point.1 / (GRID.1 - 1) as f64 * f64::from(high))
        };
        for level in 1..=self.levels {
            let (mut path, mut pen) = (String::new(), (f64::NAN, f64::NAN));
            for piece in heights.isoline(level as f64 / (self.levels + 1) as f64) {
                let [a, b] = piece.map(pixel);
                // Squares come row by row, so that a piece often goes on where the last one ended.
                let apart = |point: (f64, f64)| (point.0 - pen.0).hypot(point.1 - pen.1);
                let (from, to) = if apart(b) < apart(a) { (b, a) } else { (a, b) };
                if !(apart(from) < 0.1) {
                    _ = write!(path, "M{:.1} {:.1}", from.0, from.1);
                }
                _ = write!(path, "L{:.1} {:.1}", to.0, to.1);
                pen = to;
            }
            _ = writeln!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"#7D8FAE\" stroke-width=\"0.8\"/>");
        }
        svg
    }
}

impl Figure for Contour {
    fn svg(&self) -> String {
        let (x, y) = (Axis::exact(&self.labels[0], self.x.clone()), Axis::exact(&self.labels[1], self.y.clone()));
        canvas::draw(&self.title, (760, 560), |area| {
            let names = self.paths.iter().enumerate();
            let entries: Vec<_> = names.map(|(number, (name, _))| (number, &**name, Sample::Line)).collect();
            let area = canvas::below(area, legend::draw(area, TITLE, &entries)?);
            let mut chart = canvas::axes(&area, &x, &y)?;
            let within = |point: &(f64, f64)| self.x.contains(&point.0) && self.y.contains(&point.1);
            let marks = self.marks.iter().filter(|mark| within(mark));
            chart.draw_series(marks.map(|mark| Cross::new(*mark, 6, INK.stroke_width(2))))?;
            let pixel = canvas::pixel(&chart, &x, &y);
            let (mut lines, mut ends) = (String::new(), String::new());
            for (number, (_, points)) in self.paths.iter().enumerate() {
                let finite = points.iter().copied().take_while(|point| point.0.is_finite() && point.1.is_finite());
                let finite: Vec<_> = finite.collect();
                let pieces = clipped(&finite, &self.x, &self.y).into_iter();
                lines.extend(pieces.map(|piece| line(&piece.into_iter().map(&pixel).collect::<Vec<_>>(), number)));
                ends.extend(finite.last().filter(|point| within(point)).map(|end| dot(pixel(*end), 5, number)));
            }
            let (across, down) = chart.plotting_area().get_pixel_range();
            Ok(Layers { under: self.ground(across, down), over: lines + &ends })
        })
    }
}

/// The parts of a path within a rectangle, each piece of line clipped (Y.-D. Liang and B. Barsky, 1984).
fn clipped(points: &[(f64, f64)], x: &Range<f64>, y: &Range<f64>) -> Vec<Vec<(f64, f64)>> {
    let mut parts: Vec<Vec<(f64, f64)>> = Vec::new();
    for pair in points.windows(2) {
        let (from, way) = (pair[0], (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1));
        let bounds =
            [(-way.0, from.0 - x.start), (way.0, x.end - from.0), (-way.1, from.1 - y.start), (way.1, y.end - from.1)];
        let (mut enter, mut leave) = (0.0f64, 1.0f64);
        for (speed, room) in bounds {
            if speed < 0.0 {
                enter = enter.max(room / speed);
            } else if speed > 0.0 {
                leave = leave.min(room / speed);
            } else if room < 0.0 {
                leave = -1.0;
            }
        }
        if enter > leave {
            continue;
        }
        let at = |part: f64| (from.0 + part * way.0, from.1 + part * way.1);
        match parts.last_mut() {
            Some(part) if enter == 0.0 && part.last() == Some(&from) => {
                part.push(if leave == 1.0 { pair[1] } else { at(leave) })
            }
            _ => parts.push(vec![at(enter), if leave == 1.0 { pair[1] } else { at(leave) }]),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_clipped() {
        let path = [(0.0, 0.0), (0.5, 0.5), (2.0, 0.5), (2.0, 0.25), (0.0, 0.25)];
        let parts = clipped(&path, &(0.0..1.0), &(0.0..1.0));
        assert_eq!(parts, [vec![(0.0, 0.0), (0.5, 0.5), (1.0, 0.5)], vec![(1.0, 0.25), (0.0, 0.25)]]);
        assert!(clipped(&[(2.0, 2.0), (3.0, 3.0)], &(0.0..1.0), &(0.0..1.0)).is_empty());
    }

    #[test]
    fn flat_and_infinite_functions_are_drawn() {
        assert!(Contour::new("", 0.0..1.0, 0.0..1.0, |_, _| 3.0).svg().contains("<image"));
        assert!(
            Contour::new("", -1.0..1.0, -1.0..1.0, |x, _| 1.0 / x)
                .path("p", &[(0.0, f64::NAN)])
                .svg()
                .contains("<image")
        );
    }
}
