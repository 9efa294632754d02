//! Points, and functions of x over them: data and what was fitted to them. It fits nothing itself.

use super::axis::Axis;
use super::canvas::{self, Layers, TITLE, colour};
use super::curves::curve;
use super::legend::{self, Sample};
use super::{Figure, Numbers};
use plotters::coord::ranged1d::Ranged;
use plotters::prelude::*;

/// At how many places functions are drawn.
const PLACES: usize = 240;

type Function<'a> = (String, Box<dyn Fn(f64) -> f64 + 'a>);

/// Named clouds of points and named functions.
///
/// ```
/// use train::figures::{Figure, Scatter};
/// let (w, b) = (2.0, 1.0);
/// let figure = Scatter::new("Regression").points("data", &[0.0, 1.0, 2.0], &[1.1, 2.8, 5.2]).function("fit", |x| w * x + b);
/// assert!(figure.svg().contains("fit"));
/// ```
pub struct Scatter<'a> {
    title: String,
    labels: [String; 2],
    points: Vec<(String, Vec<(f64, f64)>)>,
    functions: Vec<Function<'a>>,
}

impl<'a> Scatter<'a> {
    /// Without points.
    pub fn new(title: impl Into<String>) -> Scatter<'a> {
        Scatter { title: title.into(), labels: ["x".into(), "y".into()], points: Vec::new(), functions: Vec::new() }
    }

    /// What is written beside the axes.
    #[must_use]
    pub fn axes(mut self, x: impl Into<String>, y: impl Into<String>) -> Scatter<'a> {
        self.labels = [x.into(), y.into()];
        self
    }

    /// Points. If there are more of one coordinate than of the other, the rest is not drawn.
    #[must_use]
    pub fn points(
        mut self,
        name: impl Into<String>,
        x: &(impl Numbers + ?Sized),
        y: &(impl Numbers + ?Sized),
    ) -> Scatter<'a> {
        self.points.push((name.into(), x.numbers().into_iter().zip(y.numbers()).collect()));
        self
    }

    /// A function of x, drawn over the range of the points.
    #[must_use]
    pub fn function(mut self, name: impl Into<String>, f: impl Fn(f64) -> f64 + 'a) -> Scatter<'a> {
        self.functions.push((name.into(), Box::new(f)));
        self
    }
}

impl Figure for Scatter<'_> {
    fn svg(&self) -> String {
        let points = || self.points.iter().flat_map(|(_, points)| points);
        let x = Axis::around(&self.labels[0], false, 0.04, points().map(|point| point.0));
        let (start, wide) = (x.range().start, x.range().end - x.range().start);
        let places = (0..=PLACES).map(|at| start + wide * at as f64 / PLACES as f64);
        let values = |f: &dyn Fn(f64) -> f64| places.clone().map(|place| (place, f(place))).collect::<Vec<_>>();
        let drawn: Vec<_> = self.functions.iter().map(|(_, f)| values(f)).collect();
        let heights = points().chain(drawn.iter().flatten()).map(|point| point.1);
        let y = Axis::around(&self.labels[1], false, 0.05, heights);
        canvas::draw(&self.title, (760, 460), |area| {
            let clouds = self.points.iter().map(|(name, _)| (&**name, Sample::Dot));
            let names = clouds.chain(self.functions.iter().map(|(name, _)| (&**name, Sample::Line))).enumerate();
            let entries: Vec<_> = names.map(|(number, (name, sample))| (number, name, sample)).collect();
            let area = canvas::below(area, legend::draw(area, TITLE, &entries)?);
            let mut chart = canvas::axes(&area, &x, &y)?;
            for (number, (_, points)) in self.points.iter().enumerate() {
                let radius = if points.len() > 500 { 2 } else { 4 };
                let finite = points.iter().filter(|point| point.0.is_finite() && point.1.is_finite());
                chart
                    .draw_series(finite.map(|point| Circle::new(*point, radius, colour(number).mix(0.65).filled())))?;
            }
            let pixel = canvas::pixel(&chart, &x, &y);
            let place = |point: &(f64, f64)| y.place(point.1).map(|height| pixel((point.0, height)));
            let lines = drawn.iter().zip(self.points.len()..);
            let over = lines.map(|(points, number)| curve(points.iter().map(place), number)).collect();
            Ok(Layers { over, ..Layers::default() })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_that_are_nowhere_are_left_out() {
        let svg = Scatter::new("").points("a", &[1.0, 2.0, f64::NAN], &[1.0, f64::INFINITY, 0.0]).svg();
        // One point, and the dot in the legend.
        assert_eq!(svg.matches("<circle").count(), 2);
    }
}
