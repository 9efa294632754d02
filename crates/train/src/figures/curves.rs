//! Curves over steps or epochs, as of losses and accuracies. What is not finite leaves a gap.

use super::axis::Axis;
use super::canvas::{self, Layers, TITLE};
use super::legend::{self, Sample};
use super::line::{dot, line};
use super::{Figure, Numbers};

/// Curves longer than this are thinned for drawing: of neighbours the smallest and the largest stay.
const POINTS: usize = 1600;

/// Named curves with common axes.
///
/// ```
/// use train::figures::{Curves, Figure};
/// let train = [2.31, 0.87, 0.41, 0.22];
/// let figure = Curves::new("Loss").axes("epoch", "loss").curve("train", &train).log();
/// assert!(figure.svg().contains("train"));
/// ```
#[derive(Clone, Debug)]
pub struct Curves {
    title: String,
    labels: [String; 2],
    log: bool,
    curves: Vec<(String, Vec<(f64, f64)>)>,
}

impl Curves {
    /// Without curves.
    pub fn new(title: impl Into<String>) -> Curves {
        Curves { title: title.into(), labels: Default::default(), log: false, curves: Vec::new() }
    }

    /// What is written beside the axes.
    #[must_use]
    pub fn axes(mut self, x: impl Into<String>, y: impl Into<String>) -> Curves {
        self.labels = [x.into(), y.into()];
        self
    }

    /// Values over 1, 2, 3 …
    #[must_use]
    pub fn curve(self, name: impl Into<String>, values: &(impl Numbers + ?Sized)) -> Curves {
        let values = values.numbers();
        self.curve_over(name, &(1..=values.len()).collect::<Vec<_>>(), &values)
    }

    /// Values over given places. If there are more of one than of the other, the rest is not drawn.
    #[must_use]
    pub fn curve_over(
        mut self,
        name: impl Into<String>,
        x: &(impl Numbers + ?Sized),
        y: &(impl Numbers + ?Sized),
    ) -> Curves {
        self.curves.push((name.into(), x.numbers().into_iter().zip(y.numbers()).collect()));
        self
    }

    /// With a logarithmic y axis; what is not positive is not drawn then.
    #[must_use]
    pub fn log(mut self) -> Curves {
        self.log = true;
        self
    }
}

impl Figure for Curves {
    fn svg(&self) -> String {
        let points = || self.curves.iter().flat_map(|(_, points)| points);
        let x = Axis::around(&self.labels[0], false, 0.02, points().map(|point| point.0));
        let x = x.whole(points().all(|point| point.0.fract() == 0.0));
        let y = Axis::around(&self.labels[1], self.log, 0.05, points().map(|point| point.1));
        canvas::draw(&self.title, (760, 460), |area| {
            let names = self.curves.iter().enumerate();
            let entries: Vec<_> = names.map(|(number, (name, _))| (number, &**name, Sample::Line)).collect();
            let area = canvas::below(area, legend::draw(area, TITLE, &entries)?);
            let pixel = canvas::pixel(&canvas::axes(&area, &x, &y)?, &x, &y);
            let place = |point: &(f64, f64)| Some(pixel((x.place(point.0)?, y.place(point.1)?)));
            let curves = self.curves.iter().enumerate();
            let over = curves.map(|(number, (_, points))| curve(points.iter().map(place), number)).collect();
            Ok(Layers { over, ..Layers::default() })
        })
    }
}

/// A curve through pixels, in pieces between its gaps.
pub fn curve(points: impl Iterator<Item = Option<(f64, f64)>>, number: usize) -> String {
    let points: Vec<_> = points.collect();
    let pieces = points.split(Option::is_none).map(|piece| piece.iter().copied().flatten().collect::<Vec<_>>());
    let drawn = pieces.map(|piece| match piece[..] {
        [] => String::new(),
        [point] => dot(point, 3, number),
        _ => line(&thinned(&piece), number),
    });
    drawn.collect()
}

/// At most about [`POINTS`] points with the same outline.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= POINTS {
        return points.to_vec();
    }
    let parts = points.chunks(points.len().div_ceil(POINTS / 2));
    let extremes = parts.flat_map(|part| {
        let by = |(at, point): (usize, &(f64, f64))| (at, point.1);
        let low = part.iter().enumerate().map(by).min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(at, _)| at);
        let high = part.iter().enumerate().map(by).max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(at, _)| at);
        [part[low.min(high)], part[low.max(high)]]
    });
    extremes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_split_curves() {
        let svg = Curves::new("t").curve("a", &[1.0, 2.0, f64::NAN, 3.0, f64::INFINITY, 2.0, 1.0]).svg();
        // Two pieces and one lone point; the legend's line has a width of its own.
        assert_eq!((svg.matches("stroke-width=\"2\"").count(), svg.matches("<circle").count()), (2, 1));
    }

    #[test]
    fn long_curves_keep_their_spikes() {
        let mut values = vec![0.0; 100_000];
        values[77_777] = 5.0;
        let points: Vec<_> = values.iter().enumerate().map(|(at, value)| (at as f64, *value)).collect();
        let thin = thinned(&points);
        assert!(thin.len() <= POINTS + 2 && thin.iter().any(|point| point.1 == 5.0));
        assert!(thin.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }

    #[test]
    fn titles_are_text() {
        let svg = Curves::new("a < b & c").axes("<x>", "y").svg();
        assert!(svg.contains("a &lt; b &amp; c") && !svg.contains("<x>"));
    }
}
